"""Printing: posters with codes for the board, for places, shifts and intake points; cards are made on a member's page."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.papers.sending import home_of, printed
from api.pages.worker.paper import when_of
from api.pages.worker.tree import need_office
from api.papers import Poster, poster
from api.papers.posters import PosterKind
from api.store import Store
from ledger.errors import NotFound
from projections.books import queries as books
from projections.books.engines.shifts_tables import shifts
from projections.books.tables import intake_points, places
from projections.reading import Cells, listed, one

_SHIFTS, _POINTS = 10, 30
Subject = Literal["board", "place", "shift", "point"]


def print_page(visit: Visit) -> Response:
    """What can be printed: the board's poster, those of the next shifts and of intake points, and where the others are."""
    database, ledger = visit.store.database, visit.ledger
    coming = listed(
        database, shifts, ledger, where={"status": "open"}, order=(("start_at", False),),
        after=str(visit.now_at), limit=_SHIFTS,
    ).rows  # fmt: skip
    points = [row for row in books.intake_points(database, ledger, limit=_POINTS).rows if row["open"]]
    names = labels(visit, [row["place"] for row in (*coming, *points)])
    return visit.page(
        "worker_print.html", tab="work",
        shifts=[(row["shift_id"], row["name"], when_of(visit, row), names.get(row["place"], "")) for row in coming],
        points=[(row["point_id"], row["label"], names.get(row["place"] or "", "")) for row in points],
    )  # fmt: skip


def _shift(visit: Visit, of: str) -> tuple[PosterKind, str, list[str], str]:
    row = _need(one(visit.store.database, shifts, visit.ledger, shift_id=of))
    names = labels(visit, [row["place"]])
    return "shift", row["name"], [when_of(visit, row), names.get(row["place"], "")], f"shifts/{of}/here"


def _need(row: Cells | None) -> Cells:
    if row is None:
        raise NotFound("no_such_page")
    return row


def subject_of(visit: Visit, kind: Subject, of: str) -> tuple[PosterKind, str, list[str], str]:
    """A poster's kind, title, lines and the address behind its code (below the ledger). Raises NotFound `no_such_page`."""
    database, ledger = visit.store.database, visit.ledger
    if kind == "board":
        return "board", visit.t("tab.board"), [visit.name], "board"
    if kind == "shift":
        return _shift(visit, of)
    if kind == "place":
        row = _need(one(database, places, ledger, place_id=of))
        return "shift", row["name"], [visit.name], f"places/{of}/here"
    row = _need(one(database, intake_points, ledger, point_id=of))
    names = labels(visit, [row["place"]])
    return "place", row["label"], [names.get(row["place"] or "", visit.name)], f"ask?point={of}"


def add_printing(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/print` and `/{ledger}/posters/{kind}.pdf?of=&size=`."""

    @pages.get("/{ledger}/print")
    def choose(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        return need_office(visit) or print_page(visit)

    @pages.get("/{ledger}/posters/{kind}.pdf")
    def paper(request: Request, ledger: str, kind: Subject, of: str = "", size: Literal["a4", "a3"] = "a4") -> Response:
        visit = Visit(store, request, ledger)
        elsewhere = need_office(visit)
        if elsewhere is not None:
            return elsewhere
        shape, title, lines, path = subject_of(visit, kind, of)
        given = Poster(
            kind=shape, title=title, lines=[one for one in lines if one], address=f"{home_of(request)}{visit.url(path)}"
        )
        made = poster(given, community=visit.name, lang=visit.lang, size=size, made_at=visit.now_at)
        return printed(made, "pdf", by_hand=True)
