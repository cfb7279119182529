"""Facts of projects as the stories tell them: 祥云院 gets its shelter for bicycles."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.projects import facts
from tests.ledger.cast import CHEN, LI, LVYUN, SUN, YARD, granted
from tests.ledger.given import TODAY
from tests.ledger.meetings.told import HEADS, HOMES, LAST_WEEK, YARD_FOLK

PROJECT, MEASURE, SESSIONS = "proj_shelter", "pmeas_roof", "psess_1"
DUE = date(2026, 5, 25)
REPRESENTATIVE = granted(SUN, "representative", LVYUN)


def planned(
    *, request_id: str | None = None, sponsor: str | None = LI, place: str = YARD, community: str | None = None
) -> facts.ProjectPlanned:
    """The project, sponsored by 李师傅."""
    return facts.ProjectPlanned(
        project_id=PROJECT, request_id=request_id, name="车棚", place=place, community=community, aspect="environment",
        sponsor=sponsor, budget_fen=500_000, year=2026, planned_by="mem_he", day=LAST_WEEK,
    )  # fmt: skip


def measure(owner: str = LVYUN, due_day: date = DUE, project_measure_id: str = MEASURE) -> facts.MeasureAdded:
    """Its roof, which 绿云物业 answers for."""
    return facts.MeasureAdded(
        project_measure_id=project_measure_id,
        project_id=PROJECT,
        name="顶棚",
        owner=owner,
        due_day=due_day,
        planned_by="mem_he",
    )


def reported(owner: str = LVYUN, by: str = SUN, day: date = LAST_WEEK) -> facts.MeasureReported:
    """Said to be done."""
    return facts.MeasureReported(project_measure_id=MEASURE, project_id=PROJECT, owner=owner, reported_by=by, day=day)


def accepted(owner: str = LVYUN, project_measure_id: str = MEASURE) -> facts.MeasureAccepted:
    """Seen to be done."""
    return facts.MeasureAccepted(
        project_measure_id=project_measure_id,
        project_id=PROJECT,
        owner=owner,
        in_time=True,
        accepted_by=CHEN,
        day=TODAY,
    )


def sessions(person_visits: int = 80) -> facts.ProjectSessionHeld:
    """Sessions that were counted."""
    return facts.ProjectSessionHeld(
        project_session_id=SESSIONS, project_id=PROJECT, sessions=2, person_visits=person_visits, recorded_by=CHEN,
        day=TODAY,
    )  # fmt: skip


def appraised(number: int = 0, score: int = 5, round: int = 1) -> facts.ProjectAppraised:  # noqa: A002  # the fact's word
    """One of the four households says how satisfied it is."""
    return facts.ProjectAppraised(
        project_id=PROJECT, household_id=HOMES[number], member=HEADS[number], round=round, score=score,
        appraised_by=HEADS[number], day=TODAY,
    )  # fmt: skip


def concluded(outcome: str, *, households: int = 1, points: int = 5) -> facts.ProjectConcluded:
    """The appraisals were added up."""
    return facts.ProjectConcluded(
        project_id=PROJECT, sponsor=LI, round=1, households=households, points=points, outcome=outcome,
        concluded_by=CHEN, day=TODAY,
    )  # fmt: skip


COMPLETED = facts.ProjectCompleted(project_id=PROJECT, completed_by=CHEN, day=TODAY)
ABANDONED = facts.ProjectAbandoned(
    project_id=PROJECT, sponsor=LI, budget_fen=500_000, year=2026, reason="no_money", abandoned_by=CHEN, day=TODAY
)
UNDER_WAY: tuple[Fact, ...] = (*YARD_FOLK, REPRESENTATIVE, planned())
SPLIT: tuple[Fact, ...] = (*UNDER_WAY, measure())
DONE: tuple[Fact, ...] = (*SPLIT, reported(), accepted(), COMPLETED)
