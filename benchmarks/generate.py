"""A ledger of any size: `python -m benchmarks.generate --events 1000000 --db PATH`. The same seed gives the same facts.

Places, units, teams and members come in by commands. The year that follows (`community`) is written in bulk: events in
order, then their tags, sorted outside memory so that each page of the index is written once; the head moves last, so
that a file is whole or has no year. Salts, command keys and sealed words are real, and random as ever.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from api.settings import Settings
from api.store import Store
from benchmarks.community import BEGAN, Happening, Ids, Person, Year
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command, tags_of
from ledger.clock import DEFAULT_ZONE, at_time
from ledger.errors import NotFound
from ledger.journal.codec import join_tags
from ledger.journal.recorded import Envelope
from ledger.journal.rows import insert_rows, replace_rows
from ledger.journal.sql import Row
from ledger.journal.tables import event_tags, events, ledgers
from ledger.parties.commands import FormTeam, RegisterMember, RegisterUnit
from ledger.places.commands import AddPlace, OpenLedger
from ledger.requests.commands import RequestWords
from ledger.vault import SealedWords
from projections.rebuild import rebuild

LEDGER = "fangxing"
EVENTS_PER_MEMBER = 100
_BATCH = 20_000
_TAG_BATCH = 100_000
_COMMUNITIES, _UNITS, _TEAMS = 15, 8, 40

Progress = Callable[[int, int], None]
"""Told how many events are written, and how many it will be."""


def generate(
    path: Path, count: int, *, seed: int = 1, books: bool = True, progress: Progress = lambda _done, _of: None
) -> None:
    """Make a ledger of exactly `count` events in a new SQLite file, with its books and boards unless `books` is False.

    About one member per hundred events. Raises FileExistsError where the file exists, ValueError for a count that is
    too small to have everybody registered.
    """
    if path.exists():
        raise FileExistsError(path)
    with Store.open(Settings(database_url=str(path)), clock=lambda: at_time(BEGAN, 9, 0)) as store:
        people = _register(store, max(8, count // EVENTS_PER_MEMBER), seed)
        head = store.application.view_head(LEDGER) if False else _head(store)
        if head > count:
            raise ValueError(f"{head} events are needed to have everybody registered")
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            _Writer(store, Path(folder) / "tags.db", seed, head, count, progress).write(people)
        if books:
            rebuild(store.database, store.codec.decode, LEDGER)


def is_complete(path: Path, count: int) -> bool:
    """Whether a file holds a ledger that was generated with at least that many events."""
    if not path.exists():
        return False
    with Store.open(Settings(database_url=str(path))) as store:
        return _head(store) >= count


def _head(store: Store) -> int:
    with store.database.reading() as cursor:
        cursor.execute("SELECT head FROM ledgers WHERE ledger = ?", (LEDGER,))
        row = cursor.fetchone()
    if row is None:
        raise NotFound("no_such_ledger", ledger=LEDGER)
    return int(row[0])
