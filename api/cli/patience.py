"""How long a connection may stay without asking for anything, and how many there are: the server beneath has no bounds of its
own for either, and a stranger who sends half a request again and again would in the end leave no room for a whole one."""

from __future__ import annotations

import asyncio
import ipaddress
import resource
import sys
from collections import Counter
from contextlib import suppress
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.signin.throttle import place_of

HEAD_SECONDS = 20.0
"""From a connection, or the answer before, until the head of a request is there (choice). What follows it: `api.limits`."""
MOST, MOST_EACH = 2_000, 200
"""Connections at a time (choice): of all, and of one address that is no proxy of ours (a whole house may share one)."""
_MOST_FILES, _SPARE_FILES = 65_536, 256
"""Descriptors that are asked for, and those of them that are for the store and all else."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 30\r\n"
    b"Content-Length: 20\r\nConnection: close\r\n\r\nService Unavailable\n"
)


class PatientProtocol(H11Protocol):
    """A connection that is ended where nothing is asked on it; `patient` makes the kind that a server uses."""

    head_seconds: ClassVar[float] = HEAD_SECONDS
    most: ClassVar[int] = MOST
    most_each: ClassVar[int] = MOST_EACH
    proxies: ClassVar[str] = ""
    places: ClassVar[Counter[str]] = Counter()

    _place = ""
    _unread = sys.maxsize
    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the class above has it
        """Let it in, or say that there is no room."""
        super().connection_made(transport)
        host = self.client[0] if self.client else None
        self._place = "" if is_proxy(host, self.proxies) else place_of(host)
        self.places[self._place] += 1
        self._mind()
        if len(self.connections) > self.most or (self._place and self.places[self._place] > self.most_each):
            transport.write(_FULL)
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what came, and look whether it made a request whole."""
        super().data_received(data)
        self._mind()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._mind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        super().connection_lost(exc)
        self._forgive()
        self.places[self._place] -= 1
        if not self.places[self._place]:
            del self.places[self._place]

    def _mind(self) -> None:
        """Begin to count where no request is under way; drops that come meanwhile do not begin anew."""
        if self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY):
            self._forgive()
        elif self._ending is None:
            self._ending = self.loop.call_later(self.head_seconds, self._late)

    def _forgive(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending, self._unread = None, sys.maxsize

    def _late(self) -> None:
        """End it, unless a long answer is still on its way to somebody who goes on reading."""
        self._ending = None
        unread = self.transport.get_write_buffer_size()
        if 0 < unread < self._unread:
            self._unread = unread
            self._ending = self.loop.call_later(self.head_seconds, self._late)
        else:
            self.transport.abort()


def patient(
    *, proxies: str = "", head_seconds: float = HEAD_SECONDS, most: int = MOST, most_each: int = MOST_EACH
) -> type[PatientProtocol]:
    """The kind of connections of one server; `proxies` as in `Settings`, whose connections are many visitors'."""
    bounds = {"proxies": proxies, "head_seconds": head_seconds, "most": most, "most_each": most_each}
    return type("PatientProtocol", (PatientProtocol,), {**bounds, "places": Counter()})


def is_proxy(host: str | None, proxies: str) -> bool:
    """Whether an address is one of `proxies`, addresses or networks with commas between."""
    try:
        address = ipaddress.ip_address(host or "")
        networks = [ipaddress.ip_network(one.strip(), strict=False) for one in proxies.split(",") if one.strip()]
    except ValueError:
        return False
    return any(address in network for network in networks)


def connections_at_most() -> int:
    """How many connections this process can hold, after as many descriptors were asked for as the system gives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return MOST if soft == resource.RLIM_INFINITY else max(_SPARE_FILES, min(MOST, soft - _SPARE_FILES))
