"""The award: a proposal that passed becomes one approved grant for each of its milestones."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact, Scene, View
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.funds import facts as fund_facts
from ledger.funds.grants import cover, in_committee
from ledger.funds.interest import has_interest
from ledger.funds.state import need_item
from ledger.parties.state import Standing, need_member, need_party
from ledger.proposals import commands as do
from ledger.proposals import facts
from ledger.proposals.state import Proposal, need_call, need_proposal


def grant_of(proposal_id: str, rank: int) -> str:
    """The id of the grant of a proposal's milestone, counted from 1."""
    return f"grant_{proposal_id.removeprefix('prop_')}.{rank}"


def _is_able(view: View, judge: str, submitted: facts.ProposalSubmitted) -> bool:
    if judge == submitted.submitted_by or view.state(Standing, judge).left:
        return False
    return not has_interest(view, judge, submitted.applicant)


def _check_passed(view: View, opened: facts.CallOpened, proposal: Proposal, submitted: facts.ProposalSubmitted) -> None:
    """Enough judges scored it, and well enough. Judges who left, submitted it or have an interest are not waited for."""
    able = sum(1 for judge in opened.judges if judge in proposal.totals or _is_able(view, judge, submitted))
    least = max(1, min(opened.least_scores, able))
    if len(proposal.totals) < least:
        raise Refused("too_few_scores", scores=len(proposal.totals), least=least)
    most = sum(points for _name, points in opened.criteria) * len(proposal.totals)
    if sum(proposal.totals.values()) * 100 < opened.pass_percent * most:
        raise Refused("score_too_low", points=sum(proposal.totals.values()), most=most, percent=opened.pass_percent)


def award_proposal(view: View, c: do.AwardProposal, scene: Scene) -> list[Fact]:
    """See `AwardProposal`. Who submitted counts as proposer of the grants, who awards as their approver."""
    proposal, submitted = need_proposal(view, c.proposal_id)
    call, opened = need_call(view, submitted.call_id)
    fund, fund_opened = need_item(view, opened.fund, opened.item)
    if proposal.awarded:
        raise Conflict("proposal_awarded", proposal=c.proposal_id)
    if submitted.submitted_by in (scene.actor, scene.behalf):
        raise NotYours("proposer_is_approver")
    if has_interest(view, scene.actor, submitted.applicant):
        raise NotYours("payee_is_approver")
    if scene.actor in proposal.totals:
        raise NotYours("judge_is_approver")
    in_committee(fund_opened, scene.actor)
    need_member(view, scene.actor)
    need_party(view, submitted.applicant)
    check_may_act(view, submitted.applicant, scene.today)
    _check_passed(view, opened, proposal, submitted)
    left_fen = opened.budget_fen - call.awarded_fen
    if submitted.asked_fen > left_fen:
        raise Refused("more_than_budget", budget_fen=left_fen, asked_fen=submitted.asked_fen)
    cover(view, fund.tag, opened.item, submitted.asked_fen)
    awarded = facts.ProposalAwarded(
        proposal_id=c.proposal_id,
        call_id=opened.call_id,
        fund=fund.tag,
        applicant=submitted.applicant,
        amount_fen=submitted.asked_fen,
        scores=len(proposal.totals),
        points=sum(proposal.totals.values()),
        approver=scene.actor,
        day=scene.today,
    )
    return [awarded, *_grants(opened, submitted, scene)]


def _grants(opened: facts.CallOpened, submitted: facts.ProposalSubmitted, scene: Scene) -> list[Fact]:
    """For each milestone: a grant proposed, approved, and bound to what has to be reached first."""
    made: list[Fact] = []
    for rank, (name, amount_fen, due_day) in enumerate(submitted.milestones, start=1):
        grant_id = grant_of(submitted.proposal_id, rank)
        made += [
            fund_facts.GrantProposed(
                grant_id=grant_id,
                fund=opened.fund,
                item=opened.item,
                category=opened.category,
                amount_fen=amount_fen,
                payee=submitted.applicant,
                proposer=submitted.submitted_by,
                day=scene.today,
            ),
            fund_facts.GrantApproved(
                grant_id=grant_id, fund=opened.fund, item=opened.item, amount_fen=amount_fen, approver=scene.actor
            ),
            facts.MilestoneAgreed(
                grant_id=grant_id,
                proposal_id=submitted.proposal_id,
                applicant=submitted.applicant,
                rank=rank,
                name=name,
                amount_fen=amount_fen,
                due_day=date.fromisoformat(due_day),
            ),
        ]
    return made
