"""A store whose clock stands still, and what its seals must be by another reckoning."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

from eventsourcing.dcb.api import DCBEvent

from api.store import Store
from ledger.clock import MICROS_PER_SECOND, system_clock
from ledger.journal.recorder import SqlRecorder
from ledger.seal.merkle import check_consistency
from ledger.seal.notes import checkpoint_of, open_note
from ledger.seal.seals import StoredCheckpoint
from tests.house.stores import LEDGER
from tests.ledger.seal import reference


class Clock:
    """The time; it moves when a test says so."""

    def __init__(self) -> None:
        self.at = system_clock()

    def __call__(self) -> int:
        return self.at

    def pass_seconds(self, seconds: int) -> None:
        """Let time go by."""
        self.at += seconds * MICROS_PER_SECOND


def add_events(store: Store, count: int, ledger: str = LEDGER) -> None:
    """Events appended past the rules: what is sealed are bytes, whatever they say."""
    recorder = SqlRecorder(store.database, ledger, clock=store.clock)
    for start in range(0, count, 500):
        recorder.append([
            DCBEvent(type="hours.given@1", tags=["mem_wang", "mem_li"][: number % 3], data=os.urandom(200 + number % 90))
            for number in range(start, min(start + 500, count))
        ])  # fmt: skip


def head_of(store: Store, ledger: str = LEDGER) -> int:
    """The position of the last event."""
    return SqlRecorder(store.database, ledger).read().head or 0


def execute(store: Store, sql: str, *values: Any) -> None:
    """A change past the program, as somebody with the database's password makes it."""
    with store.database.writing() as cursor:
        cursor.execute(sql if store.database.is_sqlite else sql.replace("?", "%s"), values)


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with store.database.reading() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def sealed_to(store: Store) -> int:
    """The follower's position; 0 where it never began."""
    found = rows(store, "SELECT position FROM followers WHERE name = 'seals'")
    return int(found[0][0]) if found else 0


def check_every_checkpoint(store: Store, ledger: str = LEDGER) -> list[StoredCheckpoint]:
    """Each is signed, its root is that of the events by the standard's own words, and each continues the one before."""
    leaves = reference.leaves_of(store.database, ledger)
    found = store.seals.listed(ledger)
    for one in found:
        opened = open_note(one.note, [store.seals.verifier(ledger)])
        checkpoint = checkpoint_of(opened.text)
        assert checkpoint[:3] == (store.seals.origin(ledger), one.size, one.root)
        assert one.root == store.seals.root_at(ledger, one.size)
    for one in found[:: max(len(found) // 8, 1)] + found[-1:]:
        # The standard's words are slow; the checkpoints between are tied to these by their proofs.
        assert one.root == reference.mth(leaves[: one.size])
    for old, new in pairwise(found):
        proof = store.seals.consistency_proof(ledger, old.size, new.size)
        check_consistency(old.size, old.root, new.size, new.root, proof)
    assert (found[-1].size if found else 0) == sealed_to(store)
    return found
