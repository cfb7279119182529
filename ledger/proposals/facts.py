"""Facts of proposals (公益创投). What is granted are ordinary grants of the fund, one for each milestone."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("proposal.call_opened@1")
class CallOpened(Fact, frozen=True, kw_only=True):
    """A fund calls for proposals: for how much, until when, and who judges them by which criteria."""

    TAGS: ClassVar[tuple[str, ...]] = ("call_id",)
    call_id: str
    fund: str
    item: str
    category: str
    title: str
    budget_fen: int
    most_fen: int
    """The most that one proposal may ask for."""
    until_day: date
    judges: tuple[str, ...]
    criteria: tuple[tuple[str, int], ...]
    """Pairs of name and most points."""
    least_scores: int
    """How many judges must have scored a proposal before it is awarded."""
    pass_percent: int
    """The share of the most points that it must reach."""
    opened_by: str
    day: date


@fact("proposal.submitted@1")
class ProposalSubmitted(Fact, frozen=True, kw_only=True):
    """Somebody proposes what to do and what it costs, milestone by milestone; the plan is in the vault."""

    TAGS: ClassVar[tuple[str, ...]] = ("proposal_id", "call_id", "applicant")
    proposal_id: str
    call_id: str
    applicant: str
    title: str
    asked_fen: int
    milestones: tuple[tuple[str, int, str], ...]
    """Name, fen, and the day by which it is to be reached, YYYY-MM-DD."""
    submitted_by: str
    day: date
    words: str = ""


@fact("proposal.scored@1")
class ProposalScored(Fact, frozen=True, kw_only=True):
    """One judge's points, in the order of the call's criteria."""

    TAGS: ClassVar[tuple[str, ...]] = ("proposal_id",)
    proposal_id: str
    judge: str
    points: tuple[int, ...]
    total: int
    day: date


@fact("proposal.awarded@1")
class ProposalAwarded(Fact, frozen=True, kw_only=True):
    """The committee grants it; the grants of its milestones follow in the same story."""

    TAGS: ClassVar[tuple[str, ...]] = ("proposal_id", "call_id", "applicant")
    proposal_id: str
    call_id: str
    fund: str
    applicant: str
    amount_fen: int
    scores: int
    points: int
    """The sum over all judges."""
    approver: str
    day: date


@fact("proposal.milestone_agreed@1")
class MilestoneAgreed(Fact, frozen=True, kw_only=True):
    """What has to be reached before a grant of a proposal is paid."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "proposal_id")
    grant_id: str
    proposal_id: str
    applicant: str
    rank: int
    name: str
    amount_fen: int
    due_day: date


@fact("proposal.milestone_reported@1")
class MilestoneReported(Fact, frozen=True, kw_only=True):
    """The applicant shows that it is reached: SHA-256 digests of the evidence; the report is in the vault."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "proposal_id")
    grant_id: str
    proposal_id: str
    evidence: tuple[str, ...]
    reported_by: str
    day: date
    words: str = ""


@fact("proposal.milestone_accepted@1")
class MilestoneAccepted(Fact, frozen=True, kw_only=True):
    """Another person accepts the report; a third may pay. `reported_on` against `due_day` says whether it was in time."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "proposal_id", "applicant")
    grant_id: str
    proposal_id: str
    applicant: str
    reported_on: date
    due_day: date
    accepted_by: str
    day: date
