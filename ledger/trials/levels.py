"""Decisions about approval in levels (四级联审): in order, none skipped, and no person on two of them."""

from __future__ import annotations

from ledger.appraisals.interests import Answering, is_own, speaks_as
from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.parties.state import need_party
from ledger.places.state import need_place
from ledger.requests.stages import WORKER, is_worker
from ledger.requests.state import need_request
from ledger.rights import serves
from ledger.trials import commands as do
from ledger.trials import facts
from ledger.trials.state import Approval, ApprovalsOf, Trial, need_running_trial, need_waiting_approval

MOST_LEVELS = 9


def _need_subject(view: View, subject: str) -> None:
    """A pilot that runs, a place, request, project or party; raises NotFound, Conflict `trial_ended`."""
    kind = prefix_of(subject)
    if kind == "trial":
        need_running_trial(view, subject)
    elif kind == "place":
        need_place(view, subject)
    elif kind == "req":
        need_request(view, subject)
    elif kind in (PERSON, TEAM, UNIT):
        need_party(view, subject)
    elif not view.state(Answering, subject).planned:
        raise NotFound("no_such_subject", subject=subject)


def _interested(view: View, subject: str, applicant: str) -> frozenset[str]:
    """Whose own affair it is: the applicant's, the subject's, of those who answer for the project or place, and of the
    unit that serves the pilot."""
    opened = view.state(Trial, subject).opened
    serving = () if opened is None or opened.unit is None else (opened.unit,)
    return frozenset({subject, applicant, *serving, *view.state(Answering, subject).parties.values()})


def _check_pilot(view: View, c: do.ApplyForApproval, scene: Scene) -> None:
    """A pilot ends well only when its levels approved it, so that a worker who is not of its unit names them, and it is
    asked for by its unit, by who answers for its place, or by a worker; where no unit serves it also by any unit or team.

    Raises NotYours: `worker_names_levels`, `own_trial`, `not_your_trial`.
    """
    opened = view.state(Trial, c.subject).opened
    if opened is None:
        return
    if not is_worker(view, scene, c.subject):
        raise NotYours("worker_names_levels")
    if opened.unit is not None and is_own(view, scene.actor, frozenset({opened.unit})):
        raise NotYours("own_trial", unit=opened.unit)
    if c.applicant == opened.unit or c.applicant in view.state(Answering, opened.place).parties.values():
        return
    if serves(view, c.applicant, WORKER, c.subject):
        return
    if opened.unit is not None or prefix_of(c.applicant) == PERSON:
        raise NotYours("not_your_trial", trial=c.subject)


def apply_for_approval(view: View, c: do.ApplyForApproval, scene: Scene) -> list[Fact]:
    """See `ApplyForApproval`; only the first level may be the applicant's own (自审)."""
    if view.state(Approval, check_id(c.approval_id, "apv")).applied is not None:
        raise Conflict("approval_exists", approval=c.approval_id)
    _need_subject(view, c.subject)
    need_party(view, c.applicant)
    check_may_act(view, c.applicant, scene.today)
    _check_pilot(view, c, scene)
    if view.state(ApprovalsOf, c.subject).waiting:
        raise Conflict("approval_waiting", subject=c.subject)
    approvers = [level.approver for level in c.levels]
    if not 1 <= len(set(approvers)) == len(approvers) <= MOST_LEVELS:
        raise Refused("bad_levels", most=MOST_LEVELS)
    for level, approver in enumerate(approvers, start=1):
        _check_approver(view, c.subject, c.applicant, level, approver)
    return [
        facts.ApprovalApplied(
            approval_id=c.approval_id,
            subject=c.subject,
            applicant=c.applicant,
            matter=check_name(c.matter, field="matter"),
            levels=tuple((check_name(level.name), level.approver) for level in c.levels),
            applied_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _check_approver(view: View, subject: str, applicant: str, level: int, approver: str) -> None:
    need_party(view, approver)
    if level > 1 and is_own(view, approver, _interested(view, subject, applicant)):
        raise NotYours("own_application", approver=approver)


def _need_turn(view: View, approval_id: str, level: int, scene: Scene) -> tuple[facts.ApprovalApplied, str, str]:
    """The application, with name and approver of the level whose turn it is, for the person who may decide there."""
    approval, applied = need_waiting_approval(view, approval_id)
    turn = len(approval.approved_by) + 1
    if level != turn:
        raise Conflict("level_out_of_order", turn=turn, level=level)
    approver = approval.approvers[level - 1]
    if not speaks_as(view, scene.actor, approver):
        raise NotYours("not_your_level", approver=approver)
    if scene.actor == applied.applied_by:
        raise NotYours("approves_own_application")
    if scene.actor in approval.approved_by:
        raise NotYours("two_levels_one_person")
    if level > 1 and is_own(view, scene.actor, _interested(view, applied.subject, applied.applicant)):
        raise NotYours("own_application", approver=approver)
    return applied, applied.levels[level - 1][0], approver


def approve_level(view: View, c: do.ApproveLevel, scene: Scene) -> list[Fact]:
    """See `ApproveLevel`."""
    applied, name, approver = _need_turn(view, c.approval_id, c.level, scene)
    return [
        facts.LevelApproved(
            approval_id=c.approval_id,
            subject=applied.subject,
            applicant=applied.applicant,
            level=c.level,
            name=name,
            approver=approver,
            last=c.level == len(applied.levels),
            approved_by=scene.actor,
            day=scene.today,
        )
    ]


def reject_level(view: View, c: do.RejectLevel, scene: Scene) -> list[Fact]:
    """See `RejectLevel`."""
    applied, name, approver = _need_turn(view, c.approval_id, c.level, scene)
    return [
        facts.LevelRejected(
            approval_id=c.approval_id,
            subject=applied.subject,
            applicant=applied.applicant,
            level=c.level,
            name=name,
            approver=approver,
            reason=c.reason,
            rejected_by=scene.actor,
            day=scene.today,
        )
    ]


def replace_approver(view: View, c: do.ReplaceApprover, scene: Scene) -> list[Fact]:
    """See `ReplaceApprover`; nobody puts themselves there."""
    approval, applied = need_waiting_approval(view, c.approval_id)
    if not len(approval.approved_by) < c.level <= len(approval.approvers):
        raise Conflict("level_not_open", level=c.level)
    if c.approver in approval.approvers:
        raise Conflict("approver_named", approver=c.approver)
    if speaks_as(view, scene.actor, c.approver):
        raise NotYours("appoints_oneself")
    _check_approver(view, applied.subject, applied.applicant, c.level, c.approver)
    return [
        facts.ApproverReplaced(
            approval_id=c.approval_id,
            level=c.level,
            before=approval.approvers[c.level - 1],
            approver=c.approver,
            replaced_by=scene.actor,
            day=scene.today,
        )
    ]


def withdraw_approval(view: View, c: do.WithdrawApproval, scene: Scene) -> list[Fact]:
    """See `WithdrawApproval`."""
    _, applied = need_waiting_approval(view, c.approval_id)
    if applied.applicant != c.applicant:
        raise NotYours("not_your_application", approval=c.approval_id)
    return [
        facts.ApprovalWithdrawn(
            approval_id=c.approval_id,
            subject=applied.subject,
            applicant=applied.applicant,
            withdrawn_by=scene.actor,
            day=scene.today,
        )
    ]


LEVEL_RULES: dict[type[Command], Decide] = {
    do.ApplyForApproval: apply_for_approval,
    do.ApproveLevel: approve_level,
    do.RejectLevel: reject_level,
    do.ReplaceApprover: replace_approver,
    do.WithdrawApproval: withdraw_approval,
}
