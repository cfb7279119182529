"""My sign-ins: seen by their owner alone, ended by one press, and told in plain words."""

from __future__ import annotations

from starlette.testclient import TestClient

from api.signin import cards, devices
from api.signin.codes import account_of
from tests.pages.signin.conftest import Browsers, code_for, csrf_in
from tests.signin.house import LEDGER, PHONES, House

MINE = f"/{LEDGER}/sign-ins"


def by_phone(browser_at: Browsers, host: str = "192.0.2.7") -> TestClient:
    """A browser at which 王阿姨 signed in by phone."""
    browser = browser_at(host)
    browser.post("/sign-in/phone", data={"ledger": LEDGER, "phone": PHONES["wang"]})
    browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES["wang"])})
    return browser


def test_a_stranger_is_led_to_sign_in_and_back(browser_at: Browsers) -> None:
    answer = browser_at().get(MINE)

    assert answer.headers["location"] == f"/sign-in?ledger={LEDGER}&after=%2F{LEDGER}%2Fsign-ins"


def test_one_sees_where_one_is_signed_in_and_this_one_first(house: House, signed_in: Browsers) -> None:
    here = signed_in("wang", "code")
    signed_in("wang", "card")
    signed_in("li", "code")

    page = here.get(MINE).text
    assert page.count("Firefox · Windows</b>") == 2
    assert page.index("就是这台") < page.index('name="number"')
    assert "登录卡" in page


def test_one_ends_another_of_ones_sessions(signed_in: Browsers) -> None:
    here, lost = signed_in("wang", "code"), signed_in("wang", "code")
    page = here.get(MINE)
    number = page.text.partition('name="number" value="')[2][:12]

    answer = here.post(f"{MINE}/end", data={"csrf": csrf_in(page), "number": number})

    assert answer.headers["location"] == f"{MINE}?done=one"
    assert (here.get(MINE).status_code, lost.get(MINE).status_code) == (200, 303)


def test_nobody_ends_anothers_session(signed_in: Browsers) -> None:
    mine, theirs = signed_in("li", "code"), signed_in("wang", "code")
    signed_in("wang", "code")
    number = theirs.get(MINE).text.partition('name="number" value="')[2][:12]

    answer = mine.post(f"{MINE}/end", data={"csrf": csrf_in(mine.get(MINE)), "number": number})

    assert answer.status_code == 404
    assert theirs.get(MINE).status_code == 200


def test_all_others_are_ended_and_no_browser_is_known_any_more(
    house: House, signed_in: Browsers, browser_at: Browsers
) -> None:
    here = by_phone(browser_at)
    lost = by_phone(browser_at, "192.0.2.8")
    secret = lost.cookies[devices.COOKIE]
    page = here.get(MINE)

    here.post(f"{MINE}/end-others", data={"csrf": csrf_in(page)})

    assert here.get(MINE).status_code == 200
    assert lost.get(MINE).status_code == 303
    assert devices.known(house.store, LEDGER, secret, account_of(house.store, LEDGER, PHONES["wang"])) == ""


def test_who_signed_in_by_the_card_and_ends_it_is_out(house: House, browser_at: Browsers) -> None:
    secret = cards.issue(house.store, LEDGER, house.ids["wang"], by=house.ids["zhao"]).secret
    browser = browser_at()
    browser.post(f"/{LEDGER}/card/{secret}")
    page = browser.get(MINE)
    number = cards.listed(house.store, LEDGER, house.ids["wang"])[0].number

    answer = browser.post(f"{MINE}/end-card", data={"csrf": csrf_in(page), "number": number})

    assert answer.headers["location"] == f"/sign-in?ledger={LEDGER}"
    assert browser.get(MINE).status_code == 303


def test_without_the_forms_own_secret_nothing_ends(signed_in: Browsers) -> None:
    here, other = signed_in("wang", "code"), signed_in("wang", "code")

    for act in ("end", "end-others", "end-card"):
        assert here.post(f"{MINE}/{act}", data={"number": "x"}).status_code == 403
    assert other.get(MINE).status_code == 200


def test_what_happened_is_told_with_the_kind_of_browser(house: House, browser_at: Browsers) -> None:
    browser = browser_at()
    browser.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 13; X) AppleWebKit Chrome/120 MicroMessenger/8.0"
    secret = cards.issue(house.store, LEDGER, house.ids["wang"], by=house.ids["zhao"]).secret
    browser.post(f"/{LEDGER}/card/{secret}")

    page = browser.get(MINE).text
    assert "用登录卡登录" in page
    assert "WeChat · Android" in page
    assert "做了新的登录卡 · 由赵*" in page
