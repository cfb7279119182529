"""Commands of appraisals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

Rhythm = Literal["monthly", "quarterly", "once"]


class AppraisalNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A remark in free text; never in the journal."""

    remark: str


class Seat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sits on a panel, and how much their sheet weighs."""

    party: str
    weight: int = 1


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is looked at, and how many points there are for it at most."""

    code: str
    name: str
    most: int


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points for one criterion."""

    code: str
    points: int


class AppointPanel(Command, frozen=True, kw_only=True):
    """Name the parties who appraise together, with their weights and criteria."""

    NAME: ClassVar[str] = "appoint_panel"
    GENERATED: ClassVar[tuple[str, ...]] = ("panel_id",)
    panel_id: str = field(default_factory=maker("panel"))
    name: str
    rhythm: Rhythm
    seats: tuple[Seat, ...]
    criteria: tuple[Criterion, ...]


class DissolvePanel(Command, frozen=True, kw_only=True):
    """Let a panel open no further appraisal."""

    NAME: ClassVar[str] = "dissolve_panel"
    panel_id: str


class OpenAppraisal(Command, frozen=True, kw_only=True):
    """Have a panel appraise a unit, team, project or place for a period that has begun."""

    NAME: ClassVar[str] = "open_appraisal"
    GENERATED: ClassVar[tuple[str, ...]] = ("appraisal_id",)
    appraisal_id: str = field(default_factory=maker("apr"))
    panel_id: str
    subject: str
    period: str
    until_day: date


class ScoreAppraisal(Command, frozen=True, kw_only=True):
    """Hand in a panelist's sheet: points for every criterion."""

    NAME: ClassVar[str] = "score_appraisal"
    GENERATED: ClassVar[tuple[str, ...]] = ("sheet_id",)
    SUBJECT: ClassVar[str] = "panelist"
    sheet_id: str = field(default_factory=maker("sheet"))
    appraisal_id: str
    panelist: str
    marks: tuple[Mark, ...]
    words: AppraisalNote | None = None


class CloseAppraisal(Command, frozen=True, kw_only=True):
    """Add the sheets up and publish the result; without enough of them in time there is none."""

    NAME: ClassVar[str] = "close_appraisal"
    appraisal_id: str


class CancelAppraisal(Command, frozen=True, kw_only=True):
    """Call an appraisal off."""

    NAME: ClassVar[str] = "cancel_appraisal"
    appraisal_id: str
    reason: Literal["mistake", "subject_gone"]


class OrderRectification(Command, frozen=True, kw_only=True):
    """Order a unit or team to put something right by a day, on an appraisal's result or without one."""

    NAME: ClassVar[str] = "order_rectification"
    GENERATED: ClassVar[tuple[str, ...]] = ("rectification_id",)
    SUBJECT: ClassVar[str] = "party"
    rectification_id: str = field(default_factory=maker("rec"))
    party: str
    matter: str
    appraisal_id: str | None = None
    due_day: date
    words: AppraisalNote | None = None


class ReportRectified(Command, frozen=True, kw_only=True):
    """Say that it is put right, with the SHA-256 of what shows it."""

    NAME: ClassVar[str] = "report_rectified"
    SUBJECT: ClassVar[str] = "party"
    rectification_id: str
    party: str
    evidence: str = ""
    words: AppraisalNote | None = None


class AcceptRectification(Command, frozen=True, kw_only=True):
    """Look at what was reported and find it put right."""

    NAME: ClassVar[str] = "accept_rectification"
    rectification_id: str


class FailRectification(Command, frozen=True, kw_only=True):
    """Enter that the day passed without a report, or that what was reported is not enough."""

    NAME: ClassVar[str] = "fail_rectification"
    rectification_id: str
    cause: Literal["overdue", "insufficient"]
