"""What parties could give is listed, and taken back as long as nobody was promised it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours
from ledger.resources.commands import ListResource, WithdrawResource
from ledger.resources.facts import DealFailed, ResourceListed, ResourceWithdrawn
from ledger.resources.state import Resource
from tests.ledger.given import TODAY, given
from tests.ledger.resources.cast import BEGIN, COURT, LI, LVYUN, NEED, PROMISED, ROLE, WANG, WORKER, listed
from tests.ledger.sums import balances

LIST = ListResource(resource_id="res_1", owner=LVYUN, kind="land", item="空地", measure="mu", quantity=6, place=COURT)
WITHDRAW = WithdrawResource(resource_id="res_1")


def test_a_unit_lists_land_in_its_own_measure() -> None:
    story = given(*BEGIN).when(LIST, actor=LI)
    story.then(
        ResourceListed(
            resource_id="res_1", owner=LVYUN, kind="land", item="空地", measure="mu", quantity=6, place=COURT,
            from_day=TODAY, day=TODAY,
        )
    )  # fmt: skip
    assert balances(story.facts) == {(f"giver:{LVYUN}", "mu.空地"): -6, ("resource:res_1", "mu.空地"): 6}


def test_a_resource_can_be_there_for_a_time_and_of_a_class() -> None:
    asked = replace(LIST, from_day=TODAY, until_day=TODAY + timedelta(days=90), category=" 文体赛事 ")
    fact = given(*BEGIN).when(asked, actor=LI).fact
    assert isinstance(fact, ResourceListed)
    assert (fact.category, fact.until_day) == ("文体赛事", TODAY + timedelta(days=90))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"resource_id": "offer_1"}, "bad_id"),
        ({"owner": "unit_nobody"}, "no_such_unit"),
        ({"item": "two words"}, "bad_item"),
        ({"item": "a13812345678"}, "personal_number_in_public"),
        ({"quantity": 0}, "not_positive"),
        ({"quantity": 10**9}, "absurd_quantity"),
        ({"category": "x" * 61}, "bad_name"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"from_day": date(1989, 12, 31)}, "implausible_date"),
        ({"until_day": TODAY - timedelta(days=1)}, "resource_over"),
    ],
)
def test_a_resource_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*BEGIN).when(replace(LIST, **changed), actor=LI).refused(code)


def test_a_resource_is_listed_once() -> None:
    given(*BEGIN, listed()).when(LIST, actor=LI).refused("resource_exists", Conflict)


def test_who_is_blacklisted_lists_nothing() -> None:
    banned = PartyBlacklisted(blacklisting_id="black_1", party=LVYUN, reason="fraud", listed_by=WORKER, day=TODAY)
    given(*BEGIN, banned).when(LIST, actor=LI).refused("blacklisted")


def test_what_nobody_was_promised_is_taken_back() -> None:
    story = given(*PROMISED).when(WITHDRAW, actor=LI)
    story.then(ResourceWithdrawn(resource_id="res_1", owner=LVYUN, item="课桌", measure="pcs", quantity=60))
    assert story.state(Resource, "res_1").free == 0


def test_a_worker_takes_it_back_too_but_no_stranger() -> None:
    assert given(*NEED).when(WITHDRAW, actor=WORKER, role=ROLE).facts
    given(*NEED).when(WITHDRAW, actor=WANG).refused("cannot_act_for", NotYours, party=LVYUN)


def test_what_a_failed_deal_frees_after_that_is_taken_back_then() -> None:
    back = given(*PROMISED).when(WITHDRAW, actor=LI).fact
    failed = DealFailed(
        deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=WANG, item="课桌", measure="pcs", short=40,
        reason="unusable", ended_by=WORKER, day=TODAY,
    )  # fmt: skip
    given(*PROMISED, back, failed).when(WITHDRAW, actor=LI).then(
        ResourceWithdrawn(resource_id="res_1", owner=LVYUN, item="课桌", measure="pcs", quantity=40)
    )


def test_nothing_is_taken_back_twice() -> None:
    gone = ResourceWithdrawn(resource_id="res_1", owner=LVYUN, item="课桌", measure="pcs", quantity=100)
    given(*NEED, gone).when(WITHDRAW, actor=LI).refused("nothing_to_withdraw", Conflict)
    given(*BEGIN).when(WITHDRAW, actor=LI).refused("no_such_resource", NotFound)
