"""A claim is a lease: one party holds a request until its deadline, and then somebody else may."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners.facts import AgreementEnded
from ledger.requests.commands import ClaimRequest, DeclareUnmet, FulfilRequest, LapseClaim, ReleaseClaim
from ledger.requests.facts import (
    ClaimLapsed,
    ClaimReleased,
    ReleaseExplained,
    RequestClaimed,
    RequestFulfilled,
    RequestUnmet,
)
from ledger.requests.state import ClaimsHeld, Request
from tests.ledger.cast import (
    AIXIN,
    BAKERY,
    CHEN,
    HE,
    LI,
    LVYUN,
    OPERATOR,
    PEOPLE,
    SUN,
    WANG,
    YARD,
    ZHAO,
    granted,
    left,
    proxy,
    registered,
)
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.requests.told import (
    CLAIM,
    DECLINED,
    LATER,
    LISTING,
    NEED,
    OTHER_REQUEST,
    REQUEST,
    WEEK,
    YESTERDAY,
    claimed,
    closed,
    fulfilled,
    lapsed,
    posted,
    published,
    released,
    reopened,
    signed,
    unmet,
    withdrawn,
)

TAKE = ClaimRequest(claim_id=CLAIM, request_id=REQUEST, claimant=LI)
ON_BOARD = (posted(), published())


def ask(
    command: Any, *before: Fact, actor: str = LI, role: str = "", now_at: int = NOW, behalf: str | None = None
) -> Outcome:
    """李师傅 asks."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, now_at=now_at, sealed="c1", behalf=behalf)


def taken(claimant: str = LI, by: str = LI, unit: str | None = None) -> RequestClaimed:
    """The claim that follows now, with the usual lease."""
    return RequestClaimed(
        request_id=REQUEST,
        claim_id=CLAIM,
        claimant=claimant,
        unit=unit,
        claimed_by=by,
        until_at=NOW + WEEK,
        day=TODAY,
    )


def test_a_member_claims_a_request_for_a_week() -> None:
    outcome = ask(TAKE, *ON_BOARD).then(taken()).looking_at(REQUEST, LI)
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.claim, request.until_at) == ("claimed", taken(), NOW + WEEK)


def test_the_length_of_a_lease_is_policy() -> None:
    happened = ask(TAKE, *ON_BOARD, rule("requests.lease_days", 2)).fact
    assert isinstance(happened, RequestClaimed)
    assert happened.until_at == NOW + WEEK * 2 // 7


# ---- who claims for whom -------------------------------------------------------------------------------------------


def test_a_member_of_a_team_claims_for_it_and_the_work_counts_for_its_unit() -> None:
    ask(replace(TAKE, claimant=AIXIN), *ON_BOARD, actor=ZHAO).then(taken(AIXIN, ZHAO, LVYUN))


def test_the_leader_of_a_team_claims_for_it() -> None:
    leads = granted(SUN, "team_leader", AIXIN)
    ask(replace(TAKE, claimant=AIXIN), *ON_BOARD, leads, actor=SUN).then(taken(AIXIN, SUN, LVYUN))


def test_the_representative_of_a_unit_claims_for_it() -> None:
    speaks = granted(SUN, "representative", LVYUN)
    ask(replace(TAKE, claimant=LVYUN), *ON_BOARD, speaks, actor=SUN).then(taken(LVYUN, SUN, LVYUN))


def test_a_members_own_claim_counts_for_their_unit() -> None:
    ask(replace(TAKE, claimant=ZHAO), *ON_BOARD, actor=ZHAO).then(taken(ZHAO, ZHAO, LVYUN))


def test_a_proxy_claims_for_the_principal() -> None:
    ask(TAKE, *ON_BOARD, proxy(LI, SUN), actor=SUN).then(taken(LI, SUN))


