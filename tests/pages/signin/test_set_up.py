"""The page of who was given an office and has no password yet, over HTTP: their session is good for it and for nothing else."""

from __future__ import annotations

import re
from typing import cast

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.pages import web_sessions
from api.signin import cards, devices
from ledger.application import OPERATOR
from ledger.journal.tables import events
from ledger.parties.commands import GrantRole, RevokeRole, RoleName
from ledger.parties.state import roles_of
from ledger.places.commands import AddPlace
from tests.pages.signin.conftest import Browsers, code_for, csrf_in
from tests.signin.house import LEDGER, PASSWORD, PHONES, House

SET_UP = f"/{LEDGER}/set-up"
ROLES = f"/{LEDGER}/do/grant-role"


def came_by_phone(browser: TestClient, who: str = "wang") -> TestClient:
    """The same browser, after the code to that phone."""
    browser.post("/sign-in/phone", data={"ledger": LEDGER, "phone": PHONES[who]})
    answer = browser.post("/sign-in/code", data={"ledger": LEDGER, "code": code_for(PHONES[who])})
    assert answer.status_code == 303
    return browser


def events_of(house: House) -> int:
    """How many events there are."""
    with house.store.database.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(events)).scalar_one())


def appointed(house: House, role: RoleName = "community_worker") -> None:
    """Wang is given a role at one place, by whoever administers there, and was not asked."""
    place = AddPlace(parent=None, kind="community", name="\u6842\u82b1")
    house.do(OPERATOR, place)
    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role=role, scope=place.place_id))


@pytest.fixture
def beginning(house: House, browser_at: Browsers) -> TestClient:
    """A browser at which Wang, appointed against their will, has proved their phone."""
    appointed(house)
    return came_by_phone(browser_at())


def test_whom_an_administrator_of_one_place_appoints_is_not_shut_out(house: House, beginning: TestClient) -> None:
    old = beginning.cookies[web_sessions.COOKIE]
    page = beginning.get(SET_UP)
    fresh = {"csrf": csrf_in(page), "password": PASSWORD, "again": PASSWORD}
    page = beginning.get(beginning.post(SET_UP, data=fresh).headers["location"])
    totp = re.sub(r"\s", "", re.search(r"secret-letters\">([A-Z2-7 ]+)<", page.text)[1])  # type: ignore[index]  # it is there
    done = beginning.post(f"{SET_UP}/finish", data={"csrf": csrf_in(page), "code": house.digits(totp)})

    assert len(re.findall(r"<code>[0-9a-z-]{14}</code>", done.text)) == 10
    assert beginning.get(f"/{LEDGER}/members/{house.ids['wang']}").status_code == 200
    assert beginning.cookies[web_sessions.COOKIE] != old, "a full session has a secret of its own"
    assert web_sessions.find(house.store, old) is None


def test_before_that_nothing_is_open_and_every_page_leads_there(
    house: House, beginning: TestClient, browser_at: Browsers
) -> None:
    wang = house.ids["wang"]
    for path in (
        "",
        "board",
        f"members/{wang}",
        "sign-ins",
        "more",
        f"members/{wang}/data.zip",
        "work",
        "password",
        "admin",
    ):
        stranger, mine = browser_at().get(f"/{LEDGER}/{path}"), beginning.get(f"/{LEDGER}/{path}")
        if mine.status_code == 303:
            assert mine.headers["location"] == SET_UP
            continue
        assert mine.status_code == stranger.status_code
        assert f'href="{SET_UP}"' in mine.text
        assert f'href="{SET_UP}"' not in stranger.text
        assert "/sign-out" not in mine.text
    assert f'href="{SET_UP}"' in beginning.get(f"/sign-in?ledger={LEDGER}").text


def test_before_that_nothing_can_be_done(house: House, beginning: TestClient) -> None:
    csrf = csrf_in(beginning.get(SET_UP))
    before = events_of(house)
    for path in (f"members/{house.ids['wang']}/forget", "do/gift", "sign-ins/end-others", "password", "admin/tokens"):
        answer = beginning.post(f"/{LEDGER}/{path}", data={"csrf": csrf, "sure": "yes", "to": "send"})
        assert answer.status_code in (303, 401, 403, 404), path
    assert events_of(house) == before


def test_nothing_is_remembered_of_the_browser(beginning: TestClient) -> None:
    assert devices.COOKIE not in beginning.cookies


def test_the_form_is_ours_alone(beginning: TestClient) -> None:
    assert beginning.post(SET_UP, data={"password": PASSWORD, "again": PASSWORD}).status_code == 403
    assert beginning.post(f"{SET_UP}/finish", data={"csrf": "x", "code": "1"}).status_code == 403


def test_who_is_nobody_or_fully_in_has_nothing_to_set_up(browser_at: Browsers, signed_in: Browsers) -> None:
    for browser in (browser_at(), signed_in("wang", "code"), signed_in("zhou")):
        assert browser.get(SET_UP).headers["location"] == f"/sign-in?ledger={LEDGER}"
        assert browser.post(SET_UP, data={"csrf": "x"}).status_code == 403


def test_who_does_not_want_to_leaves_and_is_nobody(house: House, beginning: TestClient) -> None:
    kept = beginning.cookies[web_sessions.COOKIE]
    beginning.post("/sign-out", data={"ledger": LEDGER, "csrf": csrf_in(beginning.get(SET_UP))})

    assert web_sessions.find(house.store, kept) is None


def test_when_the_office_ends_the_phone_lets_in_as_before(
    house: House, beginning: TestClient, browser_at: Browsers
) -> None:
    for role, scope in roles_of_wang(house):
        house.do(OPERATOR, RevokeRole(holder=house.ids["wang"], role=role, scope=scope))

    assert beginning.get(SET_UP).headers["location"] == f"/sign-in?ledger={LEDGER}"
    again = came_by_phone(browser_at("192.0.2.8"))
    assert again.get(f"/{LEDGER}/members/{house.ids['wang']}").status_code == 200


def roles_of_wang(house: House) -> list[tuple[RoleName, str]]:
    """What Wang holds, and where."""
    held = roles_of(house.store.application.view(LEDGER), house.ids["wang"]).held
    return sorted((cast(RoleName, role), scope) for role, scope in held)


def test_a_phone_session_open_when_the_role_comes_has_none_of_its_power(house: House, signed_in: Browsers) -> None:
    browser = signed_in("wang", "code")
    csrf = csrf_in(browser.get(f"/{LEDGER}/sign-ins"))
    house.do(OPERATOR, GrantRole(holder=house.ids["wang"], role="administrator"))
    before = events_of(house)

    for path, data in (
        ("admin/tokens", {"label": "mine", "role": "auditor", "days": "30"}),
        ("staff/link", {"member": house.ids["zhao"]}),
        ("admin/policy/max_gift", {"value": "1"}),
    ):
        answer = browser.post(f"/{LEDGER}/{path}", data={"csrf": csrf, **data})
        assert answer.status_code in (401, 403, 404), path
    assert browser.get(f"/{LEDGER}/admin").status_code in (303, 404)
    assert events_of(house) == before


def test_a_card_says_why_it_opens_nothing_now(house: House, browser_at: Browsers) -> None:
    secret = cards.issue(house.store, LEDGER, house.ids["wang"], by=house.ids["zhao"]).secret
    appointed(house)

    page = browser_at().get(f"/{LEDGER}/card/{secret}")
    assert (page.status_code, "\u624b\u673a\u9a8c\u8bc1\u7801" in page.text) == (401, True)
