"""Decisions about fraud: sessions are voided, members suspended, and somebody else hears the appeal (domain.md §2)."""

from __future__ import annotations

from datetime import timedelta

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.conduct import commands as do
from ledger.conduct import facts
from ledger.conduct.state import Appeal, Sanction
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.state import Pool, Session
from ledger.parties.state import acts_for, need_member
from ledger.policy.state import policy_of

LONGEST_DAYS = 3_660
"""A suspension of more than ten years is a slip of the pen (choice)."""


def _new_sanction(view: View, sanction_id: str) -> None:
    if view.state(Sanction, check_id(sanction_id, "sanc")).status:
        raise Conflict("sanction_exists", sanction=sanction_id)


def void_session(view: View, c: do.VoidSession, scene: Scene) -> list[Fact]:
    """See `VoidSession`; what had overflowed is taken from where it went, unless the pool has given it away since."""
    _new_sanction(view, c.sanction_id)
    session = view.state(Session, c.session_id)
    record = session.record
    if record is None or record.volunteer != c.volunteer:
        raise NotFound("no_such_session", session=c.session_id)
    if session.status != "verified":
        raise Conflict("session_not_verified", session=c.session_id, status=session.status)
    if session.minutes == 0:
        raise Refused("nothing_to_void", session=c.session_id)
    if acts_for(view, scene.actor, c.volunteer):
        raise NotYours("self_verification")
    if scene.actor == session.verifier or scene.actor in session.endorsers:
        raise NotYours("verifier_voids", session=c.session_id)
    overflow = min(session.overflow, session.minutes)
    if session.overflow_to == "pool":
        overflow = min(overflow, max(0, view.state(Pool, "pool").minutes))
    return [
        facts.SessionVoided(
            sanction_id=c.sanction_id,
            session_id=c.session_id,
            volunteer=c.volunteer,
            day=record.day,
            last_day=record.last_day,
            minutes=session.minutes,
            overflow=overflow,
            overflow_to=session.overflow_to if overflow else "",
            reason=c.reason,
            voided_by=scene.actor,
            voided_on=scene.today,
            place=record.place,
            team=record.team,
            unit=record.unit,
            words=scene.sealed,
        )
    ]