@pytest.mark.parametrize("claimant", [LI, AIXIN, LVYUN])
@pytest.mark.parametrize("behalf", [None, LI, AIXIN, LVYUN])
def test_a_stranger_claims_for_nobody_else_whatever_they_say(claimant: str, behalf: str | None) -> None:
    elsewhere = (granted(SUN, "representative", BAKERY), granted(SUN, "team_leader", "team_other"))
    outcome = ask(replace(TAKE, claimant=claimant), *ON_BOARD, *elsewhere, actor=SUN, behalf=behalf)
    outcome.refused("cannot_act_for", NotYours, party=claimant)


def test_a_member_of_a_unit_does_not_speak_for_it() -> None:
    ask(replace(TAKE, claimant=LVYUN), *ON_BOARD, actor=ZHAO).refused("cannot_act_for")


@pytest.mark.parametrize(
    ("claimant", "code"),
    [("mem_nobody", "no_such_member"), ("team_nobody", "no_such_team"), ("unit_nobody", "no_such_unit")],
)
def test_the_claimant_is_registered(claimant: str, code: str) -> None:
    ask(replace(TAKE, claimant=claimant), *ON_BOARD).refused(code, NotFound)


def test_who_left_claims_no_more() -> None:
    ask(TAKE, *ON_BOARD, left(LI)).refused("member_left", Refused)


def test_nobody_claims_what_they_asked_for() -> None:
    ask(replace(TAKE, claimant=WANG), *ON_BOARD, actor=WANG).refused("own_request", NotYours)
    in_team = registered("mem_hu", team=AIXIN)
    mine = (posted(requester="mem_hu"), published())
    ask(replace(TAKE, claimant=AIXIN), *mine, in_team, actor="mem_hu").refused("own_request", NotYours)
    ask(TAKE, posted(requester=LI), published(), proxy(LI, SUN), actor=SUN).refused("own_request", NotYours)


# ---- one claim at a time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claimant", [LI, SUN])
@pytest.mark.parametrize("then", [(), (fulfilled(),)])
def test_a_request_has_one_claimant(claimant: str, then: tuple[Fact, ...]) -> None:
    story = (*ON_BOARD, claimed(), *then)
    ask(replace(TAKE, claimant=claimant), *story, actor=claimant).refused("already_claimed", Conflict)


def test_done_work_waits_for_the_requester_also_after_the_lease() -> None:
    story = (*ON_BOARD, claimed(), fulfilled())
    ask(replace(TAKE, claimant=SUN), *story, actor=SUN, now_at=LATER).refused("already_claimed", Conflict)


@pytest.mark.parametrize(
    ("story", "status"),
    [
        ((posted(),), "posted"),
        ((posted(), DECLINED), "declined"),
        ((*ON_BOARD, claimed(), fulfilled(), closed()), "closed"),
        ((*ON_BOARD, unmet(None)), "unmet"),
        ((*ON_BOARD, withdrawn()), "withdrawn"),
    ],
)
def test_what_is_not_on_the_board_cannot_be_claimed(story: tuple[Fact, ...], status: str) -> None:
    ask(TAKE, *story).refused("not_on_the_board", Conflict, status=status)


def test_there_has_to_be_a_request() -> None:
    ask(TAKE).refused("no_such_request", NotFound)


@pytest.mark.parametrize("back", [released(), lapsed()])
def test_what_was_handed_back_is_on_the_board_again(back: Fact) -> None:
    outcome = ask(replace(TAKE, claimant=SUN), *ON_BOARD, claimed(), back, actor=SUN).then(taken(SUN, SUN))
    request = given(*ON_BOARD, claimed(), back).state(Request, REQUEST)
    assert (request.status, request.claim, request.until_at) == ("published", None, 0)
    assert outcome.state(Request, REQUEST).status == "claimed"


def test_a_lease_that_ran_out_blocks_nobody_even_before_it_is_entered_as_lapsed() -> None:
    stale = claimed(until_at=NOW)
    outcome = ask(replace(TAKE, claimant=SUN), *ON_BOARD, stale, actor=SUN).then(
        ClaimLapsed(request_id=REQUEST, claim_id=CLAIM, claimant=LI, until_at=NOW), taken(SUN, SUN)
    )
    assert outcome.state(ClaimsHeld, LI).leases == {}
    assert outcome.state(ClaimsHeld, SUN).leases == {REQUEST: NOW + WEEK}
    fresh = claimed(until_at=NOW + 1)
    ask(replace(TAKE, claimant=SUN), *ON_BOARD, fresh, actor=SUN).refused("already_claimed")


