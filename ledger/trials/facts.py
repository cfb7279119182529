"""Facts of trials: standards, pilots with a checklist and an end date, and approval in levels, one after the other."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("trial.standard_adopted@1")
class StandardAdopted(Fact, frozen=True, kw_only=True):
    """A checklist of service standards for a kind of pilot (M19: 24, 18 and 10 items); `items`: (code, name).

    `months` is how long a pilot by this standard lasts.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("standard_id",)
    standard_id: str
    kind: str
    name: str
    months: int
    items: tuple[tuple[str, str], ...]
    adopted_by: str
    day: date


@fact("trial.opened@1")
class TrialOpened(Fact, frozen=True, kw_only=True):
    """A place is served by a standard on trial, by a unit or by its own people, until `ends_on`."""

    TAGS: ClassVar[tuple[str, ...]] = ("trial_id", "place", "unit")
    trial_id: str
    standard_id: str
    kind: str
    place: str
    unit: str | None = None
    begins_on: date
    ends_on: date
    items: int
    opened_by: str
    day: date


@fact("trial.item_ticked@1")
class TrialItemTicked(Fact, frozen=True, kw_only=True):
    """Somebody looked at an item of the checklist and found it met, or no longer met.

    `evidence` is the SHA-256 of what shows it, "" where there is nothing to show.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("trial_id",)
    trial_id: str
    item: str
    met: bool
    evidence: str = ""
    ticked_by: str
    day: date


@fact("trial.extended@1")
class TrialExtended(Fact, frozen=True, kw_only=True):
    """The pilot goes on until a later day."""

    TAGS: ClassVar[tuple[str, ...]] = ("trial_id", "place", "unit")
    trial_id: str
    place: str
    unit: str | None = None
    ends_on: date
    reason: str
    extended_by: str
    day: date


@fact("trial.ended@1")
class TrialEnded(Fact, frozen=True, kw_only=True):
    """The pilot is over. `outcome`: passed (every item met, the time served), failed, given_up."""

    TAGS: ClassVar[tuple[str, ...]] = ("trial_id", "place", "unit")
    trial_id: str
    place: str
    unit: str | None = None
    outcome: str
    met: int
    items: int
    ended_by: str
    day: date


@fact("approval.applied@1")
class ApprovalApplied(Fact, frozen=True, kw_only=True):
    """Somebody asks that a matter be approved at every level, in order (四级联审); `levels`: (name, approver)."""

    TAGS: ClassVar[tuple[str, ...]] = ("approval_id", "subject", "applicant")
    approval_id: str
    subject: str
    applicant: str
    matter: str
    levels: tuple[tuple[str, str], ...]
    applied_by: str
    day: date
    words: str = ""


@fact("approval.level_approved@1")
class LevelApproved(Fact, frozen=True, kw_only=True):
    """A level said yes; with the `last` one the matter is approved. Levels count from 1."""

    TAGS: ClassVar[tuple[str, ...]] = ("approval_id", "subject", "applicant")
    approval_id: str
    subject: str
    applicant: str
    level: int
    name: str
    approver: str
    last: bool
    approved_by: str
    day: date


@fact("approval.level_rejected@1")
class LevelRejected(Fact, frozen=True, kw_only=True):
    """A level said no, and with it the whole; the reason as a word. Applying again begins at the first level."""

    TAGS: ClassVar[tuple[str, ...]] = ("approval_id", "subject", "applicant")
    approval_id: str
    subject: str
    applicant: str
    level: int
    name: str
    approver: str
    reason: str
    rejected_by: str
    day: date


@fact("approval.approver_replaced@1")
class ApproverReplaced(Fact, frozen=True, kw_only=True):
    """Another party decides at a level that has not decided yet: the one named left, or may not decide."""

    TAGS: ClassVar[tuple[str, ...]] = ("approval_id",)
    approval_id: str
    level: int
    before: str
    approver: str
    replaced_by: str
    day: date


@fact("approval.withdrawn@1")
class ApprovalWithdrawn(Fact, frozen=True, kw_only=True):
    """The application is taken back."""

    TAGS: ClassVar[tuple[str, ...]] = ("approval_id", "subject", "applicant")
    approval_id: str
    subject: str
    applicant: str
    withdrawn_by: str
    day: date
