"""How the engine `meetings` is reached: households and votes, meetings and gatherings, projects and their measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select

from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.journal import zone_of
from api.routes.names import Who, whos
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command
from ledger.clock import day_of
from ledger.errors import Refused
from ledger.meetings import commands as meet
from ledger.policy.state import policy_of
from ledger.projects import commands as project
from projections.books import queries
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
from projections.reading import fetch, listed

_HOUSEHOLD, _MEETING, _VOTE = "/households/{household_id}", "/meetings/{meeting_id}", "/votes/{vote_id}"
_PROJECT, _MEASURE = "/projects/{project_id}", "/project-measures/{project_measure_id}"
_SESSION = "/project-sessions/{project_session_id}"

WRITES: tuple[Write, ...] = (
    Write("/households", meet.RegisterHousehold, "meetings", location=_HOUSEHOLD),
    Write(_HOUSEHOLD + "/members", meet.JoinHousehold, "meetings", "household_id"),
    Write(_HOUSEHOLD + "/members/{member}/leave", meet.LeaveHousehold, "meetings", "household_id"),
    Write(_HOUSEHOLD + "/end", meet.EndHousehold, "meetings", "household_id"),
    Write("/meetings", meet.RecordMeeting, "meetings", location=_MEETING),
    Write(_MEETING + "/correct", meet.CorrectMeeting, "meetings", "meeting_id"),
    Write(_MEETING + "/raised-requests", meet.RaiseRequest, "meetings", "meeting_id"),
    Write("/requests/{request_id}/votes", meet.OpenVote, "meetings", "request_id", location=_VOTE),
    Write(_VOTE + "/cast", meet.CastVote, "meetings", "vote_id"),
    Write(_VOTE + "/close", meet.CloseVote, "meetings", "vote_id"),
    Write("/projects", project.PlanProject, "projects", location=_PROJECT),
    Write(_PROJECT + "/measures", project.AddMeasure, "projects", "project_id", location=_MEASURE),
    Write(_MEASURE + "/report", project.ReportMeasure, "projects", "project_measure_id"),
    Write(_MEASURE + "/accept", project.AcceptMeasure, "projects", "project_measure_id"),
    Write(_MEASURE + "/return", project.ReturnMeasure, "projects", "project_measure_id"),
    Write(_MEASURE + "/overdue", project.MarkMeasureOverdue, "projects", "project_measure_id"),
    Write(_MEASURE + "/hand-over", project.HandOverMeasure, "projects", "project_measure_id"),
    Write(_PROJECT + "/sessions", project.RecordProjectSession, "projects", "project_id", location=_SESSION),
    Write(_SESSION + "/void", project.VoidProjectSession, "projects", "project_session_id"),
    Write(_PROJECT + "/complete", project.CompleteProject, "projects", "project_id"),
    Write(_PROJECT + "/appraisals", project.AppraiseProject, "projects", "project_id"),
    Write(_PROJECT + "/conclude", project.ConcludeProject, "projects", "project_id"),
    Write(_PROJECT + "/abandon", project.AbandonProject, "projects", "project_id"),
)

_PUBLIC = Reads(public=True)
_WORKERS = Reads(roles=READ_ALL)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="households",
        one="household",
        table=households,
        tag="meetings",
        reads=_WORKERS,
        about="Households of a place with their members: each has one vote.",
        words=("words",),
        lists=("residents",),
        filters=("place", "status"),
    ),
    Shelf(
        name="meetings",
        one="meeting",
        table=meetings,
        tag="meetings",
        reads=_PUBLIC,
        about="Meetings and gatherings, newest first: who came, what was on the agenda, what came of it.",
        parties=("chair", "recorded_by", "corrected_by"),
        words=("words",),
        lists=("agenda",),
        filters=("kind", "place", "chair"),
        order=(("number", True),),
    ),
    Shelf(
        name="meeting_totals",
        one="meeting_total",
        table=meeting_totals,
        tag="meetings",
        reads=_PUBLIC,
        about="All meetings of a kind together: how many, how many people came, how many opinions were heard.",
        filters=("kind",),
    ),
    Shelf(
        name="raised_requests",
        one="raised_request",
        table=raised_requests,
        tag="meetings",
        reads=_WORKERS,
        about="Which requests came of which meeting or gathering.",
        parties=("raised_by",),
        filters=("meeting_id",),
    ),
    Shelf(
        name="votes",
        one="vote",
        table=votes,
        tag="meetings",
        reads=_PUBLIC,
        about="Votes of households, newest first, with quorum, majority and what was counted.",
        parties=("opened_by", "closed_by"),
        filters=("request_id", "meeting_id", "place", "status"),
        order=(("number", True),),
    ),
    Shelf(
        name="projects",
        one="project",
        table=projects,
        tag="projects",
        reads=_PUBLIC,
        about="Projects with sponsor, budget, measures, person-visits and what the households say of them.",
        parties=("sponsor", "planned_by"),
        filters=("request_id", "place", "community", "aspect", "sponsor", "year", "fund", "status"),
    ),
    Shelf(
        name="project_measures",
        one="project_measure",
        table=project_measures,
        tag="projects",
        reads=_PUBLIC,
        about="Measures of projects: who answers for each, until when, and whether it is accepted.",
        own=("owner",),
        parties=("owner", "reported_by", "accepted_by", "planned_by"),
        words=("words",),
        filters=("project_id", "owner", "status"),
    ),
    Shelf(
        name="project_sessions",
        one="project_session",
        table=project_sessions,
        tag="projects",
        reads=_PUBLIC,
        about="Sessions of projects with their person-visits.",
        parties=("organiser", "recorded_by", "voided_by"),
        filters=("project_id", "organiser", "status"),
    ),
    Shelf(
        name="project_quotas",
        one="project_quota",
        table=project_quotas,
        tag="projects",
        reads=_PUBLIC,
        about="Projects that leaders sponsor, by year and community; without a community: all of that year.",
        filters=("year", "community"),
        missing="no_such_quota",
    ),
)


# ---- which community has none yet ---------------------------------------------------------------------------------------


class OfYear(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which year; the present one where none is said."""

    year: str | None = None


