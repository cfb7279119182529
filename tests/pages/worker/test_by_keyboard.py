"""Working through the queue in Chromium: by single letters, by Tab alone, on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.cast import LEDGER, Community
from tests.pages.worker.desk import past_shift, recorded, session_status

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]


def at_the_desk(page: Page, address: str, enter: Enter, source: str = "verify") -> None:
    """The queue of one kind, as 赵社工 sees it."""
    enter(page, "zhao")
    page.goto(f"{address}/{LEDGER}/work?source={source}")


def title_with_focus(page: Page) -> str:
    """The title of the piece that has the focus."""
    return str(page.evaluate("document.activeElement.closest('li.task')?.querySelector('.what')?.textContent || ''"))


def test_letters_go_from_piece_to_piece_and_press_buttons(
    page: Page, address: str, community: Community, enter: Enter
) -> None:
    first, second = recorded(community, "甲活动", days_ago=40), recorded(community, "乙活动", days_ago=41)
    at_the_desk(page, address, enter)
    everything = page.locator("li.task").count()
    page.keyboard.press("j")
    while "甲活动" not in title_with_focus(page):
        page.keyboard.press("j")

    page.keyboard.press("Enter")
    expect(page.locator("li.task:focus .so-far")).to_contain_text("这位志愿者最近的记录")
    page.keyboard.press("a")

    expect(page.locator("li.task.done")).to_contain_text("已核实，时长入账。")
    assert session_status(community, first) == "verified"
    expect(page.locator("li.task:focus .what")).to_contain_text("乙活动")

    page.keyboard.press("r")
    expect(page.locator("details.deed[open] input[type=radio]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("details.deed[open]")).to_have_count(0)
    assert "乙活动" in title_with_focus(page)
    page.keyboard.press("r")
    page.get_by_role("button", name="不核实").last.press("Enter")
    expect(page.locator("li.task [role=alert]")).to_contain_text("请先选一项。")
    expect(page.locator("li.task [role=alert]")).to_be_focused()
    page.locator("li.task:has([role=alert])").get_by_label("时间不对").check()
    page.keyboard.press("Enter")
    expect(page.locator("li.task.done")).to_have_count(2)
    assert session_status(community, second) == "rejected"
    assert page.locator("li.task:not(.done)").count() == everything - 2


def test_letters_are_typed_into_boxes_and_can_be_switched_off(
    page: Page, address: str, community: Community, enter: Enter
) -> None:
    session = recorded(community, "丙活动", days_ago=42)
    at_the_desk(page, address, enter)
    page.keyboard.press("?")
    page.get_by_label("用单个字母操作").uncheck()
    page.locator("li.task", has_text="丙活动").focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert session_status(community, session) == "recorded"

    page.reload()
    page.locator("li.task", has_text="丙活动").focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert session_status(community, session) == "recorded"


def test_by_tab_and_enter_alone(page: Page, address: str, community: Community, enter: Enter) -> None:
    session = recorded(community, "丁活动", days_ago=43)
    at_the_desk(page, address, enter)
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "document.activeElement.tagName === 'BUTTON' && document.activeElement.textContent.startsWith('核实')"
        )
        if here and "丁活动" in title_with_focus(page):
            break
    page.keyboard.press("Enter")

    expect(page.locator("li.task.done")).to_contain_text("已核实")
    assert session_status(community, session) == "verified"


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_with_and_without_scripts(
    phone: Page, page_without_scripts: Page, address: str, community: Community, enter: Enter, scripts: bool
) -> None:
    page = phone if scripts else page_without_scripts
    name = f"手机上{scripts}"
    session = recorded(community, name, days_ago=44 + scripts)
    at_the_desk(page, address, enter)
    piece = page.locator("li.task", has_text=name)
    piece.locator("summary", has_text="不核实").click()
    piece.get_by_label("本人没有到场").check()
    piece.locator("details[open] button").click()

    expect(page.get_by_role("status").first).to_contain_text("已记下不核实。")
    assert session_status(community, session) == "rejected"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_paper_list_is_typed_mended_and_entered(
    page: Page, page_without_scripts: Page, address: str, community: Community, enter: Enter, scripts: bool
) -> None:
    here = page if scripts else page_without_scripts
    shift = past_shift(community, f"纸表{scripts}")
    enter(here, "zhao")
    here.goto(f"{address}/{LEDGER}/paper-lists/{shift}")
    here.fill("#guarantor", "钱社工")
    here.fill("#who-1", "王阿姨")
    here.fill("[name=from-1]", "9:00")
    here.fill("[name=to-1]", "10点")
    here.fill("#who-2", "李师付")
    here.fill("[name=from-2]", "9:00")
    here.fill("[name=to-2]", "10:30")
    here.get_by_role("button", name="检查并录入").click()

    expect(here.get_by_role("alert")).to_contain_text("第 2 行")
    here.get_by_role("alert").get_by_role("link").click()
    expect(here.locator("#who-2")).to_be_focused()
    expect(here.locator("[name=to-1]")).to_have_value("10点")
    here.fill("#who-2", "李师傅")
    here.get_by_role("button", name="检查并录入").click()
    expect(here.get_by_role("status")).to_contain_text("2 人的时长已登记。")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sheet_is_sent_looked_at_and_entered(
    page: Page, page_without_scripts: Page, address: str, enter: Enter, scripts: bool
) -> None:
    here = page if scripts else page_without_scripts
    enter(here, "zhao")
    here.goto(f"{address}/{LEDGER}/import")
    sheet = f"编号,姓名\nK-{scripts},冯阿姨\n,\nK-9{scripts},\n".encode()
    here.set_input_files("#file", {"name": "名册.csv", "mimeType": "text/csv", "buffer": sheet})
    here.get_by_role("button", name="上传并预览").click()
    enters = here.get_by_role("button", name="录入这 1 行")
    expect(enters).to_be_visible(timeout=40_000)
    expect(here.locator("main")).to_contain_text("必填，但没有内容。")
    enters.click()
    expect(here.get_by_role("status")).to_contain_text("录入 1 行", timeout=40_000)