def test_a_renewed_lease_counts_and_not_the_one_before() -> None:
    story = (*ON_BOARD, claimed(until_at=NOW - 1), fulfilled(), reopened(until_at=LATER))
    ask(replace(TAKE, claimant=SUN), *story, actor=SUN).refused("already_claimed")
    outcome = ask(replace(TAKE, claimant=SUN), *story, actor=SUN, now_at=LATER)
    assert outcome.facts[0] == ClaimLapsed(request_id=REQUEST, claim_id=CLAIM, claimant=LI, until_at=LATER)


def test_needs_are_matched_and_not_claimed() -> None:
    ask(TAKE, *NEED).refused("needs_are_matched", Refused)


def test_a_claim_has_an_id_of_its_own_kind() -> None:
    ask(replace(TAKE, claim_id="mem_li"), *ON_BOARD).refused("bad_id", Refused)


# ---- how many ------------------------------------------------------------------------------------------------------


def others(count: int, claimant: str = LI, until_at: int = LATER) -> tuple[Fact, ...]:
    """Other requests that are claimed."""
    ids = [f"req_other{n}" for n in range(count)]
    return tuple(claimed(claimant, request_id=one, until_at=until_at) for one in ids)


def test_a_member_holds_three_requests_at_once() -> None:
    assert ask(TAKE, *ON_BOARD, *others(2)).facts
    ask(TAKE, *ON_BOARD, *others(3)).refused("too_many_claims", Refused, held=3, limit=3)


@pytest.mark.parametrize("end", [released, lapsed, fulfilled])
def test_what_is_handed_back_lapsed_or_done_is_held_no_more(end: Any) -> None:
    assert ask(TAKE, *ON_BOARD, *others(3), end(LI, "req_other0")).facts


@pytest.mark.parametrize("end", [unmet(), withdrawn(LI)])
def test_what_cannot_be_done_or_is_taken_back_is_held_no_more(end: Fact) -> None:
    story = (*others(2), claimed(), replace(end, request_id=REQUEST))
    assert given(*story).state(ClaimsHeld, LI).leases.keys() == {"req_other0", "req_other1"}


def test_a_reopened_request_is_held_again() -> None:
    story = (claimed(), fulfilled(), reopened())
    assert given(*story).state(ClaimsHeld, LI).leases == {REQUEST: LATER}


def test_who_asks_holds_nothing() -> None:
    mine = replace(reopened(SUN), requester=LI)
    assert given(mine).state(ClaimsHeld, LI).leases == {}
    other = (claimed(), replace(unmet(SUN), requester=LI))
    assert given(*other).state(ClaimsHeld, LI).leases == {REQUEST: LATER}


def test_leases_that_ran_out_do_not_count() -> None:
    assert ask(TAKE, *ON_BOARD, *others(3, until_at=NOW)).facts
    ask(TAKE, *ON_BOARD, *others(3, until_at=NOW + 1)).refused("too_many_claims")


def test_a_unit_has_a_limit_of_its_own() -> None:
    speaks = granted(LI, "representative", LVYUN)
    for_unit = replace(TAKE, claimant=LVYUN)
    assert ask(for_unit, *ON_BOARD, speaks, *others(5, LVYUN)).facts
    limit = rule("requests.open_claims_of_units", 5)
    ask(for_unit, *ON_BOARD, speaks, limit, *others(5, LVYUN)).refused("too_many_claims", held=5, limit=5)


def test_a_team_has_the_limit_of_a_member() -> None:
    for_team = replace(TAKE, claimant=AIXIN)
    assert ask(for_team, *ON_BOARD, *others(2, AIXIN), actor=ZHAO).facts
    ask(for_team, *ON_BOARD, *others(3, AIXIN), actor=ZHAO).refused("too_many_claims")


# ---- listings ------------------------------------------------------------------------------------------------------

