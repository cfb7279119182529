"""By which names the server is reached. What a request claims as its `Host` goes into links and into the codes on papers, so
a name that nobody gave this server is refused before anything is done."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.settings import Settings
from ledger.errors import Refused

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z_.-]+)(?::[0-9]{1,5})?")
_NEAR = [
    ipaddress.ip_network(one)
    for one in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
]  # fmt: skip
"""This machine and the networks of a house (RFC 1918, 3927, 4193, 4291): an address there is no name that a stranger owns."""


def is_known(host: str, names: frozenset[str]) -> bool:
    """Whether a `Host` header names this server: this machine, an address in a network of one's own, or one of `names`
    (lower case)."""
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = _plain(match[1])
    if name == "localhost" or name in names:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in _NEAR)


def _plain(name: str) -> str:
    """A name as it is compared: an IPv6 address in its shortest form, no dot at the end."""
    name = name.strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


class KnownHosts:
    """ASGI middleware: answers 400 `unknown_host` to whoever asks for another host than `NUANLIN_ADDRESS` names, or one of
    `hosts`. A request without any (HTTP/1.0) is answered: it can claim nothing."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self._app = app
        named = urlsplit(Settings().address).hostname or ""
        self._names = frozenset(_plain(one) for one in (*hosts, named) if one)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the header, and pass on what is asked of us."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            claimed = request.headers.getlist("host")
            if len(claimed) > 1 or (claimed and not is_known(claimed[0], self._names)):
                await problems.answer(request, Refused("unknown_host"))(scope, receive, send)
                return
        await self._app(scope, receive, send)
