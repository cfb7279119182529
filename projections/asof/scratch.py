"""A desk of the books without a database: the same handlers write the same rows, into memory only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.errors import UnknownFact
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database, Row
from projections.asof.past import Past
from projections.books.desk import BEGINS, HANDLERS, NEEDS, POSTING_ONLY, Desk
from projections.rows import Cells, Sheet


class _Nothing:
    """A cursor on a store in which nothing has been written yet."""

    rowcount = 0

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> None:
        """Finds nothing."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Writes nothing: a scratch stays in memory."""

    def fetchall(self) -> list[Row]:
        """No rows."""
        return []

    def fetchone(self) -> Row | None:
        """No row."""
        return None

    def fetchmany(self, size: int, /) -> list[Row]:
        """No rows."""
        return []

    def close(self) -> None:
        """Nothing to give back."""


class Scratch:
    """The rows that some events write, by the handlers of the books themselves.

    `own` names the sheets whose rows are asked for: all their events are replayed. Rows of other sheets that a fact
    goes on with (the offer behind a match) get a stand-in, which is never shown.
    """

    def __init__(self, past: Past, *own: str) -> None:
        self._desk = Desk(past.database, past.ledger, _Nothing())
        self._own = frozenset(own)
        self._stand_ins: set[tuple[str, str]] = set()

    def apply(self, event: Recorded) -> None:
        """Write the rows of one event. Raises UnknownFact for a type that no book knows."""
        fact = event.fact
        write = HANDLERS.get(type(fact))
        if write is None:
            if type(fact) not in POSTING_ONLY:
                raise UnknownFact("unknown_fact", type=type(fact).__name__)
            return
        begun = getattr(fact, BEGINS.get(type(fact), ""), None)
        for name, field in NEEDS.get(type(fact), ()):
            key = getattr(fact, field)
            if key is not None and key != begun and name not in self._own:
                self._stand_in(name, key)
        write(self._desk, event, fact)

    def row(self, sheet: str, key: Any) -> Cells | None:
        """A row by its key, without the ledger; None if nothing wrote it."""
        found = self._sheet(sheet).get(key)
        if found is None or (sheet, key) in self._stand_ins:
            return None
        return {name: value for name, value in found.items() if name != "ledger"}

    def rows(self, sheet: str) -> list[Cells]:
        """All rows of a sheet in the order of their beginning, without the ledger."""
        found = ((key, row) for key, row in self._sheet(sheet).items() if (sheet, key) not in self._stand_ins)
        return [{name: value for name, value in row.items() if name != "ledger"} for _, row in found]

    def _sheet(self, name: str) -> Sheet:
        return self._desk.sheet_named(name)

    def _stand_in(self, name: str, key: str) -> None:
        sheet = self._sheet(name)
        keys = [column.name for column in sheet.table.primary_key.columns][1:]
        if len(keys) == 1 and sheet.get(key) is None:
            sheet.add(**{keys[0]: key})
            self._stand_ins.add((name, key))


class Counting(Scratch):
    """A scratch that also keeps every move of a total: the position of the event, the total's name, by how much."""

    def __init__(self, past: Past, *own: str) -> None:
        super().__init__(past, *own)
        self.moves: list[tuple[int, str, int]] = []
        self._desk = self._counting = _CountingDesk(past.database, past.ledger, _Nothing())

    def apply(self, event: Recorded) -> None:
        """As `Scratch.apply`."""
        super().apply(event)
        self.moves += [(event.position, name, by) for name, by in self._counting.moved]
        self._counting.moved.clear()


class _CountingDesk(Desk):
    def __init__(self, database: Database, ledger: str, cursor: Cursor) -> None:
        super().__init__(database, ledger, cursor)
        self.moved: list[tuple[str, int]] = []

    def tally(self, name: str, by: int) -> None:
        """Keep the move; there is no total to bring up to date."""
        self.moved.append((name, by))


def replayed(past: Past, events: Iterable[Recorded], *own: str) -> Scratch:
    """The scratch after these events, in their order."""
    scratch = Scratch(past, *own)
    for event in events:
        scratch.apply(event)
    return scratch
