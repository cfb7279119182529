"""`nuanlin witness …`: the program of an outside party. It needs its folder, and nothing of any ledger."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import FAILED, USAGE, Misused, Stop
from api.cli.frame import Frame
from api.cli.output import log_to_standard_error, note, print_json, say, visible, write_bytes
from api.cli.serving import is_loopback, listen, stop
from api.cli.witness_shown import (
    checkpoint_shown,
    counted,
    explain,
    finding_shown,
    log_shown,
    said,
    show_findings,
    show_logs,
    tell_evidence,
)

if TYPE_CHECKING:
    from ledger.seal.notes import Checkpoint
    from ledger.seal.witness import Witness

Folder = Annotated[Path, typer.Option("--folder", help="witness.option.folder", metavar="FOLDER")]
_HERE = Path("witness")
_LONGEST_PAUSE_SECONDS = 3600


def key(
    frame: Frame,
    folder: Folder = _HERE,
    name: Annotated[str | None, typer.Option("--name", help="witness.option.name", metavar="NAME")] = None,
) -> None:
    """Make the witness's key, or show the public half of the one it has."""
    from ledger.errors import Conflict, NotFound
    from ledger.seal.witness import Witness

    try:
        witness = Witness.open(folder)
    except NotFound:
        if name is None:
            raise Misused("witness_needs_name", folder=folder) from None
        witness = Witness.make(folder, name)
    if name not in (None, witness.name):
        raise Conflict("witness_has_key", folder=str(folder))
    if frame.as_json:
        print_json({"name": witness.name, "vkey": witness.vkey, "folder": str(folder)})
    else:
        say(witness.vkey)


def trust(
    frame: Frame,
    vkey: Annotated[str, typer.Argument(help="witness.option.vkey", metavar="VKEY", show_default=False)],
    folder: Folder = _HERE,
    also: Annotated[bool, typer.Option("--also", help="witness.option.also", show_default=False)] = False,
) -> None:
    """Watch a log from now on."""
    watched = _open(folder).trust(vkey, also=also)
    if frame.as_json:
        print_json(log_shown(watched))
    else:
        say(said(frame, "said.watching", origin=visible(watched.origin)))


def serve(
    frame: Frame,
    folder: Folder = _HERE,
    host: Annotated[str, typer.Option("--host", help="cli.option.host", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="cli.option.port", min=0, max=65535, metavar="PORT")] = 8100,
) -> None:
    """Answer logs until interrupted."""
    witness = _open(folder)
    from api.witness.server import WitnessServer

    log_to_standard_error()
    with WitnessServer(witness, listen(host, port)) as server:
        signal.signal(signal.SIGTERM, stop)
        if not is_loopback(host):
            note(said(frame, "said.not_loopback", host=host))
        if not witness.logs():
            note(said(frame, "said.watches_nothing"))
        bound = server.server_address[1]
        address = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        if frame.as_json:
            print_json({"address": address, "vkey": witness.vkey})
        else:
            say(said(frame, "said.serving", address=address, name=witness.name))
        sys.stdout.flush()
        server.serve_forever()


def sign(
    frame: Frame,
    file: Annotated[Path, typer.Argument(help="witness.option.checkpoint", metavar="FILE", show_default=False)],
    folder: Folder = _HERE,
    proof: Annotated[Path | None, typer.Option("--proof", help="witness.option.proof", metavar="FILE")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="witness.option.out", metavar="FILE")] = None,
) -> None:
    """Cosign a checkpoint that came in a file."""
    from ledger.errors import NuanlinError
    from ledger.seal.notes import checkpoint_of, split_note
    from ledger.seal.submission import LARGEST_BODY, Submission, is_submission, read_proof, read_submission

    witness = _open(folder)
    content = _content(file, LARGEST_BODY)
    given = read_submission(content) if is_submission(content) else Submission(-1, (), content)
    if proof is not None:
        given = given._replace(proof=read_proof(_content(proof, LARGEST_BODY)))
    new = checkpoint_of(split_note(given.note)[0])
    last = witness.watched(new.origin).last
    # A bare checkpoint does not say from where: from the last one that was signed here, what else.
    old_size = given.old_size if given.old_size >= 0 else min(last.checkpoint.size if last else 0, new.size)
    try:
        line = witness.add_checkpoint(old_size, given.proof, given.note)
    except NuanlinError as error:
        tell_evidence(frame, witness, error)
        raise
    if out is not None:
        cosigned = witness.watched(new.origin).last
        _write(out, cosigned.note if cosigned else "")
    if frame.as_json:
        print_json(
            {"origin": new.origin, "size": new.size, "cosignature": line, "file": None if out is None else str(out)}
        )
    elif out is None:
        write_bytes(line.encode())
    else:
        say(said(frame, "said.signed", origin=visible(new.origin), size=new.size, file=out))


