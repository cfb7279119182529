"""A plaque is awarded to the unit whose work on a listing was accepted, once, and can be taken back (M15)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import at_time, months_after
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.honours.commands import AwardPlaque, RevokePlaque
from ledger.honours.facts import PlaqueAwarded, PlaqueRenewed, PlaqueRevoked
from ledger.honours.state import Plaque, PlaqueFor
from ledger.requests.commands import CloseRequest, ReopenRequest
from ledger.requests.facts import RequestReopened
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LI, LVYUN, PEOPLE, granted
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.requests.told import (
    LISTING,
    REQUEST,
    claimed,
    closed,
    fulfilled,
    posted,
    published,
    released,
    reopened,
)

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


# ---- work that is opened again ---------------------------------------------------------------------------------------

REOPEN = ReopenRequest(request_id=REQUEST, requester=HE)
UNDONE = replace(reopened(LVYUN), kind="listing", requester=HE, unit=LVYUN, was_closed=True)
REDONE = (claimed(BAKERY, by=LI, unit=BAKERY), fulfilled(BAKERY), closed(BAKERY, kind="listing", requester=HE))
RENEWED = PlaqueRenewed(
    plaque_id="plq_1", unit=LVYUN, tier="gold", request_id="req_2", renewed_by=CHEN, day=TODAY,
    until_day=date(2028, 5, 20),
)  # fmt: skip


def reopen(*before: Fact) -> Outcome:
    """Another worker finds that the accepted work is not done."""
    return given(*PEOPLE, *ACCEPTED, *before).when(REOPEN, actor=HE, role="community_worker")


def test_a_plaque_comes_down_with_the_work_it_honoured() -> None:
    outcome = reopen(AWARDED)
    assert [type(one) for one in outcome.facts] == [RequestReopened, PlaqueRevoked]
    assert outcome.facts[1] == replace(revoked(), revoked_by=HE)
    assert outcome.state(Plaque, "plq_1").revoked
    assert outcome.state(PlaqueFor, REQUEST).plaque_id == ""


def test_who_does_the_work_in_the_end_earns_the_plaque() -> None:
    again = replace(AWARD, plaque_id="plq_2")
    past = (*ACCEPTED, AWARDED, UNDONE, revoked())
    assert ask(replace(again, unit=BAKERY), *past, released(LVYUN), *REDONE).facts
    assert ask(again, *past, fulfilled(LVYUN), closed(LVYUN, kind="listing", requester=HE)).facts
    ask(again, *past).refused("work_not_accepted")


def test_work_sent_back_before_it_was_accepted_takes_nothing_from_the_plaque() -> None:
    sent_back = replace(UNDONE, was_closed=False)
    assert given(*ACCEPTED, AWARDED, sent_back).state(PlaqueFor, REQUEST).plaque_id == "plq_1"
    close = CloseRequest(request_id=REQUEST, requester=HE, score=1)
    outcome = given(*PEOPLE, *TAKEN).when(close, actor=HE, role="community_worker")
    assert [type(one) for one in outcome.facts] == [RequestReopened]


@pytest.mark.parametrize(
    "hangs", [(), (AWARDED, revoked()), (AWARDED, RENEWED)], ids=["no plaque", "taken down", "renewed for other work"]
)
def test_no_plaque_comes_down_that_does_not_rest_on_the_work(hangs: tuple[Fact, ...]) -> None:
    assert [type(one) for one in reopen(*hangs).facts] == [RequestReopened]


def test_a_renewal_rests_on_the_work_it_was_for() -> None:
    other = replace(AWARDED, request_id="req_2")
    outcome = reopen(other, replace(RENEWED, request_id=REQUEST))
    assert outcome.facts[1:] == [replace(revoked(), revoked_by=HE)]
