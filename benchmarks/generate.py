"""A ledger of any size: `python -m benchmarks.generate --events 1000000 --db PATH`. The same seed gives the same facts.

Places, units, teams and members come in by commands. The year that follows (`community`) is written in bulk: events in
order, then their tags, sorted outside memory so that each page of their index is written once. The head moves last: a
file is whole or has no year. Salts, command keys and sealed words are real and therefore different in every file.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from api.settings import Settings
from api.simulation.naming import Naming
from api.store import Store
from benchmarks.community import BEGAN, Happening, Ids, Person, Year
from ledger.application import OPERATOR, Actor, Order
from ledger.base import Command, tags_of
from ledger.clock import at_time
from ledger.errors import NuanlinError
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
_REGISTERED_AT = at_time(BEGAN, 9, 0)
_BATCH = 20_000
"""Events in one transaction."""
_TAG_BATCH = 100_000
_COMMUNITIES, _UNITS, _TEAMS = 15, 8, 40

Progress = Callable[[int, int], None]
"""Told how many events are written, and how many it will be."""


def generate(
    path: Path, count: int, *, seed: int = 1, books: bool = True, progress: Progress = lambda _done, _of: None
) -> None:
    """Make a ledger of exactly `count` events in a new SQLite file; without its books and boards unless `books`.

    A hundred events a member, or thereabouts. Raises FileExistsError where there is such a file, and ValueError for a
    count that does not suffice to register everybody.
    """
    if path.exists():
        raise FileExistsError(path)
    with Store.open(Settings(database_url=str(path)), clock=lambda: _REGISTERED_AT) as store:
        _enter(store, [OpenLedger(name=LEDGER)])
        fill(store, max(8, count // EVENTS_PER_MEMBER), count, path.parent, seed=seed, progress=progress)
        if books:
            rebuild(store.database, store.codec.decode, LEDGER)


def fill(
    store: Store,
    members: int,
    count: int,
    folder: Path,
    *,
    seed: int = 1,
    naming: Naming | None = None,
    progress: Progress = lambda _done, _of: None,
) -> None:
    """Register so many members more in an open ledger, and go on until it has exactly `count` events.

    The books of the year are left to `rebuild`; what sorts tags lies in `folder` meanwhile. With `naming`, members have
    names and phones. Raises ValueError for a count that does not suffice to register everybody.
    """
    people = _register(store, members, random.Random(f"people {seed}"), naming)
    if head_of(store) > count:
        raise ValueError(f"{head_of(store)} events are needed to have everybody registered")
    with _tags_aside(folder) as tags:
        _Writer(store, tags, seed, count, progress).write(people)


def head_of(store: Store) -> int:
    """How many events the ledger of a store has."""
    with store.database.reading() as cursor:
        cursor.execute("SELECT head FROM ledgers WHERE ledger = ?", (LEDGER,))
        row = cursor.fetchone()
        return int(row[0]) if row else 0


@contextmanager
def generated(path: Path | None, count: int) -> Iterator[Path]:
    """A file with such a ledger: the one at `path`, made first where it is missing, or one that goes away again.

    Raises ValueError where the file holds fewer events, be it that its making was interrupted.
    """
    if path is None:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "generated.db"
            generate(made, count)
            yield made
        return
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        generate(path, count)
    with Store.open(Settings(database_url=str(path))) as store:
        if head_of(store) < count:
            raise ValueError(f"{path} holds {head_of(store)} events and not {count}: remove it to have it made anew")
    yield path


# ---- who is there --------------------------------------------------------------------------------------------------


def _register(store: Store, members: int, dice: random.Random, naming: Naming | None = None) -> list[Person]:
    """Give the ledger places, units, teams and members, all by commands."""
    ids = Ids(dice)

    def new(prefix: str) -> str:
        return ids.new(prefix, _REGISTERED_AT)

    street, units = new("place"), [new("unit") for _ in range(_UNITS)]
    communities = [new("place") for _ in range(_COMMUNITIES)]
    teams = [new("team") for _ in range(_TEAMS)]
    first: list[Command] = [AddPlace(place_id=street, kind="street", name="Fangxing")]
    first += [
        AddPlace(place_id=one, kind="community", name=f"Community {i}", parent=street)
        for i, one in enumerate(communities)
    ]
    first += [RegisterUnit(unit_id=one, kind="enterprise", name=f"Unit {i}") for i, one in enumerate(units)]
    # Every other team belongs to a unit.
    of_team = {team: units[i % _UNITS] if i % 2 else None for i, team in enumerate(teams)}
    first += [FormTeam(team_id=team, name=f"Team {i}", unit=of_team[team]) for i, team in enumerate(teams)]
    _enter(store, first)
    people: list[Person] = []
    for start in range(0, members, 500):
        part = []
        for number in range(start, min(start + 500, members)):
            team = dice.choice(teams) if dice.random() < 0.8 else None
            person = Person(new("mem"), dice.choice(communities), team, of_team.get(team) if team else None)
            words = naming.person() if naming else None
            part.append(
                RegisterMember(member_id=person.id, number=f"N{number:06}", place=person.place, team=team, words=words)
            )
            people.append(person)
        _enter(store, part)
    return people


def _enter(store: Store, commands: Sequence[Command]) -> None:
    for outcome in store.application.execute_many(LEDGER, [Order(one) for one in commands], actor=Actor(OPERATOR)):
        if isinstance(outcome, NuanlinError):
            raise outcome


# ---- what happens --------------------------------------------------------------------------------------------------


@contextmanager
def _tags_aside(folder: Path) -> Iterator[sqlite3.Connection]:
    """A file for (tag, position) pairs as they come; SQLite sorts it on the disk."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        connection = sqlite3.connect(Path(name) / "tags.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("CREATE TABLE tags (tag TEXT NOT NULL, position INTEGER NOT NULL)")
        yield connection
        connection.close()


