"""Recording sessions of service, and the verification that is part of a deposit."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, day_of, working_days_between
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.circles import check_consented
from ledger.hours.state import Account, Activity, DayLog
from ledger.parties.state import need_member, need_party
from ledger.places.state import need_place
from ledger.policy.state import SINCE_EVER, policy_of
from ledger.shifts.state import Pooled
from ledger.units import DAY_MINUTES, check_minutes

_OWN_ROLES = ("", "proxy")
"""Who enters a session of their own or of whom they stand for: a worker's or organiser's entry is not self-entry."""


def _length(c: do.RecordSession | do.DepositSession, scene: Scene) -> tuple[int, date]:
    """Minutes and last day of a session, from its minutes, its start and end, or both if they agree."""
    if c.day < SINCE_EVER or c.day > scene.today:
        raise Refused("implausible_date", day=c.day.isoformat())
    if (c.start_at is None) != (c.end_at is None):
        raise Refused("start_without_end")
    if c.start_at is None or c.end_at is None:
        if c.minutes is None:
            raise Refused("no_duration")
        return check_minutes(c.minutes, DAY_MINUTES), c.day
    if c.end_at <= c.start_at:
        raise Refused("end_before_start")
    if c.end_at > scene.now_at:
        raise Refused("session_in_future")
    if c.start_at < 0 or day_of(c.start_at, scene.zone) != c.day:
        raise Refused("start_on_another_day", day=c.day.isoformat())
    if (c.end_at - c.start_at) % MICROS_PER_MINUTE:
        raise Refused("not_whole_minutes")
    if c.end_at - c.start_at > MICROS_PER_DAY:
        raise Refused("longer_than_a_day")
    minutes = (c.end_at - c.start_at) // MICROS_PER_MINUTE
    if c.minutes is not None and c.minutes != minutes:
        raise Refused("minutes_disagree", stated=c.minutes, between=minutes)
    return minutes, day_of(c.end_at - 1, scene.zone)


def daily_cap(view: View, scene: Scene) -> int:
    """The most minutes that count on one day (policy, never above 24 hours)."""
    return min(policy_of(view).number("hours.daily_cap_minutes", scene.today), DAY_MINUTES)


def _check_day(view: View, c: do.RecordSession | do.DepositSession, minutes: int, last_day: date, scene: Scene) -> None:
    """Sessions of one volunteer may not overlap, and a day has its cap (policy, never above 24 hours)."""
    days = {c.day, last_day}
    for day in days:
        log = view.state(DayLog, facts.day_tag(c.volunteer, day))
        for session_id, (start_at, end_at, _) in log.sessions.items():
            if session_id == c.session_id:
                raise Conflict("session_exists", session=session_id)
            if start_at is None or end_at is None or c.start_at is None or c.end_at is None:
                continue
            if start_at < c.end_at and c.start_at < end_at:
                raise Refused("sessions_overlap", session=session_id)
        cap = daily_cap(view, scene)
        if day == c.day and log.minutes() + minutes > cap:
            raise Refused("daily_cap_exceeded", day=day.isoformat(), cap=cap, recorded=log.minutes(), asked=minutes)


def _lateness(view: View, c: do.RecordSession | do.DepositSession, scene: Scene, guarantor: str | None) -> bool:
    """Whether the entry is late (law 令67: within 10 working days).

    Late entry needs a guarantor other than the volunteer.
    """
    policy = policy_of(view)
    holidays = policy.value("calendar.holidays", scene.today)
    days = holidays if isinstance(holidays, tuple) else ()
    days_off = frozenset(date.fromisoformat(str(day)) for day in days)
    limit = policy.number("hours.entry_working_days", scene.today)
    if working_days_between(c.day, scene.today, days_off) <= limit:
        return False
    if guarantor is None:
        raise Refused("late_without_guarantor", days=limit)
    if guarantor == c.volunteer:
        raise Refused("guarantor_is_volunteer")
    return True


def recorded(
    view: View, c: do.RecordSession | do.DepositSession, scene: Scene, guarantor: str | None
) -> facts.SessionRecorded:
    """That somebody gave time, checked in every way, with whoever guarantees for it where it is entered late."""
    check_id(c.session_id, "ses")
    volunteer = need_member(view, c.volunteer)
    check_consented(view, c.volunteer, c.day, scene)
    if c.place is not None:
        need_place(view, c.place)
    if c.organiser is not None:
        need_party(view, c.organiser)
    if c.activity_id is not None:
        check_id(c.activity_id, "act")
    if c.in_charge is not None:
        need_member(view, c.in_charge)
    if c.guarantor is not None:
        need_member(view, c.guarantor)
    minutes, last_day = _length(c, scene)
    _check_day(view, c, minutes, last_day, scene)
    late = _lateness(view, c, scene, guarantor)
    return facts.SessionRecorded(
        session_id=c.session_id,
        volunteer=c.volunteer,
        activity_id=c.activity_id,
        day=c.day,
        last_day=last_day,
        start_at=c.start_at,
        end_at=c.end_at,
        minutes=minutes,
        origin=c.origin,
        place=c.place or volunteer.place,
        team=volunteer.team,
        unit=volunteer.unit,
        organiser=c.organiser,
        in_charge=c.in_charge,
        late=late,
        guarantor=guarantor if late else c.guarantor,
        recorder=scene.actor,
        words=scene.sealed,
    )


def banked(view: View, member_id: str, minutes: int, scene: Scene) -> tuple[int, str]:
    """How much of `minutes` is over the member's storage cap, and where it goes (policy)."""
    policy = policy_of(view)
    cap = policy.number_or_none("hours.storage_cap_minutes", scene.today)
    if cap is None:
        return 0, ""
    account = view.state(Account, member_id)
    room = max(0, cap - account.usable - account.held)
    if minutes <= room:
        return 0, ""
    return minutes - room, policy.text("hours.overflow_to", scene.today)


