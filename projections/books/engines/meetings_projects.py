"""Rows of projects, their measures, sessions and appraisals."""

from __future__ import annotations

from ledger.journal.recorded import Recorded
from ledger.meetings.facts import MeetingHeld, VoteClosed
from ledger.projects import facts as project
from ledger.requests.kinds import KINDS
from ledger.requests.projects import moved_on
from projections.books.apply_requests import move_to
from projections.books.desk import Desk, on
from projections.books.engines.meetings_tables import project_measures, project_quotas, project_sessions, projects
from projections.rows import Cells

Moving = (
    MeetingHeld
    | VoteClosed
    | project.ProjectPlanned
    | project.ProjectCompleted
    | project.ProjectConcluded
    | project.ProjectAbandoned
)
"""What takes a proposal a step further."""


def move_request(desk: Desk, e: Recorded, request_id: str | None, happened: Moving) -> None:
    """Bring a proposal to the step that this fact takes it to, by the function that decisions follow."""
    row = desk.requests.find(request_id) if request_id else None
    kind = None if row is None else KINDS.get(row["kind"])
    if row is None or kind is None or not kind.by_meetings:
        return
    status = moved_on(row["status"], happened)
    if status != row["status"]:
        move_to(desk, row, status, e.position)
        if kind.stage(status) is None:
            row["closed_day"] = happened.day.isoformat()


