"""A unit's yearly statement as a paper for its seal."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.papers.sending import order_of, printed
from api.papers.unit_year import unit_year
from api.store import Store
from ledger.errors import NotFound


def add_ordering(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/units/{unit}/statement.pdf?year=`, this year's where none is named; for the unit and those who serve it."""

    @pages.get("/{ledger}/units/{unit}/statement.pdf")
    def statement(request: Request, ledger: str, unit: str, year: int = 0, by_hand: bool = False) -> Response:
        visit = Visit(store, request, ledger)
        if not visit.reads_affairs_of(unit):
            raise NotFound("no_such_unit", unit=unit)
        return printed(unit_year(order_of(visit), unit, year or visit.today.year), "pdf", by_hand=by_hand)
