"""Decisions about projects: plan, quota, sessions and appraisal (M13, M23, M24); their measures are in `measures`."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.funds.shapes import fund_id
from ledger.funds.state import need_fund
from ledger.meetings.decisions import MANY
from ledger.meetings.moving import moved
from ledger.meetings.state import Deliberation, need_home
from ledger.meetings.votes import SETTLED
from ledger.parties.state import need_member, need_party, works_for
from ledger.places.state import need_place, places_up
from ledger.policy.state import plausible_day, policy_of
from ledger.projects import commands as do
from ledger.projects import facts
from ledger.projects.measures import MEASURE_RULES
from ledger.projects.state import (
    Appraised,
    Project,
    ProjectOfRequest,
    ProjectSession,
    need_project,
    need_project_session,
)
from ledger.projects.who import check_leads
from ledger.requests.closing import check_score
from ledger.requests.state import need_request
from ledger.units import check_fen, check_quantity

YEARS_AHEAD = 10
"""How far ahead a project may be planned, and one year back (choice)."""


def _check_proposal(view: View, request_id: str, sponsor: str | None, scene: Scene) -> None:
    """A project comes out of what the households decided for; a leader may take on what nobody voted on yet.

    Raises Refused (`not_a_project`, `not_decided`), Conflict (`request_settled`, `project_of_request`), NotYours.
    """
    request, posted = need_request(view, request_id)
    if posted.kind != "project":
        raise Refused("not_a_project", request=request_id)
    if scene.actor == posted.requester:
        raise NotYours("own_request", request=request_id)
    if request.status in SETTLED:
        raise Conflict("request_settled", request=request_id, status=request.status)
    known = view.state(ProjectOfRequest, request_id).project_id
    if known is not None:
        raise Conflict("project_of_request", request=request_id, project=known)
    voted = view.state(Deliberation, request_id)
    may_lead = sponsor is not None and voted.vote_id is None
    if voted.outcome != "passed" and not may_lead:
        raise Refused("not_decided", request=request_id, outcome=voted.outcome)


def plan_project(view: View, c: do.PlanProject, scene: Scene) -> list[Fact]:
    """See `PlanProject`; what nobody proposed has a sponsor."""
    project_id = check_id(c.project_id, "proj")
    if view.state(Project, project_id).planned is not None:
        raise Conflict("project_exists", project=project_id)
    need_place(view, c.place)
    if c.sponsor is not None:
        need_member(view, c.sponsor)
        check_may_act(view, c.sponsor, scene.today)
    if c.request_id is not None:
        _check_proposal(view, c.request_id, c.sponsor, scene)
    elif c.sponsor is None:
        raise Refused("sponsor_missing")
    if not scene.today.year - 1 <= c.year <= scene.today.year + YEARS_AHEAD:
        raise Refused("implausible_year", year=c.year)
    if c.budget_fen:
        check_fen(c.budget_fen)
    if c.fund is not None:
        need_fund(view, fund_id(c.fund))
    places = places_up(view, c.place)
    planned = facts.ProjectPlanned(
        project_id=project_id,
        request_id=c.request_id,
        name=check_name(c.name),
        place=c.place,
        community=next((one for one in places if need_place(view, one).kind == "community"), None),
        aspect=c.aspect,
        sponsor=c.sponsor,
        budget_fen=c.budget_fen,
        year=c.year,
        fund=None if c.fund is None else fund_id(c.fund),
        planned_by=scene.actor,
        day=scene.today,
    )
    return [planned, *moved(view, c.request_id, planned, scene)]


def record_project_session(view: View, c: do.RecordProjectSession, scene: Scene) -> list[Fact]:
    """See `RecordProjectSession`; by who leads the project or works for the organiser."""
    _, planned = need_project(view, c.project_id, "planned")
    new_id = check_id(c.project_session_id, "psess")
    if view.state(ProjectSession, new_id).held is not None:
        raise Conflict("project_session_exists", project_session=new_id)
    if c.organiser is not None:
        need_party(view, c.organiser)
    if c.organiser is None or not works_for(view, scene.actor, c.organiser):
        check_leads(planned, scene)
    return [
        facts.ProjectSessionHeld(
            project_session_id=new_id,
            project_id=c.project_id,
            sessions=check_quantity(c.sessions, MANY),
            person_visits=check_quantity(c.person_visits, MANY),
            organiser=c.organiser,
            recorded_by=scene.actor,
            day=plausible_day(c.day, scene.today),
        )
    ]


def void_project_session(view: View, c: do.VoidProjectSession, scene: Scene) -> list[Fact]:
    """See `VoidProjectSession`."""
    held = need_project_session(view, c.project_session_id)
    need_project(view, held.project_id, "planned")
    return [
        facts.ProjectSessionVoided(
            project_session_id=c.project_session_id,
            project_id=held.project_id,
            sessions=held.sessions,
            person_visits=held.person_visits,
            reason=c.reason,
            voided_by=scene.actor,
        )
    ]


def complete_project(view: View, c: do.CompleteProject, scene: Scene) -> list[Fact]:
    """See `CompleteProject`; what has to be done again has at least one measure more than before."""
    project, planned = need_project(view, c.project_id, "planned")
    check_leads(planned, scene)
    left = project.measures - project.accepted
    if left:
        raise Refused("measures_left", project=c.project_id, left=left)
    if project.round > 1 and project.measures == project.carried_out:
        raise Refused("rework_missing", project=c.project_id)
    completed = facts.ProjectCompleted(
        project_id=c.project_id, request_id=planned.request_id, completed_by=scene.actor, day=scene.today
    )
    return [completed, *moved(view, planned.request_id, completed, scene)]


def _check_impartial(view: View, project: Project, person: str) -> None:
    """Who sponsors a project or answered for a part of it does not judge it; raises NotYours `own_project`."""
    sponsor = None if project.planned is None else project.planned.sponsor
    if person == sponsor or any(works_for(view, person, owner) for owner in sorted(project.owners)):
        raise NotYours("own_project", project=project.tag)


def appraise_project(view: View, c: do.AppraiseProject, scene: Scene) -> list[Fact]:
    """See `AppraiseProject`; a household of the project's place, once each time it is carried out."""
    project, planned = need_project(view, c.project_id, "completed")
    need_member(view, c.member)
    household, registered = need_home(view, c.member)
    if planned.place not in registered.places:
        raise Refused("not_of_electorate", household=household.tag, place=planned.place)
    for person in sorted({c.member, scene.actor}):
        _check_impartial(view, project, person)
    if (c.project_id, project.round) in view.state(Appraised, household.tag).rounds:
        raise Conflict("household_appraised", household=household.tag)
    return [
        facts.ProjectAppraised(
            project_id=c.project_id,
            household_id=household.tag,
            member=c.member,
            round=project.round,
            score=check_score(c.score),
            appraised_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def conclude_project(view: View, c: do.ConcludeProject, scene: Scene) -> list[Fact]:
    """See `ConcludeProject`; by somebody who neither sponsors it nor answered for a part of it."""
    project, planned = need_project(view, c.project_id, "completed")
    _check_impartial(view, project, scene.actor)
    policy = policy_of(view)
    least = policy.number("projects.appraisals_least", scene.today)
    if project.households < least:
        raise Refused("too_few_appraisals", have=project.households, least=least)
    satisfied = project.points >= project.households * policy.number("projects.satisfied_from", scene.today)
    concluded = facts.ProjectConcluded(
        project_id=c.project_id,
        request_id=planned.request_id,
        sponsor=planned.sponsor,
        round=project.round,
        households=project.households,
        points=project.points,
        outcome="satisfied" if satisfied else "rework",
        concluded_by=scene.actor,
        day=scene.today,
    )
    return [concluded, *moved(view, planned.request_id, concluded, scene)]


def abandon_project(view: View, c: do.AbandonProject, scene: Scene) -> list[Fact]:
    """See `AbandonProject`."""
    _, planned = need_project(view, c.project_id, "planned", "completed")
    check_leads(planned, scene)
    return [
        facts.ProjectAbandoned(
            project_id=c.project_id,
            request_id=planned.request_id,
            sponsor=planned.sponsor,
            community=planned.community,
            budget_fen=planned.budget_fen,
            year=planned.year,
            reason=c.reason,
            abandoned_by=scene.actor,
            day=scene.today,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.PlanProject: plan_project,
    do.RecordProjectSession: record_project_session,
    do.VoidProjectSession: void_project_session,
    do.CompleteProject: complete_project,
    do.AppraiseProject: appraise_project,
    do.ConcludeProject: conclude_project,
    do.AbandonProject: abandon_project,
    **MEASURE_RULES,
}
