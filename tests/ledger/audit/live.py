"""A sealed community on the disk, to be copied and tampered with, and how the stories audit it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from api.settings import Settings
from api.store import Store
from ledger.audit.auditing import audit
from ledger.audit.replay import Replay
from ledger.audit.report import Report
from ledger.audit.sealed import Trust
from ledger.seal.notes import Verifier
from tests.cli import story

LEDGER = story.LEDGER


def make(folder: Path) -> Path:
    """The story's community, sealed twice on its way: after the purse was opened, and at its end."""
    path = folder / "community.db"
    clock = story.fill(path)
    with story.opened(path, clock) as store:
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
    story.claim_and_reserve(path, clock)
    with story.opened(path, clock) as store:
        store.sealer.catch_up(LEDGER, force_checkpoint=True)
    return path


def copy(path: Path, folder: Path) -> Path:
    """A copy of a store that is closed, with its vault and keys."""
    folder.mkdir(exist_ok=True)
    for file in path.parent.glob(path.stem + ".*"):
        shutil.copy(file, folder / file.name)
    return folder / path.name


def tamper(path: Path, *statements: str, values: Sequence[object] = ()) -> None:
    """What whoever holds the machine can do."""
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement, tuple(values))
    connection.close()


def open_store(path: Path) -> Store:
    """The store in that file."""
    return Store.open(Settings(database_url=str(path), ledger=LEDGER))


def audited(
    path: Path,
    *,
    older: Sequence[str | bytes] = (),
    logs: Sequence[Verifier] = (),
    witnesses: Sequence[Verifier] = (),
    need: int = 0,
    rules: bool = True,
) -> tuple[Report, Replay]:
    """The audit of that file, with its own key unless others are pinned."""
    with open_store(path) as store:
        trust = Trust(logs or [store.seals.verifier(LEDGER)], witnesses, need, older)
        return audit(store.database, store.codec, LEDGER, trust, rules=rules)


def latest(path: Path) -> str:
    """The last checkpoint, as an auditor would keep it."""
    with open_store(path) as store:
        stored = store.seals.latest(LEDGER)
        assert stored is not None
        return stored.note


def found(report: Report) -> set[tuple[str, str, int]]:
    """(check, code, position) of everything found."""
    return {(one.check, one.code, one.position) for one in report.findings}


def head_of(path: Path) -> int:
    """How many events there are."""
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT head FROM ledgers").fetchone()[0])


def position_of(path: Path, kind: str) -> int:
    """The first event of a type."""
    with sqlite3.connect(path) as connection:
        read = "SELECT min(position) FROM events WHERE type = ?"
        return int(connection.execute(read, (kind,)).fetchone()[0])


def edit(path: Path, position: int, change: Callable[[bytes], bytes]) -> None:
    """Change the stored bytes of one event."""
    with sqlite3.connect(path) as connection:
        (data,) = connection.execute("SELECT data FROM events WHERE position = ?", (position,)).fetchone()
        after = change(data)
        assert after != data, "nothing was changed"
        connection.execute("UPDATE events SET data = ? WHERE position = ?", (after, position))
    connection.close()