def suspend_member(view: View, c: do.SuspendMember, scene: Scene) -> list[Fact]:
    """See `SuspendMember`."""
    _new_sanction(view, c.sanction_id)
    need_member(view, c.member)
    if acts_for(view, scene.actor, c.member):
        raise NotYours("self_verification")
    if not scene.today <= c.until_day <= scene.today + timedelta(days=LONGEST_DAYS):
        raise Refused("implausible_date", day=c.until_day.isoformat())
    return [
        facts.MemberSuspended(
            sanction_id=c.sanction_id,
            member=c.member,
            reason=c.reason,
            until_day=c.until_day,
            suspended_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _sanction(view: View, sanction_id: str) -> Sanction:
    """A sanction that stands; raises NotFound `no_such_sanction`, Conflict `sanction_undone`."""
    sanction = view.state(Sanction, sanction_id)
    if not sanction.status:
        raise NotFound("no_such_sanction", sanction=sanction_id)
    if sanction.status != "standing":
        raise Conflict("sanction_undone", sanction=sanction_id)
    return sanction


def lift_suspension(view: View, c: do.LiftSuspension, scene: Scene) -> list[Fact]:
    """See `LiftSuspension`; whoever waits for a word on an appeal gets it first."""
    sanction = _sanction(view, c.sanction_id)
    if sanction.suspended is None:
        raise NotFound("no_such_sanction", sanction=c.sanction_id)
    if acts_for(view, scene.actor, sanction.member):
        raise NotYours("self_verification")
    if sanction.appeal is not None:
        raise Conflict("appeal_pending", sanction=c.sanction_id)
    return [_lifted(sanction.suspended, c.reason, scene)]


def _lifted(suspended: facts.MemberSuspended, reason: str, scene: Scene) -> facts.SuspensionLifted:
    return facts.SuspensionLifted(
        sanction_id=suspended.sanction_id, member=suspended.member, reason=reason, lifted_by=scene.actor
    )


def _appeal_over(view: View, sanction: Sanction, scene: Scene) -> bool:
    """Whether policy's days for an appeal are over."""
    days = policy_of(view).number("conduct.appeal_days", scene.today)
    return sanction.day is not None and scene.today > sanction.day + timedelta(days=days)


def lodge_appeal(view: View, c: do.LodgeAppeal, scene: Scene) -> list[Fact]:
    """See `LodgeAppeal`; once, also by a guardian or proxy, and by who left."""
    check_id(c.appeal_id, "appl")
    sanction = _sanction(view, c.sanction_id)
    if sanction.member != c.member:
        raise NotFound("no_such_sanction", sanction=c.sanction_id)
    if sanction.appealed or view.state(Appeal, c.appeal_id).lodged is not None:
        raise Conflict("appealed_already", sanction=c.sanction_id)
    if _appeal_over(view, sanction, scene):
        raise Refused("appeal_too_late", sanction=c.sanction_id)
    return [
        facts.AppealLodged(
            appeal_id=c.appeal_id,
            sanction_id=c.sanction_id,
            member=c.member,
            lodged_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _restored(view: View, voided: facts.SessionVoided) -> facts.SessionRestored:
    """The minutes come back as they were taken."""
    record = view.state(Session, voided.session_id).record
    assert record is not None, "what was voided was recorded"
    return facts.SessionRestored(
        sanction_id=voided.sanction_id,
        session_id=voided.session_id,
        volunteer=voided.volunteer,
        day=voided.day,
        last_day=voided.last_day,
        start_at=record.start_at,
        end_at=record.end_at,
        minutes=voided.minutes,
        overflow=voided.overflow,
        overflow_to=voided.overflow_to,
        place=voided.place,
        team=voided.team,
        unit=voided.unit,
    )


def decide_appeal(view: View, c: do.DecideAppeal, scene: Scene) -> list[Fact]:
    """See `DecideAppeal`; neither who took the sanction nor who lodged the appeal decides it."""
    appeal = view.state(Appeal, c.appeal_id)
    lodged = appeal.lodged
    if lodged is None:
        raise NotFound("no_such_appeal", appeal=c.appeal_id)
    if appeal.decided:
        raise Conflict("appeal_decided", appeal=c.appeal_id)
    sanction = _sanction(view, lodged.sanction_id)
    if scene.actor in (sanction.judge, lodged.lodged_by) or acts_for(view, scene.actor, lodged.member):
        raise NotYours("second_person_needed")
    decided = facts.AppealDecided(
        appeal_id=c.appeal_id,
        sanction_id=lodged.sanction_id,
        member=lodged.member,
        granted=c.granted,
        decided_by=scene.actor,
        day=scene.today,
    )
    if not c.granted:
        return [decided]
    if sanction.voided is not None:
        return [decided, _restored(view, sanction.voided)]
    assert sanction.suspended is not None, "a sanction is one of two"
    return [decided, _lifted(sanction.suspended, "appeal_upheld", scene)]


def publish_sanction(view: View, c: do.PublishSanction, scene: Scene) -> list[Fact]:
    """See `PublishSanction`."""
    sanction = _sanction(view, c.sanction_id)
    if sanction.published:
        raise Conflict("sanction_published", sanction=c.sanction_id)
    if sanction.appeal is not None:
        raise Conflict("appeal_pending", sanction=c.sanction_id)
    if not sanction.appealed and not _appeal_over(view, sanction, scene):
        raise Refused("appeal_still_possible", sanction=c.sanction_id)
    return [
        facts.SanctionPublished(
            sanction_id=c.sanction_id, member=sanction.member, published_by=scene.actor, day=scene.today
        )
    ]


SANCTION_RULES: dict[type[Command], Decide] = {
    do.VoidSession: void_session,
    do.SuspendMember: suspend_member,
    do.LiftSuspension: lift_suspension,
    do.LodgeAppeal: lodge_appeal,
    do.DecideAppeal: decide_appeal,
    do.PublishSanction: publish_sanction,
}
