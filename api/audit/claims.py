"""What our projections claim at a position: balances and rankings, as tables for the bundle.

A row that nothing touched since the position is taken as it stands in the projection, since it is the projection that is
to be audited. One that moved on meanwhile is what its entries say it was.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, TextIO

from sqlalchemy import Select, bindparam, func, select

from ledger.journal.sql import Cursor, Database
from projections.boards.measures import days_of, measure_of
from projections.boards.tables import score_entries, scores
from projections.books.tables import accounts, postings
from projections.reading import fetch

BALANCES = ("account", "unit", "balance", "entries", "last_position")
RANKINGS = ("measure", "period", "rank", "subject", "value", "unit", "reached_position", "entries")


class Claims:
    """The projections of one ledger as of a position, through an open transaction."""

    def __init__(self, database: Database, cursor: Cursor, ledger: str, position: int) -> None:
        self._database, self._cursor, self._ledger, self._position = database, cursor, ledger, position

    def write_balances(self, out: TextIO) -> int:
        """Every account that had a posting by then, sorted; gives how many."""
        rows = []
        for account, unit, number, *held in self._fetch("claims.accounts", _accounts):
            balance, entries, last = held if held[2] <= self._position else self._balance_by_then(number)
            if last:
                rows.append((account, unit, balance, entries, last))
        return _write(out, BALANCES, sorted(rows))

    def write_rankings(self, out: TextIO) -> int:
        """Every ranking of every period, as it is shown: equals share a rank, who got there first stands first."""
        measures = sorted(self._fetch("claims.measures", _measures))
        return _write(out, RANKINGS, (row for (measure,) in measures for row in self._rankings(measure)))

    def _rankings(self, measure: str) -> list[tuple[object, ...]]:
        unit = measure_of(measure).unit
        periods: dict[str, list[tuple[int, int, str, int]]] = {}
        for subject, period, series, *score in self._fetch("claims.scores", _scores, m=measure):
            value, reached, entries = score if score[1] <= self._position else self._score_by_then(series, period)
            if value > 0:
                periods.setdefault(period, []).append((-value, reached, subject, entries))
        ranked: list[tuple[object, ...]] = []
        for period, board in sorted(periods.items()):
            rank, last = 0, 0
            for place, (minus, reached, subject, entries) in enumerate(sorted(board), start=1):
                if minus != last:
                    rank, last = place, minus
                ranked.append((measure, period, rank, subject, -minus, unit, reached, entries))
        return ranked

    def _balance_by_then(self, number: int) -> tuple[int, int, int]:
        """(balance, postings, position of the last) of an account; zeros where it had none yet."""
        values = {"n": number, "p": self._position}
        last = self._fetch("claims.last", _last_posting, **values, one=1)
        if not last:
            return 0, 0, 0
        ((count,),) = self._fetch("claims.count", _postings, **values)
        return int(last[0][0]), int(count), int(last[0][1])

    def _score_by_then(self, series: int, period: str) -> tuple[int, int, int]:
        first, last = days_of(period)
        rows = self._fetch("claims.score", _entries, n=series, p=self._position, f=first, t=last)
        value, reached, entries = rows[0]
        return int(value or 0), int(reached or 0), int(entries)

    def _fetch(self, key: str, build: Any, **values: Any) -> list[Any]:
        return fetch(self._database, self._cursor, key, build, l=self._ledger, **values)


def _write(out: TextIO, heading: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> int:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(heading)
    count = 0
    for row in rows:
        table.writerow(row)
        count += 1
    return count


def _accounts() -> Select[Any]:
    c = accounts.c
    return select(c.account, c.unit, c.number, c.balance, c.entries, c.last_position).where(c.ledger == bindparam("l"))


def _last_posting() -> Select[Any]:
    c = postings.c
    by_then = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position <= bindparam("p"))
    newest = (c.position.desc(), c.line.desc())
    return select(c.balance, c.position).where(*by_then).order_by(*newest).limit(bindparam("one"))


def _postings() -> Select[Any]:
    c = postings.c
    by_then = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position <= bindparam("p"))
    count: Select[Any] = select(func.count(c.position))
    return count.where(*by_then)


def _measures() -> Select[Any]:
    return select(scores.c.measure).where(scores.c.ledger == bindparam("l")).distinct()


def _scores() -> Select[Any]:
    c = scores.c
    return select(c.subject, c.period, c.series, c.value, c.reached_position, c.entries).where(
        c.ledger == bindparam("l"), c.measure == bindparam("m")
    )


def _entries() -> Select[Any]:
    c = score_entries.c
    by_then = (c.ledger == bindparam("l"), c.series == bindparam("n"), c.position <= bindparam("p"))
    days = (c.day >= bindparam("f"), c.day <= bindparam("t"))
    totals: list[Any] = [func.sum(c.amount), func.max(c.position), func.count(c.position)]
    return select(*totals).where(*by_then, *days)
