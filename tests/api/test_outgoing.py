"""Calls to other machines: no more time, bytes or trust than they are worth."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from api.outgoing import MOST_BYTES, Unreachable, base_url, call
from ledger.errors import Refused
from tests.house.witnesses import scripted


@contextmanager
def bare(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A machine that accepts one connection and says what it likes."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            try:
                talk(connection)
            except OSError:
                # The caller has hung up, which is what these stories are about.
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join()
        listening.close()


def test_an_answer_comes_with_its_status_headers_and_body() -> None:
    with scripted(lambda method, path, body: (418, f"{method} {path} {len(body)}".encode())) as url:
        answer = call("POST", f"{url}/a?b=c", b"xyz")

    assert (answer.status, answer.body, answer.headers["content-length"]) == (418, b"POST /a?b=c 3", "13")


def test_a_redirect_is_an_answer_and_no_errand() -> None:
    asked: list[str] = []

    def reply(_method: str, path: str, _body: bytes) -> tuple[int, bytes]:
        asked.append(path)
        return 302, b"/elsewhere"

    with scripted(reply) as url:
        assert call("GET", f"{url}/here").status == 302
    assert asked == ["/here"]


def test_an_answer_that_is_too_large_is_none() -> None:
    with scripted(lambda *_: (200, b"x" * (MOST_BYTES + 1))) as url, pytest.raises(Unreachable, match="too_large"):
        call("GET", url)


@pytest.mark.parametrize(
    "said", [b"", b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_what_is_no_whole_answer_is_unreachable(said: bytes) -> None:
    with bare(lambda connection: connection.sendall(said)) as url, pytest.raises(Unreachable):
        call("GET", url)


def test_a_machine_that_answers_a_byte_now_and_then_is_hung_up_on() -> None:
    def drip(connection: socket.socket) -> None:
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"y" * 500:
            connection.sendall(bytes([letter]))
            time.sleep(0.05)

    began = time.monotonic()
    with bare(drip) as url, pytest.raises(Unreachable):
        call("GET", url, seconds=0.5)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("url", ["http://a.example/x/", "https://a.example:8443", "http://[::1]:8100"])
def test_an_address_is_kept_without_its_last_slash(url: str) -> None:
    assert base_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "file:///etc/passwd",
        "http://",
        "http://a b",
        "http://u:p@a",
        "http://a?x",
        "http://a#x",
        "http://a\r\nb",
        "http://ä",
    ],
)
def test_anything_else_is_no_address(url: str) -> None:
    with pytest.raises(Refused, match="bad_url"):
        base_url(url)
