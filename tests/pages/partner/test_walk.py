"""A unit's main way in Chromium: find work on the board, take it, deliver with a photo; phone and desktop, with scripts and
without."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from ledger.requests.commands import ClaimRequest, PostRequest, PublishRequest, RequestWords
from ledger.requests.state import Request as Asked
from tests.pages.cast import LEDGER, Community
from tests.pages.partner.pictures import SECRETS, from_a_phone

pytestmark = pytest.mark.browser
Enter = Callable[[Page, str], None]
DAY = 24 * 3600 * 1000


def listing(community: Community, title: str, category: str) -> str:
    """A listing on the board; gives its id."""
    words = RequestWords(title=title)
    command = PostRequest(
        kind="listing", requester=community.ids["zhao"], place=community.ids["yard"], category=category, words=words
    )
    community.do("zhao", command)
    community.do("qian", PublishRequest(request_id=command.request_id))
    return command.request_id


def take_and_deliver(page: Page, address: str, community: Community, title: str, category: str, photo: bytes) -> None:
    """Find it on the board by its class, take it for the unit, show that it is done."""
    wanted = listing(community, title, category)
    page.goto(f"{address}/{LEDGER}/units-board")
    page.select_option("#category", category)
    if page.locator("#found article").count() > 1:
        page.locator(".filters button").click()
    expect(page.locator("#found article")).to_have_count(1)
    page.get_by_role("button", name="由绿云物业来做").click()
    expect(page.get_by_role("status")).to_contain_text("认领成功")

    page.get_by_role("link", name="交差：提交照片").click()
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.get_by_label("说几句").fill("围墙刷好了")
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("已记下办好")
    expect(page.locator("#proof")).to_contain_text("围墙刷好了")
    expect(page.locator("#proof img")).to_have_js_property("complete", True)
    (sha256,) = community.store.application.view(LEDGER).state(Asked, wanted).digests
    kept = community.store.photos.read(LEDGER, wanted, sha256)
    assert kept is not None
    assert [secret for secret in SECRETS if secret in kept] == []
    page.goto(f"{address}/{LEDGER}/units/{community.ids['lvyun']}")
    expect(page.locator(".work", has_text=title)).to_contain_text("待确认")


def test_a_unit_delivers_on_a_phone(phone: Page, address: str, community: Community, enter: Enter) -> None:
    enter(phone, "liu")
    take_and_deliver(phone, address, community, "刷东边的围墙", "刷墙一", from_a_phone())


def test_a_unit_delivers_on_a_desktop(page: Page, address: str, community: Community, enter: Enter) -> None:
    enter(page, "liu")
    take_and_deliver(page, address, community, "刷南边的围墙", "刷墙二", from_a_phone(kind="PNG"))


def test_a_unit_delivers_without_scripts(
    page_without_scripts: Page, address: str, community: Community, enter: Enter
) -> None:
    enter(page_without_scripts, "liu")
    photo = from_a_phone(kind="WEBP")
    take_and_deliver(page_without_scripts, address, community, "刷西边的围墙", "刷墙三", photo)


def test_a_large_photo_is_made_smaller_before_it_is_sent(
    phone: Page, address: str, community: Community, enter: Enter
) -> None:
    wish = community.wish("想修花坛")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
    out = BytesIO()
    Image.frombytes("RGB", (1000, 800), os.urandom(2_400_000)).resize((2400, 1920)).save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 2_000_000
    enter(phone, "liu")
    phone.goto(f"{address}/{LEDGER}/requests/{wish}/photos")

    phone.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})

    sizes: list[int] = []
    while len(sizes) < 100 and (not sizes or sizes[-1] >= len(out.getvalue()) // 2):
        sizes.append(phone.evaluate("document.querySelector('#photo').files[0].size"))
        phone.wait_for_timeout(100)
    assert sizes[-1] < len(out.getvalue()) // 2
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.locator("#proof img")).to_have_count(1)


def test_the_lease_ticks_with_scripts(page: Page, address: str, community: Community, enter: Enter) -> None:
    wish = community.wish("想修凉亭")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
    enter(page, "liu")
    page.clock.install()
    page.goto(f"{address}/{LEDGER}/requests/{wish}")
    clock = page.locator(".clock").first

    expect(clock).to_have_text("还剩 6 天 23 小时")
    page.clock.fast_forward(2 * DAY)
    expect(clock).to_have_text("还剩 4 天 23 小时")
    page.clock.fast_forward(10 * DAY)
    expect(clock).to_have_text("期限已过")


def test_the_lease_is_said_in_words_without_scripts(
    page_without_scripts: Page, address: str, community: Community, enter: Enter
) -> None:
    wish = community.wish("想修长廊")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
    enter(page_without_scripts, "liu")
    page_without_scripts.goto(f"{address}/{LEDGER}/requests/{wish}")

    expect(page_without_scripts.locator(".clock").first).to_have_text("还剩 6 天 23 小时")


@pytest.mark.parametrize("way", ["hand-back", "cannot-do"])
def test_work_goes_back_to_the_board_or_is_found_impossible(
    phone: Page, address: str, community: Community, enter: Enter, way: str
) -> None:
    wish = community.wish(f"想修旧收音机{way}")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
    enter(phone, "liu")
    phone.goto(f"{address}/{LEDGER}/requests/{wish}")
    if way == "hand-back":
        phone.get_by_role("link", name="退回榜上").click()
        phone.get_by_label("抽不出时间").check()
        phone.get_by_role("button", name="退回榜上").click()
        expect(phone.get_by_role("status")).to_contain_text("已退回")
        expect(phone.locator(".line").last).to_contain_text("抽不出时间")
        return
    phone.get_by_role("link", name="办不成").click()
    phone.get_by_label("卡在哪里").select_option("no_parts")
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="确认办不成").click()
    expect(phone.get_by_role("status")).to_contain_text("已记下：这次办不成")


def test_what_is_wrong_is_said_on_top_and_at_the_field(
    page_without_scripts: Page, address: str, community: Community, enter: Enter
) -> None:
    wish = community.wish("想修信箱")
    community.do("liu", ClaimRequest(request_id=wish, claimant=community.ids["lvyun"]))
    enter(page_without_scripts, "liu")
    page_without_scripts.goto(f"{address}/{LEDGER}/requests/{wish}/photos")
    page_without_scripts.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"})
    page_without_scripts.get_by_role("button", name="提交", exact=True).click()

    expect(page_without_scripts.get_by_role("alert")).to_contain_text("不是能打开的照片")
    expect(page_without_scripts.locator("#photo-wrong")).to_contain_text("不是能打开的照片")
