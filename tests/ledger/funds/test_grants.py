"""Money leaves as a grant: somebody proposes, another approves, a third pays; each restriction has its own purse."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import ApproveGrant, CancelGrant, DeclineGrant, PayGrant, ProposeGrant, ReturnPayment
from ledger.funds.facts import (
    GrantApproved,
    GrantCancelled,
    GrantDeclined,
    GrantPaid,
    GrantProposed,
    PaymentReturned,
)
from ledger.parties.facts import MemberLeft
from ledger.units import MAX_FEN
from tests.ledger.funds.cast import (
    FUND,
    LI,
    LVYUN,
    NEIGHBOUR,
    OPEN,
    TREASURER,
    WANG,
    WORKER,
    ZHAO,
    approved,
    cancelled,
    declined,
    paid,
    proposed,
    received,
    returned,
)
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

PROPOSE = ProposeGrant(
    grant_id="grant_1", fund="nuanxing", item="meals", category="aid", amount_fen=300_00, payee=NEIGHBOUR
)
APPROVE, PAY = ApproveGrant(grant_id="grant_1"), PayGrant(grant_id="grant_1")
DECLINE = DeclineGrant(grant_id="grant_1", reason="too_much")
CANCEL = CancelGrant(grant_id="grant_1", reason="not_needed")
RETURN = ReturnPayment(grant_id="grant_1", amount_fen=100_00, reason="overpaid")

RICH: tuple[Fact, ...] = (*OPEN, received(300_00))
PROPOSED: tuple[Fact, ...] = (*RICH, proposed())
APPROVED: tuple[Fact, ...] = (*PROPOSED, approved())
PAID: tuple[Fact, ...] = (*APPROVED, paid())


def test_a_proposal_moves_nothing() -> None:
    story = given(*RICH).when(PROPOSE, actor=WORKER, role="community_worker", sealed="c1")
    story.then(
        GrantProposed(
            grant_id="grant_1", fund=FUND, item="meals", category="aid", amount_fen=300_00, payee=NEIGHBOUR,
            proposer=WORKER, day=TODAY, words="c1",
        )
    )  # fmt: skip
    assert balances(story.facts) == {}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fund": "lezhi"}, "no_such_fund"),
        ({"item": "dancing"}, "no_such_item"),
        ({"amount_fen": 0}, "not_positive"),
        ({"amount_fen": MAX_FEN + 1}, "absurd_amount"),
        ({"payee": "mem_nobody"}, "no_such_member"),
        ({"category": ""}, "bad_name"),
        ({"category": " "}, "bad_name"),
        ({"category": "a  b"}, "bad_category"),
        ({"grant_id": FUND}, "bad_id"),
        ({"category": "a:b"}, "bad_category"),
        ({"category": "a\nb"}, "bad_name"),
        ({"category": "a\x1fb"}, "bad_name"),
        ({"category": "a\u202eb"}, "bad_name"),
        ({"category": "a\u2029b"}, "bad_name"),
        ({"category": "救" * 61}, "bad_name"),
    ],
)
def test_a_proposal_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*RICH).when(replace(PROPOSE, **changed), actor=WORKER, role="community_worker").refused(code)


@pytest.mark.parametrize("category", ["救" * 60, "Operating/Transportation/Ground", "助餐 (二期)", "general"])
def test_a_category_may_say_what_people_say(category: str) -> None:
    asked = replace(PROPOSE, category=category)
    assert given(*RICH).when(asked, actor=WORKER, role="community_worker").facts


def test_blanks_around_a_category_are_dropped() -> None:
    asked = replace(PROPOSE, category=" aid ")
    plain = given(*RICH).when(PROPOSE, actor=WORKER, role="community_worker").facts
    given(*RICH).when(asked, actor=WORKER, role="community_worker").then(*plain)


@pytest.mark.parametrize("proposer", ["mem_nobody", "svc_import"])
def test_a_proposer_is_a_registered_member(proposer: str) -> None:
    given(*RICH).when(PROPOSE, actor=proposer, role="community_worker").refused("no_such_member", NotFound)


def test_a_grant_is_proposed_once() -> None:
    given(*PROPOSED).when(PROPOSE, actor=WORKER, role="community_worker").refused("grant_exists", Conflict)


def test_an_approval_commits_the_money() -> None:
    story = given(*PROPOSED).when(APPROVE, actor=WANG, role="committee_member")
    story.then(GrantApproved(grant_id="grant_1", fund=FUND, item="meals", amount_fen=300_00, approver=WANG))
    assert balances(story.facts) == {
        (f"fund:{FUND}:meals", "fen"): -300_00,
        (f"fund:{FUND}:meals:committed", "fen"): 300_00,
    }


@pytest.mark.parametrize("judge", [APPROVE, DECLINE])
def test_only_the_funds_committee_judges(judge: ApproveGrant | DeclineGrant) -> None:
    given(*PROPOSED).when(judge, actor=NEIGHBOUR, role="committee_member").refused("not_in_committee", NotYours)


@pytest.mark.parametrize("judge", [APPROVE, DECLINE])
def test_nobody_judges_their_own_proposal(judge: ApproveGrant | DeclineGrant) -> None:
    story = given(*RICH, proposed(proposer=WANG))
    story.when(judge, actor=WANG, role="committee_member").refused("proposer_is_approver", NotYours)


@pytest.mark.parametrize("judge", [APPROVE, DECLINE])
def test_nobody_has_their_own_proposal_judged_in_their_name(judge: ApproveGrant | DeclineGrant) -> None:
    story = given(*RICH, proposed(proposer=WANG))
    story.when(judge, actor=LI, role="committee_member", behalf=WANG).refused("proposer_is_approver", NotYours)


@pytest.mark.parametrize("judge", [APPROVE, DECLINE])
def test_who_left_judges_no_more(judge: ApproveGrant | DeclineGrant) -> None:
    story = given(*PROPOSED, MemberLeft(member_id=WANG))
    story.when(judge, actor=WANG, role="committee_member").refused("member_left", Refused)


@pytest.mark.parametrize("judge", [APPROVE, DECLINE])
@pytest.mark.parametrize("after", [(approved(),), (declined(),), (approved(), cancelled()), (approved(), paid())])
def test_what_was_judged_is_not_judged_again(judge: ApproveGrant | DeclineGrant, after: tuple[Fact, ...]) -> None:
    story = given(*RICH, received(900_00, receipt_id="rcpt_9"), proposed(), *after)
    story.when(judge, actor=ZHAO, role="committee_member").refused("grant_not_open", Conflict)


@pytest.mark.parametrize("command", [APPROVE, DECLINE, CANCEL, PAY, RETURN])
def test_there_must_be_a_grant(command: ApproveGrant | DeclineGrant | CancelGrant | PayGrant | ReturnPayment) -> None:
    given(*RICH).when(command, actor=WANG, role="committee_member").refused("no_such_grant", NotFound)


def test_an_item_gives_no_more_than_it_has() -> None:
    poor = (*OPEN, received(299_99), received(900_00, item="clinic", receipt_id="rcpt_9"), proposed())
    given(*poor).when(APPROVE, actor=WANG, role="committee_member").refused("insufficient_fund", Refused)


def test_an_item_does_not_give_what_it_has_committed() -> None:
    other = (proposed(1, grant_id="grant_9"), approved(1, grant_id="grant_9"))
    given(*PROPOSED, *other).when(APPROVE, actor=WANG, role="committee_member").refused("insufficient_fund", Refused)


def test_nobody_approves_money_for_themselves() -> None:
    story = given(*RICH, proposed(payee=WANG))
    story.when(APPROVE, actor=WANG, role="committee_member").refused("payee_is_approver", NotYours)


def test_nobody_approves_money_for_a_unit_they_represent() -> None:
    story = given(*RICH, proposed(payee=LVYUN))
    story.when(APPROVE, actor=LI, role="committee_member").refused("payee_is_approver", NotYours)
    assert story.when(APPROVE, actor=ZHAO, role="committee_member").facts


def test_the_committee_says_no() -> None:
    story = given(*PROPOSED).when(DECLINE, actor=WANG, role="committee_member")
    story.then(GrantDeclined(grant_id="grant_1", fund=FUND, reason="too_much", approver=WANG))
    assert balances(story.facts) == {}


def test_a_payment_leaves_the_fund_for_its_category() -> None:
    story = given(*APPROVED).when(PAY, actor=TREASURER, role="treasurer")
    story.then(
        GrantPaid(
            grant_id="grant_1", fund=FUND, item="meals", category="aid", amount_fen=300_00, payer=TREASURER, day=TODAY
        )
    )
    assert balances(story.facts) == {
        (f"fund:{FUND}:meals:committed", "fen"): -300_00,
        (f"spent:{FUND}:meals:aid", "fen"): 300_00,
    }


@pytest.mark.parametrize("before", [(), (declined(),), (approved(), cancelled()), (approved(), paid())])
def test_only_what_is_approved_is_paid(before: tuple[Fact, ...]) -> None:
    story = given(*PROPOSED, *before)
    story.when(PAY, actor=TREASURER, role="treasurer").refused("grant_not_approved", Conflict)


@pytest.mark.parametrize("day", [date(1989, 12, 31), TODAY + timedelta(days=1)])
def test_a_payment_has_a_plausible_day(day: date) -> None:
    given(*APPROVED).when(replace(PAY, day=day), actor=TREASURER, role="treasurer").refused("implausible_date", Refused)


def test_a_payment_may_state_its_day() -> None:
    story = given(*APPROVED).when(replace(PAY, day=date(2026, 1, 5)), actor=TREASURER, role="treasurer").facts
    assert [happened.day for happened in story if isinstance(happened, GrantPaid)] == [date(2026, 1, 5)]


def test_a_payer_is_a_registered_member() -> None:
    given(*APPROVED).when(PAY, actor="svc_bank", role="treasurer").refused("no_such_member", NotFound)


# Every way in which three tasks can fall to three members of the committee; only three different ones get through.
@pytest.mark.parametrize(("proposer", "approver", "payer"), [*product((WANG, LI, ZHAO), repeat=3)])
def test_money_leaves_past_three_pairs_of_eyes_only(proposer: str, approver: str, payer: str) -> None:
    approval = given(*RICH, proposed(proposer=proposer)).when(APPROVE, actor=approver, role="committee_member")
    if approver == proposer:
        approval.refused("proposer_is_approver", NotYours)
        return
    story = given(*RICH, proposed(proposer=proposer), *approval.facts)
    payment = story.when(PAY, actor=payer, role="treasurer")
    if payer == proposer:
        payment.refused("payer_is_proposer", NotYours)
    elif payer == approver:
        payment.refused("payer_is_approver", NotYours)
    else:
        assert len({proposer, approver, payer}) == 3
        assert payment.facts


@pytest.mark.parametrize(("behalf", "code"), [(WORKER, "payer_is_proposer"), (WANG, "payer_is_approver")])
def test_nobody_pays_in_the_name_of_who_proposed_or_approved(behalf: str, code: str) -> None:
    given(*APPROVED).when(PAY, actor=TREASURER, role="treasurer", behalf=behalf).refused(code)


@pytest.mark.parametrize(("actor", "role"), [(ZHAO, "committee_member"), (TREASURER, "treasurer")])
def test_a_grant_that_is_not_needed_frees_its_money(actor: str, role: str) -> None:
    story = given(*APPROVED).when(CANCEL, actor=actor, role=role)
    story.then(
        GrantCancelled(
            grant_id="grant_1", fund=FUND, item="meals", amount_fen=300_00, reason="not_needed", cancelled_by=actor
        )
    )
    assert balances(story.facts) == {
        (f"fund:{FUND}:meals", "fen"): 300_00,
        (f"fund:{FUND}:meals:committed", "fen"): -300_00,
    }


def test_a_treasurer_who_sits_in_another_committee_cancels_as_treasurer() -> None:
    assert given(*APPROVED).when(CANCEL, actor=TREASURER, role="committee_member").facts


def test_another_funds_committee_cancels_nothing_here() -> None:
    given(*APPROVED).when(CANCEL, actor=NEIGHBOUR, role="committee_member").refused("not_in_committee", NotYours)


@pytest.mark.parametrize("before", [(), (declined(),), (approved(), cancelled()), (approved(), paid())])
def test_only_what_is_approved_and_unpaid_is_cancelled(before: tuple[Fact, ...]) -> None:
    story = given(*PROPOSED, *before)
    story.when(CANCEL, actor=TREASURER, role="treasurer").refused("grant_not_approved", Conflict)


def test_cancelled_money_can_be_granted_again() -> None:
    story = given(*APPROVED, cancelled(), proposed(grant_id="grant_2"))
    assert story.when(ApproveGrant(grant_id="grant_2"), actor=WANG, role="committee_member").facts


def test_paid_money_can_come_back() -> None:
    story = given(*PAID).when(RETURN, actor=TREASURER, role="treasurer")
    story.then(
        PaymentReturned(
            grant_id="grant_1", fund=FUND, item="meals", category="aid", amount_fen=100_00, reason="overpaid",
            handler=TREASURER, day=TODAY,
        )
    )  # fmt: skip
    assert balances(story.facts) == {
        (f"spent:{FUND}:meals:aid", "fen"): -100_00,
        (f"fund:{FUND}:meals", "fen"): 100_00,
    }


def test_what_came_back_can_be_granted_again() -> None:
    story = given(*PAID, returned(100_00), proposed(100_00, grant_id="grant_2"))
    assert story.when(ApproveGrant(grant_id="grant_2"), actor=WANG, role="committee_member").facts


@pytest.mark.parametrize(("before_fen", "comes_back"), [(200_00, True), (200_01, False)])
def test_no_more_comes_back_than_was_paid(before_fen: int, comes_back: bool) -> None:
    story = given(*PAID, returned(before_fen)).when(RETURN, actor=TREASURER, role="treasurer")
    if comes_back:
        assert story.facts
    else:
        story.refused("more_than_paid", Refused)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"amount_fen": 0}, "not_positive"), ({"day": TODAY + timedelta(days=1)}, "implausible_date")],
)
def test_a_return_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*PAID).when(replace(RETURN, **changed), actor=TREASURER, role="treasurer").refused(code)


@pytest.mark.parametrize("before", [(), (approved(),), (declined(),), (approved(), cancelled())])
def test_nothing_comes_back_of_what_was_not_paid(before: tuple[Fact, ...]) -> None:
    given(*PROPOSED, *before).when(RETURN, actor=TREASURER, role="treasurer").refused("grant_not_paid", Conflict)
