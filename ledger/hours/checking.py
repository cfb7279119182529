"""Verifying sessions, rejecting them, and putting verified ones right by new linked entries."""

from __future__ import annotations

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours import commands as do
from ledger.hours import facts
from ledger.hours.records import daily_cap, verified
from ledger.hours.state import Activity, DayLog, Pool, Session
from ledger.policy.state import policy_of
from ledger.shifts.state import Pooled
from ledger.units import DAY_MINUTES, check_minutes


def _open_session(view: View, session_id: str, scene: Scene) -> tuple[Session, facts.SessionRecorded]:
    """A session that waits for a verifier who is neither its volunteer nor took part in it."""
    session = view.state(Session, session_id)
    if session.record is None:
        raise NotFound("no_such_session", session=session_id)
    if session.status not in ("recorded", "endorsed"):
        raise Conflict("session_settled", session=session_id, status=session.status)
    if scene.actor == session.record.volunteer:
        raise NotYours("self_verification")
    _took_no_part(view, session.record, scene)
    return session, session.record


def _took_no_part(view: View, record: facts.SessionRecorded, scene: Scene) -> None:
    if record.activity_id and scene.actor in view.state(Activity, record.activity_id).volunteers:
        raise NotYours("verifier_took_part")


def verify_session(view: View, c: do.VerifySession, scene: Scene) -> list[Fact]:
    """See `VerifySession`; the first of two verifiers endorses where policy asks for two."""
    session, record = _open_session(view, c.session_id, scene)
    if scene.actor in session.endorsers:
        raise NotYours("already_endorsed")
    needed = policy_of(view).number("hours.verifiers", scene.today)
    if len(session.endorsers) + 1 < needed:
        return [facts.SessionEndorsed(session_id=c.session_id, verifier=scene.actor)]
    return [verified(view, record, session.minutes, scene)]


def reject_session(view: View, c: do.RejectSession, scene: Scene) -> list[Fact]:
    """See `RejectSession`."""
    _, record = _open_session(view, c.session_id, scene)
    return [
        facts.SessionRejected(
            session_id=c.session_id,
            volunteer=record.volunteer,
            day=record.day,
            last_day=record.last_day,
            reason=c.reason,
            verifier=scene.actor,
        )
    ]


def request_correction(view: View, c: do.RequestCorrection, scene: Scene) -> list[Fact]:
    """See `RequestCorrection`; 0 minutes asks to strike the record."""
    check_id(c.correction_id, "cor")
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
            correction_id=c.correction_id,
            session_id=c.session_id,
            volunteer=c.volunteer,
            minutes=c.minutes,
            requested_by=scene.actor,
            words=scene.sealed,
        )
    ]


def _asked_correction(
    view: View, session_id: str, correction_id: str, scene: Scene
) -> tuple[facts.SessionRecorded, int, facts.CorrectionRequested]:
    """The session's record, its minutes now and what was asked, to be judged by somebody who did not ask."""
    session = view.state(Session, session_id)
    if session.record is None or session.correction is None or session.correction.correction_id != correction_id:
        raise NotFound("no_such_correction", correction=correction_id)
    if scene.actor in (session.correction.requested_by, session.correction.volunteer):
        raise NotYours("self_verification")
    _took_no_part(view, session.record, scene)
    return session.record, session.minutes, session.correction


def approve_correction(view: View, c: do.ApproveCorrection, scene: Scene) -> list[Fact]:
    """See `ApproveCorrection`; what was already spent may leave the balance below zero until it is made up."""
    record, minutes, asked = _asked_correction(view, c.session_id, c.correction_id, scene)
    difference = asked.minutes - minutes
    if difference > 0:
        log = view.state(DayLog, facts.day_tag(asked.volunteer, record.day))
        cap = daily_cap(view, scene)
        if log.minutes() + difference > cap:
            day = record.day.isoformat()
            raise Refused("daily_cap_exceeded", day=day, cap=cap, recorded=log.minutes(), asked=difference)
    return [
        facts.SessionCorrected(
            correction_id=c.correction_id,
            session_id=c.session_id,
            volunteer=asked.volunteer,
            day=record.day,
            last_day=record.last_day,
            original_minutes=minutes,
            corrected_minutes=asked.minutes,
            difference=difference,
            checker=scene.actor,
            place=record.place,
            team=record.team,
            unit=record.unit,
        ),
        *_through_the_pool(view, record, difference, scene),
    ]


def _through_the_pool(view: View, record: facts.SessionRecorded, difference: int, scene: Scene) -> list[Fact]:
    """A shift whose hours went to the pool: what is added goes there too, what is taken off comes back from there.

    Else a volunteer would owe minutes that were never theirs. What the pool has given away already it cannot give back.
    """
    if record.activity_id is None or not view.state(Pooled, record.activity_id).pooled:
        return []
    if difference > 0:
        return [facts.HoursDonated(giver=record.volunteer, minutes=difference)]
    back = min(-difference, view.state(Pool, "pool").minutes)
    return [facts.PoolGranted(receiver=record.volunteer, minutes=back, granted_by=scene.actor)] if back > 0 else []


def refuse_correction(view: View, c: do.RefuseCorrection, scene: Scene) -> list[Fact]:
    """See `RefuseCorrection`."""
    _, _, asked = _asked_correction(view, c.session_id, c.correction_id, scene)
    return [
        facts.CorrectionRefused(
            correction_id=c.correction_id,
            session_id=c.session_id,
            volunteer=asked.volunteer,
            reason=c.reason,
            checker=scene.actor,
        )
    ]
