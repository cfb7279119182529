"""Behind which proxies a visitor's address is believed: those that are named, this machine alone unless said otherwise."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.cli.serving import config_of
from api.settings import Settings


def told(request: Request) -> PlainTextResponse:
    """Who asks, as the server sees it."""
    return PlainTextResponse(f"{request.client.host if request.client else None} {request.url.scheme}")


def seen(connecting: str, forwarded: str, proxies: str | None = None) -> str:
    """Whom the server sees where somebody connects from an address with such a header."""
    settings = Settings() if proxies is None else Settings(proxies=proxies)
    config = config_of(Starlette(routes=[Route("/", told)]), settings)
    config.load()
    client = TestClient(config.loaded_app, base_url="http://127.0.0.1", client=(connecting, 50_000))
    return client.get("/", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}).text


@pytest.mark.parametrize("local", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_is_believed(local: str) -> None:
    assert seen(local, "203.0.113.9") == "203.0.113.9 https"


@pytest.mark.parametrize("connecting", ["198.51.100.4", "10.0.0.5", "192.168.1.2"])
def test_nobody_else_is_unless_named(monkeypatch: pytest.MonkeyPatch, connecting: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")

    assert seen(connecting, "203.0.113.9") == f"{connecting} http"


def test_a_proxy_elsewhere_is_named_by_its_address_or_network() -> None:
    assert seen("10.0.0.5", "203.0.113.9", "10.0.0.5") == "203.0.113.9 https"
    assert seen("10.0.0.5", "203.0.113.9", "127.0.0.1, 10.0.0.0/24") == "203.0.113.9 https"
    assert seen("10.0.1.5", "203.0.113.9", "10.0.0.0/24") == "10.0.1.5 http"


def test_what_a_visitor_claims_themselves_is_not_believed_behind_a_proxy() -> None:
    assert seen("127.0.0.1", "192.0.2.1, 203.0.113.9") == "203.0.113.9 https"


def test_nobody_is_believed_where_none_is_named() -> None:
    assert seen("127.0.0.1", "203.0.113.9", "") == "127.0.0.1 http"


@pytest.mark.parametrize("everybody", ["*", "127.0.0.1,*"])
def test_everybody_cannot_be_named(everybody: str) -> None:
    with pytest.raises(ValidationError):
        Settings(proxies=everybody)