@on(project.ProjectPlanned, begins="project_id", requests="request_id")
def _planned(desk: Desk, e: Recorded, f: project.ProjectPlanned) -> None:
    desk.sheet(projects).add(
        project_id=f.project_id, number=e.position, request_id=f.request_id, name=f.name, place=f.place,
        community=f.community, aspect=f.aspect, sponsor=f.sponsor, budget_fen=f.budget_fen, year=str(f.year), fund=f.fund,
        status="planned", round=1, planned_by=f.planned_by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip
    _towards_quota(desk, e, f, 1)
    move_request(desk, e, f.request_id, f)


def _towards_quota(desk: Desk, e: Recorded, f: project.ProjectPlanned | project.ProjectAbandoned, by: int) -> None:
    """Count a sponsored project, or one less, in its year: in all communities, and in its own."""
    sheet = desk.sheet(project_quotas)
    for quota_id, community in zip(f.more_tags(), (None, f.community), strict=False):
        row = sheet.find(quota_id)
        if row is None:
            row = sheet.add(quota_id=quota_id, number=e.position, year=str(f.year), community=community)
        row["projects"] += by
        row["budget_fen"] += by * f.budget_fen
        row["version"] = e.position


def _project(desk: Desk, project_id: str, position: int, **by: int) -> Cells:
    """The row of a project, some of its counts moved."""
    row = desk.sheet(projects).edit(project_id)
    for name, amount in by.items():
        row[name] += amount
    row["version"] = position
    return row


def _measure(desk: Desk, measure_id: str, position: int) -> Cells:
    row = desk.sheet(project_measures).edit(measure_id)
    row["version"] = position
    return row


@on(project.MeasureAdded, begins="project_measure_id", projects="project_id")
def _added(desk: Desk, e: Recorded, f: project.MeasureAdded) -> None:
    desk.sheet(project_measures).add(
        project_measure_id=f.project_measure_id, number=e.position, project_id=f.project_id, name=f.name,
        owner=f.owner, due_day=f.due_day.isoformat(), status="open", planned_by=f.planned_by, version=e.position,
    )  # fmt: skip
    _project(desk, f.project_id, e.position, measures=1)


@on(project.MeasureReported, project_measures="project_measure_id")
def _reported(desk: Desk, e: Recorded, f: project.MeasureReported) -> None:
    _measure(desk, f.project_measure_id, e.position).update(
        status="reported", reported_by=f.reported_by, reported_day=f.day.isoformat(), words=f.words
    )


@on(project.MeasureAccepted, project_measures="project_measure_id", projects="project_id")
def _accepted(desk: Desk, e: Recorded, f: project.MeasureAccepted) -> None:
    _measure(desk, f.project_measure_id, e.position).update(
        status="accepted", accepted_by=f.accepted_by, accepted_day=f.day.isoformat(), in_time=int(f.in_time)
    )
    _project(desk, f.project_id, e.position, accepted=1)


@on(project.MeasureReturned, project_measures="project_measure_id")
def _returned(desk: Desk, e: Recorded, f: project.MeasureReturned) -> None:
    row = _measure(desk, f.project_measure_id, e.position)
    row.update(status="open", returned=row["returned"] + 1, reason=f.reason)


@on(project.MeasureOverdue, project_measures="project_measure_id", projects="project_id")
def _overdue(desk: Desk, e: Recorded, f: project.MeasureOverdue) -> None:
    row = _measure(desk, f.project_measure_id, e.position)
    row.update(status="overdue", overdue=row["overdue"] + 1)
    _project(desk, f.project_id, e.position, overdue=1)


@on(project.MeasureHandedOver, project_measures="project_measure_id")
def _handed_over(desk: Desk, e: Recorded, f: project.MeasureHandedOver) -> None:
    _measure(desk, f.project_measure_id, e.position).update(
        owner=f.owner, due_day=f.due_day.isoformat(), status="open", reported_by=None, reported_day=None, words=""
    )


@on(project.ProjectSessionHeld, begins="project_session_id", projects="project_id")
def _session(desk: Desk, e: Recorded, f: project.ProjectSessionHeld) -> None:
    desk.sheet(project_sessions).add(
        project_session_id=f.project_session_id, number=e.position, project_id=f.project_id, occasions=f.sessions,
        person_visits=f.person_visits, organiser=f.organiser, recorded_by=f.recorded_by, day=f.day.isoformat(),
        status="counted", version=e.position,
    )  # fmt: skip
    _project(desk, f.project_id, e.position, occasions=f.sessions, person_visits=f.person_visits)


@on(project.ProjectSessionVoided, project_sessions="project_session_id", projects="project_id")
def _voided(desk: Desk, e: Recorded, f: project.ProjectSessionVoided) -> None:
    desk.sheet(project_sessions).edit(f.project_session_id).update(
        status="voided", reason=f.reason, voided_by=f.voided_by, version=e.position
    )
    _project(desk, f.project_id, e.position, occasions=-f.sessions, person_visits=-f.person_visits)


@on(project.ProjectCompleted, projects="project_id", requests="request_id")
def _completed(desk: Desk, e: Recorded, f: project.ProjectCompleted) -> None:
    _project(desk, f.project_id, e.position).update(status="completed", completed_day=f.day.isoformat())
    move_request(desk, e, f.request_id, f)


@on(project.ProjectAppraised, projects="project_id")
def _appraised(desk: Desk, e: Recorded, f: project.ProjectAppraised) -> None:
    _project(desk, f.project_id, e.position, households=1, points=f.score)


@on(project.ProjectConcluded, projects="project_id", requests="request_id")
def _concluded(desk: Desk, e: Recorded, f: project.ProjectConcluded) -> None:
    if f.outcome == "rework":
        row = _project(desk, f.project_id, e.position, round=1)
        row.update(status="planned", completed_day=None, households=0, points=0)
    else:
        _project(desk, f.project_id, e.position).update(status="concluded", ended_day=f.day.isoformat())
    move_request(desk, e, f.request_id, f)


@on(project.ProjectAbandoned, projects="project_id", requests="request_id")
def _abandoned(desk: Desk, e: Recorded, f: project.ProjectAbandoned) -> None:
    _project(desk, f.project_id, e.position).update(status="abandoned", reason=f.reason, ended_day=f.day.isoformat())
    _towards_quota(desk, e, f, -1)
    move_request(desk, e, f.request_id, f)
