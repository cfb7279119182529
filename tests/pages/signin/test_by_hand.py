"""Signing in by hand, in Chromium: on a phone and at a desk, with scripts and without; and no barrier on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.pages import web_sessions
from api.signin import cards, links
from ledger.application import OPERATOR
from tests.house.browser import tab
from tests.pages.signin.conftest import code_for
from tests.pages.sweep import SMALL, WIDE, violations
from tests.signin.house import LEDGER, PASSWORD, PHONES, House

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"width": 360, "height": 740}
DESK: dict[str, Any] = {"width": 1280, "height": 800}
WAYS = [(PHONE, True), (PHONE, False), (DESK, True), (DESK, False)]
FRESH = "秋天的桂花香满整条街"


def as_somebody(page: Page, address: str, house: House, who: str) -> None:
    """Be signed in as somebody of the staff."""
    session = web_sessions.begin(house.store, LEDGER, house.ids[who], via="password")
    page.context.add_cookies([{"name": web_sessions.COOKIE, "value": session.cookie, "url": address}])


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_by_phone_with_one_number_for_two(
    browser: Browser, address: str, house: House, size: dict[str, Any], scripts: bool
) -> None:
    with tab(browser, javascript=scripts, **size) as page:
        page.goto(f"{address}/{LEDGER}/board")
        page.get_by_role("link", name="登录", exact=True).click()
        page.get_by_label("手机号", exact=True).fill("138 1111 0002")
        page.get_by_role("button", name="获取验证码").click()
        field = page.get_by_label("短信里的验证码")
        expect(field).to_have_attribute("inputmode", "numeric")
        expect(field).to_have_attribute("autocomplete", "one-time-code")
        field.fill("0")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
        page.get_by_label("短信里的验证码").fill(code_for("13811110002"))
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_role("button", name="李*").last.click()

        expect(page).to_have_url(f"{address}/{LEDGER}/members/{house.ids['nai']}")


@pytest.mark.parametrize(("size", "scripts"), WAYS[:2])
def test_a_card_is_made_scanned_and_ended(
    browser: Browser, address: str, house: House, size: dict[str, Any], scripts: bool
) -> None:
    with tab(browser, **DESK) as desk:
        as_somebody(desk, address, house, "zhao")
        desk.goto(f"{address}/{LEDGER}/members/{house.ids['wang']}/card")
        desk.get_by_role("button", name="在网页上打印").click()
        expect(desk.get_by_role("img", name="登录二维码")).to_be_visible()
        expect(desk.get_by_role("heading", name="王阿姨")).to_be_visible()
    secret = cards.issue(house.store, LEDGER, house.ids["wang"], by=house.ids["zhao"]).secret
    with tab(browser, javascript=scripts, **size) as page:
        page.goto(f"{address}/{LEDGER}/card/{secret}")
        expect(page.get_by_role("heading", name="王*，您好")).to_be_visible()
        page.get_by_role("button", name="进入").click()
        expect(page).to_have_url(f"{address}/{LEDGER}/members/{house.ids['wang']}")
        page.goto(f"{address}/{LEDGER}/more")
        page.get_by_role("link", name="我的登录").click()
        page.get_by_role("button", name="停用登录卡").click()
        page.goto(f"{address}/{LEDGER}/card/{secret}")
        expect(page.get_by_role("alert")).to_contain_text("这张卡不能用了")


@pytest.mark.parametrize(("size", "scripts"), WAYS[1:3])
def test_staff_set_up_and_sign_in(
    browser: Browser, address: str, house: House, size: dict[str, Any], scripts: bool
) -> None:
    link = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    with tab(browser, javascript=scripts, **size) as page:
        page.goto(f"{address}/{LEDGER}/begin/{link}")
        page.get_by_label("新密码", exact=True).fill(FRESH)
        page.get_by_label("再填一次密码").fill(FRESH)
        page.get_by_role("button", name="下一步").click()
        totp = page.locator("code").inner_text().replace(" ", "")
        page.get_by_label("六位数字").fill(house.digits(totp))
        page.get_by_role("button", name="完成").click()
        expect(page.locator("ol code")).to_have_count(10)
        page.get_by_role("button", name="退出").click()

        house.clock.minutes += 1
        page.get_by_role("link", name="登录", exact=True).click()
        page.get_by_role("link", name="工作人员登录").click()
        page.get_by_label("编号或手机号").fill(PHONES["zhao"])
        page.get_by_label("密码", exact=True).fill(FRESH)
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("动态验证码").fill(house.digits(totp))
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page).to_have_url(f"{address}/{LEDGER}/members/{house.ids['zhao']}")


@contextmanager
def looked_at(browser: Browser, address: str, lang: str, dark: bool) -> Iterator[Page]:
    """A page on a phone, in a language and a theme, whose own scripts are not held up by the CSP."""
    context = browser.new_context(
        locale="zh-CN" if lang == "zh" else "en", viewport={"width": 360, "height": 740}, bypass_csp=True,
        color_scheme="dark" if dark else "light", has_touch=True,
    )  # fmt: skip
    try:
        yield context.new_page()
    finally:
        context.close()


def barriers(page: Page) -> list[str]:
    """What axe finds, what is too small, what is wider than the phone."""
    page.wait_for_load_state()
    wide = page.evaluate(WIDE)
    return [*violations(page), *page.evaluate(SMALL), *([f"{wide} points too wide"] if wide > 0 else [])]


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
def test_no_barrier_on_the_steps_that_need_a_ticket(
    browser: Browser, address: str, house: House, lang: str, dark: bool
) -> None:
    house.enrol("zhao")
    house.enrol("zhou")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if wrong := barriers(page):
            found[name] = wrong

    with looked_at(browser, address, lang, dark) as page:
        page.goto(f"{address}/sign-in?ledger={LEDGER}")
        page.fill("#phone", "12")
        page.click("form:has(#phone) button")
        look("wrong phone")
        page.fill("#phone", PHONES["li"])
        page.click("form:has(#phone) button")
        look("code")
        page.fill("#code", "0")
        page.click("main form .btn")
        look("wrong code")
        page.fill("#code", code_for(PHONES["li"]))
        page.click("main form .btn")
        look("who")
        page.goto(f"{address}/sign-in/staff?ledger={LEDGER}")
        page.fill("#account", PHONES["zhao"])
        page.fill("#password", PASSWORD)
        page.click("main form .btn")
        look("second")
        page.fill("#code", "000000")
        page.click("main form .btn")
        look("wrong second")
        as_somebody(page, address, house, "zhou")
        page.goto(f"{address}/{LEDGER}/staff")
        look("staff")
        page.click(f"form[action$='link'] button[value='{house.ids['zhao']}']")
        look("given")
        page.goto(f"{address}/{LEDGER}/members/{house.ids['wang']}/card")
        page.click("button[value=page]")
        look("printed")
        page.goto(f"{address}/{LEDGER}/recovery")
        page.fill("#current", PASSWORD)
        page.click("main form .btn")
        look("recovery codes")
        page.context.clear_cookies()
        again = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
        page.goto(f"{address}/{LEDGER}/begin/{again}")
        page.fill("#password", FRESH)
        page.fill("#again", FRESH)
        page.click("main form .btn")
        look("authenticator")

    assert found == {}


def test_a_step_keeps_its_place_when_the_language_changes(browser: Browser, address: str, house: House) -> None:
    with tab(browser, **PHONE) as page:
        page.goto(f"{address}/sign-in?ledger={LEDGER}")
        page.fill("#phone", PHONES["wang"])
        page.click("form:has(#phone) button")
        page.fill("#code", "0")
        page.click("main form .btn")
        page.get_by_role("link", name="English").click()

        expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
        page.fill("#code", code_for(PHONES["wang"]))
        page.click("main form .btn")
        expect(page).to_have_url(f"{address}/{LEDGER}/members/{house.ids['wang']}")
