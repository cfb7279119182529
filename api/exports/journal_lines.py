"""The one reading loop behind every export: a ledger up to one position, its facts with their postings, its balances.

What is read up to a position never changes any more, so that an export can be made while others write. Facts come in
pieces: a million of them need no more memory than a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from ledger.accounts import Posting, postings
from ledger.base import Fact
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.errors import NotFound, Unusable
from ledger.journal.codec import Codec
from ledger.journal.recorded import Envelope
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import events, followers, ledgers
from ledger.places.facts import LedgerOpened
from projections.books import tables
from projections.books.books import REBUILDING
from projections.reading import fetch

CHUNK = 2_000
"""Events that are read at once."""

Progress = Callable[[int, int | None], None]
"""Told how many events of how many are done."""


def no_progress(_done: int, _total: int | None) -> None:
    """For whoever does not want to know."""


class Written(NamedTuple):
    """What a journal for another program came to: its position, and how many transactions and accounts it holds."""

    position: int
    transactions: int
    accounts: int


class Told(NamedTuple):
    """One event of the journal as exports see it; `day` is the deed's, else the community's day of the record."""

    position: int
    recorded_at: int
    day: date
    type: str
    tags: str
    envelope: Envelope
    fact: Fact
    moved: list[Posting]


class Extract:
    """A ledger up to a position; the whole of it where none is given.

    With a `cursor`, everything is read through that open transaction; without one each piece is a short look of its
    own, so that a slow reader holds nothing up. Raises NotFound `no_such_position`.
    """

    def __init__(
        self,
        database: Database,
        codec: Codec,
        ledger: str,
        *,
        position: int | None = None,
        cursor: Cursor | None = None,
    ) -> None:
        self._database, self._codec, self._cursor = database, codec, cursor
        self.ledger = ledger
        with self._look() as look:
            found = fetch(database, look, "export.head", _head, l=ledger)
            head = int(found[0][0]) if found else 0
            self.position = head if position is None else position
            if not 0 <= self.position <= head:
                raise NotFound("no_such_position", position=self.position, head=head)
            found = fetch(database, look, "export.at", _recorded_at, l=ledger, p=self.position)
            first = fetch(database, look, "export.events", _events, l=ledger, a=0, n=1)
        self.recorded_at = int(found[0][0]) if found else 0
        """When the event at the position was recorded; 0 before the first."""
        opened = codec.fact(first[0][2], bytes(first[0][4])) if first else None
        self.zone = opened.zone if isinstance(opened, LedgerOpened) else DEFAULT_ZONE
        """The community's zone, which the first fact of every ledger says."""
        self._is_head = self.position == head

    def facts(self, progress: Progress = no_progress) -> Iterator[Told]:
        """Every event up to the position, in order.

        Raises UnknownFact for one that this program does not know, Unusable `event_missing` where the journal has a gap.
        """
        for position, recorded_at, name, tags, data in self._events(progress):
            envelope, happened = self._codec.decode(name, bytes(data))
            day = self._day(happened, recorded_at)
            yield Told(position, recorded_at, day, name, tags, envelope, happened, postings(happened))

    def balances(self) -> Iterator[tuple[str, str, int]]:
        """(account, unit, balance) of every account that had a posting by then, sorted; as our books have them.

        Raises Unusable `books_being_rebuilt` while the books are not whole.
        """
        values: dict[str, Any] = {"l": self.ledger}
        with self._look() as look:
            if fetch(self._database, look, "export.rebuilding", _rebuilding, l=self.ledger, n=REBUILDING):
                raise Unusable("books_being_rebuilt", ledger=self.ledger)
            # The balances that every page shows, where that is what was asked for and nobody can have moved them since.
            if self._is_head and self._cursor is not None:
                ready = self._database.prepare("export.balances", _balances())
            else:
                ready = self._database.prepare("export.balances.as_of", _balances_as_of())
                values |= {"p": self.position, "one": 1, "skip": 0}
            look.execute(ready.text, tuple(values[name] for name in ready.names))
            rows = look.fetchall()
        # Sorted here, since databases differ in how they sort texts.
        for account, unit, balance in sorted((row for row in rows if row[2] is not None), key=itemgetter(0, 1)):
            yield account, unit, int(balance)

    def _events(self, progress: Progress) -> Iterator[tuple[int, int, str, str, Any]]:
        after = 0
        while after < self.position:
            with self._look() as look:
                most = min(CHUNK, self.position - after)
                rows = fetch(self._database, look, "export.events", _events, l=self.ledger, a=after, n=most)
            for expected, (position, recorded_at, name, tags, data) in enumerate(rows, start=after + 1):
                if position != expected:
                    raise Unusable("event_missing", ledger=self.ledger, position=expected)
                yield expected, int(recorded_at), name, tags, data
            if not rows:
                raise Unusable("event_missing", ledger=self.ledger, position=after + 1)
            after += len(rows)
            progress(after, self.position)

    def _day(self, happened: Fact, recorded_at: int) -> date:
        day = getattr(happened, "day", None)
        return day if isinstance(day, date) else day_of(recorded_at, self.zone)

    @contextmanager
    def _look(self) -> Iterator[Cursor]:
        if self._cursor is not None:
            yield self._cursor
            return
        with self._database.reading() as cursor:
            yield cursor


@contextmanager
def extracted(
    database: Database, codec: Codec, ledger: str, *, position: int | None = None, cursor: Cursor | None = None
) -> Iterator[Extract]:
    """An extract all of which is one state of the database: the cursor's, or that of a transaction of its own."""
    if cursor is not None:
        yield Extract(database, codec, ledger, position=position, cursor=cursor)
        return
    with database.reading() as own:
        yield Extract(database, codec, ledger, position=position, cursor=own)


def _head() -> Select[Any]:
    return select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))


def _recorded_at() -> Select[Any]:
    return select(events.c.recorded_at).where(events.c.ledger == bindparam("l"), events.c.position == bindparam("p"))


def _rebuilding() -> Select[Any]:
    return select(followers.c.position).where(followers.c.ledger == bindparam("l"), followers.c.name == bindparam("n"))


def _events() -> Select[Any]:
    return (
        select(events.c.position, events.c.recorded_at, events.c.type, events.c.tags, events.c.data)
        .where(events.c.ledger == bindparam("l"), events.c.position > bindparam("a"))
        .order_by(events.c.position)
        .limit(bindparam("n"))
    )


def _balances() -> Select[Any]:
    c = tables.accounts.c
    return select(c.account, c.unit, c.balance).where(c.ledger == bindparam("l"))


def _balances_as_of() -> Select[Any]:
    c, of = tables.accounts.c, tables.postings.c
    last = (
        select(of.balance)
        .where(of.ledger == c.ledger, of.number == c.number, of.position <= bindparam("p"))
        .order_by(of.position.desc(), of.line.desc())
        .limit(bindparam("one"))
        .offset(bindparam("skip"))  # without one SQLAlchemy writes a nameless parameter for SQLite
        .correlate(tables.accounts)
        .scalar_subquery()
    )
    return select(c.account, c.unit, last).where(c.ledger == bindparam("l"))
