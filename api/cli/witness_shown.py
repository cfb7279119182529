"""How a witness's logs and findings look: as JSON for scripts, as sentences and tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from api.cli.frame import Frame
from api.cli.output import note, print_table, say, visible
from api.texts import text

if TYPE_CHECKING:
    from ledger.errors import NuanlinError
    from ledger.seal.evidence import Kept
    from ledger.seal.notes import Checkpoint
    from ledger.seal.witness import Watched, Witness


def said(frame: Frame, key: str, /, **figures: object) -> str:
    """A text of the room `witness`."""
    return text(frame.lang, f"witness.{key}", **figures)


def tell_evidence(frame: Frame, witness: Witness, error: NuanlinError) -> None:
    """Say on standard error what of a refused checkpoint was kept, and where, if anything was."""
    kept = str(error.details.get("evidence", ""))
    if kept:
        key = "said.kept_proof" if witness.evidence.get(kept).proven else "said.kept_suspicion"
        note(said(frame, key, id=kept, folder=witness.folder / "evidence" / kept))


def checkpoint_shown(one: Checkpoint) -> dict[str, Any]:
    """A checkpoint for scripts: size, and root in base64."""
    from ledger.seal.notes import to_base64

    return {"size": one.size, "root": to_base64(one.root)}


def log_shown(log: Watched) -> dict[str, Any]:
    """A log for scripts: origin, keys, and the last checkpoint cosigned (null where there is none)."""
    from api.cli.when import iso
    from ledger.clock import MICROS_PER_SECOND

    last = None
    if log.last is not None:
        last = checkpoint_shown(log.last.checkpoint) | {"at": iso(log.last.seconds * MICROS_PER_SECOND)}
    return {"origin": log.origin, "vkeys": list(log.vkeys), "last": last}


def counted(findings: Sequence[Kept]) -> dict[str, int]:
    """How many findings are proof, and how many are suspicions that nothing has dispelled."""
    return {
        "proven": sum(one.proven for one in findings),
        "suspected": sum(not one.proven and not one.connected for one in findings),
    }


def finding_shown(one: Kept) -> dict[str, Any]:
    """A finding for scripts."""
    from api.cli.when import iso

    known = None if one.known_size is None else {"size": one.known_size, "root": one.known_root}
    return {
        "id": one.id, "kind": one.kind, "proven": one.proven, "connected": one.connected, "origin": one.origin,
        "at": iso(one.at), "known": known, "other": {"size": one.other_size, "root": one.other_root},
        "folder": str(one.folder),
    }  # fmt: skip


def show_logs(frame: Frame, logs: Sequence[Watched], findings: Sequence[Kept]) -> None:
    """The logs that are watched, as a table."""
    headings = [said(frame, f"heading.{name}") for name in ("origin", "size", "at", "proven", "suspected")]
    rows = []
    for log in logs:
        last = log_shown(log)["last"] or {"size": "", "at": ""}
        counts = counted([one for one in findings if one.origin == log.origin])
        rows.append([log.origin, last["size"], last["at"], counts["proven"], counts["suspected"]])
    print_table("", headings, rows, figures="<>=>>")


def show_findings(frame: Frame, found: Sequence[Kept]) -> None:
    """The findings, as a table."""
    headings = [said(frame, f"heading.{name}") for name in ("finding", "origin", "at", "what")]
    rows = [[one.id, one.origin, finding_shown(one)["at"], _what(frame, one)] for one in found]
    print_table("", headings, rows, figures="=<=<")


def _what(frame: Frame, one: Kept) -> str:
    kind = "connected" if one.connected else one.kind
    return said(frame, f"kind.{kind}", known=one.known_size, other=one.other_size)


def explain(frame: Frame, one: Kept) -> None:
    """One finding, what it is worth, and where it lies."""
    say(f"{one.id}  {visible(one.origin)}  {finding_shown(one)['at']}")
    say(_what(frame, one))
    say(said(frame, "said.proof" if one.proven else "said.suspicion"))
    say(str(one.folder))
