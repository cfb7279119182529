"""Money goes past nobody who is tied to who gets it, and to nobody who may take on nothing new."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.base import Command, Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import NotYours, Refused
from ledger.funds.commands import ApproveGrant, PayGrant, ProposeGrant, ReceiveDonation
from ledger.funds.facts import HelpCaseClosed, HelpCaseOpened
from ledger.funds.interest import has_interest
from ledger.hours.facts import KinRegistered
from ledger.parties.facts import RoleGranted, TeamFormed, TeamJoined
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LI,
    LONG_AGO,
    LVYUN,
    NEIGHBOUR,
    OPEN,
    TREASURER,
    WANG,
    WORKER,
    approved,
    proposed,
    received,
)
from tests.ledger.given import TODAY, Folded, given

TEAM = "team_lvyun"
OF_LVYUN = TeamFormed(team_id=TEAM, kind="volunteer_organisation", name="绿云队", unit=LVYUN)
CASE, ITEM = "case_1", "case-1"
HELP = HelpCaseOpened(
    case_id=CASE,
    fund=FUND,
    item=ITEM,
    title="急",
    beneficiary=NEIGHBOUR,
    need_fen=500_00,
    opened_by=WORKER,
    day=LONG_AGO,
)
ENDED = HelpCaseClosed(
    case_id=CASE,
    fund=FUND,
    item=ITEM,
    to_item="general",
    remainder_fen=0,
    outcome="helped",
    closed_by=WANG,
    day=LONG_AGO,
)
RICH: tuple[Fact, ...] = (*OPEN, OF_LVYUN, HELP, received(600_00), received(600_00, item=ITEM, receipt_id="rcpt_2"))
APPROVE, PAY = ApproveGrant(grant_id="grant_1"), PayGrant(grant_id="grant_1")


def kin(one: str, other: str) -> Fact:
    """Mother and child."""
    return KinRegistered(kin_id="kin_1", member=one, kin=other, relation="child", confirmed_by=other)


def joined(member: str, team: str = TEAM, unit: str | None = LVYUN) -> Fact:
    """Somebody belongs to a team and its unit."""
    return TeamJoined(member_id=member, team=team, unit=unit)


@pytest.mark.parametrize(
    ("one", "other", "ties"),
    [
        (WANG, WANG, ()),
        (LI, LVYUN, ()),
        (LI, TEAM, ()),
        (LVYUN, TEAM, ()),
        (LVYUN, NEIGHBOUR, (joined(NEIGHBOUR),)),
        (TEAM, NEIGHBOUR, (joined(NEIGHBOUR, "team_other"),)),
        (TEAM, "team_sister", (TeamFormed(team_id="team_sister", kind="class", name="姊妹队", unit=LVYUN),)),
        (WANG, NEIGHBOUR, (kin(NEIGHBOUR, WANG),)),
    ],
)
def test_an_interest_is_seen_from_both_sides_and_through_the_unit_of_a_team(
    one: str, other: str, ties: tuple[Fact, ...]
) -> None:
    view = Folded(*RICH, *ties)
    assert (has_interest(view, one, other), has_interest(view, other, one)) == (True, True)


@pytest.mark.parametrize(("one", "other"), [(WANG, TEAM), (WANG, NEIGHBOUR), (TEAM, NEIGHBOUR), (DONOR, LVYUN)])
def test_strangers_have_no_interest_in_each_other(one: str, other: str) -> None:
    view = Folded(*RICH)
    assert (has_interest(view, one, other), has_interest(view, other, one)) == (False, False)


def test_the_team_of_a_unit_does_not_give_for_who_represents_the_unit() -> None:
    tie = RoleGranted(holder=NEIGHBOUR, role="representative", scope=LVYUN, granted_by=WORKER)
    give = ReceiveDonation(receipt_id="rcpt_9", fund="nuanxing", donor=TEAM, item=ITEM, amount_fen=1)
    assert given(*RICH).when(give, actor=TREASURER, role="treasurer").facts
    given(*RICH, tie).when(give, actor=TREASURER, role="treasurer").refused("donor_has_interest", NotYours)


@pytest.mark.parametrize(
    ("payee", "ties"), [(TEAM, (joined(WANG),)), (NEIGHBOUR, (kin(WANG, NEIGHBOUR),)), (LVYUN, (joined(WANG),))]
)
def test_nobody_approves_money_for_whom_they_are_tied_to(payee: str, ties: tuple[Fact, ...]) -> None:
    story = given(*RICH, *ties, proposed(payee=payee))
    story.when(APPROVE, actor=WANG, role="committee_member").refused("payee_is_approver", NotYours)


@pytest.mark.parametrize(
    ("payee", "item", "ties"),
    [
        (TREASURER, "meals", ()),
        (TEAM, "meals", (joined(TREASURER),)),
        (None, ITEM, (kin(TREASURER, NEIGHBOUR),)),
    ],
)
def test_nobody_pays_themselves_or_whom_they_are_tied_to(payee: str | None, item: str, ties: tuple[Fact, ...]) -> None:
    story = given(*RICH, *ties, proposed(payee=payee, item=item), approved(item=item))
    story.when(PAY, actor=TREASURER, role="treasurer").refused("payee_is_payer", NotYours)
    assert story.when(PAY, actor=DONOR, role="treasurer").facts


@pytest.mark.parametrize(
    ("before", "command", "actor"),
    [
        ((), ProposeGrant(grant_id="grant_1", fund="nuanxing", item="meals", amount_fen=1, payee=TEAM), WORKER),
        ((proposed(payee=TEAM),), APPROVE, WANG),
        ((proposed(payee=TEAM), approved()), PAY, TREASURER),
    ],
)
def test_a_team_whose_unit_is_blacklisted_gets_no_money(before: tuple[Any, ...], command: Command, actor: str) -> None:
    barred = PartyBlacklisted(
        blacklisting_id="black_1", party=LVYUN, reason="misconduct", until_day=TODAY, listed_by=WORKER, day=LONG_AGO
    )
    assert given(*RICH, *before).when(command, actor=actor).facts
    given(*RICH, *before, barred).when(command, actor=actor).refused("blacklisted", Refused)


def test_a_closed_case_approves_nothing_more() -> None:
    story = (*RICH, proposed(item=ITEM))
    assert given(*story).when(APPROVE, actor=WANG, role="committee_member").facts
    given(*story, ENDED).when(APPROVE, actor=WANG, role="committee_member").refused("case_closed", Refused)
