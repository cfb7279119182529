"""All registers: what every mechanism keeps, in one plain manner, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from api import tokens
from api.app import create_app
from api.engines import SHELVES
from api.pages import web_sessions
from api.simulation.life import live
from api.store import Store
from tests.house.serving import serving
from tests.house.stores import LEDGER, settings_for, store_at

PUBLIC = {shelf.name for shelf in SHELVES if shelf.reads.public}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A few weeks of a street, so that most registers hold something."""
    folder = tmp_path_factory.mktemp("street")
    url = f"sqlite:///{folder / 'street.db'}"
    live(settings_for(url, folder), LEDGER, people=200, days=70, seed=7, began=date(2026, 1, 1))
    with store_at(url, folder) as store:
        yield store


@pytest.fixture
def client(street: Store) -> TestClient:
    """Anybody."""
    return TestClient(create_app(street), base_url="http://127.0.0.1", headers={"Accept-Language": "zh"})


def main_of(client: TestClient, path: str) -> str:
    """The main part of a page that must be shown."""
    answer = client.get(f"/{LEDGER}/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text.partition("<main")[2].partition("</main>")[0]


def links(shown: str, begin: str) -> list[str]:
    """Where a page leads, below the ledger."""
    return [part.partition('"')[0] for part in shown.split(f'href="/{LEDGER}/{begin}')[1:]]


def test_anybody_finds_what_is_public_and_nothing_else(client: TestClient) -> None:
    assert set(links(main_of(client, "records"), "records/")) == PUBLIC
    for shelf in SHELVES:
        assert client.get(f"/{LEDGER}/records/{shelf.name}").status_code == (200 if shelf.name in PUBLIC else 403)


def test_every_public_record_opens_to_its_story_and_its_figures(client: TestClient) -> None:
    opened = 0
    for name in sorted(PUBLIC):
        for key in links(main_of(client, f"records/{name}"), f"records/{name}/")[:2]:
            shown = main_of(client, f"records/{name}/{key}")
            assert "来龙去脉" in shown
            for figure in links(shown, "why?figure=")[:3]:
                assert client.get(f"/{LEDGER}/why?figure={figure}").status_code == 200, (name, figure)
                opened += 1
    assert opened > 20


def test_no_record_shows_a_word_that_has_none_in_the_language(client: TestClient) -> None:
    for name in sorted(PUBLIC):
        shown = main_of(client, f"records/{name}")
        assert "pages." not in shown
        assert "sampling." not in shown
        assert "api." not in shown


def test_what_is_not_there_and_what_is_not_theirs_is_told_alike(client: TestClient) -> None:
    assert client.get(f"/{LEDGER}/records/nothing").status_code == 404
    assert client.get(f"/{LEDGER}/records/meetings/meet_nothing").status_code == 404
    hidden = next(shelf for shelf in SHELVES if not shelf.reads.public)
    assert client.get(f"/{LEDGER}/records/{hidden.name}/x_nothing").status_code == 404


def test_a_worker_sees_every_register(street: Store) -> None:
    token, actor = tokens.create(street, LEDGER, label="desk", roles=("community_worker", "auditor"))
    session = web_sessions.begin(street, LEDGER, actor, via="token", proof=tokens.digest_of(token))
    client = TestClient(create_app(street), base_url="http://127.0.0.1", cookies={web_sessions.COOKIE: session.cookie})

    assert len(links(main_of(client, "records"), "records/")) >= len(PUBLIC) + 5


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
def test_registers_have_no_barrier_that_axe_finds(street: Store, browser: Browser, size: tuple[int, int]) -> None:
    with serving(create_app(street)) as address:
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": size[0], "height": size[1]},
                color_scheme="dark" if scheme == "dark" else "light",
                bypass_csp=True,
            )
            for path in ("records", "records/shifts", "records/projects"):
                page.goto(f"{address}/{LEDGER}/{path}")
                found = Axe().run(page).response["violations"]
                assert [one["id"] for one in found] == [], (path, scheme)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.close()
