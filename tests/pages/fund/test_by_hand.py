"""The ways through the pages of money in Chromium: a neighbour follows a yuan, a judge scores, money is asked for and paid."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ledger.proposals.commands import ScoreProposal
from tests.pages.cast import LEDGER
from tests.pages.fund.purse import Purse
from tests.pages.sweep import SMALL, WIDE, violations

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]


def follow_a_yuan(page: Page, address: str) -> None:
    """From the fund to a payment, to the donation behind it, and to that one by its number."""
    page.goto(f"{address}/{LEDGER}/funds/nuanxing")
    page.locator("#payments summary", has_text="三个月助餐").click()
    page.locator("#payments").get_by_role("link", name="凭据和资金来源").locator("visible=true").first.click()
    expect(page.get_by_role("heading", name="三个月助餐")).to_be_visible()
    page.get_by_role("link", name="绿云物业").click()
    heading = page.get_by_role("heading", name=re.compile("票据第 .* 号"))
    expect(heading).to_be_visible()
    number = re.sub(r"\D", "", heading.inner_text())
    page.get_by_role("link", name="暖兴专项基金").click()
    page.get_by_label("票据号").fill(number)
    page.get_by_role("button", name="查找").click()
    expect(heading).to_be_visible()


def test_a_yuan_is_followed_on_a_phone(phone: Page, address: str) -> None:
    follow_a_yuan(phone, address)


def test_a_yuan_is_followed_without_scripts(page_without_scripts: Page, address: str) -> None:
    follow_a_yuan(page_without_scripts, address)


def test_a_yuan_is_followed_at_a_desk(page: Page, address: str) -> None:
    follow_a_yuan(page, address)


def test_money_is_proposed_approved_and_paid_by_three_people(
    page: Page, address: str, community: Purse, enter: Enter
) -> None:
    enter(page, "zhao")
    page.goto(f"{address}/{LEDGER}/do/propose-grant")
    page.get_by_label("金额（元）").fill("25.00")
    page.get_by_label("用来做什么").fill("两把拐杖")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("限定用途").select_option(label="助行")
    page.get_by_label("帮扶", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="请核对")).to_be_visible()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("status")).to_contain_text("的“助行”用款 25.00 元，编号")
    page.get_by_role("link", name="看这笔用款").click()
    expect(page.get_by_role("heading", name="两把拐杖")).to_be_visible()
    grant = page.url.partition("?")[0]

    enter(page, "committee3")
    page.goto(grant)
    page.get_by_role("link", name="批准这笔拨付").click()
    page.get_by_role("button", name="批准这笔拨付").click()
    expect(page.get_by_role("status")).to_contain_text("25.00 元")

    enter(page, "zhu")
    page.goto(grant)
    page.get_by_role("link", name="登记已支付").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认已支付").click()
    expect(page.get_by_role("status")).to_contain_text("25.00 元")
    page.get_by_role("link", name="看这笔支付").click()
    expect(page.get_by_text("这笔钱来自哪些捐款").first).to_be_visible()


def test_a_judge_scores_on_a_phone(phone: Page, address: str, community: Purse, enter: Enter) -> None:
    enter(phone, "wang")
    phone.goto(f"{address}/{LEDGER}/calls")
    phone.get_by_role("link", name="邻里微创投").click()
    phone.get_by_role("link", name="广场舞队").click()
    phone.get_by_role("link", name="现在评分").click()
    phone.get_by_label("需求").fill("30")
    phone.get_by_label("方案").fill("90")
    phone.get_by_role("button", name="提交评分").click()
    expect(phone.get_by_role("alert")).to_contain_text("“方案”请填 0 到 60 之间的整数。")
    phone.get_by_label("方案").fill("45")
    phone.get_by_role("button", name="提交评分").click()
    expect(phone.get_by_role("status")).to_contain_text("评分已记入账本")
    done = ScoreProposal(proposal_id=community.ids["dance"], points=(1, 1))
    with pytest.raises(Exception, match="proposal_scored_already"):
        community.do("wang", done)


def test_reporting_a_stage_has_no_barrier(phone: Page, address: str, community: Purse, enter: Enter) -> None:
    enter(phone, "liu")
    number = community.number("proposals", proposal_id=community.ids["meals"])
    phone.goto(f"{address}/{LEDGER}/proposals/{number}/photos?grant_id={community.ids['second']}")

    assert violations(phone) == []
    assert phone.evaluate(SMALL) == []
    assert phone.evaluate(WIDE) <= 0
