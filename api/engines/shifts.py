"""How the engine `shifts` is reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select

from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from api.wire import Instant, instant
from ledger.base import Command, View
from ledger.clock import DEFAULT_ZONE, MICROS_PER_MINUTE, day_of
from ledger.errors import NotYours
from ledger.parties.state import Standing
from ledger.places.state import Opening
from ledger.policy.state import policy_of
from ledger.shifts import commands as do
from ledger.shifts.calendar import next_day
from ledger.shifts.codes import code_of, ends_at, step_of
from ledger.shifts.state import Rota, need_shift
from projections.books.engines.shifts_tables import paper_lists, paper_rows, rotas, shifts, signups
from projections.books.tables import members
from projections.reading import fetch

_ROTA, _SHIFT, _TAG = "/rotas/{rota_id}", "/shifts/{shift_id}", "shifts"
_AT_ONCE = 100
"""Of each kind that comes due, per look; what is left waits for the next one."""
_WORKERS = frozenset({"community_worker"})

WRITES: tuple[Write, ...] = (
    Write("/rotas", do.PlanRota, _TAG, location=_ROTA),
    Write(_ROTA + "/end", do.EndRota, _TAG, "rota_id"),
    Write(_ROTA + "/shifts", do.ScheduleFromRota, _TAG, location=_SHIFT),
    Write("/shifts", do.ScheduleShift, _TAG, location=_SHIFT),
    Write(_SHIFT + "/cancel", do.CancelShift, _TAG, "shift_id"),
    Write(_SHIFT + "/signups", do.SignUp, _TAG, location="/signups/{signup_id}"),
    Write(_SHIFT + "/signups/withdraw", do.WithdrawSignup, _TAG),
    Write(_SHIFT + "/check-in", do.CheckIn, _TAG, hidden=("step",)),
    Write(_SHIFT + "/check-out", do.CheckOut, _TAG, hidden=("step",)),
    Write(_SHIFT + "/close", do.CloseShift, _TAG, "shift_id"),
    Write(_SHIFT + "/attested-check-outs", do.AttestCheckOut, _TAG, location="/sessions/{session_id}"),
    Write(_SHIFT + "/confirm", do.ConfirmShift, _TAG, "shift_id"),
    Write(_SHIFT + "/paper-lists", do.RecordPaperList, _TAG, location="/paper-lists/{list_id}"),
)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="rotas", one="rota", table=rotas, tag=_TAG, reads=Reads(public=True),
        about="Shifts that recur every week, newest first.", parties=("team", "organiser", "in_charge"),
        lists=("weekdays",), filters=("status", "place", "team", "in_charge"), order=(("number", True),),
    ),
    Shelf(
        name="shifts", one="shift", table=shifts, tag=_TAG, reads=Reads(public=True),
        about="Shifts by the time they begin: who is in charge, how many places there are and how many came.",
        parties=("team", "organiser", "in_charge"), filters=("status", "place", "rota_id", "team", "in_charge", "day"),
        order=(("start_at", False), ("number", False)),
    ),
    Shelf(
        name="signups", one="signup", table=signups, tag=_TAG,
        reads=Reads(roles=READ_ALL, own="the member, and whoever is in charge of the shift"),
        about="Who will come, who waits, and what became of it, in the order in which they signed up.",
        own=("member", "in_charge"), parties=("member",), hidden=("in_charge",),
        filters=("shift_id", "member", "in_charge", "status"),
    ),
    Shelf(
        name="paper_lists", one="paper_list", table=paper_lists, tag=_TAG,
        reads=Reads(roles=READ_ALL, own="the guarantor, and who entered it"),
        about="Lists on paper that were entered later, newest first.", own=("guarantor", "entered_by"),
        parties=("guarantor", "entered_by"), filters=("shift_id", "guarantor", "entered_by"),
        order=(("number", True),),
    ),
    Shelf(
        name="paper_rows", one="paper_row", table=paper_rows, tag=_TAG,
        reads=Reads(roles=READ_ALL, own="the member, and who entered the list"),
        about="The rows of lists on paper: their sessions, or why there is none.", own=("member", "entered_by"),
        parties=("member",), hidden=("entered_by",), filters=("list_id", "shift_id", "member", "entered_by"),
    ),
)  # fmt: skip


class ShiftCode(msgspec.Struct, frozen=True, kw_only=True):
    """The code of a shift, which another replaces at `until_at`; to be shown at the place, on a screen or as a QR code."""

    shift_id: str
    code: str
    until_at: Instant


def shift_code(asked: Asked, _query: msgspec.Struct) -> ShiftCode:
    """The code with which people check in and out now; for whoever is in charge of the shift, and workers."""
    view = asked.store.application.view(asked.ledger)
    _, scheduled = need_shift(view, asked.path["shift_id"])
    in_charge = scheduled.in_charge == asked.caller.actor and not view.state(Standing, scheduled.in_charge).left
    if not in_charge and not asked.caller.holds(_WORKERS, scheduled.shift_id):
        raise NotYours("shift_not_yours", shift=scheduled.shift_id)
    step = step_of(asked.store.clock())
    code = code_of(partial(asked.store.vault.blind, asked.ledger), scheduled.shift_id, step)
    return ShiftCode(shift_id=scheduled.shift_id, code=code, until_at=instant(ends_at(step)))


READS: tuple[Read, ...] = (
    Read(
        _SHIFT + "/code", shift_code, _TAG,
        reads=Reads(roles=_WORKERS, own="whoever is in charge of the shift"),
    ),
)  # fmt: skip

FIGURES: dict[str, dict[str, str]] = {}


def _zone(view: View) -> str:
    opened = view.state(Opening, "ledger").opened
    return DEFAULT_ZONE if opened is None else opened.zone


def _running() -> Select[Any]:
    c = rotas.c
    return select(c.rota_id).where(c.ledger == bindparam("l"), c.status == bindparam("s")).order_by(c.number)


def come_near(store: Store, ledger: str, now_at: int) -> list[Command]:
    """One shift of every rota that has a day within policy's reach which is not in the calendar yet."""
    with store.database.reading() as cursor:
        rows = fetch(store.database, cursor, "rotas_running", _running, l=ledger, s="running")
    if not rows:
        return []
    view = store.application.view(ledger)
    zone, policy = _zone(view), policy_of(view)
    days = ((str(row[0]), next_day(view.state(Rota, str(row[0])), policy, now_at, zone)) for row in rows)
    found = [do.ScheduleFromRota(rota_id=rota_id, day=day) for rota_id, day in days if day is not None]
    return list(found[:_AT_ONCE])


