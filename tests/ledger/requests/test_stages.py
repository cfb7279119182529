"""Each stage has a deadline where policy sets one: warned of, marked as passed, and then rolled over or handed upwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as law
from hypothesis import strategies as st

from ledger.base import Command, Fact, Scene
from ledger.clock import DEFAULT_ZONE, MICROS_PER_DAY, at_time
from ledger.errors import Conflict, NotYours, Refused
from ledger.places.facts import PlaceAdded, ResponsibleAppointed
from ledger.requests.commands import (
    ClaimRequest,
    CloseRequest,
    ContactRequester,
    DeclineRequest,
    EscalateRequest,
    FulfilRequest,
    LapseClaim,
    MarkOverdue,
    PostRequest,
    PublishRequest,
    ReleaseClaim,
    RequestWords,
    WarnRequest,
)
from ledger.requests.facts import (
    ClaimLapsed,
    ClaimReleased,
    RequestDeclined,
    RequesterContacted,
    RequestEscalated,
    RequestFulfilled,
    RequestNoticed,
    RequestOverdue,
    RequestPublished,
    RequestRolledOver,
    RequestWarned,
    StageDue,
)
from ledger.requests.handing_back import hand_back
from ledger.requests.state import Request
from tests.ledger.cast import CHEN, HE, HOUSE, LI, OPERATOR, PEOPLE, SUN, WANG, YARD, ZHAO, left
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given, rule
from tests.ledger.requests.told import CLAIM, REQUEST, claimed, fulfilled, posted, published

STREET = "place_street"
TREE: tuple[Fact, ...] = (PlaceAdded(place_id=STREET, kind="street", name="祥和街道"),)
ABOVE = PlaceAdded(place_id=YARD, kind="courtyard", name="祥云院", parent=STREET)


def heads(place: str, member: str, office: str = "院长") -> ResponsibleAppointed:
    """Somebody who answers for a place."""
    return ResponsibleAppointed(
        duty_id=f"duty_{member[4:]}", place_id=place, member_id=member, office=office, appointed_by=OPERATOR, day=TODAY
    )


ISSUE = posted(kind="issue", place=HOUSE)
CHAIN = (*PEOPLE, *TREE, ABOVE, heads(HOUSE, ZHAO, "楼栋长"), heads(YARD, SUN))


def in_days(days: int) -> int:
    """The moment that many days from now."""
    return NOW + days * MICROS_PER_DAY


def day(days: int) -> date:
    """The day that many days from today."""
    return TODAY + timedelta(days=days)


def due(stage: str, days: int) -> StageDue:
    """A stage has to be left by then."""
    return StageDue(request_id=REQUEST, stage=stage, until_day=day(days))


def follower(command: Command, *facts: Fact, days: int = 0) -> Outcome:
    """What the follower of deadlines is answered, days later."""
    return given(*facts).when(command, actor=OPERATOR, role="community_worker", now_at=in_days(days))


def up(from_place: str, to_place: str, responsible: str | None, reason: str = "overdue", **more: Any) -> Fact:
    """It went up the tree."""
    facts = {"escalated_by": OPERATOR, "day": TODAY, **more}
    return RequestEscalated(
        request_id=REQUEST, kind="issue", from_place=from_place, to_place=to_place, responsible=responsible,
        reason=reason, **facts,
    )  # fmt: skip


# ---- deadlines begin with stages -------------------------------------------------------------------------------------


def test_an_issue_has_to_be_reviewed_within_a_day() -> None:
    ask = PostRequest(request_id=REQUEST, kind="issue", requester=WANG, words=RequestWords(title="路灯不亮"))
    told = given(*PEOPLE).when(ask, actor=WANG, sealed="c").facts
    assert told[1:] == [due("posted", 1)]


def test_a_wish_has_no_deadlines_but_its_lease_until_policy_sets_them() -> None:
    ask = PostRequest(request_id=REQUEST, kind="wish", requester=WANG, words=RequestWords(title="一副老花镜"))
    assert len(given(*PEOPLE).when(ask, actor=WANG, sealed="c").facts) == 1
    late = given(*PEOPLE, rule("requests.review_days", 3)).when(ask, actor=WANG, sealed="c")
    assert late.facts[1:] == [due("posted", 3)]


def test_publishing_claiming_releasing_and_doing_each_begin_a_deadline() -> None:
    rules = (rule("requests.board_days", 9), rule("requests.contact_days", 2), rule("requests.confirm_days", 4))
    past = (*PEOPLE, *rules, posted())
    publish = given(*past).when(PublishRequest(request_id=REQUEST), actor=CHEN, role="community_worker")
    assert publish.facts[1:] == [due("published", 9)]
    take = given(*past, published()).when(ClaimRequest(claim_id=CLAIM, request_id=REQUEST, claimant=LI), actor=LI)
    assert take.facts[1:] == [due("contact", 2)]
    held = given(*past, published(), claimed())
    assert held.when(ReleaseClaim(request_id=REQUEST, claimant=LI), actor=LI).facts[1:] == [due("published", 9)]
    assert held.when(FulfilRequest(request_id=REQUEST, claimant=LI), actor=LI).facts[1:] == [due("fulfilled", 4)]


def test_moving_on_ends_the_deadline_of_the_stage_before() -> None:
    request = given(*PEOPLE, ISSUE, due("posted", 1), published()).state(Request, REQUEST)
    assert request.due is None
    follower(
        MarkOverdue(request_id=REQUEST, stage="posted"), *PEOPLE, ISSUE, due("posted", 1), published(), days=9
    ).refused("no_deadline", Conflict)


# ---- warning and marking ----------------------------------------------------------------------------------------------


def test_a_deadline_is_warned_of_once_and_only_when_it_is_near() -> None:
    past = (*CHAIN, ISSUE, due("posted", 3))
    warn = WarnRequest(request_id=REQUEST, stage="posted")
    follower(warn, *past, days=1).refused("not_yet_due", Refused)
    told = follower(warn, *past, days=2)
    told.then(RequestWarned(request_id=REQUEST, stage="posted", until_day=day(3), responsible=ZHAO, day=day(2)))
    follower(warn, *past, *told.facts, days=2).refused("already_warned", Conflict)
    follower(warn, *past, days=4).refused("already_warned", Conflict)


def test_a_lease_is_warned_of_too_and_names_who_holds_it() -> None:
    past = (*CHAIN, rule("requests.warn_days", 1), posted(), published(), claimed())
    follower(WarnRequest(request_id=REQUEST, stage="claimed"), *past).then(
        RequestWarned(request_id=REQUEST, stage="claimed", until_day=day(1), claimant=LI, day=TODAY)
    )


def test_nobody_is_warned_where_policy_wants_no_warnings() -> None:
    past = (*PEOPLE, posted(), published(), claimed())
    follower(WarnRequest(request_id=REQUEST, stage="claimed"), *past).refused("not_yet_due")


def test_a_deadline_holds_until_the_end_of_its_day() -> None:
    past = (*CHAIN, rule("requests.review_days", 1), posted(place=HOUSE), due("posted", 1))
    mark = MarkOverdue(request_id=REQUEST, stage="posted")
    follower(mark, *past, days=1).refused("not_yet_due", until_day=day(1).isoformat())
    told = follower(mark, *past, days=2)
    told.then(RequestOverdue(request_id=REQUEST, kind="wish", stage="posted", until_day=day(1), day=day(2)))
    follower(mark, *past, *told.facts, days=3).refused("already_overdue", Conflict)


def test_a_lease_lapses_and_is_not_marked() -> None:
    past = (*PEOPLE, posted(), published(), claimed())
    follower(MarkOverdue(request_id=REQUEST, stage="claimed"), *past, days=9).refused("leases_lapse")


def test_nobody_is_blamed_for_a_requester_who_does_not_confirm() -> None:
    past = (*CHAIN, posted(place=HOUSE), published(), claimed(), fulfilled(), due("fulfilled", 0))
    told = follower(MarkOverdue(request_id=REQUEST, stage="fulfilled"), *past, days=1).fact
    assert isinstance(told, RequestOverdue)
    assert (told.claimant, told.responsible) == (None, None)


# ---- rolling over -----------------------------------------------------------------------------------------------------


def test_a_wish_that_nobody_takes_rolls_over_with_priority() -> None:
    past = (*PEOPLE, rule("requests.board_days", 10), posted(), published(), due("published", 0))
    told = follower(MarkOverdue(request_id=REQUEST, stage="published"), *past, days=1)
    told.then(
        RequestRolledOver(request_id=REQUEST, kind="wish", rounds=1, day=day(1)),
        due("published", 11),
    )
    again = follower(MarkOverdue(request_id=REQUEST, stage="published"), *past, *told.facts, days=12)
    assert again.facts[0] == RequestRolledOver(request_id=REQUEST, kind="wish", rounds=2, day=day(12))


# ---- up the tree ------------------------------------------------------------------------------------------------------


def test_an_issue_that_is_not_reviewed_goes_a_tier_up_with_its_days_anew() -> None:
    told = follower(MarkOverdue(request_id=REQUEST, stage="posted"), *CHAIN, ISSUE, due("posted", 1), days=2)
    told.then(
        RequestOverdue(
            request_id=REQUEST, kind="issue", stage="posted", until_day=day(1), responsible=ZHAO, day=day(2)
        ),
        up(HOUSE, YARD, SUN, day=day(2)),
        due("posted", 3),
    )
    assert told.state(Request, REQUEST).at == YARD


def test_a_tier_without_anybody_is_passed_over_and_the_top_is_reached_at_last() -> None:
    past = (*PEOPLE, *TREE, ABOVE, heads(HOUSE, ZHAO), heads(YARD, SUN), left(SUN), ISSUE, due("posted", 0))
    told = follower(MarkOverdue(request_id=REQUEST, stage="posted"), *past, days=1)
    assert told.facts[1] == up(HOUSE, STREET, None, day=day(1))
    last = follower(MarkOverdue(request_id=REQUEST, stage="posted"), *past, *told.facts, days=3)
    assert [type(one) for one in last.facts] == [RequestOverdue]


def test_a_lease_of_an_issue_that_runs_out_goes_back_to_the_board_a_tier_higher() -> None:
    past = (*CHAIN, ISSUE, published(), claimed(until_at=in_days(1)))
    follower(LapseClaim(request_id=REQUEST), *past, days=2).then(
        ClaimLapsed(request_id=REQUEST, claim_id=CLAIM, claimant=LI, until_at=in_days(1)),
        up(HOUSE, YARD, SUN, day=day(2)),
        due("published", 3),
    )


def test_an_issue_without_a_place_stays_where_it_is() -> None:
    past = (*PEOPLE, posted(kind="issue"), due("posted", 0))
    assert len(follower(MarkOverdue(request_id=REQUEST, stage="posted"), *past, days=1).facts) == 1


@pytest.mark.parametrize(("actor", "role"), [(ZHAO, ""), (SUN, ""), (CHEN, "community_worker")])
def test_who_answers_for_the_place_or_one_above_hands_it_up_and_so_does_a_worker(actor: str, role: str) -> None:
    ask = EscalateRequest(request_id=REQUEST, reason="beyond_means")
    told = given(*CHAIN, ISSUE, published()).when(ask, actor=actor, role=role)
    told.then(up(HOUSE, YARD, SUN, "beyond_means", escalated_by=actor), due("published", 1))


def test_handing_up_is_refused_to_others_of_what_is_over_at_the_top_and_for_other_kinds() -> None:
    ask = EscalateRequest(request_id=REQUEST, reason="urgent")
    given(*CHAIN, ISSUE).when(ask, actor=LI).refused("not_in_charge", NotYours)
    worker: dict[str, Any] = {"actor": HE, "role": "community_worker"}
    settled = RequestDeclined(request_id=REQUEST, reviewer=CHEN, reason="not_ours")
    given(*CHAIN, ISSUE, settled).when(ask, **worker).refused("request_settled", Conflict)
    given(*CHAIN, posted(kind="issue", place=STREET)).when(ask, **worker).refused("at_the_top")
    given(*CHAIN, posted(kind="issue")).when(ask, **worker).refused("at_the_top")
    given(*CHAIN, posted(place=HOUSE)).when(ask, **worker).refused("does_not_escalate")


@law(st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=12))
def test_however_late_the_follower_comes_an_issue_only_ever_climbs_and_comes_to_rest(waits: list[int]) -> None:
    view = Folded(*CHAIN, ISSUE, due("posted", 0))
    past: list[Fact] = [*CHAIN, ISSUE, due("posted", 0)]
    tiers = [HOUSE, YARD, STREET]
    passed = 0
    for wait in waits:
        passed += wait
        before = tiers.index(view.state(Request, REQUEST).at or "")
        outcome = follower(MarkOverdue(request_id=REQUEST, stage="posted"), *past, days=passed)
        if outcome.error is not None:
            assert outcome.error.code in ("not_yet_due", "already_overdue")
            continue
        past += outcome.facts
        view.add(*outcome.facts)
        now = tiers.index(view.state(Request, REQUEST).at or "")
        assert now == min(before + 1, 2)


def test_who_answers_for_the_place_takes_an_issue_on_and_nothing_else() -> None:
    publish = PublishRequest(request_id=REQUEST)
    given(*CHAIN, ISSUE).when(publish, actor=ZHAO).then(
        RequestPublished(request_id=REQUEST, reviewer=ZHAO, day=TODAY), due("published", 1)
    )
    given(*CHAIN, ISSUE).when(publish, actor=LI).refused("not_allowed", NotYours)
    given(*CHAIN, posted(place=HOUSE)).when(publish, actor=ZHAO).refused("not_allowed", NotYours)
    decline = DeclineRequest(request_id=REQUEST, reason="duplicate")
    assert given(*CHAIN, ISSUE).when(decline, actor=SUN).state(Request, REQUEST).status == "declined"
    given(*CHAIN, posted(place=HOUSE)).when(decline, actor=SUN).refused("not_allowed", NotYours)


# ---- public notice ----------------------------------------------------------------------------------------------------


def test_a_wish_stands_in_public_notice_before_it_goes_on_the_board() -> None:
    past = (*PEOPLE, rule("requests.notice_days", 3), posted())
    publish = PublishRequest(request_id=REQUEST)
    told = given(*past).when(publish, actor=CHEN, role="community_worker")
    told.then(RequestNoticed(request_id=REQUEST, reviewer=CHEN, day=TODAY, until_day=day(3)))
    follower(publish, *past, *told.facts, days=3).refused("in_public_notice", until_day=day(3).isoformat())
    on_board = RequestPublished(request_id=REQUEST, reviewer=CHEN, day=day(4))
    follower(publish, *past, *told.facts, days=4).then(on_board)


def test_what_somebody_objects_to_in_public_notice_is_declined() -> None:
    noticed = RequestNoticed(request_id=REQUEST, reviewer=CHEN, day=TODAY, until_day=day(3))
    decline = DeclineRequest(request_id=REQUEST, reason="already_met")
    told = given(*PEOPLE, posted(), noticed).when(decline, actor=HE, role="community_worker")
    assert told.state(Request, REQUEST).status == "declined"


def test_an_order_needs_no_public_notice() -> None:
    past = given(*PEOPLE, rule("requests.notice_days", 3), posted(kind="order"))
    told = past.when(PublishRequest(request_id=REQUEST), actor=CHEN, role="community_worker")
    assert told.state(Request, REQUEST).status == "published"


# ---- contact ----------------------------------------------------------------------------------------------------------

CLAIMED_ONE = (*PEOPLE, posted(), published(), claimed(until_at=in_days(7)), due("contact", 2))
CONTACT = ContactRequester(request_id=REQUEST, claimant=LI)


@pytest.mark.parametrize(("days", "late"), [(2, False), (3, True)])
def test_a_claimant_says_that_they_contacted_the_requester_and_late_shows(days: int, late: bool) -> None:
    told = given(*CLAIMED_ONE).when(CONTACT, actor=LI, now_at=in_days(days), sealed="c")
    told.then(
        RequesterContacted(
            request_id=REQUEST, claim_id=CLAIM, claimant=LI, contacted_by=LI, late=late, day=day(days), words="c"
        )
    )


def test_contact_is_made_once_and_by_the_claimant() -> None:
    made = RequesterContacted(request_id=REQUEST, claim_id=CLAIM, claimant=LI, contacted_by=LI, day=TODAY)
    given(*CLAIMED_ONE, made).when(CONTACT, actor=LI).refused("already_contacted", Conflict)
    given(*CLAIMED_ONE).when(CONTACT, actor=SUN).refused("cannot_act_for", NotYours)
    given(*PEOPLE, posted(), published()).when(CONTACT, actor=LI).refused("not_claimed", Conflict)
    mark = MarkOverdue(request_id=REQUEST, stage="contact")
    follower(mark, *CLAIMED_ONE, made, days=3).refused("no_deadline")


def test_a_claimant_who_contacts_nobody_is_marked() -> None:
    follower(MarkOverdue(request_id=REQUEST, stage="contact"), *CLAIMED_ONE, days=3).then(
        RequestOverdue(request_id=REQUEST, kind="wish", stage="contact", until_day=day(2), claimant=LI, day=day(3))
    )


# ---- who left blocks nothing ------------------------------------------------------------------------------------------


def test_a_worker_confirms_where_the_one_who_asked_has_left() -> None:
    past = (*PEOPLE, posted(), published(), claimed(), fulfilled())
    close = CloseRequest(request_id=REQUEST, requester=WANG, score=4)
    given(*past).when(close, actor=HE).refused("not_the_requester")
    told = given(*past, left(WANG)).when(close, actor=HE, now_at=at_time(day(1), 9, 0))
    assert told.state(Request, REQUEST).status == "closed"


def test_released_facts_are_told_by_name() -> None:
    released = ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY)
    state = given(*CLAIMED_ONE, released).state(Request, REQUEST)
    assert (state.status, state.contact_until, state.holder) == ("published", None, None)
    done = RequestFulfilled(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY)
    assert given(*CLAIMED_ONE, done).state(Request, REQUEST).holder is None


def test_what_a_forgotten_member_held_goes_back_with_a_deadline() -> None:
    past = (*CHAIN, rule("requests.board_days", 9), posted(place=HOUSE), published(), claimed())
    view = Folded(*past)
    scene = Scene(now_at=NOW, today=TODAY, zone=DEFAULT_ZONE, actor=OPERATOR, role="community_worker")
    released = ClaimReleased(request_id=REQUEST, claim_id=CLAIM, claimant=LI, day=TODAY)
    assert hand_back(view, LI, scene) == [released, due("published", 9)]
