"""Telling screens that the journal has moved: server-sent events, which browsers take up again by themselves."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.pages.hall.screens import Screens
from api.signin.throttle import place_of
from api.store import Store
from ledger.errors import NotFound
from projections.boards import queries as boards
from projections.books import queries as books

_KIND = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
_LATER_SECONDS = "30"


def point_of(store: Store, ledger: str) -> str:
    """How far a ledger is: the journal's last position, and that up to which the boards have counted, with a dot between.

    Raises NotFound `no_such_ledger`.
    """
    if ledger not in store.application.ledgers():
        raise NotFound("no_such_ledger", ledger=ledger)
    head = books.as_of(store.database, ledger).position
    return f"{head}.{boards.followed_to(store.database, ledger)}"


def add_events(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/hall/events?seen=`: an endless answer, so that it is no page among the others."""
    screens = Screens(lambda ledger: point_of(store, ledger))

    async def events(request: Request) -> Response:
        ledger = str(request.path_params["ledger"])
        now = await asyncio.to_thread(point_of, store, ledger)
        if request.method == "HEAD":
            return Response(media_type=_KIND, headers=_HEADERS)
        place = place_of(request.client.host if request.client else None)
        if screens.closed or screens.closed_to(place):
            return Response(status_code=503, headers={"Retry-After": _LATER_SECONDS, "Cache-Control": "no-store"})
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")
        return StreamingResponse(screens.stream(ledger, now, seen, place), media_type=_KIND, headers=_HEADERS)

    pages.add_route("/{ledger}/hall/events", events, methods=["GET"], include_in_schema=False)
