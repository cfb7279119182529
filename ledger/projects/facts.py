"""Facts of projects: planned, split into measures, carried out and counted, appraised by the households (干事、评事)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


def quotas_of(community: str | None, year: int, sponsor: str | None) -> tuple[str, ...]:
    """The tags under which a year's sponsored projects are counted: those of all communities, and of this one."""
    if sponsor is None:
        return ()
    return (f"quota_{year}",) if community is None else (f"quota_{year}", f"quota_{year}_{community}")


@fact("project.planned@1")
class ProjectPlanned(Fact, frozen=True, kw_only=True):
    """A project with name, place, aspect, year and budget; perhaps out of what residents proposed (`request_id`).

    `sponsor` is the leader who takes it on (领办); `community` is the one that its place belongs to, for the quota.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("project_id", "request_id", "sponsor")
    project_id: str
    request_id: str | None = None
    name: str
    place: str
    community: str | None = None
    aspect: str
    sponsor: str | None = None
    budget_fen: int
    year: int
    fund: str | None = None
    planned_by: str
    day: date

    def more_tags(self) -> tuple[str, ...]:
        """Where it counts towards the yearly quota."""
        return quotas_of(self.community, self.year, self.sponsor)


@fact("project.measure_added@1")
class MeasureAdded(Fact, frozen=True, kw_only=True):
    """A part of a project that one party answers for until a day."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "owner")
    project_measure_id: str
    project_id: str
    name: str
    owner: str
    due_day: date
    planned_by: str


@fact("project.measure_reported@1")
class MeasureReported(Fact, frozen=True, kw_only=True):
    """The owner says that it is done; `words` commits to the evidence."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "owner")
    project_measure_id: str
    project_id: str
    owner: str
    reported_by: str
    day: date
    words: str = ""


@fact("project.measure_accepted@1")
class MeasureAccepted(Fact, frozen=True, kw_only=True):
    """Somebody else saw that it is done; `in_time`: it had been reported by its due day."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "owner")
    project_measure_id: str
    project_id: str
    owner: str
    in_time: bool
    accepted_by: str
    day: date


@fact("project.measure_returned@1")
class MeasureReturned(Fact, frozen=True, kw_only=True):
    """Somebody else saw that it is not done; the owner has it again."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "owner")
    project_measure_id: str
    project_id: str
    owner: str
    reason: str
    returned_by: str
    day: date


@fact("project.measure_overdue@1")
class MeasureOverdue(Fact, frozen=True, kw_only=True):
    """Its due day passed without a report."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "owner")
    project_measure_id: str
    project_id: str
    owner: str
    due_day: date
    day: date


@fact("project.measure_handed_over@1")
class MeasureHandedOver(Fact, frozen=True, kw_only=True):
    """From now on `owner` answers for it, with a due day of its own; `before` did until now."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_measure_id", "project_id", "before", "owner")
    project_measure_id: str
    project_id: str
    before: str
    owner: str
    due_day: date
    handed_by: str
    day: date


@fact("project.session_held@1")
class ProjectSessionHeld(Fact, frozen=True, kw_only=True):
    """Sessions of a project took place, with so many person-visits (人次), counted together where `sessions` > 1."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_session_id", "project_id")
    project_session_id: str
    project_id: str
    sessions: int
    person_visits: int
    organiser: str | None = None
    recorded_by: str
    day: date


@fact("project.session_voided@1")
class ProjectSessionVoided(Fact, frozen=True, kw_only=True):
    """A count that was wrong falls away, with the reason."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_session_id", "project_id")
    project_session_id: str
    project_id: str
    sessions: int
    person_visits: int
    reason: str
    voided_by: str


@fact("project.completed@1")
class ProjectCompleted(Fact, frozen=True, kw_only=True):
    """All its measures are accepted; the households may appraise it."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_id", "request_id")
    project_id: str
    request_id: str | None = None
    completed_by: str
    day: date


@fact("project.appraised@1")
class ProjectAppraised(Fact, frozen=True, kw_only=True):
    """A household says how satisfied it is, 1–5, once in a `round`; `words` commits to a remark."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_id", "household_id", "member")
    project_id: str
    household_id: str
    member: str
    round: int
    score: int
    appraised_by: str
    day: date
    words: str = ""


@fact("project.concluded@1")
class ProjectConcluded(Fact, frozen=True, kw_only=True):
    """The appraisals are added up. `outcome`: satisfied, or rework (the project goes on and is appraised again)."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_id", "request_id", "sponsor")
    project_id: str
    request_id: str | None = None
    sponsor: str | None = None
    round: int
    households: int
    points: int
    outcome: str
    concluded_by: str
    day: date


@fact("project.abandoned@1")
class ProjectAbandoned(Fact, frozen=True, kw_only=True):
    """Given up, with the reason; it counts towards no quota any more."""

    TAGS: ClassVar[tuple[str, ...]] = ("project_id", "request_id", "sponsor")
    project_id: str
    request_id: str | None = None
    sponsor: str | None = None
    community: str | None = None
    budget_fen: int
    year: int
    reason: str
    abandoned_by: str
    day: date

    def more_tags(self) -> tuple[str, ...]:
        """See `ProjectPlanned`."""
        return quotas_of(self.community, self.year, self.sponsor)
