"""Rows that repeat: one more by a button that sends nothing, empty ones do not count, mistakes are told in their row."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]
Enter = Callable[[Page, str], None]
CALL = f"/{LEDGER}/do/open-call"


def hidden(shown: str) -> dict[str, str]:
    """What a page's form carries along."""
    main = shown.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def asked(shown: str) -> list[str]:
    """The names of the boxes that are shown."""
    return re.findall(r'<input type="text"[^>]* name="([^"]+)"', shown.partition("<main")[2])


def at(client: TestClient, step: str, **said: str) -> str:
    """A step of the call, with these answers."""
    data = {**hidden(client.get(CALL).text), **said, "to": f"step-{step}"}
    return client.post(CALL, data=data, follow_redirects=True).text


def go(client: TestClient, shown: str, to: str, **said: str) -> str:
    """Press a button of the page."""
    return client.post(CALL, data={**hidden(shown), **said, "to": to}, follow_redirects=True).text


def test_one_row_more_keeps_the_answers_and_sends_nothing(signed_in: SignIn, community: Community) -> None:
    client, before = signed_in("zhao"), community.head()
    shown = at(client, "3")
    assert asked(shown) == ["pass_percent", "criteria.0.name", "criteria.0.most_points"]

    for row in range(5):
        filled = {f"criteria.{row}.name": f"标准{row}", f"criteria.{row}.most_points": "20"}
        said = dict(re.findall(r'name="(criteria[^"]+)" value="([^"]*)"', shown))
        shown = go(client, shown, "more-criteria", **{**said, **filled})

    assert sum(name.startswith("criteria.") for name in asked(shown)) == 12
    assert all(f'value="标准{row}"' in shown for row in range(5))
    assert community.head() == before


def test_rows_left_empty_do_not_count(signed_in: SignIn) -> None:
    client = signed_in("zhao")
    shown = go(client, at(client, "4"), "more-judges")
    assert [name for name in asked(shown) if name.startswith("judges.")] == [f"judges.{row}" for row in range(4)]


@pytest.mark.browser
def test_one_row_more_by_hand_without_scripts(
    page_without_scripts: Page, address: str, enter: Enter, community: Community
) -> None:
    page = page_without_scripts
    enter(page, "zhao")
    page.goto(f"{address}{CALL}")
    page.locator("#f-title").fill("楼道美化")
    page.locator("#f-until-day").fill("2099-01-01")
    page.locator("main").get_by_role("button", name="下一步").click()
    page.locator("#f-item").select_option(index=1)
    page.locator("main").get_by_label("创业孵化").or_(page.locator("input[name=category]").last).first.check()
    page.locator("#f-budget-fen").fill("3000")
    page.locator("#f-most-fen").fill("1000")
    page.locator("main").get_by_role("button", name="下一步").click()

    page.locator("#f-criteria-0-name").fill("效果")
    page.get_by_role("button", name="再加一行").click()
    expect(page.locator("#f-criteria-0-name")).to_have_value("效果")
    expect(page.locator("#f-criteria-1-name")).to_be_in_viewport()
    page.locator("#f-criteria-0-most-points").fill("60")
    page.locator("#f-criteria-1-most-points").fill("40")
    page.locator("main").get_by_role("button", name="下一步").click()

    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    alert.get_by_role("link").click()
    expect(page.locator("#f-criteria-1-name")).to_be_focused()
    page.locator("#f-criteria-1-name").fill("可持续")
    page.locator("main").get_by_role("button", name="下一步").click()
    expect(page.locator("#f-judges-2")).to_be_visible()
    page.go_back()
    expect(page.locator("#f-criteria-1-name")).to_have_value("可持续")
