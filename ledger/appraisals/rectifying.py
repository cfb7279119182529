"""Decisions about what has to be put right by a day (限期整改), and what happens when it is not."""

from __future__ import annotations

import re
from datetime import timedelta

from ledger.appraisals import commands as do
from ledger.appraisals import facts
from ledger.appraisals.interests import owners_of
from ledger.appraisals.state import Rectification, failures_of, need_appraisal, need_rectification
from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotYours, Refused
from ledger.ids import TEAM, UNIT, prefix_of
from ledger.parties.state import Standing, acts_for, need_party
from ledger.policy.state import policy_of
from ledger.trials.state import Trial, TrialAt

_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_digest(evidence: str) -> str:
    """A SHA-256 in 64 small hexadecimal digits, or ""; raises Refused `evidence_not_a_digest`."""
    if evidence and _SHA256.fullmatch(evidence) is None:
        raise Refused("evidence_not_a_digest")
    return evidence


def order_rectification(view: View, c: do.OrderRectification, scene: Scene) -> list[Fact]:
    """See `OrderRectification`; units and teams only, for orders are public; nobody orders their own, nor for too long."""
    if view.state(Rectification, check_id(c.rectification_id, "rec")).ordered is not None:
        raise Conflict("rectification_exists", rectification=c.rectification_id)
    if prefix_of(c.party) not in (UNIT, TEAM):
        raise Refused("persons_are_not_ordered", party=c.party)
    need_party(view, c.party)
    if acts_for(view, scene.actor, c.party):
        raise NotYours("own_rectification", party=c.party)
    if c.appraisal_id is not None:
        _check_ground(view, c.appraisal_id, c.party)
    days = policy_of(view).number("appraisals.rectification_days", scene.today)
    if not scene.today <= c.due_day <= scene.today + timedelta(days=days):
        raise Refused("rectification_day_out_of_range", due_day=c.due_day.isoformat(), days=days)
    return [
        facts.RectificationOrdered(
            rectification_id=c.rectification_id,
            party=c.party,
            matter=check_name(c.matter, field="matter"),
            appraisal_id=c.appraisal_id,
            due_day=c.due_day,
            ordered_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _check_ground(view: View, appraisal_id: str, party: str) -> None:
    """An order rests on a published result only where that result is the party's: of itself, of its team, of what it or
    its people answer for, or of the place it serves on trial. Raises Refused `appraisal_without_result` and
    `not_who_was_appraised`."""
    appraisal, opened = need_appraisal(view, appraisal_id)
    if appraisal.closed is None:
        raise Refused("appraisal_without_result", appraisal=appraisal_id)
    owners = owners_of(view, opened.subject)
    behind = {one for owner in owners for one in (view.state(Standing, owner).unit, view.state(Standing, owner).team)}
    running = view.state(TrialAt, opened.subject).running
    trial = view.state(Trial, running).opened if running else None
    if party not in owners | behind and (trial is None or trial.unit != party):
        raise Refused("not_who_was_appraised", party=party, subject=opened.subject)


def report_rectified(view: View, c: do.ReportRectified, scene: Scene) -> list[Fact]:
    """See `ReportRectified`; on the due day at the latest, for a day that passed is a failure whoever enters it."""
    rectification, ordered = need_rectification(view, c.rectification_id)
    if ordered.party != c.party:
        raise NotYours("not_your_rectification", rectification=c.rectification_id)
    if rectification.status != "ordered":
        raise Conflict("rectification_moved_on", rectification=c.rectification_id, status=rectification.status)
    if scene.today > ordered.due_day:
        raise Refused("rectification_overdue", due_day=ordered.due_day.isoformat())
    return [
        facts.RectificationReported(
            rectification_id=c.rectification_id,
            party=c.party,
            evidence=check_digest(c.evidence),
            reported_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _need_reported(view: View, rectification_id: str, scene: Scene) -> facts.RectificationOrdered:
    """What waits to be looked at, by somebody who neither reported it nor speaks for the party."""
    rectification, ordered = need_rectification(view, rectification_id)
    if rectification.status != "reported" or rectification.reported is None:
        raise Conflict("rectification_not_reported", rectification=rectification_id, status=rectification.status)
    if scene.actor == rectification.reported.reported_by or acts_for(view, scene.actor, ordered.party):
        raise NotYours("own_rectification", party=ordered.party)
    return ordered


def accept_rectification(view: View, c: do.AcceptRectification, scene: Scene) -> list[Fact]:
    """See `AcceptRectification`."""
    ordered = _need_reported(view, c.rectification_id, scene)
    return [
        facts.RectificationAccepted(
            rectification_id=c.rectification_id, party=ordered.party, accepted_by=scene.actor, day=scene.today
        )
    ]


def fail_rectification(view: View, c: do.FailRectification, scene: Scene) -> list[Fact]:
    """See `FailRectification`; what was reported in time is judged by a person, however long that takes."""
    if c.cause == "insufficient":
        ordered = _need_reported(view, c.rectification_id, scene)
    else:
        rectification, ordered = need_rectification(view, c.rectification_id)
        if rectification.status != "ordered":
            raise Conflict("rectification_moved_on", rectification=c.rectification_id, status=rectification.status)
        if scene.today <= ordered.due_day:
            raise Refused("not_yet_due")
    return [
        facts.RectificationFailed(
            rectification_id=c.rectification_id,
            party=ordered.party,
            cause=c.cause,
            failures=failures_of(view, ordered.party) + 1,
            failed_by=scene.actor,
            day=scene.today,
        )
    ]


RECTIFYING_RULES: dict[type[Command], Decide] = {
    do.OrderRectification: order_rectification,
    do.ReportRectified: report_rectified,
    do.AcceptRectification: accept_rectification,
    do.FailRectification: fail_rectification,
}
