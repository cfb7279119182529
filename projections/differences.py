"""Where live books and boards differ from those that the journal gives: row by row, each with the position to look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Table

from ledger.journal.sql import Database, Row
from projections.boards import TABLES as BOARD_TABLES
from projections.books import TABLES as BOOK_TABLES
from projections.rebuild import Decode, beside_rebuilt, digested

ALL_TABLES: tuple[Table, ...] = (*BOOK_TABLES, *BOARD_TABLES)
_POSITIONS = ("last_position", "position", "version", "reached_position", "number")
"""The columns that may say which event wrote a row last, in the order they are believed; `number` is that of its first."""


class RowDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not as the journal has it. `position`: of the event that wrote it last, 0 where the table does not say.

    `kind`: changed · missing (from the live table) · extra. `column`, `live` and `replayed` tell of the first column that
    differs, where the row is there on both sides.
    """

    table: str
    key: tuple[Any, ...]
    position: int
    kind: str
    column: str = ""
    live: Any = None
    replayed: Any = None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison came to: rows of all tables, and those that differ."""

    rows: int
    differences: list[RowDifference]


def differences(database: Database, decode: Decode, ledger: str) -> Compared:
    """Replay the journal into a temporary file and compare every row of books and boards. Raises NotFound `no_such_ledger`.

    A table whose rows are all alike costs a digest of 16 bytes a row; only of the others are rows put side by side.
    """
    found: list[RowDifference] = []
    count = 0
    with beside_rebuilt(database, decode, ledger) as (cursor, copy, copied):
        for table in ALL_TABLES:
            rows = [digest for digest, _ in digested(database, cursor, table, ledger)]
            live = set(rows)
            replayed = {digest for digest, _ in digested(copy, copied, table, ledger)}
            count += len(rows)
            if len(rows) != len(live):
                # A table that was made anew without its key may hold a row twice.
                found.append(RowDifference(table=table.name, key=(), position=0, kind="extra"))
            del rows
            if live != replayed:
                ours = [row for digest, row in digested(database, cursor, table, ledger) if digest not in replayed]
                right = [row for digest, row in digested(copy, copied, table, ledger) if digest not in live]
                found += _paired(table, ours, right)
    return Compared(rows=count, differences=found)


def _paired(table: Table, live: list[Row], replayed: list[Row]) -> list[RowDifference]:
    names = list(table.c.keys())
    keys = [names.index(column.name) for column in table.primary_key.columns if column.name != "ledger"]
    ours = {tuple(row[i] for i in keys): dict(zip(names, row, strict=True)) for row in live}
    theirs = {tuple(row[i] for i in keys): dict(zip(names, row, strict=True)) for row in replayed}
    found: list[RowDifference] = []
    for key in sorted(ours.keys() | theirs.keys(), key=repr):
        mine, right = ours.get(key), theirs.get(key)
        if mine is None or right is None:
            kind, cells = ("missing", right) if mine is None else ("extra", mine)
            found.append(RowDifference(table=table.name, key=key, position=_position(cells or {}), kind=kind))
            continue
        column = next(name for name in names if repr(mine[name]) != repr(right[name]))
        found.append(
            RowDifference(
                table=table.name,
                key=key,
                position=_position(right),
                kind="changed",
                column=column,
                live=mine[column],
                replayed=right[column],
            )
        )
    return found


def _position(cells: Mapping[str, Any]) -> int:
    return next((int(cells[name]) for name in _POSITIONS if isinstance(cells.get(name), int)), 0)


def state_digest(database: Database, decode: Decode, ledger: str) -> str:
    """SHA-256 (hexadecimal) of everything that the journal comes to: all rows of books and boards, replayed afresh.

    The same journal gives the same digest on every machine and under every supported Python, whatever its hash seed, time
    zone or locale: two auditors compare one line. Rows are JSON arrays without the ledger's name, each on a line, sorted,
    behind the name of their table. Boards count as far as the live ones have followed. Raises NotFound `no_such_ledger`.
    """
    digest = hashlib.sha256()
    with beside_rebuilt(database, decode, ledger) as (_, copy, copied):
        for table in sorted(ALL_TABLES, key=lambda one: one.name):
            lines = sorted(
                json.dumps(row[1:], ensure_ascii=True, separators=(",", ":"))
                for _, row in digested(copy, copied, table, ledger)
            )
            digest.update("\n".join([table.name, *lines, ""]).encode())
    return digest.hexdigest()
