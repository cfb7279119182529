"""The API explains itself: every command has a route, every example is understood, the page asks no other machine."""

from __future__ import annotations

import re

import msgspec
import pytest
from playwright.sync_api import Browser

from api.endpoints import WRITES
from api.openapi import document, examples
from api.routes.writes import BODIES, parameters
from api.texts import texts
from ledger.rules import COMMANDS
from tests.api.house import House
from tests.house.stores import LEDGER


def test_every_command_has_its_route() -> None:
    assert sorted(write.command.NAME for write in WRITES) == sorted(COMMANDS)
    assert len({write.path for write in WRITES}) == len(WRITES)


def test_every_parameter_of_a_path_is_a_field_of_its_command() -> None:
    for write in WRITES:
        fields = {field.name for field in msgspec.structs.fields(write.command)}
        assert set(parameters(write.path)) <= fields, write.path
        assert not write.watched or write.watched in parameters(write.path)


@pytest.mark.parametrize("command", sorted(examples()))
def test_every_example_is_understood(command: str) -> None:
    write = next(write for write in WRITES if command == write.command.NAME)
    path = dict.fromkeys(parameters(write.path), "id_0")

    made = BODIES[command].command_of(msgspec.json.encode(examples()[command]), path)

    assert isinstance(made, write.command)


def test_a_command_whose_fields_are_needed_has_an_example() -> None:
    needing = {write.command.NAME for write in WRITES if BODIES[write.command.NAME].needed}
    words = {name for name in needing if name not in examples()}

    assert len(words) < len(needing) // 2, sorted(words)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_of_the_document_is_in_the_locale_file(lang: str) -> None:
    told = msgspec.json.encode(document(lang)).decode()

    assert re.findall(r'"(?:api|errors)\.[a-z_.]+"', told) == []
    used = {operation["summary"] for path in document(lang)["paths"].values() for operation in path.values()}
    written = {text for key, text in texts(lang).items() if key.startswith(("api.commands.", "api.reads."))}
    assert used == written


def test_the_document_follows_the_callers_language(house: House) -> None:
    chinese = house.anybody.http.get("/api/v1/openapi.json", headers={"Accept-Language": "zh"})
    english = house.anybody.http.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})

    assert chinese.json()["paths"]["/members"]["post"]["summary"] == "登记成员"
    assert english.json()["paths"]["/members"]["post"]["summary"] == "Register a member"


def test_health_says_that_the_store_can_be_read(house: House) -> None:
    assert house.anybody.http.get("/api/health").json() == {"status": "ok", "ledgers": 1}


@pytest.mark.parametrize("path", ["/stats", "/nowhere", "/members"])
def test_every_answer_carries_the_headers_of_a_careful_server(house: House, path: str) -> None:
    headers = house.anybody.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_the_ledgers_name_stands_in_the_address(house: House) -> None:
    servers = document("en")["servers"]

    assert servers[0]["url"].format(ledger=LEDGER) == f"/api/v1/{LEDGER}"


@pytest.mark.browser
def test_the_page_to_try_the_api_asks_no_other_machine(house: House, browser: Browser) -> None:
    from tests.house.browser import tab
    from tests.house.serving import serving

    with serving(house.app) as address, tab(browser) as page:
        page.goto(f"{address}/api/docs")
        page.wait_for_selector('[data-path="/requests/{request_id}/claim"]')

        assert page.title() == "Nuanlin API"
