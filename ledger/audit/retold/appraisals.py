"""How the commands of the engine `appraisals` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.appraisals import commands as ask
from ledger.appraisals import facts as told
from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.trials import commands as ask_trial
from ledger.trials import facts as trial

LEADS: Leads = (
    (ask.AppointPanel, told.PanelAppointed),
    (ask.DissolvePanel, told.PanelDissolved),
    (ask.OpenAppraisal, told.AppraisalOpened),
    (ask.ScoreAppraisal, told.AppraisalScored),
    (ask.CloseAppraisal, told.AppraisalClosed),
    (ask.CloseAppraisal, told.AppraisalCancelled),
    (ask.CancelAppraisal, told.AppraisalCancelled),
    (ask.OrderRectification, told.RectificationOrdered),
    (ask.ReportRectified, told.RectificationReported),
    (ask.AcceptRectification, told.RectificationAccepted),
    (ask.FailRectification, told.RectificationFailed),
    (ask_trial.AdoptStandard, trial.StandardAdopted),
    (ask_trial.OpenTrial, trial.TrialOpened),
    (ask_trial.TickItem, trial.TrialItemTicked),
    (ask_trial.ExtendTrial, trial.TrialExtended),
    (ask_trial.EndTrial, trial.TrialEnded),
    (ask_trial.ApplyForApproval, trial.ApprovalApplied),
    (ask_trial.ApproveLevel, trial.LevelApproved),
    (ask_trial.RejectLevel, trial.LevelRejected),
    (ask_trial.ReplaceApprover, trial.ApproverReplaced),
    (ask_trial.WithdrawApproval, trial.ApprovalWithdrawn),
)


def _panel(_view: View, _story: Story, lead: told.PanelAppointed) -> Iterable[Command]:
    yield ask.AppointPanel(
        panel_id=lead.panel_id,
        name=lead.name,
        rhythm=lead.rhythm,  # type: ignore[arg-type]  # what the fact says is judged by the decision
        seats=tuple(ask.Seat(party=party, weight=weight) for party, weight in lead.seats),
        criteria=tuple(ask.Criterion(code=code, name=name, most=most) for code, name, most in lead.criteria),
    )


def _sheet(_view: View, _story: Story, lead: told.AppraisalScored) -> Iterable[Command]:
    yield ask.ScoreAppraisal(
        sheet_id=lead.sheet_id,
        appraisal_id=lead.appraisal_id,
        panelist=lead.panelist,
        marks=tuple(ask.Mark(code=code, points=points) for code, points in lead.marks),
    )


def _standard(_view: View, _story: Story, lead: trial.StandardAdopted) -> Iterable[Command]:
    """With its items stated: what stands in the ready-made checklists today is no matter."""
    yield ask_trial.AdoptStandard(
        standard_id=lead.standard_id,
        kind=lead.kind,  # type: ignore[arg-type]  # what the fact says is judged by the decision
        name=lead.name,
        months=lead.months,
        items=tuple(ask_trial.ChecklistItem(code=code, name=name) for code, name in lead.items),
    )


def _application(_view: View, _story: Story, lead: trial.ApprovalApplied) -> Iterable[Command]:
    yield ask_trial.ApplyForApproval(
        approval_id=lead.approval_id,
        subject=lead.subject,
        applicant=lead.applicant,
        matter=lead.matter,
        levels=tuple(ask_trial.Level(name=name, approver=approver) for name, approver in lead.levels),
    )


SPECIAL: Special = {
    (ask.AppointPanel, told.PanelAppointed): _panel,
    (ask.ScoreAppraisal, told.AppraisalScored): _sheet,
    (ask_trial.AdoptStandard, trial.StandardAdopted): _standard,
    (ask_trial.ApplyForApproval, trial.ApprovalApplied): _application,
}
