"""An administrator in Chromium: a rule tried and set, on a desktop and on a phone, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house.browser import tab
from tests.pages.cast import LEDGER, Community
from tests.pages.sweep import SMALL, WIDE, violations

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_rule_is_found_tried_and_set(
    browser: Browser, address: str, community: Community, enter: Enter, width: int, height: int, javascript: bool
) -> None:
    with tab(browser, javascript=javascript, width=width, height=height) as page:
        enter(page, "he")
        page.get_by_role("navigation").get_by_role("link", name="社区管理").click()
        expect(page.locator("h1")).to_have_text("社区管理")
        page.get_by_role("link", name="规则").first.click()
        page.get_by_role("link", name="一个人同时能认领几件").click()
        page.get_by_label("新的值").fill("4")
        page.get_by_role("button", name="先试算").click()
        expect(page.locator("#effect h2")).to_have_text("如果是“4”")
        page.get_by_role("button", name="就这样设定").click()
        expect(page.get_by_role("status")).to_contain_text("设定好了")
        expect(page.locator(".rule-value")).to_have_text("4")


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_is_appointed_on_a_phone(
    browser: Browser, address: str, community: Community, enter: Enter, javascript: bool
) -> None:
    with tab(browser, javascript=javascript, width=360, height=740) as page:
        enter(page, "he")
        page.goto(f"{address}/{LEDGER}/admin/roles")
        page.get_by_role("link", name="任命", exact=True).click()
        page.get_by_label("谁").fill("陈小军" if javascript else "李师傅")
        page.get_by_label("担任什么").select_option(label="财务")
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="下一步").click()
        page.locator('button[value="send"]').click()
        expect(page.get_by_role("status")).to_contain_text("办好了")
        expect(page.locator("main")).to_contain_text("陈小军" if javascript else "李师傅")


@pytest.mark.parametrize(
    "path",
    ["admin", "admin/health", "admin/places", "admin/lists", "admin/roles", "admin/rights", "admin/policy",
     "admin/policy/hours.daily_cap_minutes", "admin/policy/hours.gifts_to", "admin/tokens", "admin/seal-key"],
)  # fmt: skip
def test_its_pages_keep_nobody_out(browser: Browser, address: str, enter: Enter, path: str) -> None:
    with tab(browser, width=360, height=740) as page:
        enter(page, "he")
        for lang in ("zh", "en"):
            page.emulate_media(color_scheme="light")
            page.goto(f"{address}/{LEDGER}/{path}?lang={lang}")
            assert violations(page) == []
            assert page.evaluate(SMALL) == []
            page.emulate_media(color_scheme="dark")
            assert violations(page, contrast=True) == []
        page.set_viewport_size({"width": 320, "height": 256})
        assert page.evaluate(WIDE) <= 0
