"""A street lived from a seed: nothing goes astray, every invariant holds, and the same seed tells the same story."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from api.simulation.checks import Checks
from api.simulation.life import BEGAN, Lived, live
from api.simulation.street import Astray, Moment, Street
from api.store import Store
from ledger.clock import at_time, day_of
from ledger.errors import Conflict
from ledger.hours.commands import GiveHours
from tests.cli.story import DAY
from tests.house.stores import LEDGER, open_ledger, settings_for, store_at

PEOPLE, DAYS = 300, 100


def lived_in(folder: Path, *, people: int = PEOPLE, days: int = DAYS, seed: int = 7) -> Lived:
    folder.mkdir(exist_ok=True)
    settings = settings_for(f"sqlite:///{folder / 'street.db'}", folder)
    return live(settings, LEDGER, people=people, days=days, seed=seed)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One life for the tests that only look at it."""
    return lived_in(tmp_path_factory.mktemp("street"))


def test_no_invariant_is_violated_and_each_was_looked_at(lived: Lived) -> None:
    assert lived.violated == []
    for invariant in ("balances", "funds", "minutes", "tables", "rules", "double_entries"):
        assert lived.looked[invariant] > 0, invariant


def test_the_same_seed_tells_the_same_story(lived: Lived, tmp_path: Path) -> None:
    again = lived_in(tmp_path / "again")

    assert msgspec.structs.replace(again, seconds=0, looked={}) == msgspec.structs.replace(lived, seconds=0, looked={})


def test_another_seed_tells_another(lived: Lived, tmp_path: Path) -> None:
    assert lived_in(tmp_path / "other", seed=8).commands != lived.commands


def test_a_ledger_that_is_lived_in_already_is_left_alone(tmp_path: Path) -> None:
    lived_in(tmp_path, people=20, days=1)

    with pytest.raises(Conflict, match="ledger_open"):
        lived_in(tmp_path, people=20, days=1)


def test_a_balance_that_somebody_changed_is_found(tmp_path: Path) -> None:
    lived_in(tmp_path, people=100, days=20)
    with store_at(f"sqlite:///{tmp_path / 'street.db'}", tmp_path) as store:
        checks = Checks(store, LEDGER)
        checks.monthly("before")
        assert checks.violated == []
        with store.database.writing() as cursor:
            cursor.execute("UPDATE accounts SET balance = balance + 1 WHERE account = 'hours:issued'")

        checks.monthly("after")
        checks.at_the_end()

    assert any("all accounts together hold 1 minutes" in one for one in checks.violated)
    assert any(one.startswith("accounts:") for one in checks.violated)


def test_no_day_is_lived_that_is_not_over(tmp_path: Path) -> None:
    noon = at_time(DAY, 12, 0)
    settings = settings_for(f"sqlite:///{tmp_path / 'street.db'}", tmp_path)

    told = live(settings, LEDGER, people=60, days=10, seed=7, began=DAY - timedelta(days=4), until=noon, rules=False)

    assert told.days == 4
    with Store.open(settings) as store, store.database.reading() as cursor:
        cursor.execute("SELECT MAX(recorded_at) FROM events", ())
        ((latest_at,),) = cursor.fetchall()
    assert at_time(DAY - timedelta(days=1), 7, 0) < latest_at < noon


def test_a_long_life_begins_early_enough_to_be_over_by_now(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'street.db'}", tmp_path)
    until = at_time(BEGAN + timedelta(days=2), 23, 0)

    told = live(settings, LEDGER, people=60, days=5, seed=7, until=until, rules=False)

    assert told.days == 5
    with Store.open(settings) as store, store.database.reading() as cursor:
        cursor.execute("SELECT MIN(recorded_at), MAX(recorded_at) FROM events", ())
        ((first_at, last_at),) = cursor.fetchall()
    assert day_of(first_at) == date(BEGAN.year - 1, 1, 1)
    assert last_at <= until


@pytest.fixture
def empty(tmp_path: Path) -> Street:
    """A street on which nobody lives."""
    clock = Moment()
    clock.at = at_time(DAY, 9, 0)
    settings = settings_for(f"sqlite:///{tmp_path / 'street.db'}", tmp_path)
    store = Store.open(settings, clock=clock)
    open_ledger(store)
    return Street(store, LEDGER, clock, 1, 0)


def test_what_must_be_refused_and_is_not_or_otherwise_stops_the_simulation(empty: Street) -> None:
    gift = GiveHours(giver="mem_a", receiver="mem_b", minutes=1)

    empty.refused(gift, "not_a_member", by="mem_a")
    with pytest.raises(Astray, match="not_a_member, not gift_to_oneself"):
        empty.refused(gift, "gift_to_oneself", by="mem_a")
    with pytest.raises(Astray, match="not_a_member"):
        empty.do(gift, by="mem_a")
    with pytest.raises(Astray, match="not_a_member"):
        empty.attempt(gift, by="mem_a", unless=("insufficient_hours",))
    assert empty.attempt(gift, by="mem_a", unless=("not_a_member",)) is None
    empty.store.close()
