"""Targeted help: a case keeps its own money; donors name nobody they are tied to; what is left goes on in public."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.base import Command, Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import (
    ApproveGrant,
    CloseFund,
    CloseHelpCase,
    OpenHelpCase,
    PledgeDonation,
    ProposeGrant,
    ReceiveDonation,
    RefundDonation,
)
from ledger.funds.facts import FundClosed, HelpCaseClosed, HelpCaseOpened
from ledger.hours.facts import KinRegistered
from ledger.parties.facts import MemberRegistered, ProxyRegistered, RoleGranted, TeamJoined
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LONG_AGO,
    LVYUN,
    NEIGHBOUR,
    OPEN,
    OTHER_FUND,
    TREASURER,
    WANG,
    WORKER,
    approved,
    paid,
    proposed,
    received,
    returned,
)
from tests.ledger.given import TODAY, given
from tests.ledger.sums import balances

CASE = "case_fire1"
ITEM = "case-fire1"
OPENED = HelpCaseOpened(
    case_id=CASE, fund=FUND, item=ITEM, title="三号楼火灾", beneficiary=NEIGHBOUR, need_fen=900_00, opened_by=WORKER,
    day=TODAY,
)  # fmt: skip
WITH_CASE: tuple[Fact, ...] = (*OPEN, OPENED)
OPEN_CASE = OpenHelpCase(
    case_id=CASE, fund="nuanxing", title="三号楼火灾", beneficiary=NEIGHBOUR, need_fen=900_00
)  # fmt: skip
CLOSE = CloseHelpCase(case_id=CASE, outcome="helped", to_item="meals")
GIVE = ReceiveDonation(receipt_id="rcpt_9", fund="nuanxing", item=ITEM, donor=DONOR, amount_fen=500_00)
PLEDGE = PledgeDonation(pledge_id="pledge_9", fund="nuanxing", item=ITEM, donor=DONOR, amount_fen=500_00)


def closed(remainder_fen: int = 0) -> Fact:
    """The end of the case."""
    return HelpCaseClosed(
        case_id=CASE, fund=FUND, item=ITEM, to_item="meals", remainder_fen=remainder_fen, outcome="helped",
        closed_by=WANG, day=TODAY,
    )  # fmt: skip


def test_a_case_is_an_item_of_its_own() -> None:
    given(*OPEN).when(OPEN_CASE, actor=WORKER, role="community_worker", sealed="c1").then(replace(OPENED, words="c1"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fund": "lezhi"}, "no_such_fund"),
        ({"beneficiary": "mem_nobody"}, "no_such_member"),
        ({"need_fen": 0}, "not_positive"),
        ({"title": ""}, "bad_name"),
        ({"case_id": "case_" + "x" * 28}, "bad_item"),
        ({"case_id": "rcpt_1"}, "bad_id"),
    ],
)
def test_a_case_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*OPEN).when(replace(OPEN_CASE, **changed), actor=WORKER, role="community_worker").refused(code)


def test_a_case_is_opened_once() -> None:
    given(*WITH_CASE).when(OPEN_CASE, actor=WORKER, role="community_worker").refused("case_exists", Conflict)


def test_money_is_given_for_a_case_and_kept_there() -> None:
    story = given(*WITH_CASE).when(GIVE, actor=TREASURER, role="treasurer")
    assert balances(story.facts)[f"fund:{FUND}:{ITEM}", "fen"] == 500_00


def test_a_case_belongs_to_its_fund() -> None:
    story = given(*WITH_CASE, OTHER_FUND)
    story.when(replace(GIVE, fund="lezhi"), actor=TREASURER, role="treasurer").refused("no_such_item", NotFound)


@pytest.mark.parametrize(
    "tie",
    [
        (),
        (ProxyRegistered(principal=NEIGHBOUR, proxy=DONOR),),
        (ProxyRegistered(principal=DONOR, proxy=NEIGHBOUR),),
        (RoleGranted(holder=NEIGHBOUR, role="representative", scope=LVYUN, granted_by=WORKER),),
        (TeamJoined(member_id=NEIGHBOUR, team="team_north", unit=LVYUN),),
        (MemberRegistered(member_id="mem_child", joined_on=LONG_AGO, guardian=NEIGHBOUR),),
        (KinRegistered(kin_id="kin_1", member=NEIGHBOUR, kin=DONOR, relation="child", confirmed_by=DONOR),),
    ],
)
def test_no_donor_names_whom_they_are_tied_to(tie: tuple[Fact, ...]) -> None:
    # 慈善法 §40. Who it is tied to depends on the tie; without any, somebody who gives for themselves.
    donor = NEIGHBOUR
    for fact in tie:
        donor = {ProxyRegistered: DONOR, KinRegistered: DONOR, MemberRegistered: "mem_child"}.get(type(fact), LVYUN)
    for command in (replace(GIVE, donor=donor), replace(PLEDGE, donor=donor)):
        given(*WITH_CASE, *tie).when(command, actor=TREASURER, role="treasurer").refused("donor_has_interest", NotYours)


@pytest.mark.parametrize("donor", [DONOR, LVYUN, "anonymous"])
def test_everybody_else_may_give_for_a_case(donor: str) -> None:
    assert given(*WITH_CASE).when(replace(GIVE, donor=donor), actor=TREASURER, role="treasurer").facts


def test_a_grant_for_a_case_is_not_approved_by_who_is_helped() -> None:
    helped = replace(OPENED, beneficiary=WANG)
    past = (*OPEN, helped, received(500_00, item=ITEM), proposed(item=ITEM))
    given(*past).when(ApproveGrant(grant_id="grant_1"), actor=WANG, role="committee_member").refused(
        "payee_is_approver"
    )


def test_what_is_left_goes_to_an_item_that_is_named() -> None:
    past = (*WITH_CASE, received(500_00, item=ITEM), proposed(item=ITEM), approved(item=ITEM), paid(item=ITEM))
    story = given(*past).when(CLOSE, actor=WANG, role="committee_member")
    story.then(closed(200_00))
    assert balances(story.facts) == {(f"fund:{FUND}:{ITEM}", "fen"): -200_00, (f"fund:{FUND}:meals", "fen"): 200_00}


def test_a_case_with_nothing_left_closes_without_moving_anything() -> None:
    given(*WITH_CASE).when(CLOSE, actor=WANG, role="committee_member").then(closed())


@pytest.mark.parametrize(
    ("command", "actor", "code"),
    [
        (CLOSE, NEIGHBOUR, "not_in_committee"),
        (replace(CLOSE, case_id="case_nobody"), WANG, "no_such_case"),
        (replace(CLOSE, to_item=ITEM), WANG, "same_item"),
        (replace(CLOSE, to_item="dancing"), WANG, "no_such_item"),
    ],
)
def test_a_case_is_not_closed_anyhow(command: Command, actor: str, code: str) -> None:
    given(*WITH_CASE).when(command, actor=actor, role="committee_member").refused(code)


def test_who_opened_a_case_does_not_close_it() -> None:
    story = given(*OPEN, replace(OPENED, opened_by=WANG))
    story.when(CLOSE, actor=WANG, role="committee_member").refused("opener_is_closer", NotYours)


def test_a_case_with_money_on_its_way_stays_open() -> None:
    past = (*WITH_CASE, received(500_00, item=ITEM), proposed(item=ITEM), approved(item=ITEM))
    given(*past).when(CLOSE, actor=WANG, role="committee_member").refused("case_has_open_grants", Refused)


def test_what_comes_back_after_the_end_is_moved_on_by_closing_once_more() -> None:
    past = (
        *WITH_CASE, received(300_00, item=ITEM), proposed(item=ITEM), approved(item=ITEM), paid(item=ITEM), closed(),
    )  # fmt: skip
    given(*past).when(CLOSE, actor=WANG, role="committee_member").refused("case_settled", Conflict)
    given(*past, returned(100_00, item=ITEM)).when(CLOSE, actor=WANG, role="committee_member").then(closed(100_00))


@pytest.mark.parametrize(
    "command",
    [GIVE, PLEDGE, ProposeGrant(grant_id="grant_9", fund="nuanxing", item=ITEM, category="aid", amount_fen=1)],
)
def test_nothing_new_begins_under_a_closed_case(command: Command) -> None:
    given(*WITH_CASE, closed()).when(command, actor=WORKER, role="treasurer").refused("case_closed", Refused)


def test_what_was_left_of_a_closed_case_is_nobodys_share_any_more() -> None:
    past = (*WITH_CASE, received(500_00, item=ITEM), closed(500_00))
    refund = RefundDonation(receipt_id="rcpt_1", amount_fen=1, reason="purpose_impossible")
    given(*past).when(refund, actor=TREASURER, role="treasurer").refused("case_closed", Refused)


# ---- the end of a fund ------------------------------------------------------------------------------------------------

END = CloseFund(fund="nuanxing", reason="purpose_met")
ENDED = FundClosed(fund=FUND, reason="purpose_met", closed_by=WORKER, day=TODAY)


def test_a_fund_in_which_nothing_is_left_may_be_closed() -> None:
    past = (*OPEN, received(300_00), proposed(), approved(), paid())
    given(*past).when(END, actor=WORKER, role="administrator").then(ENDED)


@pytest.mark.parametrize("past", [(received(1),), (received(300_00), proposed(), approved())])
def test_a_fund_with_money_in_it_stays_open(past: tuple[Fact, ...]) -> None:
    given(*OPEN, *past).when(END, actor=WORKER, role="administrator").refused("fund_not_empty", Refused)


@pytest.mark.parametrize("command", [replace(GIVE, item="meals"), OPEN_CASE, END])
def test_a_closed_fund_takes_in_nothing_more(command: Command) -> None:
    given(*OPEN, ENDED).when(command, actor=WORKER, role="treasurer").refused("fund_closed")


def test_a_service_item_that_looks_like_a_case_is_none() -> None:
    named = replace(OTHER_FUND, items=(("case-fire1", "个案"),))
    gift = replace(GIVE, fund="lezhi")
    assert given(*OPEN, named).when(gift, actor=TREASURER, role="treasurer").facts
    case = replace(OPEN_CASE, fund="lezhi")
    given(*OPEN, named).when(case, actor=WORKER, role="community_worker").refused("case_exists", Conflict)
