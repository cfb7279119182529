"""What decisions about proposals need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.proposals import facts


class CallForProposals(State, frozen=True, kw_only=True):
    """One call: who answered it, and how much of its budget is awarded (tag: its id)."""

    opened: facts.CallOpened | None = None
    applicants: frozenset[str] = frozenset()
    awarded_fen: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Follows what is submitted and awarded."""
        match happened:
            case facts.CallOpened():
                return replace(self, opened=happened)
            case facts.ProposalSubmitted():
                return replace(self, applicants=self.applicants | {happened.applicant})
            case facts.ProposalAwarded():
                return replace(self, awarded_fen=self.awarded_fen + happened.amount_fen)
        return self


class Proposal(State, frozen=True, kw_only=True):
    """One proposal with the points it got (tag: its id)."""

    submitted: facts.ProposalSubmitted | None = None
    totals: Mapping[str, int] = msgspec.field(default_factory=dict)
    """Points by judge."""
    awarded: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows scores and the award."""
        match happened:
            case facts.ProposalSubmitted():
                return replace(self, submitted=happened)
            case facts.ProposalScored():
                return replace(self, totals={**self.totals, happened.judge: happened.total})
            case facts.ProposalAwarded():
                return replace(self, awarded=True)
        return self


def need_call(view: View, call_id: str) -> tuple[CallForProposals, facts.CallOpened]:
    """A call and how it was opened; raises NotFound `no_such_call_for_proposals`."""
    call = view.state(CallForProposals, call_id)
    if call.opened is None:
        raise NotFound("no_such_call_for_proposals", call=call_id)
    return call, call.opened


def need_proposal(view: View, proposal_id: str) -> tuple[Proposal, facts.ProposalSubmitted]:
    """A proposal as it was submitted; raises NotFound `no_such_proposal`."""
    proposal = view.state(Proposal, proposal_id)
    if proposal.submitted is None:
        raise NotFound("no_such_proposal", proposal=proposal_id)
    return proposal, proposal.submitted
