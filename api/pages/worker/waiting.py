"""The rows that wait in a state, and one of them while it still does: what most kinds of the queue read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from api.pages.common import Visit
from projections.reading import Cells, cells, fetch, one


def waiting_rows(visit: Visit, table: Table, order: str, most: int, **values: str) -> list[Cells]:
    """The first rows with these values, by a column that their index ends in."""

    def build() -> Select[Any]:
        each = [table.c[name] == bindparam(f"v_{name}") for name in values]
        there = select(table).where(table.c.ledger == bindparam("l"), *each)
        return there.order_by(table.c[order]).limit(bindparam("n"))

    database = visit.store.database
    given = {f"v_{name}": value for name, value in values.items()}
    with database.reading() as cursor:
        found = fetch(database, cursor, ("desk", table.name, *values), build, l=visit.ledger, n=most, **given)
    return [cells(table, row) for row in found]


def waiting_row(visit: Visit, table: Table, status: str, **key: str) -> Cells | None:
    """The row of this key, or None where it waits in that state no longer."""
    found = one(visit.store.database, table, visit.ledger, **key)
    return found if found is not None and found["status"] == status else None