class MissingProjects(msgspec.Struct, frozen=True, kw_only=True):
    """The communities that have fewer sponsored projects in a year than policy asks for (`projects.yearly_quota`)."""

    year: str
    communities: list[Who]


def missing_projects(asked: Asked, query: OfYear) -> MissingProjects:
    """The communities that have not met the yearly quota of sponsored projects, by the rule of that year's end or today."""
    today = day_of(asked.store.clock(), zone_of(asked))
    year = str(today.year) if query.year is None else query.year
    if len(year) != 4 or not (year.isascii() and year.isdecimal()) or int(year) < 1:
        raise Refused("bad_shape", field="year")
    by = min(today, date(int(year), 12, 31))
    quota = policy_of(asked.store.application.view(asked.ledger)).number("projects.yearly_quota", by)
    rows = listed(
        asked.store.database, project_quotas, asked.ledger, where={"year": year}, order=(("number", False),),
        after=None, limit=1_000_000,
    ).rows  # fmt: skip
    have = {row["community"]: row["projects"] for row in rows}
    places = queries.places(asked.store.database, asked.ledger)
    missing = [row["place_id"] for row in places if row["kind"] == "community" and have.get(row["place_id"], 0) < quota]
    known = whos(asked, missing)
    return MissingProjects(year=year, communities=[who for one in missing if (who := known[one]) is not None])


READS: tuple[Read, ...] = (Read("/missing-projects", missing_projects, "projects", OfYear, reads=_PUBLIC),)

FIGURES: dict[str, dict[str, str]] = {}


# ---- what comes due ------------------------------------------------------------------------------------------------------

_AT_ONCE = 200


def _votes_over() -> Select[Any]:
    c = votes.c
    due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.until_at <= bindparam("at"))
    return select(c.vote_id).where(*due).order_by(c.until_at).limit(bindparam("n"))


def _measures_overdue() -> Select[Any]:
    c, p = project_measures.c, projects.c
    due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.due_day < bindparam("d"))
    going_on = (p.ledger == bindparam("l2"), p.project_id == c.project_id, p.status == bindparam("p"))
    return select(c.project_measure_id).where(*due, *going_on).order_by(c.due_day, c.number).limit(bindparam("n"))


def votes_over(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Votes whose term is over."""
    with store.database.reading() as cursor:
        rows = fetch(store.database, cursor, "votes_over", _votes_over, l=ledger, s="open", at=now_at, n=_AT_ONCE)
    return [meet.CloseVote(vote_id=str(row[0])) for row in rows]


def measures_overdue(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Measures of projects under way whose due day has passed without a report."""
    day = day_of(now_at, queries.zone_of(store.database, ledger)).isoformat()
    values = {"l": ledger, "s": "open", "d": day, "l2": ledger, "p": "planned", "n": _AT_ONCE}
    with store.database.reading() as cursor:
        rows = fetch(store.database, cursor, "measures_overdue", _measures_overdue, **values)
    return [project.MarkMeasureOverdue(project_measure_id=str(row[0])) for row in rows]


DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (votes_over, measures_overdue)
