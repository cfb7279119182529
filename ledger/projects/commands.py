"""Commands of projects."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

Aspect = Literal[
    "property", "environment", "safety", "culture", "elderly", "children", "health", "employment", "party", "other"
]
"""物业 · 环境 · 平安 · 文化 · 养老 · 托幼 · 健康 · 就业 · 党建 · 其他"""
WhyReturned = Literal["incomplete", "no_evidence", "poor_quality"]
WhyVoided = Literal["miscounted", "counted_twice", "not_held"]
WhyAbandoned = Literal["no_money", "not_feasible", "not_wanted", "merged"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was done and how it can be seen; never in the journal."""

    remark: str


class PlanProject(Command, frozen=True, kw_only=True):
    """Plan a project: out of a proposal that the households decided for, or sponsored by a leader (领办)."""

    NAME: ClassVar[str] = "plan_project"
    GENERATED: ClassVar[tuple[str, ...]] = ("project_id",)
    project_id: str = field(default_factory=maker("proj"))
    request_id: str | None = None
    name: str
    place: str
    aspect: Aspect
    sponsor: str | None = None
    budget_fen: int = 0
    year: int
    fund: str | None = None


class AddMeasure(Command, frozen=True, kw_only=True):
    """Split off a measure (举措) for which one party answers until a day."""

    NAME: ClassVar[str] = "add_measure"
    GENERATED: ClassVar[tuple[str, ...]] = ("project_measure_id",)
    project_measure_id: str = field(default_factory=maker("pmeas"))
    project_id: str
    name: str
    owner: str
    due_day: date


class ReportMeasure(Command, frozen=True, kw_only=True):
    """Say, as its owner, that a measure is done, with evidence."""

    NAME: ClassVar[str] = "report_measure"
    SUBJECT: ClassVar[str] = "project_measure_id"
    project_measure_id: str
    words: Evidence


class AcceptMeasure(Command, frozen=True, kw_only=True):
    """See, as somebody else, that a measure is done."""

    NAME: ClassVar[str] = "accept_measure"
    project_measure_id: str


class ReturnMeasure(Command, frozen=True, kw_only=True):
    """See, as somebody else, that a measure is not done."""

    NAME: ClassVar[str] = "return_measure"
    project_measure_id: str
    reason: WhyReturned


class MarkMeasureOverdue(Command, frozen=True, kw_only=True):
    """Enter that a measure's due day passed; given by the follower that watches deadlines."""

    NAME: ClassVar[str] = "mark_measure_overdue"
    project_measure_id: str


class HandOverMeasure(Command, frozen=True, kw_only=True):
    """Let another party answer for a measure, or the same one until another day."""

    NAME: ClassVar[str] = "hand_over_measure"
    project_measure_id: str
    owner: str
    due_day: date


class RecordProjectSession(Command, frozen=True, kw_only=True):
    """Count sessions of a project that took place, and the person-visits (人次) to them."""

    NAME: ClassVar[str] = "record_project_session"
    GENERATED: ClassVar[tuple[str, ...]] = ("project_session_id",)
    project_session_id: str = field(default_factory=maker("psess"))
    project_id: str
    sessions: int = 1
    person_visits: int
    organiser: str | None = None
    day: date | None = None


class VoidProjectSession(Command, frozen=True, kw_only=True):
    """Take a count out that was wrong."""

    NAME: ClassVar[str] = "void_project_session"
    project_session_id: str
    reason: WhyVoided


class CompleteProject(Command, frozen=True, kw_only=True):
    """Say that all of a project's measures are accepted (干事 is over, 评事 begins)."""

    NAME: ClassVar[str] = "complete_project"
    project_id: str


class AppraiseProject(Command, frozen=True, kw_only=True):
    """Say for one's household how satisfied it is with a project, 1–5 (评事)."""

    NAME: ClassVar[str] = "appraise_project"
    SUBJECT: ClassVar[str] = "member"
    project_id: str
    member: str
    score: int
    words: Evidence | None = None


class ConcludeProject(Command, frozen=True, kw_only=True):
    """Add the appraisals up: below policy's average the project goes on."""

    NAME: ClassVar[str] = "conclude_project"
    project_id: str


class AbandonProject(Command, frozen=True, kw_only=True):
    """Give a project up."""

    NAME: ClassVar[str] = "abandon_project"
    project_id: str
    reason: WhyAbandoned
