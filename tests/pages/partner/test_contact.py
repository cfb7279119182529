"""Who is to be talked to at a unit: shown to its own people and to who serves there, and changed by them alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from ledger.parties.commands import ChangeContact, ContactWords
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def test_it_is_shown_to_the_unit_and_the_desk_and_to_nobody_else(community: Community, signed_in: SignIn) -> None:
    unit = community.ids["lvyun"]
    community.do("liu", ChangeContact(unit_id=unit, words=ContactWords(name="赵经理", phone="13900007777")))

    shown = {
        who: "13900007777" in signed_in(who).get(f"/{LEDGER}/units/{unit}").text for who in ("liu", "zhao", "wang")
    }
    prefilled = {
        who: "13900007777" in signed_in(who).get(f"/{LEDGER}/do/unit-contact?unit_id={unit}").text
        for who in ("liu", "zhao", "wang")
    }

    assert shown == prefilled == {"liu": True, "zhao": True, "wang": False}


@pytest.mark.browser
def test_the_representative_changes_it_by_hand(
    page_without_scripts: Page, address: str, community: Community, enter: Callable[[Page, str], None]
) -> None:
    page, unit = page_without_scripts, community.ids["lvyun"]
    enter(page, "liu")
    page.goto(f"{address}/{LEDGER}/units/{unit}")
    page.get_by_role("link", name="更换联系人").click()
    page.get_by_label("姓名").fill("钱经理")
    page.get_by_role("button", name="下一步").click()
    page.locator("main button[value=send]").click()

    expect(page.get_by_role("status")).to_contain_text("绿云物业的联系人已更换")
    page.goto(f"{address}/{LEDGER}/units/{unit}")
    expect(page.locator("main")).to_contain_text("钱经理")
