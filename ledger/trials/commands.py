"""Commands of trials and of approval in levels."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

TrialKind = Literal["professional", "self_governed", "safety_net"]
"""By whom a courtyard is kept: a property company (专业化), its own people (自治型), the street (兜底型)."""
Outcome = Literal["passed", "failed", "given_up"]


class TrialNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A remark in free text; never in the journal."""

    remark: str


class ChecklistItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service standard: its code, and its name in public."""

    code: str
    name: str


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of an approval: its name, and the party that decides there."""

    name: str
    approver: str


class AdoptStandard(Command, frozen=True, kw_only=True):
    """Adopt a checklist for a kind of pilot: of one's own, or the ready-made one of that kind where no item is stated."""

    NAME: ClassVar[str] = "adopt_standard"
    GENERATED: ClassVar[tuple[str, ...]] = ("standard_id",)
    standard_id: str = field(default_factory=maker("std"))
    kind: TrialKind
    name: str
    months: int = 3
    items: tuple[ChecklistItem, ...] = ()


class OpenTrial(Command, frozen=True, kw_only=True):
    """Begin a pilot in a place by a standard; served by a unit, or by the place's own people where none is stated."""

    NAME: ClassVar[str] = "open_trial"
    GENERATED: ClassVar[tuple[str, ...]] = ("trial_id",)
    trial_id: str = field(default_factory=maker("trial"))
    standard_id: str
    place: str
    unit: str | None = None
    begins_on: date


class TickItem(Command, frozen=True, kw_only=True):
    """Enter that an item of the checklist is met, or (`met` false) no longer met."""

    NAME: ClassVar[str] = "tick_item"
    trial_id: str
    item: str
    met: bool = True
    evidence: str = ""


class ExtendTrial(Command, frozen=True, kw_only=True):
    """Let a pilot go on until a later day."""

    NAME: ClassVar[str] = "extend_trial"
    trial_id: str
    ends_on: date
    reason: Literal["items_open", "works_under_way", "residents_asked"]


class EndTrial(Command, frozen=True, kw_only=True):
    """End a pilot: passed only when its time is served, every item is met and policy's levels have approved it."""

    NAME: ClassVar[str] = "end_trial"
    trial_id: str
    outcome: Outcome


class ApplyForApproval(Command, frozen=True, kw_only=True):
    """Ask that a pilot, place, request or party be approved by these levels, in this order."""

    NAME: ClassVar[str] = "apply_for_approval"
    GENERATED: ClassVar[tuple[str, ...]] = ("approval_id",)
    SUBJECT: ClassVar[str] = "applicant"
    approval_id: str = field(default_factory=maker("apv"))
    subject: str
    applicant: str
    matter: str
    levels: tuple[Level, ...]
    words: TrialNote | None = None


class ApproveLevel(Command, frozen=True, kw_only=True):
    """Say yes at a level, in the name of the party that decides there."""

    NAME: ClassVar[str] = "approve_level"
    approval_id: str
    level: int


class RejectLevel(Command, frozen=True, kw_only=True):
    """Say no at a level; the whole is rejected."""

    NAME: ClassVar[str] = "reject_level"
    approval_id: str
    level: int
    reason: Literal["standard_not_met", "papers_missing", "residents_object", "against_rules"]


class ReplaceApprover(Command, frozen=True, kw_only=True):
    """Name another party to decide at a level that has not decided yet."""

    NAME: ClassVar[str] = "replace_approver"
    approval_id: str
    level: int
    approver: str


class WithdrawApproval(Command, frozen=True, kw_only=True):
    """Take an application back."""

    NAME: ClassVar[str] = "withdraw_approval"
    approval_id: str
    applicant: str
