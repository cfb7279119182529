"""Grave acts ask again who it is; what was filled in goes on by itself, also without JavaScript."""

from __future__ import annotations

import re
from html import unescape

import pytest
from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.signin import codes, grave
from ledger.journal.tables import events, tokens
from ledger.parties.state import roles_of
from tests.pages.signin.conftest import Browsers, code_for, csrf_in
from tests.signin.house import LEDGER, PASSWORD, PHONES, House

PROVE = f"/{LEDGER}/prove"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def events_of(house: House) -> int:
    """How many events there are."""
    with house.store.database.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(events)).scalar_one())


def carried(page: Response) -> dict[str, str]:
    """The hidden answers of the form that asks for proof; the page's other forms carry other names, or the same token."""
    main = page.text[page.text.index('<main id="main"') :]
    return {name: unescape(value) for name, value in _HIDDEN.findall(main)}


def shown(browser: TestClient, page: Response, code: str) -> Response:
    """What comes of the code."""
    return browser.post(PROVE, data={**carried(page), "proof.code": code})


def sent_on(browser: TestClient, page: Response, code: str) -> Response:
    """What comes of it once the browser has sent everything on, as it does by itself."""
    answer = shown(browser, page, code)
    assert answer.status_code == 307, answer.text
    return browser.post(answer.headers["location"], data={**carried(page), "proof.code": code})


@pytest.fixture
def totp(house: House) -> str:
    """The authenticator of the administrator."""
    return house.enrol("zhou")[0]


@pytest.fixture
def later(house: House, totp: str, signed_in: Browsers) -> TestClient:
    """The administrator's browser, so long after the sign-in that they have shown nothing lately."""
    browser = signed_in("zhou")
    house.clock.minutes += grave.MINUTES
    return browser


def role_form(house: House, browser: TestClient, role: str = "treasurer") -> dict[str, str]:
    """The answers of the form that gives a role, up to its last step."""
    page = browser.get(f"/{LEDGER}/do/grant-role")
    return {
        "csrf": csrf_in(page), "key": "a-key-of-this-form", "holder": house.ids["wang"], "role": role, "step": "2",
        "to": "send",
    }  # fmt: skip


def test_who_has_just_signed_in_is_not_asked(house: House, totp: str, signed_in: Browsers) -> None:
    browser = signed_in("zhou")
    answer = browser.post(f"/{LEDGER}/do/grant-role", data=role_form(house, browser))

    assert answer.status_code == 303, answer.text


def test_what_was_filled_in_goes_on_after_the_proof(house: House, totp: str, later: TestClient) -> None:
    before = events_of(house)
    page = later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later))
    assert (page.status_code, events_of(house)) == (401, before)
    assert carried(page)["holder"] == house.ids["wang"]

    done = sent_on(later, page, house.digits(totp))

    assert (done.status_code, events_of(house)) == (303, before + 1)
    assert roles_of(house.store.application.view(LEDGER), house.ids["wang"]).has("treasurer")


def test_one_proof_counts_for_a_quarter_of_an_hour(house: House, totp: str, later: TestClient) -> None:
    sent_on(later, later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later)), house.digits(totp))
    again = {**role_form(house, later, "administrator"), "key": "another"}
    house.clock.minutes += grave.MINUTES - 1
    assert later.post(f"/{LEDGER}/do/grant-role", data=again).status_code == 303

    house.clock.minutes += 1
    last = later.post(f"/{LEDGER}/do/grant-role", data={**again, "key": "third"})
    assert last.status_code == 401, last.headers["location"]


def test_a_wrong_code_keeps_the_answers_and_does_nothing(house: House, totp: str, later: TestClient) -> None:
    before = events_of(house)
    page = shown(later, later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later)), "000000")

    assert page.status_code == 401
    assert (carried(page)["holder"], carried(page)["key"]) == (house.ids["wang"], "a-key-of-this-form")
    assert events_of(house) == before
    assert sent_on(later, page, house.digits(totp)).status_code == 303


