"""Back in a real browser: it shows a page and sends nothing, whatever is behind it; and nothing once one has signed out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright

from projections.books import queries as books
from tests.house.browser import FLAGS
from tests.pages.cast import LEDGER, Community

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]
REMARK = "谢谢您帮我看门"


@pytest.fixture(params=[("scripts", "kept"), ("scripts", "fresh"), ("none", "fresh")], ids=" ".join)
def tab(request: pytest.FixtureRequest, chromium_path: Path) -> Iterator[Page]:
    """A phone whose browser keeps what it has seen as people's do: no interception, which would switch its cache off;
    with its way of keeping whole pages for Back, and without."""
    scripts, pages = request.param
    left_out = ["--disable-back-forward-cache"] if pages == "kept" else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS, ignore_default_args=left_out)
        context = browser.new_context(
            locale="zh-CN", java_script_enabled=scripts == "scripts", viewport={"width": 360, "height": 740}
        )
        yield context.new_page()
        browser.close()


def number_of(community: Community, who: str) -> str:
    """Somebody's short number."""
    row = books.member(community.store.database, LEDGER, community.ids[who])
    assert row is not None
    return books.short_number(row)


def back(page: Page) -> None:
    """Press Back. A page that was kept whole is there at once as it was, and loaded again where somebody was signed in."""
    page.go_back(wait_until="commit")
    patience_seconds = time.monotonic() + 3
    while time.monotonic() < patience_seconds:
        with suppress(Error):  # it is being loaded again just now
            if page.evaluate("performance.getEntriesByType('navigation')[0].type") != "navigate":
                break
        time.sleep(0.1)
    page.wait_for_load_state()


def press(page: Page, name: str) -> None:
    """Press a button of the form."""
    page.locator("main").get_by_role("button", name=name).click()


def fill_in(page: Page, community: Community, minutes: str) -> None:
    """The first page of giving hours, up to the look at the answers."""
    page.locator("#f-receiver").fill(number_of(community, "nai"))
    page.locator("#f-minutes-hours").fill("")
    page.locator("#f-minutes-hours-2").fill(minutes)
    page.locator("#f-words-remark").fill(REMARK)
    press(page, "下一步")
    expect(page.locator("h1")).to_have_text("请核对")


def test_back_from_the_look_shows_what_was_typed(tab: Page, address: str, community: Community, enter: Enter) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")
    fill_in(tab, community, "3")

    back(tab)
    expect(tab.locator("#f-receiver")).to_have_value(number_of(community, "nai"))
    expect(tab.locator("#f-words-remark")).to_have_value(REMARK)

    tab.go_forward(wait_until="commit")
    expect(tab.locator("h1")).to_have_text("请核对")


def test_back_over_a_page_with_mistakes(tab: Page, address: str, community: Community, enter: Enter) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")
    press(tab, "下一步")
    expect(tab.get_by_role("alert")).to_be_visible()
    fill_in(tab, community, "4")

    back(tab)
    expect(tab.locator("#f-receiver")).to_have_value(number_of(community, "nai"))
    back(tab)
    expect(tab.locator("h1")).to_have_text("把时间送给邻居")
    tab.reload()
    expect(tab.locator("h1")).to_have_text("把时间送给邻居")


def test_back_after_it_is_done_sends_nothing_again(tab: Page, address: str, community: Community, enter: Enter) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")
    before = books.hours_of(community.store.database, LEDGER, community.ids["nai"]).spendable
    fill_in(tab, community, "5")
    press(tab, "确认提交")
    expect(tab.get_by_role("status")).to_contain_text("从您名下把 5 分钟给了陈*")
    done = tab.url

    back(tab)
    expect(tab.locator("h1")).to_have_text(re.compile("请核对|已经提交过了"))
    if tab.locator("h1").inner_text() == "请核对":
        # A page that the browser kept whole still has its button: it leads to the same end and gives nothing twice.
        press(tab, "确认提交")
        expect(tab.get_by_role("status")).to_contain_text("5 分钟")
        assert tab.url == done
        back(tab)
    tab.reload()
    expect(tab.locator("h1")).to_have_text("已经提交过了")
    tab.get_by_role("link", name="看办理结果").click()
    assert tab.url == done
    back(tab)
    back(tab)
    expect(tab.locator("h1")).to_be_visible()

    assert books.hours_of(community.store.database, LEDGER, community.ids["nai"]).spendable == before + 5


def test_nothing_typed_is_read_by_back_after_signing_out(
    tab: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")
    fill_in(tab, community, "6")
    tab.goto(f"{address}/{LEDGER}/more")
    tab.get_by_role("button", name="退出").first.click()
    tab.wait_for_load_state()

    for _ in range(4):
        back(tab)
        assert REMARK not in tab.content()
        assert number_of(community, "nai") not in tab.content()


def test_another_one_who_signs_in_finds_no_draft(tab: Page, address: str, community: Community, enter: Enter) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")
    fill_in(tab, community, "7")
    draft = tab.url

    enter(tab, "li")
    tab.goto(draft)

    assert REMARK not in tab.content()
    expect(tab.locator("main")).to_contain_text("没有保存下来")


def test_the_enter_key_goes_on_and_changes_no_language(
    tab: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(tab, "wang")
    tab.goto(f"{address}/{LEDGER}/do/give")

    tab.locator("#f-receiver").fill("V99999")
    tab.locator("#f-receiver").press("Enter")

    expect(tab.get_by_role("alert")).to_be_visible()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")
