"""Books of the engine `meetings`: households, meetings and votes here, projects in `meetings_projects`."""

from __future__ import annotations

from ledger.journal.recorded import Recorded
from ledger.meetings import facts as meeting
from projections.books.desk import Desk, on
from projections.books.engines.meetings_projects import move_request
from projections.books.engines.meetings_tables import (
    households,
    meeting_totals,
    meetings,
    project_measures,
    project_quotas,
    project_sessions,
    projects,
    raised_requests,
    votes,
)
from projections.rows import Cells

__all__ = [
    "households",
    "meeting_totals",
    "meetings",
    "project_measures",
    "project_quotas",
    "project_sessions",
    "projects",
    "raised_requests",
    "votes",
]


@on(meeting.HouseholdRegistered, begins="household_id")
def _registered(desk: Desk, e: Recorded, f: meeting.HouseholdRegistered) -> None:
    desk.sheet(households).add(
        household_id=f.household_id, number=e.position, place=f.place, residents="\n".join(f.residents),
        known=len(f.residents), registered_at=f.registered_at, status="there", words=f.words, version=e.position,
    )  # fmt: skip


def _house(desk: Desk, household_id: str, members: list[str], position: int) -> None:
    desk.sheet(households).edit(household_id).update(residents="\n".join(members), known=len(members), version=position)


def _members(row: Cells) -> list[str]:
    return row["residents"].split("\n") if row["residents"] else []


@on(meeting.HouseholdJoined, households="household_id")
def _joined(desk: Desk, e: Recorded, f: meeting.HouseholdJoined) -> None:
    row = desk.sheet(households).edit(f.household_id)
    _house(desk, f.household_id, [*_members(row), f.member], e.position)


@on(meeting.HouseholdLeft, households="household_id")
def _left(desk: Desk, e: Recorded, f: meeting.HouseholdLeft) -> None:
    row = desk.sheet(households).edit(f.household_id)
    _house(desk, f.household_id, [one for one in _members(row) if one != f.member], e.position)


@on(meeting.HouseholdEnded, households="household_id")
def _ended(desk: Desk, e: Recorded, f: meeting.HouseholdEnded) -> None:
    desk.sheet(households).edit(f.household_id).update(status="ended", reason=f.reason, version=e.position)


def _total(desk: Desk, kind: str, position: int, **by: int) -> None:
    """Move the totals of a kind of meeting."""
    sheet, total_id = desk.sheet(meeting_totals), meeting.total_of(kind)
    row = sheet.find(total_id) or sheet.add(meeting_total_id=total_id, number=position, kind=kind)
    for name, amount in by.items():
        row[name] += amount
    row["version"] = position


@on(meeting.MeetingHeld, begins="meeting_id")
def _held(desk: Desk, e: Recorded, f: meeting.MeetingHeld) -> None:
    desk.sheet(meetings).add(
        meeting_id=f.meeting_id, number=e.position, kind=f.kind, place=f.place, day=f.day.isoformat(),
        occasions=f.sessions, attended=f.people, opinions=f.opinions, chair=f.chair, agenda="\n".join(f.agenda),
        recorded_by=f.recorded_by, words=f.words, version=e.position,
    )  # fmt: skip
    _total(desk, f.kind, e.position, meetings=1, occasions=f.sessions, attended=f.people, opinions=f.opinions)
    for request_id in f.agenda:
        move_request(desk, e, request_id, f)


@on(meeting.MeetingCountsCorrected, meetings="meeting_id")
def _corrected(desk: Desk, e: Recorded, f: meeting.MeetingCountsCorrected) -> None:
    desk.sheet(meetings).edit(f.meeting_id).update(
        occasions=f.sessions, attended=f.people, opinions=f.opinions, corrected_by=f.corrected_by, version=e.position
    )
    moved = {"occasions": f.more_sessions, "attended": f.more_people, "opinions": f.more_opinions}
    _total(desk, f.kind, e.position, **moved)


@on(meeting.RequestRaised, meetings="meeting_id")
def _raised(desk: Desk, e: Recorded, f: meeting.RequestRaised) -> None:
    row = desk.sheet(meetings).edit(f.meeting_id)
    row.update(raised=row["raised"] + 1, version=e.position)
    _total(desk, f.kind, e.position, raised=1)
    desk.sheet(raised_requests).add(
        request_id=f.request_id, number=e.position, meeting_id=f.meeting_id, raised_by=f.raised_by, version=e.position
    )


@on(meeting.VoteOpened, begins="vote_id", meetings="meeting_id")
def _opened(desk: Desk, e: Recorded, f: meeting.VoteOpened) -> None:
    desk.sheet(votes).add(
        vote_id=f.vote_id, number=e.position, request_id=f.request_id, meeting_id=f.meeting_id, place=f.place,
        rule=f.rule, electorate=f.electorate, quorum=f.quorum, majority="/".join(map(str, f.majority)),
        over=int(f.over), status="open", until_at=f.until_at, opened_by=f.opened_by, version=e.position,
    )  # fmt: skip
    if f.meeting_id is not None:
        row = desk.sheet(meetings).edit(f.meeting_id)
        row.update(votes=row["votes"] + 1, version=e.position)


@on(meeting.VoteCast, votes="vote_id")
def _cast(desk: Desk, e: Recorded, f: meeting.VoteCast) -> None:
    row = desk.sheet(votes).edit(f.vote_id)
    # What was chosen is counted at the end: among few households a running count would say who voted how.
    row["turnout"] += 1
    row["version"] = e.position


@on(meeting.VoteClosed, votes="vote_id", requests="request_id")
def _closed(desk: Desk, e: Recorded, f: meeting.VoteClosed) -> None:
    desk.sheet(votes).edit(f.vote_id).update(
        status=f.outcome, votes_for=f.votes_for, votes_against=f.votes_against, abstained=f.abstained,
        closed_by=f.closed_by, closed_day=f.day.isoformat(), version=e.position,
    )  # fmt: skip
    move_request(desk, e, f.request_id, f)
