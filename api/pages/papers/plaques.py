"""A plaque's page: open to anybody; its files to the unit it hangs at and to those who have it made."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.papers.sending import order_of, printed
from api.papers.plaque import hung, plaque
from api.store import Store
from ledger.errors import NotFound
from projections.books import queries as books

_SCREEN_DOTS = 50


def add_plaques(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/plaques/{plaque}` with `.pdf` and `.png`."""

    @pages.get("/{ledger}/plaques/{plaque_id}.{form}")
    def take(
        request: Request, ledger: str, plaque_id: str, form: Literal["pdf", "png"], by_hand: bool = False
    ) -> Response:
        visit = Visit(store, request, ledger)
        order = order_of(visit)
        if not visit.reads_affairs_of(hung(order, plaque_id).row["unit"]):
            raise NotFound("no_such_plaque", plaque=plaque_id)
        paper = plaque(order, plaque_id, marks=form == "pdf")
        return printed(paper, form, by_hand=by_hand, dots_per_inch=_SCREEN_DOTS)

    @pages.get("/{ledger}/plaques/{plaque_id}")
    def look(request: Request, ledger: str, plaque_id: str) -> Response:
        visit = Visit(store, request, ledger)
        order = order_of(visit)
        found = hung(order, plaque_id)
        row = found.row
        works = books.requests_by_id(store.database, ledger, [row["request_id"]])
        takes = visit.reads_affairs_of(row["unit"])
        reason = order.t(f"plaque.reason.{row['reason']}") if row["revoked_day"] else ""
        return visit.page(
            "papers_plaque.html", tab="wall", found=found, row=row, plaque_id=plaque_id, reason=reason, takes=takes,
            work=titles_of(visit, works.values()).get(row["request_id"], ""),
            lacking=plaque(order, plaque_id).missing_points if takes else "",
        )  # fmt: skip
