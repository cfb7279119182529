"""The menu of services that partner units offer: an order from it goes straight to its unit."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.resident.acting import whom
from api.store import Store
from projections.books.engines.partners_tables import menu
from projections.reading import listed

_ROWS = 24
_NEWEST_FIRST = (("number", True),)


class Offer(msgspec.Struct, frozen=True):
    """One service of the menu: what, by whom, of which class, where ("" anywhere), and the form that orders it."""

    name: str
    unit: str
    category: str
    place: str
    order: str


def menu_page(visit: Visit, after: str | None) -> Response:
    """What is on the menu, newest first. Raises Refused `bad_cursor`."""
    page = listed(
        visit.store.database, menu, visit.ledger, where={"status": "admitted"}, order=_NEWEST_FIRST, after=after,
        limit=_ROWS,
    )  # fmt: skip
    names = labels(visit, [one for row in page.rows for one in (row["unit"], row["place"])])
    requester = whom(visit) if visit.caller.signed_in else None
    offers = [
        Offer(
            name=row["name"],
            unit=names[row["unit"]],
            category=row["category"],
            place=names.get(row["place"] or "", ""),
            order=visit.url("do/order-menu", menu_id=row["menu_id"], requester=requester),
        )
        for row in page.rows
    ]
    return visit.page("resident_menu.html", tab="ask", offers=offers, next=page.next)


def add_menu(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/menu`."""

    @pages.get("/{ledger}/menu")
    def offered(request: Request, ledger: str, after: str | None = None) -> Response:
        return menu_page(Visit(store, request, ledger), after)
