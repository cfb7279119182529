"""Facts of trials as the stories tell them: 绿云物业 serves 祥云院 on trial, by a short checklist, from February to May."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.parties.facts import UnitRegistered
from ledger.trials import facts
from tests.ledger.cast import CHEN, HE, LI, LVYUN, OPERATOR, PEOPLE, SUN, WANG, YARD, ZHAO, granted
from tests.ledger.given import TODAY

STANDARD, TRIAL, APPROVAL = "std_short", "trial_yard", "apv_yard"
BEGAN, ENDS = date(2026, 2, 20), TODAY
COMMITTEE, OFFICE, DISTRICT = "unit_committee", "unit_office", "unit_district"
ITEMS = (("rubbish_daily", "垃圾日产日清"), ("drains", "排水管道畅通"))
STAGE: tuple[Fact, ...] = (
    *PEOPLE,
    UnitRegistered(unit_id=COMMITTEE, kind="party_organisation", name="社区党委"),
    UnitRegistered(unit_id=OFFICE, kind="party_organisation", name="街道党工委"),
    UnitRegistered(unit_id=DISTRICT, kind="party_organisation", name="区委组织部"),
    granted(ZHAO, "representative", LVYUN),
    granted(WANG, "representative", COMMITTEE),
    granted(LI, "representative", OFFICE),
    granted(SUN, "representative", DISTRICT),
)
"""赵 speaks for 绿云物业, 王 for the community's committee, 李 for the street's, 孙 for the district's department."""

ADOPTED = facts.StandardAdopted(
    standard_id=STANDARD, kind="safety_net", name="兜底标准", months=3, items=ITEMS, adopted_by=CHEN, day=TODAY
)


def opened(*, unit: str | None = LVYUN, trial_id: str = TRIAL, begins_on: date = BEGAN, ends_on: date = ENDS) -> Fact:
    """A pilot of three months that ends today."""
    return facts.TrialOpened(
        trial_id=trial_id,
        standard_id=STANDARD,
        kind="safety_net",
        place=YARD,
        unit=unit,
        begins_on=begins_on,
        ends_on=ends_on,
        items=2,
        opened_by=CHEN,
        day=TODAY,
    )


def ticked(item: str, *, met: bool = True, evidence: str = "") -> Fact:
    """陈 looked."""
    return facts.TrialItemTicked(trial_id=TRIAL, item=item, met=met, evidence=evidence, ticked_by=CHEN, day=TODAY)


BOTH = (ticked("rubbish_daily"), ticked("drains"))


def extended(ends_on: date) -> Fact:
    """Until a later day."""
    return facts.TrialExtended(
        trial_id=TRIAL, place=YARD, unit=LVYUN, ends_on=ends_on, reason="items_open", extended_by=CHEN, day=TODAY
    )


def ended(outcome: str = "passed", *, met: int = 2, day: date = TODAY) -> Fact:
    """The pilot is over."""
    return facts.TrialEnded(
        trial_id=TRIAL, place=YARD, unit=LVYUN, outcome=outcome, met=met, items=2, ended_by=CHEN, day=day
    )


LEVELS = (("自审", LVYUN), ("评审", COMMITTEE), ("审签", OFFICE), ("验收", DISTRICT))
APPLIED = facts.ApprovalApplied(
    approval_id=APPROVAL,
    subject=TRIAL,
    applicant=LVYUN,
    matter="祥云院物业化改造验收",
    levels=LEVELS,
    applied_by=OPERATOR,
    day=TODAY,
)


def approved(level: int, by: str) -> Fact:
    """A level said yes."""
    name, approver = LEVELS[level - 1]
    return facts.LevelApproved(
        approval_id=APPROVAL,
        subject=TRIAL,
        applicant=LVYUN,
        level=level,
        name=name,
        approver=approver,
        last=level == len(LEVELS),
        approved_by=by,
        day=TODAY,
    )


def rejected(level: int, by: str) -> Fact:
    """A level said no."""
    name, approver = LEVELS[level - 1]
    return facts.LevelRejected(
        approval_id=APPROVAL,
        subject=TRIAL,
        applicant=LVYUN,
        level=level,
        name=name,
        approver=approver,
        reason="standard_not_met",
        rejected_by=by,
        day=TODAY,
    )


def replaced(level: int, approver: str) -> Fact:
    """何 named another."""
    return facts.ApproverReplaced(
        approval_id=APPROVAL,
        level=level,
        before=LEVELS[level - 1][1],
        approver=approver,
        replaced_by=HE,
        day=TODAY,
    )


WITHDRAWN = facts.ApprovalWithdrawn(approval_id=APPROVAL, subject=TRIAL, applicant=LVYUN, withdrawn_by=ZHAO, day=TODAY)
ALL_FOUR = (approved(1, ZHAO), approved(2, WANG), approved(3, LI), approved(4, SUN))
