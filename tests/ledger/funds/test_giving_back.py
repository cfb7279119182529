"""What needs a second person or the donor's word: refunds by two, other uses by consent; and management's ceiling."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from ledger.base import Command, Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import (
    MANAGEMENT_FEE,
    AgreeRestrictionChange,
    ApproveGrant,
    AskRestrictionChange,
    DeclineRefund,
    PayGrant,
    RecordPastSpending,
    RefundDonation,
)
from ledger.funds.facts import (
    DonationRefunded,
    GrantPaid,
    GrantProposed,
    HelpCaseOpened,
    RefundAsked,
    RefundDeclined,
    RestrictionChangeAsked,
    RestrictionChanged,
)
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LI,
    LVYUN,
    NEIGHBOUR,
    OPEN,
    SUN,
    TREASURER,
    WANG,
    WORKER,
    ZHAO,
    approved,
    paid,
    proposed,
    received,
)
from tests.ledger.given import TODAY, given, rule
from tests.ledger.sums import balances

RICH: tuple[Fact, ...] = (*OPEN, received(500_00))
REFUND = RefundDonation(receipt_id="rcpt_1", amount_fen=100_00, reason="paid_twice")
TWO = rule("funds.refund_approvers", 2)
WAITING = RefundAsked(receipt_id="rcpt_1", amount_fen=100_00, reason="paid_twice", asked_by=TREASURER)
REFUNDED = DonationRefunded(
    receipt_id="rcpt_1", fund=FUND, donor=DONOR, item="meals", amount_fen=100_00, reason="paid_twice",
    refunded_by=SUN, day=TODAY,
)  # fmt: skip


# ---- refunds by two people --------------------------------------------------------------------------------------------


def test_where_policy_asks_for_two_the_first_only_asks() -> None:
    story = given(*RICH, TWO).when(REFUND, actor=TREASURER, role="treasurer")
    story.then(WAITING)
    assert balances(story.facts) == {}


def test_the_second_person_gives_it_back() -> None:
    given(*RICH, TWO, WAITING).when(REFUND, actor=SUN, role="treasurer").then(REFUNDED)


DECLINE = DeclineRefund(receipt_id="rcpt_1", reason="no_ground")
DECLINED = RefundDeclined(receipt_id="rcpt_1", amount_fen=100_00, reason="no_ground", declined_by=SUN, day=TODAY)


@pytest.mark.parametrize("who", [SUN, TREASURER])
def test_the_second_person_or_who_asked_says_no_and_nothing_moves(who: str) -> None:
    story = given(*RICH, TWO, WAITING).when(DECLINE, actor=who, role="treasurer")
    story.then(replace(DECLINED, declined_by=who))
    assert balances(story.facts) == {}


@pytest.mark.parametrize("before", [(), (WAITING, DECLINED), (WAITING, REFUNDED)])
def test_no_refund_is_declined_that_nobody_waits_for(before: tuple[Fact, ...]) -> None:
    given(*RICH, TWO, *before).when(DECLINE, actor=SUN, role="treasurer").refused("no_refund_asked", Conflict)


def test_what_was_declined_can_be_asked_for_anew_and_waits_for_a_second_person_again() -> None:
    given(*RICH, TWO, WAITING, DECLINED).when(REFUND, actor=SUN, role="treasurer").then(replace(WAITING, asked_by=SUN))


def test_only_a_donation_that_came_in_can_be_declined_a_refund() -> None:
    given(*RICH).when(replace(DECLINE, receipt_id="rcpt_7"), actor=SUN, role="treasurer").refused(
        "no_such_receipt", NotFound
    )


@pytest.mark.parametrize(("actor", "behalf"), [(TREASURER, None), (SUN, TREASURER)])
def test_nobody_confirms_their_own_refund(actor: str, behalf: str | None) -> None:
    story = given(*RICH, TWO, WAITING)
    story.when(REFUND, actor=actor, role="treasurer", behalf=behalf).refused("second_refunder_needed", NotYours)


@pytest.mark.parametrize("changed", [{"amount_fen": 99_00}, {"reason": "wrong_fund"}])
def test_another_refund_is_asked_for_anew(changed: dict[str, object]) -> None:
    asked = replace(REFUND, **changed)
    story = given(*RICH, TWO, WAITING).when(asked, actor=SUN, role="treasurer")
    story.then(replace(WAITING, asked_by=SUN, **changed))


def test_what_was_given_back_is_asked_for_anew() -> None:
    story = given(*RICH, TWO, WAITING, REFUNDED).when(REFUND, actor=SUN, role="treasurer")
    story.then(replace(WAITING, asked_by=SUN))


# ---- another use, with the donor's consent ----------------------------------------------------------------------------

ASK = AskRestrictionChange(
    change_id="change_1", receipt_id="rcpt_1", to_item="clinic", amount_fen=200_00, reason="more_urgent"
)  # fmt: skip
ASKED = RestrictionChangeAsked(
    change_id="change_1", receipt_id="rcpt_1", fund=FUND, donor=DONOR, item="meals", to_item="clinic",
    amount_fen=200_00, reason="more_urgent", asked_by=TREASURER, day=TODAY,
)  # fmt: skip
AGREE = AgreeRestrictionChange(change_id="change_1")
CHANGED = RestrictionChanged(
    change_id="change_1", receipt_id="rcpt_1", fund=FUND, donor=DONOR, item="meals", to_item="clinic",
    amount_fen=200_00, agreed_by=DONOR, day=TODAY,
)  # fmt: skip


def test_a_donor_is_asked_first() -> None:
    story = given(*RICH).when(ASK, actor=TREASURER, role="treasurer")
    story.then(ASKED)
    assert balances(story.facts) == {}


def test_with_the_donors_word_the_money_may_be_spent_on_something_else() -> None:
    story = given(*RICH, ASKED).when(AGREE, actor=DONOR)
    story.then(CHANGED)
    assert balances(story.facts) == {(f"fund:{FUND}:meals", "fen"): -200_00, (f"fund:{FUND}:clinic", "fen"): 200_00}


def test_who_speaks_for_a_unit_agrees_for_it() -> None:
    past = (*OPEN, received(500_00, donor=LVYUN), replace(ASKED, donor=LVYUN))
    given(*past).when(AGREE, actor=LI).then(replace(CHANGED, donor=LVYUN, agreed_by=LI))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(ASK, receipt_id="rcpt_9"), "no_such_receipt"),
        (replace(ASK, to_item="meals"), "same_item"),
        (replace(ASK, to_item="dancing"), "no_such_item"),
        (replace(ASK, amount_fen=500_01), "more_than_received"),
        (replace(ASK, amount_fen=0), "not_positive"),
        (replace(ASK, change_id="rcpt_1"), "bad_id"),
    ],
)
def test_a_change_that_cannot_be_right_is_not_asked_for(command: Command, code: str) -> None:
    given(*RICH).when(command, actor=TREASURER, role="treasurer").refused(code)


def test_nobody_can_be_asked_in_the_place_of_a_donor_whom_nobody_knows() -> None:
    story = given(*OPEN, received(500_00, donor="anonymous"))
    story.when(ASK, actor=TREASURER, role="treasurer").refused("donor_unknown", Refused)


def test_a_change_is_asked_for_once() -> None:
    given(*RICH, ASKED).when(ASK, actor=TREASURER, role="treasurer").refused("change_exists", Conflict)


@pytest.mark.parametrize(
    ("past", "actor", "code", "kind"),
    [
        ((), DONOR, "no_such_change", NotFound),
        ((ASKED,), NEIGHBOUR, "not_the_donor", NotYours),
        ((replace(ASKED, asked_by=DONOR),), DONOR, "asker_is_donor", NotYours),
        ((ASKED, CHANGED), DONOR, "change_settled", Conflict),
        ((ASKED, replace(REFUNDED, amount_fen=301_00)), DONOR, "more_than_received", Refused),
        ((ASKED, proposed(301_00), approved(301_00)), DONOR, "insufficient_fund", Refused),
    ],
)
def test_a_change_is_not_agreed_to_anyhow(past: tuple[Fact, ...], actor: str, code: str, kind: type) -> None:
    given(*RICH, *past).when(AGREE, actor=actor).refused(code, kind)


def test_what_was_let_go_for_something_else_is_not_given_back() -> None:
    story = given(*RICH, ASKED, CHANGED)
    refund = replace(REFUND, amount_fen=300_01)
    story.when(refund, actor=TREASURER, role="treasurer").refused("more_than_received", Refused, left_fen=300_00)


def test_no_donor_agrees_to_help_themselves() -> None:
    case = HelpCaseOpened(
        case_id="case_1", fund=FUND, item="case-1", title="火灾", beneficiary=DONOR, need_fen=1, opened_by=WORKER,
        day=TODAY,
    )  # fmt: skip
    story = given(*RICH, case, replace(ASKED, to_item="case-1"))
    story.when(AGREE, actor=DONOR).refused("donor_has_interest", NotYours)


# ---- management takes a share of the year's spending and no more ------------------------------------------------------

SPENT = replace(paid(900_00), day=TODAY)
BUSY: tuple[Fact, ...] = (*OPEN, received(2_000_00), proposed(900_00), approved(900_00), SPENT)


def fee(amount_fen: int) -> Fact:
    """A proposal to pay for management."""
    return GrantProposed(
        grant_id="grant_fee", fund=FUND, item="meals", category=MANAGEMENT_FEE, amount_fen=amount_fen, proposer=WORKER,
        day=TODAY,
    )  # fmt: skip


APPROVE, PAY = ApproveGrant(grant_id="grant_fee"), PayGrant(grant_id="grant_fee")


def test_a_tenth_of_the_years_spending_may_go_to_management() -> None:
    assert given(*BUSY, fee(100_00)).when(APPROVE, actor=ZHAO, role="committee_member").facts


def test_more_than_a_tenth_is_refused_at_the_approval() -> None:
    story = given(*BUSY, fee(100_01)).when(APPROVE, actor=ZHAO, role="committee_member")
    story.refused("fee_over_ceiling", Refused, percent=10, spent_fen=900_00, fees_fen=0, asked_fen=100_01)


def test_what_was_paid_for_management_counts() -> None:
    before = GrantPaid(
        grant_id="grant_0", fund=FUND, item="meals", category=MANAGEMENT_FEE, amount_fen=60_00, payer=SUN, day=TODAY
    )
    story = given(*BUSY, before, fee(50_00)).when(APPROVE, actor=ZHAO, role="committee_member")
    story.refused("fee_over_ceiling", Refused, spent_fen=960_00, fees_fen=60_00)


def test_it_is_refused_at_the_payment_too() -> None:
    past = (*BUSY, fee(100_00), approved(100_00, approver=ZHAO, grant_id="grant_fee"))
    assert given(*past).when(PAY, actor=TREASURER, role="treasurer").facts
    last_year = replace(PAY, day=date(TODAY.year - 1, 12, 31))
    given(*past).when(last_year, actor=TREASURER, role="treasurer").refused("fee_over_ceiling", Refused)


def test_a_book_of_the_past_passes_the_same_ceiling() -> None:
    entry = RecordPastSpending(
        grant_id="grant_9", fund="nuanxing", item="meals", category=MANAGEMENT_FEE, amount_fen=101_00, day=TODAY,
        proposer=WORKER, approver=WANG, payer=TREASURER,
    )  # fmt: skip
    given(*BUSY).when(entry, actor=TREASURER, role="treasurer").refused("fee_over_ceiling", Refused)


def test_the_ceiling_is_policy() -> None:
    story = given(*BUSY, rule("funds.fee_percent", 50), fee(900_00))
    assert story.when(APPROVE, actor=ZHAO, role="committee_member").facts
    assert given(*BUSY, rule("funds.fee_percent", None), fee(1_000_00)).when(APPROVE, actor=ZHAO).facts
