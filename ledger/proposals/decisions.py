"""Decisions about calls for proposals: named judges score, the committee awards, milestones are paid as grants."""

from __future__ import annotations

import re
from itertools import pairwise

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.funds.grants import in_committee
from ledger.funds.interest import has_interest
from ledger.funds.shapes import NAME_LETTERS, check_category
from ledger.funds.state import Grant, need_fund, need_grant, need_item
from ledger.parties.state import acts_for, need_member, need_party, works_for
from ledger.proposals import commands as do
from ledger.proposals import facts
from ledger.proposals.awarding import award_proposal
from ledger.proposals.state import CallForProposals, Proposal, need_call, need_proposal
from ledger.units import check_fen, check_quantity

MILESTONES = 12
"""The most milestones of a proposal (choice)."""
POINTS = 1_000
"""The most points for a criterion (choice)."""
PIECES = 20
"""The most digests in one report (choice)."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _criteria(c: do.OpenCall) -> tuple[tuple[str, int], ...]:
    found = tuple(
        (check_name(one.name, NAME_LETTERS, field="criteria"), check_quantity(one.most_points, POINTS))
        for one in c.criteria
    )
    if not found or len({name for name, _most in found}) != len(found):
        raise Refused("bad_call_criteria")
    return found


def open_call(view: View, c: do.OpenCall, scene: Scene) -> list[Fact]:
    """See `OpenCall`; enough judges are named, and everybody can see who they are."""
    fund, _ = need_item(view, c.fund, c.item)
    if view.state(CallForProposals, check_id(c.call_id, "cfp")).opened is not None:
        raise Conflict("call_for_proposals_exists", call=c.call_id)
    if c.until_day < scene.today:
        raise Refused("call_over", until_day=c.until_day.isoformat())
    if len(set(c.judges)) != len(c.judges):
        raise Refused("judge_repeats")
    if not 1 <= c.least_scores <= len(c.judges) or not 0 <= c.pass_percent <= 100:
        raise Refused("too_few_judges", judges=len(c.judges), least=c.least_scores)
    for judge in c.judges:
        need_member(view, judge)
    if check_fen(c.most_fen) > check_fen(c.budget_fen):
        raise Refused("more_than_budget", budget_fen=c.budget_fen, asked_fen=c.most_fen)
    return [
        facts.CallOpened(
            call_id=c.call_id,
            fund=fund.tag,
            item=c.item,
            category=check_category(c.category),
            title=check_name(c.title, NAME_LETTERS, field="title"),
            budget_fen=c.budget_fen,
            most_fen=c.most_fen,
            until_day=c.until_day,
            judges=c.judges,
            criteria=_criteria(c),
            least_scores=c.least_scores,
            pass_percent=c.pass_percent,
            opened_by=scene.actor,
            day=scene.today,
        )
    ]


def _milestones(c: do.SubmitProposal, scene: Scene) -> tuple[tuple[str, int, str], ...]:
    """Name, amount and day of each; raises Refused `bad_milestones` where there are none, too many, or out of order."""
    days = [scene.today, *(one.due_day for one in c.milestones)]
    if not 1 <= len(c.milestones) <= MILESTONES or any(later < sooner for sooner, later in pairwise(days)):
        raise Refused("bad_milestones", most=MILESTONES)
    return tuple(
        (check_name(one.name, NAME_LETTERS, field="milestones"), check_fen(one.amount_fen), one.due_day.isoformat())
        for one in c.milestones
    )


def submit_proposal(view: View, c: do.SubmitProposal, scene: Scene) -> list[Fact]:
    """See `SubmitProposal`; one for each applicant and call, and by a person, who will count as the grants' proposer."""
    call, opened = need_call(view, c.call_id)
    need_party(view, c.applicant)
    need_member(view, scene.actor)
    check_may_act(view, c.applicant, scene.today)
    if scene.today > opened.until_day:
        raise Refused("call_over", until_day=opened.until_day.isoformat())
    if view.state(Proposal, check_id(c.proposal_id, "prop")).submitted is not None:
        raise Conflict("proposal_exists", proposal=c.proposal_id)
    if c.applicant in call.applicants:
        raise Conflict("already_proposed", call=c.call_id)
    milestones = _milestones(c, scene)
    asked_fen = sum(amount_fen for _name, amount_fen, _day in milestones)
    if asked_fen > opened.most_fen:
        raise Refused("more_than_budget", budget_fen=opened.most_fen, asked_fen=asked_fen)
    return [
        facts.ProposalSubmitted(
            proposal_id=c.proposal_id,
            call_id=c.call_id,
            applicant=c.applicant,
            title=check_name(c.title, NAME_LETTERS, field="title"),
            asked_fen=asked_fen,
            milestones=milestones,
            submitted_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def score_proposal(view: View, c: do.ScoreProposal, scene: Scene) -> list[Fact]:
    """See `ScoreProposal`: once, after the call is over, and never by somebody with an interest in the applicant."""
    proposal, submitted = need_proposal(view, c.proposal_id)
    _, opened = need_call(view, submitted.call_id)
    if scene.actor not in opened.judges:
        raise NotYours("not_a_judge", call=opened.call_id)
    if scene.actor == submitted.submitted_by or has_interest(view, scene.actor, submitted.applicant):
        raise NotYours("judge_has_interest")
    if scene.today <= opened.until_day:
        raise Refused("call_not_over", until_day=opened.until_day.isoformat())
    if proposal.awarded:
        raise Conflict("proposal_awarded", proposal=c.proposal_id)
    if scene.actor in proposal.totals:
        raise Conflict("proposal_scored_already", proposal=c.proposal_id)
    most = [points for _name, points in opened.criteria]
    if len(c.points) != len(most) or any(not 0 <= got <= limit for got, limit in zip(c.points, most, strict=True)):
        raise Refused("bad_proposal_points", criteria=len(most))
    return [
        facts.ProposalScored(
            proposal_id=c.proposal_id, judge=scene.actor, points=c.points, total=sum(c.points), day=scene.today
        )
    ]


def _on_its_way(view: View, grant_id: str) -> tuple[Grant, facts.MilestoneAgreed]:
    """An approved grant that waits for a milestone; raises NotFound, Conflict `grant_not_approved`, `not_by_milestone`."""
    grant, _ = need_grant(view, grant_id, "approved", "grant_not_approved")
    if grant.milestone is None:
        raise Conflict("not_by_milestone", grant=grant_id)
    if grant.accepted_by:
        raise Conflict("milestone_accepted", grant=grant_id)
    return grant, grant.milestone


def report_milestone(view: View, c: do.ReportMilestone, scene: Scene) -> list[Fact]:
    """See `ReportMilestone`; until it is accepted, a later report takes the place of the one before."""
    _, agreed = _on_its_way(view, c.grant_id)
    need_member(view, scene.actor)
    if not works_for(view, scene.actor, agreed.applicant):
        raise NotYours("not_your_proposal")
    if not 1 <= len(c.evidence) <= PIECES:
        raise Refused("milestone_without_evidence", most=PIECES)
    if any(_DIGEST.fullmatch(one) is None for one in c.evidence):
        raise Refused("bad_evidence")
    return [
        facts.MilestoneReported(
            grant_id=c.grant_id,
            proposal_id=agreed.proposal_id,
            evidence=c.evidence,
            reported_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def accept_milestone(view: View, c: do.AcceptMilestone, scene: Scene) -> list[Fact]:
    """See `AcceptMilestone`: by somebody who neither submitted nor reported, and is not tied to the applicant."""
    grant, agreed = _on_its_way(view, c.grant_id)
    if grant.reported is None or grant.proposed is None:
        raise Conflict("milestone_not_reported", grant=c.grant_id)
    _, fund = need_fund(view, grant.proposed.fund)
    need_member(view, scene.actor)
    if not acts_for(view, scene.actor, fund.supervisor):
        in_committee(fund, scene.actor)
    if grant.proposed.proposer in (scene.actor, scene.behalf):
        raise NotYours("submitter_is_accepter")
    if grant.reported.reported_by in (scene.actor, scene.behalf) or has_interest(view, scene.actor, agreed.applicant):
        raise NotYours("reporter_is_accepter")
    return [
        facts.MilestoneAccepted(
            grant_id=c.grant_id,
            proposal_id=agreed.proposal_id,
            applicant=agreed.applicant,
            reported_on=grant.reported.day,
            due_day=agreed.due_day,
            accepted_by=scene.actor,
            day=scene.today,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.OpenCall: open_call,
    do.SubmitProposal: submit_proposal,
    do.ScoreProposal: score_proposal,
    do.AwardProposal: award_proposal,
    do.ReportMilestone: report_milestone,
    do.AcceptMilestone: accept_milestone,
}