def watch(
    frame: Frame,
    url: Annotated[str, typer.Argument(help="witness.option.url", metavar="URL", show_default=False)],
    folder: Folder = _HERE,
    interval: Annotated[
        int, typer.Option("--interval", help="witness.option.interval", min=5, max=86_400, metavar="SECONDS")
    ] = 60,
    once: Annotated[bool, typer.Option("--once", help="witness.option.once", show_default=False)] = False,
) -> None:
    """Visit a ledger, cosign its checkpoint and bring the cosignature back, again and again."""
    from api.outgoing import base_url
    from ledger.errors import NuanlinError

    witness, address = _open(folder), base_url(url)
    signal.signal(signal.SIGTERM, stop)
    pause_seconds = interval
    while True:
        try:
            _visit(frame, witness, address)
            pause_seconds = interval
        except NuanlinError as error:
            tell_evidence(frame, witness, error)
            if once:
                raise
            from api import formats

            note(visible(formats.error(error, frame.lang)))
            pause_seconds = min(2 * pause_seconds, max(_LONGEST_PAUSE_SECONDS, interval))
        if once:
            return
        time.sleep(pause_seconds)


def status(frame: Frame, folder: Folder = _HERE) -> None:
    """Whom it watches, what it signed last, and what it holds against whom; exit code 1 where something is proven."""
    witness = _open(folder)
    logs, findings = witness.logs(), witness.findings()
    proven = sum(one.proven for one in findings)
    suspected = sum(not one.proven and not one.connected for one in findings)
    if frame.as_json:
        rows = [log_shown(log) | counted([one for one in findings if one.origin == log.origin]) for log in logs]
        print_json({"name": witness.name, "vkey": witness.vkey, "logs": rows, "proven": proven, "suspected": suspected})
    else:
        say(said(frame, "said.witness", name=witness.name, vkey=witness.vkey))
        show_logs(frame, logs, findings)
        if proven:
            say(said(frame, "said.proven", count=proven))
        if suspected:
            say(said(frame, "said.suspected", count=suspected))
    if proven:
        raise typer.Exit(FAILED)


def latest(
    frame: Frame,
    origin: Annotated[
        str | None, typer.Argument(help="witness.option.origin", metavar="ORIGIN", show_default=False)
    ] = None,
    folder: Folder = _HERE,
) -> None:
    """The last checkpoint it cosigned of a log, to be given to anybody."""
    from ledger.errors import NotFound

    witness = _open(folder)
    logs = witness.logs() if origin is None else [witness.watched(origin)]
    if len(logs) != 1:
        raise Misused("name_the_log", names=", ".join(log.origin for log in logs))
    (log,) = logs
    if log.last is None:
        raise NotFound("nothing_cosigned", origin=log.origin)
    if frame.as_json:
        print_json(log_shown(log) | {"note": log.last.note})
    else:
        write_bytes(log.last.note.encode())


def evidence(
    frame: Frame,
    finding: Annotated[
        str | None, typer.Argument(help="witness.option.finding", metavar="ID", show_default=False)
    ] = None,
    folder: Folder = _HERE,
    proof: Annotated[Path | None, typer.Option("--proof", help="witness.option.settling", metavar="FILE")] = None,
) -> None:
    """What it keeps, or one piece of it; with a proof that the log brought later, what that makes of it."""
    witness = _open(folder)
    if proof is not None:
        if finding is None:
            raise Misused("proof_of_which")
        _settle(frame, witness, finding, proof)
        return
    found = witness.findings()
    if finding is None:
        if frame.as_json:
            print_json([finding_shown(one) for one in found])
        elif found:
            show_findings(frame, found)
        else:
            say(said(frame, "said.nothing_kept"))
        return
    wanted = witness.evidence.get(finding).id
    (one,) = [each for each in found if each.id == wanted]
    if frame.as_json:
        print_json(finding_shown(one))
    else:
        explain(frame, one)


