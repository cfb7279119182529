"""One shift: when, where, with whom; signing up, the place in the queue, and for whoever is in charge, who comes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.volunteer import calendar
from api.pages.volunteer.coming import left_of
from api.pages.volunteer.giving import give, member_of
from api.problems import status_of
from api.store import Store
from api.texts import text
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import NotFound, NuanlinError
from ledger.parties.state import Standing
from projections.books.engines.shifts_tables import signups
from projections.reading import Cells, listed

_TEXT = Annotated[str, Form()]
_WORKERS = frozenset({"community_worker"})
_MOST_SIGNUPS = 100


def need_row(visit: Visit, shift_id: str) -> Cells:
    """A shift's row; shifts are public. Raises NotFound `no_such_shift`."""
    row = calendar.shift_row(visit, shift_id)
    if row is None:
        raise NotFound("no_such_shift", shift=shift_id)
    return row


def in_charge(visit: Visit, row: Cells) -> bool:
    """Whether who looks is in charge of the shift (and has not left), or a worker of its place: as over the API."""
    if not visit.caller.signed_in:
        return False
    own = row["in_charge"] == visit.caller.actor and not visit.view.state(Standing, visit.caller.actor).left
    return own or visit.caller.holds(_WORKERS, row["shift_id"])


def frame_of(visit: Visit, row: Cells, member: str) -> dict[str, Any]:
    """What every page about one shift shows of it."""
    wanted = [row["place"], row["team"], row["organiser"], row["in_charge"]]
    mine = calendar.standings(visit, member, [row["shift_id"]]).get(row["shift_id"])
    return {
        "row": row,
        "names": labels(visit, wanted, clear=visit.caller.sees_names or [member or None]),
        "when": calendar.day_in_words(visit, row),
        "times": calendar.hours_of_day(visit, row),
        "left": left_of(row),
        "member": member,
        "mine": mine,
        "reason": text(visit.lang, f"sampling.value.barrier_{mine.barrier}") if mine and mine.barrier else "",
        "now": calendar.runs_now(visit, row),
        "over": visit.now_at >= row["end_at"],
        "charge": in_charge(visit, row),
        "early": calendar.minutes_rule(visit, "early"),
    }


def _comers(visit: Visit, row: Cells) -> list[tuple[str, Cells]]:
    """Who signed up, in that order, by masked name and number unless who looks may read names."""
    page = listed(
        visit.store.database, signups, visit.ledger, where={"shift_id": row["shift_id"]}, order=(("number", False),),
        after=None, limit=_MOST_SIGNUPS,
    )  # fmt: skip
    kept = [one for one in page.rows if one["status"] != "ended"]
    clear = visit.caller.sees_name_of(row["shift_id"])
    names = labels(visit, [one["member"] for one in kept], clear=clear, numbered=True)
    return [(names[one["member"]], one) for one in kept]


def shift_page(visit: Visit, shift_id: str, problem: NuanlinError | None = None) -> Response:
    """The page of a shift, with `problem` why something was refused."""
    row = need_row(visit, shift_id)
    frame = frame_of(visit, row, member_of(visit))
    comers = _comers(visit, row) if frame["charge"] else []
    notice = calendar.minutes_rule(visit, "notice")
    return visit.page(
        "volunteer_shift.html",
        200 if problem is None else status_of(problem),
        tab="shifts",
        **frame,
        comers=comers,
        stands={one["signup_id"]: calendar.standing_of(visit, one) for _, one in comers},
        can_withdraw=visit.now_at < row["start_at"],
        short_notice=visit.now_at > row["start_at"] - notice * MICROS_PER_MINUTE,
        done=visit.request.query_params.get("done", "") if problem is None else "",
        sentence=formats.error(problem, visit.lang) if problem else "",
    )


def add_shift(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/shifts/{shift_id}`, `…/sign-up` and `…/withdraw`."""

    @pages.get("/{ledger}/shifts/{shift_id}")
    def shift(request: Request, ledger: str, shift_id: str) -> Response:
        return shift_page(Visit(store, request, ledger), shift_id)

    def decide(visit: Visit, shift_id: str, command: str, csrf: str, key: str) -> Response:
        need_row(visit, shift_id)
        member = member_of(visit)
        if not member:
            return visit.sign_in_first(visit.url(f"shifts/{shift_id}"))
        visit.check_form(csrf)
        try:
            give(visit, command, {"shift_id": shift_id, "member": member}, key)
        except NuanlinError as problem:
            return shift_page(visit, shift_id, problem)
        return redirect(visit.url(f"shifts/{shift_id}", done=command))

    @pages.post("/{ledger}/shifts/{shift_id}/sign-up")
    def sign_up(request: Request, ledger: str, shift_id: str, csrf: _TEXT = "", key: _TEXT = "") -> Response:
        return decide(Visit(store, request, ledger), shift_id, "sign_up", csrf, key)

    @pages.post("/{ledger}/shifts/{shift_id}/withdraw")
    def withdraw(request: Request, ledger: str, shift_id: str, csrf: _TEXT = "", key: _TEXT = "") -> Response:
        return decide(Visit(store, request, ledger), shift_id, "withdraw_signup", csrf, key)
