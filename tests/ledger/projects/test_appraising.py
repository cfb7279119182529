"""干事与评事: sessions and person-visits are counted, the work is completed, the households say how satisfied they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.projects import commands as do
from ledger.projects import facts
from ledger.projects.state import Appraised, Project
from ledger.requests.state import Request
from tests.ledger.cast import AIXIN, CHEN, LI, SUN, WANG, ZHAO, left
from tests.ledger.given import Outcome, given, rule, survives_snapshot
from tests.ledger.meetings.told import ELSEWHERE, HEADS, HOMES, REQUEST, VOTING, counted, home
from tests.ledger.projects.told import (
    COMPLETED,
    DONE,
    PROJECT,
    SESSIONS,
    SPLIT,
    UNDER_WAY,
    accepted,
    appraised,
    concluded,
    measure,
    planned,
    reported,
    sessions,
)

COUNT = do.RecordProjectSession(project_session_id=SESSIONS, project_id=PROJECT, sessions=2, person_visits=80)
VOID = do.VoidProjectSession(project_session_id=SESSIONS, reason="counted_twice")
VOIDED = facts.ProjectSessionVoided(
    project_session_id=SESSIONS, project_id=PROJECT, sessions=2, person_visits=80, reason="counted_twice",
    voided_by=CHEN,
)  # fmt: skip
COMPLETE = do.CompleteProject(project_id=PROJECT)
CONCLUDE = do.ConcludeProject(project_id=PROJECT)
WORK_DONE = (*SPLIT, reported(), accepted())


def ask(command: Any, *before: Fact, actor: str = CHEN, role: str = "community_worker", sealed: str = "") -> Outcome:
    """A worker does it."""
    return given(*before).when(command, actor=actor, role=role, sealed=sealed)


def say(number: int = 0, score: int = 5) -> do.AppraiseProject:
    """A household appraises."""
    return do.AppraiseProject(project_id=PROJECT, member=HEADS[number], score=score)


# ---- sessions ---------------------------------------------------------------------------------------------------------


def test_sessions_and_person_visits_are_counted() -> None:
    ask(COUNT, *UNDER_WAY).then(sessions())
    assert ask(COUNT, *UNDER_WAY, actor=LI, role="").facts
    ask(COUNT, *UNDER_WAY, actor=WANG, role="").refused("not_the_sponsor", NotYours)


def test_who_works_for_the_organiser_may_count() -> None:
    organised = replace(COUNT, organiser=AIXIN)
    ask(organised, *UNDER_WAY, actor=ZHAO, role="").then(replace(sessions(), organiser=AIXIN, recorded_by=ZHAO))
    ask(organised, *UNDER_WAY, actor=WANG, role="").refused("not_the_sponsor", NotYours)
    ask(replace(COUNT, organiser="team_none"), *UNDER_WAY).refused("no_such_team", NotFound)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sessions": 0}, "not_positive"),
        ({"person_visits": 0}, "not_positive"),
        ({"person_visits": 1_000_001}, "absurd_quantity"),
        ({"day": date(2026, 5, 21)}, "implausible_date"),
        ({"project_session_id": "req_1"}, "bad_id"),
        ({"project_id": "proj_none"}, "no_such_project"),
    ],
)
def test_a_count_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    ask(replace(COUNT, **changes), *UNDER_WAY).refused(code)


def test_a_wrong_count_falls_away_once() -> None:
    ask(COUNT, *UNDER_WAY, sessions()).refused("project_session_exists", Conflict)
    ask(VOID, *UNDER_WAY, sessions()).then(VOIDED)
    ask(VOID, *UNDER_WAY, sessions(), VOIDED).refused("project_session_voided", Conflict)
    ask(VOID, *UNDER_WAY).refused("no_such_project_session", NotFound)
    ask(VOID, *UNDER_WAY, sessions(), COMPLETED).refused("project_not_there", Conflict)


# ---- completing -------------------------------------------------------------------------------------------------------


def test_a_project_is_completed_when_all_measures_are_accepted() -> None:
    ask(COMPLETE, *WORK_DONE).then(COMPLETED)
    ask(COMPLETE, *SPLIT).refused("measures_left", Refused, left=1)
    ask(COMPLETE, *WORK_DONE, actor=WANG, role="").refused("not_the_sponsor", NotYours)
    ask(COMPLETE, *DONE).refused("project_not_there", Conflict, status="completed")
    assert ask(COMPLETE, *UNDER_WAY).facts, "a project of sessions alone has no measures"


def test_a_proposal_follows_its_project() -> None:
    proposal = (*VOTING, counted("passed"), planned(request_id=REQUEST))
    done = ask(COMPLETE, *proposal)
    assert done.state(Request, REQUEST).status == "executed"
    completed = replace(COMPLETED, request_id=REQUEST)
    good = ask(CONCLUDE, *proposal, completed, appraised(0, 5))
    assert good.state(Request, REQUEST).status == "closed"
    bad = ask(CONCLUDE, *proposal, completed, appraised(0, 1))
    assert bad.state(Request, REQUEST).status == "decided"
    given_up = ask(do.AbandonProject(project_id=PROJECT, reason="merged"), *proposal)
    assert given_up.state(Request, REQUEST).status == "unmet"


# ---- appraising -------------------------------------------------------------------------------------------------------


def test_a_household_says_once_how_satisfied_it_is() -> None:
    ask(say(), *DONE, actor=WANG, role="", sealed="c").then(replace(appraised(), words="c"))
    ask(say(), *DONE, appraised()).refused("household_appraised", Conflict)
    ask(say(score=6), *DONE).refused("bad_score", Refused)
    ask(say(), *WORK_DONE).refused("project_not_there", Conflict)


def test_only_who_lives_there_appraises() -> None:
    ask(replace(say(), member="mem_he"), *DONE).refused("in_no_household", Refused)
    ask(say(), *DONE, left(WANG)).refused("member_left", Refused)
    outside = replace(say(), member="mem_he")
    ask(outside, *DONE, home("home_5", "mem_he", place=ELSEWHERE)).refused("not_of_electorate", Refused)


def test_who_sponsored_or_did_a_part_of_it_does_not_judge_it() -> None:
    ask(say(1), *DONE, actor=LI, role="").refused("own_project", NotYours)
    ask(say(3), *DONE, actor=SUN, role="").refused("own_project", NotYours)
    of_team = (*UNDER_WAY, measure(owner=AIXIN), accepted(AIXIN), COMPLETED)
    ask(say(2), *of_team).refused("own_project", NotYours)
    ask(say(0), *DONE, actor=SUN).refused("own_project", NotYours)
    ask(CONCLUDE, *DONE, appraised(), actor=SUN).refused("own_project", NotYours)
    ask(CONCLUDE, *DONE, appraised(), actor=LI).refused("own_project", NotYours)


def test_the_appraisals_are_added_up_in_whole_numbers() -> None:
    ask(CONCLUDE, *DONE, appraised(0, 3), appraised(2, 3)).then(concluded("satisfied", households=2, points=6))
    ask(CONCLUDE, *DONE, appraised(0, 3), appraised(2, 2)).then(concluded("rework", households=2, points=5))
    ask(CONCLUDE, *DONE).refused("too_few_appraisals", Refused, have=0, least=1)
    ask(CONCLUDE, *WORK_DONE).refused("project_not_there", Conflict)
    ask(CONCLUDE, *DONE, appraised(), rule("projects.appraisals_least", 2)).refused("too_few_appraisals")
    ask(CONCLUDE, *DONE, rule("projects.appraisals_least", 0)).then(concluded("satisfied", households=0, points=0))
    strict = rule("projects.satisfied_from", 5)
    ask(CONCLUDE, *DONE, appraised(0, 4), strict).then(concluded("rework", points=4))


def test_rework_takes_a_measure_more_and_is_appraised_anew() -> None:
    again = (*DONE, appraised(0, 1), concluded("rework", points=1))
    ask(COMPLETE, *again).refused("rework_missing", Refused)
    more = (*again, measure(project_measure_id="pmeas_gutter"), accepted(project_measure_id="pmeas_gutter"))
    ask(COMPLETE, *more).then(COMPLETED)
    ask(say(), *more, COMPLETED, actor=WANG, role="").then(appraised(round=2))


def test_what_is_concluded_stays_so() -> None:
    over = (*DONE, appraised(), concluded("satisfied"))
    ask(CONCLUDE, *over).refused("project_not_there", Conflict, status="concluded")
    ask(say(2), *over).refused("project_not_there", Conflict)


def test_what_a_household_appraised_survives_a_snapshot() -> None:
    assert survives_snapshot(given(appraised()).state(Appraised, HOMES[0]))
    assert given(*DONE, appraised()).state(Project, PROJECT).points == 5
