"""What comes back, and what goes back, is never more than was paid and given, by whichever door it is entered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import NotYours, Refused
from ledger.funds.commands import (
    ANONYMOUS,
    MANAGEMENT_FEE,
    PayGrant,
    ProposeGrant,
    RecordPastRefund,
    RecordPastSpending,
    RefundDonation,
    ReturnPayment,
)
from ledger.funds.facts import DonationRefunded, GrantProposed, PaymentReturned
from ledger.funds.state import Donors
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LONG_AGO,
    NEIGHBOUR,
    OPEN,
    TREASURER,
    WANG,
    WORKER,
    approved,
    paid,
    proposed,
    received,
)
from tests.ledger.given import TODAY, given, rule, survives_snapshot

PAID: tuple[Fact, ...] = (*OPEN, received(300_00), proposed(), approved(), paid())
CAME_BACK = PaymentReturned(
    grant_id="grant_old", fund=FUND, item="meals", category="aid", amount_fen=200_00, reason="not_used",
    handler=TREASURER, day=LONG_AGO,
)  # fmt: skip
RETURN = ReturnPayment(grant_id="grant_1", amount_fen=100_00, reason="not_used")


def test_what_came_back_in_a_book_of_the_past_does_not_come_back_once_more() -> None:
    story = given(*PAID, CAME_BACK)
    assert story.when(RETURN, actor=TREASURER, role="treasurer").facts
    more = replace(RETURN, amount_fen=100_01)
    story.when(more, actor=TREASURER, role="treasurer").refused("more_than_paid", Refused, left_fen=100_00)


def old_refund(donor: str, amount_fen: int) -> Fact:
    """A refund of the past, which names no receipt."""
    return DonationRefunded(
        receipt_id="rcpt_old", fund=FUND, donor=donor, item="meals", amount_fen=amount_fen, reason="bank_returned",
        refunded_by=TREASURER, day=LONG_AGO,
    )  # fmt: skip


GIVEN: tuple[Fact, ...] = (*OPEN, received(100_00), received(500_00, receipt_id="rcpt_2", donor=NEIGHBOUR))


def test_a_donor_gets_back_no_more_than_they_gave_by_receipt_and_by_book() -> None:
    refund = RefundDonation(receipt_id="rcpt_1", amount_fen=60_00, reason="paid_twice")
    assert given(*GIVEN, old_refund(DONOR, 40_00)).when(refund, actor=TREASURER, role="treasurer").facts
    story = given(*GIVEN, old_refund(DONOR, 40_01)).when(refund, actor=TREASURER, role="treasurer")
    story.refused("more_than_received", Refused, left_fen=59_99)


PAST_REFUND = RecordPastRefund(
    receipt_id="rcpt_9", fund="nuanxing", donor=DONOR, item="meals", amount_fen=100_00, day=LONG_AGO
)


def test_a_refund_of_the_past_goes_to_nobody_who_gave_less() -> None:
    assert given(*GIVEN).when(PAST_REFUND, actor=TREASURER, role="treasurer").facts
    more = replace(PAST_REFUND, amount_fen=100_01)
    given(*GIVEN).when(more, actor=TREASURER, role="treasurer").refused("more_than_received", Refused, left_fen=100_00)
    other = replace(PAST_REFUND, donor=WANG)
    given(*GIVEN).when(other, actor=TREASURER, role="treasurer").refused("more_than_received", Refused, left_fen=0)


def test_money_without_a_name_goes_back_as_far_as_it_is_there() -> None:
    nobody = replace(PAST_REFUND, donor=ANONYMOUS, amount_fen=600_00)
    assert given(*GIVEN).when(nobody, actor=TREASURER, role="treasurer").facts


def test_what_donors_gave_survives_a_snapshot() -> None:
    state = given(*GIVEN, old_refund(DONOR, 40_00)).state(Donors, FUND)
    assert state.gave == {DONOR: 60_00, NEIGHBOUR: 500_00}
    assert survives_snapshot(state)


def test_no_refund_of_the_past_is_of_a_day_on_which_refunds_needed_two() -> None:
    two = rule("funds.refund_approvers", 2, TODAY - timedelta(days=10))
    on_that_day = replace(PAST_REFUND, day=TODAY - timedelta(days=10))
    before = replace(PAST_REFUND, day=TODAY - timedelta(days=11))
    story = given(*GIVEN, two)
    story.when(on_that_day, actor=TREASURER, role="treasurer").refused("second_refunder_needed", NotYours)
    assert story.when(before, actor=TREASURER, role="treasurer").facts


# ---- what management costs --------------------------------------------------------------------------------------------


FEE_BACK = RecordPastSpending(
    grant_id="grant_9", fund="nuanxing", item="meals", category=MANAGEMENT_FEE, amount_fen=20_00, day=LONG_AGO,
    proposer=WORKER, approver=WANG, payer=TREASURER, returned=True,
)  # fmt: skip


def test_no_more_of_a_years_fees_comes_back_than_was_paid_in_it() -> None:
    fee = replace(paid(20_00, grant_id="grant_fee"), category=MANAGEMENT_FEE)
    given(*PAID).when(FEE_BACK, actor=TREASURER, role="treasurer").refused("more_than_paid", Refused, left_fen=0)
    assert given(*PAID, fee).when(FEE_BACK, actor=TREASURER, role="treasurer").facts
    next_year = replace(FEE_BACK, day=date(LONG_AGO.year + 1, 1, 1))
    given(*PAID, fee).when(next_year, actor=TREASURER, role="treasurer").refused("more_than_paid", Refused)


@pytest.mark.parametrize("spelled", ["Management_fee", "management fee", "MANAGEMENT-FEE", " management_fee "])
def test_however_it_is_spelled_the_management_fee_is_one(spelled: str) -> None:
    ask = ProposeGrant(grant_id="grant_2", fund="nuanxing", item="meals", category=spelled, amount_fen=1)
    fact = given(*PAID).when(ask, actor=WORKER, role="community_worker").fact
    assert isinstance(fact, GrantProposed)
    assert fact.category == MANAGEMENT_FEE


def test_nothing_is_paid_before_it_was_proposed() -> None:
    story = given(*PAID[:-1])
    pay = PayGrant(grant_id="grant_1", day=LONG_AGO)
    assert story.when(pay, actor=TREASURER, role="treasurer").facts
    sooner = replace(pay, day=LONG_AGO - timedelta(days=1))
    story.when(sooner, actor=TREASURER, role="treasurer").refused("paid_before_proposed", Refused)
