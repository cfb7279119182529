"""An auditor's morning in Chromium, on a phone and at a desk, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.house.serving import serving
from tests.pages.sweep import signed_in
from tests.pages.world import World

pytestmark = pytest.mark.browser
SIZES = [(360, 740), (1280, 800)]


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Where a real server shows the street."""
    with serving(world.app) as found:
        yield found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_stepping_through_the_past_without_scripts(
    browser: Browser, address: str, world: World, width: int, height: int
) -> None:
    middle = world.head // 2
    with signed_in(browser, address, world, "auditor", width=width, height=height, javascript=False) as page:
        page.goto(f"{address}/{world.ledger}/replay")
        page.get_by_label("编号", exact=True).fill(str(middle))
        page.get_by_role("button", name="看", exact=True).first.click()
        expect(page.locator("#m")).to_have_text(f"第 {middle:,} 号")
        page.get_by_role("link", name="往前 100 条").click()
        expect(page.locator("#m")).to_have_text(f"第 {middle + 100:,} 号")
        page.get_by_role("link", name="往回 1 条", exact=True).click()
        expect(page.locator("#m")).to_have_text(f"第 {middle + 99:,} 号")
        page.get_by_role("button", name="比较").click()
        expect(page.get_by_role("heading", name="两个时刻之间").first).to_be_visible()
        page.locator("a.fig").first.click()
        expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_slider_moves_and_play_goes_on_until_it_is_paused(
    browser: Browser, address: str, world: World, width: int, height: int
) -> None:
    with signed_in(browser, address, world, "auditor", width=width, height=height) as page:
        page.goto(f"{address}/{world.ledger}/replay?position=40")
        slide = page.get_by_role("slider")
        slide.focus()
        slide.press("ArrowRight")
        expect(page.locator("#m")).to_have_text("第 41 号")
        page.get_by_role("button", name="播放").click()
        expect(page.locator("#m")).to_have_text("第 43 号", timeout=15_000)
        page.get_by_role("button", name="暂停").click()
        page.wait_for_timeout(300)
        here = page.locator("#m").inner_text()
        page.wait_for_timeout(2_000)
        expect(page.locator("#m")).to_have_text(here)
        assert f"position={re.sub(r'[^0-9]', '', here)}" in page.url


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_browser_tests_a_checkpoint_by_itself(
    browser: Browser, address: str, world: World, width: int, height: int
) -> None:
    size = world.people["checkpoint"]
    with signed_in(browser, address, world, "", width=width, height=height) as page:
        page.goto(f"{address}/{world.ledger}/checkpoints/{size}")
        page.get_by_role("button", name="在我的设备上核对").click()
        done = page.locator("#done li")
        expect(done).to_have_count(4, timeout=15_000)
        for line in done.all():
            expect(line).not_to_contain_text("不符")
        expect(done.nth(2)).to_contain_text("相符")
        expect(done.nth(3)).to_contain_text("相符")


def test_the_browser_notices_hashes_that_do_not_give_the_root(browser: Browser, address: str, world: World) -> None:
    size = world.people["checkpoint"]
    with signed_in(browser, address, world, "") as page:
        page.route("**/tile/0/000", lambda route: route.fulfill(body=b"\0" * 32 * 256))
        page.goto(f"{address}/{world.ledger}/checkpoints/{size}")
        page.get_by_role("button", name="在我的设备上核对").click()
        done = page.locator("#done li")
        expect(done).to_have_count(4, timeout=15_000)
        expect(done.nth(2)).to_contain_text("不符")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sample_from_the_seed_to_the_first_item(browser: Browser, address: str, world: World, scripts: bool) -> None:
    with signed_in(browser, address, world, "auditor", width=360, height=740, javascript=scripts) as page:
        page.goto(f"{address}/{world.ledger}/audit")
        page.get_by_role("main").get_by_role("link", name="抽样").click()
        page.get_by_label("抽几条").fill("5")
        page.get_by_role("button", name="抽样").click()
        expect(page.get_by_text("下载工作底稿")).to_be_visible(timeout=90_000)
        page.locator("ol a.what").first.click()
        expect(page.get_by_role("heading", name="这件事的来龙去脉")).to_be_visible()


def test_the_hints_open_down_to_an_entry(browser: Browser, address: str, world: World) -> None:
    with signed_in(browser, address, world, "auditor", width=360, height=740, javascript=False) as page:
        page.goto(f"{address}/{world.ledger}/findings")
        page.locator(".cards h2 a").first.click()
        page.locator(".events a").first.click()
        expect(page.get_by_text(re.compile("^第 .* 号")).first).to_be_visible()
