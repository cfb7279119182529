"""The screen at the place: a QR code that changes every minute, on a tablet or on the phone of whoever is in charge.

A tablet need not be signed in: who is in charge opens the screen on it by an address with a key, which holds for this
one shift and until its end, and shows nothing but the code (choice).
"""

from __future__ import annotations

import hmac
from functools import partial

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.papers.sending import home_of
from api.pages.volunteer import calendar
from api.pages.volunteer.shift import frame_of, in_charge, need_row
from api.papers.qr import svg
from api.store import Store
from ledger.clock import MICROS_PER_SECOND
from ledger.errors import NotFound
from ledger.parties.state import Standing
from ledger.shifts.codes import code_of, ends_at, step_of
from projections.reading import Cells


def screen_key(visit: Visit, shift_id: str) -> str:
    """What lets a tablet show the codes of one shift."""
    return visit.store.vault.blind(visit.ledger, "shift.screen", shift_id.encode())


def _may(visit: Visit, row: Cells, key: str) -> bool:
    if key and hmac.compare_digest(key.encode(), screen_key(visit, row["shift_id"]).encode()):
        return True
    return in_charge(visit, row) and not visit.view.state(Standing, visit.caller.actor).left


def screen_page(visit: Visit, shift_id: str, key: str, part: bool) -> Response:
    """The screen, or with `part` only what changes on it. Raises NotFound `no_such_shift` for others."""
    row = need_row(visit, shift_id)
    if not _may(visit, row, key):
        raise NotFound("no_such_shift", shift=shift_id)
    step = step_of(visit.now_at)
    code = code_of(partial(visit.store.vault.blind, visit.ledger), shift_id, step)
    running = calendar.runs_now(visit, row)
    opens = home_of(visit.request) + visit.url(f"shifts/{shift_id}/here", code=code)
    response = visit.page(
        "volunteer_code.html" if part else "volunteer_screen.html",
        tab="shifts",
        **frame_of(visit, row, ""),
        running=running,
        code=code,
        qr=Markup(svg(opens)) if running else "",  # noqa: S704  # our own drawing: squares, no text
        until=visit.clock(ends_at(step)),
        again=max(1, (ends_at(step) - visit.now_at) // MICROS_PER_SECOND + 1),
        came=row["came"],
        itself=visit.url(f"shifts/{shift_id}/screen", key=key or None),
        changing=visit.url(f"shifts/{shift_id}/screen", key=key or None, part="1"),
        tablet=home_of(visit.request) + visit.url(f"shifts/{shift_id}/screen", key=screen_key(visit, shift_id)),
        by_key=bool(key),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def add_screen(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/shifts/{shift_id}/screen`."""

    @pages.get("/{ledger}/shifts/{shift_id}/screen")
    def screen(request: Request, ledger: str, shift_id: str, key: str = "", part: str = "") -> Response:
        return screen_page(Visit(store, request, ledger), shift_id, key[:64], part == "1")
