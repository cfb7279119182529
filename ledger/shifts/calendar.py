"""Decisions that make the calendar: rotas, the shifts that come of them, and shifts by themselves."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.base import Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.clock import MICROS_PER_MINUTE, at_time, day_of
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import TEAM, prefix_of
from ledger.parties.state import need_member, need_party
from ledger.places.state import need_place
from ledger.policy.state import SINCE_EVER, Policy, policy_of
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.state import Rota, Shift, need_rota, need_shift
from ledger.units import DAY_MINUTES, check_minutes, check_quantity

MOST_PLACES = 500
"""Beyond it a shift is an event, and no sheet that one person can sign for (choice)."""
_WEEK = range(7)


def _check_people(view: View, c: do.PlanRota | do.ScheduleShift) -> None:
    need_place(view, c.place)
    need_member(view, c.in_charge)
    if c.organiser is not None:
        need_party(view, c.organiser)
    if c.team is not None:
        if prefix_of(c.team) != TEAM:
            raise Refused("bad_id", expected=TEAM)
        need_party(view, c.team)
    check_quantity(c.capacity, MOST_PLACES)


def plan_rota(view: View, c: do.PlanRota, scene: Scene) -> list[Fact]:
    """See `PlanRota`; only a worker plans, for whoever is named in charge may then sign for hours."""
    if view.state(Rota, check_id(c.rota_id, "rota")).planned is not None:
        raise Conflict("rota_exists", rota=c.rota_id)
    _check_people(view, c)
    if not c.weekdays or list(c.weekdays) != sorted(set(c.weekdays)) or not set(c.weekdays) <= set(_WEEK):
        raise Refused("bad_weekdays")
    if not 0 <= c.start_minute < DAY_MINUTES:
        raise Refused("bad_start_minute", minute=c.start_minute)
    check_minutes(c.minutes, DAY_MINUTES)
    if c.from_day < SINCE_EVER or (c.until_day is not None and c.until_day < c.from_day):
        raise Refused("implausible_date", day=(c.until_day or c.from_day).isoformat())
    return [
        facts.RotaPlanned(
            rota_id=c.rota_id,
            name=check_name(c.name),
            place=c.place,
            team=c.team,
            organiser=c.organiser,
            in_charge=c.in_charge,
            weekdays=c.weekdays,
            start_minute=c.start_minute,
            minutes=c.minutes,
            capacity=c.capacity,
            from_day=c.from_day,
            until_day=c.until_day,
            on_holidays=c.on_holidays,
            pooled=c.pooled,
            planned_by=scene.actor,
        )
    ]


def end_rota(view: View, c: do.EndRota, scene: Scene) -> list[Fact]:
    """See `EndRota`."""
    need_rota(view, c.rota_id)
    return [facts.RotaEnded(rota_id=c.rota_id, reason=c.reason, ended_by=scene.actor, day=scene.today)]


def rests_on(policy: Policy, day: date, today: date) -> bool:
    """Whether that day is a holiday by the rule in force today."""
    holidays = policy.value("calendar.holidays", today)
    return isinstance(holidays, tuple) and day.isoformat() in holidays


def start_of(planned: facts.RotaPlanned, day: date, zone: str) -> int:
    """The instant at which the rota's shift of that day begins."""
    hour, minute = divmod(planned.start_minute, 60)
    return at_time(day, hour, minute, zone)


def next_day(rota: Rota, policy: Policy, now_at: int, zone: str) -> date | None:
    """The first day whose shift is still to come and not in the calendar yet, as far ahead as policy says.

    None where there is none.
    """
    planned, today = rota.planned, day_of(now_at, zone)
    if planned is None or rota.ended:
        return None
    last = today + timedelta(days=policy.number("shifts.ahead_days", today))
    day = max(planned.from_day, today, (rota.last_day or SINCE_EVER) + timedelta(days=1))
    while day <= min(last, planned.until_day or last):
        rests = day.weekday() not in planned.weekdays or (not planned.on_holidays and rests_on(policy, day, today))
        if not rests and start_of(planned, day, zone) >= now_at:
            return day
        day += timedelta(days=1)
    return None


