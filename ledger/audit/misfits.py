"""Values of a kind that no program of ours writes: SQLite keeps a text where a number belongs, and never complains.

Looked for only when the audit stumbled over one: PostgreSQL has none, and an honest SQLite file neither.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, bindparam, cast, func, literal_column, select

from ledger.audit.report import Report
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import event_tags, events, followers, ledgers
from ledger.seal.tables import seal_checkpoints, seal_cosignatures, seal_tiles

_TABLES = (events, event_tags, ledgers, followers, seal_checkpoints, seal_cosignatures, seal_tiles)
_KINDS = {BigInteger: "integer", Text: "text", LargeBinary: "blob"}
SCHEMA = "schema"


def find_misfits(database: Database, cursor: Cursor, ledger: str, report: Report) -> bool:
    """Name each column that holds values of another kind, or text that is no UTF-8; tells whether there was any."""
    if not database.is_sqlite:
        return False
    before = len(report.findings)
    for table in _TABLES:
        for column in table.c:
            position = _first_misfit(database, cursor, ledger, table, column)
            if position is not None:
                report.find(position, SCHEMA, "wrong_kind", table=table.name, column=column.name)
    return len(report.findings) > before


def _first_misfit(database: Database, cursor: Cursor, ledger: str, table: Table, column: Column[Any]) -> int | None:
    """The position of the first row in which the column is not what it should be, 0 where rows have no position."""
    kind = _KINDS[type(column.type)]
    placed = table in (events, event_tags)
    where: Any = table.c.position if placed else literal_column("0")
    order = where if placed else table.c.ledger
    mine = table.c.ledger == bindparam("l")
    read = select(where).where(mine, func.typeof(column) != bindparam("k")).order_by(order).limit(bindparam("n"))
    cursor.execute(database.prepare(("audit.misfit", table.name, column.name), read).text, (ledger, kind, 1))
    row = cursor.fetchone()
    if row is not None:
        return row[0] if isinstance(row[0], int) else 0
    if kind == "text":
        raw = select(where, cast(column, LargeBinary)).where(mine).order_by(order)
        cursor.execute(database.prepare(("audit.text", table.name, column.name), raw).text, (ledger,))
        for position, data in iter(cursor.fetchone, None):
            try:
                bytes(data).decode()
            except UnicodeDecodeError:
                return int(position)
    return None
