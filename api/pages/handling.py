"""What becomes of a claim on the request's own page: handed back, done, confirmed with a satisfaction of 1–5."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api.pages.board import decide, may_see
from api.pages.common import Visit
from api.store import Store
from ledger.errors import NotFound
from ledger.requests.commands import CloseRequest, FulfilRequest, ReleaseClaim
from projections.books import queries as books
from projections.reading import Cells

_TEXT = Annotated[str, Form()]
_SCORE = Annotated[int, Form()]


def _row(visit: Visit, request_id: str) -> Cells:
    """The request as the page shows it; raises NotFound `no_such_request`."""
    row = books.request(visit.store.database, visit.ledger, request_id)
    if row is None or not may_see(visit, row):
        raise NotFound("no_such_request", request=request_id)
    return row


def add_handling(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/requests/{request_id}/release`, `…/fulfil` and `…/close`; who may is decided by the ledger alone."""

    @pages.post("/{ledger}/requests/{request_id}/release")
    def release(
        request: Request, ledger: str, request_id: str, claimant: _TEXT = "", csrf: _TEXT = "", key: _TEXT = ""
    ) -> Response:
        visit = Visit(store, request, ledger)
        _row(visit, request_id)
        command = ReleaseClaim(request_id=request_id, claimant=claimant or visit.caller.actor)
        form = {"request_id": request_id, "csrf": csrf, "key": key}
        return decide(visit, command, form, trying="release", done="released")

    @pages.post("/{ledger}/requests/{request_id}/fulfil")
    def fulfil(
        request: Request, ledger: str, request_id: str, claimant: _TEXT = "", csrf: _TEXT = "", key: _TEXT = ""
    ) -> Response:
        visit = Visit(store, request, ledger)
        _row(visit, request_id)
        command = FulfilRequest(request_id=request_id, claimant=claimant or visit.caller.actor)
        form = {"request_id": request_id, "csrf": csrf, "key": key}
        return decide(visit, command, form, trying="fulfil", done="fulfilled")

    @pages.post("/{ledger}/requests/{request_id}/close")
    def close(
        request: Request, ledger: str, request_id: str, score: _SCORE = 0, csrf: _TEXT = "", key: _TEXT = ""
    ) -> Response:
        visit = Visit(store, request, ledger)
        row = _row(visit, request_id)
        command = CloseRequest(request_id=request_id, requester=row["requester"] or "", score=score)
        form = {"request_id": request_id, "csrf": csrf, "key": key}
        return decide(visit, command, form, trying="close", done="closed")
