"""Whose eyes the points of a proposal are for while its judges are still at it: nobody gives theirs by another's."""

from __future__ import annotations

from collections.abc import Callable

from api.reading import MONEY
from ledger.base import View
from ledger.funds.interest import has_interest
from ledger.parties.state import Standing
from ledger.proposals.state import CallForProposals, Proposal

COLUMNS = ("points", "scores")
"""What of a proposal waits until all have judged."""


def all_have_judged(view: View, proposal_id: str) -> bool:
    """Whether every judge who is neither tied to the applicant nor gone has given points, or the proposal is awarded."""
    proposal = view.state(Proposal, proposal_id)
    if proposal.awarded or proposal.submitted is None:
        return True
    submitted = proposal.submitted
    return not any(
        judge not in proposal.totals
        and judge != submitted.submitted_by
        and not view.state(Standing, judge).left
        and not has_interest(view, judge, submitted.applicant)
        for judge in _judges(view, proposal_id)
    )


def sees_points(view: View, proposal_id: str, actor: str, holds: Callable[..., bool]) -> bool:
    """Whether somebody may read a proposal's points: everybody once all have judged; before, who decides about money or
    checks it and is no judge of the call."""
    if all_have_judged(view, proposal_id):
        return True
    return holds(MONEY) and actor not in _judges(view, proposal_id)


def _judges(view: View, proposal_id: str) -> tuple[str, ...]:
    submitted = view.state(Proposal, proposal_id).submitted
    opened = view.state(CallForProposals, submitted.call_id).opened if submitted else None
    return opened.judges if opened else ()
