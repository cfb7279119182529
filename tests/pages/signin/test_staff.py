"""Staff over HTTP: password, second factor, links, recovery; and the attacker at the same door."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from api.pages import web_sessions
from api.pages.signin.door import TICKET_COOKIE
from api.signin import links, passwords
from ledger.application import OPERATOR
from tests.pages.signin.conftest import Browsers, csrf_in
from tests.signin.house import LEDGER, PASSWORD, PHONES, House

ENTER = {"ledger": LEDGER, "account": PHONES["zhao"], "password": PASSWORD}
FRESH = "秋天的桂花香满整条街"


def half_in(browser: TestClient) -> TestClient:
    """The same browser, with the password right."""
    answer = browser.post("/sign-in/staff", data=ENTER)
    assert answer.headers["location"] == f"/sign-in/second?ledger={LEDGER}", answer.text
    return browser


def test_password_and_authenticator_let_in(house: House, browser_at: Browsers) -> None:
    totp, _ = house.enrol("zhao")
    browser = half_in(browser_at())
    assert web_sessions.COOKIE not in browser.cookies
    assert browser.get(f"/sign-in/second?ledger={LEDGER}").status_code == 200

    answer = browser.post("/sign-in/second", data={"ledger": LEDGER, "code": house.digits(totp)})

    assert answer.headers["location"] == f"/{LEDGER}/members/{house.ids['zhao']}"
    assert browser.get(f"/{LEDGER}/sign-ins").status_code == 200


def test_a_recovery_code_lets_in(house: House, browser_at: Browsers) -> None:
    _, recovery = house.enrol("zhao")

    answer = half_in(browser_at()).post("/sign-in/second", data={"ledger": LEDGER, "code": recovery[4]})
    assert answer.status_code == 303


def test_the_second_factor_alone_is_worth_nothing(house: House, browser_at: Browsers) -> None:
    totp, _ = house.enrol("zhao")
    browser = browser_at()
    browser.cookies.set(TICKET_COOKIE, f"{LEDGER}.made-up-by-an-attacker")

    answer = browser.post("/sign-in/second", data={"ledger": LEDGER, "code": house.digits(totp)})
    assert (answer.status_code, web_sessions.COOKIE in browser.cookies) == (401, False)


def test_a_used_ticket_is_over(house: House, browser_at: Browsers) -> None:
    totp, recovery = house.enrol("zhao")
    browser = half_in(browser_at())
    kept = browser.cookies[TICKET_COOKIE]
    browser.post("/sign-in/second", data={"ledger": LEDGER, "code": house.digits(totp)})
    thief = browser_at()
    thief.cookies.set(TICKET_COOKIE, kept)

    assert thief.post("/sign-in/second", data={"ledger": LEDGER, "code": recovery[0]}).status_code == 401


def test_a_wrong_password_and_an_account_that_does_not_exist_are_told_alike(house: House, browser_at: Browsers) -> None:
    house.enrol("zhao")
    told = []
    for account in (PHONES["zhao"], PHONES["wang"], "13811119901"):
        answer = browser_at().post("/sign-in/staff", data={**ENTER, "account": account, "password": "wrong"})
        told.append((answer.status_code, answer.text.replace(account, "")))

    assert told[0] == told[1] == told[2]
    assert told[0][0] == 401


def test_tries_do_not_tell_that_a_phone_and_a_number_are_one_persons(house: House, browser_at: Browsers) -> None:
    house.enrol("zhao")
    attacker = browser_at()
    answers = [attacker.post("/sign-in/staff", data={**ENTER, "password": "x"}).status_code for _ in range(12)]
    assert answers[-1] == 429
    spelled = attacker.post("/sign-in/staff", data={**ENTER, "account": "+86 138-1111-0003", "password": "x"})
    assert spelled.status_code == 429, "the same number is counted as one however it is written"

    assert attacker.post("/sign-in/staff", data={**ENTER, "account": "赵社工", "password": "x"}).status_code == 401


def test_the_password_is_never_sent_back(house: House, browser_at: Browsers) -> None:
    answer = browser_at().post("/sign-in/staff", data={**ENTER, "password": "what-was-typed"})

    assert "what-was-typed" not in answer.text


def test_a_stranger_who_guesses_all_day_does_not_keep_me_out(house: House, browser_at: Browsers) -> None:
    totp, _ = house.enrol("zhao")
    stopped = []
    for number in range(3):
        stranger = browser_at(f"198.51.100.{number}")
        stopped += [stranger.post("/sign-in/staff", data={**ENTER, "password": "x"}).status_code for _ in range(12)]
    assert stopped.count(429) == 6

    browser = half_in(browser_at("192.0.2.99"))
    assert browser.post("/sign-in/second", data={"ledger": LEDGER, "code": house.digits(totp)}).status_code == 303


def test_a_link_sets_password_and_authenticator_and_shows_the_recovery_codes_once(
    house: House, browser_at: Browsers
) -> None:
    secret = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    browser, at = browser_at(), f"/{LEDGER}/begin/{secret}"
    assert "赵社工" in browser.get(at).text
    browser.post(at, data={"password": FRESH, "again": FRESH})
    page = unescape(browser.get(at).text)
    totp = re.search(r"secret=([A-Z2-7]+)", page)
    assert totp

    done = browser.post(f"{at}/finish", data={"code": house.digits(totp[1])})

    assert len(re.findall(r"<code>[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}</code>", done.text)) == 10
    assert "no-store" in done.headers["cache-control"]
    assert browser.get(f"/{LEDGER}/sign-ins").status_code == 200
    assert browser_at().get(at).status_code == 404


def test_a_new_password_by_a_link_signs_out_everywhere_else(
    house: House, signed_in: Browsers, browser_at: Browsers
) -> None:
    house.enrol("zhao")
    thief = signed_in("zhao", host="198.51.100.7")
    assert thief.get(f"/{LEDGER}/sign-ins").status_code == 200
    secret = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    browser, at = browser_at(), f"/{LEDGER}/begin/{secret}"
    browser.post(at, data={"password": FRESH, "again": FRESH})
    totp = re.search(r"secret=([A-Z2-7]+)", unescape(browser.get(at).text))
    assert totp

    browser.post(f"{at}/finish", data={"code": house.digits(totp[1])})

    assert browser.get(f"/{LEDGER}/sign-ins").status_code == 200
    assert thief.get(f"/{LEDGER}/sign-ins").status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "密码太短"),
        (FRESH, FRESH + "!", "两次填的密码不一样"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "太容易猜"),
    ],
)
def test_a_bad_new_password_is_said_at_its_field(
    house: House, browser_at: Browsers, password: str, again: str, told: str
) -> None:
    secret = links.create(house.store, LEDGER, house.ids["zhao"], by=OPERATOR)
    answer = browser_at().post(f"/{LEDGER}/begin/{secret}", data={"password": password, "again": again})

    assert answer.status_code == 422
    assert answer.text.count(told) == 2


def test_the_first_administrator_sets_up_their_own(house: House, browser_at: Browsers) -> None:
    secret = links.create(house.store, LEDGER, links.FIRST, by=OPERATOR)
    browser, at = browser_at(), f"/{LEDGER}/begin/{secret}"
    assert "第一位管理员" in browser.get(at).text
    browser.post(at, data={"name": "吴书记", "phone": "13811110009", "password": FRESH, "again": FRESH})
    totp = re.search(r"secret=([A-Z2-7]+)", unescape(browser.get(at).text))
    assert totp
    browser.post(f"{at}/finish", data={"code": house.digits(totp[1])})

    assert "吴书记" in browser.get(f"/{LEDGER}/staff").text


def test_an_administrator_gives_a_link_and_ends_a_sign_in(house: House, signed_in: Browsers) -> None:
    house.enrol("zhao")
    office = signed_in("zhou")
    page = office.get(f"/{LEDGER}/staff")
    given = office.post(f"/{LEDGER}/staff/link", data={"csrf": csrf_in(page), "member": house.ids["zhao"]})
    assert f"/{LEDGER}/begin/" in given.text
    theirs = signed_in("zhao")
    assert theirs.get(f"/{LEDGER}/password").status_code == 200

    office.post(f"/{LEDGER}/staff/end", data={"csrf": csrf_in(page), "member": house.ids["zhao"]})

    assert not passwords.has_password(house.store, LEDGER, house.ids["zhao"])
    assert theirs.get(f"/{LEDGER}/password").status_code == 404
    assert theirs.get(f"/{LEDGER}/sign-ins").status_code == 303


def test_a_link_leads_to_the_address_that_was_set(
    house: House, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_ADDRESS", "https://nuanlin.example/")
    office = signed_in("zhou")
    page = office.get(f"/{LEDGER}/staff")
    given = office.post(f"/{LEDGER}/staff/link", data={"csrf": csrf_in(page), "member": house.ids["zhao"]})
    assert f"https://nuanlin.example/{LEDGER}/begin/" in given.text


@pytest.mark.parametrize("who", ["", "wang", "zhao"])
def test_to_all_others_there_is_no_list_of_the_staff(
    house: House, signed_in: Browsers, browser_at: Browsers, who: str
) -> None:
    browser = signed_in(who) if who else browser_at()

    assert browser.get(f"/{LEDGER}/staff").status_code == 404
    for act in ("link", "end"):
        answer = browser.post(f"/{LEDGER}/staff/{act}", data={"csrf": "x", "member": house.ids["zhou"]})
        assert answer.status_code == 404


def test_a_new_password_signs_out_everywhere_else(house: House, signed_in: Browsers, browser_at: Browsers) -> None:
    house.enrol("zhao")
    here, there = signed_in("zhao"), signed_in("zhao")
    form = {"csrf": csrf_in(here.get(f"/{LEDGER}/password")), "current": PASSWORD, "password": FRESH, "again": FRESH}
    assert here.post(f"/{LEDGER}/password", data={**form, "current": "wrong"}).status_code == 401
    assert there.get(f"/{LEDGER}/sign-ins").status_code == 200

    here.post(f"/{LEDGER}/password", data=form)

    assert here.get(f"/{LEDGER}/sign-ins").status_code == 200
    assert there.get(f"/{LEDGER}/sign-ins").status_code == 303
    assert browser_at().post("/sign-in/staff", data={**ENTER, "password": FRESH}).status_code == 303


def test_new_recovery_codes_ask_for_the_password(house: House, signed_in: Browsers) -> None:
    house.enrol("zhao")
    browser = signed_in("zhao")
    csrf = csrf_in(browser.get(f"/{LEDGER}/recovery"))

    assert browser.post(f"/{LEDGER}/recovery", data={"csrf": csrf, "current": "wrong"}).status_code == 401
    shown = browser.post(f"/{LEDGER}/recovery", data={"csrf": csrf, "current": PASSWORD})
    assert len(re.findall(r"<code>[0-9a-z-]{14}</code>", shown.text)) == 10


@pytest.mark.parametrize("page", ["password", "recovery"])
def test_who_has_no_password_has_no_such_pages(signed_in: Browsers, browser_at: Browsers, page: str) -> None:
    assert signed_in("wang", "code").get(f"/{LEDGER}/{page}").status_code == 404
    assert browser_at().get(f"/{LEDGER}/{page}").status_code == 404
