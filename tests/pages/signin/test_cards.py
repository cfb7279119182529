"""Cards over HTTP: scanned, pressed, in; made at the desk by who may, ended by who may."""

from __future__ import annotations

import re

import pytest

from api.pages import web_sessions
from api.signin import cards
from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole
from ledger.places.commands import AddPlace
from tests.pages.signin.conftest import Browsers, csrf_in
from tests.signin.house import LEDGER, House


def carded(house: House) -> str:
    """The address behind a new card of 王阿姨."""
    return f"/{LEDGER}/card/{cards.issue(house.store, LEDGER, house.ids['wang'], by=house.ids['zhao']).secret}"


def test_a_scanned_card_greets_by_a_masked_name_and_lets_in_after_one_press(house: House, browser_at: Browsers) -> None:
    at, browser = carded(house), browser_at()
    page = browser.get(at)
    assert "王*，您好" in page.text
    assert web_sessions.COOKIE not in browser.cookies, "looking is not signing in: links are fetched by programs too"

    answer = browser.post(at)

    assert answer.headers["location"] == f"/{LEDGER}/members/{house.ids['wang']}"
    assert browser.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("secret", ["nothing", "x" * 32, "x" * 5000, "%00", "a b"])
def test_an_unknown_card_and_an_ended_one_are_told_alike(house: House, browser_at: Browsers, secret: str) -> None:
    at = carded(house)
    cards.revoke(
        house.store, LEDGER, house.ids["wang"], cards.listed(house.store, LEDGER, house.ids["wang"])[0].number, by="x"
    )

    ended, unknown = browser_at().get(at), browser_at().get(f"/{LEDGER}/card/{secret}")
    assert (ended.status_code, unknown.status_code) == (401, 401)
    assert "这张卡不能用了" in unknown.text
    strip = re.compile(r'href="[^"]*"')
    assert strip.sub("", ended.text) == strip.sub("", unknown.text)
    assert browser_at().post(at).status_code == 401


def test_another_site_presses_nothing(house: House, browser_at: Browsers) -> None:
    answer = browser_at().post(carded(house), headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403


def test_a_worker_makes_a_card_to_print(house: House, signed_in: Browsers, browser_at: Browsers) -> None:
    desk, path = signed_in("zhao"), f"/{LEDGER}/members/{house.ids['wang']}/card"
    page = desk.post(path, data={"csrf": csrf_in(desk.get(path)), "shape": "page"})

    assert page.status_code == 200
    assert "王阿姨" in page.text
    assert "<svg" in page.text
    assert "no-store" in page.headers["cache-control"]
    (card,) = cards.listed(house.store, LEDGER, house.ids["wang"])
    assert card.issued_by == house.ids["zhao"]


def test_a_worker_takes_the_card_as_pdf(house: House, signed_in: Browsers) -> None:
    desk, path = signed_in("zhao"), f"/{LEDGER}/members/{house.ids['wang']}/card"
    answer = desk.post(path, data={"csrf": csrf_in(desk.get(path)), "shape": "pdf"})

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"] == "no-store"


def test_a_worker_ends_a_card(house: House, signed_in: Browsers, browser_at: Browsers) -> None:
    at = carded(house)
    desk, path = signed_in("zhao"), f"/{LEDGER}/members/{house.ids['wang']}/card"
    page = desk.get(path)
    number = cards.listed(house.store, LEDGER, house.ids["wang"])[0].number
    assert number in page.text

    desk.post(f"{path}/end", data={"csrf": csrf_in(page), "number": number})

    assert browser_at().get(at).status_code == 401


def test_the_members_page_leads_a_worker_to_the_desk_and_its_owner_to_their_sign_ins(
    house: House, signed_in: Browsers
) -> None:
    path = f"/{LEDGER}/members/{house.ids['wang']}"

    assert f'href="{path}/card"' in signed_in("zhao").get(path).text
    own = signed_in("wang", "code").get(path).text
    assert f'href="/{LEDGER}/sign-ins"' in own
    assert f'href="{path}/card"' not in own


@pytest.mark.parametrize("who", ["", "wang", "li"])
def test_to_all_others_there_is_no_desk(house: House, signed_in: Browsers, browser_at: Browsers, who: str) -> None:
    browser = signed_in(who, "code") if who else browser_at()
    path = f"/{LEDGER}/members/{house.ids['wang']}/card"

    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"csrf": "x"}).status_code == 404
    assert browser.post(f"{path}/end", data={"csrf": "x"}).status_code == 404


def test_a_worker_of_another_courtyard_makes_no_card_here(house: House, signed_in: Browsers) -> None:
    yard = AddPlace(kind="courtyard", name="7号院")
    house.do(OPERATOR, yard)
    house.do(OPERATOR, GrantRole(holder=house.ids["li"], role="community_worker", scope=yard.place_id))

    assert signed_in("li").get(f"/{LEDGER}/members/{house.ids['wang']}/card").status_code == 404


def test_nothing_is_made_without_the_forms_own_secret(house: House, signed_in: Browsers) -> None:
    path = f"/{LEDGER}/members/{house.ids['wang']}/card"

    assert signed_in("zhao").post(path, data={"shape": "page"}).status_code == 403
    assert cards.listed(house.store, LEDGER, house.ids["wang"]) == []


def test_a_card_for_staff_is_refused_in_words(house: House, signed_in: Browsers) -> None:
    desk, path = signed_in("zhao"), f"/{LEDGER}/members/{house.ids['zhou']}/card"
    answer = desk.post(path, data={"csrf": csrf_in(desk.get(path)), "shape": "page"})

    assert answer.status_code == 422
    assert "有工作职责的人用密码登录" in answer.text