def compare(
    frame: Frame,
    one: Annotated[Path, typer.Argument(help="witness.option.one", metavar="A.note", show_default=False)],
    other: Annotated[Path, typer.Argument(help="witness.option.other", metavar="B.note", show_default=False)],
    keys: Annotated[list[str] | None, typer.Option("--key", help="witness.option.key", metavar="VKEY")] = None,
    proof: Annotated[Path | None, typer.Option("--proof", help="witness.option.proof", metavar="FILE")] = None,
    folder: Folder = _HERE,
) -> None:
    """Lay two checkpoints of a log side by side: 0 one history, 1 the log is convicted, 2 it cannot be told."""
    from ledger.seal.comparing import PROVEN, compare
    from ledger.seal.notes import Verifier
    from ledger.seal.submission import LARGEST_BODY, read_proof

    verifiers = [Verifier(vkey) for vkey in keys or []]
    checkpoints = [_checked(file, verifiers, folder) for file in (one, other)]
    first, second = checkpoints
    if first.origin != second.origin:
        raise Misused("two_logs", one=visible(first.origin), other=visible(second.origin))
    path = None if proof is None else read_proof(_content(proof, LARGEST_BODY))
    verdict = compare(first, second, path)
    if frame.as_json:
        shown = [checkpoint_shown(each) for each in checkpoints]
        print_json({"origin": first.origin, "verdict": verdict, "proven": verdict in PROVEN, "checkpoints": shown})
    else:
        old, new = sorted((first.size, second.size))
        say(said(frame, f"verdict.{verdict}", origin=visible(first.origin), old=old, new=new))
    if verdict in PROVEN:
        raise typer.Exit(FAILED)
    if verdict not in ("same", "connected"):
        raise typer.Exit(USAGE)


# ---- the steps of a command ------------------------------------------------------------------------------------------


def _open(folder: Path) -> Witness:
    from ledger.seal.witness import Witness

    return Witness.open(folder)


def _visit(frame: Frame, witness: Witness, address: str) -> None:
    from api.witness.watching import visit

    came = visit(witness, address)
    if frame.as_json:
        print_json({"origin": came.origin, "size": came.size, "brought": came.brought})
    else:
        key = "said.visited" if came.brought else "said.not_brought"
        say(said(frame, key, origin=visible(came.origin), size=came.size))
    sys.stdout.flush()


def _settle(frame: Frame, witness: Witness, finding: str, proof: Path) -> None:
    from ledger.seal.comparing import PROVEN
    from ledger.seal.submission import LARGEST_BODY, read_proof

    verdict, further = witness.settle(finding, read_proof(_content(proof, LARGEST_BODY)))
    kept = witness.evidence.get(finding)
    if frame.as_json:
        print_json({"id": finding, "verdict": verdict, "proven": verdict in PROVEN, "further": further})
    else:
        old, new = sorted((kept.known_size or 0, kept.other_size))
        say(said(frame, f"verdict.{verdict}", origin=visible(kept.origin), old=old, new=new))
    if verdict in PROVEN:
        raise typer.Exit(FAILED)


def _checked(file: Path, verifiers: Sequence[Any], folder: Path) -> Checkpoint:
    """The checkpoint of a file under the keys given, or else under those the witness of this folder trusts."""
    from ledger.seal.notes import LARGEST_NOTE, Verifier, checkpoint_of, open_note, split_note

    content = _content(file, LARGEST_NOTE)
    origin = checkpoint_of(split_note(content)[0]).origin
    known = verifiers or [Verifier(vkey) for vkey in _open(folder).watched(origin).vkeys]
    # A key speaks for the log of its own name only.
    return checkpoint_of(open_note(content, [one for one in known if one.name == origin and one.kind == "log"]).text)


def _content(file: Path, most_bytes: int) -> bytes:
    """The bytes of a file, never many more than it may have."""
    from ledger.errors import Refused

    try:
        with file.open("rb") as opened:
            content = opened.read(most_bytes + 1)
    except FileNotFoundError:
        raise Stop("no_such_file", file=str(file)) from None
    if len(content) > most_bytes:
        raise Refused("bad_submission", reason="size")
    return content


def _write(out: Path, content: str) -> None:
    try:
        out.write_text(content, "utf-8")
    except OSError as error:
        raise Stop("cannot_write", file=str(out), reason=error.strerror) from None
