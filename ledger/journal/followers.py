"""Followers read the journal in batches after the fact, and remember how far they are in the transaction of their work.

Killed at any moment, a follower goes on after the last batch that was committed: nothing is applied twice, nothing left
out. Two processes may run the same follower: its row in `followers` is the lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import bindparam, select, update

from ledger.journal.codec import Codec
from ledger.journal.recorded import Recorded
from ledger.journal.rows import insert_missing
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import events, followers, ledgers

BATCH = 500
_IDLE_SECONDS = 0.25


class Reader(Protocol):
    """What a follower does with events: writes its own tables through the cursor, all or nothing."""

    name: str

    def apply(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, continuous: bool) -> None:
        """Apply the next events; `continuous` says that nobody else applied any since the last call."""

    def forget(self, ledger: str) -> None:
        """Drop what is remembered of a ledger after a failure."""


class Follower:
    """One reader over all ledgers of a database."""

    def __init__(self, database: Database, codec: Codec, reader: Reader, *, batch: int = BATCH) -> None:
        self._db, self._codec, self._reader, self._batch = database, codec, reader, batch
        self._at: dict[str, int] = {}
        self._lock = threading.Lock()
        here = (followers.c.ledger == bindparam("l")) & (followers.c.name == bindparam("n"))
        d = database
        self._position = d.prepare("follower.at", select(followers.c.position).where(here).with_for_update())
        self._move = d.prepare("follower.move", update(followers).where(here).values(position=bindparam("p")))
        self._next = d.prepare(
            "follower.next",
            select(events.c.position, events.c.recorded_at, events.c.type, events.c.tags, events.c.data)
            .where(events.c.ledger == bindparam("l"), events.c.position > bindparam("a"))
            .order_by(events.c.position)
            .limit(bindparam("m")),
        )
        self._heads = d.prepare(
            "follower.behind",
            select(ledgers.c.ledger, ledgers.c.head, followers.c.position).select_from(
                ledgers.outerjoin(
                    followers, (followers.c.ledger == ledgers.c.ledger) & (followers.c.name == bindparam("n"))
                )
            ),
        )

    def behind(self) -> dict[str, int]:
        """How many events of each ledger are still to be read; ledgers that are up to date are left out."""
        with self._db.reading() as cursor:
            cursor.execute(self._heads.text, (self._reader.name,))
            rows = cursor.fetchall()
        return {str(ledger): int(head) - int(at or 0) for ledger, head, at in rows if head > (at or 0)}

    def step(self, ledger: str) -> int:
        """Apply one batch of a ledger; gives how many events that were."""
        with self._lock:
            try:
                return self._step(ledger)
            except BaseException:
                self._at.pop(ledger, None)
                self._reader.forget(ledger)
                raise

    def _step(self, ledger: str) -> int:
        with self._db.writing() as cursor:
            cursor.execute(self._position.text, (ledger, self._reader.name))
            row = cursor.fetchone()
            if row is None:
                insert_missing(self._db, cursor, followers, [(ledger, self._reader.name, 0)])
                cursor.execute(self._position.text, (ledger, self._reader.name))
                row = cursor.fetchone()
            position = int(row[0]) if row else 0
            cursor.execute(self._next.text, (ledger, position, self._batch))
            batch = [self._codec.recorded(ledger, *found) for found in cursor.fetchall()]
            if not batch:
                return 0
            self._reader.apply(cursor, ledger, batch, continuous=self._at.get(ledger) == position)
            position = batch[-1].position
            values = {"l": ledger, "n": self._reader.name, "p": position}
            cursor.execute(self._move.text, tuple(values[name] for name in self._move.names))
        self._at[ledger] = position
        return len(batch)

    def catch_up(self, ledger: str | None = None) -> None:
        """Read until nothing is left, of one ledger or of all."""
        for one in self.behind() if ledger is None else [ledger]:
            while self.step(one):
                pass


class FollowerThread(threading.Thread):
    """Runs followers inside the server: woken by the bell after a commit, and by a clock for what others wrote."""

    def __init__(self, work: Sequence[Callable[[], object]], report: Callable[[Exception], None]) -> None:
        super().__init__(name="followers", daemon=True)
        self._work, self._report = work, report
        self.bell = threading.Event()
        self._over = threading.Event()

    def run(self) -> None:
        """Until stopped; an error is reported and tried again, with a growing pause, and keeps no other work from its turn."""
        pause_seconds = _IDLE_SECONDS
        while not self._over.is_set():
            self.bell.wait(pause_seconds)
            self.bell.clear()
            failures = [work for work in self._work if not self._done(work)]
            if not failures:
                pause_seconds = _IDLE_SECONDS
            else:
                pause_seconds = min(pause_seconds * 2, 30)
                time.sleep(_IDLE_SECONDS)

    def _done(self, work: Callable[[], object]) -> bool:
        try:
            if not self._over.is_set():
                work()
        except Exception as error:  # noqa: BLE001  # a follower goes on; the error is reported
            self._report(error)
            return False
        return True

    def stop(self) -> None:
        """End after the batch under way."""
        self._over.set()
        self.bell.set()
        self.join()
