"""A plaque is awarded to the unit whose work on a listing was accepted, once, and can be taken back (M15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import at_time
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.honours.commands import AwardPlaque, RevokePlaque
from ledger.honours.decisions import months_after
from ledger.honours.facts import PlaqueAwarded, PlaqueRevoked
from ledger.honours.state import Plaque, PlaqueFor
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LI, LVYUN, PEOPLE, granted
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.requests.told import LISTING, REQUEST, claimed, closed, fulfilled, posted, published, reopened

AWARD = AwardPlaque(plaque_id="plq_1", unit=LVYUN, request_id=REQUEST, tier="gold")
TAKEN = (*LISTING, claimed(LVYUN, by=LI, unit=LVYUN), fulfilled(LVYUN))
ACCEPTED = (*TAKEN, closed(LVYUN, kind="listing", requester=HE, unit=LVYUN))
AWARDED = PlaqueAwarded(
    plaque_id="plq_1",
    unit=LVYUN,
    tier="gold",
    request_id=REQUEST,
    awarded_by=CHEN,
    day=TODAY,
    until_day=date(2028, 5, 20),
)


def ask(command: Any, *before: Fact, actor: str = CHEN, now_at: int = NOW) -> Outcome:
    """The street's worker asks."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker", now_at=now_at)


def test_accepted_work_on_a_listing_earns_a_plaque_for_policys_months() -> None:
    outcome = ask(AWARD, *ACCEPTED).then(AWARDED)
    assert outcome.state(Plaque, "plq_1").awarded == AWARDED
    assert outcome.state(PlaqueFor, REQUEST).plaque_id == "plq_1"
    ask(AWARD, *ACCEPTED, rule("honours.plaque_months", 1)).then(replace(AWARDED, until_day=date(2026, 6, 20)))


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 20), 24, date(2028, 5, 20)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last(day: date, months: int, until: date) -> None:
    assert months_after(day, months) == until


@pytest.mark.parametrize(
    "story",
    [
        LISTING,
        TAKEN,
        (*ACCEPTED, reopened(LVYUN)),
        (posted(kind="order"), published(), claimed(LVYUN), fulfilled(LVYUN), closed(LVYUN, kind="order")),
        (*LISTING, claimed(BAKERY, by=LI), fulfilled(BAKERY), closed(BAKERY, kind="listing", requester=HE)),
    ],
    ids=["open", "not accepted", "reopened", "no listing", "another unit's work"],
)
def test_nothing_less_earns_one(story: tuple[Fact, ...]) -> None:
    ask(AWARD, *story).refused("work_not_accepted", Refused)


def test_a_team_or_a_person_gets_none() -> None:
    ask(replace(AWARD, unit=AIXIN), *ACCEPTED).refused("work_not_accepted")


def test_work_is_honoured_once() -> None:
    again = replace(AWARD, plaque_id="plq_2")
    ask(again, *ACCEPTED, AWARDED).refused("plaque_exists", Conflict, plaque="plq_1")
    ask(again, *ACCEPTED, AWARDED, revoked()).refused("plaque_exists", Conflict)


def test_a_plaque_is_new() -> None:
    other = replace(AWARDED, request_id="req_2")
    ask(AWARD, *ACCEPTED, other).refused("plaque_exists", Conflict, plaque="plq_1")
    ask(replace(AWARD, plaque_id="policy"), *ACCEPTED).refused("bad_id", Refused)


@pytest.mark.parametrize(
    ("changed", "code"), [({"unit": "unit_nobody"}, "no_such_unit"), ({"request_id": "req_none"}, "no_such_request")]
)
def test_unit_and_request_exist(changed: dict[str, Any], code: str) -> None:
    ask(replace(AWARD, **changed), *ACCEPTED).refused(code, NotFound)


def test_nobody_awards_one_to_a_unit_they_represent() -> None:
    ask(AWARD, *ACCEPTED, granted(CHEN, "representative", LVYUN)).refused("own_unit", NotYours)
    assert ask(AWARD, *ACCEPTED, granted(CHEN, "representative", BAKERY)).facts


# ---- taking it back ------------------------------------------------------------------------------------------------

REVOKE = RevokePlaque(plaque_id="plq_1", reason="work_undone")


def revoked(day: date = TODAY) -> PlaqueRevoked:
    """The plaque is taken down."""
    return PlaqueRevoked(plaque_id="plq_1", unit=LVYUN, reason="work_undone", revoked_by=CHEN, day=day)


def test_a_plaque_is_taken_back_with_the_reason() -> None:
    later = date(2026, 7, 1)
    outcome = ask(REVOKE, AWARDED, now_at=at_time(later, 9, 0)).then(revoked(later))
    assert outcome.state(Plaque, "plq_1").revoked


def test_a_plaque_is_taken_back_once() -> None:
    ask(REVOKE).refused("no_such_plaque", NotFound)
    ask(REVOKE, AWARDED, revoked()).refused("plaque_revoked", Conflict)