def schedule_from_rota(view: View, c: do.ScheduleFromRota, scene: Scene) -> list[Fact]:
    """See `ScheduleFromRota`; a shift of today that should have begun already is left out."""
    rota, planned = need_rota(view, c.rota_id)
    policy = policy_of(view)
    last = scene.today + timedelta(days=policy.number("shifts.ahead_days", scene.today))
    if c.day.weekday() not in planned.weekdays or c.day < planned.from_day:
        raise Refused("not_in_the_rota", day=c.day.isoformat())
    if planned.until_day is not None and c.day > planned.until_day:
        raise Refused("not_in_the_rota", day=c.day.isoformat())
    if not planned.on_holidays and rests_on(policy, c.day, scene.today):
        raise Refused("rests_on_holiday", day=c.day.isoformat())
    if c.day > last:
        raise Refused("too_far_ahead", last_day=last.isoformat())
    if rota.last_day is not None and c.day <= rota.last_day:
        raise Conflict("day_scheduled", day=c.day.isoformat())
    start_at = start_of(planned, c.day, scene.zone)
    if start_at < scene.now_at:
        raise Refused("shift_started", start_at=start_at)
    if view.state(Shift, check_id(c.shift_id, "shift")).scheduled is not None:
        raise Conflict("shift_exists", shift=c.shift_id)
    return [
        facts.ShiftScheduled(
            shift_id=c.shift_id,
            rota_id=c.rota_id,
            name=planned.name,
            place=planned.place,
            team=planned.team,
            organiser=planned.organiser,
            in_charge=planned.in_charge,
            day=c.day,
            start_at=start_at,
            end_at=start_at + planned.minutes * MICROS_PER_MINUTE,
            capacity=planned.capacity,
            pooled=planned.pooled,
        )
    ]


def schedule_shift(view: View, c: do.ScheduleShift, scene: Scene) -> list[Fact]:
    """See `ScheduleShift`."""
    if view.state(Shift, check_id(c.shift_id, "shift")).scheduled is not None:
        raise Conflict("shift_exists", shift=c.shift_id)
    _check_people(view, c)
    if c.end_at <= c.start_at:
        raise Refused("end_before_start")
    if c.start_at % MICROS_PER_MINUTE or c.end_at % MICROS_PER_MINUTE:
        raise Refused("not_whole_minutes")
    check_minutes((c.end_at - c.start_at) // MICROS_PER_MINUTE, DAY_MINUTES)
    return [
        facts.ShiftScheduled(
            shift_id=c.shift_id,
            name=check_name(c.name),
            place=c.place,
            team=c.team,
            organiser=c.organiser,
            in_charge=c.in_charge,
            day=_plausible(c.start_at, scene),
            start_at=c.start_at,
            end_at=c.end_at,
            capacity=c.capacity,
            pooled=c.pooled,
        )
    ]


def _plausible(start_at: int, scene: Scene) -> date:
    """The day of an instant that lies neither before the ledger's time nor more than a year ahead."""
    day = day_of(max(start_at, 0), scene.zone) if start_at < scene.now_at + _YEAR else date.max
    if not SINCE_EVER <= day < date.max:
        raise Refused("implausible_date", day=day.isoformat())
    return day


_YEAR = 366 * DAY_MINUTES * MICROS_PER_MINUTE


def of_charge(scene: Scene, scheduled: facts.ShiftScheduled) -> None:
    """A worker, or whoever is in charge of the shift; raises NotYours `shift_not_yours`."""
    if scene.role != "community_worker" and scene.actor != scheduled.in_charge:
        raise NotYours("shift_not_yours", shift=scheduled.shift_id)


def cancel_shift(view: View, c: do.CancelShift, scene: Scene) -> list[Fact]:
    """See `CancelShift`; not once somebody checked in, for that was time given."""
    shift, scheduled = need_shift(view, c.shift_id)
    of_charge(scene, scheduled)
    if shift.closed:
        raise Conflict("shift_closed", shift=c.shift_id)
    if any(seat.in_at for seat in shift.seats.values()) or shift.sessions:
        raise Refused("people_came", shift=c.shift_id)
    ended = [
        facts.SignupEnded(signup_id=signup_id, shift_id=c.shift_id, member=seat.member, cause="shift_cancelled")
        for signup_id, seat in shift.seats.items()
        if seat.status in ("booked", "waiting")
    ]
    return [facts.ShiftCancelled(shift_id=c.shift_id, reason=c.reason, cancelled_by=scene.actor), *ended]
