"""At the place: what the poster's code opens, and the one big button with which people come and go.

Looking changes nothing. Only the code of the minute, shown on a screen at the place, lets somebody in or out; a poster
alone leads here and asks for it.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.volunteer import calendar
from api.pages.volunteer.giving import give, member_of
from api.pages.volunteer.shift import frame_of, need_row
from api.problems import status_of
from api.store import Store
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import NotFound, NuanlinError
from ledger.shifts.codes import TOLERANCE_STEPS, Blind, step_of, step_shown
from projections.books import queries as books
from projections.reading import Cells

_TEXT = Annotated[str, Form()]
_MOST = 20


def code_state(visit: Visit, shift_id: str, code: str) -> str:
    """Of a code that came with the address: "" for none, good, old (it has changed since), or wrong."""
    if not code:
        return ""
    try:
        step = step_shown(_blind(visit), shift_id, code[:40], visit.now_at)
    except NuanlinError:
        return "wrong"
    return "good" if abs(step - step_of(visit.now_at)) <= TOLERANCE_STEPS else "old"


def _blind(visit: Visit) -> Blind:
    return partial(visit.store.vault.blind, visit.ledger)


def _action(visit: Visit, row: Cells, mine: calendar.Standing | None) -> str:
    """What can be done here now: in, join (sign up and in), out, or nothing."""
    if not calendar.runs_now(visit, row):
        return ""
    if mine is not None and mine.status == "in":
        return "out"
    if visit.now_at >= row["end_at"]:
        return ""
    if mine is None:
        return "join"
    return "in" if mine.status == "booked" else ""


def here_page(visit: Visit, shift_id: str, code: str, problem: NuanlinError | None = None) -> Response:
    """The page at the place. A code in the address goes along with the button."""
    row = need_row(visit, shift_id)
    frame = frame_of(visit, row, member_of(visit))
    mine = frame["mine"]
    at = (mine.out_at if mine and mine.status == "out" else mine.in_at if mine else 0) or 0
    state = code_state(visit, shift_id, code)
    stayed = (mine.out_at - mine.in_at) // MICROS_PER_MINUTE if mine and mine.out_at and mine.in_at else 0
    return visit.page(
        "volunteer_here.html",
        200 if problem is None else status_of(problem),
        tab="shifts",
        **frame,
        action=_action(visit, row, mine),
        code=code if state == "good" else "",
        state=state if problem is None else "",
        done=visit.request.query_params.get("done", "") if problem is None else "",
        sentence=formats.error(problem, visit.lang) if problem else "",
        at=visit.instant(at) if at else "",
        stayed=stayed,
        opens=visit.instant(row["start_at"] - frame["early"] * MICROS_PER_MINUTE),
        after=visit.url(f"shifts/{shift_id}/here", code=code or None),
        key=visit.new_key(),
    )


def _come_or_go(visit: Visit, shift_id: str, action: str, code: str, key: str) -> str:
    """Give what the button says; who had not signed up does both at once. Gives what was done. Raises NuanlinError."""
    fields = {"shift_id": shift_id, "member": member_of(visit)}
    if action == "out":
        give(visit, "check_out", {**fields, "code": code}, key)
        return "out"
    if action == "join":
        # A wrong code must not leave a sign-up behind.
        step_shown(_blind(visit), shift_id, code, visit.now_at)
        if shift_id not in calendar.standings(visit, fields["member"], [shift_id]):
            give(visit, "sign_up", fields, f"{key[:80]}-up" if key else "")
    give(visit, "check_in", {**fields, "code": code}, key)
    return "in"


def place_page(visit: Visit, place_id: str) -> Response:
    """What a place's poster opens: the shifts of today there and below. Raises NotFound `no_such_place`."""
    places = books.places(visit.store.database, visit.ledger)
    name = next((row["name"] for row in places if row["place_id"] == place_id), None)
    if name is None:
        raise NotFound("no_such_place", place=place_id)
    rows = calendar.coming(visit, books.places_below(places, place_id), limit=_MOST).rows
    running = [row for row in rows if calendar.runs_now(visit, row)]
    if len(running) == 1 and visit.request.query_params.get("all") is None:
        return redirect(visit.url(f"shifts/{running[0]['shift_id']}/here", lang=visit.request.query_params.get("lang")))
    today = [row for row in rows if row["day"] == visit.today.isoformat()]
    return visit.page(
        "volunteer_place.html",
        tab="shifts",
        place=name,
        today=today,
        later=[row for row in rows if row not in today][:5],
        names=labels(visit, [row["place"] for row in rows]),
        times=lambda row: calendar.hours_of_day(visit, row),
        day=lambda row: calendar.day_in_words(visit, row),
        running={row["shift_id"] for row in running},
    )


def add_here(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/places/{place_id}/here` and `/{ledger}/shifts/{shift_id}/here`: fixed addresses for posters."""

    @pages.get("/{ledger}/places/{place_id}/here")
    def place(request: Request, ledger: str, place_id: str) -> Response:
        return place_page(Visit(store, request, ledger), place_id)

    @pages.get("/{ledger}/shifts/{shift_id}/here")
    def here(request: Request, ledger: str, shift_id: str, code: str = "") -> Response:
        return here_page(Visit(store, request, ledger), shift_id, code.strip())

    @pages.post("/{ledger}/shifts/{shift_id}/here")
    def come_or_go(
        request: Request, ledger: str, shift_id: str, action: _TEXT = "", code: _TEXT = "", csrf: _TEXT = "",
        key: _TEXT = "",
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        need_row(visit, shift_id)
        if not member_of(visit):
            return visit.sign_in_first(visit.url(f"shifts/{shift_id}/here"))
        visit.check_form(csrf)
        try:
            done = _come_or_go(visit, shift_id, action, code.strip()[:40], key)
        except NuanlinError as problem:
            return here_page(visit, shift_id, "", problem)
        return redirect(visit.url(f"shifts/{shift_id}/here", done=done))
