"""`nuanlin events`: the journal itself, for scripts and auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import MOST, Frame
from api.cli.output import write_bytes

if TYPE_CHECKING:
    from api.store import Store

_PAGE = 200


def events(
    frame: Frame,
    after: Annotated[int, typer.Option("--after", help="cli.option.after", min=0, max=MOST, metavar="POSITION")] = 0,
    limit: Annotated[
        int | None, typer.Option("--limit", help="cli.option.limit_all", min=1, max=MOST, metavar="N")
    ] = None,
) -> None:
    """The facts themselves, oldest first, one JSON object a line (with `--json` one list); no names, only ids."""
    with frame.store() as store:
        import msgspec

        encode = msgspec.json.encode
        gap = b""
        if frame.as_json:
            write_bytes(b"[")
        left, position = limit, after
        while left is None or left > 0:
            rows = _facts(frame, store, position, _PAGE if left is None else min(_PAGE, left))
            for row in rows:
                write_bytes(gap + encode(row) if frame.as_json else encode(row) + b"\n")
                gap = b", "
            if not rows:
                break
            position = rows[-1]["position"]
            left = None if left is None else left - len(rows)
        if frame.as_json:
            write_bytes(b"]\n")


def _facts(frame: Frame, store: Store, after: int, limit: int) -> list[dict[str, Any]]:
    from api.cli.when import iso
    from ledger.journal.queries import read_rows

    with store.database.reading() as cursor:
        rows = read_rows(store.database, cursor, frame.ledger, None, after, limit)
    told = [(position, kind, tags, *store.codec.decode(kind, bytes(data))) for position, kind, tags, data in rows]
    states = store.vault.state_of(frame.ledger, [getattr(fact, "words", "") for *_, fact in told])
    found = []
    for position, kind, tags, envelope, fact in told:
        found.append(
            {"position": int(position), "at": iso(envelope.at), "type": kind, "by": envelope.by, "role": envelope.role,
             "behalf": envelope.behalf, "tags": [tag for tag in tags.split("\n") if not tag.startswith("key_")],
             "fact": fact, "words": states.get(getattr(fact, "words", ""))}
        )  # fmt: skip
    return found
