"""By phone over HTTP: what is answered is the same for every number, each code counts once, and nobody is sent elsewhere."""

from __future__ import annotations

import re
import threading

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages import web_sessions
from api.pages.signin.door import TICKET_COOKIE
from api.signin import devices
from ledger.application import OPERATOR
from ledger.parties.commands import GrantRole
from tests.pages.signin.conftest import INBOX, Browsers, code_for
from tests.signin.house import LEDGER, PHONES, House

ASK = {"ledger": LEDGER, "phone": PHONES["wang"]}


def reads_own(browser: TestClient, house: House, who: str = "wang") -> bool:
    """Whether the browser reads that member's account."""
    return browser.get(f"/{LEDGER}/members/{house.ids[who]}").status_code == 200


def test_phone_and_code_let_in_and_lead_home(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    asked = browser.post("/sign-in/phone", data=ASK)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in/code?ledger={LEDGER}")
    assert "138****0001" in browser.get(asked.headers["location"]).text

    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})

    assert answer.headers["location"] == f"/{LEDGER}/members/{house.ids['wang']}"
    assert reads_own(browser, house)


def test_every_cookie_is_for_this_site_alone_and_for_no_script(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    asked = browser.post("/sign-in/phone", data=ASK)
    done = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})

    cookies = [*asked.headers.get_list("set-cookie"), *done.headers.get_list("set-cookie")]
    assert {one.partition("=")[0] for one in cookies} == {TICKET_COOKIE, web_sessions.COOKIE, devices.COOKIE}
    assert [one for one in cookies if "httponly" not in one.lower() or "samesite=strict" not in one.lower()] == []
    secured = browser.post("https://127.0.0.1/sign-in/phone", data=ASK)
    assert "secure" in secured.headers["set-cookie"].lower()


def test_the_answer_to_a_strange_number_is_letter_by_letter_the_same(browser_at: Browsers) -> None:
    shown = []
    for phone in (PHONES["wang"], PHONES["zhao"], "13811119901"):
        browser = browser_at()
        asked = browser.post("/sign-in/phone", data={**ASK, "phone": phone})
        page = browser.get(asked.headers["location"])
        wrong = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": "1"})
        told = [re.sub(r"138\*{4}\d{4}", "", one.text) for one in (page, wrong)]
        shown.append((asked.status_code, asked.headers["location"], page.status_code, wrong.status_code, told))

    assert shown[0] == shown[1] == shown[2]


def test_nothing_is_sent_to_a_strange_number(browser_at: Browsers) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data={**ASK, "phone": "13811119901"})
    browser.post("/sign-in/phone", data=ASK)
    code_for(PHONES["wang"])

    assert INBOX == []


def test_what_is_no_number_is_said_at_its_field(browser_at: Browsers) -> None:
    answer = browser_at().post("/sign-in/phone", data={**ASK, "phone": "<b>12"})

    assert answer.status_code == 422
    assert answer.text.count("手机号要填数字") == 2
    assert "&lt;b&gt;12" in answer.text
    assert "<b>12" not in answer.text


def test_a_family_with_one_phone_says_who_it_is(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data={**ASK, "phone": PHONES["li"]})
    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["li"])})
    assert answer.headers["location"] == f"/sign-in/who?ledger={LEDGER}"
    page = browser.get(answer.headers["location"]).text
    assert page.count('name="person"') == 2
    assert "李师傅" not in page

    assert browser.post("/sign-in/who", data={"ledger": LEDGER, "person": house.ids["wang"]}).status_code == 200
    assert browser.post("/sign-in/who", data={"ledger": LEDGER, "person": house.ids["nai"]}).status_code == 303
    assert reads_own(browser, house, "nai")


def test_a_proved_ticket_lets_in_once(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data={**ASK, "phone": PHONES["li"]})
    browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["li"])})
    kept = browser.cookies[TICKET_COOKIE]
    browser.post("/sign-in/who", data={"ledger": LEDGER, "person": house.ids["li"]})

    thief = browser_at()
    thief.cookies.set(TICKET_COOKIE, kept)
    again = thief.post("/sign-in/who", data={"ledger": LEDGER, "person": house.ids["li"]})

    assert (again.status_code, web_sessions.COOKIE in thief.cookies) == (401, False)


def test_who_has_become_staff_meanwhile_is_led_to_setting_a_password(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data=ASK)
    code = code_for(PHONES["wang"])
    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role="treasurer"))

    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code})

    assert answer.headers["location"] == f"/{LEDGER}/set-up"
    assert not reads_own(browser, house)


def test_a_session_by_phone_ends_when_its_owner_becomes_staff(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "code")
    assert reads_own(browser, house)

    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role="administrator"))

    assert not reads_own(browser, house)