def _over() -> Select[Any]:
    c = shifts.c
    due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.end_at <= bindparam("at"))
    return select(c.shift_id).where(*due).order_by(c.end_at).limit(bindparam("n"))


def to_close(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Shifts whose time to check out is over."""
    view = store.application.view(ledger)
    late = policy_of(view).number("shifts.late_minutes", day_of(now_at, _zone(view))) * MICROS_PER_MINUTE
    with store.database.reading() as cursor:
        rows = fetch(store.database, cursor, "shifts_over", _over, l=ledger, s="open", at=now_at - late, n=_AT_ONCE)
    return [do.CloseShift(shift_id=str(row[0])) for row in rows]


def _departed() -> Select[Any]:
    c = signups.c
    gone = members.c.ledger == c.ledger, members.c.member_id == c.member, members.c.departed == bindparam("d")
    due = c.ledger == bindparam("l"), c.status.in_([bindparam("s1"), bindparam("s2")]), c.end_at > bindparam("at")
    return select(c.shift_id, c.member).where(*due, *gone).order_by(c.number).limit(bindparam("n"))


def left_behind(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Places of members who left the community: others may have them."""
    with store.database.reading() as cursor:
        rows = fetch(
            store.database, cursor, "signups_left", _departed, l=ledger, s1="booked", s2="waiting", at=now_at, d=1,
            n=_AT_ONCE,
        )  # fmt: skip
    return [do.WithdrawSignup(shift_id=str(shift_id), member=str(member)) for shift_id, member in rows]


DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (come_near, to_close, left_behind)
