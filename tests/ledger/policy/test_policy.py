"""A rule has a value from a day on; what was decided before keeps the rule it was decided by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import Refused, Unusable
from ledger.policy.commands import SetPolicy
from ledger.policy.decisions import CHECKS
from ledger.policy.facts import PolicySet
from ledger.policy.state import DEFAULTS, LATER, SINCE_EVER, Policy
from tests.ledger.cast import OPERATOR
from tests.ledger.given import TODAY, Outcome, given, rule, survives_snapshot

TOMORROW = date(2026, 5, 21)


def set_to(value: Any, name: str = "hours.daily_cap_minutes", from_day: date | None = None) -> Outcome:
    """The administrator puts a rule in force."""
    command = SetPolicy(name=name, value=value, from_day=from_day)
    return given().when(command, actor=OPERATOR, role="administrator")


def test_a_rule_is_in_force_from_today_unless_another_day_is_named() -> None:
    outcome = set_to(600)
    outcome.then(PolicySet(name="hours.daily_cap_minutes", value=600, from_day=TODAY))
    policy = outcome.state(Policy, "policy")
    assert policy.number("hours.daily_cap_minutes", TODAY) == 600
    assert policy.number("hours.daily_cap_minutes", date(2026, 5, 19)) == 480


def test_a_rule_of_tomorrow_is_not_in_force_today() -> None:
    policy = set_to(600, from_day=TOMORROW).state(Policy, "policy")
    assert policy.number("hours.daily_cap_minutes", TODAY) == 480
    assert policy.number("hours.daily_cap_minutes", TOMORROW) == 600


def test_no_rule_is_set_for_a_day_that_has_passed() -> None:
    set_to(600, from_day=date(2026, 5, 19)).refused("retroactive_policy", Refused)
    assert set_to(600, from_day=TODAY).facts


@pytest.mark.parametrize("name", ["hours.no_such_rule", "", "policy"])
def test_only_rules_that_the_ledger_knows_are_set(name: str) -> None:
    set_to(1, name).refused("no_such_policy", Refused)


def test_a_ledger_begins_with_the_rules_of_law_practice_and_choice() -> None:
    assert DEFAULTS == {
        "hours.daily_cap_minutes": 8 * 60,
        "hours.entry_working_days": 10,
        "hours.verifiers": 1,
        "hours.overdraft_minutes": 0,
        "hours.storage_cap_minutes": None,
        "hours.overflow_to": "pool",
        "hours.expiry_months": None,
        "hours.reservation_days": 30,
        "requests.wish_ceiling_fen": 500_00,
        "requests.open_claims": 3,
        "requests.open_claims_of_units": 1_000,
        "requests.lease_days": 7,
        "requests.reopen_below": 3,
        "requests.reopen_days": 30,
        "requests.quantity_limit": 1_000_000,
        "funds.committee_least": 5,
        "partners.quantity_limit": 1_000_000,
        "honours.star_hours": (100, 300, 600, 1_000, 1_500),
        "honours.plaque_months": 24,
        "calendar.holidays": (),
    }
    assert date(1990, 1, 1) == SINCE_EVER


def test_every_rule_has_its_check_and_every_default_passes() -> None:
    assert CHECKS.keys() == DEFAULTS.keys() | LATER.keys()
    assert [name for name, value in {**DEFAULTS, **LATER}.items() if not CHECKS[name](value)] == []


def test_a_rule_that_came_later_holds_in_older_ledgers_until_it_is_set() -> None:
    assert given().state(Policy, "policy").number("privacy.erasers", TODAY) == 1
    assert given(rule("privacy.erasers", 2, TODAY)).state(Policy, "policy").number("privacy.erasers", TODAY) == 2


COUNTS = [name for name, value in DEFAULTS.items() if isinstance(value, int)]
LIMITS = {
    "hours.daily_cap_minutes": (0, 1440),
    "hours.entry_working_days": (0, 249),
    "hours.verifiers": (1, 2),
    "hours.overdraft_minutes": (0, 52_560_000),
    "hours.storage_cap_minutes": (0, 52_560_000),
    "hours.expiry_months": (1, 1_200),
    "hours.reservation_days": (1, 36_600),
    "requests.wish_ceiling_fen": (0, 10**13),
    "requests.open_claims": (0, 10**9),
    "requests.open_claims_of_units": (0, 10**9),
    "requests.lease_days": (1, 36_600),
    "requests.reopen_below": (1, 6),
    "requests.reopen_days": (0, 36_600),
    "requests.quantity_limit": (1, 10**9),
    "funds.committee_least": (1, 99),
    "partners.quantity_limit": (1, 10**9),
    "honours.plaque_months": (1, 1_200),
    "privacy.erasers": (1, 2),
    "appraisals.monthly_seats": (2, 50),
    "appraisals.quarterly_seats": (2, 50),
    "appraisals.days": (1, 366),
    "appraisals.quorum_percent": (1, 100),
    "appraisals.rectification_days": (1, 36_600),
    "appraisals.failures": (0, 99),
    "trials.extensions": (0, 99),
    "trials.approval_levels": (0, 9),
    "votes.days": (1, 36_600),
    "projects.yearly_quota": (0, 10**9),
    "projects.appraisals_least": (0, 10**9),
    "projects.satisfied_from": (1, 5),
}


@pytest.mark.parametrize(("name", "least", "most"), [(name, *limits) for name, limits in LIMITS.items()])
def test_a_number_keeps_to_its_bounds(name: str, least: int, most: int) -> None:
    assert set_to(least, name).facts
    assert set_to(most, name).facts
    set_to(least - 1, name).refused("bad_policy_value", Refused, name=name)
    set_to(most + 1, name).refused("bad_policy_value", Refused)


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("value", [True, "8", None, (1,), ()])
def test_a_number_is_a_number(name: str, value: Any) -> None:
    set_to(value, name).refused("bad_policy_value", Refused)


@pytest.mark.parametrize("name", ["hours.storage_cap_minutes", "hours.expiry_months"])
def test_there_may_be_no_such_limit(name: str) -> None:
    assert set_to(None, name).facts
    set_to(True, name).refused("bad_policy_value")
    set_to("none", name).refused("bad_policy_value")


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("hours.overflow_to", ["pool", "honour"], ["", "bank", None, 1, ("pool",)]),
        (
            "honours.star_hours",
            [(1,), (100, 300), (1, 2, 3, 4, 5)],
            [(), (0,), (-1, 3), (3, 3), (3, 2), (1, 2, 3, 4, 5, 6), ("1",), (True, 2), 5, "12345", None],
        ),
        *(
            (
                name,
                [(1, 2), (2, 3), (1, 1), (1_000, 1_000)],
                [(), (1,), (0, 2), (3, 2), (-1, 2), (1, 1_001), (1, 2, 3), ("1", 2), (True, 2), 1, "1/2", None],
            )
            for name in ("votes.quorum", "votes.majority", "votes.major_majority")
        ),
        (
            "appraisals.grades",
            [(60, 75, 90), (1, 2, 100)],
            [(), (60, 75), (60, 75, 101), (75, 60, 90), (0, 60, 90), (60, 75, 90, 95), 60, None, ("60", 75, 90)],
        ),
        (
            "calendar.holidays",
            [(), ("2026-10-01",), ("2026-10-01", "2026-10-02")],
            [("2026-10-32",), ("20261001",), ("",), (20261001,), "2026-10-01", "", None, 3],
        ),
    ],
)
def test_other_rules_are_words_thresholds_and_days(name: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert set_to(value, name).facts
    for value in bad:
        set_to(value, name).refused("bad_policy_value", Refused)


def test_the_latest_of_the_rules_that_began_is_in_force() -> None:
    story = (rule("hours.overflow_to", "honour", TODAY), rule("hours.overflow_to", "pool", TODAY))
    assert given(*story).state(Policy, "policy").text("hours.overflow_to", TODAY) == "pool"


def test_a_ledger_that_was_never_opened_has_no_rules() -> None:
    with pytest.raises(Unusable, match=r"policy_missing \(name=hours.verifiers\)"):
        Policy(tag="policy").value("hours.verifiers", TODAY)
    with pytest.raises(Unusable, match="policy_missing"):
        given().state(Policy, "policy").value("hours.verifiers", date(1989, 12, 31))


def test_the_rules_survive_a_snapshot() -> None:
    policy = given(rule("calendar.holidays", ("2026-10-01",))).state(Policy, "policy")
    assert survives_snapshot(policy)
    assert policy.value("honours.star_hours", SINCE_EVER) == (100, 300, 600, 1_000, 1_500)
    assert policy.number_or_none("hours.storage_cap_minutes", TODAY) is None
