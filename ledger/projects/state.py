"""What decisions about projects need to know."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound
from ledger.projects import facts


class Project(State, frozen=True, kw_only=True):
    """One project (tag: its id)."""

    LONG: ClassVar[bool] = True
    status: str = ""
    """"" · planned · completed · concluded · abandoned"""
    planned: facts.ProjectPlanned | None = None
    round: int = 1
    """Which time it is carried out and appraised."""
    measures: int = 0
    """How many it was split into."""
    accepted: int = 0
    """How many of these are accepted."""
    carried_out: int = 0
    """How many there were when it was last appraised: rework takes at least one more."""
    owners: frozenset[str] = frozenset()
    """Who answered for a measure at any time."""
    households: int = 0
    points: int = 0
    """Appraisals of this round, and the sum of their scores."""

    def evolve(self, happened: Fact) -> Self:
        """Follows plan, work and appraisal."""
        match happened:
            case facts.ProjectPlanned():
                return replace(self, status="planned", planned=happened)
            case facts.MeasureAdded():
                return replace(self, measures=self.measures + 1, owners=self.owners | {happened.owner})
            case facts.MeasureHandedOver():
                return replace(self, owners=self.owners | {happened.owner})
            case facts.MeasureAccepted():
                return replace(self, accepted=self.accepted + 1)
            case facts.ProjectCompleted():
                return replace(self, status="completed")
            case facts.ProjectAppraised():
                return replace(self, households=self.households + 1, points=self.points + happened.score)
            case facts.ProjectConcluded(outcome="rework"):
                again = {"status": "planned", "round": self.round + 1, "carried_out": self.measures}
                return replace(self, **again, households=0, points=0)
            case facts.ProjectConcluded():
                return replace(self, status="concluded")
            case facts.ProjectAbandoned():
                return replace(self, status="abandoned")
        return self


class Measure(State, frozen=True, kw_only=True):
    """One measure of a project (tag: its id)."""

    status: str = ""
    """"" · open · overdue · reported · accepted"""
    project_id: str = ""
    owner: str = ""
    """Who answers for it now."""
    due_day: date = date.max
    reported: facts.MeasureReported | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows who answers for it and whether it is done."""
        match happened:
            case facts.MeasureAdded() | facts.MeasureHandedOver():
                now = replace(self, status="open", project_id=happened.project_id, reported=None)
                return replace(now, owner=happened.owner, due_day=happened.due_day)
            case facts.MeasureReported():
                return replace(self, status="reported", reported=happened)
            case facts.MeasureReturned():
                return replace(self, status="open", reported=None)
            case facts.MeasureOverdue():
                return replace(self, status="overdue")
            case facts.MeasureAccepted():
                return replace(self, status="accepted")
        return self


class ProjectOfRequest(State, frozen=True, kw_only=True):
    """The project that a proposal became (tag: the request's id)."""

    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.ProjectPlanned})
    project_id: str | None = None

    def evolve(self, happened: Fact) -> Self:
        """A proposal becomes one project."""
        return replace(self, project_id=happened.project_id) if isinstance(happened, facts.ProjectPlanned) else self


class ProjectSession(State, frozen=True, kw_only=True):
    """Sessions that were counted together (tag: their id)."""

    held: facts.ProjectSessionHeld | None = None
    voided: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows the count until it is taken out."""
        match happened:
            case facts.ProjectSessionHeld():
                return replace(self, held=happened)
            case facts.ProjectSessionVoided():
                return replace(self, voided=True)
        return self


class Appraised(State, frozen=True, kw_only=True):
    """Which projects a household has appraised, in which round (tag: the household's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.ProjectAppraised})
    rounds: frozenset[tuple[str, int]] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Adds one more."""
        if isinstance(happened, facts.ProjectAppraised):
            return replace(self, rounds=self.rounds | {(happened.project_id, happened.round)})
        return self


def need_project(view: View, project_id: str, *statuses: str) -> tuple[Project, facts.ProjectPlanned]:
    """A project in one of these states, in any where none is named; raises NotFound `no_such_project`, Conflict
    `project_not_there` with the state it is in."""
    project = view.state(Project, project_id)
    if project.planned is None:
        raise NotFound("no_such_project", project=project_id)
    if statuses and project.status not in statuses:
        raise Conflict("project_not_there", project=project_id, status=project.status)
    return project, project.planned


def need_measure(view: View, project_measure_id: str, *statuses: str) -> tuple[Measure, facts.ProjectPlanned]:
    """A measure in one of these states, of a project that is being carried out.

    Raises NotFound `no_such_project_measure`, Conflict (`measure_not_there`, `project_not_there`) with the state it is in.
    """
    measure = view.state(Measure, project_measure_id)
    if not measure.status:
        raise NotFound("no_such_project_measure", measure=project_measure_id)
    if measure.status not in statuses:
        raise Conflict("measure_not_there", measure=project_measure_id, status=measure.status)
    return measure, need_project(view, measure.project_id, "planned")[1]


def need_project_session(view: View, project_session_id: str) -> facts.ProjectSessionHeld:
    """Sessions that are counted; raises NotFound `no_such_project_session`, Conflict `project_session_voided`."""
    found = view.state(ProjectSession, project_session_id)
    if found.held is None:
        raise NotFound("no_such_project_session", project_session=project_session_id)
    if found.voided:
        raise Conflict("project_session_voided", project_session=project_session_id)
    return found.held
