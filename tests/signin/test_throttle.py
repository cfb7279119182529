"""How often somebody may try: an attacker is slowed, the stranger who tries my account locks me out of nothing."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from api.signin import devices
from api.signin.throttle import PASSWORDS, Throttle, place_of
from ledger.errors import TooMany
from tests.signin.house import LEDGER, House


def tries(throttle: Throttle, times: int, *, place: str, account: str = "zhao", device: str = "") -> int:
    """How many of so many tries get through."""
    through = 0
    for _ in range(times):
        try:
            throttle.count("passwords", PASSWORDS, place=place, account=account, device=device)
        except TooMany:
            continue
        through += 1
    return through


def test_an_attacker_at_one_address_has_ten_tries_at_an_account() -> None:
    assert tries(Throttle(), 50, place="192.0.2.1") == 10


def test_an_attacker_at_one_address_is_stopped_over_many_accounts_too() -> None:
    throttle = Throttle()

    assert sum(tries(throttle, 1, place="192.0.2.1", account=f"account {number}") for number in range(300)) == 120


def test_who_goes_on_at_one_account_does_not_use_up_what_their_house_has() -> None:
    throttle = Throttle()
    tries(throttle, 500, place="192.0.2.1")

    assert tries(throttle, 3, place="192.0.2.1", account="another") == 3


def test_strangers_at_many_addresses_shut_nobody_out() -> None:
    throttle = Throttle()
    for number in range(40):
        tries(throttle, 20, place=f"198.51.100.{number}")

    assert tries(throttle, 3, place="192.0.2.77") == 3


def test_a_known_browser_is_not_held_up_by_an_attacker_at_its_own_address() -> None:
    throttle = Throttle()
    for number in range(40):
        tries(throttle, 20, place="192.0.2.1", account=f"account {number}")
    assert tries(throttle, 1, place="192.0.2.1") == 0

    assert tries(throttle, 5, place="192.0.2.1", device="a browser") == 5


def test_a_known_browser_has_its_bounds_as_well() -> None:
    assert tries(Throttle(), 100, place="192.0.2.1", device="a browser") == 30


def test_after_a_quarter_of_an_hour_there_are_tries_again() -> None:
    throttle = Throttle()
    with freeze_time("2026-03-01 08:00:00") as clock:
        tries(throttle, 20, place="192.0.2.1")
        with pytest.raises(TooMany) as refused:
            throttle.count("passwords", PASSWORDS, place="192.0.2.1", account="zhao")
        assert (refused.value.code, refused.value.details) == ("too_many_tries", {"minutes": 15})
        clock.tick(15 * 60 + 1)

        assert tries(throttle, 20, place="192.0.2.1") == 10


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
