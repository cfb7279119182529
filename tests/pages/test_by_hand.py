"""The main way in Chromium: sign in, find a wish, claim it, read one's account; with scripts and without, by keyboard too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ledger.requests.commands import ClaimRequest
from tests.pages.cast import LEDGER, Community

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]


def claim_a_wish(page: Page, address: str, community: Community, title: str) -> None:
    """Find a wish on the board, open it, claim it."""
    community.wish(title)
    page.goto(f"{address}/{LEDGER}/board")
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="我来认领").click()
    expect(page.get_by_role("status")).to_contain_text("认领成功")
    assert "done=claimed" in page.url


def test_claiming_on_a_phone_with_scripts(phone: Page, address: str, community: Community, enter: Enter) -> None:
    enter(phone, "wang")
    claim_a_wish(phone, address, community, "想有一副老花镜")


def test_claiming_without_scripts(page_without_scripts: Page, address: str, community: Community, enter: Enter) -> None:
    enter(page_without_scripts, "son")
    claim_a_wish(page_without_scripts, address, community, "想要一床厚被子")


def test_claiming_straight_from_the_board(page: Page, address: str, community: Community, enter: Enter) -> None:
    enter(page, "liu")
    wish = community.wish("想听一场评弹")
    page.goto(f"{address}/{LEDGER}/requests/{wish}")
    page.get_by_label("绿云物业").check()
    page.get_by_role("button", name="我来认领").click()

    expect(page.get_by_role("status")).to_contain_text("认领成功")
    expect(page.locator("main")).to_contain_text("绿云物业认领")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_was_quicker(
    page: Page, page_without_scripts: Page, address: str, community: Community, enter: Enter, scripts: bool
) -> None:
    browser_page = page if scripts else page_without_scripts
    community.clock.moved += 8  # the claims of earlier stories no longer count against the limit
    wish = community.wish("想通下水道")
    enter(browser_page, "wang")
    browser_page.goto(f"{address}/{LEDGER}/requests/{wish}")
    community.do("li", ClaimRequest(request_id=wish, claimant=community.ids["li"]))

    browser_page.get_by_role("button", name="我来认领").click()

    expect(browser_page.get_by_role("alert")).to_contain_text("没有认领成功")
    expect(browser_page.get_by_role("alert")).not_to_contain_text("errors.")
    expect(browser_page.locator(".line:not(.stages)")).to_contain_text("李*认领")


def test_a_stranger_is_led_to_sign_in_and_back(page: Page, address: str, community: Community) -> None:
    wish = community.wish("想换轮椅轮胎")
    page.goto(f"{address}/{LEDGER}/requests/{wish}")
    page.get_by_role("link", name="登录后认领").click()
    page.locator("details:has(#token) > summary").click()
    page.fill("#token", community.tokens["qian"])
    page.locator("form:has(#token) button").click()

    expect(page).to_have_url(f"{address}/{LEDGER}/requests/{wish}")
    expect(page.get_by_role("button", name="我来认领")).to_be_visible()


def test_filters_change_the_board_at_once_with_scripts(page: Page, address: str) -> None:
    page.goto(f"{address}/{LEDGER}/board")
    page.select_option("#status", "closed")

    expect(page.locator("#found")).to_contain_text("想学用手机挂号")
    expect(page).to_have_url(f"{address}/{LEDGER}/board?status=closed&kind=&place=&category=")


def test_filters_work_by_their_button_without_scripts(page_without_scripts: Page, address: str) -> None:
    page_without_scripts.goto(f"{address}/{LEDGER}/board")
    page_without_scripts.select_option("#status", "closed")
    page_without_scripts.get_by_role("button", name="筛选").click()

    expect(page_without_scripts.locator("#found")).to_contain_text("想学用手机挂号")


def test_a_line_of_the_statement_opens_without_scripts(
    page_without_scripts: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(page_without_scripts, "wang")
    line = page_without_scripts.locator("details", has_text="敬老理发").first
    expect(line.locator("dl")).to_be_hidden()

    line.locator("summary").click()

    expect(line.locator("dl")).to_contain_text("为行动不便的老人理发")
    expect(line.locator("dl")).to_be_visible()


def test_the_way_works_by_keyboard(page: Page, address: str, community: Community) -> None:
    page.goto(f"{address}/{LEDGER}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    focused = page.evaluate("document.activeElement.closest('main') !== null")
    assert focused


def test_a_printed_account_has_no_bars_and_no_buttons(
    page: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(page, "wang")
    page.emulate_media(media="print")

    expect(page.locator(".tabs")).to_be_hidden()
    expect(page.locator(".tools")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
