"""A resource goes to a need: proposed, accepted by both sides, delivered bit by bit, settled or failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY, at_time
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.facts import MemberLeft, ProxyRegistered
from ledger.requests.facts import RequestPosted, RequestWithdrawn
from ledger.requests.state import Request
from ledger.resources.commands import (
    AcceptDeal,
    DeclineDeal,
    DefaultDeal,
    DeliverDeal,
    FailDeal,
    MakeProjectOfDeal,
    ProposeDeal,
)
from ledger.resources.facts import (
    DealAccepted,
    DealAgreed,
    DealBecameProject,
    DealDeclined,
    DealDelivered,
    DealFailed,
    DealProposed,
    DealSettled,
    ResourceWithdrawn,
)
from ledger.resources.state import Resource
from tests.ledger.given import NOW, TODAY, given
from tests.ledger.resources.cast import (
    BEGIN,
    COURT,
    DUE,
    LI,
    LONG_AGO,
    LVYUN,
    NEED,
    PARKING,
    PROMISED,
    ROLE,
    WANG,
    WORKER,
    accepted,
    agreed,
    delivered,
    listed,
    needed,
    proposed,
)
from tests.ledger.sums import balances

PROPOSE = ProposeDeal(deal_id="deal_1", resource_id="res_1", request_id="req_1", quantity=40, due_day=DUE)
OWNER, PARTNER = AcceptDeal(deal_id="deal_1", side="owner"), AcceptDeal(deal_id="deal_1", side="partner")
DELIVER = DeliverDeal(deal_id="deal_1", leg="out", quantity=40)
DEFAULT = DefaultDeal(deal_id="deal_1")
WAITING = (*NEED, proposed())
AFTER_DUE = at_time(DUE, 0, 0) + MICROS_PER_DAY


def test_a_worker_proposes_and_neither_side_has_said_yes_by_that() -> None:
    given(*NEED).when(PROPOSE, actor=WORKER, role=ROLE).then(
        DealProposed(
            deal_id="deal_1", resource_id="res_1", request_id="req_1", owner=LVYUN, partner=WANG, item="课桌",
            measure="pcs", quantity=40, due_day=DUE, side="", proposed_by=WORKER, day=TODAY,
        )
    )  # fmt: skip


@pytest.mark.parametrize(("actor", "side"), [(LI, "owner"), (WANG, "partner")])
def test_a_side_that_proposes_has_said_yes(actor: str, side: str) -> None:
    fact = given(*NEED).when(PROPOSE, actor=actor).fact
    assert isinstance(fact, DealProposed)
    assert fact.side == side


def test_without_a_due_day_policy_says_when() -> None:
    fact = given(*NEED).when(replace(PROPOSE, due_day=None), actor=LI).fact
    assert isinstance(fact, DealProposed)
    assert fact.due_day == TODAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"deal_id": "res_2"}, "bad_id"),
        ({"resource_id": "res_2"}, "no_such_resource"),
        ({"request_id": "req_2"}, "no_such_request"),
        ({"quantity": 0}, "not_positive"),
        ({"quantity": 101}, "more_than_offered"),
        ({"quantity": 61}, "more_than_wanted"),
        ({"partner": PARKING}, "partner_disagrees"),
        ({"due_day": TODAY - timedelta(days=1)}, "bad_due_day"),
        ({"due_day": TODAY + timedelta(days=3_661)}, "bad_due_day"),
        ({"back_quantity": 5}, "nothing_in_return"),
        ({"request_id": None, "partner": PARKING}, "nothing_in_return"),
        ({"request_id": None, "back_item": "车位", "back_quantity": 1}, "partner_missing"),
        ({"request_id": None, "partner": LVYUN, "back_item": "车位", "back_quantity": 1}, "deal_with_oneself"),
        ({"back_item": "two words", "back_quantity": 1}, "bad_item"),
        ({"back_item": "车位", "back_quantity": -1}, "not_positive"),
    ],
)
def test_a_deal_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*NEED).when(replace(PROPOSE, **changed), actor=WORKER, role=ROLE).refused(code)


@pytest.mark.parametrize(
    ("past", "code"),
    [
        ((*NEED, proposed()), "deal_exists"),
        ((*BEGIN, listed(until_day=TODAY - timedelta(days=1)), *needed()), "resource_over"),
        ((*BEGIN, listed(item="课椅"), *needed()), "item_differs"),
        ((*BEGIN, listed(measure="sqm"), *needed()), "item_differs"),
        ((*BEGIN, listed(), needed()[0]), "not_on_the_board"),
        ((*BEGIN, listed(), *needed(kind="listing")), "listings_are_claimed"),
        ((*NEED, MemberLeft(member_id=WANG)), "member_left"),
    ],
)
def test_what_does_not_fit_is_refused(past: tuple[Fact, ...], code: str) -> None:
    given(*past).when(PROPOSE, actor=WORKER, role=ROLE).refused(code)


def test_a_request_of_a_past_book_that_names_nobody_has_no_side() -> None:
    posted, published = needed()
    assert isinstance(posted, RequestPosted)
    story = given(*BEGIN, listed(), replace(posted, requester=None), published)
    story.when(PROPOSE, actor=WORKER, role=ROLE).refused("partner_disagrees")


def test_a_request_that_counts_no_pieces_is_met_by_any_resource() -> None:
    story = given(*BEGIN, listed(), *needed(kind="issue", item=None, quantity=1)).when(PROPOSE, actor=LI)
    assert story.state(Request, "req_1").promised == 0


def test_a_stranger_proposes_nothing_and_nobody_for_both_sides() -> None:
    given(*NEED).when(PROPOSE, actor="mem_chen").refused("cannot_act_for", NotYours)
    both = ProxyRegistered(principal=WANG, proxy=LI)
    given(*NEED, both).when(PROPOSE, actor=LI).refused("speaks_for_both_sides", NotYours)


def test_the_first_yes_promises_nothing() -> None:
    story = given(*WAITING).when(OWNER, actor=LI)
    story.then(DealAccepted(deal_id="deal_1", side="owner", accepted_by=LI, day=TODAY))


def test_the_second_yes_makes_the_deal() -> None:
    story = given(*NEED, proposed(side="owner", by=LI)).when(PARTNER, actor=WANG)
    story.then(
        DealAccepted(deal_id="deal_1", side="partner", accepted_by=WANG, day=TODAY),
        DealAgreed(
            deal_id="deal_1", resource_id="res_1", request_id="req_1", owner=LVYUN, partner=WANG, item="课桌",
            measure="pcs", quantity=40, due_day=DUE, day=TODAY,
        ),
    )  # fmt: skip
    assert balances(story.facts) == {("resource:res_1", "pcs.课桌"): -40, ("deal:deal_1", "pcs.课桌"): 40}
    assert story.state(Resource, "res_1").free == 60
    need = story.state(Request, "req_1")
    assert (need.promised, need.wanting) == (40, 20)


def test_nobody_says_yes_for_both_sides() -> None:
    both = ProxyRegistered(principal=WANG, proxy=LI)
    given(*NEED, proposed(side="owner", by=LI), both).when(PARTNER, actor=LI).refused("speaks_for_both_sides", NotYours)
    given(*WAITING).when(PARTNER, actor=LI).refused("cannot_act_for", NotYours, party=WANG)


def test_a_side_says_yes_once() -> None:
    given(*WAITING, accepted("owner", LI)).when(OWNER, actor=LI).refused("side_accepted", Conflict, side="owner")


@pytest.mark.parametrize(
    ("between", "code"),
    [
        (ResourceWithdrawn(resource_id="res_1", owner=LVYUN, item="课桌", measure="pcs", quantity=1), "resource_withdrawn"),
        (replace(agreed(proposed(70)), deal_id="deal_2", request_id="req_9"), "more_than_offered"),
        (replace(agreed(proposed(30)), deal_id="deal_2"), "more_than_wanted"),
        (RequestWithdrawn(request_id="req_1", requester=WANG), "not_on_the_board"),
    ],
)  # fmt: skip
def test_what_is_gone_by_the_second_yes_is_refused(between: Fact, code: str) -> None:
    story = given(*NEED, proposed(side="partner", by=WANG), between).when(OWNER, actor=LI)
    story.refused(code).looking_at("res_1", "deal_1")


def test_a_proposal_whose_due_day_passed_is_not_agreed_any_more() -> None:
    story = given(*NEED, proposed(side="partner", by=WANG))
    story.when(OWNER, actor=LI, now_at=AFTER_DUE).refused("bad_due_day")


def test_either_side_or_a_worker_says_no() -> None:
    no = DeclineDeal(deal_id="deal_1", reason="not_suitable")
    for actor, role in ((LI, ""), (WANG, ""), (WORKER, ROLE)):
        given(*WAITING).when(no, actor=actor, role=role).then(
            DealDeclined(
                deal_id="deal_1", resource_id="res_1", request_id="req_1", reason="not_suitable", declined_by=actor,
                day=TODAY,
            )
        )  # fmt: skip
    given(*WAITING).when(no, actor="mem_chen").refused("cannot_act_for", NotYours)
    given(*PROMISED).when(no, actor=LI).refused("deal_not_open", Conflict, status="agreed")
    given(*NEED).when(no, actor=LI).refused("no_such_deal", NotFound)


def test_who_received_it_confirms_and_the_deal_is_settled() -> None:
    story = given(*PROMISED).when(DELIVER, actor=WANG)
    story.then(
        DealDelivered(
            deal_id="deal_1", resource_id="res_1", request_id="req_1", leg="out", giver=LVYUN, receiver=WANG,
            item="课桌", measure="pcs", quantity=40, place=COURT, accepted_by=WANG, day=TODAY,
        ),
        DealSettled(
            deal_id="deal_1", resource_id="res_1", request_id="req_1", owner=LVYUN, partner=WANG, barter=False,
            day=TODAY,
        ),
    )  # fmt: skip
    assert balances(story.facts) == {("deal:deal_1", "pcs.课桌"): -40, (f"received:{WANG}", "pcs.课桌"): 40}
    need = story.state(Request, "req_1")
    assert (need.status, need.promised, need.delivered) == ("published", 0, 40)


def test_a_need_that_has_all_it_asked_for_is_fulfilled() -> None:
    whole = (*BEGIN, listed(), *needed(40), proposed(), agreed(proposed()))
    assert given(*whole).when(DELIVER, actor=WANG).state(Request, "req_1").status == "fulfilled"


def test_a_part_leaves_the_deal_open() -> None:
    story = given(*PROMISED).when(replace(DELIVER, quantity=39), actor=WORKER, role=ROLE)
    assert [type(fact) for fact in story.facts] == [DealDelivered]
    rest = given(*PROMISED, delivered(39, barter=False))
    rest.when(replace(DELIVER, quantity=2), actor=WANG).refused("more_than_owed", Refused, owed=1)


def test_the_giver_does_not_confirm_what_it_gave() -> None:
    given(*PROMISED).when(DELIVER, actor=LI).refused("self_verification", NotYours, party=LVYUN)
    given(*PROMISED).when(DELIVER, actor="mem_chen").refused("cannot_act_for", NotYours)
    given(*PROMISED).when(replace(DELIVER, quantity=0), actor=WANG).refused("not_positive")
    given(*PROMISED).when(replace(DELIVER, leg="back"), actor=LI).refused("nothing_in_return")
    given(*WAITING).when(DELIVER, actor=WANG).refused("deal_not_agreed", Conflict, status="proposed")


def failed(broken_by: tuple[str, ...], reason: str, by: str, *, short: int = 40) -> Fact:
    """The end of a deal before all arrived."""
    return DealFailed(
        deal_id="deal_1", resource_id="res_1", request_id="req_1", owner=LVYUN, partner=WANG, item="课桌",
        measure="pcs", short=short, broken_by=broken_by, reason=reason, ended_by=by, day=TODAY,
    )  # fmt: skip


def test_a_side_says_that_it_cannot_keep_its_word() -> None:
    story = given(*PROMISED, delivered(30, barter=False)).when(
        FailDeal(deal_id="deal_1", side="owner", reason="cannot_deliver"), actor=LI
    )
    story.then(failed((LVYUN,), "cannot_deliver", LI, short=10))
    assert balances(story.facts) == {("deal:deal_1", "pcs.课桌"): -10, ("resource:res_1", "pcs.课桌"): 10}
    assert story.state(Resource, "res_1").free == 70
    assert story.state(Request, "req_1").wanting == 30


def test_only_a_neutral_worker_says_that_the_other_failed_or_nobody() -> None:
    blame = FailDeal(deal_id="deal_1", side="partner", reason="not_collected")
    nobody = FailDeal(deal_id="deal_1", reason="by_agreement")
    given(*PROMISED).when(blame, actor=WORKER, role=ROLE).then(failed((WANG,), "not_collected", WORKER))
    given(*PROMISED).when(nobody, actor=WORKER, role=ROLE).then(failed((), "by_agreement", WORKER))
    given(*PROMISED).when(blame, actor=LI).refused("reason_not_yours_to_state", NotYours)
    given(*PROMISED).when(nobody, actor=LI).refused("reason_not_yours_to_state", NotYours)
    given(*PROMISED).when(nobody, actor="mem_chen").refused("cannot_act_for", NotYours)


@pytest.mark.parametrize(("side", "reason"), [(None, "cannot_deliver"), ("owner", "by_agreement")])
def test_a_fault_has_a_side_and_an_agreement_has_none(side: str | None, reason: str) -> None:
    command = replace(FailDeal(deal_id="deal_1", reason="unusable"), side=side, reason=reason)
    given(*PROMISED).when(command, actor=WORKER, role=ROLE).refused("side_disagrees_with_reason", Refused)


def test_after_the_due_day_who_still_owes_has_broken_their_word() -> None:
    story = given(*PROMISED).when(DEFAULT, actor="svc_operator", role=ROLE, now_at=AFTER_DUE)
    story.then(replace(failed((LVYUN,), "overdue", "svc_operator"), day=DUE + timedelta(days=1)))


def test_on_the_due_day_itself_nobody_has() -> None:
    given(*PROMISED).when(DEFAULT, actor="svc_operator", role=ROLE, now_at=AFTER_DUE - 1).refused(
        "not_yet_due", Refused, until_at=AFTER_DUE
    )


def test_what_is_settled_does_not_fail() -> None:
    settled = DealSettled(deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=WANG, barter=False, day=LONG_AGO)
    given(*PROMISED, settled).when(DEFAULT, actor=WORKER, role=ROLE, now_at=AFTER_DUE).refused("deal_not_agreed")


PROJECT = MakeProjectOfDeal(deal_id="deal_1", project="req_7")


def test_a_deal_becomes_a_project() -> None:
    begun = DealBecameProject(deal_id="deal_1", resource_id="res_1", project="req_7", begun_by=WORKER, day=TODAY)
    project = needed(kind="project", item=None, quantity=1, request_id="req_7")[:1]
    given(*PROMISED, *project).when(PROJECT, actor=WORKER, role=ROLE).then(begun)
    again = given(*PROMISED, *project, begun).when(PROJECT, actor=WORKER, role=ROLE)
    again.refused("deal_has_project", Conflict, project="req_7")


def test_only_a_project_is_one() -> None:
    given(*PROMISED, *needed(request_id="req_7")).when(PROJECT, actor=WORKER, role=ROLE).refused("not_of_kind_project")
    given(*WAITING).when(PROJECT, actor=WORKER, role=ROLE, now_at=NOW).refused("deal_not_agreed")
