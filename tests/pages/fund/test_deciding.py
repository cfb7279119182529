"""The committee's and the treasurer's pages: who may what, with what at hand, and why somebody may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api import tokens
from ledger.application import OPERATOR
from ledger.funds import commands as fund
from ledger.parties.commands import PersonWords, RegisterMember, RevokeRole
from projections.books import queries as books
from tests.pages.cast import LEDGER
from tests.pages.fund.purse import FUND, Purse

BASE = f"/{LEDGER}/funds/nuanxing"
SignIn = Callable[[str], TestClient]


def page_of(community: Purse, grant_id: str) -> str:
    """A grant's page."""
    row = books.grant(community.store.database, LEDGER, grant_id)
    assert row is not None
    return f"{BASE}/grants/{row['number']}"


def sent(client: TestClient, address: str, **answers: str) -> str:
    """Send a form to its end; gives where it leads."""
    shown = client.get(address).text
    secrets = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', shown))
    assert secrets, shown[:400]
    answer = client.post(address.partition("?")[0], data={**secrets, **answers, "step": "9", "to": "send"})
    led = answer.headers["location"]
    shown = client.get(led).text.partition("<main")[2]
    assert "draft=" not in led, re.sub(r"<[^>]+>", " ", shown)[:600]
    # From the confirmation on to the thing itself.
    return re.findall(r'<a class="btn" href="([^"]+)"', shown)[0] if "/done?" in led else led


def test_a_grant_shows_who_proposed_what_for_and_what_its_item_holds(community: Purse, signed_in: SignIn) -> None:
    shown = signed_in("committee0").get(page_of(community, community.propose(500_00))).text

    for said in ("助浴椅十把", "赵社工", "孙奶奶", "“助浴”的余额", "2,000.00 元", "1,500.00 元"):
        assert said in shown
    assert shown.count("可以批准</span>") == 5
    assert "do/approve" in shown


def test_who_proposed_is_told_why_they_cannot_approve(community: Purse, signed_in: SignIn) -> None:
    shown = signed_in("committee1").get(page_of(community, community.propose(10_00, by="committee1"))).text

    assert "do/approve" not in shown
    assert "提出人不能批准自己的申请。" in shown
    assert shown.count("可以批准</span>") == 4


def test_money_that_is_not_there_is_not_offered_for_approval(community: Purse, signed_in: SignIn) -> None:
    shown = signed_in("committee0").get(page_of(community, community.propose(99_999_00))).text

    assert "do/approve" not in shown
    assert "还差 97,999.00 元" in shown
    assert "do/decline" in shown


def test_a_grant_that_is_not_paid_is_nobody_elses_business(
    client: TestClient, community: Purse, signed_in: SignIn
) -> None:
    address = page_of(community, community.propose(20_00))

    assert client.get(address).status_code == 404
    assert signed_in("wang").get(address).status_code == 404
    assert signed_in("zhao").get(address).status_code == 200


def test_who_proposed_a_grant_and_decides_no_more_reads_it_no_more(community: Purse, signed_in: SignIn) -> None:
    hired = RegisterMember(words=PersonWords(name="何社工"))
    community.do(OPERATOR, hired)
    community.ids["he"] = hired.member_id
    community.tokens["he"], _ = tokens.create(
        community.store, LEDGER, actor=hired.member_id, roles=["community_worker"]
    )
    address = page_of(community, community.propose(20_00, by="he"))
    assert signed_in("he").get(address).status_code == 200

    community.do(OPERATOR, RevokeRole(holder=hired.member_id, role="community_worker"))

    assert signed_in("he").get(address).status_code == 404


def test_approved_on_one_page_and_paid_on_another(community: Purse, signed_in: SignIn) -> None:
    grant = community.propose(30_00)

    back = sent(signed_in("committee0"), f"/{LEDGER}/do/approve?grant_id={grant}", grant_id=grant)
    assert back.startswith(page_of(community, grant))
    day = re.findall(r'name="day" value="([0-9-]+)"', signed_in("zhu").get(f"/{LEDGER}/do/pay?grant_id={grant}").text)[
        0
    ]
    paid = sent(signed_in("zhu"), f"/{LEDGER}/do/pay?grant_id={grant}", grant_id=grant, day=day)

    assert re.match(rf"{BASE}/payments/\d+", paid)
    assert signed_in("zhu").get(page_of(community, grant)).status_code == 303


