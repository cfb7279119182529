"""The community of `tests.signin.house` behind its pages: clients at several addresses, a phone that takes messages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.pages import web_sessions
from api.signin.delivery import Message
from tests.house.serving import serving
from tests.signin.fixtures import built, house
from tests.signin.house import LEDGER, House

__all__ = ["built", "house"]

INBOX: list[Message] = []
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def into_the_inbox(message: Message) -> None:
    """The plug-in of these stories: every phone in one list."""
    INBOX.append(message)


def code_for(phone: str) -> str:
    """The code of the latest message to a phone, as soon as it is there; takes the message out."""
    patience_seconds = time.monotonic() + 10
    while time.monotonic() < patience_seconds:
        for message in reversed(INBOX):
            if message.phone == phone:
                INBOX.remove(message)
                return message.code
        time.sleep(0.01)
    raise AssertionError(f"no message to {phone}")


def csrf_in(page: Response) -> str:
    """What the forms of a page carry."""
    found = _CSRF.search(page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def app(house: House, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The server; codes go into `INBOX`."""
    INBOX.clear()
    monkeypatch.setenv("NUANLIN_CODE_DELIVERY", f"{__name__}:into_the_inbox")
    monkeypatch.setenv("NUANLIN_LEDGER", LEDGER)
    return create_app(house.store)


Browsers = Callable[..., TestClient]


@pytest.fixture
def browser_at(app: FastAPI) -> Browsers:
    """Gives a fresh browser at an address; redirects are shown, not followed."""

    def opened(host: str = "192.0.2.7") -> TestClient:
        return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False, client=(host, 50_000))

    return opened


@pytest.fixture
def signed_in(house: House, browser_at: Browsers) -> Browsers:
    """Gives a browser at which somebody is signed in, some way."""

    def enter(who: str, via: str = "password", host: str = "192.0.2.7") -> TestClient:
        client = browser_at(host)
        session = web_sessions.begin(house.store, LEDGER, house.ids[who], via=via, agent="Firefox · Windows")
        client.cookies.set(web_sessions.COOKIE, session.cookie)
        return client

    return enter


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where a real server shows the community."""
    with serving(app) as at:
        yield at
