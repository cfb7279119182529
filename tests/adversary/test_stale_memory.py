"""Two servers on one store, snapshots of another shape, a rebuild in between: nobody decides on an old state."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

import ledger.states as states
from api.store import Store
from ledger.application import Actor, Order, Outcome
from ledger.errors import NuanlinError, Refused
from ledger.hours.commands import DonateHours, GiveHours
from ledger.hours.state import Account, Pool
from ledger.journal.tables import snapshots
from ledger.parties.commands import LeaveCommunity
from projections.rebuild import compare, rebuild
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at


def usable(store: Store, member: str) -> int:
    return store.application.view(LEDGER).state(Account, member).usable


def test_two_servers_and_a_rebuild_spend_no_minute_twice(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as one, store_at(store_url, tmp_path) as two:
        open_ledger(one)
        wang, li, zhao = add_members(one, 3)
        came: list[bool] = []
        over = threading.Event()

        def spend(store: Store, receiver: str) -> None:
            for _ in range(30):
                gift = GiveHours(giver=wang, receiver=receiver, minutes=20)
                try:
                    store.application.execute(LEDGER, gift, actor=Actor(wang))
                    came.append(True)
                except Refused as refusal:
                    assert refusal.code == "insufficient_hours", refusal

        def batch(store: Store) -> None:
            orders = [Order(GiveHours(giver=wang, receiver=zhao, minutes=20)) for _ in range(15)]
            for outcome in store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK):
                if isinstance(outcome, Outcome):
                    came.append(True)
                else:
                    assert outcome.code == "insufficient_hours", outcome

        def rebuilding() -> None:
            while not over.is_set():
                rebuild(two.database, two.codec.decode, LEDGER, chunk=10, chunks=1)
                two.catch_up(LEDGER)

        failures: list[BaseException] = []

        def guarded(work: Any, *given: Any) -> None:
            try:
                work(*given)
            except BaseException as error:
                failures.append(error)

        spenders = [
            threading.Thread(target=guarded, args=given)
            for given in ((spend, one, li), (spend, two, li), (batch, one), (batch, two))
        ]
        builder = threading.Thread(target=guarded, args=(rebuilding,))
        for thread in (*spenders, builder):
            thread.start()
        for thread in spenders:
            thread.join(90)
        over.set()
        builder.join(30)

        assert not failures, failures
        assert len(came) == 24, "480 minutes are 24 gifts of 20, no more and no fewer"
        assert usable(one, wang) == usable(two, wang) == 0
        assert usable(two, li) + usable(two, zhao) == 3 * 480
        one.catch_up(LEDGER)
        assert compare(one.database, one.codec.decode, LEDGER) == []


def test_snapshots_that_cannot_be_read_or_written_stop_nobody(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "_SNAPSHOT_AFTER", 5)
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        (wang,) = add_members(store, 1)
        for _ in range(10):
            store.application.execute(LEDGER, DonateHours(giver=wang, minutes=10), actor=Actor(wang))
    with store_at(store_url, tmp_path) as store:
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 100
        with store.database.writing() as cursor:
            cursor.execute("SELECT COUNT(*) FROM snapshots")
            row = cursor.fetchone()
            assert row is not None and row[0] >= 1
            change = snapshots.update().values(state=b"")
            ready = store.database.prepare("test.spoil", change)
            cursor.execute(ready.text, (states.code_version() + b"\x81\xa3old\x01",))
    with store_at(store_url, tmp_path) as store:
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 100
    with store_at(store_url, tmp_path) as store:
        with store.database.writing() as cursor:
            cursor.execute("DELETE FROM snapshots")

        def failing(*_given: Any) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(states, "replace_rows", failing)
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 100


def test_a_snapshot_made_by_other_code_is_not_believed(
    sqlite_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fields are the same, but what a state makes of a fact has changed since."""
    monkeypatch.setattr(states, "_SNAPSHOT_AFTER", 5)
    url = f"sqlite:///{sqlite_path}"
    with store_at(url, tmp_path) as store:
        open_ledger(store)
        (wang,) = add_members(store, 1)
        for _ in range(10):
            store.application.execute(LEDGER, DonateHours(giver=wang, minutes=10), actor=Actor(wang))
    monkeypatch.setattr(states, "_codecs", {})
    with store_at(url, tmp_path) as store:
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 100
        with store.database.writing() as cursor:
            cursor.execute("SELECT COUNT(*) FROM snapshots WHERE tag = 'pool'")
            assert cursor.fetchone() == (1,)
            wrong = states.code_version() + msgspec.msgpack.encode(Pool(tag="pool", minutes=70))
            cursor.execute("UPDATE snapshots SET state = ? WHERE tag = 'pool'", (wrong,))
    with store_at(url, tmp_path) as store:
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 70, "the same code believes it"
    monkeypatch.setattr(states, "_codecs", {})
    monkeypatch.setattr(states, "code_version", lambda: b"other code folded"[:16])
    with store_at(url, tmp_path) as store:
        assert store.application.view(LEDGER).state(Pool, "pool").minutes == 100


def test_one_key_for_two_people_and_two_ledgers_is_two_commands(sqlite_path: Path, tmp_path: Path) -> None:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        for slug in ("fangxing", "yunyuan"):
            open_ledger(store, slug)
            wang, li = add_members(store, 2, slug)
            done = store.application.execute(
                slug, GiveHours(giver=wang, receiver=li, minutes=10), actor=Actor(wang), key="k"
            )
            assert not done.repeated


def test_one_key_pressed_by_many_at_once_alone_and_in_batches_books_once(store_url: str, tmp_path: Path) -> None:
    with store_at(store_url, tmp_path) as one, store_at(store_url, tmp_path) as two:
        open_ledger(one)
        wang, li = add_members(one, 2)
        gift = GiveHours(giver=wang, receiver=li, minutes=100)
        came: list[Any] = []
        gate = threading.Barrier(6)

        def press(number: int) -> None:
            store = (one, two)[number % 2]
            gate.wait()
            try:
                if number < 3:
                    came.append(store.application.execute(LEDGER, gift, actor=Actor(wang), key="k"))
                else:
                    orders = [Order(gift, "k"), Order(gift, "k")]
                    came.extend(store.application.execute_many(LEDGER, orders, actor=Actor(wang)))
            except NuanlinError as error:
                came.append(error)

        threads = [threading.Thread(target=press, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(came) == 9
        assert {getattr(each, "position", each) for each in came} == {came[0].position}
        assert sum(not each.repeated for each in came) == 1
        assert usable(two, wang) == 380


def test_a_follower_killed_between_its_rows_and_its_position_counts_nothing_twice(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store_at(store_url, tmp_path) as store:
        open_ledger(store)
        add_members(store, 3)
        apply, stops = store.boards.apply, iter([True, True])

        def killed(*given: Any, **more: Any) -> None:
            apply(*given, **more)
            if next(stops, False):
                raise KeyboardInterrupt

        monkeypatch.setattr(store.boards, "apply", killed)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                store.catch_up(LEDGER)
        store.catch_up(LEDGER)

        assert compare(store.database, store.codec.decode, LEDGER) == []


def test_who_left_does_nothing_more_by_any_door(sqlite_path: Path, tmp_path: Path) -> None:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        wang, li = add_members(store, 2)
        store.application.execute(LEDGER, LeaveCommunity(member_id=wang), actor=AT_THE_DESK)
        for giver, receiver, actor in ((wang, li, wang), (li, wang, li)):
            with pytest.raises(NuanlinError):
                store.application.execute(
                    LEDGER, GiveHours(giver=giver, receiver=receiver, minutes=10), actor=Actor(actor)
                )
