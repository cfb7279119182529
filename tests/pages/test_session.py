"""Signing in by a token: sessions that end when they should, and a form that sends nobody elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.pages.web_sessions import COOKIE, DAYS
from ledger.journal.tables import web_sessions
from tests.pages.cast import LEDGER, Community

SignIn = Callable[[str], TestClient]


def is_in(client: TestClient, community: Community, who: str = "wang") -> bool:
    """Whether the client still reads its own account."""
    return client.get(f"/{LEDGER}/members/{community.ids[who]}").status_code == 200


def test_a_token_opens_a_session_in_a_cookie_that_no_script_and_no_other_site_can_use(
    client: TestClient, community: Community
) -> None:
    answer = client.post("/sign-in", data={"token": community.tokens["wang"], "ledger": LEDGER})

    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == f"/{LEDGER}/members/{community.ids['wang']}"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert is_in(client, community)


def test_the_cookies_secret_is_not_in_the_database(signed_in: SignIn, community: Community) -> None:
    secret = signed_in("wang").cookies[COOKIE].rpartition(".")[2]

    with community.store.database.engine.connect() as connection:
        rows = connection.execute(select(web_sessions)).all()

    assert rows
    assert secret not in str(rows)


def test_a_wrong_token_is_refused_in_words(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"token": "nl_wrong", "ledger": LEDGER})

    assert answer.status_code == 401
    assert "口令不对" in answer.text
    assert COOKIE not in client.cookies


def test_after_signing_out_a_kept_cookie_is_worth_nothing(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    kept = client.cookies[COOKIE]
    page = client.get(f"/{LEDGER}/").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]

    client.post("/sign-out", data={"csrf": csrf, "ledger": LEDGER})

    client.cookies.set(COOKIE, kept)
    assert not is_in(client, community)


def test_nobody_is_signed_out_by_another_site(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")

    assert client.post("/sign-out", data={"csrf": "", "ledger": LEDGER}).status_code == 403
    assert is_in(client, community)


def test_a_session_ends_with_the_token_it_began_with(community: Community) -> None:
    secret, _ = tokens.create(community.store, LEDGER, actor=community.ids["wang"])
    with TestClient(create_app(community.store), base_url="http://127.0.0.1", follow_redirects=False) as client:
        client.post("/sign-in", data={"token": secret, "ledger": LEDGER})
        assert is_in(client, community)

        tokens.revoke(community.store, LEDGER, secret)

        assert not is_in(client, community)


def test_a_session_ends_after_two_weeks(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")

    community.clock.moved += DAYS - 1
    assert is_in(client, community)
    community.clock.moved += 1
    assert not is_in(client, community)


def test_signing_in_again_ends_the_session_before(signed_in: SignIn, community: Community) -> None:
    client = signed_in("wang")
    before = client.cookies[COOKIE]

    client.post("/sign-in", data={"token": community.tokens["li"], "ledger": LEDGER})

    assert client.cookies[COOKIE] != before
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert not is_in(client, community)


@pytest.mark.parametrize(
    "after", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "nowhere"]
)
def test_the_form_leads_to_pages_of_ours_only(client: TestClient, community: Community, after: str) -> None:
    answer = client.post("/sign-in", data={"token": community.tokens["wang"], "ledger": LEDGER, "after": after})

    assert answer.headers["location"].startswith(f"/{LEDGER}/")


def test_a_community_of_real_people_offers_nobody_to_be(client: TestClient, community: Community) -> None:
    assert 'name="person"' not in client.get(f"/sign-in?ledger={LEDGER}").text

    answer = client.post("/sign-in", data={"person": community.ids["wang"], "ledger": LEDGER})

    assert answer.status_code == 401
    assert not is_in(client, community)
