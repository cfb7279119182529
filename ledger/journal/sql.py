"""SQL that is written once in SQLAlchemy Core, compiled once per database, and handed to the driver as tuples.

SQLAlchemy's `execute` costs 30–90 µs a call, more than the row it writes; a compiled text with positional
parameters on the driver's own cursor costs a few (measured, design §5). Core still writes every statement, so that
SQLite and PostgreSQL run the same code.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.sql.expression import ClauseElement

Row = tuple[Any, ...]
_PAGE_MEMORY_KIB = 65_536


def driver_errors() -> tuple[type[Exception], ...]:
    """What the database drivers in use raise on raw cursors: a full disk, a lost connection.

    The driver of PostgreSQL is asked only where something has loaded it: loading it costs a tenth of a second.
    """
    psycopg = sys.modules.get("psycopg")
    return (sqlite3.Error,) if psycopg is None else (sqlite3.Error, psycopg.Error)


def value_errors() -> tuple[type[Exception], ...]:
    """What is raised for a text that no database takes (PostgreSQL keeps no NUL): the caller's fault, not the store's."""
    psycopg = sys.modules.get("psycopg")
    return (UnicodeEncodeError,) if psycopg is None else (UnicodeEncodeError, psycopg.DataError)


class Prepared(NamedTuple):
    """A compiled statement: text with the driver's placeholders, and the order of its parameters."""

    text: str
    names: tuple[str, ...]


class Cursor(Protocol):
    """What we use of a DB-API cursor."""

    rowcount: int

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> Any:
        """Run one statement once per row of parameters."""

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        ...

    def fetchone(self) -> Row | None:
        """The next row, or None."""
        ...

    def fetchmany(self, size: int, /) -> list[Row]:
        """Up to `size` rows."""
        ...

    def close(self) -> None:
        """Give the cursor back."""


class Database:
    """One database: its engine, its compiled statements, and transactions on raw cursors.

    `url` is a SQLAlchemy URL (`sqlite:////path/file.db`, `postgresql+psycopg://…`). SQLite runs in WAL mode with
    `synchronous=FULL`; a writing transaction takes the write lock at once (`BEGIN IMMEDIATE`), so that two writers
    queue instead of failing half-way.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(
                parsed,
                pool_size=pool_size,
                max_overflow=64,
                connect_args={"timeout": 30, "cached_statements": 1024},
            )
            event.listen(self.engine, "connect", _set_up_sqlite)
        else:
            # Positional placeholders, so that one code path binds tuples on both drivers.
            self.engine = create_engine(
                parsed,
                pool_size=pool_size,
                max_overflow=64,
                paramstyle="format",
                pool_pre_ping=True,
                connect_args={"connect_timeout": 5},
            )
        self._prepared: dict[Any, Prepared] = {}

    def prepare(self, key: Any, statement: ClauseElement) -> Prepared:
        """Compile a statement for this database; `key` (hashable) finds it again. Parameters bind in `names` order."""
        found = self._prepared.get(key)
        if found is None:
            compiled = statement.compile(dialect=self.engine.dialect)
            text, names = str(compiled), tuple(getattr(compiled, "positiontup", None) or ())
            if text.endswith(_EMPTY_OFFSET):
                # SQLAlchemy writes an offset of zero behind a bound limit on SQLite.
                text, names = text.removesuffix(_EMPTY_OFFSET), names[:-1]
            found = Prepared(text, names)
            self._prepared[key] = found
        return found

    def prepared(self, key: Any) -> Prepared | None:
        """The statement compiled under `key`, if any."""
        return self._prepared.get(key)

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """A transaction that writes: committed at the end, rolled back on any error."""
        with self._transaction("BEGIN IMMEDIATE") as cursor:
            yield cursor

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A transaction that reads one consistent state and is never committed."""
        with self._transaction("BEGIN", commit=False) as cursor:
            yield cursor

    @contextmanager
    def _transaction(self, begin: str, *, commit: bool = True) -> Iterator[Cursor]:
        connection = self.engine.raw_connection()
        try:
            cursor = cast(Cursor, connection.cursor())
            if self.is_sqlite:
                cursor.execute(begin)
            elif not commit:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield cursor
            except BaseException:
                connection.rollback()
                raise
            if commit:
                connection.commit()
            else:
                connection.rollback()
        finally:
            connection.close()

    def set_up(self, statement: str) -> None:
        """Run a statement on every connection before it is used, those made from now on."""

        def run(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(statement)

        event.listen(self.engine, "connect", run)
        self.engine.dispose()

    def cut_log(self) -> bool:
        """SQLite: bring the write-ahead log into the file and cut it off; False where a reader was in the way."""
        connection = self.engine.raw_connection()
        try:
            cursor = cast(Cursor, connection.cursor())
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
        finally:
            connection.close()
        return row is not None and row[0] == 0

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


@contextmanager
def page_memory(database: Database, cursor: Cursor, kib: int) -> Iterator[None]:
    """SQLite: as much memory for pages on this connection while the block runs; nothing to do elsewhere."""
    if not database.is_sqlite:
        yield
        return
    cursor.execute("PRAGMA cache_size")
    before = cursor.fetchone()
    cursor.execute(f"PRAGMA cache_size=-{kib}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA cache_size={int(before[0]) if before else -_PAGE_MEMORY_KIB}")


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    for attempt in range(3):
        # Two processes that open a new file at once may both try to switch its mode: the loser asks again.
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:
            if attempt == 2:
                raise
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # A group commit touches many pages more than once; copying them back every 1,000 pages doubles its price (measured).
    cursor.execute("PRAGMA wal_autocheckpoint=16384")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.execute(f"PRAGMA cache_size=-{_PAGE_MEMORY_KIB}")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


_EMPTY_OFFSET = " OFFSET ?"
_BLOCKS = (1, 4, 16, 64, 256)


def blocks(values: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut values into lists of a few fixed lengths (the last value repeated), so that an IN list compiles once each."""
    start, total = 0, len(values)
    while start < total:
        left = total - start
        size = next((block for block in _BLOCKS if block >= left), _BLOCKS[-1])
        part = list(values[start : start + size])
        start += len(part)
        part.extend([part[-1]] * (size - len(part)))
        yield part
