"""A point of a ledger's past, and the events of a thing up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from ledger.base import Fact
from ledger.journal.recorded import Envelope, Recorded
from ledger.journal.sql import Database, Row, blocks
from ledger.journal.tables import event_tags, events
from projections.books.queries_accounts import AsOf, as_of
from projections.reading import fetch

Decode = Callable[[str, bytes], tuple[Envelope, Fact]]
"""Turns a stored type name and the stored bytes into envelope and fact; raises UnknownFact."""


class Past(NamedTuple):
    """A ledger as it stood after the event at `position`; 0 is before the first."""

    database: Database
    decode: Decode
    ledger: str
    position: int

    @property
    def point(self) -> AsOf:
        """The position with the moment at which its event was recorded."""
        return as_of(self.database, self.ledger, position=self.position)


def past_at(
    database: Database, decode: Decode, ledger: str, *, position: int | None = None, at: int | None = None
) -> Past:
    """The ledger as of a position, a moment (microseconds UTC), or now. Raises NotFound `no_such_position`."""
    return Past(database, decode, ledger, as_of(database, ledger, position=position, at=at).position)


def stem(type_name: str) -> str:
    """A stored type name without its version: `hours.given` of `hours.given@1`."""
    return type_name.partition("@")[0]


def events_of(past: Past, tags: Iterable[str], *, stems: frozenset[str] = frozenset()) -> Iterator[Recorded]:
    """The events up to the past's position that carry one of these tags, each once, in order; tags are left out.

    `stems` keeps some types only. Costs one index look-up per tag and one per event found, whatever the journal.
    """
    # Positions first, then events: a planner that was handed both at once may read the whole journal for many tags.
    positions: set[int] = set()
    found: dict[int, Row] = {}
    with past.database.reading() as cursor:
        for part in blocks(sorted(set(tags))):
            values = {f"t{i}": tag for i, tag in enumerate(part)}

            def tagged(size: int = len(part)) -> Select[Row]:
                return _tagged(size)

            key = ("asof.tagged", len(part))
            rows = fetch(past.database, cursor, key, tagged, l=past.ledger, p=past.position, **values)
            positions.update(int(row[0]) for row in rows)
        for some in blocks(sorted(positions)):

            def stored(size: int = len(some)) -> Select[Row]:
                return _stored(size)

            places = {f"p{i}": position for i, position in enumerate(some)}
            rows = fetch(past.database, cursor, ("asof.stored", len(some)), stored, l=past.ledger, **places)
            found.update((row[0], row) for row in rows if not stems or stem(row[2]) in stems)
    for position in sorted(found):
        _, recorded_at, name, data = found[position]
        yield Recorded(past.ledger, position, recorded_at, *past.decode(name, bytes(data)), ())


def events_at(past: Past, positions: Iterable[int]) -> dict[int, tuple[int, str]]:
    """When the events at some positions were recorded (microseconds UTC), and their stored type names."""
    wanted = sorted({position for position in positions if position <= past.position})
    found: dict[int, tuple[int, str]] = {}
    with past.database.reading() as cursor:
        for part in blocks(wanted):

            def build(size: int = len(part)) -> Select[Row]:
                some = events.c.position.in_([bindparam(f"p{i}") for i in range(size)])
                columns = (events.c.position, events.c.recorded_at, events.c.type)
                return select(*columns).where(events.c.ledger == bindparam("l"), some)

            values = {f"p{i}": position for i, position in enumerate(part)}
            for position, at, name in fetch(
                past.database, cursor, ("asof.at", len(part)), build, l=past.ledger, **values
            ):
                found[position] = (at, name)
    return found


def event_at(past: Past, position: int) -> Recorded | None:
    """The event at a position, with its tags; None beyond the past's own position. One look-up."""

    def build() -> Select[Row]:
        c = events.c
        here = (c.ledger == bindparam("l"), c.position == bindparam("p"))
        return select(c.recorded_at, c.type, c.tags, c.data).where(*here)

    if not 0 < position <= past.position:
        return None
    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.event", build, l=past.ledger, p=position)
    if not rows:
        return None
    recorded_at, name, tags, data = rows[0]
    return Recorded(
        past.ledger, position, recorded_at, *past.decode(name, bytes(data)), tuple(tags.split("\n")) if tags else ()
    )


def _tagged(size: int) -> Select[Row]:
    c = event_tags.c
    wanted = c.tag.in_([bindparam(f"t{i}") for i in range(size)])
    return select(c.position).where(c.ledger == bindparam("l"), wanted, c.position <= bindparam("p"))


def _stored(size: int) -> Select[Row]:
    c = events.c
    some = c.position.in_([bindparam(f"p{i}") for i in range(size)])
    return select(c.position, c.recorded_at, c.type, c.data).where(c.ledger == bindparam("l"), some)