def test_the_answers_are_kept_in_the_other_language_too(house: House, totp: str, later: TestClient) -> None:
    page = later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later))
    english = later.post(f"{PROVE}?lang=en", data={**carried(page), "proof.stay": "1"})

    assert "Please show once more" in english.text
    assert sent_on(later, english, house.digits(totp)).status_code == 303


def test_a_code_counts_once_and_tries_are_counted(house: House, totp: str, later: TestClient) -> None:
    page = later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later))
    code = house.digits(totp)
    sent_on(later, page, code)
    assert shown(later, page, code).status_code == 401

    assert 429 in [shown(later, page, "000000").status_code for _ in range(12)]


def test_a_recovery_code_will_do(house: House, signed_in: Browsers) -> None:
    _, recovery = house.enrol("zhou")
    browser = signed_in("zhou")
    house.clock.minutes += grave.MINUTES
    page = browser.post(f"/{LEDGER}/do/grant-role", data=role_form(house, browser))

    assert sent_on(browser, page, recovery[0]).status_code == 303


def test_a_small_role_is_given_without(house: House, later: TestClient) -> None:
    assert later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later, "community_worker")).status_code == 303


def count_of_tokens(house: House) -> int:
    """How many tokens there are."""
    with house.store.database.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(tokens)).scalar_one())


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("admin/tokens", {"label": "a program", "role": "", "days": "30"}), ("admin/tokens/end", {"number": "abc"}),
        ("staff/link", {"member": "zhao"}), ("staff/end", {"member": "zhao"}),
    ],
)  # fmt: skip
def test_keys_of_others_are_made_and_ended_after_a_proof(
    house: House, totp: str, later: TestClient, path: str, data: dict[str, str]
) -> None:
    before = count_of_tokens(house)
    said = {name: house.ids.get(value, value) for name, value in data.items()}
    csrf = csrf_in(later.get(f"/{LEDGER}/staff"))
    page = later.post(f"/{LEDGER}/{path}", data={"csrf": csrf, **said})
    assert (page.status_code, count_of_tokens(house)) == (401, before)

    assert sent_on(later, page, house.digits(totp)).status_code in (200, 303, 404)
    assert count_of_tokens(house) == before + (path == "admin/tokens")


@pytest.mark.parametrize("page", ["password", "recovery"])
def test_ones_own_password_and_codes_ask_before_the_form_and_keep_no_password(
    house: House, totp: str, later: TestClient, page: str
) -> None:
    asked = later.get(f"/{LEDGER}/{page}")
    assert asked.headers["location"].startswith(PROVE)
    typed = {"csrf": csrf_in(later.get(f"/{LEDGER}/sign-ins")), "current": PASSWORD, "password": "x" * 9, "again": "y"}
    sent = later.post(f"/{LEDGER}/{page}", data=typed)
    assert (sent.status_code, PASSWORD in later.get(sent.headers["location"]).text) == (303, False)

    proved = shown(later, later.get(asked.headers["location"]), house.digits(totp))
    assert (proved.status_code, proved.headers["location"]) == (303, f"/{LEDGER}/{page}")
    assert later.get(f"/{LEDGER}/{page}").status_code == 200


def test_anothers_data_come_out_of_the_vault_after_a_proof(house: House, totp: str, later: TestClient) -> None:
    path = f"/{LEDGER}/members/{house.ids['wang']}/data.zip"
    asked = later.get(path)
    assert asked.headers["location"].startswith(PROVE)
    shown(later, later.get(asked.headers["location"]), house.digits(totp))

    assert later.get(path).status_code == 200


