"""What decisions about trials and approvals need to know."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound
from ledger.trials import facts


class Standard(State, frozen=True, kw_only=True):
    """One checklist (tag: its id)."""

    adopted: facts.StandardAdopted | None = None

    def evolve(self, happened: Fact) -> Self:
        """A standard keeps its items; another one is adopted instead."""
        return replace(self, adopted=happened) if isinstance(happened, facts.StandardAdopted) else self


class Trial(State, frozen=True, kw_only=True):
    """One pilot (tag: its id)."""

    opened: facts.TrialOpened | None = None
    ends_on: date | None = None
    met: frozenset[str] = frozenset()
    extensions: int = 0
    ended: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows checklist and end."""
        match happened:
            case facts.TrialOpened():
                return replace(self, opened=happened, ends_on=happened.ends_on)
            case facts.TrialItemTicked():
                met = self.met | {happened.item} if happened.met else self.met - {happened.item}
                return replace(self, met=met)
            case facts.TrialExtended():
                return replace(self, ends_on=happened.ends_on, extensions=self.extensions + 1)
            case facts.TrialEnded():
                return replace(self, ended=True)
        return self


class TrialAt(State, frozen=True, kw_only=True):
    """The pilot that runs in a place (tag: the place's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.TrialOpened, facts.TrialEnded})
    running: str = ""

    def evolve(self, happened: Fact) -> Self:
        """One at a time."""
        match happened:
            case facts.TrialOpened():
                return replace(self, running=happened.trial_id)
            case facts.TrialEnded():
                return replace(self, running="")
        return self


class Approval(State, frozen=True, kw_only=True):
    """One application on its way through the levels (tag: its id)."""

    applied: facts.ApprovalApplied | None = None
    approvers: tuple[str, ...] = ()
    """Who decides at each level, as of now."""
    approved_by: tuple[str, ...] = ()
    """The persons who said yes, level by level."""
    status: str = ""
    """waiting · approved · rejected · withdrawn"""

    def evolve(self, happened: Fact) -> Self:
        """Follows it level by level."""
        match happened:
            case facts.ApprovalApplied():
                approvers = tuple(approver for _, approver in happened.levels)
                return replace(self, applied=happened, approvers=approvers, status="waiting")
            case facts.LevelApproved():
                status = "approved" if happened.last else "waiting"
                return replace(self, approved_by=(*self.approved_by, happened.approved_by), status=status)
            case facts.LevelRejected():
                return replace(self, status="rejected")
            case facts.ApprovalWithdrawn():
                return replace(self, status="withdrawn")
            case facts.ApproverReplaced():
                at = happened.level - 1
                return replace(self, approvers=(*self.approvers[:at], happened.approver, *self.approvers[at + 1 :]))
        return self


class ApprovalsOf(State, frozen=True, kw_only=True):
    """How far the approval of something is (tag: the subject's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {facts.ApprovalApplied, facts.LevelApproved, facts.LevelRejected, facts.ApprovalWithdrawn}
    )
    waiting: frozenset[str] = frozenset()
    """Applications on their way; an applicant's tag may meet those that ask for something else."""
    levels: int = 0
    """The most levels that approved the subject."""

    def evolve(self, happened: Fact) -> Self:
        """Counts only what was asked for this very subject."""
        match happened:
            case facts.ApprovalApplied() if happened.subject == self.tag:
                return replace(self, waiting=self.waiting | {happened.approval_id})
            case facts.LevelApproved() if happened.last and happened.subject == self.tag:
                waiting = self.waiting - {happened.approval_id}
                return replace(self, waiting=waiting, levels=max(self.levels, happened.level))
            case facts.LevelRejected() | facts.ApprovalWithdrawn() if happened.subject == self.tag:
                return replace(self, waiting=self.waiting - {happened.approval_id})
        return self


def need_standard(view: View, standard_id: str) -> facts.StandardAdopted:
    """A checklist; raises NotFound `no_such_standard`."""
    adopted = view.state(Standard, standard_id).adopted
    if adopted is None:
        raise NotFound("no_such_standard", standard=standard_id)
    return adopted


def need_running_trial(view: View, trial_id: str) -> tuple[Trial, facts.TrialOpened]:
    """A pilot that is not over; raises NotFound `no_such_trial`, Conflict `trial_ended`."""
    trial = view.state(Trial, trial_id)
    if trial.opened is None:
        raise NotFound("no_such_trial", trial=trial_id)
    if trial.ended:
        raise Conflict("trial_ended", trial=trial_id)
    return trial, trial.opened


def need_waiting_approval(view: View, approval_id: str) -> tuple[Approval, facts.ApprovalApplied]:
    """An application on its way; raises NotFound `no_such_approval`, Conflict `approval_settled`."""
    approval = view.state(Approval, approval_id)
    if approval.applied is None:
        raise NotFound("no_such_approval", approval=approval_id)
    if approval.status != "waiting":
        raise Conflict("approval_settled", approval=approval_id, status=approval.status)
    return approval, approval.applied
