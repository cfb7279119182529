"""Books of the engine `requests`: deadlines and what came of them, assignments, evidence, who answers for places."""

from __future__ import annotations

from ledger.journal.recorded import Recorded
from ledger.places import facts as place
from ledger.requests import facts as request
from ledger.requests.kinds import CONTACT
from projections.books.apply_requests import move_to
from projections.books.desk import Desk, on
from projections.books.engines.meetings_tables import meetings
from projections.books.engines.requests_tables import assignments, duties, evidence, profiles, progress
from projections.rows import Cells

__all__ = ["assignments", "duties", "evidence", "profiles", "progress"]


def _watch(desk: Desk, request_id: str, position: int) -> Cells:
    """What is watched of a request, begun where nothing was so far."""
    sheet = desk.sheet(progress)
    row = sheet.find(request_id) or sheet.add(request_id=request_id, number=position)
    row["version"] = position
    return row


@on(request.RequestNoticed, requests="request_id", request_progress="request_id")
def _noticed(desk: Desk, e: Recorded, f: request.RequestNoticed) -> None:
    row = desk.requests.edit(f.request_id)
    row["reviewer"] = f.reviewer
    move_to(desk, row, "noticed", e.position)
    _watch(desk, f.request_id, e.position)["notice_until_day"] = f.until_day.isoformat()


@on(request.StageDue, request_progress="request_id")
def _due(desk: Desk, e: Recorded, f: request.StageDue) -> None:
    row = _watch(desk, f.request_id, e.position)
    if f.stage == CONTACT:
        row.update(contact_until_day=f.until_day.isoformat(), contacted_day=None, contact_overdue=0)
    else:
        row.update(stage=f.stage, until_day=f.until_day.isoformat(), overdue=0)


@on(request.RequestWarned, request_progress="request_id")
def _warned(desk: Desk, e: Recorded, f: request.RequestWarned) -> None:
    row = _watch(desk, f.request_id, e.position)
    row.update(warned_stage=f.stage, warned_until_day=f.until_day.isoformat(), warnings=row["warnings"] + 1)


@on(request.RequestOverdue, request_progress="request_id")
def _overdue(desk: Desk, e: Recorded, f: request.RequestOverdue) -> None:
    row = _watch(desk, f.request_id, e.position)
    row["late"] += 1
    row["contact_overdue" if f.stage == CONTACT else "overdue"] = 1


@on(request.RequestRolledOver, requests="request_id", request_progress="request_id")
def _rolled_over(desk: Desk, e: Recorded, f: request.RequestRolledOver) -> None:
    row = _watch(desk, f.request_id, e.position)
    row.update(rounds=f.rounds, until_day=None)
    asked = desk.requests.edit(f.request_id)
    asked["priority"] += 1
    asked["version"] = e.position


@on(request.RequestEscalated, request_progress="request_id")
def _escalated(desk: Desk, e: Recorded, f: request.RequestEscalated) -> None:
    row = _watch(desk, f.request_id, e.position)
    row.update(at_place=f.to_place, responsible=f.responsible, escalations=row["escalations"] + 1)


@on(request.RequesterContacted, request_progress="request_id")
def _contacted(desk: Desk, e: Recorded, f: request.RequesterContacted) -> None:
    _watch(desk, f.request_id, e.position)["contacted_day"] = f.day.isoformat()


@on(request.RequestAssigned, meetings="meeting_id")
def _assigned(desk: Desk, e: Recorded, f: request.RequestAssigned) -> None:
    desk.sheet(assignments).add(
        claim_id=f.claim_id, number=e.position, request_id=f.request_id, owner=f.owner, due_day=f.due_day.isoformat(),
        meeting_id=f.meeting_id, assigned_by=f.assigned_by, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip
    if f.meeting_id is not None:
        meeting = desk.sheet(meetings).edit(f.meeting_id)
        meeting.update(assigned=meeting["assigned"] + 1, version=e.position)


@on(request.EvidenceAdded, request_progress="request_id")
def _shown(desk: Desk, e: Recorded, f: request.EvidenceAdded) -> None:
    desk.sheet(evidence).add(
        evidence_id=f.evidence_id, number=e.position, request_id=f.request_id, claim_id=f.claim_id, party=f.party,
        stage=f.stage, sha256=f.sha256, added_by=f.added_by, day=f.day.isoformat(), words=f.words, version=e.position,
    )  # fmt: skip
    _watch(desk, f.request_id, e.position)["evidence"] += 1


# ---- places -----------------------------------------------------------------------------------------------------------


@on(place.ResponsibleAppointed, begins="duty_id")
def _appointed(desk: Desk, e: Recorded, f: place.ResponsibleAppointed) -> None:
    desk.sheet(duties).add(
        duty_id=f.duty_id, number=e.position, place_id=f.place_id, member_id=f.member_id, office=f.office,
        appointed_by=f.appointed_by, day=f.day.isoformat(), active=1, version=e.position,
    )  # fmt: skip


@on(place.ResponsibleEnded, duties="duty_id")
def _ended(desk: Desk, e: Recorded, f: place.ResponsibleEnded) -> None:
    desk.sheet(duties).edit(f.duty_id).update(
        active=0, ended_day=f.day.isoformat(), reason=f.reason, version=e.position
    )


def _profile(desk: Desk, place_id: str, position: int) -> Cells:
    sheet = desk.sheet(profiles)
    there = desk.places.get(place_id)
    kind = there["kind"] if there is not None else ""
    row = sheet.find(place_id) or sheet.add(place_id=place_id, number=position, kind=kind)
    row["version"] = position
    return row


@on(place.HouseholdsCounted, place_profiles="place_id", places="place_id")
def _counted(desk: Desk, e: Recorded, f: place.HouseholdsCounted) -> None:
    _profile(desk, f.place_id, e.position).update(households=f.households, counted_day=f.day.isoformat())


@on(place.PlaceClassified, place_profiles="place_id", places="place_id")
def _classified(desk: Desk, e: Recorded, f: place.PlaceClassified) -> None:
    _profile(desk, f.place_id, e.position)["label"] = f.label
