"""补录: a request out of an old book is entered with its whole story, each fact under its own day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.requests.commands import RecordPastRequest
from ledger.requests.facts import (
    ClaimReleased,
    RequestClaimed,
    RequestClosed,
    RequestFulfilled,
    RequestPosted,
    RequestPublished,
    RequestUnmet,
)
from ledger.requests.state import Request
from tests.ledger.cast import AIXIN, CHEN, HOUSE, LI, LVYUN, OPERATOR, PEOPLE, SUN, WANG, YARD
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.requests.told import CLAIM, LATER, REQUEST, WEEK, claimed, posted

DAY, DONE_ON = date(2019, 3, 8), date(2019, 3, 20)
PAST = RecordPastRequest(
    request_id=REQUEST, claim_id=CLAIM, kind="order", requester=WANG, day=DAY, outcome="claimed", claimant=AIXIN
)

POSTED = RequestPosted(
    request_id=REQUEST, kind="order", requester=WANG, place=HOUSE, channel="import", day=DAY, record=True, words="c1"
)
PUBLISHED = RequestPublished(request_id=REQUEST, reviewer=CHEN, day=DAY)
CLAIMED = RequestClaimed(
    request_id=REQUEST, claim_id=CLAIM, claimant=AIXIN, unit=LVYUN, claimed_by=CHEN, until_at=NOW + WEEK, day=DAY
)


def enter(command: RecordPastRequest, *before: Fact, actor: str = CHEN) -> Outcome:
    """A community worker copies an old book."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker", sealed="c1")


def test_what_was_only_asked_waits_for_review() -> None:
    enter(replace(PAST, outcome="posted", claimant=None)).then(POSTED)


def test_what_is_open_is_on_the_board() -> None:
    enter(replace(PAST, outcome="open", claimant=None)).then(POSTED, PUBLISHED)


def test_what_is_still_claimed_has_a_lease_from_now() -> None:
    outcome = enter(PAST).then(POSTED, PUBLISHED, CLAIMED)
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.until_at) == ("claimed", NOW + WEEK)


def test_what_was_handed_back_is_on_the_board() -> None:
    outcome = enter(replace(PAST, outcome="released", closed_on=DONE_ON)).then(
        POSTED, PUBLISHED, CLAIMED, ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=AIXIN, day=DONE_ON)
    )
    assert outcome.state(Request, REQUEST).status == "published"


@pytest.mark.parametrize("score", [None, 5, 1])
def test_what_was_done_is_closed_without_a_score_unless_the_book_has_one(score: int | None) -> None:
    enter(replace(PAST, outcome="fulfilled", closed_on=DONE_ON, score=score)).then(
        POSTED,
        PUBLISHED,
        CLAIMED,
        RequestFulfilled(request_id=REQUEST, claim_id=CLAIM, claimant=AIXIN, day=DONE_ON),
        RequestClosed(
            request_id=REQUEST,
            kind="order",
            claim_id=CLAIM,
            claimant=AIXIN,
            unit=LVYUN,
            requester=WANG,
            place=HOUSE,
            score=score,
            closed_by=CHEN,
            day=DONE_ON,
        ),
    )


@pytest.mark.parametrize(("barrier", "stands"), [("no_parts", "no_parts"), ("", "unknown")])
def test_what_could_not_be_done_says_why_or_that_nobody_knows(barrier: str, stands: str) -> None:
    enter(replace(PAST, outcome="unmet", barrier=barrier, closed_on=DONE_ON)).then(
        POSTED,
        PUBLISHED,
        CLAIMED,
        RequestUnmet(request_id=REQUEST, claim_id=CLAIM, claimant=AIXIN, requester=WANG, barrier=stands, day=DONE_ON),
    )


def test_what_nobody_took_may_be_unmet() -> None:
    enter(replace(PAST, outcome="unmet", claimant=None)).then(
        POSTED, PUBLISHED, RequestUnmet(request_id=REQUEST, requester=WANG, barrier="unknown", day=DAY)
    )


def test_without_a_day_of_closing_it_ended_on_its_own_day() -> None:
    *_, done, over = enter(replace(PAST, outcome="fulfilled")).facts
    assert isinstance(done, RequestFulfilled)
    assert isinstance(over, RequestClosed)
    assert (done.day, over.day) == (DAY, DAY)


def test_the_old_book_may_not_say_who_asked() -> None:
    first = enter(replace(PAST, requester=None)).facts[0]
    assert isinstance(first, RequestPosted)
    assert (first.requester, first.place) == (None, None)


def test_what_the_old_book_says_is_kept() -> None:
    told = replace(PAST, place=YARD, category="repair", value_fen=99_00, item="lamp", quantity=2)
    first = enter(told).facts[0]
    assert isinstance(first, RequestPosted)
    assert (first.place, first.category, first.value_fen) == (YARD, "repair", 99_00)
    assert (first.item, first.quantity) == ("lamp", 2)


@pytest.mark.parametrize(("claimant", "unit"), [(LVYUN, LVYUN), (AIXIN, LVYUN), (LI, None)])
def test_the_work_counts_for_the_claimants_unit(claimant: str, unit: str | None) -> None:
    last = enter(replace(PAST, claimant=claimant)).facts[-1]
    assert isinstance(last, RequestClaimed)
    assert last.unit == unit


def test_the_limit_of_open_claims_is_not_for_the_past() -> None:
    held = [claimed(AIXIN, request_id=f"req_old{n}", until_at=LATER) for n in range(9)]
    assert enter(PAST, *held).facts


