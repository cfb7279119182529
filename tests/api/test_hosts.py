"""Which `Host` a request may claim: links and the codes on papers are made of it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.api.house import House

HEALTH = "/api/health"


def asked(
    house: House, host: str, *, hosts: tuple[str, ...] = (), lang: str = "en", path: str = HEALTH
) -> tuple[int, str]:
    """What a request with this header is answered."""
    client = TestClient(
        create_app(house.store, hosts=hosts), base_url="http://127.0.0.1", raise_server_exceptions=False
    )
    answer = client.get(path, headers={"Host": host, "Accept-Language": lang})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "localhost",
        "LOCALHOST.:8000",
        "[::1]:8000",
        "192.168.1.20:8000",
        "10.0.0.5",
        "[fe80::1]",
        "172.31.0.1",
    ],
)
def test_this_machine_and_addresses_of_a_house_are_known(house: House, host: str) -> None:
    assert asked(house, host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "203.0.113.9", "172.32.0.1",
        "[2001:db8::1]", "", 'a"b<c>/x?y#', "nuanlin.example", "127.0.0.1@evil.example",
    ],
)  # fmt: skip
def test_any_other_is_refused_before_anything_is_done(house: House, host: str) -> None:
    status, said = asked(house, host)
    assert (status, '"code":"unknown_host"' in said) == (400, True)


@pytest.mark.parametrize(("lang", "words"), [("zh", "这里不认得这个网址"), ("en", "not known by that address")])
def test_people_are_told_on_a_page_in_their_language(house: House, lang: str, words: str) -> None:
    status, page = asked(house, "evil.example", lang=lang, path="/")
    assert status == 400
    assert words in page
    assert "evil.example" not in page


def test_the_address_that_was_set_and_the_one_given_to_serve_are_known(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUANLIN_ADDRESS", "https://Nuanlin.example/")
    assert asked(house, "nuanlin.example")[0] == 200
    assert asked(house, "nuanlin.example:443")[0] == 200
    assert asked(house, "203.0.113.9:8000", hosts=("203.0.113.9",))[0] == 200
    assert asked(house, "[2001:db8::1]", hosts=("2001:DB8:0::1",))[0] == 200
    assert asked(house, "evil.example", hosts=("203.0.113.9",))[0] == 400
