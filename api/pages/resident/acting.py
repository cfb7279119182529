"""For whom somebody acts: themselves, or one of those who made them their proxy; a switch that is always in sight.

The choice is kept in a cookie and holds only while the proxy does: who is no proxy (any more) acts for themselves. It
changes what pages begin with, never what is sent: each form carries for whom it is.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit, local, redirect
from api.pages.menu import is_member
from api.pages.naming import labels
from api.store import Store
from ledger.errors import NotYours
from ledger.parties.state import Standing

COOKIE = "nuanlin_for"
_TEXT = Annotated[str, Form()]


class Acting(msgspec.Struct, frozen=True):
    """For whom somebody acts now (`whom`, by `name`; "" where it is themselves), and for whom they could: id and name."""

    whom: str
    name: str
    others: list[tuple[str, str]]


def principals_of(visit: Visit) -> list[str]:
    """Those who are here and made who looks their proxy."""
    if not is_member(visit):
        return []
    return [one for one in sorted(visit.caller.roles.principals) if not visit.view.state(Standing, one).left]


def whom(visit: Visit) -> str:
    """The member for whom a form begins: who looks, or the one they act for."""
    chosen = visit.request.cookies.get(COOKIE, "")
    return chosen if chosen in principals_of(visit) else visit.caller.actor


def name_of(visit: Visit, member: str) -> str:
    """What one's own page calls somebody one acts for; "" for oneself."""
    return "" if member == visit.caller.actor else labels(visit, [member], clear=[member])[member]


def acting(visit: Visit) -> Acting | None:
    """What the switch shows; None for who acts for nobody."""
    principals = principals_of(visit)
    if not principals:
        return None
    names = labels(visit, principals, clear=principals)
    now = whom(visit)
    return Acting(now, names.get(now, ""), [(one, names[one]) for one in principals])


def add_acting(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/acting`: the switch."""

    @pages.post("/{ledger}/acting")
    def switch(request: Request, ledger: str, csrf: _TEXT = "", member: _TEXT = "", back: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        if member and member != visit.caller.actor and member not in principals_of(visit):
            raise NotYours("not_their_proxy")
        answer = redirect(local(back, visit.url("my-requests")))
        answer.set_cookie(COOKIE, member, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
        return answer
