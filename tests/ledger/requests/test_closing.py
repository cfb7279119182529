"""结单: who asked says whether it is done, with satisfaction 1 to 5, and may say later that it was not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.requests.commands import CloseRequest, ReopenRequest, WithdrawRequest
from ledger.requests.facts import RequestClosed, RequestReopened, RequestWithdrawn
from ledger.requests.state import ClaimsHeld, Request
from tests.ledger.cast import AIXIN, CHEN, HE, HOUSE, LI, LVYUN, PEOPLE, SUN, WANG, ZHAO, granted, proxy, registered
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.requests.told import (
    CLAIM,
    DECLINED,
    LISTING,
    NEED,
    REQUEST,
    WEEK,
    cancelled,
    claimed,
    closed,
    delivered,
    fulfilled,
    matched,
    posted,
    published,
    reopened,
    unmet,
    withdrawn,
)

CLOSE = CloseRequest(request_id=REQUEST, requester=WANG, score=4)
REOPEN = ReopenRequest(request_id=REQUEST, requester=WANG)
WITHDRAW = WithdrawRequest(request_id=REQUEST, requester=WANG)
HELD = (posted(place=HOUSE), published(), claimed(unit=LVYUN))
DONE = (*HELD, fulfilled())
OVER = (*DONE, closed(unit=LVYUN))


def ask(command: Any, *before: Fact, actor: str = WANG, role: str = "", sealed: str = "c1") -> Outcome:
    """王阿姨 asks."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, sealed=sealed)


def closing(score: int, *, by: str = WANG, explained: bool = False) -> RequestClosed:
    """The closing that follows now."""
    return RequestClosed(
        request_id=REQUEST,
        kind="wish",
        claim_id=CLAIM,
        claimant=LI,
        unit=LVYUN,
        requester=WANG,
        place=HOUSE,
        score=score,
        explained=explained,
        closed_by=by,
        day=TODAY,
        words="c1",
    )


def reopening(score: int | None, *, was_closed: bool, closed_on: date | None = None) -> RequestReopened:
    """The reopening that follows now."""
    return RequestReopened(
        request_id=REQUEST,
        kind="wish",
        claim_id=CLAIM,
        claimant=LI,
        unit=LVYUN,
        requester=WANG,
        place=HOUSE,
        score=score,
        was_closed=was_closed,
        closed_on=closed_on,
        until_at=NOW + WEEK,
        words="c1",
    )


@pytest.mark.parametrize("score", [3, 4, 5])
def test_the_requester_confirms_with_a_score(score: int) -> None:
    outcome = ask(replace(CLOSE, score=score), *DONE).then(closing(score))
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.closed_on) == ("closed", TODAY)


@pytest.mark.parametrize("score", [1, 2])
def test_a_low_score_gives_it_back_to_the_performer_under_a_fresh_lease(score: int) -> None:
    outcome = ask(replace(CLOSE, score=score), *DONE).then(reopening(score, was_closed=False))
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.until_at) == ("claimed", NOW + WEEK)
    assert outcome.state(ClaimsHeld, LI).leases == {REQUEST: NOW + WEEK}


def test_a_low_score_closes_it_where_the_requester_explains_why_it_is_over() -> None:
    ask(replace(CLOSE, score=2, explained=True), *DONE).then(closing(2, explained=True))


def test_an_explanation_has_words() -> None:
    ask(replace(CLOSE, score=2, explained=True), *DONE, sealed="").refused("explanation_missing", Refused)


def test_a_good_score_needs_no_explanation() -> None:
    happened = ask(replace(CLOSE, score=3, explained=True), *DONE, sealed="").fact
    assert isinstance(happened, RequestClosed)
    assert not happened.explained


def test_the_threshold_is_policy() -> None:
    assert ask(replace(CLOSE, score=2), *DONE, rule("requests.reopen_below", 2)).facts == [closing(2)]
    happened = ask(replace(CLOSE, score=4), *DONE, rule("requests.reopen_below", 5)).fact
    assert isinstance(happened, RequestReopened)


@pytest.mark.parametrize("score", [0, 6, -1, 100, True])
def test_a_score_is_from_one_to_five(score: int) -> None:
    ask(replace(CLOSE, score=score), *DONE).refused("bad_score", Refused)


# ---- by whom -------------------------------------------------------------------------------------------------------


def test_a_registered_proxy_confirms_and_is_shown() -> None:
    ask(CLOSE, *DONE, proxy(WANG, SUN), actor=SUN, role="proxy").then(closing(4, by=SUN))


