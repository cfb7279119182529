"""What decisions about funds know: folded from facts, put away as snapshots, read so that rivals cannot both win."""

from __future__ import annotations

import pytest

from ledger.base import Fact, State
from ledger.funds.commands import ApproveGrant, ReceiveDonation, RefundDonation
from ledger.funds.facts import PledgeWithdrawn
from ledger.funds.state import FundState, Grant, Pledge, Receipt
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    OPEN,
    OPENED,
    TREASURER,
    WANG,
    approved,
    cancelled,
    declined,
    paid,
    pledged,
    proposed,
    received,
    refunded,
    returned,
)
from tests.ledger.given import folded, given, survives_snapshot

BACK = PledgeWithdrawn(pledge_id="pledge_1", fund=FUND, donor=DONOR, item="meals", amount_fen=100_00)
MET = received(400_00, pledge_id="pledge_1", pledge_met_fen=400_00)


def test_a_fund_knows_what_is_available_and_committed_per_item() -> None:
    fund = folded(
        FundState, FUND, OPENED, received(900_00), received(50_00, item="clinic", receipt_id="rcpt_2"),
        refunded(100_00), approved(300_00), paid(200_00), returned(20_00),
    )  # fmt: skip
    assert fund.opened == OPENED
    assert (fund.available_fen("meals"), fund.committed_fen("meals")) == (520_00, 100_00)
    assert (fund.available_fen("clinic"), fund.committed_fen("clinic")) == (50_00, 0)
    assert fund.available_fen("general") == 0


def test_a_pledge_knows_what_is_open() -> None:
    assert folded(Pledge, "pledge_1").open_fen == 0
    assert folded(Pledge, "pledge_1", pledged(500_00)).open_fen == 500_00
    assert folded(Pledge, "pledge_1", pledged(500_00), MET).open_fen == 100_00
    assert folded(Pledge, "pledge_1", pledged(500_00), MET, BACK).open_fen == 0


@pytest.mark.parametrize(
    ("happened", "status"),
    [
        ((), ""),
        ((proposed(),), "proposed"),
        ((proposed(), approved()), "approved"),
        ((proposed(), declined()), "declined"),
        ((proposed(), approved(), cancelled()), "cancelled"),
        ((proposed(), approved(), paid()), "paid"),
        ((proposed(), approved(), paid(), returned(1)), "paid"),
        ((returned(1),), "returned"),
    ],
)
def test_a_grant_knows_how_far_it_got(happened: tuple[Fact, ...], status: str) -> None:
    grant = given(*OPEN, *happened).state(Grant, "grant_1")
    assert grant.status == status


@pytest.mark.parametrize(
    "state",
    [
        folded(FundState, FUND, OPENED, received(900_00), approved(300_00)),
        folded(Receipt, "rcpt_1", received(900_00), refunded(1)),
        folded(Pledge, "pledge_1", pledged(500_00), MET, BACK),
        folded(Grant, "grant_1", proposed(), approved(), paid(), returned(1)),
    ],
)
def test_a_state_comes_back_from_its_snapshot(state: State) -> None:
    assert survives_snapshot(state)


def test_two_approvals_cannot_both_take_the_last_money() -> None:
    story = given(*OPEN, received(300_00), proposed())
    story.when(ApproveGrant(grant_id="grant_1"), actor=WANG, role="committee_member").looking_at(FUND, "grant_1")


def test_two_payments_cannot_both_meet_one_pledge() -> None:
    asked = ReceiveDonation(
        receipt_id="rcpt_2", fund=FUND, donor=DONOR, item="meals", amount_fen=1, pledge_id="pledge_1"
    )
    outcome = given(*OPEN, pledged(1)).when(asked, actor=TREASURER, role="treasurer")
    outcome.looking_at("pledge_1", "rcpt_2", FUND)


def test_a_refund_and_an_approval_cannot_both_take_the_last_money() -> None:
    asked = RefundDonation(receipt_id="rcpt_1", amount_fen=1, reason="paid_twice")
    given(*OPEN, received(1)).when(asked, actor=TREASURER, role="treasurer").looking_at(FUND, "rcpt_1")
