"""A book that was kept before is entered with its three pairs of eyes, and under the same balance rule."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import RecordPastSpending, ReturnPayment
from ledger.funds.facts import GrantApproved, GrantPaid, GrantProposed, PaymentReturned
from ledger.units import MAX_FEN
from tests.ledger.funds.cast import (
    FUND,
    LI,
    NEIGHBOUR,
    OPEN,
    PEOPLE,
    TREASURER,
    WANG,
    WORKER,
    ZHAO,
    approved,
    paid,
    proposed,
    received,
)
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

DAY = date(2024, 3, 8)
SPENT = RecordPastSpending(
    grant_id="grant_2", fund="nuanxing", item="meals", category="Operating/Transportation/Ground", amount_fen=300_00,
    day=DAY, proposer=WORKER, approver=WANG, payer=TREASURER,
)  # fmt: skip
BACK = replace(SPENT, returned=True)
RICH = (*OPEN, received(600_00), proposed(), approved(), paid())
"""300 yuan may be granted, and 300 were paid."""


def test_a_past_payment_is_proposed_approved_and_paid() -> None:
    given(*RICH).when(SPENT, actor=ZHAO, role="treasurer", sealed="c1").then(
        GrantProposed(
            grant_id="grant_2", fund=FUND, item="meals", category=SPENT.category, amount_fen=300_00, proposer=WORKER,
            day=DAY, words="c1",
        ),
        GrantApproved(grant_id="grant_2", fund=FUND, item="meals", amount_fen=300_00, approver=WANG),
        GrantPaid(
            grant_id="grant_2", fund=FUND, item="meals", category=SPENT.category, amount_fen=300_00, payer=TREASURER,
            day=DAY,
        ),
    )  # fmt: skip


def test_a_past_payment_leaves_the_fund() -> None:
    story = given(*RICH).when(SPENT, actor=ZHAO, role="treasurer").facts
    assert balances(story) == {
        (f"fund:{FUND}:meals", "fen"): -300_00,
        (f"spent:{FUND}:meals:Operating/Transportation/Ground", "fen"): 300_00,
    }


def test_a_past_payment_can_come_back_later() -> None:
    story = given(*RICH).when(SPENT, actor=ZHAO, role="treasurer").facts
    back = ReturnPayment(grant_id="grant_2", amount_fen=300_00, reason="overpaid")
    assert given(*RICH, *story).when(back, actor=TREASURER, role="treasurer").facts


def test_a_past_return_is_a_return_alone() -> None:
    story = given(*RICH).when(BACK, actor=ZHAO, role="treasurer")
    story.then(
        PaymentReturned(
            grant_id="grant_2", fund=FUND, item="meals", category=SPENT.category, amount_fen=300_00,
            reason="not_used", handler=TREASURER, day=DAY,
        )
    )  # fmt: skip
    assert balances(story.facts) == {
        (f"fund:{FUND}:meals", "fen"): 300_00,
        (f"spent:{FUND}:meals:Operating/Transportation/Ground", "fen"): -300_00,
    }


def test_a_past_return_is_no_grant_of_which_more_could_come_back() -> None:
    story = given(*RICH).when(BACK, actor=ZHAO, role="treasurer").facts
    again = ReturnPayment(grant_id="grant_2", amount_fen=1, reason="overpaid")
    given(*RICH, *story).when(again, actor=TREASURER, role="treasurer").refused("no_such_grant", NotFound)


@pytest.mark.parametrize("asked", [SPENT, BACK])
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fund": "lezhi"}, "no_such_fund"),
        ({"item": "dancing"}, "no_such_item"),
        ({"category": "a:b"}, "bad_category"),
        ({"category": "a\u202eb"}, "bad_name"),
        ({"grant_id": FUND}, "bad_id"),
        ({"amount_fen": 0}, "not_positive"),
        ({"amount_fen": MAX_FEN + 1}, "absurd_amount"),
        ({"day": date(1989, 12, 31)}, "implausible_date"),
        ({"day": TODAY + timedelta(days=1)}, "implausible_date"),
        ({"proposer": "mem_nobody"}, "no_such_member"),
        ({"payer": "mem_nobody"}, "no_such_member"),
        ({"approver": NEIGHBOUR}, "not_in_committee"),
    ],
)
def test_a_past_payment_that_cannot_be_right_is_refused(
    asked: RecordPastSpending, changed: dict[str, object], code: str
) -> None:
    given(*RICH).when(replace(asked, **changed), actor=ZHAO, role="treasurer").refused(code)


@pytest.mark.parametrize("asked", [SPENT, BACK])
def test_blanks_around_a_category_are_dropped(asked: RecordPastSpending) -> None:
    blank = replace(asked, category=f" {asked.category} ")
    plain = given(*RICH).when(asked, actor=ZHAO, role="treasurer").facts
    given(*RICH).when(blank, actor=ZHAO, role="treasurer").then(*plain)


@pytest.mark.parametrize("asked", [SPENT, BACK])
@pytest.mark.parametrize(("proposer", "approver", "payer"), [*product((WANG, LI, ZHAO), repeat=3)])
def test_the_past_had_three_pairs_of_eyes_too(
    asked: RecordPastSpending, proposer: str, approver: str, payer: str
) -> None:
    entry = given(*RICH).when(
        replace(asked, proposer=proposer, approver=approver, payer=payer), actor=NEIGHBOUR, role="treasurer"
    )
    if proposer == approver:
        entry.refused("proposer_is_approver", NotYours)
    elif payer == proposer:
        entry.refused("payer_is_proposer", NotYours)
    elif payer == approver:
        entry.refused("payer_is_approver", NotYours)
    else:
        assert entry.facts


def test_more_than_was_ever_paid_cannot_come_back() -> None:
    given(*RICH).when(replace(BACK, amount_fen=300_01), actor=ZHAO, role="treasurer").refused("more_than_paid")
    given(*OPEN, received(1)).when(replace(BACK, amount_fen=1), actor=ZHAO, role="treasurer").refused("more_than_paid")


def test_the_past_needs_a_registered_approver_too() -> None:
    without_wang = given(*PEOPLE[1:], *RICH[len(PEOPLE) :])
    without_wang.when(SPENT, actor=ZHAO, role="treasurer").refused("no_such_member", NotFound)


@pytest.mark.parametrize("asked", [SPENT, BACK])
def test_an_entry_is_made_once(asked: RecordPastSpending) -> None:
    story = given(*RICH, proposed(grant_id="grant_2"))
    story.when(asked, actor=ZHAO, role="treasurer").refused("grant_exists", Conflict)


def test_a_return_is_entered_once() -> None:
    story = given(*RICH).when(BACK, actor=ZHAO, role="treasurer").facts
    given(*RICH, *story).when(BACK, actor=ZHAO, role="treasurer").refused("grant_exists", Conflict)


def test_the_past_spent_no_more_than_its_item_had() -> None:
    poor = (*OPEN, received(299_99), received(900_00, item="clinic", receipt_id="rcpt_9"))
    given(*poor).when(SPENT, actor=ZHAO, role="treasurer").refused("insufficient_fund", Refused)


def test_the_past_does_not_spend_what_is_committed_today() -> None:
    story = given(*RICH, proposed(1), approved(1))
    story.when(SPENT, actor=ZHAO, role="treasurer").refused("insufficient_fund", Refused)
