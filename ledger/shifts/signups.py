"""Decisions about who will come: signing up, waiting, moving up, withdrawing, and what came of it at the end."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_MINUTE
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, Refused
from ledger.hours.circles import check_consented
from ledger.parties.state import Standing, need_member
from ledger.policy.state import policy_of
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.state import Plans, Shift, need_shift


def minutes_of(view: View, name: str, scene: Scene) -> int:
    """A rule in minutes, as microseconds."""
    return policy_of(view).number(name, scene.today) * MICROS_PER_MINUTE


def sign_up(view: View, c: do.SignUp, scene: Scene) -> list[Fact]:
    """See `SignUp`; until the shift is over, and never for two at the same time."""
    check_id(c.signup_id, "sgn")
    shift, scheduled = need_shift(view, c.shift_id)
    standing = need_member(view, c.member)
    check_may_act(view, c.member, scene.today)
    check_consented(view, c.member, scheduled.day, scene)
    if shift.closed or scene.now_at >= scheduled.end_at:
        raise Refused("shift_over", shift=c.shift_id)
    if scheduled.team is not None and standing.team != scheduled.team:
        raise Refused("not_of_the_team", team=scheduled.team)
    if c.signup_id in shift.seats:
        raise Conflict("signup_exists", signup=c.signup_id)
    held = shift.seat_of(c.member)
    if held is not None:
        raise Conflict("already_signed_up", signup=held[0])
    for signup_id, (start_at, end_at) in view.state(Plans, c.member).open.items():
        if start_at < scheduled.end_at and scheduled.start_at < end_at:
            raise Refused("signed_up_elsewhere", signup=signup_id)
    return [
        facts.SignedUp(
            signup_id=c.signup_id,
            shift_id=c.shift_id,
            member=c.member,
            waiting=shift.taken() >= scheduled.capacity,
            start_at=scheduled.start_at,
            end_at=scheduled.end_at,
        )
    ]


def withdraw_signup(view: View, c: do.WithdrawSignup, scene: Scene) -> list[Fact]:
    """See `WithdrawSignup`; a place that becomes free goes to whoever waited longest and may still come."""
    shift, scheduled = need_shift(view, c.shift_id)
    held = shift.seat_of(c.member)
    if held is None:
        raise NotFound("no_such_signup", shift=c.shift_id)
    signup_id, seat = held
    if seat.status not in ("booked", "waiting") or shift.closed:
        raise Conflict("signup_settled", signup=signup_id, status=seat.status)
    gone = view.state(Standing, c.member).left
    if scene.now_at >= scheduled.start_at and not gone:
        raise Refused("shift_started", start_at=scheduled.start_at)
    cause = "left" if gone else "in_time"
    notice = minutes_of(view, "shifts.notice_minutes", scene)
    if seat.status == "booked" and not gone and scene.now_at > scheduled.start_at - notice:
        cause = "short_notice"
    ended = facts.SignupEnded(signup_id=signup_id, shift_id=c.shift_id, member=c.member, cause=cause)
    if seat.status == "waiting" or scene.now_at >= scheduled.end_at:
        return [ended]
    return [ended, *_next(view, shift, scene)]


def _next(view: View, shift: Shift, scene: Scene) -> list[Fact]:
    """Who left or may take on nothing new is passed over and blocks nobody."""
    for signup_id, member in shift.waiting():
        if view.state(Standing, member).left:
            continue
        try:
            check_may_act(view, member, scene.today)
        except Refused:
            continue
        return [facts.MovedUp(signup_id=signup_id, shift_id=shift.tag, member=member)]
    return []


def close_shift(view: View, c: do.CloseShift, scene: Scene) -> list[Fact]:
    """See `CloseShift`; who left in the meantime broke no promise by it."""
    shift, scheduled = need_shift(view, c.shift_id)
    if shift.closed:
        raise Conflict("shift_closed", shift=c.shift_id)
    due_at = scheduled.end_at + minutes_of(view, "shifts.late_minutes", scene)
    if scene.now_at < due_at:
        raise Refused("not_yet_due", until_at=due_at)
    closed: list[Fact] = [facts.ShiftClosed(shift_id=c.shift_id)]
    for signup_id, seat in shift.seats.items():
        named = {"signup_id": signup_id, "shift_id": c.shift_id, "member": seat.member}
        if seat.status == "in":
            closed.append(facts.CheckOutMissed(**named))
        elif seat.status == "waiting":
            closed.append(facts.SignupEnded(**named, cause="full"))
        elif seat.status == "booked" and view.state(Standing, seat.member).left:
            closed.append(facts.SignupEnded(**named, cause="left"))
        elif seat.status == "booked":
            closed.append(facts.ShiftNotAttended(**named, day=scheduled.day))
    return closed
