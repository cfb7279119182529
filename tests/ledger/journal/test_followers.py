"""Followers read in batches, remember where they are in the transaction of their work, and survive a restart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from api.store import Store
from ledger.journal.followers import Follower
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Cursor
from tests.house.stores import LEDGER, add_members, open_ledger, store_at


class Counter:
    """Writes down each position it is shown, in a table of its own; dies on demand in the middle of a batch."""

    name = "counter"

    def __init__(self) -> None:
        self.batches: list[tuple[int, bool]] = []
        self.die = False
        self.forgotten = 0

    def apply(self, cursor: Cursor, ledger: str, events: Sequence[Recorded], *, continuous: bool) -> None:
        for one in events:
            cursor.execute(f"INSERT INTO counted VALUES ({one.position})")
        if self.die:
            raise RuntimeError("killed in the middle")
        self.batches.append((len(events), continuous))

    def forget(self, ledger: str) -> None:
        self.forgotten += 1


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        add_members(opened, 20)
        with opened.database.writing() as cursor:
            cursor.execute("CREATE TABLE counted (position BIGINT PRIMARY KEY)")
        yield opened


def counted(store: Store) -> list[int]:
    with store.database.reading() as cursor:
        cursor.execute("SELECT position FROM counted ORDER BY position")
        return [int(row[0]) for row in cursor.fetchall()]


def head(store: Store) -> int:
    return store.application.desk(LEDGER).recorder.read().head or 0


def test_everything_is_read_once_in_batches(store: Store) -> None:
    reader = Counter()
    follower = Follower(store.database, store.codec, reader, batch=16)
    assert follower.behind() == {LEDGER: head(store)}

    follower.catch_up()

    assert counted(store) == list(range(1, head(store) + 1))
    assert follower.behind() == {}
    assert max(size for size, _ in reader.batches) == 16
    assert [continuous for _, continuous in reader.batches] == [False] + [True] * (len(reader.batches) - 1)


def test_a_batch_that_fails_leaves_nothing_and_is_read_again(store: Store) -> None:
    reader = Counter()
    follower = Follower(store.database, store.codec, reader, batch=16)
    follower.step(LEDGER)
    reader.die = True
    with pytest.raises(RuntimeError):
        follower.step(LEDGER)
    assert (counted(store), reader.forgotten) == (list(range(1, 17)), 1)
    reader.die = False

    follower.catch_up(LEDGER)

    assert counted(store) == list(range(1, head(store) + 1))
    assert reader.batches[1][1] is False


def test_after_a_restart_it_goes_on_where_it_was(store: Store) -> None:
    Follower(store.database, store.codec, Counter(), batch=16).step(LEDGER)

    Follower(store.database, store.codec, Counter(), batch=16).catch_up()

    assert counted(store) == list(range(1, head(store) + 1))


def test_two_processes_that_run_the_same_follower_take_turns(store: Store) -> None:
    readers = [Counter(), Counter()]
    followers = [Follower(store.database, store.codec, reader, batch=16) for reader in readers]

    while sum([follower.step(LEDGER) for follower in followers]):
        pass

    assert counted(store) == list(range(1, head(store) + 1))
    assert all(reader.batches for reader in readers)


def test_boards_that_fell_behind_are_caught_up_before_they_are_read(store: Store) -> None:
    store.catch_up(LEDGER)
    assert store.board_follower.behind() == {}

    add_members(store, 21)

    assert store.board_follower.behind()
    store.catch_up(LEDGER)
    assert store.board_follower.behind() == {}
