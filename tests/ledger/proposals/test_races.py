"""Many press at once on the real store: a budget is awarded once, an applicant answers once, a donor agrees once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.clock import at_time
from ledger.funds.commands import AgreeRestrictionChange, AskRestrictionChange, OpenFund, ReceiveDonation, ServiceItem
from ledger.funds.state import FundState
from ledger.parties.commands import GrantRole, RegisterMember
from ledger.proposals.commands import AwardProposal, Criterion, Milestone, OpenCall, ScoreProposal, SubmitProposal
from tests.house.stores import LEDGER, all_at_once, open_ledger, store_at

TODAY = date(2026, 5, 20)
COMMITTEE = tuple(f"mem_committee{n}" for n in range(5))
APPLICANTS = tuple(f"mem_applicant{n}" for n in range(4))
JUDGE, DONOR, SUPERVISOR = "mem_judge", "mem_donor", "mem_supervisor"
FUND, CALL, RECEIPT, CHANGE = "fund_lezhi", "cfp_one", "rcpt_one", "change_one"


class Days:
    """A clock that stands still until the call is over."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> int:
        return at_time(self.day, 10, 0)


def propose(number: int, applicant: str) -> SubmitProposal:
    part = Milestone(name="all", amount_fen=600_00, due_day=TODAY + timedelta(days=60))
    return SubmitProposal(
        proposal_id=f"prop_{number}", call_id=CALL, applicant=applicant, title="A canteen", milestones=(part,)
    )


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def store(store_url: str, tmp_path: Path, days: Days) -> Iterator[Store]:
    """A fund of 1,000 yuan, and a call that may award 1,000 of them."""
    with store_at(store_url, tmp_path, clock=days) as found:
        open_ledger(found)
        people = (*COMMITTEE, *APPLICANTS, JUDGE, DONOR, SUPERVISOR)
        before: list[Command] = [RegisterMember(member_id=one) for one in people]
        before += [GrantRole(holder=one, role="committee_member") for one in COMMITTEE]
        before += [
            OpenFund(
                slug="lezhi", name="Lezhi", purpose="p", host_charity="A charity", committee=COMMITTEE,
                supervisor=SUPERVISOR, items=(ServiceItem(code="venture", name="Venture"),),
            ),
            ReceiveDonation(receipt_id=RECEIPT, fund=FUND, donor=DONOR, item="venture", amount_fen=1_000_00),
            OpenCall(
                call_id=CALL, fund=FUND, item="venture", category="venture", title="t", budget_fen=1_000_00,
                most_fen=600_00, until_day=TODAY, judges=(JUDGE,), criteria=(Criterion(name="c", most_points=10),),
                least_scores=1,
            ),
        ]  # fmt: skip
        for command in before:
            found.application.execute(LEDGER, command, actor=Actor(OPERATOR))
        yield found


def test_an_applicant_answers_a_call_once_however_often_they_press(store: Store) -> None:
    one = APPLICANTS[0]
    pressed: list[tuple[Command, str]] = [(propose(number, one), one) for number in range(5)]
    assert all_at_once(store, pressed) == ["", *["already_proposed"] * 4]


def test_a_budget_for_one_is_awarded_to_one(store: Store, days: Days) -> None:
    for number, one in enumerate(APPLICANTS):
        store.application.execute(LEDGER, propose(number, one), actor=Actor(one))
    days.day += timedelta(days=1)
    for number in range(len(APPLICANTS)):
        score = ScoreProposal(proposal_id=f"prop_{number}", points=(9,))
        store.application.execute(LEDGER, score, actor=Actor(JUDGE))

    awards: list[tuple[Command, str]] = [
        (AwardProposal(proposal_id=f"prop_{number}"), COMMITTEE[number]) for number in range(len(APPLICANTS))
    ]
    assert all_at_once(store, awards) == ["", *["more_than_budget"] * 3]
    assert store.application.view(LEDGER).state(FundState, FUND).committed_fen("venture") == 600_00


def test_a_donor_agrees_once(store: Store) -> None:
    ask = AskRestrictionChange(change_id=CHANGE, receipt_id=RECEIPT, amount_fen=100_00, reason="more_urgent")
    store.application.execute(LEDGER, ask, actor=Actor(OPERATOR))
    agree: list[tuple[Command, str]] = [(AgreeRestrictionChange(change_id=CHANGE), DONOR)] * 4
    assert all_at_once(store, agree) == ["", *["change_settled"] * 3]
