"""How often somebody may try: an attacker is slowed, the stranger who tries my account locks me out of nothing."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from api.signin import devices
from api.signin.throttle import PASSWORDS, Throttle, place_of
from api.store import Store
from ledger.errors import TooMany
from ledger.journal.sign_in_tables import sign_in_tries
from tests.signin.house import LEDGER, House, at_once


def tries(throttle: Throttle, times: int, *, place: str, account: str = "zhao", device: str = "") -> int:
    """How many of so many tries get through."""
    through = 0
    for _ in range(times):
        try:
            throttle.count(LEDGER, "passwords", PASSWORDS, place=place, account=account, device=device)
        except TooMany:
            continue
        through += 1
    return through


def test_an_attacker_at_one_address_has_ten_tries_at_an_account(house: House) -> None:
    assert tries(Throttle(house.store), 50, place="192.0.2.1") == 10


def test_an_attacker_at_one_address_is_stopped_over_many_accounts_too(house: House) -> None:
    throttle = Throttle(house.store)

    assert sum(tries(throttle, 1, place="192.0.2.1", account=f"account {number}") for number in range(300)) == 120


def test_who_goes_on_at_one_account_does_not_use_up_what_their_house_has(house: House) -> None:
    throttle = Throttle(house.store)
    tries(throttle, 500, place="192.0.2.1")

    assert tries(throttle, 3, place="192.0.2.1", account="another") == 3


def test_strangers_at_many_addresses_shut_nobody_out(house: House) -> None:
    throttle = Throttle(house.store)
    for number in range(40):
        tries(throttle, 20, place=f"198.51.100.{number}")

    assert tries(throttle, 3, place="192.0.2.77") == 3


def test_a_known_browser_is_not_held_up_by_an_attacker_at_its_own_address(house: House) -> None:
    throttle = Throttle(house.store)
    for number in range(40):
        tries(throttle, 20, place="192.0.2.1", account=f"account {number}")
    assert tries(throttle, 1, place="192.0.2.1") == 0

    assert tries(throttle, 5, place="192.0.2.1", device="a browser") == 5


def test_a_known_browser_has_its_bounds_as_well(house: House) -> None:
    assert tries(Throttle(house.store), 100, place="192.0.2.1", device="a browser") == 30


def test_after_a_quarter_of_an_hour_there_are_tries_again(house: House) -> None:
    throttle = Throttle(house.store)
    tries(throttle, 20, place="192.0.2.1")
    with pytest.raises(TooMany) as refused:
        throttle.count(LEDGER, "passwords", PASSWORDS, place="192.0.2.1", account="zhao")
    assert (refused.value.code, refused.value.details) == ("too_many_tries", {"minutes": 15})
    house.clock.minutes += 15

    assert tries(throttle, 20, place="192.0.2.1") == 10


def test_no_quarter_of_an_hour_however_laid_has_more_tries(house: House) -> None:
    throttle = Throttle(house.store)
    assert tries(throttle, 1, place="192.0.2.1") == 1
    house.clock.minutes += 14
    assert tries(throttle, 20, place="192.0.2.1") == 9
    house.clock.minutes += 2

    assert tries(throttle, 20, place="192.0.2.1") == 1, "only the first is a quarter of an hour old"


def test_a_restart_gives_no_tries_back(house: House) -> None:
    tries(Throttle(house.store), 20, place="192.0.2.1")

    assert tries(Throttle(house.store), 20, place="192.0.2.1") == 0


def test_racing_processes_have_no_more_tries_between_them_than_one(either_house: House) -> None:
    settings = either_house.store.settings
    assert settings is not None
    second = Store.open(settings, clock=either_house.clock)
    try:
        throttles = [Throttle(either_house.store), Throttle(second)]
        turn = itertools.count()

        def attempt() -> str:
            throttles[next(turn) % 2].count(LEDGER, "passwords", PASSWORDS, place="192.0.2.1", account="zhao")
            return "through"

        came = at_once(24, attempt)
    finally:
        second.close()

    assert sorted(map(str, came)) == ["through"] * 10 + ["too_many_tries"] * 14


def test_racing_at_many_accounts_of_one_address_nobody_waits_for_ever(either_house: House) -> None:
    throttle = Throttle(either_house.store)
    turn = itertools.count()

    def attempt() -> str:
        account = f"account {next(turn) % 3}"
        throttle.count(LEDGER, "passwords", PASSWORDS, place="192.0.2.1", account=account)
        return "through"

    assert sorted(map(str, at_once(33, attempt))) == ["through"] * 30 + ["too_many_tries"] * 3


def test_counts_that_say_nothing_any_more_are_swept(house: House) -> None:
    throttle = Throttle(house.store)
    for number in range(5):
        tries(throttle, 1, place=f"198.51.100.{number}")
    house.clock.minutes += 61
    tries(throttle, 1, place="192.0.2.1")

    with house.store.database.engine.connect() as connection:
        assert len(connection.execute(select(sign_in_tries)).all()) == 2


def test_neither_an_address_nor_an_account_can_be_read_from_the_counts(house: House) -> None:
    tries(Throttle(house.store), 1, place="192.0.2.1", account="13811110003")

    with house.store.database.engine.connect() as connection:
        kept = str(connection.execute(select(sign_in_tries)).all())
    assert "192.0.2" not in kept
    assert "1381111" not in kept


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_a_household_is_one_place(host: str | None, place: str) -> None:
    assert place_of(host) == place


def test_a_browser_is_known_for_the_account_it_signed_in_to_and_no_other(house: House) -> None:
    wang = house.ids["wang"]
    with house.store.database.writing() as cursor:
        devices.remember(house.store, cursor, LEDGER, wang, "account of wang", "a secret in a cookie")

    assert devices.known(house.store, LEDGER, "a secret in a cookie", "account of wang")
    assert devices.known(house.store, LEDGER, "a secret in a cookie", "account of li") == ""
    assert devices.known(house.store, LEDGER, "another secret", "account of wang") == ""
    assert devices.known(house.store, LEDGER, "", "account of wang") == ""


def test_a_browser_is_forgotten_after_half_a_year_or_when_its_owner_says_so(house: House) -> None:
    wang = house.ids["wang"]
    for secret in ("old", "new"):
        with house.store.database.writing() as cursor:
            devices.remember(house.store, cursor, LEDGER, wang, "account", secret)
        house.clock.minutes += devices.DAYS * 24 * 60 - 10 if secret == "old" else 20
    assert [devices.known(house.store, LEDGER, secret, "account") != "" for secret in ("old", "new")] == [False, True]

    with house.store.database.writing() as cursor:
        devices.forget(house.store, cursor, LEDGER, wang)
    assert devices.known(house.store, LEDGER, "new", "account") == ""
