"""The certificate of service: choose the days, see what it will say, take it as PDF or as a picture."""

from __future__ import annotations

from datetime import date

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.papers.sending import order_of, printed
from api.papers.certificate import certificate
from api.papers.glyphs import missing
from api.papers.service import Service, service_of
from api.store import Store
from ledger.errors import NotFound
from projections.books import queries as books
from projections.reading import Cells

_YEARS = 3


class Period(msgspec.Struct, frozen=True):
    """The days of a certificate, both included; None is open. `wrong`: what was typed are no such days."""

    chosen: str
    from_day: date | None = None
    until_day: date | None = None
    wrong: bool = False


def period_of(visit: Visit, chosen: str, start: str, end: str) -> Period:
    """The period that an address names: all, a year, or days of one's own."""
    if chosen == "own":
        try:
            first = date.fromisoformat(start) if start else None
            last = date.fromisoformat(end) if end else None
        except ValueError:
            return Period("own", wrong=True)
        if first is not None and last is not None and first > last:
            return Period("own", wrong=True)
        return Period("own", first, None if last is None else min(last, visit.today))
    if chosen in _years(visit):
        year = int(chosen)
        return Period(chosen, date(year, 1, 1), min(date(year, 12, 31), visit.today))
    return Period("all")


def _years(visit: Visit) -> list[str]:
    return [str(visit.today.year - back) for back in range(_YEARS)]


def _years_of(visit: Visit, row: Cells, ever: Service | None) -> list[str]:
    """The years that are offered: none before the member joined, unless they served before."""
    begun = [row["joined_on"][:4]] if row["joined_on"] else []
    if ever is not None and ever.first_day is not None:
        begun.append(f"{ever.first_day.year:04}")
    return [year for year in _years(visit) if not begun or year >= min(begun)]


def _member(visit: Visit, member: str) -> Cells:
    """The member, for whose affairs they are. Raises NotFound `no_such_member`."""
    row = books.member(visit.store.database, visit.ledger, member)
    if row is None or not visit.reads_affairs_of(member):
        raise NotFound("no_such_member", member=member)
    return row


def _done(visit: Visit, member: str, period: Period) -> Service | None:
    """What the certificate would say; None where the days are none."""
    if period.wrong:
        return None
    return service_of(visit.store, order_of(visit).past, member, period.from_day, period.until_day)


def choosing(visit: Visit, member: str, period: Period, start: str, end: str) -> Response:
    """The page: which days, what it will say, and the two ways to take it."""
    row = _member(visit, member)
    done = None if row["erased"] else _done(visit, member, period)
    name = labels(visit, [member], clear=True)[member]
    printed_words = [name, visit.name, *(one.name for one in done.kinds)] if done is not None else []
    return visit.page(
        "volunteer_certificate.html",
        tab="me",
        member=member,
        own=visit.caller.actor == member,
        name=name,
        period=period,
        years=_years_of(visit, row, done if period.chosen == "all" else _done(visit, member, Period("all"))),
        start=start,
        end=end,
        service=done,
        lacking="".join(missing(printed_words)),
        taking={"period": period.chosen, "from": start, "until": end},
    )


def add_certificate(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/members/{member}/certificate`, `….pdf` and `….png`."""

    def visited(request: Request, ledger: str) -> tuple[Visit, Period, str, str]:
        visit = Visit(store, request, ledger)
        asked = request.query_params
        start, end = asked.get("from", "")[:10], asked.get("until", "")[:10]
        return visit, period_of(visit, asked.get("period", ""), start, end), start, end

    @pages.get("/{ledger}/members/{member}/certificate")
    def choose(request: Request, ledger: str, member: str) -> Response:
        visit, period, start, end = visited(request, ledger)
        return choosing(visit, member, period, start, end)

    @pages.get("/{ledger}/members/{member}/certificate.{kind}")
    def take(request: Request, ledger: str, member: str, kind: str) -> Response:
        visit, period, start, end = visited(request, ledger)
        _member(visit, member)
        if kind not in ("pdf", "png"):
            raise NotFound("no_such_page")
        if period.wrong:
            return choosing(visit, member, period, start, end)
        paper = certificate(order_of(visit), member, period.from_day, period.until_day)
        # What the font lacks is left open, to be filled in by hand; the page before said so.
        return printed(paper, "pdf" if kind == "pdf" else "png", by_hand=True)
