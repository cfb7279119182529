"""Rows written in few statements: the driver gives up the interpreter at every statement, and in a busy process pays for
getting it back (measured: `executemany` of 100 rows took three times as long with 32 threads waiting).

SQLite: one INSERT of many VALUES, in blocks whose sizes are powers of two, so that few texts are compiled.
PostgreSQL: one INSERT from an array per column.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, cast, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.journal.sql import Cursor, Database, Row

_ARRAYS_FROM = 4
"""PostgreSQL: so many rows on, one statement with an array per column costs less than one statement per row."""
_LARGEST_BLOCK = 256
_PARAMETERS = 16_000
"""SQLite: bound values in one statement (its limit is 32,766)."""


def insert_rows(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row]) -> None:
    """Insert new rows, given as tuples in the order of the table's columns; one that exists is an IntegrityError."""
    _put(database, cursor, table, rows, replace=False)


def replace_rows(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row]) -> None:
    """Write rows whole, whether they exist or not."""
    _put(database, cursor, table, rows, replace=True)


def insert_missing(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are new and leave those that exist; another writer may be putting the same ones now.

    PostgreSQL waits for that writer. Rows are written in order of their keys, so that two never wait for each other.
    """
    key = ("rows.missing", table.name)
    ready = database.prepared(key) or database.prepare(key, _or_nothing(table, sqlite_one=database.is_sqlite))
    if rows:
        cursor.executemany(ready.text, sorted(rows))


def _or_nothing(table: Table, *, sqlite_one: bool) -> Any:
    statement: Any = sqlite.insert(table) if sqlite_one else postgresql.insert(table)
    return statement.inline().on_conflict_do_nothing()


def _put(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row], *, replace: bool) -> None:
    if not rows:
        return
    if database.is_sqlite:
        _put_in_blocks(database, cursor, table, rows, replace=replace)
        return
    arrays = len(rows) >= _ARRAYS_FROM
    key = ("rows.put", table.name, replace, arrays)
    ready = database.prepared(key) or database.prepare(key, _postgresql(table, replace=replace, arrays=arrays))
    if arrays:
        cursor.execute(ready.text, [list(column) for column in zip(*rows, strict=True)])
    else:
        cursor.executemany(ready.text, rows)


def _put_in_blocks(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row], *, replace: bool) -> None:
    key = ("rows.put", table.name, replace, 1)
    one = database.prepared(key) or database.prepare(key, _sqlite(table, replace=replace))
    width = len(table.columns)
    largest = _LARGEST_BLOCK
    while largest * width > _PARAMETERS:
        largest //= 2
    start, total = 0, len(rows)
    while start < total:
        size = min(largest, 1 << ((total - start).bit_length() - 1))
        cursor.execute(_for_many(one.text, width, size), list(chain.from_iterable(rows[start : start + size])))
        start += size


@lru_cache(maxsize=1024)
def _for_many(text: str, width: int, size: int) -> str:
    """The statement for `size` rows, out of the one for a single row: compiling it anew takes SQLAlchemy 50 ms."""
    values = f"({', '.join('?' * width)})"
    return text.replace(values, ", ".join([values] * size), 1)


def _sqlite(table: Table, *, replace: bool) -> Any:
    if replace:
        return _or_replace(sqlite.insert(table), table)
    return insert(table).inline()


def _postgresql(table: Table, *, replace: bool, arrays: bool) -> Any:
    statement: Any = (postgresql.insert(table) if replace or arrays else insert(table)).inline()
    if arrays:
        columns = [cast(bindparam(column.name), ARRAY(column.type)) for column in table.columns]
        names = [column.name for column in table.columns]
        given = func.unnest(*columns).table_valued(*names, name="given").render_derived()
        statement = statement.from_select(names, select(given))
    return _or_replace(statement, table) if replace else statement


def _or_replace(statement: Any, table: Table) -> Any:
    keys = [column.name for column in table.primary_key.columns]
    fresh = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=fresh)
