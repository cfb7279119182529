"""Decisions about who was there: check-in, check-out, the sheet that another signs, and lists on paper."""

from __future__ import annotations

from msgspec.structs import replace

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_MINUTE, day_of, start_of_day
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import Origin, RecordSession
from ledger.hours.facts import SessionEndorsed, SessionRecorded
from ledger.hours.records import recorded, verified
from ledger.hours.state import Activity, Session
from ledger.parties.state import need_member
from ledger.policy.state import policy_of
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.calendar import of_charge
from ledger.shifts.codes import TOLERANCE_STEPS, step_of
from ledger.shifts.signups import minutes_of
from ledger.shifts.state import Seat, Shift, need_shift
from ledger.units import check_quantity

MOST_ROWS = 200
"""Rows of one paper list; a longer one is entered in parts."""


def _step(c: do.CheckIn | do.CheckOut, scene: Scene) -> int:
    """The minute whose code was shown, if it still counts; raises Refused (`wrong_code`, `code_expired`)."""
    if c.step is None:
        raise Refused("wrong_code", shift=c.shift_id)
    if abs(c.step - step_of(scene.now_at)) > TOLERANCE_STEPS:
        raise Refused("code_expired", shift=c.shift_id)
    return c.step


def _seat(shift: Shift, member: str) -> tuple[str, Seat]:
    held = shift.seat_of(member)
    if held is None:
        raise Refused("not_signed_up", shift=shift.tag)
    return held


def check_in(view: View, c: do.CheckIn, scene: Scene) -> list[Fact]:
    """See `CheckIn`; from a while before the shift begins until it ends."""
    shift, scheduled = need_shift(view, c.shift_id)
    need_member(view, c.member)
    check_may_act(view, c.member, scene.today)
    signup_id, seat = _seat(shift, c.member)
    if seat.status == "waiting":
        raise Refused("still_waiting", signup=signup_id)
    if seat.status != "booked":
        raise Conflict("already_checked_in", signup=signup_id, status=seat.status)
    from_at = scheduled.start_at - minutes_of(view, "shifts.early_minutes", scene)
    if scene.now_at < from_at:
        raise Refused("too_early", from_at=from_at)
    if scene.now_at >= scheduled.end_at:
        raise Refused("shift_over", shift=c.shift_id)
    step = _step(c, scene)
    return [
        facts.CheckedIn(
            signup_id=signup_id, shift_id=c.shift_id, member=c.member, step=step, checked_at=scene.now_at
        )
    ]  # fmt: skip


def _session(
    view: View,
    scheduled: facts.ShiftScheduled,
    scene: Scene,
    *,
    session_id: str,
    member: str,
    start_at: int,
    end_at: int,
    origin: Origin,
    guarantor: str | None,
) -> SessionRecorded:
    """A session of the shift, to the minute, guaranteed for where it is entered late.

    Whoever is in charge may have left since and blocks nothing.
    """
    start_at -= start_at % MICROS_PER_MINUTE
    end_at -= end_at % MICROS_PER_MINUTE
    asked = RecordSession(
        session_id=session_id,
        volunteer=member,
        day=day_of(max(start_at, 0), scene.zone),
        start_at=start_at,
        end_at=end_at,
        origin=origin,
        place=scheduled.place,
    )
    found = recorded(view, asked, scene, guarantor)
    return replace(
        found, activity_id=scheduled.shift_id, organiser=scheduled.organiser, in_charge=scheduled.in_charge
    )  # fmt: skip


def check_out(view: View, c: do.CheckOut, scene: Scene) -> list[Fact]:
    """See `CheckOut`; who goes is never held back: where no session can follow, the fact says why."""
    shift, scheduled = need_shift(view, c.shift_id)
    signup_id, seat = _seat(shift, c.member)
    if seat.status in ("booked", "waiting"):
        raise Refused("not_checked_in", signup=signup_id)
    if seat.status != "in" or shift.closed:
        raise Conflict("signup_settled", signup=signup_id, status=seat.status)
    step = _step(c, scene)
    if step <= seat.step:
        raise Conflict("code_used", shift=c.shift_id)
    if scene.now_at // MICROS_PER_MINUTE <= seat.in_at // MICROS_PER_MINUTE:
        raise Refused("too_soon", shift=c.shift_id)
    check_id(c.session_id, "ses")
    gone = facts.CheckedOut(
        signup_id=signup_id, shift_id=c.shift_id, member=c.member, step=step, checked_at=scene.now_at
    )
    try:
        session = _session(
            view, scheduled, scene, session_id=c.session_id, member=c.member, start_at=seat.in_at,
            end_at=scene.now_at, origin="scanned", guarantor=None,
        )  # fmt: skip
    except Refused as barrier:
        return [replace(gone, barrier=barrier.code)]
    return [replace(gone, session_id=c.session_id), session]


