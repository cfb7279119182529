"""`nuanlin seal push`, `request` and `accept`: checkpoints to witnesses and cosignatures back, by network or by files."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import FAILED, Misused, Stop
from api.cli.frame import MOST, Frame
from api.cli.output import note, print_json, say, visible, write_bytes
from api.cli.serving import stop
from api.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.store import Store
    from api.witnessing import Known, Pushed


def seal_push(
    frame: Frame,
    once: Annotated[bool, typer.Option("--once", help="witness.option.once", show_default=False)] = False,
) -> None:
    """Take the ledger's last checkpoint to every witness that has an address; exit code 1 where one gave nothing."""
    with frame.store() as store:
        witnesses = [one for one in _witnesses(frame) if one.url]
        if not witnesses:
            raise Misused("no_witnesses")
        if once:
            _push_once(frame, store, witnesses)
            return
        from api.witnessing import Pushing

        signal.signal(signal.SIGTERM, stop)
        with Pushing(store, witnesses):
            note(text(frame.lang, "witness.said.pushing", names=", ".join(one.name for one in witnesses)))
            while True:
                time.sleep(3600)


def seal_request(
    frame: Frame,
    old_size: Annotated[
        int | None, typer.Option("--old", help="witness.option.old", min=0, max=MOST, metavar="N")
    ] = None,
    witness: Annotated[str | None, typer.Option("--witness", help="witness.option.by_name", metavar="NAME")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="witness.option.request_out", metavar="FILE")] = None,
) -> None:
    """The last checkpoint with its proof, as a file for a witness that no network reaches."""
    with frame.store() as store:
        from api.witnessing import last_cosigned, submission
        from ledger.errors import NotFound

        stored = store.seals.latest(frame.ledger)
        if stored is None:
            raise NotFound("not_sealed_yet", position=1)
        if old_size is None:
            old_size = 0 if witness is None else last_cosigned(store, frame.ledger, witness)
        body = submission(store, frame.ledger, stored, old_size)
    if out is not None:
        _write(out, body)
    if frame.as_json:
        print_json({"old_size": old_size, "size": stored.size, "body": body, "file": None if out is None else str(out)})
    elif out is None:
        write_bytes(body.encode())
    else:
        say(text(frame.lang, "witness.said.requested", file=out, old=old_size, size=stored.size))


def seal_accept(
    frame: Frame,
    file: Annotated[Path, typer.Argument(help="witness.option.cosigned", metavar="FILE", show_default=False)],
    keys: Annotated[list[str] | None, typer.Option("--witness", help="witness.option.witness", metavar="VKEY")] = None,
) -> None:
    """Keep the cosignatures of a checkpoint that a witness gave back as a file."""
    with frame.store() as store:
        from api.witnessing import accept, witness_verifier
        from ledger.seal.notes import LARGEST_NOTE

        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_NOTE + 1)
        except FileNotFoundError:
            raise Stop("no_such_file", file=str(file)) from None
        verifiers = [witness_verifier(vkey) for vkey in keys or []] or [one.verifier for one in _witnesses(frame)]
        kept = accept(store, frame.ledger, content, verifiers)
    if frame.as_json:
        print_json([_pushed(one) for one in kept])
        return
    for one in kept:
        say(text(frame.lang, "witness.said.cosigned", witness=visible(one.witness), size=one.size))


def _witnesses(frame: Frame) -> Sequence[Known]:
    from api.witnessing import witnesses_of

    return witnesses_of(frame.settings)


def _push_once(frame: Frame, store: Store, witnesses: Sequence[Known]) -> None:
    from api import formats
    from api.witnessing import push
    from ledger.errors import NuanlinError

    rows: list[dict[str, Any]] = []
    failed = False
    for witness in witnesses:
        try:
            pushed = push(store, frame.ledger, witness)
        except NuanlinError as error:
            failed = True
            told = visible(formats.error(error, frame.lang))
            rows.append({"witness": witness.name, "size": None, "at": None, "error": error.code, "told": told})
            if not frame.as_json:
                note(f"{visible(witness.name)}: {told}")
            continue
        rows.append({**_pushed(pushed), "error": None, "told": None})
        if not frame.as_json:
            key = "witness.said.had" if pushed.at is None else "witness.said.cosigned"
            say(text(frame.lang, key, witness=visible(pushed.witness), size=pushed.size))
    if frame.as_json:
        print_json(rows)
    sys.stdout.flush()
    if failed:
        raise typer.Exit(FAILED)


def _pushed(one: Pushed) -> dict[str, Any]:
    from api.cli.when import iso

    return {"witness": one.witness, "size": one.size, "at": None if one.at is None else iso(one.at)}


def _write(out: Path, content: str) -> None:
    try:
        out.write_text(content, "utf-8")
    except OSError as error:
        raise Stop("cannot_write", file=str(out), reason=error.strerror) from None
