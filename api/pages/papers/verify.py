"""`/{ledger}/verify`: anybody reads the number off a paper, or scans its code, and sees whether it is genuine."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit, redirect
from api.pages.papers.sending import order_of
from api.papers.verifying import Verified, verified
from api.store import Store
from ledger.errors import NotFound

_LONGEST = 80


def add_verify(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/verify` and `/{ledger}/verify/{number}`."""

    @pages.get("/{ledger}/verify")
    def ask(request: Request, ledger: str, number: str = "") -> Response:
        visit = Visit(store, request, ledger)
        typed = "".join(one for one in number if one.isascii() and (one.isalnum() or one == "_"))[:_LONGEST]
        if typed:
            return redirect(visit.url(f"verify/{typed}"))
        return visit.page("papers_verify.html", number="", found=None, tone="", title=visit.t("papers.ask.title"))

    @pages.get("/{ledger}/verify/{number}")
    def answer(request: Request, ledger: str, number: str) -> Response:
        visit = Visit(store, request, ledger)
        try:
            found = verified(order_of(visit), number)
        except NotFound:
            title = visit.t("papers.unknown.title")
            return _never_kept(
                visit.page("papers_verify.html", 404, number=number[:_LONGEST], found=None, tone="bad", title=title)
            )
        tone = _tone(found)
        title = visit.t(f"papers.{found.stated.kind}.{tone}")
        return _never_kept(visit.page("papers_verify.html", number=number, found=found, tone=tone, title=title))


def _tone(found: Verified) -> str:
    """How the answer begins: `erased`, `revoked`, `expired`, `changed`, or `good`."""
    if found.erased:
        return "erased"
    if found.state in ("revoked", "expired"):
        return found.state
    return "changed" if found.changes else "good"


def _never_kept(page: Response) -> Response:
    """What stands on somebody's paper is for whoever holds it: no cache and no search engine keeps it, no link tells it."""
    page.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"})
    return page
