"""A pledge is not a receipt: it can be met, in part, or taken back, and never be spent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import PledgeDonation, ReceiveDonation, WithdrawPledge
from ledger.funds.facts import DonationPledged, DonationReceived, PledgeWithdrawn
from ledger.parties.facts import ProxyRegistered
from ledger.units import MAX_FEN
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LI,
    LVYUN,
    NEIGHBOUR,
    OPEN,
    OTHER_FUND,
    PEOPLE,
    TREASURER,
    pledged,
    received,
)
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

WITHDRAW = WithdrawPledge(pledge_id="pledge_1")


def pledge(fund: str = "nuanxing", donor: str = DONOR, item: str = "meals", amount_fen: int = 500_00) -> PledgeDonation:
    """A promise that is being made."""
    return PledgeDonation(pledge_id="pledge_1", fund=fund, donor=donor, item=item, amount_fen=amount_fen)


@pytest.mark.parametrize("fund", ["nuanxing", FUND])
def test_a_promise_names_fund_donor_item_and_amount(fund: str) -> None:
    given(*OPEN).when(pledge(fund), actor=DONOR, sealed="c1").then(
        DonationPledged(
            pledge_id="pledge_1", fund=FUND, donor=DONOR, item="meals", amount_fen=500_00, day=TODAY, words="c1"
        )
    )


def test_a_promise_is_no_money_of_the_fund() -> None:
    story = given(*OPEN).when(pledge(), actor=DONOR).facts
    assert balances(story) == {(f"pledge:{FUND}:meals", "fen"): 500_00, (f"pledged:{DONOR}", "fen"): -500_00}


def test_every_fund_takes_unrestricted_money() -> None:
    assert given(*OPEN).when(pledge(item="general"), actor=DONOR).facts


def test_a_unit_promises_too() -> None:
    assert given(*OPEN).when(pledge(donor=LVYUN), actor=LI).facts


@pytest.mark.parametrize("amount_fen", [0, -1])
def test_a_promise_is_of_some_money(amount_fen: int) -> None:
    given(*OPEN).when(pledge(amount_fen=amount_fen), actor=DONOR).refused("not_positive", Refused)


def test_a_slip_of_the_pen_is_no_promise() -> None:
    given(*OPEN).when(pledge(amount_fen=MAX_FEN + 1), actor=DONOR).refused("absurd_amount", Refused)


def test_nothing_is_promised_to_a_fund_that_is_not_there() -> None:
    given(*PEOPLE).when(pledge(), actor=DONOR).refused("no_such_fund", NotFound)


def test_nothing_is_promised_to_an_item_that_is_not_there() -> None:
    given(*OPEN).when(pledge(item="dancing"), actor=DONOR).refused("no_such_item", NotFound)


def test_who_promises_is_registered() -> None:
    given(*OPEN).when(pledge(donor="mem_nobody"), actor=TREASURER, role="treasurer").refused("no_such_member", NotFound)


def test_a_promise_does_not_wear_the_tag_of_something_else() -> None:
    given(*OPEN).when(replace(pledge(), pledge_id=FUND), actor=DONOR).refused("bad_id", Refused)


def test_a_promise_is_made_once() -> None:
    given(*OPEN, pledged(100_00)).when(pledge(), actor=DONOR).refused("pledge_exists", Conflict)


def test_the_donor_takes_a_promise_back() -> None:
    story = given(*OPEN, pledged(500_00)).when(WITHDRAW, actor=DONOR)
    story.then(PledgeWithdrawn(pledge_id="pledge_1", fund=FUND, donor=DONOR, item="meals", amount_fen=500_00))
    assert balances([pledged(500_00), *story.facts]) == {}


def test_a_treasurer_takes_it_back_for_the_donor() -> None:
    assert given(*OPEN, pledged(500_00)).when(WITHDRAW, actor=TREASURER, role="treasurer").facts


def test_a_proxy_takes_it_back() -> None:
    proxy = ProxyRegistered(principal=DONOR, proxy=NEIGHBOUR)
    assert given(*OPEN, proxy, pledged(500_00)).when(WITHDRAW, actor=NEIGHBOUR, behalf=DONOR).facts


def test_a_unit_takes_it_back_through_its_representative() -> None:
    assert given(*OPEN, pledged(500_00, donor=LVYUN)).when(WITHDRAW, actor=LI).facts


@pytest.mark.parametrize("role", ["", "community_worker", "host_charity"])
def test_nobody_else_takes_it_back(role: str) -> None:
    given(*OPEN, pledged(500_00)).when(WITHDRAW, actor=NEIGHBOUR, role=role).refused("not_your_pledge", NotYours)


def test_what_was_never_promised_is_not_taken_back() -> None:
    given(*OPEN).when(WITHDRAW, actor=DONOR).refused("no_such_pledge", NotFound)


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    back = PledgeWithdrawn(pledge_id="pledge_1", fund=FUND, donor=DONOR, item="meals", amount_fen=500_00)
    given(*OPEN, pledged(500_00), back).when(WITHDRAW, actor=DONOR).refused("pledge_settled", Conflict)


def test_only_what_is_still_open_is_taken_back() -> None:
    part = received(200_00, pledge_id="pledge_1", pledge_met_fen=200_00)
    story = given(*OPEN, pledged(500_00), part).when(WITHDRAW, actor=DONOR)
    story.then(PledgeWithdrawn(pledge_id="pledge_1", fund=FUND, donor=DONOR, item="meals", amount_fen=300_00))
    assert balances([pledged(500_00), part, *story.facts]) == {
        (f"fund:{FUND}:meals", "fen"): 200_00,
        (f"donor:{DONOR}", "fen"): -200_00,
    }


def receive(amount_fen: int, donor: str = DONOR, item: str = "meals", fund: str = "nuanxing") -> ReceiveDonation:
    """Money that comes in for the promise."""
    return ReceiveDonation(
        receipt_id="rcpt_2", fund=fund, donor=donor, item=item, amount_fen=amount_fen, pledge_id="pledge_1"
    )


@pytest.mark.parametrize(("came_in_fen", "met_fen"), [(200_00, 200_00), (500_00, 500_00), (700_00, 500_00)])
def test_money_meets_a_promise_as_far_as_it_is_open(came_in_fen: int, met_fen: int) -> None:
    story = given(*OPEN, pledged(500_00)).when(receive(came_in_fen), actor=TREASURER, role="treasurer").facts
    assert [happened.pledge_met_fen for happened in story if isinstance(happened, DonationReceived)] == [met_fen]
    still_open = {
        (f"pledge:{FUND}:meals", "fen"): 500_00 - met_fen,
        (f"pledged:{DONOR}", "fen"): met_fen - 500_00,
    }
    assert balances([pledged(500_00), *story]) == {key: fen for key, fen in still_open.items() if fen} | {
        (f"fund:{FUND}:meals", "fen"): came_in_fen,
        (f"donor:{DONOR}", "fen"): -came_in_fen,
    }


def test_a_second_payment_meets_what_the_first_left_open() -> None:
    first = received(400_00, pledge_id="pledge_1", pledge_met_fen=400_00)
    story = given(*OPEN, pledged(500_00), first).when(receive(400_00), actor=TREASURER, role="treasurer").facts
    assert [happened.pledge_met_fen for happened in story if isinstance(happened, DonationReceived)] == [100_00]


def test_money_for_a_promise_that_was_met_is_refused() -> None:
    first = received(500_00, pledge_id="pledge_1", pledge_met_fen=500_00)
    again = given(*OPEN, pledged(500_00), first).when(receive(1), actor=TREASURER, role="treasurer")
    again.refused("pledge_settled", Conflict)


def test_money_for_a_promise_that_nobody_made_is_refused() -> None:
    given(*OPEN).when(receive(1), actor=TREASURER, role="treasurer").refused("no_such_pledge", NotFound)


@pytest.mark.parametrize(
    "other",
    [
        receive(1, donor=NEIGHBOUR), receive(1, donor="anonymous"), receive(1, item="clinic"), receive(1, fund="lezhi")
    ],
)  # fmt: skip
def test_a_promise_is_met_by_its_own_donor_for_its_own_fund_and_item(other: ReceiveDonation) -> None:
    story = given(*OPEN, OTHER_FUND, pledged(500_00))
    story.when(other, actor=TREASURER, role="treasurer").refused("pledge_differs", Refused)
