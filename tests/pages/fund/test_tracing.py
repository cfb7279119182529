"""Every donation to what it paid for, every payment to what it came from."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from ledger.funds import commands as fund
from projections.books import queries as books
from tests.pages.cast import LEDGER
from tests.pages.fund.purse import FUND, Purse

BASE = f"/{LEDGER}/funds/nuanxing"
SignIn = Callable[[str], TestClient]


def donation(community: Purse, item: str = "item-0") -> int:
    """The number of the receipt for an item."""
    row = books.receipts(community.store.database, LEDGER, fund=FUND, item=item, limit=1).rows[0]
    return int(row["number"])


def test_a_payment_opens_to_its_page_and_that_to_the_donation_and_back(client: TestClient, community: Purse) -> None:
    payment = f"{BASE}/payments/{community.payment()['paid']}"
    assert payment in client.get(BASE).text

    shown = client.get(payment).text
    receipt = f"{BASE}/donations/{donation(community)}"
    assert receipt in shown
    assert "三个月助餐" in shown
    for step in ("提出", "批准", "支付"):
        assert re.search(rf'<dt>{step}</dt><dd><a class="fig" href="/{LEDGER}/event/\d+">', shown)
    back = client.get(receipt).text
    assert payment in back
    assert re.search(r'"row-link" href="[^"]+">三个月助餐</a>', back)


def test_a_donation_says_what_is_spent_and_what_still_waits(client: TestClient, community: Purse) -> None:
    shown = client.get(f"{BASE}/donations/{donation(community)}").text

    assert re.search(r"已经用掉</dt><dd>400.00 元", shown)
    assert re.search(r"还没用</dt><dd>600.00 元", shown)
    table = shown.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r'<a class="fig"[^>]*>([0-9,.]+ 元)<', table) == ["400.00 元", "600.00 元"]


def test_the_parts_of_a_donation_open_to_their_events(client: TestClient, community: Purse) -> None:
    shown = client.get(f"{BASE}/donations/{donation(community)}").text

    figures = re.findall(r'href="(/[^"]*why\?figure=(?:allocation|lot)[^"]*)"', shown)
    assert len(figures) == 2
    for address in figures:
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_donor_without_consent_is_not_named_on_any_page(client: TestClient, community: Purse) -> None:
    receipt = fund.ReceiveDonation(fund=FUND, donor=community.ids["nai"], item="item-3", amount_fen=31_00)
    community.do("zhu", receipt)
    grant = community.propose(4_000_00, item="item-3")
    community.do("committee0", fund.ApproveGrant(grant_id=grant))
    community.do("zhu", fund.PayGrant(grant_id=grant))
    paid = books.grant(community.store.database, LEDGER, grant)
    number = books.receipt(community.store.database, LEDGER, receipt.receipt_id)
    assert paid is not None
    assert number is not None

    for address in (f"{BASE}/payments/{paid['paid']}", f"{BASE}/donations/{number['number']}", BASE):
        shown = client.get(address).text
        assert "陈奶奶" not in shown
        assert community.ids["nai"] not in shown
    assert "孙*" in client.get(f"{BASE}/payments/{paid['paid']}").text


def test_a_refund_shows_on_the_donation_with_its_reason(client: TestClient, community: Purse) -> None:
    receipt = community.give("item-4", 50_00)
    community.do("zhu", fund.RefundDonation(receipt_id=receipt, amount_fen=20_00, reason="paid_twice"))
    row = books.receipt(community.store.database, LEDGER, receipt)
    assert row is not None

    shown = client.get(f"{BASE}/donations/{row['number']}").text

    assert "重复捐赠" in shown
    assert re.search(r"已退回</th>|>已退回<", shown)


def test_a_receipt_is_found_by_the_number_on_the_paper(client: TestClient, community: Purse) -> None:
    number = donation(community)

    found = client.get(f"{BASE}/donations?number=第 {number:,} 号")

    assert found.status_code == 303
    assert found.headers["location"] == f"{BASE}/donations/{number}"


def test_a_number_that_is_no_receipt_is_said_to_be_none(client: TestClient) -> None:
    missing = client.get(f"{BASE}/donations?number=1")

    assert missing.status_code == 404
    assert "没有找到票据“1”" in missing.text
    assert client.get(f"{BASE}/donations/1").status_code == 404
    assert client.get(f"{BASE}/payments/1").status_code == 404
    assert client.get(f"{BASE}/payments/x").status_code == 404


def test_help_cases_are_one_row_and_named_by_number_alone(client: TestClient, community: Purse) -> None:
    table = client.get(BASE).text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "定向帮扶（各个案）" in table
    assert "case-" not in re.sub(r'href="[^"]*"', "", table)

    cases = client.get(f"{BASE}/cases").text
    assert f"帮扶个案第 {community.number('help_cases'):,} 号" in cases
    for hidden in ("陈奶奶", "陈*", "大病救助", "突发大病"):
        assert hidden not in cases


def test_only_the_treasurer_is_offered_refunds(client: TestClient, community: Purse, signed_in: SignIn) -> None:
    address = f"{BASE}/donations/{donation(community)}"

    assert "do/refund" not in client.get(address).text
    assert "do/refund" not in signed_in("wang").get(address).text
    assert "do/refund" in signed_in("zhu").get(address).text


def test_the_picture_says_what_the_table_says(client: TestClient, community: Purse) -> None:
    shown = client.get(BASE).text

    assert shown.count('<svg class="flow-') == 2
    labels = re.findall(r"<text [^>]*>([^<]+)</text>", shown.partition("flow-desk")[2].partition("</svg>")[0])
    assert labels[0] == "捐款"
    assert {"助餐", "支出", "已批待付", "可用余额"} <= set(labels)
