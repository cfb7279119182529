"""A volunteer's day in Chromium: sign up, scan, come, go, sign; give hours; with scripts and without, on phone and desk."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house.browser import tab
from tests.pages.cast import LEDGER, Community
from tests.pages.volunteer.conftest import Shifts

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]
DAY = 24 * 60


def scan(page: Page, screen: Page, address: str, shift_id: str) -> None:
    """Read the code off the screen as a camera does, and open what it holds."""
    screen.goto(f"{address}/{LEDGER}/shifts/{shift_id}/screen")
    expect(screen.get_by_role("img", name="签到二维码")).to_be_visible()
    code = screen.locator(".letters").inner_text()
    page.goto(f"{address}/{LEDGER}/shifts/{shift_id}/here?code={code}")


@pytest.mark.parametrize(("who", "scripts", "width", "height"), [("wang", True, 360, 740), ("li", False, 360, 740)])
def test_a_shift_from_the_list_to_the_statement(
    browser: Browser, address: str, community: Community, shifts: Shifts, enter: Enter,
    who: str, scripts: bool, width: int, height: int,
) -> None:  # fmt: skip
    shift_id = shifts.make(f"送餐{who}", capacity=1)
    with (
        tab(browser, javascript=scripts, width=width, height=height) as page,
        tab(browser, javascript=scripts, width=width, height=height) as screen,
    ):
        enter(page, who)
        enter(screen, "qian")
        page.goto(f"{address}/{LEDGER}/shifts?where=all")
        page.get_by_role("button", name=f"报名 送餐{who}").click()
        expect(page.get_by_role("status")).to_contain_text("报上名了")

        scan(page, screen, address, shift_id)
        page.get_by_role("button", name="签到").click()
        expect(page.get_by_role("status")).to_contain_text("签到成功")
        shifts.later(90)
        scan(page, screen, address, shift_id)
        page.get_by_role("button", name="签退").click()
        expect(page.get_by_role("status")).to_contain_text("1 小时 30 分")

        screen.goto(f"{address}/{LEDGER}/shifts/{shift_id}")
        screen.get_by_role("link", name="为这个班次签字").click()
        screen.get_by_role("button", name="我确认，签字").click()
        expect(screen.get_by_role("status")).to_contain_text("办好了")
        page.get_by_role("link", name="看我的时间账").click()
        line = page.locator("#lines details").first
        expect(line).to_contain_text("扫码")
        line.locator("summary").click()
        expect(line).to_contain_text("钱社工")


@pytest.mark.parametrize("scripts", [True, False])
def test_who_scans_before_signing_in_comes_back_to_the_button(
    browser: Browser, address: str, community: Community, shifts: Shifts, scripts: bool
) -> None:
    shift_id = shifts.make("临时来帮忙")
    with tab(browser, javascript=scripts, width=360, height=740) as page:
        page.goto(f"{address}/{LEDGER}/shifts/{shift_id}/here?code={shifts.code(shift_id)}")
        page.get_by_role("link", name="先登录，再签到").click()
        page.locator("form:has(#token)").evaluate("form => form.closest('details')?.setAttribute('open', '')")
        page.fill("#token", community.tokens["wei" if scripts else "zhu"])
        page.click("form:has(#token) button")

        expect(page.get_by_role("button", name="报名并签到")).to_be_visible()
        expect(page.get_by_label("现场的签到码")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_hours_are_given_at_a_desk(
    browser: Browser, address: str, community: Community, enter: Enter, scripts: bool
) -> None:
    with tab(browser, javascript=scripts) as page:
        enter(page, "nai")
        number = page.locator("main").inner_text().split("V", 1)[1].split()[0]
        page.goto(f"{address}/sign-in?ledger={LEDGER}")
        enter(page, "wang")
        page.get_by_role("link", name="用时间").first.click()
        page.get_by_role("link", name="送给邻居").click()
        page.get_by_label("对方的编号").fill(f"V{number}")
        page.get_by_label("分钟").fill("5")
        page.get_by_role("button", name="下一步").click()
        expect(page.locator("main")).to_contain_text("陈*")
        page.get_by_role("button", name="确认提交").click()
        expect(page.get_by_role("status")).to_contain_text("办好了")


def test_the_screen_changes_its_code_by_itself(browser: Browser, address: str, shifts: Shifts, enter: Enter) -> None:
    shift_id = shifts.make("看门", capacity=2)
    with tab(browser, width=1280, height=800) as screen:
        enter(screen, "qian")
        screen.goto(f"{address}/{LEDGER}/shifts/{shift_id}/screen")
        before = screen.locator(".letters").inner_text()
        shifts.later(2)
        # It asks at the end of the minute, and every 20 seconds in case an answer was lost.
        expect(screen.locator(".letters")).not_to_have_text(before, timeout=40_000)


def test_everything_of_the_screen_fits_a_phone(browser: Browser, address: str, shifts: Shifts, enter: Enter) -> None:
    shift_id = shifts.make("门岗")
    with tab(browser, width=360, height=740) as screen:
        enter(screen, "qian")
        screen.goto(f"{address}/{LEDGER}/shifts/{shift_id}/screen")
        bar = screen.locator(".tabs").bounding_box()
        letters = screen.locator(".letters").bounding_box()
        assert bar is not None
        assert letters is not None
        assert letters["y"] + letters["height"] < bar["y"]
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", screen.locator(".letters").inner_text())
