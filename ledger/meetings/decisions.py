"""Decisions about households, meetings and gatherings (M18, M22); the votes of households are in `votes`."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.meetings import commands as do
from ledger.meetings import facts
from ledger.meetings.moving import moved
from ledger.meetings.state import Deliberation, Home, Household, Meeting, need_household, need_meeting
from ledger.meetings.votes import VOTE_RULES
from ledger.parties.state import need_member
from ledger.places.state import answers_for, need_place, places_up
from ledger.policy.state import plausible_day
from ledger.requests.state import need_request
from ledger.units import check_quantity

WORKER = "community_worker"
MOST = 100
"""Members of a household, and requests on an agenda: beyond it a list is a slip of the pen (choice)."""
MANY = 1_000_000
"""People, opinions or sessions counted at once: beyond it a count is a slip of the pen (choice)."""


def _without_repetition(listed: Sequence[str], field: str) -> None:
    """At most `MOST`, and none twice; raises Refused (`list_too_long`, `listed_twice`)."""
    if len(listed) > MOST:
        raise Refused("list_too_long", field=field, most=MOST)
    if len(set(listed)) < len(listed):
        raise Refused("listed_twice", field=field)


def _check_homeless(view: View, member: str) -> None:
    """A member who is here and lives in no other household; raises Conflict `in_household`."""
    need_member(view, member)
    home = view.state(Home, member).household_id
    if home is not None and not view.state(Household, home).ended:
        raise Conflict("in_household", member=member, household=home)


def register_household(view: View, c: do.RegisterHousehold, scene: Scene) -> list[Fact]:
    """See `RegisterHousehold`."""
    household_id = check_id(c.household_id, "home")
    if view.state(Household, household_id).registered is not None:
        raise Conflict("household_exists", household=household_id)
    need_place(view, c.place)
    _without_repetition(c.residents, "residents")
    for member in c.residents:
        _check_homeless(view, member)
    return [
        facts.HouseholdRegistered(
            household_id=household_id,
            place=c.place,
            places=tuple(places_up(view, c.place)),
            residents=c.residents,
            registered_at=scene.now_at,
            words=scene.sealed,
        )
    ]


def join_household(view: View, c: do.JoinHousehold, _scene: Scene) -> list[Fact]:
    """See `JoinHousehold`."""
    household, _ = need_household(view, c.household_id)
    _check_homeless(view, c.member)
    if len(household.members) >= MOST:
        raise Refused("list_too_long", field="residents", most=MOST)
    return [facts.HouseholdJoined(household_id=c.household_id, member=c.member)]


def leave_household(view: View, c: do.LeaveHousehold, _scene: Scene) -> list[Fact]:
    """See `LeaveHousehold`; also for somebody who left the community."""
    household, _ = need_household(view, c.household_id)
    if c.member not in household.members:
        raise NotFound("not_of_household", member=c.member, household=c.household_id)
    return [facts.HouseholdLeft(household_id=c.household_id, member=c.member)]


def end_household(view: View, c: do.EndHousehold, _scene: Scene) -> list[Fact]:
    """See `EndHousehold`."""
    _, registered = need_household(view, c.household_id)
    return [facts.HouseholdEnded(household_id=c.household_id, places=registered.places, reason=c.reason)]


def _check_counts(kind: str, c: do.RecordMeeting | do.CorrectMeeting, agenda: Sequence[str]) -> None:
    """Whole positive counts; opinions are collected at gatherings, and only meetings without agenda are counted together.

    Raises Refused (`opinions_at_gatherings`, `one_agenda_one_meeting`, `not_positive`, `absurd_quantity`).
    """
    check_quantity(c.people, MANY)
    check_quantity(c.sessions, MANY)
    if c.sessions > 1 and agenda:
        raise Refused("one_agenda_one_meeting", sessions=c.sessions)
    if c.opinions:
        check_quantity(c.opinions, MANY)
        if kind != "gathering":
            raise Refused("opinions_at_gatherings", kind=kind)


def record_meeting(view: View, c: do.RecordMeeting, scene: Scene) -> list[Fact]:
    """See `RecordMeeting`; by a worker or who answers for the place.

    A deliberation has an agenda (议事): its requests may be voted on, and projects among them are one step further.
    """
    meeting_id = check_id(c.meeting_id, "meet")
    if view.state(Meeting, meeting_id).held is not None:
        raise Conflict("meeting_exists", meeting=meeting_id)
    need_place(view, c.place)
    if scene.role != WORKER and not answers_for(view, scene.actor, c.place):
        raise NotYours("not_in_charge_here", place=c.place)
    need_member(view, c.chair)
    _without_repetition(c.agenda, "agenda")
    if c.kind == "deliberation" and not c.agenda:
        raise Refused("agenda_missing")
    _check_counts(c.kind, c, c.agenda)
    held = facts.MeetingHeld(
        meeting_id=meeting_id,
        kind=c.kind,
        place=c.place,
        day=plausible_day(c.day, scene.today),
        sessions=c.sessions,
        people=c.people,
        opinions=c.opinions,
        chair=c.chair,
        agenda=c.agenda,
        recorded_by=scene.actor,
        words=scene.sealed,
    )
    return [held, *(fact for request_id in c.agenda for fact in moved(view, request_id, held, scene))]


def correct_meeting(view: View, c: do.CorrectMeeting, scene: Scene) -> list[Fact]:
    """See `CorrectMeeting`."""
    meeting, held = need_meeting(view, c.meeting_id)
    _check_counts(held.kind, c, held.agenda)
    if (c.sessions, c.people, c.opinions) == (meeting.sessions, meeting.people, meeting.opinions):
        raise Refused("nothing_to_correct", meeting=c.meeting_id)
    return [
        facts.MeetingCountsCorrected(
            meeting_id=c.meeting_id,
            kind=held.kind,
            sessions=c.sessions,
            people=c.people,
            opinions=c.opinions,
            more_sessions=c.sessions - meeting.sessions,
            more_people=c.people - meeting.people,
            more_opinions=c.opinions - meeting.opinions,
            reason=c.reason,
            corrected_by=scene.actor,
        )
    ]


def raise_request(view: View, c: do.RaiseRequest, scene: Scene) -> list[Fact]:
    """See `RaiseRequest`; by a worker or whoever chaired it, of what was posted that day or later."""
    _, held = need_meeting(view, c.meeting_id)
    if scene.role != WORKER and scene.actor != held.chair:
        raise NotYours("not_the_chair", meeting=c.meeting_id)
    _, posted = need_request(view, c.request_id)
    raised_at = view.state(Deliberation, c.request_id).raised_at
    if raised_at is not None:
        raise Conflict("already_raised", request=c.request_id, meeting=raised_at)
    if posted.day < held.day:
        raise Refused("request_before_meeting", day=posted.day.isoformat(), held=held.day.isoformat())
    return [
        facts.RequestRaised(meeting_id=c.meeting_id, kind=held.kind, request_id=c.request_id, raised_by=scene.actor)
    ]


RULES: dict[type[Command], Decide] = {
    do.RegisterHousehold: register_household,
    do.JoinHousehold: join_household,
    do.LeaveHousehold: leave_household,
    do.EndHousehold: end_household,
    do.RecordMeeting: record_meeting,
    do.CorrectMeeting: correct_meeting,
    do.RaiseRequest: raise_request,
    **VOTE_RULES,
}
