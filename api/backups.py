"""Copies of an SQLite store that can be put back: journal and vault as of one moment, each looked at before it counts.

SQLite's own online backup copies while others read and write. The journal is copied first: words lie in the vault before
their facts do, so that a vault copied later lacks none of them. A sweep or an erasure that fell between both copies would
make the vault know more of the journal than its copy holds; then both are copied again.

The keys are not copied (choice): who finds a backup shall not be able to read people's names. Keep them apart.
For PostgreSQL its operator's tools make the copies (`pg_dump`, or archived logs).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from api.store import Store, vault_of
from ledger.erasing import Eraser
from ledger.errors import Unusable
from ledger.journal.sql import Database
from ledger.seal.seals import Seals
from ledger.sweeping import Sweeper
from ledger.vault import Vault, load_master_key
from projections.books.queries import as_of

_TRIES = 3


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """How far one ledger's copy goes: its last position, and the size of its last checkpoint (0 for none)."""

    ledger: str
    head: int
    sealed: int


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One backup that was looked at and found whole. `at`: microseconds UTC; `size_bytes`: of both files together."""

    at: int
    folder: str
    size_bytes: int
    ledgers: list[Sealed]


def note_of(store: Store) -> Path | None:
    """Where the last backup of a store is noted: a file beside its database; None where there is no such file."""
    database = store.database.url.database
    if not store.database.is_sqlite or not database or database == ":memory:":
        return None
    return Path(database).with_suffix(".backup.json")


def last_backup(store: Store) -> Backup | None:
    """The last backup that was made of a store, as it was noted; None for none, or a note that cannot be read."""
    note = note_of(store)
    try:
        return None if note is None else msgspec.json.decode(note.read_bytes(), type=Backup)
    except (OSError, ValueError):
        return None


def back_up(store: Store, to: Path) -> Backup:
    """Copy journal and vault into a new folder below `to`, open the copy and compare it; gives what was noted.

    Raises Unusable `backup_not_here` for PostgreSQL, `backup_failed` where a file cannot be written, `backup_differs` where
    the copy is not what was copied.
    """
    note = note_of(store)
    if note is None or store.settings is None or not store.vault.database.is_sqlite:
        raise Unusable("backup_not_here")
    now_at = store.clock()
    stamp = datetime.fromtimestamp(now_at // 1_000_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = to.absolute() / f"{note.name.removesuffix('.backup.json')}-{stamp}"
    main = Path(str(store.database.url.database))
    vault = Path(str(store.vault.database.url.database))
    try:
        folder.mkdir(parents=True, mode=0o700)
        ledgers = _copied(store, (main, folder / main.name), (vault, folder / vault.name))
        size_bytes = sum((folder / one.name).stat().st_size for one in (main, vault))
        made = Backup(at=now_at, folder=str(folder), size_bytes=size_bytes, ledgers=ledgers)
        fresh = note.with_suffix(".fresh")
        fresh.write_bytes(msgspec.json.encode(made))
        fresh.replace(note)
    except (OSError, sqlite3.Error) as error:
        raise Unusable("backup_failed", reason=type(error).__name__) from error
    return made


def _copied(store: Store, main: tuple[Path, Path], vault: tuple[Path, Path]) -> list[Sealed]:
    for _ in range(_TRIES):
        for source, target in (main, vault):
            _copy(source, target)
        try:
            return looked_at(store, main[1], vault[1])
        except _Overtaken:
            continue
    raise Unusable("backup_differs", file=vault[1].name)


def _copy(source: Path, target: Path) -> None:
    """One file as of one moment, for its owner alone; in one step, because a writer would make it begin anew."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


class _Overtaken(Exception):
    """The vault's copy knows of entries that the journal's copy lacks."""


def looked_at(store: Store, main: Path, vault: Path) -> list[Sealed]:
    """Open a copy as it would be after it was put back, under the store's own keys: nothing in it is changed.

    Its files are whole, its last checkpoints are ours, signed by the key here, and their roots come out of its hashes.
    Raises Unusable `backup_differs`, `vault_key_wrong`, `seal_key_wrong`.
    """
    for file in (main, vault):
        with closing(sqlite3.connect(file)) as copy:
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Unusable("backup_differs", file=file.name)
    database, words = Database(f"sqlite:///{main}", pool_size=2), Database(f"sqlite:///{vault}", pool_size=2)
    try:
        return _compared(store, database, words, main.name)
    finally:
        for one in (database, words):
            one.cut_log()
            one.close()


def _compared(store: Store, database: Database, words: Database, name: str) -> list[Sealed]:
    settings = store.settings
    if settings is None:
        raise Unusable("backup_not_here")
    _, key_file = vault_of(settings)
    vault = Vault(words, load_master_key(key_file, create=False))
    sweeper, eraser = Sweeper(database, vault), Eraser(database, vault, store.codec)
    seals = Seals(database, store.keys)
    found: list[Sealed] = []
    for ledger in store.application.ledgers():
        head, last = as_of(database, ledger).position, seals.latest(ledger)
        size = 0 if last is None else last.size
        if head > as_of(store.database, ledger).position or size > head:
            raise Unusable("backup_differs", file=name)
        if last is not None:
            ours = store.seals.at_size(ledger, size)
            if ours is None or ours.root != last.root or seals.root_at(ledger, size) != last.root:
                raise Unusable("backup_differs", file=name)
        if max(sweeper.head_when_swept(ledger), eraser.upto(ledger)) > head:
            raise _Overtaken
        found.append(Sealed(ledger=ledger, head=head, sealed=size))
    return found
