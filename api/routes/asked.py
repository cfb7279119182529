"""What an endpoint knows of one request: store, ledger, who asks, the path, and the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request
from sqlalchemy import bindparam, select

from api.people import People
from api.problems import language
from api.security import Caller, caller_of, speaks_for
from api.store import Store
from ledger.errors import NotFound, NotSignedIn, NotYours, Refused
from ledger.journal.tables import ledgers

SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")
ACCOUNT = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,300}")
"""An account may end in a category of spending, which is written as people write."""
TILE = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/[0-9]{1,3})?")
"""A tile's number as c2sp.org/tlog-tiles writes it."""
PATTERNS = {"account": ACCOUNT, "figure": ACCOUNT, "tile": TILE}
"""Parameters of a path that may hold slashes."""
LEDGER = re.compile(r"[a-z][a-z0-9-]{0,39}")


class Asked(msgspec.Struct, frozen=True):
    """One request, after its token and path were looked at."""

    store: Store
    ledger: str
    caller: Caller
    path: Mapping[str, str]
    lang: str

    @property
    def people(self) -> People:
        """Looks names up in the vault."""
        return People(self.store, self.ledger)

    def is_own(self, party: str | None) -> bool:
        """Whether a member's, unit's or team's affairs are the caller's own."""
        return bool(party) and speaks_for(self.store, self.ledger, self.caller, str(party))

    def need_own(self, party: str, roles: frozenset[str], missing: NotFound, *, about: str = "") -> None:
        """Own affairs, or one of these roles; else `missing` is raised, since even existence is private.

        A role held for one place is enough where what it is `about` is there, or without that where the party lives.
        """
        if not self.caller.holds(roles, about, party) and not self.is_own(party):
            raise missing

    def need_roles(self, roles: frozenset[str]) -> None:
        """One of these roles; raises NotSignedIn `token_missing` or NotYours `not_for_your_roles`."""
        if not self.caller.signed_in:
            raise NotSignedIn("token_missing")
        if not self.caller.holds(roles):
            raise NotYours("not_for_your_roles", roles=", ".join(sorted(roles)))


def ledger_exists(store: Store, ledger: str) -> bool:
    """Whether a ledger has events. Asked before anything is opened, so that made-up names cost nothing."""
    ask = store.database.prepare("head.read", select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l")))
    with store.database.reading() as cursor:
        cursor.execute(ask.text, (ledger,))
        row = cursor.fetchone()
    return row is not None and int(row[0]) > 0


def asked_of(request: Request, *, may_be_new: bool = False) -> Asked:
    """Look at ledger, path and token; raises NotFound (`no_such_ledger`, `no_such_page`), NotSignedIn `bad_token`."""
    store: Store = request.app.state.store
    path: dict[str, Any] = dict(request.path_params)
    ledger = str(path.pop("ledger"))
    if LEDGER.fullmatch(ledger) is None:
        raise NotFound("no_such_ledger", ledger=ledger[:40])
    if not ledger_exists(store, ledger) and not may_be_new:
        raise NotFound("no_such_ledger", ledger=ledger)
    caller = caller_of(store, ledger, request.headers)
    for name, value in path.items():
        if PATTERNS.get(name, SEGMENT).fullmatch(value) is None:
            raise Refused("bad_shape", field=f"{{{name}}}")
    return Asked(store, ledger, caller, path, language(request))
