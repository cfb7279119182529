"""Commands of proposals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.funds.commands import GENERAL
from ledger.ids import maker


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What judges look at, and the most points for it."""

    name: str
    most_points: int


class Milestone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a proposal that is paid when it is reached."""

    name: str
    amount_fen: int
    due_day: date


class ProposalWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A plan or a report in free text; never in the journal."""

    text: str = ""


class OpenCall(Command, frozen=True, kw_only=True):
    """Call for proposals that a fund will pay for (公益创投)."""

    NAME: ClassVar[str] = "open_call"
    GENERATED: ClassVar[tuple[str, ...]] = ("call_id",)
    call_id: str = field(default_factory=maker("cfp"))
    fund: str
    item: str = GENERAL
    category: str
    title: str
    budget_fen: int
    most_fen: int
    until_day: date
    judges: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    least_scores: int = 3
    pass_percent: int = 60


class SubmitProposal(Command, frozen=True, kw_only=True):
    """Answer a call, as a team, a unit or a person."""

    NAME: ClassVar[str] = "submit_proposal"
    GENERATED: ClassVar[tuple[str, ...]] = ("proposal_id",)
    SUBJECT: ClassVar[str] = "applicant"
    proposal_id: str = field(default_factory=maker("prop"))
    call_id: str
    applicant: str
    title: str
    milestones: tuple[Milestone, ...]
    words: ProposalWords | None = None


class ScoreProposal(Command, frozen=True, kw_only=True):
    """Score a proposal, as one of the judges whom the call names; points in the order of its criteria."""

    NAME: ClassVar[str] = "score_proposal"
    proposal_id: str
    points: tuple[int, ...]


class AwardProposal(Command, frozen=True, kw_only=True):
    """Grant a proposal that passed, as a member of the fund's committee who neither judged nor submitted it."""

    NAME: ClassVar[str] = "award_proposal"
    proposal_id: str


class ReportMilestone(Command, frozen=True, kw_only=True):
    """Report that a milestone is reached, with digests of the evidence, as the applicant."""

    NAME: ClassVar[str] = "report_milestone"
    SUBJECT: ClassVar[str] = "grant_id"
    grant_id: str
    evidence: tuple[str, ...]
    words: ProposalWords | None = None


class AcceptMilestone(Command, frozen=True, kw_only=True):
    """Accept the report, as a member of the fund's committee or its supervisor."""

    NAME: ClassVar[str] = "accept_milestone"
    grant_id: str