SPEAKS = granted(LI, "representative", LVYUN)
TAKE_LISTING = replace(TAKE, claimant=LVYUN)


def test_a_listing_is_taken_by_a_unit_with_an_agreement() -> None:
    ask(TAKE_LISTING, *LISTING, SPEAKS, signed()).then(taken(LVYUN, LI, LVYUN)).looking_at(LVYUN)


def test_a_listing_is_not_taken_by_a_person_or_team() -> None:
    ask(TAKE, *LISTING).refused("listings_are_for_units", Refused)
    ask(replace(TAKE, claimant=AIXIN), *LISTING, signed(), actor=ZHAO).refused("listings_are_for_units", Refused)


def test_a_listing_is_not_taken_without_an_agreement() -> None:
    ask(TAKE_LISTING, *LISTING, SPEAKS).refused("no_valid_agreement", Refused)
    ask(TAKE_LISTING, *LISTING, SPEAKS, signed(BAKERY)).refused("no_valid_agreement")


@pytest.mark.parametrize(
    ("agreement", "holds"),
    [
        (signed(from_day=TODAY), True),
        (signed(until_day=TODAY), True),
        (signed(from_day=TODAY.replace(day=21)), False),
        (signed(until_day=YESTERDAY), False),
    ],
)
def test_the_first_and_last_day_of_an_agreement_count(agreement: Fact, holds: bool) -> None:
    outcome = ask(TAKE_LISTING, *LISTING, SPEAKS, agreement)
    assert (outcome.error is None) is holds


def test_an_agreement_that_was_ended_is_none() -> None:
    end = AgreementEnded(agreement_id="agr_1", unit=LVYUN, reason="by_partner", day=TODAY)
    ask(TAKE_LISTING, *LISTING, SPEAKS, signed(), end).refused("no_valid_agreement")
    other = replace(end, agreement_id="agr_0")
    assert ask(TAKE_LISTING, *LISTING, SPEAKS, signed(), other).facts


# ---- handing back, lapsing -----------------------------------------------------------------------------------------

HELD = (*ON_BOARD, claimed())
RELEASE = ReleaseClaim(request_id=REQUEST, claimant=LI)
LAPSE = LapseClaim(request_id=REQUEST)
FULFIL = FulfilRequest(request_id=REQUEST, claimant=LI)
UNMET = DeclareUnmet(request_id=REQUEST, barrier="no_parts")


def test_the_claimant_hands_it_back() -> None:
    ask(RELEASE, *HELD).then(ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY))


def test_the_claimant_says_why_they_hand_it_back() -> None:
    ask(replace(RELEASE, reason="no_time"), *HELD).then(
        ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY),
        ReleaseExplained(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY, reason="no_time"),
    )


def test_a_worker_may_take_it_back() -> None:
    assert ask(RELEASE, *HELD, actor=CHEN, role="community_worker").facts


def test_nobody_hands_back_what_another_holds() -> None:
    ask(RELEASE, *HELD, actor=SUN).refused("cannot_act_for", NotYours)
    ask(RELEASE, *HELD, actor=SUN, behalf=LI, role="proxy").refused("cannot_act_for", NotYours)
    ask(replace(RELEASE, claimant=SUN), *HELD, actor=SUN).refused("not_the_claimant", NotYours)
    worker = ask(replace(RELEASE, claimant=SUN), *HELD, actor=CHEN, role="community_worker")
    worker.refused("not_the_claimant", NotYours)


def test_a_claim_lapses_at_its_deadline_and_not_before() -> None:
    ask(LAPSE, *HELD, actor=OPERATOR, role="administrator", now_at=LATER - 1).refused(
        "not_yet_due", Refused, until_at=LATER
    )
    outcome = ask(LAPSE, *HELD, actor=OPERATOR, role="administrator", now_at=LATER).then(lapsed())
    assert outcome.state(Request, REQUEST).status == "published"


def test_a_renewed_lease_lapses_at_its_new_deadline() -> None:
    story = (*ON_BOARD, claimed(until_at=NOW - 1), fulfilled(), reopened(until_at=LATER))
    ask(LAPSE, *story, actor=OPERATOR, role="administrator").refused("not_yet_due", until_at=LATER)


