"""The raw side of the ratios: the least that a database can be asked to do with the same bytes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path


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


def batched(connection: sqlite3.Connection, rows: Sequence[bytes], batch: int) -> None:
    """Rows in batches, one commit a batch."""
    for start in range(0, len(rows), batch):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO rows (data) VALUES (?)", [(row,) for row in rows[start : start + batch]])
        connection.execute("COMMIT")


def together(work: Sequence[Callable[[], None]]) -> None:
    """Run in threads, all at once."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
