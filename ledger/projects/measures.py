"""Decisions about the measures of a project (M25): one owner and one due day each, reported by one, accepted by another."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.clock import start_of_day
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import need_party, works_for
from ledger.projects import commands as do
from ledger.projects import facts
from ledger.projects.state import Measure, need_measure, need_project
from ledger.projects.who import check_leads

TERM_YEARS = 10
"""How far ahead a due day may lie (choice)."""


def _check_owner(view: View, owner: str, due_day: date, scene: Scene) -> None:
    """A party that may take it on, and a day that is neither past nor absurdly far; raises Refused `bad_due_day`."""
    need_party(view, owner)
    check_may_act(view, owner, scene.today)
    if not scene.today <= due_day or due_day.year > scene.today.year + TERM_YEARS:
        raise Refused("bad_due_day", day=due_day.isoformat())


def add_measure(view: View, c: do.AddMeasure, scene: Scene) -> list[Fact]:
    """See `AddMeasure`."""
    _, planned = need_project(view, c.project_id, "planned")
    check_leads(planned, scene)
    project_measure_id = check_id(c.project_measure_id, "pmeas")
    if view.state(Measure, project_measure_id).status:
        raise Conflict("project_measure_exists", measure=project_measure_id)
    _check_owner(view, c.owner, c.due_day, scene)
    return [
        facts.MeasureAdded(
            project_measure_id=project_measure_id,
            project_id=c.project_id,
            name=check_name(c.name),
            owner=c.owner,
            due_day=c.due_day,
            planned_by=scene.actor,
        )
    ]


def report_measure(view: View, c: do.ReportMeasure, scene: Scene) -> list[Fact]:
    """See `ReportMeasure`; also after its due day."""
    measure, _ = need_measure(view, c.project_measure_id, "open", "overdue")
    if not works_for(view, scene.actor, measure.owner):
        raise NotYours("cannot_act_for", party=measure.owner)
    return [
        facts.MeasureReported(
            project_measure_id=c.project_measure_id,
            project_id=measure.project_id,
            owner=measure.owner,
            reported_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _reported(view: View, project_measure_id: str, scene: Scene) -> tuple[Measure, facts.MeasureReported]:
    """A measure that waits for somebody's eyes, who leads the project and has no part in it; raises NotYours."""
    measure, planned = need_measure(view, project_measure_id, "reported")
    check_leads(planned, scene)
    report = measure.reported
    if report is None or scene.actor == report.reported_by or works_for(view, scene.actor, measure.owner):
        raise NotYours("own_measure", measure=project_measure_id)
    return measure, report


def accept_measure(view: View, c: do.AcceptMeasure, scene: Scene) -> list[Fact]:
    """See `AcceptMeasure`; what counts is when it was reported, not how long the eyes took."""
    measure, report = _reported(view, c.project_measure_id, scene)
    return [
        facts.MeasureAccepted(
            project_measure_id=c.project_measure_id,
            project_id=measure.project_id,
            owner=measure.owner,
            in_time=report.day <= measure.due_day,
            accepted_by=scene.actor,
            day=scene.today,
        )
    ]


def return_measure(view: View, c: do.ReturnMeasure, scene: Scene) -> list[Fact]:
    """See `ReturnMeasure`; its due day stays what it was."""
    measure, _ = _reported(view, c.project_measure_id, scene)
    return [
        facts.MeasureReturned(
            project_measure_id=c.project_measure_id,
            project_id=measure.project_id,
            owner=measure.owner,
            reason=c.reason,
            returned_by=scene.actor,
            day=scene.today,
        )
    ]


def mark_measure_overdue(view: View, c: do.MarkMeasureOverdue, scene: Scene) -> list[Fact]:
    """See `MarkMeasureOverdue`; the due day itself is in time."""
    measure, _ = need_measure(view, c.project_measure_id, "open")
    if scene.today <= measure.due_day:
        raise Refused("not_yet_due", until_at=start_of_day(measure.due_day, scene.zone))
    return [
        facts.MeasureOverdue(
            project_measure_id=c.project_measure_id,
            project_id=measure.project_id,
            owner=measure.owner,
            due_day=measure.due_day,
            day=scene.today,
        )
    ]


def hand_over_measure(view: View, c: do.HandOverMeasure, scene: Scene) -> list[Fact]:
    """See `HandOverMeasure`; nobody puts off their own due day."""
    measure, planned = need_measure(view, c.project_measure_id, "open", "overdue", "reported")
    check_leads(planned, scene)
    if (c.owner, c.due_day) == (measure.owner, measure.due_day):
        raise Refused("nothing_handed_over", measure=c.project_measure_id)
    if c.owner == measure.owner and works_for(view, scene.actor, c.owner):
        raise NotYours("own_measure", measure=c.project_measure_id)
    _check_owner(view, c.owner, c.due_day, scene)
    return [
        facts.MeasureHandedOver(
            project_measure_id=c.project_measure_id,
            project_id=measure.project_id,
            before=measure.owner,
            owner=c.owner,
            due_day=c.due_day,
            handed_by=scene.actor,
            day=scene.today,
        )
    ]


MEASURE_RULES: dict[type[Command], Decide] = {
    do.AddMeasure: add_measure,
    do.ReportMeasure: report_measure,
    do.AcceptMeasure: accept_measure,
    do.ReturnMeasure: return_measure,
    do.MarkMeasureOverdue: mark_measure_overdue,
    do.HandOverMeasure: hand_over_measure,
}
