"""Goods on offer are promised to needs, delivered or cancelled; never more than was offered, nor than is wanted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners.commands import CancelMatch, DeliverMatch, MatchOffer, OfferGoods, WithdrawOffer
from ledger.partners.facts import GoodsOffered, MatchCancelled, MatchDelivered, OfferMatched, OfferWithdrawn
from ledger.requests.facts import RequestWithdrawn
from tests.ledger.given import TODAY, given
from tests.ledger.partners.cast import (
    BEGIN,
    COURT,
    LI,
    LVYUN,
    TEAM,
    WANG,
    WORKER,
    cancelled,
    delivered,
    matched,
    needed,
    offered,
    posted,
    withdrawn,
)
from tests.ledger.sums import balances

OFFER = OfferGoods(offer_id="offer_1", unit=LVYUN, item="masks", quantity=100)
MATCH = MatchOffer(match_id="match_2", offer_id="offer_1", request_id="req_1", quantity=40)
DELIVER = DeliverMatch(offer_id="offer_1", match_id="match_1")
CANCEL = CancelMatch(offer_id="offer_1", match_id="match_1")
WITHDRAW = WithdrawOffer(offer_id="offer_1")

BOTH = (*BEGIN, offered(100), *needed(60))
PROMISED = (*BOTH, matched(40))


def test_a_unit_offers_pieces_of_an_item() -> None:
    asked = replace(OFFER, place=COURT, day=date(2026, 1, 5))
    story = given(*BEGIN).when(asked, actor=LI, sealed="c1")
    story.then(
        GoodsOffered(
            offer_id="offer_1", unit=LVYUN, item="masks", quantity=100, day=date(2026, 1, 5), place=COURT, words="c1"
        )
    )
    assert balances(story.facts) == {
        (f"giver:{LVYUN}", "pcs.masks"): -100,
        ("offer:offer_1", "pcs.masks"): 100,
    }


def test_an_offer_without_a_day_is_of_today() -> None:
    given(*BEGIN).when(OFFER, actor=LI).then(
        GoodsOffered(offer_id="offer_1", unit=LVYUN, item="masks", quantity=100, day=TODAY)
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"unit": "unit_nobody"}, "no_such_unit"),
        ({"unit": TEAM}, "no_such_unit"),
        ({"offer_id": LVYUN}, "bad_id"),
        ({"item": ""}, "bad_item"),
        ({"item": "two words"}, "bad_item"),
        ({"quantity": 0}, "not_positive"),
        ({"quantity": 1_000_001}, "absurd_quantity"),
        ({"quantity": 10**18}, "absurd_quantity"),
        ({"day": date(1989, 12, 31)}, "implausible_date"),
        ({"day": TODAY + timedelta(days=1)}, "implausible_date"),
        ({"place": "place_nowhere"}, "no_such_place"),
    ],
)
def test_an_offer_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*BEGIN).when(replace(OFFER, **changed), actor=WORKER, role="community_worker").refused(code)


def test_the_largest_offer_is_policys() -> None:
    asked = replace(OFFER, quantity=1_000_000)
    assert given(*BEGIN).when(asked, actor=LI).facts


def test_an_offer_is_made_once() -> None:
    given(*BEGIN, offered()).when(OFFER, actor=LI).refused("offer_exists", Conflict)


def test_part_of_an_offer_is_promised_to_a_need() -> None:
    story = given(*BOTH).when(MATCH, actor=WORKER, role="community_worker")
    story.then(
        OfferMatched(match_id="match_2", offer_id="offer_1", request_id="req_1", unit=LVYUN, item="masks", quantity=40)
    )
    assert balances(story.facts) == {
        ("offer:offer_1", "pcs.masks"): -40,
        ("promised:req_1", "pcs.masks"): 40,
    }


def test_a_promise_is_made_of_an_offer() -> None:
    given(*BEGIN, *needed()).when(MATCH, actor=WORKER, role="community_worker").refused("no_such_offer", NotFound)


def test_a_promise_is_made_to_a_request() -> None:
    given(*BEGIN, offered()).when(MATCH, actor=WORKER, role="community_worker").refused("no_such_request", NotFound)


@pytest.mark.parametrize("kind", ["wish", "order", "listing"])
def test_goods_go_to_needs_only(kind: str) -> None:
    story = given(*BEGIN, offered(), *needed(kind=kind))
    story.when(MATCH, actor=WORKER, role="community_worker").refused("not_a_need", Refused)


@pytest.mark.parametrize("need", [(posted(),), (*needed(), RequestWithdrawn(request_id="req_1", requester=WANG))])
def test_goods_go_to_needs_on_the_board_only(need: tuple[Fact, ...]) -> None:
    story = given(*BEGIN, offered(), *need)
    story.when(MATCH, actor=WORKER, role="community_worker").refused("need_not_on_board", Conflict)


def test_masks_are_no_gloves() -> None:
    story = given(*BEGIN, offered(), *needed(item="gloves"))
    story.when(MATCH, actor=WORKER, role="community_worker").refused("item_differs", Refused)


@pytest.mark.parametrize(("quantity", "code"), [(0, "not_positive"), (-1, "not_positive"), (10**18, "absurd_quantity")])
def test_a_promise_is_of_a_sane_number_of_pieces(quantity: int, code: str) -> None:
    given(*BOTH).when(replace(MATCH, quantity=quantity), actor=WORKER, role="community_worker").refused(code)


@pytest.mark.parametrize(("quantity", "fits"), [(30, True), (31, False)])
def test_no_more_is_promised_than_is_still_free(quantity: int, fits: bool) -> None:
    other = (*needed(70, request_id="req_2"), matched(70, match_id="match_9", request_id="req_2"))
    story = given(*BOTH, *other).when(replace(MATCH, quantity=quantity), actor=WORKER, role="community_worker")
    if fits:
        assert story.facts
    else:
        story.refused("more_than_offered", Refused)


@pytest.mark.parametrize("before", [(matched(40),), (matched(40), delivered(40))])
@pytest.mark.parametrize(("quantity", "fits"), [(20, True), (21, False)])
def test_no_more_is_promised_than_is_still_wanted(before: tuple[Fact, ...], quantity: int, fits: bool) -> None:
    story = given(*BOTH, *before).when(replace(MATCH, quantity=quantity), actor=WORKER, role="community_worker")
    if fits:
        assert story.facts
    else:
        story.refused("more_than_wanted", Refused)


def test_the_number_of_a_promise_looks_like_one() -> None:
    asked = replace(MATCH, match_id="1")
    given(*BOTH).when(asked, actor=WORKER, role="community_worker").refused("bad_id", Refused)


@pytest.mark.parametrize("before", [(), (delivered(),), (cancelled(),)])
def test_a_promise_is_numbered_once(before: tuple[Fact, ...]) -> None:
    again = replace(MATCH, match_id="match_1", quantity=1)
    given(*PROMISED, *before).when(again, actor=WORKER, role="community_worker").refused("match_exists", Conflict)


def test_what_was_promised_arrives() -> None:
    story = given(*PROMISED).when(DELIVER, actor=WORKER, role="community_worker")
    story.then(
        MatchDelivered(
            match_id="match_1", offer_id="offer_1", request_id="req_1", unit=LVYUN, item="masks", quantity=40,
            place=COURT, day=TODAY,
        )
    )  # fmt: skip
    assert balances(story.facts) == {
        ("promised:req_1", "pcs.masks"): -40,
        ("received:req_1", "pcs.masks"): 40,
    }


def test_what_arrived_is_not_free_again() -> None:
    story = given(*BEGIN, offered(40), *needed(60), matched(40), delivered(40))
    one = replace(MATCH, quantity=1)
    story.when(one, actor=WORKER, role="community_worker").refused("more_than_offered", Refused)


def test_nobody_accepts_a_delivery_of_their_own_unit() -> None:
    given(*PROMISED).when(DELIVER, actor=LI, role="community_worker").refused("self_verification", NotYours)


@pytest.mark.parametrize("actor_role", [(WORKER, "community_worker"), (LI, "")])
def test_a_promise_that_is_taken_back_frees_its_pieces(actor_role: tuple[str, str]) -> None:
    actor, role = actor_role
    story = given(*PROMISED).when(CANCEL, actor=actor, role=role)
    story.then(
        MatchCancelled(
            match_id="match_1", offer_id="offer_1", request_id="req_1", unit=LVYUN, item="masks", quantity=40
        )
    )
    assert balances([offered(100), matched(40), *story.facts]) == balances([offered(100)])


def test_freed_pieces_can_be_promised_again() -> None:
    story = given(*BEGIN, offered(40), *needed(40), matched(40), cancelled(40))
    assert story.when(MATCH, actor=WORKER, role="community_worker").facts


@pytest.mark.parametrize("settle", [DELIVER, CANCEL])
@pytest.mark.parametrize("before", [(delivered(),), (cancelled(),)])
def test_a_promise_is_settled_once(settle: DeliverMatch | CancelMatch, before: tuple[Fact, ...]) -> None:
    given(*PROMISED, *before).when(settle, actor=WORKER, role="community_worker").refused("match_settled", Conflict)


@pytest.mark.parametrize("settle", [DELIVER, CANCEL])
def test_what_was_not_promised_is_not_settled(settle: DeliverMatch | CancelMatch) -> None:
    given(*BOTH).when(settle, actor=WORKER, role="community_worker").refused("no_such_match", NotFound)


@pytest.mark.parametrize("command", [DELIVER, CANCEL, WITHDRAW])
def test_there_must_be_an_offer(command: DeliverMatch | CancelMatch | WithdrawOffer) -> None:
    given(*BEGIN).when(command, actor=WORKER, role="community_worker").refused("no_such_offer", NotFound)


@pytest.mark.parametrize("actor_role", [(WORKER, "community_worker"), (LI, "")])
def test_what_is_not_promised_can_be_taken_back(actor_role: tuple[str, str]) -> None:
    actor, role = actor_role
    story = given(*PROMISED).when(WITHDRAW, actor=actor, role=role)
    story.then(OfferWithdrawn(offer_id="offer_1", unit=LVYUN, item="masks", quantity=60))
    assert balances([offered(100), matched(40), *story.facts]) == {
        (f"giver:{LVYUN}", "pcs.masks"): -40,
        ("promised:req_1", "pcs.masks"): 40,
    }


@pytest.mark.parametrize("command", [CANCEL, WITHDRAW])
@pytest.mark.parametrize("role", ["", "treasurer"])
def test_nobody_else_takes_an_offer_back(command: CancelMatch | WithdrawOffer, role: str) -> None:
    given(*PROMISED).when(command, actor=WANG, role=role).refused("not_your_offer", NotYours)


@pytest.mark.parametrize("before", [(matched(100),), (withdrawn(100),), (matched(40), withdrawn(60))])
def test_what_is_not_there_is_not_taken_back(before: tuple[Fact, ...]) -> None:
    given(*BEGIN, offered(100), *needed(200), *before).when(WITHDRAW, actor=LI).refused("nothing_to_withdraw", Conflict)


def test_an_offer_that_was_taken_back_is_promised_no_more() -> None:
    story = given(*PROMISED, withdrawn(60), cancelled(40))
    story.when(replace(MATCH, quantity=1), actor=WORKER, role="community_worker").refused("offer_withdrawn", Conflict)


def test_what_comes_free_after_that_is_taken_back_too() -> None:
    story = given(*PROMISED, withdrawn(60), cancelled(40)).when(WITHDRAW, actor=LI)
    story.then(OfferWithdrawn(offer_id="offer_1", unit=LVYUN, item="masks", quantity=40))
