"""Calls to other machines, on the standard library: no redirects, no cookies, bounded in time and in size.

A call has one deadline for everything behind the connection, so that a machine that answers a byte at a time holds
nobody up for long. Proxies of the environment are not used. TLS is checked against the system's certificates.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from ledger.errors import Refused

CONNECT_SECONDS = 5
ANSWER_SECONDS = 15
MOST_BYTES = 256 * 1024
"""Bytes of the largest answer that is read; a checkpoint has a few hundred."""


class Unreachable(Exception):
    """No answer came, or none that is HTTP. `reason`: one word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Answer(NamedTuple):
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def base_url(text: str) -> str:
    """An address to call, without a slash at its end; raises Refused `bad_url` for what is not plain http or https."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        raise Refused("bad_url", url=text) from None
    odd = parts.username is not None or parts.query or parts.fragment or any(one <= " " or one > "~" for one in text)
    if not fine or odd:
        raise Refused("bad_url", url=text)
    return text.rstrip("/")


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = ANSWER_SECONDS,
) -> Answer:
    """One request and its answer; raises Unreachable. `seconds`: until the answer must be whole; `headers`: more of them."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": "nuanlin", "Accept": "text/plain, */*", "Accept-Language": "en"}
    if body is not None:
        sent["Content-Type"] = "text/plain; charset=utf-8"
    sent.update(headers or {})
    connection = _connection(parts)
    try:
        connection.connect()
        with _deadline(connection, seconds):
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            content = answer.read(MOST_BYTES + 1)
            if answer.length and len(content) <= MOST_BYTES:
                raise Unreachable("answer_cut")
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        connection.close()
    if len(content) > MOST_BYTES:
        raise Unreachable("answer_too_large")
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)


def _connection(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, parts.port, timeout=CONNECT_SECONDS, context=context)
    return HTTPConnection(host, parts.port, timeout=CONNECT_SECONDS)


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Hang up when the time is over: through a second handle on the same connection, since TLS sockets are not shared."""
    connection.sock.settimeout(seconds)
    handle = socket.socket(fileno=os.dup(connection.sock.fileno()))

    def hang_up() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()