def attest_check_out(view: View, c: do.AttestCheckOut, scene: Scene) -> list[Fact]:
    """See `AttestCheckOut`."""
    shift, scheduled = need_shift(view, c.shift_id)
    of_charge(scene, scheduled)
    signup_id, seat = _seat(shift, c.member)
    if scene.actor == c.member:
        raise NotYours("self_verification")
    if not seat.in_at:
        raise Refused("not_checked_in", signup=signup_id)
    if seat.status not in ("in", "no_check_out"):
        raise Conflict("signup_settled", signup=signup_id, status=seat.status)
    latest_at = min(scene.now_at, scheduled.end_at + minutes_of(view, "shifts.late_minutes", scene))
    if not seat.in_at < c.out_at <= latest_at:
        raise Refused("implausible_check_out", from_at=seat.in_at, until_at=latest_at)
    session = _session(
        view, scheduled, scene, session_id=c.session_id, member=c.member, start_at=seat.in_at, end_at=c.out_at,
        origin="attested", guarantor=scene.actor,
    )  # fmt: skip
    attested = facts.CheckOutAttested(
        signup_id=signup_id,
        shift_id=c.shift_id,
        member=c.member,
        session_id=c.session_id,
        out_at=c.out_at,
        attested_by=scene.actor,
    )
    return [attested, session]


def confirm_shift(view: View, c: do.ConfirmShift, scene: Scene) -> list[Fact]:
    """See `ConfirmShift`; nobody signs for an activity they served in, nor for what they themselves entered."""
    shift, scheduled = need_shift(view, c.shift_id)
    of_charge(scene, scheduled)
    if scene.actor in view.state(Activity, c.shift_id).volunteers:
        raise NotYours("verifier_took_part")
    signed: list[Fact] = []
    needed = policy_of(view).number("hours.verifiers", scene.today)
    entered = False
    for session_id in shift.sessions:
        session = view.state(Session, session_id)
        record = session.record
        if record is None or session.status not in ("recorded", "endorsed") or scene.actor in session.endorsers:
            continue
        if record.origin != "scanned" and scene.actor in (record.recorder, record.guarantor):
            entered = True
        elif len(session.endorsers) + 1 < needed:
            signed.append(SessionEndorsed(session_id=session_id, verifier=scene.actor))
        else:
            signed.append(verified(view, record, session.minutes, scene))
    if not signed:
        raise NotYours("entered_by_yourself") if entered else Conflict("nothing_to_confirm", shift=c.shift_id)
    return [facts.ShiftConfirmed(shift_id=c.shift_id, confirmed_by=scene.actor), *signed]


def record_paper_list(view: View, c: do.RecordPaperList, scene: Scene) -> list[Fact]:
    """See `RecordPaperList`."""
    shift, scheduled = need_shift(view, c.shift_id)
    of_charge(scene, scheduled)
    if check_id(c.list_id, "list") in shift.lists:
        raise Conflict("list_exists", list=c.list_id)
    need_member(view, c.guarantor)
    check_quantity(len(c.rows), MOST_ROWS)
    found: list[Fact] = []
    served = set(shift.served)
    for number, row in enumerate(c.rows, 1):
        entered, session = _paper_row(view, c, scene, shift, scheduled, served, number, row)
        if session is None and c.whole:
            raise Refused("paper_row_refused", row=number, reason=entered.barrier)
        if session is None:
            found.append(entered)
        else:
            served.add(row.member)
            found += [entered, session]
    listed = facts.PaperListEntered(
        list_id=c.list_id,
        shift_id=c.shift_id,
        guarantor=c.guarantor,
        whole=c.whole,
        rows=len(c.rows),
        entered_by=scene.actor,
    )
    return [listed, *found]


def _paper_row(
    view: View,
    c: do.RecordPaperList,
    scene: Scene,
    shift: Shift,
    scheduled: facts.ShiftScheduled,
    served: set[str],
    number: int,
    row: do.PaperRow,
) -> tuple[facts.PaperRowEntered, SessionRecorded | None]:
    """One row, and its session if there is one. Its number makes the ids of both, so that a replay finds the same."""
    own = f"{c.list_id.partition('_')[2]}.{number}"
    session_id = f"ses_{own}"
    held = shift.seat_of(check_id(row.member, "mem"))
    entered = facts.PaperRowEntered(
        row_id=f"row_{own}",
        list_id=c.list_id,
        shift_id=c.shift_id,
        row=number,
        member=row.member,
        from_minute=row.from_minute,
        to_minute=row.to_minute,
        signup_id=None if held is None else held[0],
    )
    midnight = start_of_day(scheduled.day, scene.zone)
    start_at, end_at = (midnight + minute * MICROS_PER_MINUTE for minute in (row.from_minute, row.to_minute))
    try:
        if c.guarantor == row.member:
            raise Refused("guarantor_is_volunteer")
        if row.member in served:
            raise Conflict("already_served", member=row.member)
        early, late = (minutes_of(view, f"shifts.{one}_minutes", scene) for one in ("early", "late"))
        if start_at < scheduled.start_at - early or end_at > scheduled.end_at + late:
            raise Refused("outside_the_shift", row=number)
        session = _session(
            view, scheduled, scene, session_id=session_id, member=row.member, start_at=start_at, end_at=end_at,
            origin="attested", guarantor=c.guarantor,
        )  # fmt: skip
    except (Refused, Conflict, NotFound) as barrier:
        return replace(entered, barrier=barrier.code), None
    return replace(entered, session_id=session_id), replace(session, guarantor=c.guarantor)
