"""Decisions of the time bank (domain.md §2, Hours)."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.base import Fact, Right, Rule, Scene, View
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, day_of, working_days_between
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.state import Account, Activity, DayLog, Pool, Reservation, Session
from ledger.parties.state import need_member
from ledger.policy.state import SINCE_EVER, policy_of
from ledger.units import DAY_MINUTES, check_minutes


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
    if day_of(c.start_at, scene.zone) != c.day:
        raise Refused("start_on_another_day", day=c.day.isoformat())
    if c.end_at <= c.start_at:
        raise Refused("end_before_start")
    if c.end_at > scene.now_at:
        raise Refused("session_in_future")
    if (c.end_at - c.start_at) % MICROS_PER_MINUTE:
        raise Refused("not_whole_minutes")
    if c.end_at - c.start_at > MICROS_PER_DAY:
        raise Refused("longer_than_a_day")
    minutes = (c.end_at - c.start_at) // MICROS_PER_MINUTE
    if c.minutes is not None and c.minutes != minutes:
        raise Refused("minutes_disagree", stated=c.minutes, between=minutes)
    return minutes, day_of(c.end_at - 1, scene.zone)


def _check_day(view: View, c: do.RecordSession | do.DepositSession, minutes: int, last_day: date, scene: Scene) -> None:
    """Sessions of one volunteer may not overlap, and a day has its cap (policy, never above 24 hours)."""
    days = {c.day, last_day}
    for day in days:
        log = view.state(DayLog, facts.day_tag(c.volunteer, day))
        for session_id, (start_at, end_at, _) in log.sessions.items():
            if session_id == c.session_id:
                raise Conflict("session_exists", session=session_id)
            if None in (start_at, end_at, c.start_at, c.end_at):
                continue
            if start_at < c.end_at and c.start_at < end_at:  # type: ignore[operator]  # None was excluded just above
                raise Refused("sessions_overlap", session=session_id)
        cap = min(policy_of(view).number("hours.daily_cap_minutes", scene.today), DAY_MINUTES)
        if day == c.day and log.minutes() + minutes > cap:
            raise Refused("daily_cap_exceeded", day=day.isoformat(), cap=cap, recorded=log.minutes(), asked=minutes)


def _lateness(view: View, c: do.RecordSession | do.DepositSession, scene: Scene, guarantor: str | None) -> bool:
    """Whether the entry is late (law 令67: within 10 working days); late entry needs a guarantor other than the volunteer."""
    policy = policy_of(view)
    holidays = policy.value("calendar.holidays", scene.today)
    days_off = frozenset(date.fromisoformat(str(day)) for day in holidays) if isinstance(holidays, tuple) else frozenset()
    limit = policy.number("hours.entry_working_days", scene.today)
    if working_days_between(c.day, scene.today, days_off) <= limit:
        return False
    if guarantor is None:
        raise Refused("late_without_guarantor", days=limit)
    if guarantor == c.volunteer:
        raise Refused("guarantor_is_volunteer")
    return True


def _recorded(view: View, c: do.RecordSession | do.DepositSession, scene: Scene, guarantor: str | None) -> facts.SessionRecorded:
    volunteer = need_member(view, c.volunteer)
    if c.in_charge is not None:
        need_member(view, c.in_charge)
    if c.guarantor is not None:
        need_member(view, c.guarantor)
    minutes, last_day = _length(c, scene)
    _check_day(view, c, minutes, last_day, scene)
    late = _lateness(view, c, scene, guarantor)
    return facts.SessionRecorded(
        session_id=c.session_id, volunteer=c.volunteer, activity_id=c.activity_id, day=c.day, last_day=last_day,
        start_at=c.start_at, end_at=c.end_at, minutes=minutes, origin=c.origin, place=c.place or volunteer.place,
        team=volunteer.team, unit=volunteer.unit, organiser=c.organiser, in_charge=c.in_charge,
        late=late, guarantor=guarantor if late else c.guarantor, recorder=scene.actor, words=scene.sealed,
    )


def record_session(view: View, c: do.RecordSession, scene: Scene) -> list[Fact]:
    """See `RecordSession`."""
    if c.origin != "attested":
        raise Refused("origin_not_yours_to_state", origin=c.origin)
    return [_recorded(view, c, scene, c.guarantor)]


def deposit_session(view: View, c: do.DepositSession, scene: Scene) -> list[Fact]:
    """See `DepositSession`: the worker who enters the list vouches for it, unless it names another guarantor."""
    if scene.actor == c.volunteer:
        raise NotYours("self_verification")
    record = _recorded(view, c, scene, c.guarantor or scene.actor)
    if c.activity_id and scene.actor in view.state(Activity, c.activity_id).volunteers:
        raise NotYours("verifier_took_part")
    if policy_of(view).number("hours.verifiers", scene.today) > 1:
        return [record, facts.SessionEndorsed(session_id=c.session_id, verifier=scene.actor)]
    return [record, _verified(view, record, record.minutes, scene)]


def _banked(view: View, member_id: str, minutes: int, scene: Scene) -> tuple[int, str]:
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


def _verified(view: View, record: facts.SessionRecorded, minutes: int, scene: Scene) -> facts.SessionVerified:
    overflow, overflow_to = _banked(view, record.volunteer, minutes, scene)
    return facts.SessionVerified(
        session_id=record.session_id, volunteer=record.volunteer, day=record.day, minutes=minutes,
        credited=minutes - overflow, overflow=overflow, overflow_to=overflow_to, origin=record.origin,
        verifier=scene.actor, place=record.place, team=record.team, unit=record.unit,
    )


def _open_session(view: View, session_id: str, scene: Scene) -> tuple[Session, facts.SessionRecorded]:
    """A session that waits for a verifier who is neither its volunteer nor took part in it."""
    session = view.state(Session, session_id)
    if session.record is None:
        raise NotFound("no_such_session", session=session_id)
    if session.status not in ("recorded", "endorsed"):
        raise Conflict("session_settled", session=session_id, status=session.status)
    if scene.actor == session.record.volunteer:
        raise NotYours("self_verification")
    activity = session.record.activity_id
    if activity and scene.actor in view.state(Activity, activity).volunteers:
        raise NotYours("verifier_took_part")
    return session, session.record


def verify_session(view: View, c: do.VerifySession, scene: Scene) -> list[Fact]:
    """See `VerifySession`; the first of two verifiers endorses where policy asks for two."""
    session, record = _open_session(view, c.session_id, scene)
    if scene.actor in session.endorsers:
        raise NotYours("already_endorsed")
    needed = policy_of(view).number("hours.verifiers", scene.today)
    if len(session.endorsers) + 1 < needed:
        return [facts.SessionEndorsed(session_id=c.session_id, verifier=scene.actor)]
    return [_verified(view, record, session.minutes, scene)]


def reject_session(view: View, c: do.RejectSession, scene: Scene) -> list[Fact]:
    """See `RejectSession`."""
    _, record = _open_session(view, c.session_id, scene)
    return [
        facts.SessionRejected(
            session_id=c.session_id, volunteer=record.volunteer, day=record.day, last_day=record.last_day,
            reason=c.reason, verifier=scene.actor,
        )
    ]


def request_correction(view: View, c: do.RequestCorrection, scene: Scene) -> list[Fact]:
    """See `RequestCorrection`; 0 minutes asks to strike the record."""
    session = view.state(Session, c.session_id)
    if session.record is None or session.record.volunteer != c.volunteer:
        raise NotFound("no_such_session", session=c.session_id)
    if session.status != "verified":
        raise Conflict("session_not_verified", session=c.session_id, status=session.status)
    if session.correction is not None:
        raise Conflict("correction_pending", correction=session.correction.correction_id)
    if c.minutes != 0:
        check_minutes(c.minutes, DAY_MINUTES)
    if c.minutes == session.minutes:
        raise Refused("nothing_to_correct")
    return [
        facts.CorrectionRequested(
            correction_id=c.correction_id, session_id=c.session_id, volunteer=c.volunteer, minutes=c.minutes,
            requested_by=scene.actor, words=scene.sealed,
        )
    ]


def _asked_correction(view: View, session_id: str, correction_id: str, scene: Scene) -> tuple[Session, facts.CorrectionRequested]:
    session = view.state(Session, session_id)
    if session.correction is None or session.correction.correction_id != correction_id:
        raise NotFound("no_such_correction", correction=correction_id)
    if scene.actor in (session.correction.requested_by, session.correction.volunteer):
        raise NotYours("self_verification")
    return session, session.correction


def approve_correction(view: View, c: do.ApproveCorrection, scene: Scene) -> list[Fact]:
    """See `ApproveCorrection`; what was already spent may leave the balance below zero until it is made up."""
    session, asked = _asked_correction(view, c.session_id, c.correction_id, scene)
    record = session.record
    if record is None:
        raise NotFound("no_such_session", session=c.session_id)
    difference = asked.minutes - session.minutes
    if difference > 0:
        log = view.state(DayLog, facts.day_tag(asked.volunteer, record.day))
        cap = min(policy_of(view).number("hours.daily_cap_minutes", scene.today), DAY_MINUTES)
        if log.minutes() + difference > cap:
            raise Refused("daily_cap_exceeded", day=record.day.isoformat(), cap=cap, recorded=log.minutes(), asked=difference)
    return [
        facts.SessionCorrected(
            correction_id=c.correction_id, session_id=c.session_id, volunteer=asked.volunteer, day=record.day,
            last_day=record.last_day, original_minutes=session.minutes, corrected_minutes=asked.minutes,
            difference=difference, checker=scene.actor, place=record.place, team=record.team, unit=record.unit,
        )
    ]


def refuse_correction(view: View, c: do.RefuseCorrection, scene: Scene) -> list[Fact]:
    """See `RefuseCorrection`."""
    _, asked = _asked_correction(view, c.session_id, c.correction_id, scene)
    return [
        facts.CorrectionRefused(
            correction_id=c.correction_id, session_id=c.session_id, volunteer=asked.volunteer, reason=c.reason,
            checker=scene.actor,
        )
    ]


def _take(view: View, member_id: str, minutes: int, scene: Scene) -> None:
    """Refuse to take more than the member may use (no overdraft by default; policy may allow one)."""
    check_minutes(minutes)
    account = view.state(Account, member_id)
    overdraft = policy_of(view).number("hours.overdraft_minutes", scene.today)
    if account.usable + overdraft < minutes:
        raise Refused("insufficient_hours", usable=account.usable, asked=minutes)


def give_hours(view: View, c: do.GiveHours, scene: Scene) -> list[Fact]:
    """See `GiveHours`."""
    need_member(view, c.giver)
    need_member(view, c.receiver)
    if c.giver == c.receiver:
        raise Refused("gift_to_oneself")
    _take(view, c.giver, c.minutes, scene)
    overflow, overflow_to = _banked(view, c.receiver, c.minutes, scene)
    return [
        facts.HoursGiven(
            giver=c.giver, receiver=c.receiver, minutes=c.minutes, overflow=overflow, overflow_to=overflow_to,
            words=scene.sealed,
        )
    ]


def donate_hours(view: View, c: do.DonateHours, scene: Scene) -> list[Fact]:
    """See `DonateHours`."""
    need_member(view, c.giver)
    _take(view, c.giver, c.minutes, scene)
    return [facts.HoursDonated(giver=c.giver, minutes=c.minutes, words=scene.sealed)]


def grant_from_pool(view: View, c: do.GrantFromPool, scene: Scene) -> list[Fact]:
    """See `GrantFromPool`; nobody grants to themselves, and the pool never goes below zero."""
    need_member(view, c.receiver)
    check_minutes(c.minutes)
    if scene.actor == c.receiver:
        raise NotYours("grant_to_oneself")
    pool = view.state(Pool, "pool").minutes
    if pool < c.minutes:
        raise Refused("insufficient_pool", pool=pool, asked=c.minutes)
    over, _ = _banked(view, c.receiver, c.minutes, scene)
    if over:
        raise Refused("storage_cap_reached", over=over)
    return [facts.PoolGranted(receiver=c.receiver, minutes=c.minutes, granted_by=scene.actor, words=scene.sealed)]


def reserve_hours(view: View, c: do.ReserveHours, scene: Scene) -> list[Fact]:
    """See `ReserveHours`."""
    need_member(view, c.member)
    if c.provider is not None:
        need_member(view, c.provider)
        if c.provider == c.member:
            raise Refused("gift_to_oneself")
    _take(view, c.member, c.minutes, scene)
    days = policy_of(view).number("hours.reservation_days", scene.today)
    return [
        facts.HoursReserved(
            reservation_id=c.reservation_id, member=c.member, minutes=c.minutes, provider=c.provider,
            request_id=c.request_id, until_at=scene.now_at + days * MICROS_PER_DAY, words=scene.sealed,
        )
    ]


def _open_reservation(view: View, reservation_id: str) -> facts.HoursReserved:
    reservation = view.state(Reservation, reservation_id)
    if reservation.made is None:
        raise NotFound("no_such_reservation", reservation=reservation_id)
    if reservation.status != "open":
        raise Conflict("reservation_settled", reservation=reservation_id, status=reservation.status)
    return reservation.made


def _of_member_or_worker(scene: Scene, made: facts.HoursReserved) -> None:
    if scene.role == "" and made.member not in (scene.actor, scene.behalf):
        raise NotYours("not_your_reservation")


def settle_reservation(view: View, c: do.SettleReservation, scene: Scene) -> list[Fact]:
    """See `SettleReservation`; confirmed by the member who reserved, a proxy, or a worker who is not the provider."""
    made = _open_reservation(view, c.reservation_id)
    _of_member_or_worker(scene, made)
    if scene.actor == made.provider:
        raise NotYours("self_verification")
    if scene.now_at >= made.until_at:
        raise Refused("reservation_expired", reservation=c.reservation_id)
    overflow, overflow_to = (0, "") if made.provider is None else _banked(view, made.provider, made.minutes, scene)
    return [
        facts.HoursRedeemed(
            reservation_id=c.reservation_id, member=made.member, provider=made.provider, minutes=made.minutes,
            overflow=overflow, overflow_to=overflow_to,
        )
    ]


def release_reservation(view: View, c: do.ReleaseReservation, scene: Scene) -> list[Fact]:
    """See `ReleaseReservation`."""
    made = _open_reservation(view, c.reservation_id)
    _of_member_or_worker(scene, made)
    return [
        facts.HoursReleased(
            reservation_id=c.reservation_id, member=made.member, minutes=made.minutes, cause="cancelled"
        )
    ]


def expire_reservation(view: View, c: do.ExpireReservation, scene: Scene) -> list[Fact]:
    """See `ExpireReservation`."""
    made = _open_reservation(view, c.reservation_id)
    if scene.now_at < made.until_at:
        raise Refused("not_yet_due", until_at=made.until_at)
    return [
        facts.HoursReleased(reservation_id=c.reservation_id, member=made.member, minutes=made.minutes, cause="expired")
    ]


def lapse_hours(view: View, c: do.LapseHours, scene: Scene) -> list[Fact]:
    """See `LapseHours`; what was spent is taken from the oldest minutes first."""
    need_member(view, c.member)
    months = policy_of(view).number_or_none("hours.expiry_months", scene.today)
    if months is None:
        raise Refused("hours_do_not_lapse")
    first_of_month = scene.today.replace(day=1)
    for _ in range(months):
        first_of_month = (first_of_month - timedelta(days=1)).replace(day=1)
    account = view.state(Account, c.member)
    cutoff = (first_of_month.year, first_of_month.month)
    old = sum(minutes for month, minutes in account.earned_by_month.items() if month < cutoff)
    due = min(old - account.spent, account.usable)
    if due <= 0:
        raise Refused("nothing_to_lapse")
    return [facts.HoursLapsed(member=c.member, minutes=due, earned_before=first_of_month)]


def issue_certificate(view: View, c: do.IssueCertificate, scene: Scene) -> list[Fact]:
    """See `IssueCertificate`."""
    need_member(view, c.member)
    account = view.state(Account, c.member)
    if account.first_day is None or account.last_day is None or account.earned <= 0:
        raise Refused("no_service_to_certify")
    return [
        facts.CertificateIssued(
            certificate_id=c.certificate_id, member=c.member, minutes=account.earned, sessions=account.sessions,
            first_day=account.first_day, last_day=account.last_day, issued_by=scene.actor,
        )
    ]


_WORKER = frozenset({"community_worker"})
_SYSTEM = frozenset({"community_worker", "administrator"})

RULES: dict[type, Rule] = {
    do.RecordSession: Rule(decide=record_session, right=Right(roles=_WORKER, own=("volunteer", "in_charge"))),
    do.DepositSession: Rule(decide=deposit_session, right=Right(roles=_WORKER)),
    do.VerifySession: Rule(decide=verify_session, right=Right(roles=_WORKER)),
    do.RejectSession: Rule(decide=reject_session, right=Right(roles=_WORKER)),
    do.RequestCorrection: Rule(decide=request_correction, right=Right(roles=_WORKER, own=("volunteer",))),
    do.ApproveCorrection: Rule(decide=approve_correction, right=Right(roles=_WORKER)),
    do.RefuseCorrection: Rule(decide=refuse_correction, right=Right(roles=_WORKER)),
    do.GiveHours: Rule(decide=give_hours, right=Right(roles=_WORKER, own=("giver",))),
    do.DonateHours: Rule(decide=donate_hours, right=Right(roles=_WORKER, own=("giver",))),
    do.GrantFromPool: Rule(decide=grant_from_pool, right=Right(roles=_WORKER | {"committee_member"})),
    do.ReserveHours: Rule(decide=reserve_hours, right=Right(roles=_WORKER, own=("member",))),
    do.SettleReservation: Rule(decide=settle_reservation, right=Right(roles=_WORKER, anybody=True)),
    do.ReleaseReservation: Rule(decide=release_reservation, right=Right(roles=_WORKER, anybody=True)),
    do.ExpireReservation: Rule(decide=expire_reservation, right=Right(roles=_SYSTEM)),
    do.LapseHours: Rule(decide=lapse_hours, right=Right(roles=_SYSTEM)),
    do.IssueCertificate: Rule(decide=issue_certificate, right=Right(roles=_WORKER, own=("member",))),
}
