"""The raw side of the ratios: the least that a database can be asked to do with the same bytes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.journal.tables import event_tags, events


def open_raw(path: Path) -> sqlite3.Connection:
    """A table of rows, WAL, `synchronous=FULL`, like ours."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=16384")
    connection.execute("CREATE TABLE IF NOT EXISTS rows (position INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    return connection


def one_row_per_commit(connection: sqlite3.Connection, callers: int, each: int, data: bytes) -> None:
    """`callers` threads write `each` rows, one commit a row, taking turns on one connection (faster than 32 of them)."""
    turn = threading.Lock()

    def write() -> None:
        for _ in range(each):
            with turn:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO rows (data) VALUES (?)", (data,))
                connection.execute("COMMIT")

    together([write] * callers)


def open_raw_journal(path: Path) -> sqlite3.Connection:
    """The journal's two tables as they are in a store, with all their keys and indexes, and nothing beside them."""
    connection = open_raw(path)
    for table in (events, event_tags):
        connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    return connection


def batched(
    connection: sqlite3.Connection,
    batches: Sequence[tuple[Sequence[tuple[object, ...]], Sequence[tuple[object, ...]]]],
) -> None:
    """Batches of rows (of events, of their tags), one commit a batch."""
    into_events, into_tags = (
        f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})" for table in (events, event_tags)
    )
    for of_events, of_tags in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(into_events, of_events)
        connection.executemany(into_tags, of_tags)
        connection.execute("COMMIT")


def together(work: Sequence[Callable[[], None]]) -> None:
    """Run in threads, all at once."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
