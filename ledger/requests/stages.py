"""Deadlines of stages: set when a stage begins, warned of, marked, and what lateness then does."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.base import Fact, Scene, View
from ledger.clock import MICROS_PER_DAY, day_of
from ledger.errors import Conflict, NotYours, Refused
from ledger.places.state import answers_for, next_above, responsible_for
from ledger.policy.state import policy_of
from ledger.requests import commands as do
from ledger.requests import facts
from ledger.requests.kinds import CONTACT, Kind, Stage, kind_of
from ledger.requests.state import Request, need_request
from ledger.rights import serves

WORKER = "community_worker"


def lease_until(view: View, kind: str, scene: Scene) -> int:
    """When a lease that begins now runs out (microseconds UTC; policy `requests.lease_days`, of issues `issue_days`).

    A need has no claimant; where it was reopened it stands under the lease of the others.
    """
    stage = kind_of(kind).stage("claimed")
    rule = "requests.lease_days" if stage is None else stage.days_rule
    return scene.now_at + policy_of(view).number(rule, scene.today) * MICROS_PER_DAY


def due(view: View, kind: str, status: str, request_id: str, scene: Scene) -> list[Fact]:
    """That a request which comes to stand at a stage now has a deadline; nothing where policy sets none.

    Being claimed has the lease for a deadline. For every engine that moves a request on; policy of today, for good.
    """
    stage = kind_of(kind).stage(status)
    if stage is None or not stage.days_rule or status == "claimed":
        return []
    return _due_in(view, stage.days_rule, status, request_id, scene)


def contact_due(view: View, request_id: str, scene: Scene) -> list[Fact]:
    """That who claims it now has to contact the requester soon; nothing where policy asks for no such thing."""
    return _due_in(view, "requests.contact_days", CONTACT, request_id, scene)


def _due_in(view: View, rule: str, stage: str, request_id: str, scene: Scene) -> list[Fact]:
    days = policy_of(view).number_or_none(rule, scene.today)
    if days is None:
        return []
    return [facts.StageDue(request_id=request_id, stage=stage, until_day=scene.today + timedelta(days=days))]


def _deadline(request: Request, stage: str, zone: str) -> date:
    """The last day of a stage at which the request stands; raises Conflict `no_deadline` where it has none."""
    if stage == CONTACT and request.status == "claimed" and request.contact_until is not None and not request.contacted:
        return request.contact_until
    if stage == request.status == "claimed":
        return day_of(request.until_at - 1, zone)
    if stage == request.status and request.due is not None:
        return request.due
    raise Conflict("no_deadline", request=request.tag, stage=stage, status=request.status)


def _responsible(view: View, request: Request) -> str | None:
    return None if request.at is None else responsible_for(view, request.at)


def _stage(kind: Kind, name: str) -> Stage | None:
    return kind.stage("claimed" if name == CONTACT else name)


def warn_request(view: View, c: do.WarnRequest, scene: Scene) -> list[Fact]:
    """See `WarnRequest`; once for each deadline."""
    request, posted = need_request(view, c.request_id)
    until = _deadline(request, c.stage, scene.zone)
    stage = _stage(kind_of(posted.kind), c.stage)
    days = policy_of(view).number_or_none(stage.warn_rule, scene.today) if stage and stage.warn_rule else None
    if c.stage in request.warned or scene.today > until:
        raise Conflict("already_warned", request=c.request_id, stage=c.stage)
    if days is None or scene.today < until - timedelta(days=days):
        raise Refused("not_yet_due", until_day=until.isoformat())
    return [
        facts.RequestWarned(
            request_id=c.request_id,
            stage=c.stage,
            until_day=until,
            claimant=request.holder,
            responsible=_responsible(view, request),
            day=scene.today,
        )
    ]


def mark_overdue(view: View, c: do.MarkOverdue, scene: Scene) -> list[Fact]:
    """See `MarkOverdue`; a lease that ran out lapses instead. What lateness then does is the stage's to say."""
    request, posted = need_request(view, c.request_id)
    kind = kind_of(posted.kind)
    if c.stage == "claimed":
        raise Refused("leases_lapse", request=c.request_id)
    until = _deadline(request, c.stage, scene.zone)
    if c.stage in request.overdue:
        raise Conflict("already_overdue", request=c.request_id, stage=c.stage)
    if scene.today <= until:
        raise Refused("not_yet_due", until_day=until.isoformat())
    stage = kind.stage(c.stage)
    late = "mark" if stage is None else stage.late
    if late == "roll":
        rounds = request.rounds + 1
        rolled = facts.RequestRolledOver(request_id=c.request_id, kind=kind.name, rounds=rounds, day=scene.today)
        return [rolled, *due(view, kind.name, c.stage, c.request_id, scene)]
    overdue = facts.RequestOverdue(
        request_id=c.request_id,
        kind=kind.name,
        stage=c.stage,
        until_day=until,
        claimant=request.holder if c.stage == CONTACT else None,
        # Nobody answers for what they could not have moved on: that is up to workers, or to the one who asked.
        responsible=_responsible(view, request) if late == "escalate" else None,
        day=scene.today,
    )
    return [overdue, *(went_up(view, request, c.stage, scene) if late == "escalate" else ())]


def went_up(view: View, request: Request, stage: str, scene: Scene) -> list[Fact]:
    """It goes a tier up because it was late, and has the stage's days once more; nothing where nobody is above."""
    if request.at is None:
        return []
    above = next_above(view, request.at)
    if above is None:
        return []
    return [
        facts.RequestEscalated(
            request_id=request.tag,
            kind=request.kind,
            from_place=request.at,
            to_place=above[0],
            responsible=above[1],
            reason="overdue",
            escalated_by=scene.actor,
            day=scene.today,
        ),
        *due(view, request.kind, stage, request.tag, scene),
    ]


def is_worker(view: View, scene: Scene, about: str) -> bool:
    """Whether the actor is a community worker where that thing is, whatever else they are."""
    return scene.role == WORKER or serves(view, scene.actor, WORKER, about)


def is_in_charge(view: View, request: Request, scene: Scene) -> bool:
    """Whether the actor is a community worker, or answers for the place where it stands or one above."""
    return is_worker(view, scene, request.tag) or (
        request.at is not None and answers_for(view, scene.actor, request.at)
    )


def check_in_charge(view: View, request: Request, scene: Scene) -> None:
    """Somebody in charge, see `is_in_charge`; raises NotYours `not_in_charge`."""
    if not is_in_charge(view, request, scene):
        raise NotYours("not_in_charge", request=request.tag)


def escalate_request(view: View, c: do.EscalateRequest, scene: Scene) -> list[Fact]:
    """See `EscalateRequest`; at a stage with a deadline the next tier gets its days anew."""
    request, posted = need_request(view, c.request_id)
    kind = kind_of(posted.kind)
    if not kind.escalates:
        raise Refused("does_not_escalate", kind=posted.kind)
    if kind.stage(request.status) is None:
        raise Conflict("request_settled", request=c.request_id, status=request.status)
    check_in_charge(view, request, scene)
    above = None if request.at is None else next_above(view, request.at)
    if request.at is None or above is None:
        raise Refused("at_the_top", request=c.request_id)
    return [
        facts.RequestEscalated(
            request_id=c.request_id,
            kind=posted.kind,
            from_place=request.at,
            to_place=above[0],
            responsible=above[1],
            reason=c.reason,
            escalated_by=scene.actor,
            day=scene.today,
        ),
        *due(view, posted.kind, request.status, c.request_id, scene),
    ]
