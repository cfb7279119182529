"""Requests that are sent by halves: they end, and leave room for others meanwhile."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from api import problems
from api.cli.patience import connections_at_most, is_proxy, patient
from api.cli.serving import config_of
from api.limits import MAX_STRANGER_BYTES, BodyLimit
from api.settings import Settings

PATIENCE = 0.4
HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


async def read(request: Request) -> PlainTextResponse:
    """Reads all of the body, and says how long it was."""
    return PlainTextResponse(str(len(await request.body())))


async def large(_request: Request) -> PlainTextResponse:
    """More than any socket holds."""
    return PlainTextResponse("x" * 40_000_000)


def app(most_patience: float = PATIENCE) -> ASGIApp:
    """Something that reads what it is sent, behind the limit of bodies."""
    from fastapi import FastAPI

    made = FastAPI(routes=[Route("/api/read", read, methods=["POST"]), Route("/large", large), Route("/", large)])
    problems.install(made)
    made.add_middleware(BodyLimit, patience=most_patience)
    return made


@contextmanager
def served(**bounds: object) -> Iterator[int]:
    """A server with these bounds; its port."""
    config = uvicorn.Config(app(), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    config.http = patient(**{"head_seconds": PATIENCE, **bounds})  # type: ignore[arg-type]  # bounds as `patient` has them
    with socket.create_server(("127.0.0.1", 0)) as own:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [own]}, daemon=True)
        thread.start()
        try:
            yield own.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


def ends(connection: socket.socket, drip: bytes = b"", within_seconds: float = 20) -> bytes:
    """What a connection says until the server ends it, while drops go on coming; fails where it does not end."""
    connection.settimeout(0.05)
    said, until = b"", time.monotonic() + within_seconds
    while time.monotonic() < until:
        try:
            if drip:
                connection.sendall(drip)
            if not (got := connection.recv(65_536)):
                return said
            said += got
        except TimeoutError:
            continue
        except OSError:
            return said
    raise AssertionError("the server still holds it")


def opened(port: int, sent: bytes = b"") -> socket.socket:
    """A connection on which something was sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(sent)
    return connection


def test_a_request_that_never_comes_whole_is_ended_though_it_drips() -> None:
    with served() as port, opened(port, HEAD) as half, opened(port) as silent:
        assert ends(half, b"X-a: b\r\n") == b""
        assert ends(silent) == b""


def test_a_second_request_is_waited_for_no_longer_than_the_first() -> None:
    post = b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\nab"
    with served() as port, opened(port, post + HEAD) as one:
        assert ends(one, b"X-a: b\r\n").endswith(b"\r\n\r\n2")


def test_a_body_that_comes_drop_by_drop_is_answered_408_and_ended() -> None:
    post = b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n"
    with served() as port, opened(port, post) as slow:
        said = ends(slow, b"x")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"body_too_slow" in said


def test_who_reads_a_long_answer_slowly_gets_all_of_it() -> None:
    with served() as port, opened(port, b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") as reader:
        got = 0
        for pause in [PATIENCE / 2] * 6 + [0.0] * 1_000_000:
            time.sleep(pause)
            got += len(part := reader.recv(1_000_000))
            if not part or got > 40_000_000:
                break
    assert got > 40_000_000


def test_one_address_cannot_take_every_connection_but_a_proxy_may() -> None:
    with served(most_each=3, head_seconds=30.0) as port:
        held = [opened(port, HEAD) for _ in range(3)]
        with opened(port) as fourth:
            assert ends(fourth).startswith(b"HTTP/1.1 503 ")
        for one in held:
            one.close()
    with served(most_each=3, proxies="127.0.0.1", head_seconds=30.0, most=5) as port:
        held = [opened(port, HEAD) for _ in range(5)]
        with opened(port) as sixth:
            assert ends(sixth).startswith(b"HTTP/1.1 503 ")
        for one in held:
            one.close()


def test_who_brings_nothing_to_be_known_by_may_send_little() -> None:
    body = b"x" * (MAX_STRANGER_BYTES + 1)
    post = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
    with served() as port:
        with opened(port, post % (b"/sign-in", b"", len(body)) + body) as stranger:
            assert ends(stranger).startswith(b"HTTP/1.1 413 ")
        with opened(port, post % (b"/sign-in", b"Cookie: a=b\r\n", len(body)) + body) as known:
            assert ends(known).startswith(b"HTTP/1.1 404 ")


def test_the_server_as_it_is_run_has_these_bounds() -> None:
    kind = config_of(Starlette(), Settings()).http
    assert getattr(kind, "head_seconds", 0) == 20
    assert getattr(kind, "proxies", "") == "127.0.0.1,::1"


def test_the_process_takes_as_many_descriptors_as_it_may_have() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(600, before[1]), before[1]))
        most = connections_at_most()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(before[1], 65_536)
        assert most < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_proxies_are_known_by_address_or_network() -> None:
    assert is_proxy("10.0.0.7", "127.0.0.1, 10.0.0.0/24")
    assert not is_proxy("10.0.1.7", "127.0.0.1, 10.0.0.0/24")
    assert not is_proxy(None, "127.0.0.1")