@pytest.mark.parametrize("command", [CLOSE, REOPEN])
class TestByTheResidentAlone:
    """Judging the work is up to who asked."""

    def test_no_worker_judges(self, command: Any) -> None:
        ask(command, *DONE, actor=CHEN, role="community_worker").refused("not_the_requester", NotYours)

    def test_no_stranger_judges(self, command: Any) -> None:
        ask(command, *DONE, actor=SUN).refused("not_the_requester", NotYours)
        ask(command, *DONE, proxy(LI, SUN), actor=SUN).refused("not_the_requester", NotYours)

    def test_nobody_is_taken_for_the_requester(self, command: Any) -> None:
        mine = replace(command, requester=SUN)
        ask(mine, *DONE, actor=SUN).refused("not_the_requester", NotYours)
        ask(mine, *DONE).refused("not_the_requester", NotYours)

    def test_there_has_to_be_a_request(self, command: Any) -> None:
        ask(command).refused("no_such_request", NotFound)


def test_the_performer_confirms_nothing_as_the_requesters_proxy() -> None:
    ask(CLOSE, *DONE, proxy(WANG, LI), actor=LI).refused("self_verification", NotYours)


def test_whoever_claimed_for_a_team_confirms_nothing() -> None:
    story = (posted(), published(), claimed(AIXIN, by=SUN), fulfilled(AIXIN), proxy(WANG, SUN))
    ask(CLOSE, *story, actor=SUN).refused("self_verification", NotYours)


def test_a_member_of_the_performing_team_confirms_nothing_for_another() -> None:
    story = (posted(), published(), claimed(AIXIN, by=SUN), fulfilled(AIXIN), proxy(WANG, ZHAO))
    ask(CLOSE, *story, actor=ZHAO).refused("self_verification", NotYours)


def test_a_resident_whose_own_team_helped_confirms_it() -> None:
    hu = registered("mem_hu", team=AIXIN)
    story = (hu, posted(requester="mem_hu"), published(), claimed(AIXIN, by=ZHAO), fulfilled(AIXIN))
    assert ask(replace(CLOSE, requester="mem_hu"), *story, actor="mem_hu").facts


@pytest.mark.parametrize("role", [("team_leader", AIXIN), ("representative", LVYUN)])
def test_who_speaks_for_the_performer_confirms_nothing(role: tuple[str, str]) -> None:
    story = (posted(), published(), claimed(role[1], by=ZHAO), fulfilled(role[1]), granted(WANG, *role))
    ask(CLOSE, *story).refused("self_verification", NotYours)


@pytest.mark.parametrize(
    ("story", "status"),
    [
        ((posted(),), "posted"),
        ((posted(), published()), "published"),
        (HELD, "claimed"),
        ((*HELD, unmet()), "unmet"),
        ((*DONE, reopened()), "claimed"),
        (OVER, "closed"),
        ((posted(), DECLINED), "declined"),
    ],
)
def test_only_what_is_done_is_confirmed(story: tuple[Fact, ...], status: str) -> None:
    ask(CLOSE, *story).refused("not_fulfilled", Conflict, status=status)


# ---- listings ------------------------------------------------------------------------------------------------------

LISTED = (*LISTING, claimed(LVYUN, by=LI, unit=LVYUN), fulfilled(LVYUN))
ACCEPT = replace(CLOSE, requester=HE)


@pytest.mark.parametrize("worker", [HE, CHEN])
def test_any_worker_accepts_the_work_on_a_listing(worker: str) -> None:
    happened = ask(ACCEPT, *LISTED, actor=worker).fact
    assert isinstance(happened, RequestClosed)
    assert (happened.closed_by, happened.claimant, happened.kind) == (worker, LVYUN, "listing")


def test_a_resident_accepts_no_listing() -> None:
    ask(ACCEPT, *LISTED).refused("not_the_requester", NotYours)


def test_a_worker_who_represents_the_unit_does_not_accept_its_work() -> None:
    speaks = granted(CHEN, "representative", LVYUN)
    ask(ACCEPT, *LISTED, speaks, actor=CHEN).refused("self_verification", NotYours)


# ---- needs ---------------------------------------------------------------------------------------------------------


def test_a_need_is_done_when_all_pieces_have_arrived() -> None:
    story = (*NEED, matched(60), delivered(60), matched(40), delivered(40))
    assert given(*story).state(Request, REQUEST).status == "fulfilled"
    happened = ask(CLOSE, *story).fact
    assert isinstance(happened, RequestClosed)
    assert (happened.kind, happened.claim_id, happened.claimant, happened.unit) == ("need", None, None, None)


def test_a_need_is_not_done_while_pieces_are_missing() -> None:
    ask(CLOSE, *NEED, matched(99), delivered(99)).refused("not_fulfilled", Conflict, status="published")
    ask(CLOSE, *NEED, matched(100)).refused("not_fulfilled", Conflict, status="published")


