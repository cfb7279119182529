"""For whom these pages are: administrators of the whole community. To all others there is no such page."""

from __future__ import annotations

from starlette.requests import Request

from api.pages.common import Visit
from api.pages.menu import administers
from api.store import Store
from ledger.errors import NotFound


def administering(store: Store, request: Request, ledger: str) -> Visit:
    """The visit of an administrator. Raises NotFound `no_such_page`."""
    visit = Visit(store, request, ledger)
    if not administers(visit):
        raise NotFound("no_such_page")
    return visit
