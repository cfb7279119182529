"""What somebody did last, for those who are honoured: one index look-up each, in one reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from ledger.journal.sql import Database
from projections.books.more_tables import plaques, requests
from projections.books.tables import sessions
from projections.reading import Cells, cells, fetch


def latest_sessions(database: Database, ledger: str, volunteers: Iterable[str]) -> dict[str, Cells]:
    """The verified session entered last, by volunteer; who has none is left out."""
    return _latest(database, ledger, sessions, "volunteer", "verified", volunteers)


def latest_granted(database: Database, ledger: str, claimants: Iterable[str]) -> dict[str, Cells]:
    """The newest request that was confirmed as done, by who took it; who has none is left out."""
    return _latest(database, ledger, requests, "claimant", "closed", claimants)


def _latest(
    database: Database, ledger: str, table: Table, owner: str, status: str, ids: Iterable[str]
) -> dict[str, Cells]:
    def build() -> Select[Any]:
        c = table.c
        own = (c.ledger == bindparam("l"), c[owner] == bindparam("o"), c.status == bindparam("s"))
        return select(table).where(*own).order_by(c.number.desc()).limit(bindparam("n"))

    found: dict[str, Cells] = {}
    with database.reading() as cursor:
        for one in ids:
            rows = fetch(database, cursor, ("latest", table.name, owner), build, l=ledger, o=one, s=status, n=1)
            if rows:
                found[one] = cells(table, rows[0])
    return found


def hanging_by_unit(
    database: Database, ledger: str, today: str, *, after: tuple[str, int] = ("", 0), limit: int = 30
) -> list[Cells]:
    """Plaques that hang on a day, those of one unit together, oldest first; goes on behind (unit, number)."""

    def build() -> Select[Any]:
        c = plaques.c
        behind = (c.unit > bindparam("u")) | ((c.unit == bindparam("u2")) & (c.number > bindparam("a")))
        hangs = (c.ledger == bindparam("l"), c.revoked_day.is_(None), c.until_day >= bindparam("d"))
        return select(plaques).where(*hangs, behind).order_by(c.unit, c.number).limit(bindparam("n"))

    unit, number = after
    with database.reading() as cursor:
        rows = fetch(database, cursor, "plaques.hanging", build, l=ledger, d=today, u=unit, u2=unit, a=number, n=limit)
    return [cells(plaques, row) for row in rows]


def newest_hanging(database: Database, ledger: str, today: str, limit: int) -> list[Cells]:
    """The plaques awarded last of those that hang on a day."""

    def build() -> Select[Any]:
        c = plaques.c
        hangs = (c.ledger == bindparam("l"), c.revoked_day.is_(None), c.until_day >= bindparam("d"))
        return select(plaques).where(*hangs).order_by(c.number.desc()).limit(bindparam("n"))

    with database.reading() as cursor:
        rows = fetch(database, cursor, "plaques.newest", build, l=ledger, d=today, n=limit)
    return [cells(plaques, row) for row in rows]


def ended(database: Database, ledger: str, today: str, *, after: int | None = None, limit: int = 30) -> list[Cells]:
    """Plaques that hang no more on a day, because they were revoked or ran out, newest first; goes on behind a number."""

    def build() -> Select[Any]:
        c = plaques.c
        over = c.revoked_day.is_not(None) | (c.until_day < bindparam("d"))
        before = c.number < bindparam("a")
        return (
            select(plaques)
            .where(c.ledger == bindparam("l"), over, before)
            .order_by(c.number.desc())
            .limit(bindparam("n"))
        )

    behind = _NO_NUMBER if after is None else after
    with database.reading() as cursor:
        rows = fetch(database, cursor, "plaques.ended", build, l=ledger, d=today, a=behind, n=limit)
    return [cells(plaques, row) for row in rows]


_NO_NUMBER = 2**62
