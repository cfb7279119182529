"""Who may act for whom: naming a proxy for oneself, and ending it from either side."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.menu import is_member
from api.pages.naming import labels
from api.pages.resident.acting import principals_of
from api.store import Store
from ledger.errors import NotYours
from ledger.parties.state import Standing


def proxies_page(visit: Visit) -> Response:
    """Who acts for who looks, and for whom they act. Raises NotYours `members_only`."""
    if not is_member(visit):
        raise NotYours("members_only")
    actor = visit.caller.actor
    mine, theirs = sorted(visit.view.state(Standing, actor).proxies), principals_of(visit)
    names = labels(visit, [*mine, *theirs], clear=[*mine, *theirs], numbered=True)

    def end(principal: str, proxy: str) -> str:
        return visit.url("do/proxy-end", principal=principal, proxy=proxy)

    return visit.page(
        "resident_proxies.html",
        tab="ask",
        mine=[(names[one], end(actor, one)) for one in mine],
        theirs=[(names[one], end(one, actor)) for one in theirs],
        add=visit.url("do/proxy-add"),
    )


def add_proxies(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/proxies`."""

    @pages.get("/{ledger}/proxies")
    def proxies(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first()
        return proxies_page(visit)
