"""A refund that waits for a second person: in the queues until the rule's day, decided by form, told to the donor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from ledger.application import OPERATOR
from ledger.funds import commands as fund
from ledger.parties.commands import GrantRole, RevokeRole
from ledger.policy.commands import SetPolicy
from projections.books import queries as books
from tests.pages.cast import LEDGER
from tests.pages.fund.purse import Purse
from tests.pages.fund.test_deciding import sent

SignIn = Callable[[str], TestClient]
TREASURY, COMMITTEE = f"/{LEDGER}/treasury", f"/{LEDGER}/committee"
MINE = f"/{LEDGER}/my-donations"


@pytest.fixture
def two_hands(community: Purse) -> Iterator[Purse]:
    """Refunds take two people; 李师傅 is a treasurer too."""
    li = community.ids["li"]
    community.do(OPERATOR, GrantRole(holder=li, role="treasurer"))
    community.do(OPERATOR, SetPolicy(name="funds.refund_approvers", value=2))
    yield community
    community.do(OPERATOR, SetPolicy(name="funds.refund_approvers", value=1))
    community.do(OPERATOR, RevokeRole(holder=li, role="treasurer"))


def asked(community: Purse, amount_fen: int) -> tuple[str, str]:
    """A refund that 褚会计 asks for; gives the receipt's id and the address of its donation."""
    receipt = community.give("item-2", amount_fen, donor="wang")
    community.do("zhu", fund.RefundDonation(receipt_id=receipt, amount_fen=amount_fen, reason="wrong_fund"))
    row = books.receipt(community.store.database, LEDGER, receipt)
    assert row is not None
    return receipt, f"/{LEDGER}/funds/nuanxing/donations/{row['number']}"


def test_it_waits_in_both_queues_with_its_age_and_the_day_by_which_the_rule_wants_an_answer(
    two_hands: Purse, signed_in: SignIn
) -> None:
    _, address = asked(two_hands, 31_00)

    for who, page in (("li", TREASURY), ("committee0", COMMITTEE)):
        shown = signed_in(who).get(page).text
        assert "等待决定的退款" in shown
        assert f'href="{address}#refund"' in shown
        assert "捐错基金" in shown
        assert "已等 0 天" in shown
        assert "前答复" in shown
    assert "您申请的，由另一位出纳决定" in signed_in("zhu").get(TREASURY).text


def test_what_is_late_is_counted_and_said(two_hands: Purse, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(two_hands, 32_00)
    assert "今天到期或已经超期" not in signed_in("li").get(TREASURY).text

    monkeypatch.setattr(two_hands.clock, "moved", two_hands.clock.moved + 17)

    shown = signed_in("li").get(TREASURY).text
    assert "今天到期或已经超期" in shown
    assert "已超 2 天" in shown


def test_another_treasurer_agrees_by_form_and_the_money_goes_back(two_hands: Purse, signed_in: SignIn) -> None:
    receipt, address = asked(two_hands, 33_00)
    assert "do/agree-refund" not in signed_in("zhu").get(address).text
    assert "do/agree-refund" in signed_in("li").get(address).text
    form = signed_in("li").get(f"/{LEDGER}/do/agree-refund?receipt_id={receipt}").text
    assert "33.00 元" in form
    assert "褚会计" in form

    sent(signed_in("li"), f"/{LEDGER}/do/agree-refund?receipt_id={receipt}", receipt_id=receipt)

    assert f"{address}#refund" not in signed_in("li").get(TREASURY).text
    row = books.receipt(two_hands.store.database, LEDGER, receipt)
    assert row is not None
    assert row["refunded_fen"] == 33_00
    assert "已退回" in signed_in("wang").get(address).text


def test_a_refund_is_declined_with_a_reason_that_the_donor_reads(two_hands: Purse, signed_in: SignIn) -> None:
    receipt, address = asked(two_hands, 34_00)
    assert "已申请退款 34.00 元（捐错基金）" in signed_in("wang").get(MINE).text

    sent(
        signed_in("li"), f"/{LEDGER}/do/decline-refund?receipt_id={receipt}", receipt_id=receipt, reason="already_spent"
    )

    mine = signed_in("wang").get(MINE).text
    assert "决定不退：钱已经用出去了" in mine
    assert f"{address}#refund" not in signed_in("li").get(TREASURY).text


def test_others_do_not_learn_that_a_refund_was_asked_for(two_hands: Purse, signed_in: SignIn) -> None:
    receipt, address = asked(two_hands, 35_00)

    assert "申请退款 35.00" not in signed_in("son").get(address).text
    assert signed_in("son").get(f"/{LEDGER}/do/decline-refund?receipt_id={receipt}").status_code == 404
