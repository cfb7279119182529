"""`nuanlin seal check`: a receipt against the record it is about, with keys that one trusts. Needs no store and no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import FAILED, USAGE
from api.cli.frame import Frame
from api.cli.output import print_json, say, visible
from api.texts import text

if TYPE_CHECKING:
    from ledger.seal.leaf import Leaf
    from ledger.seal.receipts import Proven

_UNREADABLE = frozenset({"unreadable_file", "bad_receipt", "bad_leaf", "bad_note", "bad_key"})
"""Refusals that say nothing about the ledger: nothing could be checked."""


def seal_check(
    frame: Frame,
    proof: Annotated[Path, typer.Argument(help="seal.option.proof", metavar="FILE.tlog-proof", show_default=False)],
    record: Annotated[Path, typer.Option("--record", help="seal.option.record", metavar="FILE.record")],
    key: Annotated[str, typer.Option("--key", help="seal.option.key", metavar="VKEY")],
    witness: Annotated[list[str] | None, typer.Option("--witness", help="seal.option.witness", metavar="VKEY")] = None,
) -> None:
    """Check a receipt; exit code 0: it holds and every witness named has signed, 1: it does not, 2: it cannot be read."""
    from api import formats
    from ledger.errors import Refused

    try:
        told = _told(_checked(proof, record, key, witness or []))
    except Refused as refusal:
        unreadable, what = refusal.code in _UNREADABLE, formats.error(refusal, frame.lang)
        if frame.as_json:
            print_json({"ok": False, "code": refusal.code, "what": what})
        else:
            say(visible(text(frame.lang, f"seal.said.{'unreadable' if unreadable else 'does_not_hold'}", what=what)))
        raise typer.Exit(USAGE if unreadable else FAILED) from None
    if frame.as_json:
        print_json({"ok": True, **told})
        return
    say(visible(text(frame.lang, "seal.said.holds", **told)))
    for name, when in told["witnesses"].items():
        say(visible(text(frame.lang, "seal.said.witnessed", name=name, at=when)))
    if not told["witnesses"]:
        say(text(frame.lang, "seal.said.no_witness"))


def _checked(proof: Path, record: Path, key: str, witnesses: list[str]) -> Proven:
    from ledger.errors import Refused
    from ledger.seal.leaf import LARGEST_LEAF
    from ledger.seal.notes import LOG, WITNESS, Verifier
    from ledger.seal.receipts import LARGEST_RECEIPT, check_receipt

    trusted = [Verifier(vkey.strip()) for vkey in (key, *witnesses)]
    if [one.kind for one in trusted] != [LOG] + [WITNESS] * len(witnesses):
        raise Refused("bad_key")
    proven = check_receipt(_read(proof, LARGEST_RECEIPT), _read(record, LARGEST_LEAF), trusted)
    for one in trusted[1:]:
        if one.name not in proven.cosigned:
            raise Refused("bad_signature", name=one.name)
    return proven


def _read(file: Path, most: int) -> bytes:
    """A file's bytes; one more than the limit, where there are more, so that whoever reads them refuses them."""
    from ledger.errors import Refused

    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise Refused("unreadable_file", file=str(file), reason=error.strerror or type(error).__name__) from None


def _told(proven: Proven) -> dict[str, Any]:
    """What the receipt proves, for people and scripts."""
    from api.cli.when import iso
    from ledger.clock import MICROS_PER_SECOND
    from ledger.seal.notes import to_base64

    content = _content(proven.leaf)
    at = content.get("at")
    return {
        "position": proven.leaf.position,
        "type": proven.leaf.type_name,
        "at": iso(at) if isinstance(at, int) else "",
        "by": str(content.get("by", "")),
        "origin": proven.checkpoint.origin,
        "size": proven.checkpoint.size,
        "root": to_base64(proven.checkpoint.root),
        "witnesses": {name: iso(seconds * MICROS_PER_SECOND) for name, seconds in proven.cosigned.items()},
        "fact": content.get("fact"),
    }


def _content(leaf: Leaf) -> dict[str, Any]:
    """The event as it is stored; nothing where it is no JSON object, which does not make the proof worse."""
    import msgspec

    try:
        content = msgspec.json.decode(leaf.data)
    except msgspec.DecodeError:
        return {}
    return content if isinstance(content, dict) else {}
