"""The journal as an auditor reads it: in order, in pages, from one consistent state, and by what an event is about.

Everything here takes the cursor of a reading transaction, so that a count and the stories behind it agree. Pages are
fetched by position and never held together: a million events need no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from ledger.clock import DEFAULT_ZONE
from ledger.journal.codec import Codec
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database, blocks
from ledger.journal.tables import event_tags, events, ledgers
from ledger.places.facts import LedgerOpened

CHUNK = 2_000
"""Rows fetched at a time; no answer depends on it (tested)."""


class Raw(NamedTuple):
    """A row of the journal before its fact is decoded; `recorded_at` in microseconds UTC."""

    position: int
    recorded_at: int
    type: str
    data: bytes


def raw_events(
    database: Database,
    cursor: Cursor,
    ledger: str,
    *,
    upto: int,
    types: Sequence[str] | None = None,
    chunk: int = CHUNK,
) -> Iterator[Raw]:
    """The events up to and with a position, in order; only those of `types` (stored names) unless None."""
    names = None if types is None else sorted(set(types))
    statement = database.prepare(("audit.stream", None if names is None else len(names)), _page(names))
    values: dict[str, object] = {"l": ledger, "u": upto, "n": chunk}
    values.update({f"y{i}": name for i, name in enumerate(names or ())})
    after = 0
    while True:
        values["a"] = after
        cursor.execute(statement.text, tuple(values[name] for name in statement.names))
        page = cursor.fetchall()
        for position, recorded_at, name, data in page:
            yield Raw(int(position), int(recorded_at), name, bytes(data))
        if len(page) < chunk:
            return
        after = int(page[-1][0])


def _page(names: Sequence[str] | None):  # type: ignore[no-untyped-def]  # Select's columns say more than we need
    statement = select(events.c.position, events.c.recorded_at, events.c.type, events.c.data).where(
        events.c.ledger == bindparam("l"), events.c.position > bindparam("a"), events.c.position <= bindparam("u")
    )
    if names is not None:
        statement = statement.where(events.c.type.in_([bindparam(f"y{i}") for i in range(len(names))]))
    return statement.order_by(events.c.position).limit(bindparam("n"))


def tagged(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, tags: Iterable[str], *, upto: int
) -> list[Recorded]:
    """The events that carry any of these tags, up to and with a position, in order, each once."""
    positions: set[int] = set()
    for part in blocks(sorted({one for one in tags if one})):
        # The tags alone first: joined to the events, SQLite walks through all of them up to the position (measured).
        statement = database.prepare(
            ("audit.tagged", len(part)),
            select(event_tags.c.position).where(
                event_tags.c.ledger == bindparam("l"),
                event_tags.c.tag.in_([bindparam(f"t{i}") for i in range(len(part))]),
            ),
        )
        cursor.execute(statement.text, (ledger, *part))
        positions.update(at for row in cursor.fetchall() if (at := int(row[0])) <= upto)
    found = at_positions(database, cursor, codec, ledger, positions)
    return [found[position] for position in sorted(found)]


def at_positions(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, positions: Iterable[int]
) -> dict[int, Recorded]:
    """The events at these positions."""
    found: dict[int, Recorded] = {}
    for part in blocks(sorted(set(positions))):
        statement = database.prepare(
            ("audit.at", len(part)),
            select(events.c.position, events.c.recorded_at, events.c.type, events.c.tags, events.c.data).where(
                events.c.ledger == bindparam("l"), events.c.position.in_([bindparam(f"p{i}") for i in range(len(part))])
            ),
        )
        cursor.execute(statement.text, (ledger, *part))
        for position, recorded_at, name, marks, data in cursor.fetchall():
            found[int(position)] = codec.recorded(ledger, int(position), int(recorded_at), name, marks, bytes(data))
    return found


def introductions(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, identifiers: Iterable[str]
) -> dict[str, Recorded]:
    """The first event about each of these ids: for a member the registration, whose position is the short number."""
    wanted = sorted({one for one in identifiers if one})
    first: dict[str, int] = {}
    for part in blocks(wanted):
        statement = database.prepare(
            ("audit.first", len(part)),
            select(event_tags.c.tag, func.min(event_tags.c.position))
            .where(
                event_tags.c.ledger == bindparam("l"),
                event_tags.c.tag.in_([bindparam(f"t{i}") for i in range(len(part))]),
            )
            .group_by(event_tags.c.tag),
        )
        cursor.execute(statement.text, (ledger, *part))
        first.update({str(tag): int(position) for tag, position in cursor.fetchall()})
    found = at_positions(database, cursor, codec, ledger, first.values())
    return {tag: found[position] for tag, position in first.items() if position in found}


def head_of(database: Database, cursor: Cursor, ledger: str) -> int:
    """The last position of a ledger, 0 where nothing has happened."""
    statement = database.prepare("audit.head", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))
    cursor.execute(statement.text, (ledger,))
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def position_at(database: Database, cursor: Cursor, ledger: str, at: int) -> int:
    """The last position recorded at or before an instant (microseconds UTC), 0 where there is none."""
    statement = database.prepare(
        "audit.moment",
        select(func.max(events.c.position)).where(
            events.c.ledger == bindparam("l"), events.c.recorded_at <= bindparam("m")
        ),
    )
    cursor.execute(statement.text, (ledger, at))
    row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def zone_of(database: Database, cursor: Cursor, codec: Codec, ledger: str) -> str:
    """The time zone of the community's days, as its opening says."""
    for one in tagged(database, cursor, codec, ledger, ["ledger"], upto=head_of(database, cursor, ledger)):
        if isinstance(one.fact, LedgerOpened):
            return one.fact.zone
    return DEFAULT_ZONE
