"""Shifts that come soon: near me, everywhere, and mine."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.volunteer import calendar
from api.pages.volunteer.calendar import Standing
from api.pages.volunteer.giving import member_of, to_sign_in
from api.store import Store
from ledger.clock import day_of
from projections.books import queries as books
from projections.reading import Cells


def left_of(row: Cells) -> int:
    """How many places of a shift are free."""
    return max(0, int(row["capacity"]) - int(row["booked"]))


def _days(visit: Visit, rows: list[Cells]) -> list[tuple[str, list[Cells]]]:
    """Shifts by the day on which they begin."""
    grouped = groupby(rows, key=lambda row: day_of(row["start_at"], visit.zone))
    return [(calendar.day_in_words(visit, kept[0]), kept) for _, group in grouped if (kept := list(group))]


def _home(visit: Visit) -> str:
    """The place of who looks, "" where none is known."""
    member = member_of(visit)
    row = books.member(visit.store.database, visit.ledger, member) if member else None
    return (row["place"] or "") if row is not None else ""


def coming_page(visit: Visit, where: str, after: str | None) -> Response:
    """The list; `where` is near or all, near only for whom a place is known. Raises Refused `bad_cursor`."""
    home = _home(visit)
    chosen = where if where in ("near", "all") else ("near" if home else "all")
    places = calendar.near(visit, home) if chosen == "near" and home else None
    page = calendar.coming(visit, places, after=after)
    member = member_of(visit)
    known = calendar.standings(visit, member, [row["shift_id"] for row in page.rows])
    return visit.page(
        "volunteer_shifts.html",
        tab="shifts",
        chosen=chosen,
        near=bool(home),
        member=member,
        days=_days(visit, page.rows),
        names=labels(visit, [one for row in page.rows for one in (row["place"], row["team"])]),
        standings=known,
        more=page.next,
        times=lambda row: calendar.hours_of_day(visit, row),
        left=left_of,
    )


def mine_page(visit: Visit, member: str, after: str | None) -> Response:
    """Where a member is expected, and what became of earlier sign-ups."""
    ahead: list[tuple[Cells, Standing]] = [] if after else calendar.expected(visit, member)
    before, more = calendar.past_signups(visit, member, after=after)
    return visit.page(
        "volunteer_my_shifts.html",
        tab="shifts",
        member=member,
        ahead=ahead,
        before=before,
        names=labels(visit, [row["place"] for row, _ in [*ahead, *before]]),
        more=more,
        further=after is not None,
        times=lambda row: calendar.hours_of_day(visit, row),
        day=lambda row: calendar.day_in_words(visit, row),
        now=lambda row: calendar.runs_now(visit, row),
    )


def add_coming(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/shifts` and `/{ledger}/shifts/mine`."""

    @pages.get("/{ledger}/shifts")
    def shifts(request: Request, ledger: str, where: str = "", after: str | None = None) -> Response:
        return coming_page(Visit(store, request, ledger), where, after)

    @pages.get("/{ledger}/shifts/mine")
    def mine(request: Request, ledger: str, after: str | None = None) -> Response:
        visit = Visit(store, request, ledger)
        member = member_of(visit)
        if not member:
            return to_sign_in(visit)
        return mine_page(visit, member, after)
