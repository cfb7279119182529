"""One filled community per module, a client without a browser, and a real server for Chromium."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Page
from starlette.testclient import TestClient

from api.app import create_app
from tests.pages.cast import LEDGER, Community
from tests.pages.world import World, a_world


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """The community 祥云社区, filled once per module."""
    made = Community(tmp_path_factory.mktemp("community"))
    yield made
    made.store.close()


@pytest.fixture
def client(community: Community) -> Iterator[TestClient]:
    """Somebody at a browser who is not signed in; redirects are shown, not followed."""
    with TestClient(create_app(community.store), base_url="http://127.0.0.1", follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def signed_in(community: Community) -> Callable[[str], TestClient]:
    """Gives a client signed in as somebody of the cast."""

    def sign_in(who: str) -> TestClient:
        opened = TestClient(create_app(community.store), base_url="http://127.0.0.1", follow_redirects=False)
        answer = opened.post("/sign-in", data={"token": community.tokens[who], "ledger": LEDGER})
        assert answer.status_code == 303, answer.text
        return opened

    return sign_in


@pytest.fixture(scope="module")
def address(community: Community) -> Iterator[str]:
    """Where a real server shows the community."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        create_app(community.store), host="127.0.0.1", port=port, log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience_seconds = time.monotonic() + 20
    while not server.started and time.monotonic() < patience_seconds:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def enter(community: Community, address: str) -> Callable[[Page, str], None]:
    """Signs somebody of the cast in at a page, through the form that people use."""

    def sign_in(page: Page, who: str) -> None:
        page.goto(f"{address}/sign-in?ledger={LEDGER}")
        page.locator("details:has(#token) > summary").click()
        page.fill("#token", community.tokens[who])
        page.click("form:has(#token) button")

    return sign_in


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The simulated street with somebody of every kind signed in; lived once for all tests."""
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made
