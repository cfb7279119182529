"""Where residents begin to ask, and what they are told when they did: the number, and what happens next."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.board import may_see
from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.menu import is_member
from api.pages.resident.acting import name_of, whom
from api.pages.resident.stages import stages_of
from api.store import Store
from ledger.errors import NotFound
from ledger.places.state import IntakePoint
from projections.books import queries as books

KINDS = ("wish", "order", "issue")
"""What residents post here; needs for goods and proposals of projects come by workers and meetings."""


def ask_page(visit: Visit, point: str) -> Response:
    """The three ways to ask, and the services that can be booked. `point` is the poster somebody came by."""
    opened = visit.view.state(IntakePoint, point) if point else None
    known = opened is not None and bool(opened.channel) and not opened.closed
    query = {"requester": whom(visit) if visit.caller.signed_in else None, "point": point if known else None}
    ways = [(kind, visit.url(f"do/{kind}", **query)) for kind in KINDS]
    services = visit.url(f"members/{whom(visit)}/use" if is_member(visit) else "records/services")
    return visit.page("resident_ask.html", tab="ask", ways=ways, services=services)


def asked_page(visit: Visit, request_id: str) -> Response:
    """The confirmation of what was just asked for, for the one who asked. Raises NotFound `no_such_request`."""
    row = books.request(visit.store.database, visit.ledger, request_id)
    if row is None or not row["requester"] or not visit.reads_affairs_of(row["requester"]) or not may_see(visit, row):
        raise NotFound("no_such_request", request=request_id)
    return visit.page(
        "resident_asked.html",
        tab="ask",
        row=row,
        title=titles_of(visit, [row])[request_id],
        stages=stages_of(visit, row),
        whose=name_of(visit, row["requester"]),
    )


def add_asking(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/ask` and `/{ledger}/asked/{request_id}`."""

    @pages.get("/{ledger}/ask")
    def ask(request: Request, ledger: str, point: str = "") -> Response:
        return ask_page(Visit(store, request, ledger), point)

    @pages.get("/{ledger}/asked/{request_id}")
    def asked(request: Request, ledger: str, request_id: str) -> Response:
        return asked_page(Visit(store, request, ledger), request_id)