class _Writer:
    """Writes a year's facts the way the committer does, a hundred times as many at once and with nobody beside."""

    def __init__(self, store: Store, tags: sqlite3.Connection, seed: int, count: int, progress: Progress) -> None:
        self._store, self._tags, self._seed, self._count, self._progress = store, tags, seed, count, progress
        self._head = head_of(store)
        self._recorded_at = _REGISTERED_AT
        self._events: list[Row] = []
        self._tag_rows: list[tuple[str, int]] = []
        self._sealed: list[SealedWords] = []

    def write(self, people: list[Person]) -> None:
        """Everything that happens in the year, then the tags, then the head."""
        for happening in Year(people, self._seed, self._seal).happenings(self._count - self._head):
            self._add(happening)
            if len(self._events) >= _BATCH:
                self._flush()
        self._flush()
        self._write_tags()
        with self._store.database.writing() as cursor:
            replace_rows(self._store.database, cursor, ledgers, [(LEDGER, self._head, self._recorded_at)])

    def _seal(self, requester: str) -> str:
        sealed = self._store.vault.seal(LEDGER, requester, RequestWords(title=f"Wish {self._head + 1}"))
        self._sealed.append(sealed)
        return sealed.commitment

    def _add(self, happening: Happening) -> None:
        at, by, role, facts = happening
        key = self._store.vault.blind(LEDGER, "key", os.urandom(16))
        key_tag, encode = f"key_{key}", self._store.codec.encode
        self._recorded_at = max(self._recorded_at, at)
        for fact in facts:
            self._head += 1
            tags = (*tags_of(fact), key_tag)
            salt = os.urandom(16)
            name, data = encode(Envelope(at=at, by=by, role=role, behalf=None, key=key, body="", salt=salt), fact)
            self._events.append((LEDGER, self._head, self._recorded_at, name, join_tags(tags), data))
            self._tag_rows += [(tag, self._head) for tag in tags]

    def _flush(self) -> None:
        store = self._store
        store.vault.keep(LEDGER, self._sealed, at=self._recorded_at)
        with store.database.writing() as cursor:
            insert_rows(store.database, cursor, events, self._events)
        self._tags.execute("BEGIN")
        self._tags.executemany("INSERT INTO tags VALUES (?, ?)", self._tag_rows)
        self._tags.execute("COMMIT")
        self._events, self._tag_rows, self._sealed = [], [], []
        self._progress(self._head, self._count)

    def _write_tags(self) -> None:
        database = self._store.database
        found = self._tags.execute("SELECT ?, tag, position FROM tags ORDER BY tag, position", (LEDGER,))
        while rows := found.fetchmany(_TAG_BATCH):
            with database.writing() as cursor:
                insert_rows(database, cursor, event_tags, rows)


def main(arguments: list[str] | None = None) -> None:
    """Make a ledger and say how long it took, without and with its books."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description="Make a ledger of any size.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--no-books", action="store_true", help="leave books and boards to `nuanlin projections rebuild`"
    )
    given = parser.parse_args(arguments)
    start = time.perf_counter()

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,} of {of:,}")

    generate(given.db, given.events, seed=given.seed, books=False, progress=progress)
    written = time.perf_counter()
    sys.stdout.write(f"{given.events} events in {written - start:.1f} s\n")
    if not given.no_books:
        with Store.open(Settings(database_url=str(given.db))) as store:
            rebuild(store.database, store.codec.decode, LEDGER)
        sys.stdout.write(f"books and boards in {time.perf_counter() - written:.1f} s\n")


if __name__ == "__main__":
    main()
