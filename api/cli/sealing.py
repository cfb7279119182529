"""`nuanlin seal …`: sign checkpoints, show them, and prove with them. (`seal check` needs no store: `checking`.)"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import MOST, Frame
from api.cli.output import print_json, print_table, say, visible, write_bytes
from api.texts import text

if TYPE_CHECKING:
    from api.store import Store
    from ledger.seal.seals import StoredCheckpoint

_STATUS = ("ledger", "position", "sealed", "at", "age", "witnesses")

Out = Annotated[Path | None, typer.Option("--out", help="seal.option.out", metavar="FILE")]


def seal_now(frame: Frame) -> None:
    """Seal every event of the ledger, however young, and sign a checkpoint."""
    with frame.store() as store:
        ledger = frame.ledger
        before = store.seals.latest(ledger)
        store.sealer.catch_up(ledger, force_checkpoint=True)
        last = _latest(store, ledger)
        sealed = last.size - (before.size if before else 0)
    if frame.as_json:
        print_json({"ledger": ledger, "sealed": sealed, **_shown(last)})
    else:
        say(_say(frame, "sealed" if sealed else "nothing_new", ledger=ledger, size=last.size, root=_base64(last.root)))


def seal_status(frame: Frame) -> None:
    """How far every ledger of the store is sealed."""
    with frame.store() as store:
        from projections.books.queries import as_of

        rows: list[dict[str, Any]] = []
        now = store.clock()
        for ledger in store.application.ledgers():
            last = store.seals.latest(ledger)
            rows.append({
                "ledger": ledger, "position": as_of(store.database, ledger).position, "sealed": last.size if last else 0,
                "at": _iso(last.at) if last else None, "age_seconds": (now - last.at) // 1_000_000 if last else None,
                "witnesses": [one.witness for one in last.cosignatures] if last else [],
            })  # fmt: skip
    if frame.as_json:
        print_json(rows)
        return
    cells = [["" if cell is None else cell for cell in row.values()] for row in rows]
    for row in cells:
        row[-1] = ", ".join(row[-1])
    print_table("", [text(frame.lang, f"seal.heading.{name}") for name in _STATUS], cells, figures="<>>=><")


def seal_key(frame: Frame) -> None:
    """The ledger's public key, to be published where the operator cannot quietly change it."""
    with frame.store() as store:
        ledger = frame.ledger
        vkey, origin = store.seals.vkey(ledger), store.seals.origin(ledger)
    if frame.as_json:
        print_json({"ledger": ledger, "origin": origin, "vkey": vkey})
    else:
        say(vkey)


def seal_checkpoint(
    frame: Frame,
    size: Annotated[int | None, typer.Option("--size", help="seal.option.size", min=1, max=MOST, metavar="N")] = None,
    out: Out = None,
) -> None:
    """The last checkpoint, or that of a size: the signed note with the signatures of witnesses."""
    with frame.store() as store:
        from ledger.errors import NotFound

        found = _latest(store, frame.ledger) if size is None else store.seals.at_size(frame.ledger, size)
        if found is None:
            raise NotFound("no_such_checkpoint", size=size)
    if out is not None:
        out.write_bytes(found.note.encode())
    if frame.as_json:
        print_json({**_shown(found), "note": found.note})
    elif out is None:
        write_bytes(found.note.encode())


def seal_proof(
    frame: Frame,
    old_size: Annotated[int, typer.Option("--from", help="seal.option.from", min=0, max=MOST, metavar="N")],
    new_size: Annotated[int | None, typer.Option("--to", help="seal.option.to", min=0, max=MOST, metavar="N")] = None,
) -> None:
    """That the ledger was only added to between two sizes: both roots, and the proof between them."""
    with frame.store() as store:
        seals, ledger = store.seals, frame.ledger
        until = _latest(store, ledger).size if new_size is None else new_size
        proof = [_base64(one) for one in seals.consistency_proof(ledger, old_size, until)]
        roots = [_base64(seals.root_at(ledger, size)) for size in (old_size, until)]
    if frame.as_json:
        print_json({"from": old_size, "from_root": roots[0], "to": until, "to_root": roots[1], "proof": proof})
        return
    say(f"{old_size} {roots[0]}")
    say(f"{until} {roots[1]}")
    say("\n".join(["", *proof]))


def seal_receipt(
    frame: Frame,
    position: Annotated[int, typer.Argument(help="seal.option.position", min=1, max=MOST, metavar="POSITION")],
    out: Out = None,
) -> None:
    """The receipt of one record and the record itself, as two files that verify without us."""
    with frame.store() as store:
        proof = store.seals.receipt(frame.ledger, position)
        record = store.seals.record(frame.ledger, position)
    files: list[Path] = []
    if out is not None:
        files = [Path(f"{out}.tlog-proof"), Path(f"{out}.record")]
        for file, content in zip(files, (proof.encode(), record), strict=True):
            file.write_bytes(content)
    if frame.as_json:
        print_json({
            "position": position, "proof": proof, "record": _base64(record), "files": [str(file) for file in files],
        })  # fmt: skip
    elif files:
        say(visible(_say(frame, "receipt", proof=files[0], record=files[1], position=position)))
    else:
        write_bytes(proof.encode())


def _latest(store: Store, ledger: str) -> StoredCheckpoint:
    """The last checkpoint; raises NotFound `not_sealed_yet` where there is none."""
    from ledger.errors import NotFound

    found = store.seals.latest(ledger)
    if found is None:
        raise NotFound("not_sealed_yet", position=1)
    return found


def _shown(one: StoredCheckpoint) -> dict[str, Any]:
    witnesses = {each.witness: _iso(each.at) for each in one.cosignatures}
    return {"size": one.size, "root": _base64(one.root), "at": _iso(one.at), "witnesses": witnesses}


def _say(frame: Frame, key: str, /, **figures: object) -> str:
    return text(frame.lang, f"seal.said.{key}", **figures)


def _base64(data: bytes) -> str:
    from ledger.seal.notes import to_base64

    return to_base64(data)


def _iso(at_micros: int) -> str:
    from api.cli.when import iso

    return iso(at_micros)
