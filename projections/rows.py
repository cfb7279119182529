"""Rows of a projection in memory: read in blocks, changed as dicts, written once per table and batch.

A fact touches a handful of rows, and neighbouring facts touch the same ones. So a batch of facts works on rows in
memory and each table is written once at its end. What was written stays in memory: as long as nobody else writes the
ledger it is still right, and the next batch need not ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, cast, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.errors import Unusable
from ledger.journal.sql import Cursor, Database, Row, blocks

Cells = dict[str, Any]
"""A row by column names."""

_ARRAYS_FROM = 4
"""PostgreSQL: so many rows on, one statement with an array per column costs less than one statement per row."""


def insert_rows(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row]) -> None:
    """Insert new rows, given as tuples in the order of the table's columns; one that exists is an IntegrityError."""
    _put(database, cursor, table, rows, replace=False)


def replace_rows(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row]) -> None:
    """Write rows whole, whether they exist or not."""
    _put(database, cursor, table, rows, replace=True)


def _put(database: Database, cursor: Cursor, table: Table, rows: Sequence[Row], *, replace: bool) -> None:
    if not rows:
        return
    arrays = not database.is_sqlite and len(rows) >= _ARRAYS_FROM
    key = ("rows.put", table.name, replace, arrays)
    ready = database.prepared(key) or database.prepare(key, _statement(database, table, replace=replace, arrays=arrays))
    if arrays:
        cursor.execute(ready.text, [list(column) for column in zip(*rows, strict=True)])
    else:
        cursor.executemany(ready.text, rows)


def _statement(database: Database, table: Table, *, replace: bool, arrays: bool) -> Any:
    if database.is_sqlite:
        return _or_replace(sqlite.insert(table), table) if replace else insert(table).inline()
    statement: Any = postgresql.insert(table).inline()
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


def read_groups(
    database: Database, cursor: Cursor, table: Table, group: str, ledger: str, values: Iterable[str], **fixed: str
) -> list[Row]:
    """All rows of one ledger whose column `group` has one of these values, as tuples in the order of the columns.

    `fixed` are further columns with one value each.
    """
    found: list[Row] = []
    for part in blocks(sorted(values)):
        key = ("rows.read", table.name, group, len(part), *fixed)
        ready = database.prepared(key)
        if ready is None:
            some = table.c[group].in_([bindparam(f"v{i}") for i in range(len(part))])
            each = [table.c[name] == bindparam(name) for name in fixed]
            ready = database.prepare(key, select(table).where(table.c.ledger == bindparam("l"), *each, some))
        cursor.execute(ready.text, (ledger, *fixed.values(), *part))
        found += cursor.fetchall()
    return found


class Source:
    """Where the rows of one ledger come from; the cursor is that of the transaction under way."""

    __slots__ = ("cursor", "database", "ledger")

    def __init__(self, database: Database, ledger: str, cursor: Cursor) -> None:
        self.database, self.ledger, self.cursor = database, ledger, cursor


class Sheet:
    """The rows of one table and ledger that are in use.

    Rows are found by the rest of the primary key: a text where that is one column, else a tuple. All rows that share
    the first of these columns are read together, so that "not there" is known without asking again.
    """

    __slots__ = ("_blank", "_cells", "_changed", "_group", "_groups", "_key", "_names", "_new", "_rows", "_source", "keep", "table")

    def __init__(self, table: Table, source: Source, *, keep: int = 20_000) -> None:
        self.table, self.keep, self._source = table, keep, source
        keys = [column.name for column in table.primary_key.columns][1:]
        self._names = [column.name for column in table.columns]
        self._group = keys[0]
        self._key: Callable[[Cells], Any] = itemgetter(*keys)
        self._cells: Callable[[Cells], Row] = itemgetter(*self._names)
        self._blank: Cells = {column.name: _blank(column) for column in table.columns}
        self._blank["ledger"] = source.ledger
        self._rows: dict[Any, Cells] = {}
        self._groups: set[str] = set()
        self._new: dict[Any, Cells] = {}
        self._changed: dict[Any, Cells] = {}

    def want(self, values: Iterable[str]) -> None:
        """Read what is not in memory yet of these values of the first key column, in few queries."""
        missing = set(values) - self._groups
        if missing:
            s = self._source
            for row in read_groups(s.database, s.cursor, self.table, self._group, s.ledger, missing):
                cells = dict(zip(self._names, row, strict=True))
                self._rows[self._key(cells)] = cells
            self._groups |= missing

    def get(self, key: Any) -> Cells | None:
        """The row, to be read only; None if there is none."""
        row = self._rows.get(key)
        if row is None:
            group = key if isinstance(key, str) else key[0]
            if group not in self._groups:
                self.want((group,))
                row = self._rows.get(key)
        return row

    def find(self, key: Any) -> Cells | None:
        """The row, to be changed; None if there is none."""
        row = self.get(key)
        if row is not None and key not in self._new:
            self._changed[key] = row
        return row

    def edit(self, key: Any) -> Cells:
        """The row, to be changed. Raises Unusable where the books lack the beginning of what a fact goes on with."""
        row = self.find(key)
        if row is None:
            raise Unusable("books_row_missing", table=self.table.name, key=str(key))
        return row

    def add(self, **cells: Any) -> Cells:
        """A new row; columns that are not given are empty, 0 or missing. Raises Unusable where it exists."""
        row = {**self._blank, **cells}
        key = self._key(row)
        if isinstance(key, str):
            self._groups.add(key)
        else:
            self.want((key[0],))
        if key in self._rows:
            raise Unusable("books_row_twice", table=self.table.name, key=str(key))
        self._rows[key] = self._new[key] = row
        return row

    def write(self) -> None:
        """Write what is new or changed, in the order of the primary key, which is the order on the disk."""
        s = self._source
        if self._new:
            insert_rows(s.database, s.cursor, self.table, sorted(map(self._cells, self._new.values())))
            self._new = {}
        if self._changed:
            replace_rows(s.database, s.cursor, self.table, sorted(map(self._cells, self._changed.values())))
            self._changed = {}
        if len(self._rows) > self.keep:
            self._rows.clear()
            self._groups.clear()


def _blank(column: Any) -> Any:
    if column.nullable:
        return None
    return "" if column.type.python_type is str else 0
