"""Rows of a projection in memory: read in blocks, changed as dicts, written once per table and batch.

A fact touches a handful of rows, and neighbouring facts touch the same ones. So a batch of facts works on rows in
memory and each table is written once at its end. What was written stays in memory: as long as nobody else writes the
ledger it is still right, and the next batch need not ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, bindparam, delete, select

from ledger.errors import Unusable
from ledger.journal.rows import insert_rows, replace_rows
from ledger.journal.sql import Cursor, Database, Row, blocks

__all__ = ["Cells", "Sheet", "Source", "clear_table", "insert_rows", "read_groups", "replace_rows"]

Cells = dict[str, Any]
"""A row by column names."""


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


def clear_table(database: Database, cursor: Cursor, table: Table, ledger: str) -> None:
    """Delete a ledger's rows of a table; at once where the table holds no other ledger's and the database can do so."""
    if database.is_sqlite:
        others = (table.c.ledger < bindparam("a")) | (table.c.ledger > bindparam("b"))
        other = select(table.c.ledger).where(others).limit(bindparam("n"))
        cursor.execute(database.prepare(("clear.other", table.name), other).text, (ledger, ledger, 1))
        if cursor.fetchone() is None:
            # SQLite throws whole pages away when no row has to be looked at.
            cursor.execute(database.prepare(("clear.all", table.name), delete(table)).text)
            return
    ours = delete(table).where(table.c.ledger == bindparam("l"))
    cursor.execute(database.prepare(("clear.ours", table.name), ours).text, (ledger,))


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

    __slots__ = (
        "_blank", "_cells", "_changed", "_group", "_groups", "_key", "_names", "_new", "_rows", "_source",
        "keep", "table",
    )  # fmt: skip

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

    def items(self) -> Iterable[tuple[Any, Cells]]:
        """Key and row of everything in memory, to be read only, in the order in which it came there."""
        return self._rows.items()

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