# ---- what contradicts itself or cannot be --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"day": date(1970, 1, 1)},
        {"day": date(1989, 12, 31)},
        {"day": date(2026, 5, 21)},
        {"day": date(2100, 1, 1)},
        {"outcome": "fulfilled", "closed_on": date(2019, 3, 7)},
        {"outcome": "fulfilled", "closed_on": date(2026, 5, 21)},
    ],
)
def test_a_date_that_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    enter(replace(PAST, **changed)).refused("implausible_date", Refused)


@pytest.mark.parametrize(
    "changed",
    [
        {"day": date(1990, 1, 1)},
        {"day": TODAY},
        {"closed_on": DAY, "outcome": "released"},
        {"closed_on": TODAY, "outcome": "unmet"},
    ],
)
def test_the_first_and_last_plausible_days_are_accepted(changed: dict[str, Any]) -> None:
    assert enter(replace(PAST, **changed)).facts


@pytest.mark.parametrize("outcome", ["claimed", "released", "fulfilled"])
def test_what_somebody_took_names_who(outcome: Any) -> None:
    enter(replace(PAST, outcome=outcome, claimant=None)).refused("claimant_missing", Refused, outcome=outcome)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": "posted"}, "claimant"),
        ({"outcome": "open"}, "claimant"),
        ({"outcome": "claimed", "closed_on": DONE_ON}, "closed_on"),
        ({"outcome": "open", "claimant": None, "closed_on": DONE_ON}, "closed_on"),
        ({"outcome": "released", "score": 3}, "score"),
        ({"outcome": "unmet", "score": 3}, "score"),
    ],
)
def test_what_contradicts_itself_is_refused(changed: dict[str, Any], field: str) -> None:
    enter(replace(PAST, **changed)).refused("outcome_disagrees", Refused, field=field)


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"requester": "mem_nobody"}, "no_such_member", NotFound),
        ({"requester": OPERATOR}, "no_such_unit", NotFound),
        ({"claimant": "unit_nobody"}, "no_such_unit", NotFound),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"claimant": WANG}, "own_request", NotYours),
        ({"outcome": "fulfilled", "score": 6}, "bad_score", Refused),
        ({"outcome": "unmet", "barrier": "x" * 61}, "bad_name", Refused),
        ({"category": "x" * 61}, "bad_name", Refused),
        ({"kind": "wish", "value_fen": 500_01}, "over_ceiling", Refused),
        ({"quantity": 1_000_001}, "absurd_quantity", Refused),
        ({"request_id": "policy"}, "bad_id", Refused),
        ({"claim_id": "policy"}, "bad_id", Refused),
    ],
)
def test_what_is_named_has_to_exist_and_be_plausible(changed: dict[str, Any], code: str, kind: type) -> None:
    enter(replace(PAST, **changed)).refused(code, kind)


@pytest.mark.parametrize("field", ["category", "barrier"])
def test_a_refusal_names_the_field(field: str) -> None:
    told: dict[str, Any] = {field: "x" * 61}
    command = replace(PAST, outcome="unmet", **told)
    enter(command).refused("bad_name", Refused, field=field)


def test_a_listing_of_the_past_came_from_a_service() -> None:
    listing = replace(PAST, kind="listing", requester=OPERATOR, claimant=LVYUN, outcome="fulfilled")
    assert enter(listing).facts
    enter(replace(listing, requester="svc_ NOBODY")).refused("bad_id", Refused)


def test_nobody_confirms_their_own_work_by_calling_it_past() -> None:
    mine = replace(PAST, claimant=CHEN)
    enter(replace(mine, outcome="fulfilled")).refused("self_verification", NotYours)
    assert enter(replace(mine, outcome="released")).facts
    assert enter(replace(PAST, claimant=SUN, outcome="fulfilled")).facts


def test_a_past_request_is_entered_once() -> None:
    enter(PAST, posted()).refused("request_exists", Conflict)


# ---- needs of the past ---------------------------------------------------------------------------------------------

NEED = replace(PAST, kind="need", item="masks", quantity=500, outcome="open", claimant=None)


def test_a_need_of_the_past_waits_for_a_match() -> None:
    outcome = enter(NEED)
    assert outcome.state(Request, REQUEST).wanting == 500


@pytest.mark.parametrize(
    "changed", [{"claimant": LI, "outcome": "unmet"}, {"outcome": "fulfilled"}, {"claimant": LI, "outcome": "claimed"}]
)
def test_a_need_of_the_past_was_not_claimed(changed: dict[str, Any]) -> None:
    enter(replace(NEED, **changed)).refused("needs_are_matched", Refused)


def test_a_need_of_the_past_may_have_stayed_unmet() -> None:
    assert enter(replace(NEED, outcome="unmet")).facts


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"item": None}, "item_missing"),
        ({"quantity": None}, "quantity_missing"),
        ({"quantity": 10**10}, "absurd_quantity"),
    ],
)
def test_a_need_of_the_past_says_what_and_how_many(changed: dict[str, Any], code: str) -> None:
    enter(replace(NEED, **changed)).refused(code, Refused)


def test_the_lease_of_what_is_still_claimed_is_policy() -> None:
    last = enter(PAST, rule("requests.lease_days", 14)).facts[-1]
    assert isinstance(last, RequestClaimed)
    assert last.until_at == NOW + 2 * WEEK
