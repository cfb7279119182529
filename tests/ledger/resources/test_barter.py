"""资源换服务 (M21): six mu of land for a hundred parking spaces, both sides tracked to the end."""

from __future__ import annotations

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from ledger.clock import MICROS_PER_DAY, at_time
from ledger.parties.facts import MemberLeft
from ledger.resources.commands import AcceptDeal, DefaultDeal, DeliverDeal, ProposeDeal
from ledger.resources.facts import DealFailed, DealProposed, DealSettled
from ledger.resources.state import Resource
from tests.ledger.given import TODAY, given
from tests.ledger.resources.cast import (
    BARTER,
    CHEN,
    DUE,
    LAND,
    LI,
    LVYUN,
    PARKING,
    ROLE,
    WORKER,
    bartered,
    delivered,
)
from tests.ledger.sums import balances

DEFAULT = DefaultDeal(deal_id="deal_1")
AFTER_DUE = at_time(DUE, 0, 0) + MICROS_PER_DAY


def test_land_is_offered_for_parking_spaces() -> None:
    command = ProposeDeal(
        deal_id="deal_1", resource_id="res_1", quantity=6, partner=PARKING, back_item="车位", back_quantity=100,
        due_day=DUE,
    )  # fmt: skip
    fact = given(*LAND).when(command, actor=LI).fact
    assert isinstance(fact, DealProposed)
    assert (fact.side, fact.back_measure, fact.request_id) == ("owner", "pcs", None)


def test_with_both_agreed_each_owes_in_a_unit_of_its_own() -> None:
    story = given(*LAND, bartered()).when(AcceptDeal(deal_id="deal_1", side="partner"), actor=CHEN)
    assert balances(story.facts) == {
        ("resource:res_1", "mu.空地"): -6,
        ("deal:deal_1", "mu.空地"): 6,
        (f"giver:{PARKING}", "pcs.车位"): -100,
        ("deal:deal_1", "pcs.车位"): 100,
    }


@pytest.mark.parametrize(
    ("arrived", "last", "actor"),
    [
        (delivered(6), DeliverDeal(deal_id="deal_1", leg="back", quantity=100), LI),
        (delivered(100, "back"), DeliverDeal(deal_id="deal_1", leg="out", quantity=6), CHEN),
    ],
)
def test_it_is_settled_when_both_are_whole_in_either_order(arrived: object, last: DeliverDeal, actor: str) -> None:
    story = given(*BARTER, arrived).when(last, actor=actor)  # type: ignore[arg-type]  # a fact, as parametrize sees it
    assert story.facts[1:] == [
        DealSettled(deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=PARKING, barter=True, day=TODAY)
    ]


def test_nobody_confirms_the_parking_spaces_they_built() -> None:
    given(*BARTER).when(DeliverDeal(deal_id="deal_1", leg="back", quantity=1), actor=CHEN).refused("self_verification")


@for_any(out=st.integers(0, 6), back=st.integers(0, 100))
def test_after_the_due_day_whoever_is_short_defaulted_and_what_is_short_goes_back(out: int, back: int) -> None:
    arrived = [delivered(out)] * (out > 0) + [delivered(back, "back")] * (back > 0)
    if (out, back) == (6, 100):
        return
    story = given(*BARTER, *arrived).when(DEFAULT, actor="svc_operator", role=ROLE, now_at=AFTER_DUE)
    fact = story.fact
    assert isinstance(fact, DealFailed)
    assert set(fact.broken_by) == {party for party, short in ((LVYUN, 6 - out), (PARKING, 100 - back)) if short}
    assert story.state(Resource, "res_1").free == 6 - out
    left = balances([*BARTER, *arrived, fact])
    assert left.get(("deal:deal_1", "mu.空地"), 0) == left.get(("deal:deal_1", "pcs.车位"), 0) == 0
    assert left.get((f"received:{LVYUN}", "pcs.车位"), 0) == back
    assert left.get((f"giver:{PARKING}", "pcs.车位"), 0) == -back


def test_a_representative_who_left_holds_nothing_up() -> None:
    gone = (*BARTER, MemberLeft(member_id=LI), MemberLeft(member_id=CHEN))
    assert given(*gone).when(DeliverDeal(deal_id="deal_1", leg="back", quantity=100), actor=WORKER, role=ROLE).facts
    assert given(*gone).when(DEFAULT, actor="svc_operator", role=ROLE, now_at=AFTER_DUE).facts
