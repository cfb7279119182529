"""The page behind the last tab: everything that is open to who looks and is no tab."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.menu import others_of
from api.store import Store


def add_more(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/more`."""

    @pages.get("/{ledger}/more")
    def more(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        return visit.page("more.html", tab="more", others=others_of(visit))
