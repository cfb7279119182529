"""What sealing reads of the journal: raw rows as leaves, never decoded. Used inside one reading transaction."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.sql.expression import ClauseElement

from ledger.errors import Unusable
from ledger.journal.sql import Cursor, Database, Row
from ledger.journal.tables import events, followers, ledgers
from ledger.seal.leaf import leaf_of
from ledger.seal.tables import seal_checkpoints

FOLLOWER = "seals"
"""The sealer's name among the followers."""


class LastCheckpoint(NamedTuple):
    """The checkpoint of the largest size, as it is stored: nothing about it has been checked."""

    size: int
    root: bytes
    note: str


class Journal:
    """One ledger's journal and how far it is sealed, through a cursor."""

    def __init__(self, database: Database, cursor: Cursor, ledger: str) -> None:
        self._db, self._cursor, self.ledger = database, cursor, ledger

    def head(self) -> int:
        """The position of the last committed event; 0 where there is none."""
        statement = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))
        row = self._row("seal.head", statement, self.ledger)
        return int(row[0]) if row else 0

    def sealed_to(self, follower: str) -> int:
        """How far that follower has come; 0 where it never began."""
        here = (followers.c.ledger == bindparam("l")) & (followers.c.name == bindparam("n"))
        row = self._row("seal.at", select(followers.c.position).where(here), self.ledger, follower)
        return int(row[0]) if row else 0

    def recorded_at(self, position: int) -> int:
        """When an event was recorded, microseconds UTC; raises Unusable `seal_broken` where it is gone."""
        here = (events.c.ledger == bindparam("l")) & (events.c.position == bindparam("p"))
        row = self._row("seal.recorded", select(events.c.recorded_at).where(here), self.ledger, position)
        if row is None:
            raise Unusable("seal_broken", ledger=self.ledger, position=position)
        return int(row[0])

    def leaves(self, first: int, last: int) -> list[bytes]:
        """The leaves of these positions; raises Unusable `seal_broken` at the first that is missing."""
        c = events.c
        statement = (
            select(c.position, c.type, c.tags, c.data)
            .where(c.ledger == bindparam("l"), c.position >= bindparam("a"), c.position <= bindparam("b"))
            .order_by(c.position)
        )
        text = self._db.prepare("seal.leaves", statement).text
        self._cursor.execute(text, (self.ledger, first, last))
        rows = self._cursor.fetchall()
        for expected, row in zip(range(first, last + 1), [*rows, None], strict=False):
            if row is None or row[0] != expected:
                raise Unusable("seal_broken", ledger=self.ledger, position=expected)
        return [leaf_of(position, kind, tags, bytes(data)) for position, kind, tags, data in rows]

    def last_checkpoint(self) -> LastCheckpoint | None:
        """The last checkpoint that was signed."""
        c = seal_checkpoints.c
        largest = select(func.max(c.size)).where(c.ledger == bindparam("m")).scalar_subquery()
        statement = select(c.size, c.root, c.note).where(c.ledger == bindparam("l"), c.size == largest)
        row = self._row("seal.last", statement, self.ledger, self.ledger)
        return LastCheckpoint(int(row[0]), bytes(row[1]), str(row[2])) if row else None

    def _row(self, key: str, statement: ClauseElement, *parameters: object) -> Row | None:
        self._cursor.execute(self._db.prepare(key, statement).text, parameters)
        return self._cursor.fetchone()
