"""A resident's main way in Chromium, in Chinese: asking, following, confirming; phone and desk, scripts and none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ledger.requests import commands as do
from projections.books import queries as books
from tests.pages.cast import LEDGER, Community

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]


def post_a_wish(page: Page, address: str, title: str) -> None:
    """Three small steps, a look at the answers, the confirmation."""
    page.goto(f"{address}/{LEDGER}/ask")
    page.get_by_role("link", name="说说心愿").click()
    page.get_by_label("您想要什么？").fill(title)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("main")).to_contain_text("第 2 步，共 3 步")
    page.get_by_label("大概要多少钱？").fill("25.50")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("怎么联系您？")).to_have_value("13912345678")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对")
    expect(page.locator("main")).to_contain_text("25.50 元")
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("status")).to_contain_text("已经提交")
    expect(page.locator("main")).to_contain_text("您的编号")


def follow_and_confirm(page: Page, address: str, community: Community, title: str, whose: str) -> None:
    """See where it stands, and say that it is good once it is done."""
    newest = books.list_requests(community.store.database, LEDGER, requester=community.ids[whose], limit=1).rows[0]
    wish = newest["request_id"]
    page.get_by_role("link", name="看办到哪一步").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("社区审核")
    community.clock.moved += 1
    community.do("zhao", do.PublishRequest(request_id=wish))
    community.do("li", do.ClaimRequest(request_id=wish, claimant=community.ids["li"]))
    community.do("li", do.FulfilRequest(request_id=wish, claimant=community.ids["li"]))
    page.goto(f"{address}/{LEDGER}/my-requests")
    page.get_by_role("link", name=f"确认并打分 {title}").click()
    page.get_by_label("5 分，很满意").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("想说几句").fill("做得很好")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认办好了").click()
    expect(page.get_by_role("status")).to_contain_text("已确认，谢谢您")


def test_asking_and_confirming_on_a_phone(phone: Page, address: str, community: Community, enter: Enter) -> None:
    enter(phone, "nai")
    post_a_wish(phone, address, "想要一把小凳子")
    follow_and_confirm(phone, address, community, "想要一把小凳子", "nai")


def test_asking_and_confirming_without_scripts(
    page_without_scripts: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(page_without_scripts, "wang")
    post_a_wish(page_without_scripts, address, "想要一个放大镜")
    follow_and_confirm(page_without_scripts, address, community, "想要一个放大镜", "wang")


def test_a_son_asks_for_his_mother_at_a_desk(page: Page, address: str, community: Community, enter: Enter) -> None:
    enter(page, "son")
    page.goto(f"{address}/{LEDGER}/ask")
    page.get_by_role("button", name="替陈奶奶办").click()
    expect(page.get_by_role("region", name="替谁办事")).to_contain_text("正在替陈奶奶办事")
    post_a_wish(page, address, "想要一双防滑拖鞋")
    expect(page.get_by_role("status")).to_contain_text("替陈奶奶办")
    newest = books.list_requests(community.store.database, LEDGER, requester=community.ids["nai"], limit=1).rows[0]
    assert newest["proxy"] == community.ids["son"]
    page.get_by_role("button", name="办自己的事").click()
    expect(page.get_by_role("region", name="替谁办事")).to_contain_text("在办自己的事")


def test_an_empty_question_is_told_at_the_top_and_at_its_place(
    phone: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(phone, "nai")
    phone.goto(f"{address}/{LEDGER}/do/issue")
    phone.get_by_role("button", name="下一步").click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(phone.get_by_label("什么地方有什么问题？")).to_be_focused()
