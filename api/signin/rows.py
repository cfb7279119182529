"""The few statements that signing in needs, prepared once each: rows found by their key, and changes that tell how many
rows they met, so that of two who come at once only one is first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from api.store import Store
from ledger.journal.rows import insert_rows
from ledger.journal.sql import Cursor, Database, Prepared
from projections.reading import Cells

Values = Mapping[str, str | int | None]


def new_secret() -> str:
    """192 random bits as 32 letters for an address or a cookie."""
    return secrets.token_urlsafe(24)


def digest_of(secret: str) -> str:
    """What is stored of such a secret: too long to be guessed back from a plain digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def found(store: Store, table: Table, ledger: str, **where: str) -> list[Cells]:
    """The rows of a ledger with these values."""
    with store.database.reading() as cursor:
        return found_by(store.database, cursor, table, ledger, **where)


def found_by(database: Database, cursor: Cursor, table: Table, ledger: str, **where: str) -> list[Cells]:
    """The same within somebody's transaction."""
    key = ("sign_in.find", table.name, *where)
    ready = database.prepared(key)
    if ready is None:
        each = [table.c[name] == bindparam(f"w_{name}") for name in where]
        ready = database.prepare(key, select(table).where(table.c.ledger == bindparam("w_ledger"), *each))
    cursor.execute(ready.text, _given(ready, {"ledger": ledger, **where}))
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def put(database: Database, cursor: Cursor, table: Table, **values: str | int | None) -> None:
    """A new row; columns that are not given are empty."""
    insert_rows(database, cursor, table, [tuple(values.get(column.name) for column in table.columns)])


def change(
    database: Database, cursor: Cursor, table: Table, where: Values, *, unset: tuple[str, ...] = (), **values: str | int | None
) -> int:  # fmt: skip
    """Set columns of the rows with these values in which the `unset` columns are still empty; gives how many there were."""
    key = ("sign_in.change", table.name, *where, "", *unset, "", *values)
    ready = database.prepared(key)
    if ready is None:
        each = [table.c[name] == bindparam(f"w_{name}") for name in where]
        each += [table.c[name].is_(None) for name in unset]
        fresh: dict[str, Any] = {name: bindparam(f"v_{name}") for name in values}
        ready = database.prepare(key, update(table).where(*each).values(**fresh))
    given = {
        **{f"w_{name}": value for name, value in where.items()},
        **{f"v_{name}": one for name, one in values.items()},
    }
    cursor.execute(ready.text, tuple(given[name] for name in ready.names))
    return cursor.rowcount


def drop(
    database: Database, cursor: Cursor, table: Table, where: Values, *, before: tuple[str, int] | None = None
) -> None:
    """Delete the rows with these values, of a column of instants only those before one."""
    key = ("sign_in.drop", table.name, *where, "", before[0] if before else "")
    ready = database.prepared(key)
    if ready is None:
        each = [table.c[name] == bindparam(f"w_{name}") for name in where]
        if before is not None:
            each.append(table.c[before[0]] < bindparam("w__before"))
        ready = database.prepare(key, delete(table).where(*each))
    cursor.execute(ready.text, _given(ready, {**where, **({"_before": before[1]} if before else {})}))


def _given(ready: Prepared, values: Values) -> tuple[str | int | None, ...]:
    return tuple(values[name.removeprefix("w_")] for name in ready.names)
