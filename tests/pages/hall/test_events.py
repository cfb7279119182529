"""The event stream at a real server: what it says, and that a server with screens in front of it stops at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.hall.ending import EndingServer
from api.pages.hall.screens import Screens
from tests.house.serving import serving
from tests.pages.cast import LEDGER, Community

EVENTS = f"/{LEDGER}/hall/events"


@contextmanager
def listening(address: str, query: str = "", **headers: str) -> Iterator[HTTPResponse]:
    """An open event stream."""
    host = urlsplit(address).netloc
    connection = HTTPConnection(host, timeout=10)
    try:
        connection.request("GET", EVENTS + query, headers={"Accept-Encoding": "gzip", **headers})
        yield connection.getresponse()
    finally:
        connection.close()


def said(answer: HTTPResponse) -> str:
    """One block of the stream."""
    lines = []
    while (line := answer.readline().decode()) not in ("\n", ""):
        lines.append(line)
    return "".join(lines)


def test_a_screen_is_told_when_the_journal_moves(community: Community) -> None:
    with serving(create_app(community.store)) as address, listening(address, f"?seen={community.head()}.0") as answer:
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert said(answer).startswith("retry: ")
        said(answer)
        community.deposit("wang", 60, 9)
        moved = said(answer)

    assert "event: moved" in moved
    assert f"data: {community.head()}." in moved


def test_who_reconnects_with_the_last_id_hears_only_what_is_new(community: Community) -> None:
    with serving(create_app(community.store)) as address:
        with listening(address) as answer:
            said(answer)
            last = said(answer).partition("id: ")[2].partition("\n")[0]
        with listening(address, **{"Last-Event-ID": last}) as answer:
            said(answer)
            community.deposit("wang", 60, 10)
            assert f"id: {community.head()}." in said(answer)
    assert last.split(".")[0].isdecimal()


def test_a_server_stops_though_screens_listen(community: Community) -> None:
    own = socket.create_server(("127.0.0.1", 0))
    server = EndingServer(uvicorn.Config(create_app(community.store), log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [own]}, daemon=True)
    thread.start()
    with listening(f"http://127.0.0.1:{own.getsockname()[1]}", f"?seen={community.head()}") as answer:
        said(answer)
        began = time.monotonic()
        server.should_exit = True
        thread.join(10)
        took_seconds = time.monotonic() - began
        answer.read()
    own.close()

    assert not thread.is_alive()
    assert took_seconds < 5


def test_one_address_does_not_take_every_place(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Screens, "closed_to", lambda _screens, place: place == "127.0.0.1")
    with serving(create_app(community.store)) as address, listening(address) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "30"


def test_an_unknown_community_has_no_stream_and_a_head_request_no_body(client: TestClient) -> None:
    assert client.get("/nowhere/hall/events").status_code == 404
    assert client.head(EVENTS).status_code == 200