@pytest.mark.parametrize(("desk", "who"), [("committee", "committee0"), ("treasury", "zhu")])
def test_a_desk_is_for_its_people(client: TestClient, signed_in: SignIn, desk: str, who: str) -> None:
    assert client.get(f"/{LEDGER}/{desk}").headers["location"].startswith("/sign-in?")
    assert signed_in("wang").get(f"/{LEDGER}/{desk}").status_code == 403
    assert signed_in(who).get(f"/{LEDGER}/{desk}").status_code == 200


def test_the_desks_say_what_waits_and_what_stands_in_the_way(community: Purse, signed_in: SignIn) -> None:
    community.propose(88_888_00)

    committee = signed_in("committee0").get(f"/{LEDGER}/committee").text
    treasury = signed_in("zhu").get(f"/{LEDGER}/treasury").text

    assert "这个项目余额不足" in committee
    assert "老人食堂 · 开张" in treasury
    assert "等阶段验收" in treasury


def test_a_donation_is_received_with_a_receipt(community: Purse, signed_in: SignIn) -> None:
    address = f"/{LEDGER}/do/receive"
    day = re.findall(r'name="day" value="([0-9-]+)"', signed_in("zhu").get(address).text)[0]
    answers = {"fund": FUND, "amount_fen": "12.50", "method": "cash", "day": day, "item": "item-5"}

    led = sent(signed_in("zhu"), address, **answers, donor_unit=community.ids["charity"])

    row = books.receipts(community.store.database, LEDGER, fund=FUND, limit=1).rows[0]
    assert led.startswith(f"{BASE}/donations/{row['number']}")
    assert (row["amount_fen"], row["donor"], row["named"]) == (1250, community.ids["charity"], 0)


def test_a_refund_needs_a_reason(community: Purse, signed_in: SignIn) -> None:
    receipt = community.give("item-6", 40_00)
    client, address = signed_in("zhu"), f"/{LEDGER}/do/refund"
    secrets = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', client.get(f"{address}?receipt_id={receipt}").text))

    said = {**secrets, "receipt_id": receipt, "amount_fen": "5", "step": "9", "to": "send"}
    refused = client.post(address, data=said, follow_redirects=True)

    assert refused.status_code == 422
    assert "请选择一项。" in refused.text


def test_a_promise_is_made_kept_and_seen_by_its_donor(community: Purse, signed_in: SignIn) -> None:
    wang = community.ids["wang"]
    sent(signed_in("wang"), f"/{LEDGER}/do/pledge", fund=FUND, amount_fen="66", item="general", donor=wang)
    mine = signed_in("wang").get(f"/{LEDGER}/my-donations").text
    pledge = re.findall(r"do/withdraw-pledge\?pledge_id=(pledge_[a-z0-9]+)", mine)[0]
    assert "66.00 元" in mine
    assert pledge not in signed_in("li").get(f"/{LEDGER}/my-donations?party={wang}").text

    address = f"/{LEDGER}/do/receive-pledge?pledge_id={pledge}"
    shown = signed_in("zhu").get(address).text
    day = re.findall(r'name="day" value="([0-9-]+)"', shown)[0]
    assert 'value="66.00"' in shown
    sent(signed_in("zhu"), address, pledge_id=pledge, amount_fen="66.00", method="cash", day=day)

    after = signed_in("wang").get(f"/{LEDGER}/my-donations").text
    assert pledge not in after
    assert "已用 0.00 元，待用 66.00 元" in after


def test_a_donor_is_asked_and_agrees_to_another_use(community: Purse, signed_in: SignIn) -> None:
    receipt = community.give("item-7", 70_00, donor="li")
    change = fund.AskRestrictionChange(receipt_id=receipt, to_item="item-8", amount_fen=70_00, reason="more_urgent")
    community.do("zhu", change)

    mine = signed_in("li").get(f"/{LEDGER}/my-donations").text
    assert "从“助困”改用到“助残”" in mine
    sent(signed_in("li"), f"/{LEDGER}/do/agree-change?change_id={change.change_id}", change_id=change.change_id)

    assert "从“助困”改用到“助残”" not in signed_in("li").get(f"/{LEDGER}/my-donations").text
    others = signed_in("wang").get(f"/{LEDGER}/do/agree-change?change_id={change.change_id}").text
    assert "70.00 元" not in others
