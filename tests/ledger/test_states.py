"""States: cached, fast-forwarded, folded from a snapshot where a tag is long; always what the journal says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import bindparam

from api.store import Store
from ledger.application import Actor, Application, Order
from ledger.hours.commands import GiveHours
from ledger.hours.state import Account, DayLog
from ledger.journal.tables import snapshots as snapshot_table
from ledger.states import States
from tests.house.stores import AT_THE_DESK, LEDGER, add_members, open_ledger, store_at

LONG = 620


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with store_at(store_url, tmp_path) as opened:
        open_ledger(opened)
        yield opened


def fresh(store: Store) -> States:
    return Application(store.database, store.vault).desk(LEDGER).states


def snapshots(store: Store) -> list[tuple[str, int]]:
    with store.database.reading() as cursor:
        cursor.execute("SELECT kind, position FROM snapshots")
        return [(str(kind), int(position)) for kind, position in cursor.fetchall()]


def give_often(store: Store, giver: str, receiver: str, times: int) -> None:
    for start in range(0, times, 200):
        orders = [
            Order(GiveHours(giver=giver, receiver=receiver, minutes=1)) for _ in range(start, min(start + 200, times))
        ]
        store.application.execute_many(LEDGER, orders, actor=AT_THE_DESK)
        back = [Order(GiveHours(giver=receiver, receiver=giver, minutes=1)) for _ in orders]
        store.application.execute_many(LEDGER, back, actor=AT_THE_DESK)


def test_a_long_tag_is_folded_once_and_then_from_its_snapshot(store: Store) -> None:
    wang, li = add_members(store, 2)
    give_often(store, wang, li, LONG // 2)
    cold = fresh(store).get(Account, wang)
    assert [kind for kind, _ in snapshots(store)] == ["ledger.hours.state.Account"]

    store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=7), actor=Actor(wang))
    again = fresh(store).get(Account, wang)

    assert (cold.usable, again.usable) == (480, 473)
    assert msgspec.structs.asdict(again) == msgspec.structs.asdict(
        store.application.desk(LEDGER).states.get(Account, wang)
    )


def test_a_snapshot_of_an_older_program_is_never_read(store: Store) -> None:
    wang, li = add_members(store, 2)
    give_often(store, wang, li, LONG // 2)
    fresh(store).get(Account, wang)
    with store.database.writing() as cursor:
        old = b"an older program" + msgspec.msgpack.encode(Account(tag=wang, usable=1))
        change = snapshot_table.update().values(state=bindparam("s"))
        cursor.execute(store.database.prepare("test.old", change).text, (old,))

    assert fresh(store).get(Account, wang).usable == 480


def test_short_tags_are_not_worth_a_snapshot(store: Store) -> None:
    assert (Account.LONG, DayLog.LONG) == (True, False)


def test_a_state_read_by_one_process_follows_what_it_writes(store: Store) -> None:
    wang, li = add_members(store, 2)
    states = store.application.desk(LEDGER).states
    assert states.get(Account, wang).usable == 480

    store.application.execute(LEDGER, GiveHours(giver=wang, receiver=li, minutes=80), actor=Actor(wang))

    assert (states.get(Account, wang).usable, states.get(Account, li).usable) == (400, 560)
