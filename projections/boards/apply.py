"""Boards: rankings, following the journal in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Table, bindparam, func, select

from ledger.base import Fact
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database, Row
from projections.boards import tables
from projections.boards.measures import periods_of
from projections.boards.scoring import MARKING, NEEDING, mark_of, needs_of, scores_of
from projections.rows import Sheet, Source, clear_table, insert_rows, read_groups, replace_rows

TABLES: tuple[Table, ...] = (tables.scores, tables.score_entries, tables.board_marks)
"""Every table of the boards."""

_KEEP = 50_000

# One score in memory: value, reached position, reached at, entries, whether it waits to be written (1 changed, 2 new).
_VALUE, _POSITION, _AT, _ENTRIES, _WAITS = range(5)
_Score = list[int]
_CHANGED, _NEW = 1, 2


class _Series:
    """All periods of one measure and subject."""

    __slots__ = ("number", "periods")

    def __init__(self, number: int) -> None:
        self.number = number
        self.periods: dict[str, _Score] = {}


class _Table:
    """The scores of one ledger that are in use."""

    def __init__(self, database: Database, ledger: str, cursor: Cursor) -> None:
        self.source = Source(database, ledger, cursor)
        self.marks = Sheet(tables.board_marks, self.source)
        self._series: dict[tuple[str, str], _Series] = {}
        self._waiting: list[tuple[str, str, str, int, _Score]] = []
        self._next = 0

    def apply(self, events: Sequence[Recorded]) -> None:
        """Score the events, in order; entries are written, scores wait for `settle`."""
        marked = {mark[0] for e in events if type(e.fact) in MARKING and (mark := mark_of(e.fact))}
        self.marks.want({name for e in events if type(e.fact) in NEEDING and (name := needs_of(e.fact))} - marked)
        scored = []
        for event in events:
            fact = event.fact
            if type(fact) in MARKING and (mark := mark_of(fact)) is not None:
                self._mark(*mark)
            found = scores_of(event, self._known(fact))
            if found is not None:
                scored.append((event.position, event.recorded_at, *found))
        self._load({(measure, subject) for _, _, _, rows in scored for measure, subject, _ in rows})
        lines: list[Row] = []
        ledger, all_series, waiting = self.source.ledger, self._series, self._waiting
        for position, at, day, rows in scored:
            periods, text = periods_of(day), day.isoformat()
            for measure, subject, amount in rows:
                series = all_series.get((measure, subject)) or self._begin(measure, subject)
                lines.append((ledger, series.number, position, amount, text))
                for period in periods:
                    score = series.periods.get(period)
                    if score is None:
                        score = series.periods[period] = [0, 0, 0, 0, _NEW]
                        waiting.append((measure, subject, period, series.number, score))
                    elif not score[_WAITS]:
                        score[_WAITS] = _CHANGED
                        waiting.append((measure, subject, period, series.number, score))
                    score[_VALUE] += amount
                    score[_POSITION] = position
                    score[_AT] = at
                    score[_ENTRIES] += 1
        lines.sort()
        insert_rows(self.source.database, self.source.cursor, tables.score_entries, lines)
        self.marks.write()

    def settle(self) -> None:
        """Write the scores that moved."""
        ledger = self.source.ledger
        new: list[Row] = []
        changed: list[Row] = []
        for measure, subject, period, number, score in self._waiting:
            value, position, at, entries, waits = score
            row = (ledger, measure, subject, period, number, value, position, at, entries)
            (new if waits == _NEW else changed).append(row)
            score[_WAITS] = 0
        self._waiting.clear()
        for rows, put in ((new, insert_rows), (changed, replace_rows)):
            rows.sort()
            put(self.source.database, self.source.cursor, tables.scores, rows)
        if len(self._series) > _KEEP:
            self._series.clear()

    def _known(self, fact: Fact) -> str:
        """What earlier facts left to know for scoring this one; "" for nothing."""
        subject = needs_of(fact) if type(fact) in NEEDING else None
        row = self.marks.get(subject) if subject else None
        return "" if row is None else str(row["mark"])

    def _mark(self, subject: str, mark: str) -> None:
        row = self.marks.find(subject) or self.marks.add(subject=subject)
        row["mark"] = mark

    def _load(self, keys: Iterable[tuple[str, str]]) -> None:
        by_measure: dict[str, set[str]] = {}
        for key in keys:
            if key not in self._series:
                by_measure.setdefault(key[0], set()).add(key[1])
        for measure, subjects in by_measure.items():
            self._read(measure, subjects)

    def _read(self, measure: str, subjects: set[str]) -> None:
        s = self.source
        for row in read_groups(s.database, s.cursor, tables.scores, "subject", s.ledger, subjects, measure=measure):
            _, _, subject, period, number, value, position, at, entries = row
            series = self._series.setdefault((measure, subject), _Series(number))
            series.periods[period] = [value, position, at, entries, 0]

    def _begin(self, measure: str, subject: str) -> _Series:
        if not self._next:
            s = self.source
            highest = select(func.max(tables.score_entries.c.series)).where(
                tables.score_entries.c.ledger == bindparam("l")
            )
            s.cursor.execute(s.database.prepare("series.highest", highest).text, (s.ledger,))
            row = s.cursor.fetchone()
            self._next = int(row[0] or 0) + 1 if row else 1
        series = self._series[measure, subject] = _Series(self._next)
        self._next += 1
        return series


class Boards:
    """Writes the boards of any number of ledgers; a follower that reads the journal in batches.

    The caller keeps the position under `name` in `followers`, in the same transaction, and holds that row's lock
    while it applies a batch (on PostgreSQL `SELECT … FOR UPDATE`), so that a rebuild and a live follower take turns.
    """

    name = "boards"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables: dict[str, _Table] = {}

    def apply(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, continuous: bool) -> None:
        """Score events of one ledger, in order. `continuous`: nobody else scored this ledger since the last call.

        Raises UnknownFact for a type that is not registered.
        """
        if not continuous:
            self.forget(ledger)
        self.write(cursor, ledger, events)

    def write(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, settle: bool = True) -> None:
        """The same; with `settle=False` scores stay in memory for now."""
        table = self._tables.get(ledger)
        if table is None:
            table = self._tables[ledger] = _Table(self._database, ledger, cursor)
        table.source.cursor = cursor
        table.apply(events)
        if settle:
            table.settle()

    def forget(self, ledger: str) -> None:
        """Drop everything in memory about a ledger: after a rollback, or when somebody else scored it."""
        self._tables.pop(ledger, None)

    def clear(self, cursor: Cursor, ledger: str) -> None:
        """Delete a ledger's boards, to be written again."""
        self.forget(ledger)
        for table in TABLES:
            clear_table(self._database, cursor, table, ledger)