def test_the_claimant_says_that_it_is_done() -> None:
    outcome = ask(FULFIL, *HELD).then(
        RequestFulfilled(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY, words="c1")
    )
    assert outcome.state(Request, REQUEST).status == "fulfilled"


def test_a_member_of_the_team_says_that_it_is_done() -> None:
    story = (*ON_BOARD, claimed(AIXIN, by=SUN))
    assert ask(replace(FULFIL, claimant=AIXIN), *story, actor=ZHAO).facts


def test_nobody_hands_in_anothers_work() -> None:
    ask(FULFIL, *HELD, actor=SUN).refused("cannot_act_for", NotYours)
    ask(FULFIL, *HELD, actor=CHEN, role="community_worker").refused("cannot_act_for", NotYours)
    ask(replace(FULFIL, claimant=SUN), *HELD, actor=SUN).refused("not_the_claimant", NotYours)


def test_work_is_handed_in_before_the_deadline() -> None:
    assert ask(FULFIL, *HELD, now_at=LATER - 1).facts
    ask(FULFIL, *HELD, now_at=LATER).refused("claim_expired", Refused, until_at=LATER)


@pytest.mark.parametrize("command", [RELEASE, LAPSE, FULFIL])
@pytest.mark.parametrize("story", [ON_BOARD, (*HELD, fulfilled()), (*HELD, released())])
def test_what_is_not_claimed_is_neither_handed_back_nor_done(command: Any, story: tuple[Fact, ...]) -> None:
    ask(command, *story, now_at=LATER).refused("not_claimed", Conflict)


@pytest.mark.parametrize("command", [RELEASE, LAPSE, FULFIL, UNMET])
def test_nothing_happens_to_what_nobody_posted(command: Any) -> None:
    ask(command).refused("no_such_request", NotFound)


# ---- what cannot be done -------------------------------------------------------------------------------------------


def test_the_claimant_says_that_it_cannot_be_done_and_why() -> None:
    outcome = ask(UNMET, *HELD).then(
        RequestUnmet(request_id=REQUEST, claim_id=CLAIM, claimant=LI, requester=WANG, barrier="no_parts", day=TODAY)
    )
    assert outcome.state(Request, REQUEST).status == "unmet"


def test_a_worker_says_so_of_what_nobody_took() -> None:
    ask(UNMET, *ON_BOARD, actor=CHEN, role="community_worker").then(
        RequestUnmet(request_id=REQUEST, requester=WANG, barrier="no_parts", day=TODAY)
    )


def test_a_worker_says_so_of_what_somebody_holds() -> None:
    assert ask(UNMET, *HELD, actor=CHEN, role="community_worker").facts


def test_nobody_else_says_so() -> None:
    ask(UNMET, *HELD, actor=SUN).refused("cannot_act_for", NotYours)
    ask(UNMET, *ON_BOARD, actor=SUN).refused("not_the_claimant", NotYours)


@pytest.mark.parametrize("story", [(posted(),), (*HELD, fulfilled()), (*HELD, unmet()), (*HELD, withdrawn(LI))])
def test_only_what_is_on_the_board_or_claimed_turns_out_unmet(story: tuple[Fact, ...]) -> None:
    ask(UNMET, *story, actor=HE, role="community_worker").refused("not_on_the_board", Conflict)


@pytest.mark.parametrize("barrier", ["", " ", "x" * 61, "a\x07b"])
def test_a_barrier_is_named(barrier: str) -> None:
    ask(replace(UNMET, barrier=barrier), *HELD).refused("bad_name", Refused, field="barrier")


def test_the_request_keeps_its_place_and_kind_whoever_claims_it() -> None:
    request = given(posted(place=YARD), published(), claimed()).state(Request, REQUEST)
    assert request.posted is not None
    assert (request.kind, request.requester, request.posted.place) == ("wish", WANG, YARD)
    assert given(posted(OTHER_REQUEST)).state(Request, REQUEST).kind == ""
