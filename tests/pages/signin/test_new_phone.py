"""A new phone of one's own: a code to it, and then it counts and the old one no more; and names put right by hand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from api.finding import find_by_phone, find_members
from api.pages import web_sessions
from api.signin import happenings
from ledger.application import OPERATOR
from ledger.parties.commands import RegisterProxy
from tests.house.browser import tab
from tests.pages.signin.conftest import INBOX, Browsers, code_for, csrf_in
from tests.pages.sweep import SMALL, WIDE, violations
from tests.signin.house import LEDGER, PHONES, House

NEW = "13911112222"
PHONE: dict[str, Any] = {"width": 360, "height": 740}


def page_of(house: House, who: str = "wang") -> str:
    """Where somebody changes their phone."""
    return f"/{LEDGER}/members/{house.ids[who]}/phone"


def asked(browser: TestClient, house: House, phone: str = NEW, who: str = "wang") -> dict[str, str]:
    """Ask for a code to a new number; gives what the form for the code carries."""
    here = page_of(house, who)
    csrf = csrf_in(browser.get(here))
    shown = browser.post(here, data={"phone": phone, "csrf": csrf})
    assert shown.status_code == 200, shown.text
    ticket = shown.text.partition('name="ticket" value="')[2].partition('"')[0]
    return {"csrf": csrf, "ticket": ticket}


def test_a_code_to_the_new_number_makes_it_count(house: House, signed_in: Browsers, browser_at: Browsers) -> None:
    here, elsewhere = signed_in("wang", "code"), signed_in("wang", "code", "198.51.100.4")
    carried = asked(here, house)
    assert find_by_phone(house.store, LEDGER, NEW) == [], "nothing counts before the code"

    done = here.post(page_of(house) + "/code", data={**carried, "code": code_for(NEW)})

    assert (done.status_code, done.headers["location"]) == (303, f"/{LEDGER}/members/{house.ids['wang']}?done=phone")
    assert "手机号已更换" in here.get(done.headers["location"]).text, "this browser goes on"
    assert elsewhere.get(f"/{LEDGER}/members/{house.ids['wang']}").status_code == 404, "the others are out"
    assert find_by_phone(house.store, LEDGER, NEW) == [house.ids["wang"]]
    assert find_by_phone(house.store, LEDGER, PHONES["wang"]) == []
    stranger = browser_at()
    stranger.post("/sign-in/phone", data={"ledger": LEDGER, "phone": NEW})
    stranger.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(NEW)})
    assert stranger.get(f"/{LEDGER}/members/{house.ids['wang']}").status_code == 200


def test_a_code_counts_once_and_a_wrong_one_not_at_all(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "card")
    carried = asked(browser, house)
    right = code_for(NEW)
    wrong = browser.post(page_of(house) + "/code", data={**carried, "code": str((int(right[0]) + 1) % 10) + right[1:]})
    assert "还可以试 4 次" in wrong.text
    assert find_by_phone(house.store, LEDGER, NEW) == []

    assert browser.post(page_of(house) + "/code", data={**carried, "code": right}).status_code == 303
    again = browser.post(page_of(house) + "/code", data={**carried, "code": right})

    assert "重新获取" in again.text
    assert browser.get(f"/{LEDGER}/members/{house.ids['wang']}").status_code == 200, "who came by a card stays"


def test_no_answer_tells_whether_the_number_is_somebody_elses(house: House, signed_in: Browsers) -> None:
    phones = (PHONES["li"], PHONES["zhao"], "13911113333")
    browsers = [signed_in("wang", "card") for _ in phones]
    pages, ends, carried = [], [], []
    for browser, phone in zip(browsers, phones, strict=True):
        csrf = csrf_in(browser.get(page_of(house)))
        page = browser.post(page_of(house), data={"phone": phone, "csrf": csrf})
        ticket = page.text.partition('name="ticket" value="')[2].partition('"')[0]
        text = page.text.replace(ticket, "").replace(csrf, "").replace(f"{phone[:3]}****{phone[-4:]}", "")
        pages.append((page.status_code, text))
        carried.append({"csrf": csrf, "ticket": ticket, "code": code_for(phone)})
    for browser, sent in zip(browsers, carried, strict=True):
        done = browser.post(page_of(house) + "/code", data=sent)
        ends.append((done.status_code, done.headers["location"]))

    assert pages[0] == pages[1] == pages[2]
    assert ends[0] == ends[1] == ends[2]


def test_what_is_no_new_number_is_said_at_once(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "card")
    csrf = csrf_in(browser.get(page_of(house)))
    for phone, said in (("王阿姨", "手机号要填数字"), (PHONES["wang"], "这就是现在的手机号")):
        answer = browser.post(page_of(house), data={"phone": phone, "csrf": csrf})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert INBOX == []


def test_nobody_elses_phone_is_changed_but_a_principals(house: House, signed_in: Browsers) -> None:
    for who in ("li", "zhao", "zhou"):
        browser = signed_in(who, "card" if who == "li" else "password")
        assert browser.get(page_of(house)).status_code == 404
    house.do(OPERATOR, RegisterProxy(principal=house.ids["wang"], proxy=house.ids["li"]))
    browser = signed_in("li", "code")
    carried = asked(browser, house)

    done = browser.post(page_of(house) + "/code", data={**carried, "code": code_for(NEW)})

    assert done.status_code == 303
    assert browser.get(f"/{LEDGER}/members/{house.ids['li']}").status_code == 200, "the proxy stays signed in"
    assert find_by_phone(house.store, LEDGER, NEW) == [house.ids["wang"]]


def test_a_form_of_another_site_changes_nothing(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "code")
    assert browser.post(page_of(house), data={"phone": NEW, "csrf": "x"}).status_code == 403
    assert INBOX == []


def test_codes_to_new_numbers_are_counted(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "card")
    csrf = csrf_in(browser.get(page_of(house)))
    answers = [
        browser.post(page_of(house), data={"phone": f"1391111440{one}", "csrf": csrf}).status_code for one in range(8)
    ]
    assert answers == [200] * 6 + [429] * 2


@pytest.mark.parametrize("phone", ["", "13811110002"])
def test_a_worker_is_told_plainly_whose_number_it_is_as_well(house: House, signed_in: Browsers, phone: str) -> None:
    browser = signed_in("zhao")
    form = f"/{LEDGER}/do/correct-details"
    wang = house.ids["wang"]
    begun = browser.get(f"{form}?member_id={wang}")
    key = begun.text.partition('name="key" value="')[2].partition('"')[0]
    answers = {"member_id": wang, "words.name": "王爱华", "words.phone": phone, "proof": "paper"}
    sent = {**answers, "csrf": csrf_in(begun), "key": key, "step": "1", "to": "next"}

    shown = browser.post(form, data=sent)
    shown = browser.get(shown.headers["location"]) if shown.status_code == 303 else shown

    assert ("李师傅" in shown.text, "李奶奶" in shown.text) == (bool(phone), bool(phone))


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_volunteer_changes_their_phone_by_hand(browser: Browser, address: str, house: House, scripts: bool) -> None:
    with tab(browser, javascript=scripts, **PHONE) as page:
        _enter(page, address, house, "wang", "code")
        page.goto(f"{address}/{LEDGER}/members/{house.ids['wang']}")
        page.get_by_role("link", name="换手机号").click()
        expect(page.locator("main")).to_contain_text("138****0001")
        assert not (scripts and violations(page))
        page.get_by_label("新手机号").fill("139 1111 2222")
        page.get_by_role("button", name="发验证码").click()
        expect(page.locator("main")).to_contain_text("139****2222")
        page.get_by_label("短信里的验证码").fill("0")
        page.get_by_role("button", name="换成这个号码").click()
        expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
        assert not (scripts and violations(page))
        assert (page.evaluate(WIDE), page.evaluate(SMALL)) == (0, [])
        page.get_by_label("短信里的验证码").fill(code_for(NEW))
        page.get_by_role("button", name="换成这个号码").click()

        expect(page.get_by_role("status")).to_contain_text("手机号已更换")
    assert find_by_phone(house.store, LEDGER, NEW) == [house.ids["wang"]]


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_volunteer_corrects_their_name_by_hand(browser: Browser, address: str, house: House, scripts: bool) -> None:
    with tab(browser, javascript=scripts, **PHONE) as page:
        _enter(page, address, house, "wang", "code")
        page.goto(f"{address}/{LEDGER}/members/{house.ids['wang']}")
        page.get_by_role("link", name="改姓名或住址").click()
        expect(page.get_by_label("姓名")).to_have_value("王阿姨")
        page.get_by_label("姓名").fill("王爱华")
        page.get_by_role("button", name="下一步").click()
        page.locator("main button[value=send]").click()

        expect(page.get_by_role("status")).to_contain_text("王爱华")
    assert find_members(house.store, LEDGER, "王爱华") == [house.ids["wang"]]
    assert find_by_phone(house.store, LEDGER, PHONES["wang"]) == [house.ids["wang"]], "the phone stays"


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_worker_corrects_a_name_by_hand(browser: Browser, address: str, house: House, scripts: bool) -> None:
    wang = house.ids["wang"]
    with tab(browser, javascript=scripts, **PHONE) as page:
        _enter(page, address, house, "zhao", "password")
        page.goto(f"{address}/{LEDGER}/people/{wang}")
        page.get_by_role("link", name="更正资料").click()
        expect(page.get_by_label("手机号")).to_have_value(PHONES["wang"])
        page.get_by_label("姓名").fill("王爱华")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("看过有关证件").check()
        page.get_by_role("button", name="下一步").click()
        page.locator("main button[value=send]").click()

        expect(page.get_by_role("status")).to_contain_text("已更正")
        expect(page.get_by_role("heading", name="王爱华")).to_be_visible()
    assert (find_members(house.store, LEDGER, "王阿姨"), find_members(house.store, LEDGER, "王爱华")) == ([], [wang])
    seen = happenings.latest(house.store, LEDGER, wang)
    assert [(one.what, one.by) for one in seen][:1] == [("details_corrected", house.ids["zhao"])]


def _enter(page: Page, address: str, house: House, who: str, via: str) -> None:
    session = web_sessions.begin(house.store, LEDGER, house.ids[who], via=via)
    page.context.add_cookies([{"name": web_sessions.COOKIE, "value": session.cookie, "url": address}])
