"""A unit's year on a sheet to print: what it gave, kind by kind, with room for two seals. The same as a signed PDF is printed
by `api.papers`."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.partner.giving import given_by
from api.store import Store
from ledger.errors import NotFound, Refused
from projections.books import queries as books

_MANY = 20
_FIRST = 2000


def statement_page(visit: Visit, unit: str, year: str) -> Response:
    """The sheet of one year. Raises NotFound `no_such_unit`, Refused `bad_period`."""
    database, ledger = visit.store.database, visit.ledger
    row = books.unit(database, ledger, unit)
    if row is None:
        raise NotFound("no_such_unit", unit=unit)
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and _FIRST <= int(year) <= visit.today.year):
        raise Refused("bad_period", period=year[:10])
    first, last = f"{year}-01-01", f"{year}-12-31"
    agreements = books.agreements(database, ledger, unit=unit, limit=_MANY).rows
    plaques = books.plaques(database, ledger, unit=unit, current=True, limit=_MANY).rows
    pdf = visit.url(f"units/{unit}/statement.pdf", year=year) if visit.reads_affairs_of(unit) else ""
    return visit.page(
        "partner_statement.html",
        tab="unit",
        unit=row,
        year=year,
        given=given_by(visit, unit, year),
        agreements=[
            one for one in agreements if one["from_day"] <= last and (one["ended_day"] or one["until_day"]) >= first
        ],
        plaques=[one for one in plaques if one["day"] <= last and one["until_day"] >= first],
        pdf=pdf,
    )


def add_statement(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/units/{unit}/statement/{year}`."""

    @pages.get("/{ledger}/units/{unit}/statement/{year}")
    def statement(request: Request, ledger: str, unit: str, year: str) -> Response:
        return statement_page(Visit(store, request, ledger), unit, year)