def test_pieces_are_wanting_promised_or_delivered() -> None:
    def pieces(*story: Fact) -> tuple[int, int, int]:
        request = given(*NEED, *story).state(Request, REQUEST)
        return request.wanting, request.promised, request.delivered

    assert pieces() == (100, 0, 0)
    assert pieces(matched(60)) == (40, 60, 0)
    assert pieces(matched(60), cancelled(60)) == (100, 0, 0)
    assert pieces(matched(60), delivered(60)) == (40, 0, 60)


def test_only_a_need_has_pieces() -> None:
    for request in (given(posted()).state(Request, REQUEST), given().state(Request, REQUEST)):
        assert (request.quantity, request.wanting, request.until_at) == (0, 0, 0)
    assert given().state(Request, REQUEST).requester is None


def test_a_need_that_was_taken_back_stays_so_when_goods_still_arrive() -> None:
    assert given(*NEED, matched(100), withdrawn(), delivered(100)).state(Request, REQUEST).status == "withdrawn"


def test_a_reopened_need_is_on_the_board_and_can_be_closed_later() -> None:
    story = (*NEED, matched(100), delivered(100))
    outcome = ask(replace(CLOSE, score=1), *story)
    happened = outcome.fact
    assert isinstance(happened, RequestReopened)
    assert (happened.kind, happened.claim_id, happened.claimant, happened.unit) == ("need", None, None, None)
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.wanting) == ("published", 0)
    assert isinstance(ask(CLOSE, *story, happened).fact, RequestClosed)


def test_a_closed_need_is_not_closed_again() -> None:
    story = (*NEED, matched(100), delivered(100), closed(None, kind="need"))
    ask(CLOSE, *story).refused("not_fulfilled", Conflict, status="closed")


# ---- reopening -----------------------------------------------------------------------------------------------------


def test_who_asked_says_later_that_it_was_not_done() -> None:
    outcome = ask(REOPEN, *OVER).then(reopening(5, was_closed=True, closed_on=date(2026, 5, 19)))
    request = outcome.state(Request, REQUEST)
    assert (request.status, request.closing, request.until_at) == ("claimed", None, NOW + WEEK)


@pytest.mark.parametrize(
    ("days", "extra", "allowed"), [(30, (), True), (31, (), False), (31, (31,), True), (4, (3,), False)]
)
def test_reopening_is_possible_for_policys_days(days: int, extra: tuple[int, ...], allowed: bool) -> None:
    rules = [rule("requests.reopen_days", value) for value in extra]
    outcome = ask(REOPEN, *rules, *DONE, closed(day=TODAY - timedelta(days=days)))
    assert (outcome.error is None) is allowed
    if not allowed:
        outcome.refused("too_late_to_reopen", Refused)


@pytest.mark.parametrize(
    ("story", "status"), [(DONE, "fulfilled"), (HELD, "claimed"), ((*OVER, reopened()), "claimed")]
)
def test_only_what_is_closed_is_reopened(story: tuple[Fact, ...], status: str) -> None:
    ask(REOPEN, *story).refused("not_closed", Conflict, status=status)


def test_any_worker_reopens_a_listing() -> None:
    story = (*LISTED, closed(LVYUN, kind="listing", requester=HE))
    assert ask(replace(REOPEN, requester=HE), *story, actor=CHEN).facts
    ask(replace(REOPEN, requester=HE), *story).refused("not_the_requester", NotYours)


# ---- taking it back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("story", "claimant"), [((posted(),), None), ((posted(), published()), None), (HELD, LI)])
def test_a_request_can_be_taken_back_until_it_is_done(story: tuple[Fact, ...], claimant: str | None) -> None:
    outcome = ask(WITHDRAW, *story).then(RequestWithdrawn(request_id=REQUEST, claimant=claimant, requester=WANG))
    assert outcome.state(Request, REQUEST).status == "withdrawn"
    assert outcome.state(ClaimsHeld, LI).leases == {}


@pytest.mark.parametrize(
    ("story", "status"),
    [(DONE, "fulfilled"), (OVER, "closed"), ((posted(), DECLINED), "declined"), ((posted(), withdrawn()), "withdrawn")],
)
def test_what_is_done_is_not_taken_back(story: tuple[Fact, ...], status: str) -> None:
    ask(WITHDRAW, *story).refused("request_settled", Conflict, status=status)


def test_nobody_takes_back_what_another_asked_for() -> None:
    ask(replace(WITHDRAW, requester=SUN), *HELD, actor=SUN).refused("not_the_requester", NotYours)
    ask(WITHDRAW).refused("no_such_request", NotFound)