def verified(view: View, record: facts.SessionRecorded, minutes: int, scene: Scene) -> facts.SessionVerified:
    """That a session counts, said by the actor; what is over the volunteer's storage cap overflows.

    All of it goes to the pool where the shift was announced so.
    """
    if record.activity_id is not None and view.state(Pooled, record.activity_id).pooled:
        overflow, overflow_to = minutes, "pool"
    else:
        overflow, overflow_to = banked(view, record.volunteer, minutes, scene)
    return facts.SessionVerified(
        session_id=record.session_id,
        volunteer=record.volunteer,
        day=record.day,
        minutes=minutes,
        credited=minutes - overflow,
        overflow=overflow,
        overflow_to=overflow_to,
        origin=record.origin,
        verifier=scene.actor,
        place=record.place,
        team=record.team,
        unit=record.unit,
    )


def record_session(view: View, c: do.RecordSession, scene: Scene) -> list[Fact]:
    """See `RecordSession`."""
    if c.origin != "attested":
        raise Refused("origin_not_yours_to_state", origin=c.origin)
    if scene.role in _OWN_ROLES:
        check_may_act(view, c.volunteer, scene.today)
    return [recorded(view, c, scene, c.guarantor)]


def deposit_session(view: View, c: do.DepositSession, scene: Scene) -> list[Fact]:
    """See `DepositSession`: the worker who enters the list vouches for it, unless it names another guarantor."""
    if scene.actor == c.volunteer:
        raise NotYours("self_verification")
    record = recorded(view, c, scene, c.guarantor or scene.actor)
    if c.activity_id and scene.actor in view.state(Activity, c.activity_id).volunteers:
        raise NotYours("verifier_took_part")
    if policy_of(view).number("hours.verifiers", scene.today) > 1:
        return [record, facts.SessionEndorsed(session_id=c.session_id, verifier=scene.actor)]
    return [record, verified(view, record, record.minutes, scene)]
