"""A receipt names donor, kind, amount, handler and day; it is reversed with a reason, never beyond what came in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.errors import Conflict, NotFound, Refused
from ledger.funds.commands import ANONYMOUS, ReceiveDonation, RefundDonation
from ledger.funds.facts import DonationReceived, DonationRefunded
from ledger.units import MAX_FEN
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LVYUN,
    OPEN,
    PEOPLE,
    TREASURER,
    WORKER,
    approved,
    received,
    refunded,
)
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

RECEIVE = ReceiveDonation(receipt_id="rcpt_2", fund="nuanxing", donor=DONOR, item="meals", amount_fen=500_00)
REFUND = RefundDonation(receipt_id="rcpt_1", amount_fen=200_00, reason="paid_twice")


def test_a_receipt_names_what_the_law_asks_for() -> None:
    asked = replace(RECEIVE, method="cash", handler=WORKER, day=date(2026, 1, 5), named=True, receipt_waived=True)
    given(*OPEN).when(asked, actor=TREASURER, role="treasurer", sealed="c1").then(
        DonationReceived(
            receipt_id="rcpt_2", fund=FUND, donor=DONOR, item="meals", amount_fen=500_00, method="cash",
            handler=WORKER, day=date(2026, 1, 5), named=True, receipt_waived=True, words="c1",
        )
    )  # fmt: skip


def test_who_books_it_is_the_handler_and_today_the_day_unless_stated() -> None:
    given(*OPEN).when(RECEIVE, actor=TREASURER, role="treasurer").then(
        DonationReceived(
            receipt_id="rcpt_2", fund=FUND, donor=DONOR, item="meals", amount_fen=500_00, method="transfer",
            handler=TREASURER, day=TODAY,
        )
    )  # fmt: skip


def test_money_goes_from_its_donor_to_its_item() -> None:
    story = given(*OPEN).when(RECEIVE, actor=TREASURER, role="treasurer").facts
    assert balances(story) == {(f"donor:{DONOR}", "fen"): -500_00, (f"fund:{FUND}:meals", "fen"): 500_00}


def test_unrestricted_money_goes_to_general() -> None:
    asked = ReceiveDonation(receipt_id="rcpt_2", fund="nuanxing", donor=LVYUN, amount_fen=1)
    story = given(*OPEN).when(asked, actor=TREASURER, role="treasurer").facts
    assert balances(story) == {(f"donor:{LVYUN}", "fen"): -1, (f"fund:{FUND}:general", "fen"): 1}


def test_a_donor_may_stay_unknown() -> None:
    asked = replace(RECEIVE, donor=ANONYMOUS, anonymous=True)
    story = given(*OPEN).when(asked, actor=TREASURER, role="treasurer").facts
    assert balances(story)["donor:anonymous", "fen"] == -500_00


def test_a_donor_whom_the_ledger_knows_may_be_named() -> None:
    assert given(*OPEN).when(replace(RECEIVE, named=True), actor=TREASURER, role="treasurer").facts


def test_a_donor_who_is_no_member_may_be_named_by_sealed_words() -> None:
    asked = replace(RECEIVE, donor=ANONYMOUS, named=True)
    assert given(*OPEN).when(asked, actor=TREASURER, role="treasurer", sealed="c1").facts


@pytest.mark.parametrize(
    "asked", [replace(RECEIVE, anonymous=True, named=True), replace(RECEIVE, donor=ANONYMOUS, named=True)]
)
def test_nobody_is_anonymous_and_named(asked: ReceiveDonation) -> None:
    given(*OPEN).when(asked, actor=TREASURER, role="treasurer").refused("anonymous_and_named", Refused)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount_fen": 0}, "not_positive"),
        ({"amount_fen": -5}, "not_positive"),
        ({"amount_fen": MAX_FEN + 1}, "absurd_amount"),
        ({"item": "dancing"}, "no_such_item"),
        ({"fund": "lezhi"}, "no_such_fund"),
        ({"donor": "mem_nobody"}, "no_such_member"),
        ({"donor": "unit_nobody"}, "no_such_unit"),
        ({"handler": "mem_nobody"}, "no_such_member"),
        ({"handler": LVYUN}, "no_such_member"),
        ({"receipt_id": FUND}, "bad_id"),
        ({"day": date(1989, 12, 31)}, "implausible_date"),
        ({"day": TODAY + timedelta(days=1)}, "implausible_date"),
    ],
)
def test_a_receipt_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*OPEN).when(replace(RECEIVE, **changed), actor=TREASURER, role="treasurer").refused(code)


@pytest.mark.parametrize("day", [date(1990, 1, 1), TODAY])
def test_the_first_and_the_last_plausible_day_will_do(day: date) -> None:
    assert given(*OPEN).when(replace(RECEIVE, day=day), actor=TREASURER, role="treasurer").facts


def test_without_a_fund_there_is_no_receipt() -> None:
    given(*PEOPLE).when(RECEIVE, actor=TREASURER, role="treasurer").refused("no_such_fund", NotFound)


def test_a_receipt_is_numbered_once() -> None:
    again = replace(RECEIVE, receipt_id="rcpt_1")
    given(*OPEN, received(1)).when(again, actor=TREASURER, role="treasurer").refused("receipt_exists", Conflict)


def test_money_goes_back_with_a_reason() -> None:
    story = given(*OPEN, received(500_00)).when(REFUND, actor=TREASURER, role="treasurer")
    story.then(
        DonationRefunded(
            receipt_id="rcpt_1", fund=FUND, donor=DONOR, item="meals", amount_fen=200_00, reason="paid_twice",
            refunded_by=TREASURER, day=TODAY,
        )
    )  # fmt: skip
    assert balances([received(500_00), *story.facts]) == {
        (f"donor:{DONOR}", "fen"): -300_00,
        (f"fund:{FUND}:meals", "fen"): 300_00,
    }


def test_a_whole_donation_can_go_back() -> None:
    assert given(*OPEN, received(200_00)).when(REFUND, actor=TREASURER, role="treasurer").facts


def test_no_more_goes_back_than_came_in() -> None:
    story = given(*OPEN, received(199_99))
    story.when(REFUND, actor=TREASURER, role="treasurer").refused("more_than_received", Refused)


def test_what_went_back_does_not_go_back_again() -> None:
    others = received(900_00, receipt_id="rcpt_9")
    story = given(*OPEN, others, received(300_00), refunded(150_00))
    story.when(REFUND, actor=TREASURER, role="treasurer").refused("more_than_received", Refused)


def test_what_the_committee_promised_away_does_not_go_back() -> None:
    story = given(*OPEN, received(400_00), approved(200_01))
    story.when(REFUND, actor=TREASURER, role="treasurer").refused("insufficient_fund", Refused)


def test_a_refund_is_of_some_money() -> None:
    nothing = replace(REFUND, amount_fen=0)
    given(*OPEN, received(400_00)).when(nothing, actor=TREASURER, role="treasurer").refused("not_positive", Refused)


def test_there_is_no_refund_without_a_receipt() -> None:
    given(*OPEN).when(REFUND, actor=TREASURER, role="treasurer").refused("no_such_receipt", NotFound)