@pytest.mark.parametrize("via", ["code", "card"])
def test_a_neighbour_has_their_data_erased_after_a_fresh_code(house: House, signed_in: Browsers, via: str) -> None:
    browser, wang = signed_in("wang", via), house.ids["wang"]
    house.clock.minutes += grave.MINUTES
    path = f"/{LEDGER}/members/{wang}/forget"
    form = {"csrf": csrf_in(browser.get(path)), "sure": "yes", "key": "once"}
    before = events_of(house)
    page = browser.post(path, data=form)
    assert (page.status_code, "138****0001" in page.text, events_of(house)) == (401, True, before)

    page = browser.post(PROVE, data={**carried(page), "proof.send": "1"})
    assert 'name="proof.ticket"' in page.text
    done = sent_on(browser, page, code_for(PHONES["wang"]))

    assert done.headers["location"].startswith(f"/{LEDGER}/forgotten?position=")
    assert events_of(house) > before


def test_the_code_of_another_phone_proves_nothing(house: House, browser_at: Browsers, signed_in: Browsers) -> None:
    other = browser_at()
    browser = signed_in("wang", "code")
    house.clock.minutes += grave.MINUTES
    page = browser.post(
        f"/{LEDGER}/members/{house.ids['wang']}/forget",
        data={"csrf": csrf_in(browser.get(f"/{LEDGER}/sign-ins")), "sure": "yes"},
    )
    other.post("/sign-in/phone", data={"ledger": LEDGER, "phone": PHONES["li"]})
    ticket = other.cookies["nuanlin_ticket"].rpartition(".")[2]
    code = code_for(PHONES["li"])
    known = codes.phone_of(house.store, LEDGER, ticket)
    answer = browser.post(PROVE, data={**carried(page), "proof.ticket": ticket, "proof.code": code})
    assert (known, answer.status_code) == (PHONES["li"], 401)


def test_another_sites_form_is_not_carried(house: House, totp: str, later: TestClient) -> None:
    answer = later.post(f"/{LEDGER}/password", data={"csrf": "x", "current": "y"})

    assert (answer.status_code, "current" in answer.text) == (303, False)


def test_who_has_no_phone_scans_the_card_anew(house: House, signed_in: Browsers) -> None:
    house.ids["he"] = house.register("\u4f55\u5976\u5976")
    browser = signed_in("he", "card")
    house.clock.minutes += grave.MINUTES
    path = f"/{LEDGER}/members/{house.ids['he']}/forget"
    page = browser.post(path, data={"csrf": csrf_in(browser.get(path)), "sure": "yes"})

    assert (page.status_code, 'name="proof.send"' in page.text) == (401, False)
    csrf = csrf_in(page)
    assert browser.post(PROVE, data={"csrf": csrf, "proof.send": "1", "proof.to": path}).status_code == 404


@pytest.mark.parametrize("via", ["token", "demo"])
def test_what_a_token_began_is_not_asked(house: House, signed_in: Browsers, via: str) -> None:
    browser = signed_in("zhou", via)
    house.clock.minutes += 60

    assert browser.post(f"/{LEDGER}/do/grant-role", data=role_form(house, browser)).status_code == 303


def test_one_is_sent_on_to_our_own_pages_alone(house: House, totp: str, later: TestClient) -> None:
    csrf = csrf_in(later.get(f"/{LEDGER}/sign-ins"))
    told = {"csrf": csrf, "proof.to": "https://elsewhere.example/", "proof.code": house.digits(totp)}

    assert later.post(PROVE, data=told).headers["location"] == f"/{LEDGER}/"


def test_the_page_is_no_other_sites(later: TestClient) -> None:
    assert later.post(PROVE, data={"csrf": "x", "proof.code": "1"}).status_code == 403


def test_a_piece_of_a_page_that_asks_by_htmx_is_replaced_as_a_whole(house: House, later: TestClient) -> None:
    page = later.post(f"/{LEDGER}/do/grant-role", data=role_form(house, later), headers={"HX-Request": "true"})

    assert (page.status_code, page.headers["hx-retarget"]) == (200, "#main")


def test_a_session_from_before_proofs_were_noted_is_asked(house: House, totp: str, signed_in: Browsers) -> None:
    browser = signed_in("zhou")
    with house.store.database.writing() as cursor:
        cursor.execute("UPDATE web_sessions SET proved_at = 0")

    assert browser.post(f"/{LEDGER}/do/grant-role", data=role_form(house, browser)).status_code == 401
