"""All that somebody asked for, in one place: what waits for them first, then what is under way, then what is over."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.resident.acting import name_of, whom
from api.pages.resident.stages import until_of
from api.store import Store
from ledger.errors import NotYours
from ledger.ids import PERSON, prefix_of
from projections.books import queries as books
from projections.books.engines.requests_tables import progress
from projections.reading import Cells, many

_UNDER_WAY = ("posted", "noticed", "published", "claimed", "deliberated", "decided", "executed")
_OVER = ("closed", "unmet", "declined", "withdrawn")
_ROWS = 30


class Asked(msgspec.Struct, frozen=True):
    """One request in the list: its row and title, until when the present stage goes, and how far off or late that is."""

    row: Cells
    title: str
    until: str
    late: str
    tone: str


def _listed(visit: Visit, rows: list[Cells]) -> list[Asked]:
    titles = titles_of(visit, rows)
    ids = [row["request_id"] for row in rows]
    found = many(visit.store.database, progress, visit.ledger, "request_id", ids) if ids else []
    watched = {row["request_id"]: row for row in found}
    listed = []
    for row in rows:
        until, late, tone = until_of(visit, row, watched.get(row["request_id"]))
        listed.append(Asked(row, titles[row["request_id"]], until, late, tone))
    return listed


def my_requests_page(visit: Visit, after: str | None) -> Response:
    """What somebody, or the one they act for, asked for. Raises NotYours `members_only`, Refused `bad_cursor`."""
    member = whom(visit)
    if prefix_of(member) != PERSON:
        raise NotYours("members_only")
    database, ledger = visit.store.database, visit.ledger
    waiting, going = [], []
    if after is None:
        page = books.list_requests(
            database, ledger, requester=member, status=(*_UNDER_WAY, "fulfilled"), limit=_ROWS
        )  # fmt: skip
        waiting = [row for row in page.rows if row["status"] == "fulfilled"]
        going = [row for row in page.rows if row["status"] != "fulfilled"]
    over = books.list_requests(database, ledger, requester=member, status=_OVER, after=after, limit=_ROWS)
    groups = (("waiting", waiting), ("going", going), ("over", over.rows))
    return visit.page(
        "resident_mine.html",
        tab="ask",
        whose=name_of(visit, member),
        groups=[(key, _listed(visit, rows)) for key, rows in groups if rows],
        services=visit.url(f"members/{member}/use"),
        next=over.next,
        further=after is not None,
    )  # fmt: skip


def add_following(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/my-requests`."""

    @pages.get("/{ledger}/my-requests")
    def mine(request: Request, ledger: str, after: str | None = None) -> Response:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first()
        return my_requests_page(visit, after)
