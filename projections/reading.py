"""How projections are read: prepared statements, rows as dicts, pages by key.

A page never counts rows from the top: it goes on behind the last row seen (`after`), so that the hundredth page costs
what the first does and nothing is shown twice while others write. Cursors are short texts of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, false, or_, select

from ledger.errors import Refused
from ledger.journal.sql import Cursor, Database, Row

Cells = dict[str, Any]
Filter = str | int | Sequence[str] | None
"""A value, or several of which any will do; None does not filter."""

_SIZES = (1, 4, 16, 64, 256, 1024)


class Page(msgspec.Struct, frozen=True):
    """Rows by column names, and the cursor of what follows; `next` is None at the end."""

    rows: list[Cells]
    next: str | None


def fetch(database: Database, cursor: Cursor, key: Any, build: Callable[[], Select[Any]], **values: Any) -> list[Row]:
    """Run a statement whose parameters are named; `key` finds its compiled form again."""
    ready = database.prepared(key) or database.prepare(key, build())
    cursor.execute(ready.text, tuple(values[name] for name in ready.names))
    return cursor.fetchall()


def cursor_of(*numbers: int) -> str:
    """The cursor behind a row with these ordering numbers."""
    return ".".join(str(number) for number in numbers)


def numbers_of(text: str, count: int) -> tuple[int, ...]:
    """The ordering numbers in a cursor; raises Refused `bad_cursor` for a text that is none."""
    parts = text.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        raise Refused("bad_cursor", cursor=text)
    return tuple(int(part) for part in parts)


def one(database: Database, table: Table, ledger: str, **values: str | int) -> Cells | None:
    """The row of a ledger with these values, if any; the first in the table's order where several have them."""

    def build() -> Select[Any]:
        each = [table.c[name] == bindparam(name) for name in values]
        return select(table).where(table.c.ledger == bindparam("_ledger"), *each).limit(bindparam("_limit"))

    with database.reading() as cursor:
        rows = fetch(database, cursor, ("one", table.name, *values), build, _ledger=ledger, _limit=1, **values)
    return cells(table, rows[0]) if rows else None


def many(database: Database, table: Table, ledger: str, column: str, values: Iterable[str]) -> list[Cells]:
    """All rows of a ledger whose column has one of these values."""
    wanted = sorted(set(values))
    found: list[Cells] = []
    with database.reading() as cursor:
        for start in range(0, len(wanted), _SIZES[-1]):
            part: dict[str, Filter] = {column: wanted[start : start + _SIZES[-1]]}
            shape, given = _given(part)

            def build(shape: _Shape = shape) -> Select[Any]:
                return select(table).where(table.c.ledger == bindparam("_ledger"), *_conditions(table, shape))

            rows = fetch(database, cursor, ("many", table.name, shape), build, _ledger=ledger, **given)
            found += [cells(table, row) for row in rows]
    return found


def listed(
    database: Database,
    table: Table,
    ledger: str,
    *,
    where: Mapping[str, Filter],
    order: Sequence[tuple[str, bool]],
    after: str | None,
    limit: int,
    present: str | None = None,
    absent: str | None = None,
) -> Page:
    """A page of rows that pass `where`, by the whole-number columns of `order` (name, whether descending).

    `present` names a column that must not be missing, `absent` one that must be. Raises Refused `bad_cursor`.
    """
    shape, given = _given(where)

    def build() -> Select[Any]:
        statement = select(table).where(table.c.ledger == bindparam("_ledger"), *_conditions(table, shape))
        if present is not None:
            statement = statement.where(table.c[present].is_not(None))
        if absent is not None:
            statement = statement.where(table.c[absent].is_(None))
        if after is not None:
            statement = statement.where(_behind(table, order))
        columns = [table.c[name].desc() if down else table.c[name] for name, down in order]
        return statement.order_by(*columns).limit(bindparam("_limit"))

    seen = {f"_after{i}": n for i, n in enumerate(numbers_of(after, len(order)))} if after is not None else {}
    key = ("listed", table.name, shape, tuple(order), after is None, present, absent)
    with database.reading() as cursor:
        rows = fetch(database, cursor, key, build, _ledger=ledger, _limit=limit + 1, **given, **seen)
    page = [cells(table, row) for row in rows[:limit]]
    more = len(rows) > limit and bool(page)
    return Page(page, cursor_of(*(page[-1][name] for name, _ in order)) if more else None)


def cells(table: Table, row: Row) -> Cells:
    """A row of `select(table)` by column names, without the ledger."""
    named = dict(zip(table.c.keys(), row, strict=True))
    del named["ledger"]
    return named


_Shape = tuple[tuple[str, int], ...]


def _given(where: Mapping[str, Filter]) -> tuple[_Shape, dict[str, Any]]:
    """The shape of a filter (column, how many values) and its parameters; lists come in a few fixed lengths."""
    shape: list[tuple[str, int]] = []
    given: dict[str, Any] = {}
    for name, value in where.items():
        if value is None:
            continue
        if isinstance(value, str | int):
            shape.append((name, 0))
            given[name] = value
            continue
        if not value:
            shape.append((name, -1))
            continue
        size = next((size for size in _SIZES if size >= len(value)), len(value))
        padded = [*value, *[value[-1]] * (size - len(value))]
        shape.append((name, size))
        given.update({f"{name}_{i}": one_value for i, one_value in enumerate(padded)})
    return tuple(shape), given


def _conditions(table: Table, shape: _Shape) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, size in shape:
        column = table.c[name]
        if size < 0:
            conditions.append(false())
        elif size == 0:
            conditions.append(column == bindparam(name))
        else:
            conditions.append(column.in_([bindparam(f"{name}_{i}") for i in range(size)]))
    return conditions


def _behind(table: Table, order: Sequence[tuple[str, bool]]) -> ColumnElement[bool]:
    """Rows that come after the last one seen: the first column is further on, or it is equal and the rest is."""
    ways: list[ColumnElement[bool]] = []
    for i, (name, down) in enumerate(order):
        column = table.c[name]
        last: ColumnElement[int] = bindparam(f"_after{i}")
        equal = [table.c[earlier] == bindparam(f"_after{j}") for j, (earlier, _) in enumerate(order[:i])]
        ways.append(and_(*equal, column < last if down else column > last))
    return or_(*ways)
