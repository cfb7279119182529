"""A fund's service items after its opening: another one, another name, and the end of one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, Refused
from ledger.funds.commands import EndFundItem, NameFundItem, OpenHelpCase, PledgeDonation, ReceiveDonation
from ledger.funds.facts import FundClosed, HelpCaseOpened, ItemEnded, ItemNamed
from tests.ledger.funds.cast import DONOR, FUND, LONG_AGO, OPEN, TREASURER, WANG, approved, proposed, received, refunded
from tests.ledger.given import TODAY, given

NAME = NameFundItem(fund="nuanxing", item="haircuts", name="上门理发")
NAMED = ItemNamed(fund=FUND, item="haircuts", name="上门理发", named_by=WANG, day=TODAY)
END = EndFundItem(fund="nuanxing", item="meals")
ENDED = ItemEnded(fund=FUND, item="meals", ended_by=WANG, day=TODAY)
GIFT = ReceiveDonation(receipt_id="rcpt_9", fund=FUND, donor=DONOR, item="haircuts", amount_fen=5_00)


def test_a_fund_gets_another_service_item() -> None:
    given(*OPEN).when(NAME, actor=WANG, role="administrator").then(NAMED)


def test_money_comes_in_for_an_item_from_the_day_it_has_a_name() -> None:
    given(*OPEN).when(GIFT, actor=TREASURER, role="treasurer").refused("no_such_item", NotFound)
    assert given(*OPEN, NAMED).when(GIFT, actor=TREASURER, role="treasurer").facts


def test_an_item_gets_another_name_and_keeps_its_money() -> None:
    renamed = replace(NAMED, item="meals", name="长者食堂")
    given(*OPEN, received(500_00)).when(
        replace(NAME, item="meals", name="长者食堂"), actor=WANG, role="host_charity"
    ).then(renamed)


def test_the_same_name_again_is_no_change() -> None:
    given(*OPEN).when(replace(NAME, item="meals", name="助餐"), actor=WANG, role="administrator").refused(
        "item_named_so", Conflict
    )


def test_two_items_do_not_share_a_name() -> None:
    given(*OPEN).when(replace(NAME, name="助餐"), actor=WANG, role="administrator").refused("item_name_taken", Refused)


@pytest.mark.parametrize("code", ["", "Hair", "上门", "h" * 33, "general"])
def test_an_item_has_a_short_code_that_is_not_that_of_unrestricted_money(code: str) -> None:
    given(*OPEN).when(replace(NAME, item=code), actor=WANG, role="administrator").refused("bad_item", Refused)


def test_the_item_of_a_help_case_keeps_the_name_of_all_of_them() -> None:
    case = HelpCaseOpened(
        case_id="case_1", fund=FUND, item="case-1", title="火灾", beneficiary=DONOR, need_fen=1_00, opened_by=WANG,
        day=LONG_AGO,
    )  # fmt: skip
    given(*OPEN, case).when(replace(NAME, item="case-1"), actor=WANG, role="administrator").refused(
        "case_exists", Conflict
    )


def test_a_case_does_not_take_the_code_of_an_item_that_came_later() -> None:
    later = replace(NAMED, item="case-1")
    asked = OpenHelpCase(case_id="case_1", fund=FUND, title="火灾", beneficiary=DONOR, need_fen=1_00)
    given(*OPEN, later).when(asked, actor=WANG, role="community_worker").refused("case_exists", Conflict)


def test_an_item_in_which_nothing_is_left_ends() -> None:
    given(*OPEN, received(500_00), refunded(500_00)).when(END, actor=WANG, role="administrator").then(ENDED)


@pytest.mark.parametrize("left", [(received(1),), (received(300_00), proposed(), approved())])
def test_an_item_does_not_end_while_anything_is_in_it(left: tuple[Fact, ...]) -> None:
    given(*OPEN, *left).when(END, actor=WANG, role="administrator").refused("item_not_empty", Refused)


def test_an_ended_item_takes_in_nothing() -> None:
    pledge = PledgeDonation(pledge_id="pledge_9", fund=FUND, donor=DONOR, item="meals", amount_fen=5_00)
    given(*OPEN, ENDED).when(pledge, actor=DONOR).refused("no_such_item", NotFound)


@pytest.mark.parametrize("item", ["haircuts", "general"])
def test_only_an_item_that_is_open_ends(item: str) -> None:
    given(*OPEN).when(replace(END, item=item), actor=WANG, role="administrator").refused("no_such_item", NotFound)


def test_an_ended_item_opens_again_by_its_name() -> None:
    again = replace(NAMED, item="meals", name="助餐")
    given(*OPEN, ENDED).when(replace(NAME, item="meals", name="助餐"), actor=WANG, role="administrator").then(again)


@pytest.mark.parametrize("command", [NAME, END])
def test_the_items_of_a_closed_fund_stay_as_they_are(command: NameFundItem | EndFundItem) -> None:
    closed = FundClosed(fund=FUND, reason="purpose_met", closed_by=WANG, day=LONG_AGO)
    given(*OPEN, closed).when(command, actor=WANG, role="administrator").refused("fund_closed", Refused)


@pytest.mark.parametrize("command", [NAME, END])
def test_a_fund_that_nobody_opened_has_no_items(command: NameFundItem | EndFundItem) -> None:
    given(*OPEN).when(replace(command, fund="lezhi"), actor=WANG, role="administrator").refused(
        "no_such_fund", NotFound
    )
