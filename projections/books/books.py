"""The books as the journal sees them: written in the append transaction, so that they are never behind the facts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, select

from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import followers
from projections.books import (
    apply_funds,
    apply_hours,
    apply_partners,
    apply_people,
    apply_requests,
    engines,
    more_tables,
    tables,
)
from projections.books.desk import Desk
from projections.rows import clear_table

HANDLING = (apply_funds, apply_hours, apply_partners, apply_people, apply_requests, *engines.MODULES)
"""The modules that register who writes what; importing them fills the register."""

TABLES: tuple[Table, ...] = (
    *(found for module in (tables, more_tables) for found in vars(module).values() if isinstance(found, Table)),
    *engines.TABLES,
)
"""Every table of the books."""

REBUILT, REBUILDING = "books", "books:rebuilding"
"""Rows in `followers`: where the last rebuild ended; and, while one is under way, how far it is."""


class Books:
    """Writes the books of any number of ledgers. Calls for one ledger come one at a time, under its lock.

    Rows stay in memory between calls. `forget` is called when they may be wrong: after `apply` raised, after the
    transaction was rolled back, and when another process wrote the ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._desks: dict[str, Desk] = {}
        self._rebuilt: dict[str, int] = {}

    def apply(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, continuous: bool) -> None:
        """Book events of one ledger, in order, on the cursor of the transaction that appends them.

        `continuous`: nobody else wrote this ledger since the last call. While a rebuild of this ledger is under way
        nothing is written: the rebuild comes to these events itself, under the same lock (see `projections.rebuild`).

        Raises UnknownFact for a type without a book, Unusable where the books lack what a fact goes on with.
        """
        if not continuous:
            self.forget(ledger)
        if self._is_being_rebuilt(cursor, ledger):
            self.forget(ledger)
            return
        self.write(cursor, ledger, events)

    def write(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, settle: bool = True) -> None:
        """Book events, in order, without asking about rebuilds: what a rebuild itself does.

        A transaction that writes several batches settles with its last one, like that of the boards.
        """
        desk = self._desks.get(ledger)
        if desk is None:
            desk = self._desks[ledger] = Desk(self._database, ledger, cursor)
        desk.source.cursor = cursor
        desk.apply(events, settle=settle)

    def forget(self, ledger: str) -> None:
        """Drop everything in memory about a ledger."""
        self._desks.pop(ledger, None)

    def clear(self, cursor: Cursor, ledger: str) -> None:
        """Delete a ledger's books, to be written again."""
        self.forget(ledger)
        for table in TABLES:
            clear_table(self._database, cursor, table, ledger)

    def _is_being_rebuilt(self, cursor: Cursor, ledger: str) -> bool:
        """One small look per batch. A rebuild that ended since the last call makes what is in memory worthless too."""
        ready = self._database.prepared("books.rebuilt")
        if ready is None:
            ours = followers.c.name.in_([bindparam("a"), bindparam("b")])
            look = select(followers.c.name, followers.c.position).where(followers.c.ledger == bindparam("l"), ours)
            ready = self._database.prepare("books.rebuilt", look)
        cursor.execute(ready.text, (ledger, REBUILT, REBUILDING))
        marks = {str(name): int(position) for name, position in cursor.fetchall()}
        ended = marks.get(REBUILT, 0)
        if ended != self._rebuilt.get(ledger, 0):
            self.forget(ledger)
            self._rebuilt[ledger] = ended
        return REBUILDING in marks