def test_without_a_way_to_send_codes_there_is_no_such_door(
    house: House, monkeypatch: pytest.MonkeyPatch, browser_at: Browsers
) -> None:
    monkeypatch.setenv("NUANLIN_CODE_DELIVERY", "none")
    browser = TestClient(create_app(house.store), base_url="http://127.0.0.1", follow_redirects=False)

    assert 'name="phone"' not in browser.get(f"/sign-in?ledger={LEDGER}").text
    assert browser.post("/sign-in/phone", data=ASK).status_code == 404


@pytest.mark.parametrize("step", ["/code", "/who", "/second"])
def test_a_step_without_a_ticket_leads_back_to_the_beginning(browser_at: Browsers, step: str) -> None:
    answer = browser_at().get(f"/sign-in{step}?ledger={LEDGER}&after=/{LEDGER}/board")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert f"after=%2F{LEDGER}%2Fboard" in answer.headers["location"]


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_sent_elsewhere(house: House, browser_at: Browsers, after: str) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data={**ASK, "after": after})
    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"]), "after": after})

    assert answer.headers["location"] == f"/{LEDGER}/members/{house.ids['wang']}"


def test_one_is_led_on_to_where_one_wanted_to_go(browser_at: Browsers) -> None:
    browser = browser_at()
    asked = browser.post("/sign-in/phone", data={**ASK, "after": f"/{LEDGER}/board"})
    page = browser.get(asked.headers["location"]).text
    assert f'name="after" value="/{LEDGER}/board"' in page

    answer = browser.post(
        "/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"]), "after": f"/{LEDGER}/board"}
    )
    assert answer.headers["location"] == f"/{LEDGER}/board"


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/phone", "/sign-in/code", "/sign-in/who", "/sign-in/staff", "/sign-in/second"],
)
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_begins_no_sign_in(browser_at: Browsers, path: str, headers: dict[str, str]) -> None:
    assert browser_at().post(path, data=ASK, headers=headers).status_code == 403


def test_a_browser_that_tells_no_origin_of_a_page_of_ours_signs_in(browser_at: Browsers) -> None:
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert browser_at().post("/sign-in/phone", data=ASK, headers=headers).status_code == 303


def test_the_secret_changes_at_sign_in(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.cookies.set(web_sessions.COOKIE, f"{LEDGER}.chosen-by-somebody-else")
    browser.post("/sign-in/phone", data=ASK)
    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})

    set_to = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(web_sessions.COOKIE))
    assert "chosen-by-somebody-else" not in set_to


def test_a_stranger_who_asks_for_my_codes_all_day_does_not_keep_me_out(house: House, browser_at: Browsers) -> None:
    for number in range(12):
        stranger = browser_at(f"198.51.100.{number}")
        for _ in range(8):
            stranger.post("/sign-in/phone", data=ASK)
            for _ in range(2):
                stranger.post("/sign-in/code", data={"ledger": LEDGER, "code": "000000"})
    at_home = browser_at("192.0.2.99")
    INBOX.clear()
    at_home.post("/sign-in/phone", data=ASK)

    answer = at_home.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})
    assert (answer.status_code, reads_own(at_home, house)) == (303, True)


def test_a_known_browser_is_let_in_from_an_address_that_an_attacker_has_used_up(
    house: House, browser_at: Browsers
) -> None:
    mine = browser_at("192.0.2.5")
    mine.post("/sign-in/phone", data=ASK)
    mine.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})
    attacker = browser_at("192.0.2.5")
    refused = [attacker.post("/sign-in/phone", data=ASK).status_code for _ in range(8)]
    assert refused[-1] == 429

    assert mine.post("/sign-in/phone", data=ASK).status_code == 303


def test_the_one_who_tries_too_often_is_told_how_long_to_wait(browser_at: Browsers) -> None:
    attacker = browser_at()
    answer = next(
        one for one in (attacker.post("/sign-in/phone", data=ASK) for _ in range(9)) if one.status_code == 429
    )

    assert "60 分钟后再试" in answer.text or "过 60 分钟再试" in answer.text
    assert "登录卡" in answer.text


def test_no_page_that_carries_a_secret_is_kept_by_the_browser(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.post("/sign-in/phone", data=ASK)

    assert "no-store" in browser.get(f"/sign-in/code?ledger={LEDGER}").headers["cache-control"]


def test_whose_number_it_is_is_looked_up_behind_the_answer(
    house: House, browser_at: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by: list[str] = []
    find = house.store.vault.find

    def noted(ledger: str, field: str, value: str) -> list[str]:
        asked_by.append(threading.current_thread().name)
        return find(ledger, field, value)

    monkeypatch.setattr(house.store.vault, "find", noted)
    for phone in ("13811119901", PHONES["wang"]):
        browser_at().post("/sign-in/phone", data={**ASK, "phone": phone})
    code_for(PHONES["wang"])

    assert asked_by
    assert [name for name in asked_by if not name.startswith("codes")] == [], "no time of an answer may tell"
