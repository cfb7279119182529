"""Who asks: the bearer token of a request, the actor behind it, and the headers that every answer carries."""

from __future__ import annotations

import re

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import tokens
from api.reading import READ_ALL
from api.store import Store
from ledger.base import View
from ledger.errors import NotSignedIn
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Roles, Standing, acts_for, roles_of
from ledger.rights import role_for

_SCOPED = frozenset({"representative", "team_leader"})
_BEARER = re.compile(r"Bearer +(nl_[A-Za-z0-9_-]{20,100})", re.IGNORECASE)


class Caller(msgspec.Struct, frozen=True):
    """Who asks, and the roles they hold now; `actor` is "" where no token came along.

    `view` tells where things are, for roles held for one place; without it those count for nothing. `proved`: False where a
    grave act asks this caller to show again that it is them (`api.signin.grave`).
    """

    actor: str
    roles: Roles
    view: View | None = None
    proved: bool = True

    @property
    def signed_in(self) -> bool:
        """Whether a valid token came along."""
        return bool(self.actor)

    def holds(self, roles: frozenset[str], *at: str | None) -> bool:
        """Whether one of these roles is held: for the whole community, or for the place of what is looked at.

        `at` are ids of a place, a thing or a party, the first that leads to a place counts (`ledger.whereabouts`); without
        any, only roles for the whole community do. Those of one unit or team count as such.
        """
        if any(role in roles and (role in _SCOPED or not scope) for role, scope in self.roles.held):
            return True
        return self.view is not None and bool(at) and bool(role_for(self.view, self.roles, roles, at))

    @property
    def sees_names(self) -> bool:
        """Whether people's names and contacts are shown unmasked wherever they live; see `sees_name_of`."""
        return self.holds(READ_ALL)

    def sees_name_of(self, *at: str | None) -> bool:
        """Whether the name and contact of this person, or in this record, are shown unmasked by a role held there."""
        return self.holds(READ_ALL, *at)


def caller_of(store: Store, ledger: str, headers: Headers) -> Caller:
    """Who asks. No Authorization header is nobody; one that is not a valid token is NotSignedIn `bad_token`."""
    given = headers.get("authorization")
    if given is None:
        return Caller("", Roles(tag=""))
    match = _BEARER.fullmatch(given.strip())
    if match is None:
        raise NotSignedIn("bad_token")
    actor = tokens.verify(store, ledger, match[1])
    view = store.application.view(ledger)
    return Caller(actor, roles_now(view, actor), view)


def roles_now(view: View, actor: str) -> Roles:
    """The roles somebody holds; none for who left the community, to whom nothing but their own is left to read."""
    if prefix_of(actor) == PERSON and view.state(Standing, actor).left:
        return Roles(tag="")
    return roles_of(view, actor)


def speaks_for(store: Store, ledger: str, caller: Caller, party: str) -> bool:
    """Whether a party's affairs are the caller's own: as that member, its proxy, or whoever speaks for a unit or team."""
    return caller.signed_in and acts_for(store.application.view(ledger), caller.actor, party)


_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class SecurityHeaders:
    """ASGI middleware: headers on every answer, the content security policy where the answer has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and put the headers on what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _API_POLICY if scope["path"].startswith("/api/") else _PAGE_POLICY

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
                if policy is _API_POLICY:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)
