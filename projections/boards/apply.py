"""Boards: rankings, following the journal in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from sqlalchemy import Table, bindparam, func, select

from ledger.base import NAME_OF, Fact
from ledger.errors import UnknownFact
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor, Database, Row
from projections.boards import tables
from projections.boards.measures import periods_of
from projections.boards.scoring import CONCERNING, MARKING, NEEDING, RULES, Scored, mark_of, needs_of
from projections.rows import Sheet, Source, clear_table, insert_rows, read_groups, replace_rows

TABLES: tuple[Table, ...] = (tables.scores, tables.score_entries, tables.board_marks)
"""Every table of the boards."""

_KEEP = 50_000

# One score in memory is a list, since nothing else is as quick to change.
_VALUE, _POSITION, _AT, _ENTRIES = range(4)
_Score = list[int]


class _Series:
    """All periods of one measure and subject; the lines of the batch, and what waits to be settled, by month."""

    __slots__ = ("lines", "measure", "moved", "number", "periods", "subject")

    def __init__(self, measure: str, subject: str, number: int) -> None:
        self.measure, self.subject, self.number = measure, subject, number
        self.periods: dict[str, _Score] = {}
        self.moved: dict[tuple[str, ...], _Score] = {}
        self.lines: list[Row] = []

    def settle(self, ledger: str, new: list[Row], changed: list[Row]) -> None:
        """Carry what moved into month, quarter, year and all, and give the rows to be written."""
        periods: dict[str, list[Row]] = {}
        for names, (amount, position, at, entries) in self.moved.items():
            for period in names:
                score = self.periods.get(period)
                if period not in periods:
                    periods[period] = new if score is None else changed
                if score is None:
                    self.periods[period] = [amount, position, at, entries]
                    continue
                score[_VALUE] += amount
                score[_ENTRIES] += entries
                if position > score[_POSITION]:
                    score[_POSITION], score[_AT] = position, at
        self.moved.clear()
        for period, rows in periods.items():
            rows.append((ledger, self.measure, self.subject, period, self.number, *self.periods[period]))


_number = attrgetter("number")


class _Table:
    """The scores of one ledger that are in use."""

    def __init__(self, database: Database, ledger: str, cursor: Cursor) -> None:
        self.source = Source(database, ledger, cursor)
        self.marks = Sheet(tables.board_marks, self.source)
        self._series: dict[tuple[str, str], _Series] = {}
        self._touched: list[_Series] = []
        self._waiting: set[_Series] = set()
        self._next = 0

    def apply(self, events: Sequence[Recorded]) -> None:
        """Score the events, in order; entries are written, scores wait for `settle`."""
        concerned: list[Recorded] = []
        for event in events:
            kind = type(event.fact)
            if kind in CONCERNING:
                concerned.append(event)
            elif kind not in NAME_OF:
                raise UnknownFact("unknown_fact", type=kind.__name__)
        if not concerned:
            return
        self._read_ahead(concerned)
        scored = []
        for event in concerned:
            fact = event.fact
            kind = type(fact)
            if kind in MARKING:
                self._mark(fact)
            rule = RULES.get(kind)
            if rule is not None:
                found = rule(event, fact, self._known(fact) if kind in NEEDING else "")
                if found is not None:
                    scored.append((event.position, event.recorded_at, found))
        self._score(scored)
        self.marks.write()

    def _score(self, scored: list[tuple[int, int, Scored]]) -> None:
        """Book (position, recorded at, what was scored) on the series, and write them."""
        ledger, all_series, touched = self.source.ledger, self._series, self._touched
        known = False
        for position, at, (day, rows) in scored:
            periods, text = periods_of(day), day.isoformat()
            for measure, subject, amount in rows:
                series = all_series.get((measure, subject))
                if series is None:
                    if not known:
                        # The first one that is not in memory: now all of the batch are asked for at once.
                        self._load({row[:2] for _, _, (_, others) in scored for row in others})
                        known = True
                    series = all_series.get((measure, subject)) or self._begin(measure, subject)
                if not series.lines:
                    touched.append(series)
                series.lines.append((ledger, series.number, position, amount, text))
                moved = series.moved.get(periods)
                if moved is None:
                    series.moved[periods] = [amount, position, at, 1]
                else:
                    moved[_VALUE] += amount
                    moved[_POSITION] = position
                    moved[_AT] = at
                    moved[_ENTRIES] += 1
        lines: list[Row] = []
        for series in sorted(touched, key=_number):
            lines += series.lines
            series.lines = []
        self._waiting.update(touched)
        touched.clear()
        insert_rows(self.source.database, self.source.cursor, tables.score_entries, lines)

    @property
    def waiting(self) -> int:
        """How many series moved since scores were last written."""
        return len(self._waiting)

    def settle(self) -> None:
        """Write the scores that moved."""
        s = self.source
        new: list[Row] = []
        changed: list[Row] = []
        for series in self._waiting:
            series.settle(s.ledger, new, changed)
        self._waiting.clear()
        insert_rows(s.database, s.cursor, tables.scores, sorted(new))
        replace_rows(s.database, s.cursor, tables.scores, sorted(changed))
        if len(self._series) > _KEEP:
            self._series.clear()

    def _read_ahead(self, events: Sequence[Recorded]) -> None:
        """Read the marks that the batch asks for and does not set itself."""
        marked: set[str] = set()
        wanted: set[str] = set()
        for event in events:
            kind = type(event.fact)
            if kind in MARKING:
                marked.add(mark_of(event.fact)[0])
            elif kind in NEEDING and (subject := needs_of(event.fact)):
                wanted.add(subject)
        self.marks.want(wanted - marked)

    def _known(self, fact: Fact) -> str:
        """What earlier facts left to know for scoring this one; "" for nothing."""
        subject = needs_of(fact)
        row = self.marks.get(subject) if subject else None
        return "" if row is None else str(row["mark"])

    def _mark(self, fact: Fact) -> None:
        subject, mark = mark_of(fact)
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
            series = self._series.get((measure, subject))
            if series is None:
                series = self._series[measure, subject] = _Series(measure, subject, number)
            series.periods[period] = [value, position, at, entries]

    def _begin(self, measure: str, subject: str) -> _Series:
        if not self._next:
            s = self.source
            highest = select(func.max(tables.score_entries.c.series)).where(
                tables.score_entries.c.ledger == bindparam("l")
            )
            s.cursor.execute(s.database.prepare("series.highest", highest).text, (s.ledger,))
            row = s.cursor.fetchone()
            self._next = int(row[0] or 0) + 1 if row else 1
        series = self._series[measure, subject] = _Series(measure, subject, self._next)
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
        """The same for one who knows that nobody else did; with `settle=False` scores may stay in memory for now.

        Scores are what neighbouring batches touch again and again, and their index by rank makes them dear to write.
        A transaction that writes several batches settles with its last one.
        """
        table = self._tables.get(ledger)
        if table is None:
            table = self._tables[ledger] = _Table(self._database, ledger, cursor)
        table.source.cursor = cursor
        table.apply(events)
        if settle or table.waiting > _KEEP:
            table.settle()

    def forget(self, ledger: str) -> None:
        """Drop everything in memory about a ledger: after a rollback, or when somebody else scored it."""
        self._tables.pop(ledger, None)

    def clear(self, cursor: Cursor, ledger: str) -> None:
        """Delete a ledger's boards, to be written again."""
        self.forget(ledger)
        for table in TABLES:
            clear_table(self._database, cursor, table, ledger)
