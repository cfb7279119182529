"""How the commands of the engine `funds` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.disclosures import commands as tell
from ledger.disclosures import facts as told
from ledger.funds import commands as ask
from ledger.funds import facts as fund
from ledger.proposals import commands as propose
from ledger.proposals import facts as proposal

LEADS: Leads = (
    (ask.RefundDonation, fund.RefundAsked),
    (ask.DeclineRefund, fund.RefundDeclined),
    (ask.NameFundItem, fund.ItemNamed),
    (ask.EndFundItem, fund.ItemEnded),
    (ask.AskRestrictionChange, fund.RestrictionChangeAsked),
    (ask.AgreeRestrictionChange, fund.RestrictionChanged),
    (ask.OpenHelpCase, fund.HelpCaseOpened),
    (ask.CloseHelpCase, fund.HelpCaseClosed),
    (ask.CloseFund, fund.FundClosed),
    (propose.OpenCall, proposal.CallOpened),
    (propose.SubmitProposal, proposal.ProposalSubmitted),
    (propose.ScoreProposal, proposal.ProposalScored),
    (propose.AwardProposal, proposal.ProposalAwarded),
    (propose.ReportMilestone, proposal.MilestoneReported),
    (propose.AcceptMilestone, proposal.MilestoneAccepted),
    (tell.DeclareEmergency, told.EmergencyDeclared),
    (tell.PublishDisclosure, told.DisclosurePublished),
    (tell.CorrectDisclosure, told.DisclosureCorrected),
)


def _opened_call(_view: View, _story: Story, lead: proposal.CallOpened) -> Iterable[Command]:
    yield propose.OpenCall(
        call_id=lead.call_id,
        fund=lead.fund,
        item=lead.item,
        category=lead.category,
        title=lead.title,
        budget_fen=lead.budget_fen,
        most_fen=lead.most_fen,
        until_day=lead.until_day,
        judges=lead.judges,
        criteria=tuple(propose.Criterion(name=name, most_points=most) for name, most in lead.criteria),
        least_scores=lead.least_scores,
        pass_percent=lead.pass_percent,
    )


def _submitted(_view: View, _story: Story, lead: proposal.ProposalSubmitted) -> Iterable[Command]:
    yield propose.SubmitProposal(
        proposal_id=lead.proposal_id,
        call_id=lead.call_id,
        applicant=lead.applicant,
        title=lead.title,
        milestones=tuple(
            propose.Milestone(name=name, amount_fen=amount_fen, due_day=date.fromisoformat(due_day))
            for name, amount_fen, due_day in lead.milestones
        ),
    )


SPECIAL: Special = {
    (propose.OpenCall, proposal.CallOpened): _opened_call,
    (propose.SubmitProposal, proposal.ProposalSubmitted): _submitted,
}
