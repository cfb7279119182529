"""A fund's public account."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from ledger.funds.commands import ReceiveDonation
from ledger.parties.commands import AgreeToPublication, WithdrawPublication
from tests.pages.cast import ITEMS, LEDGER, Community

FUND = f"/{LEDGER}/funds/nuanxing"


def test_income_spending_and_balance_agree_with_the_books(client: TestClient) -> None:
    shown = client.get(FUND).text

    assert "<span>91,128.00<small>元</small></span>" in shown
    assert re.search(r'<dt>收入</dt><dd><a class="fig" href="[^"]+">91,528.00 元<', shown)
    assert re.search(r'<dt>支出</dt><dd><a class="fig" href="[^"]+">400.00 元<', shown)


def test_every_service_item_has_its_row_and_bar(client: TestClient) -> None:
    table = client.get(FUND).text.partition("<tbody>")[2].partition("</tbody>")[0]

    names = re.findall(r'<th scope="row">([^<]+)</th>', table)
    assert names == [*ITEMS, "不限定用途"]
    assert table.count('<rect class="got"') == 14
    # The longest bar belongs to the item that received most, the first is a thirteenth of it.
    assert re.findall(r'class="got" width="(\d+)"', table)[:1] == ["76"]
    assert re.findall(r'class="got" width="(\d+)"', table)[12] == "1000"


def test_donors_who_did_not_agree_are_not_named(client: TestClient) -> None:
    first = client.get(FUND).text
    older = client.get(FUND + "?receipts_after=" + re.findall(r"receipts_after=([0-9.]+)", first)[0]).text

    receipts = (first + older).split('id="receipts"')
    shown = "".join(part.partition("</ul>")[0] for part in receipts[1:])
    assert shown.count("匿名爱心人士") == 6
    assert shown.count("绿云物业") == 5
    assert shown.count("一家爱心单位") == 8


def test_a_payment_opens_to_the_positions_of_its_three_steps(client: TestClient) -> None:
    payments = client.get(FUND).text.partition('id="payments"')[2]

    assert "三个月助餐" in payments
    for step in ("提出", "批准", "支付"):
        assert re.search(rf'<dt>{step}</dt><dd><a class="fig" href="/{LEDGER}/event/\d+">第 \d+ 号</a></dd>', payments)
    assert "陈*" in payments
    assert "陈奶奶" not in payments
    assert "赵*提出，委*批准，褚*支付" in payments


def test_a_new_donation_stands_on_top(client: TestClient, community: Community) -> None:
    community.do(
        "zhu", ReceiveDonation(fund="fund_nuanxing", amount_fen=12_34, item="item-1", donor=community.ids["wang"])
    )

    receipts = client.get(FUND).text.partition('id="receipts"')[2]

    assert re.findall(r'class="amount plus">([^<]+)<', receipts)[0] == "+12.34 元"
    assert "王*" in receipts
    assert "王阿姨" not in receipts


def test_a_person_is_named_who_agreed_twice_and_vanishes_on_request(client: TestClient, community: Community) -> None:
    nai = community.ids["nai"]

    def give(fen: int) -> str:
        gift = ReceiveDonation(fund="fund_nuanxing", amount_fen=fen, donor=nai, named=True)
        community.do("zhu", gift)
        return client.get(FUND).text.partition('id="receipts"')[2].partition("</li>")[0]

    assert "陈*" in give(10_01)
    community.do("nai", AgreeToPublication(member_id=nai, where="donor"))
    assert "陈奶奶" in give(10_02)
    community.do("nai", WithdrawPublication(member_id=nai, where="donor", hidden=True))
    assert "匿名爱心人士" in give(10_03)


def test_a_fund_that_does_not_exist_is_not_found(client: TestClient) -> None:
    assert client.get(f"/{LEDGER}/funds/nothing").status_code == 404


def test_all_funds_are_listed_with_their_sums(client: TestClient) -> None:
    shown = client.get(f"/{LEDGER}/funds").text

    assert "暖兴专项基金" in shown
    assert FUND in shown
