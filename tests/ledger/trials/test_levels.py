"""Approval in levels: in order, none skipped, no person on two, and only the first is one's own (M19: 四级联审)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.places.facts import ResponsibleAppointed
from ledger.trials.commands import (
    ApplyForApproval,
    ApproveLevel,
    Level,
    RejectLevel,
    ReplaceApprover,
    WithdrawApproval,
)
from ledger.trials.state import Approval, ApprovalsOf
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LI, LVYUN, OPERATOR, SUN, WANG, YARD, ZHAO, granted, left
from tests.ledger.given import TODAY, Outcome, given, survives_snapshot
from tests.ledger.trials.told import (
    ADOPTED,
    ALL_FOUR,
    APPLIED,
    APPROVAL,
    COMMITTEE,
    LEVELS,
    STAGE,
    TRIAL,
    WITHDRAWN,
    approved,
    ended,
    opened,
    rejected,
    replaced,
)

APPLY = ApplyForApproval(
    approval_id=APPROVAL,
    subject=TRIAL,
    applicant=LVYUN,
    matter=" 祥云院物业化改造验收 ",
    levels=tuple(Level(name=name, approver=approver) for name, approver in LEVELS),
)
RUNNING: tuple[Fact, ...] = (*STAGE, ADOPTED, opened())


def apply(command: ApplyForApproval = APPLY, *before: Fact, sealed: str = "") -> Outcome:
    """The operator enters an application at the counter."""
    return given(*RUNNING, *before).when(command, actor=OPERATOR, role="community_worker", sealed=sealed)


def say(level: int, by: str, *before: Fact, applied: Fact = APPLIED) -> Outcome:
    """Somebody says yes at a level."""
    return given(*RUNNING, applied, *before).when(ApproveLevel(approval_id=APPROVAL, level=level), actor=by)


def test_an_application_names_its_levels() -> None:
    apply().then(APPLIED)
    assert apply(sealed="commitment").fact == replace(APPLIED, words="commitment")


@pytest.mark.parametrize("subject", [YARD, LVYUN, AIXIN, WANG])
def test_places_and_parties_are_approved_too(subject: str) -> None:
    levels = APPLY.levels[1:] if subject != WANG else APPLY.levels[2:]
    outcome = apply(replace(APPLY, subject=subject, levels=levels))
    assert outcome.state(ApprovalsOf, subject).waiting == {APPROVAL}


@pytest.mark.parametrize("subject", ["proj_none", "rec_1", "trial_none", "req_none", "place_none", "unit_none"])
def test_what_is_approved_exists(subject: str) -> None:
    assert isinstance(apply(replace(APPLY, subject=subject)).error, NotFound)


def test_an_unknown_kind_of_subject_is_refused_as_such() -> None:
    apply(replace(APPLY, subject="rec_1")).refused("no_such_subject", NotFound)


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ((), "bad_levels"),
        (APPLY.levels[:1] * 2, "bad_levels"),
        (tuple(Level(name="x", approver=f"unit_{n}") for n in range(10)), "bad_levels"),
        ((Level(name="自审", approver="unit_nobody"),), "no_such_unit"),
        ((Level(name="", approver=COMMITTEE),), "bad_name"),
        (APPLY.levels[1::-1], "own_application"),
        ((APPLY.levels[1], Level(name="评审", approver=AIXIN)), "own_application"),
        ((APPLY.levels[1], Level(name="评审", approver=ZHAO)), "own_application"),
    ],
)
def test_levels_are_different_parties_and_only_the_first_is_the_applicants_own(levels: Any, code: str) -> None:
    apply(replace(APPLY, levels=levels)).refused(code)


def test_one_application_at_a_time_is_on_its_way() -> None:
    again = replace(APPLY, approval_id="apv_2")
    apply(APPLY, APPLIED).refused("approval_exists", Conflict)
    apply(again, APPLIED).refused("approval_waiting", Conflict)
    apply(again, APPLIED, rejected(1, ZHAO)).then(replace(APPLIED, approval_id="apv_2"))


def test_a_blacklisted_unit_applies_for_nothing() -> None:
    barred = PartyBlacklisted(blacklisting_id="bar_1", party=LVYUN, reason="fraud", listed_by=CHEN, day=TODAY)
    apply(APPLY, barred).refused("blacklisted", Refused)


def test_a_pilot_that_is_over_is_not_approved_any_more() -> None:
    apply(APPLY, ended()).refused("trial_ended", Conflict)


@pytest.mark.parametrize(("applicant", "role"), [(LVYUN, "representative"), (ZHAO, "")])
def test_a_worker_names_the_levels_of_a_pilot(applicant: str, role: str) -> None:
    command = replace(APPLY, applicant=applicant)
    given(*RUNNING).when(command, actor=ZHAO, role=role).refused("worker_names_levels", NotYours)


def test_a_worker_of_the_unit_does_not_name_the_levels_of_its_pilot() -> None:
    hat = granted(ZHAO, "community_worker")
    story = given(*RUNNING, hat).when(APPLY, actor=ZHAO, role="representative")
    story.refused("own_trial", NotYours, unit=LVYUN)


@pytest.mark.parametrize("stranger", [BAKERY, WANG, AIXIN])
def test_a_pilot_is_not_put_up_for_approval_by_strangers(stranger: str) -> None:
    apply(replace(APPLY, applicant=stranger, levels=APPLY.levels[2:])).refused("not_your_trial", NotYours)


@pytest.mark.parametrize("applicant", [WANG, CHEN])
def test_who_answers_for_the_place_and_a_worker_put_a_pilot_up_too(applicant: str) -> None:
    duty = ResponsibleAppointed(
        duty_id="duty_1", place_id=YARD, member_id=WANG, office="院长", appointed_by=CHEN, day=TODAY
    )
    command = replace(APPLY, applicant=applicant, levels=APPLY.levels[2:])
    apply(command, duty).then(replace(APPLIED, applicant=applicant, levels=LEVELS[2:]))


@pytest.mark.parametrize(("applicant", "code"), [(BAKERY, ""), (WANG, "not_your_trial")])
def test_where_no_unit_serves_a_unit_or_team_speaks_for_the_places_people(applicant: str, code: str) -> None:
    command = replace(APPLY, applicant=applicant, levels=APPLY.levels[2:])
    story = given(*STAGE, ADOPTED, opened(unit=None)).when(command, actor=OPERATOR, role="community_worker")
    if code:
        story.refused(code, NotYours)
    else:
        assert story.facts


# ---- level by level ------------------------------------------------------------------------------------------------------


def test_four_levels_in_order_approve() -> None:
    who = (ZHAO, WANG, LI, SUN)
    for level, by in enumerate(who[:3], start=1):
        say(level, by, *ALL_FOUR[: level - 1]).then(ALL_FOUR[level - 1])
    outcome = say(4, SUN, *ALL_FOUR[:3]).then(ALL_FOUR[3])
    approval = outcome.state(Approval, APPROVAL)
    assert (approval.status, approval.approved_by) == ("approved", who)
    assert outcome.state(ApprovalsOf, TRIAL).levels == 4
    assert survives_snapshot(approval)


@pytest.mark.parametrize(("level", "by"), [(2, WANG), (4, SUN), (0, ZHAO), (5, SUN)])
def test_no_level_is_skipped(level: int, by: str) -> None:
    say(level, by).refused("level_out_of_order", Conflict, turn=1)


def test_no_level_decides_twice() -> None:
    say(1, ZHAO, approved(1, ZHAO)).refused("level_out_of_order", Conflict, turn=2)


def test_only_who_speaks_for_the_named_party_decides() -> None:
    say(1, WANG).refused("not_your_level", NotYours)
    say(1, OPERATOR).refused("not_your_level", NotYours)


def test_nobody_decides_on_two_levels() -> None:
    both = granted(ZHAO, "representative", COMMITTEE)
    say(2, ZHAO, both, approved(1, ZHAO)).refused("two_levels_one_person", NotYours)


def test_who_applied_does_not_approve() -> None:
    say(1, ZHAO, applied=replace(APPLIED, applied_by=ZHAO)).refused("approves_own_application", NotYours)


def test_who_came_to_speak_for_the_applicant_decides_on_the_first_level_only() -> None:
    both = granted(WANG, "representative", LVYUN)
    say(2, WANG, both, approved(1, ZHAO)).refused("own_application", NotYours)


def test_the_units_people_do_not_approve_the_pilot_that_somebody_else_applied_for() -> None:
    applied = replace(APPLIED, applicant=BAKERY, levels=(("自审", BAKERY), ("评审", COMMITTEE)))
    baker = granted(HE, "representative", BAKERY)
    first = replace(approved(1, HE), applicant=BAKERY, approver=BAKERY)
    ours = granted(WANG, "representative", LVYUN)
    say(2, WANG, baker, ours, first, applied=applied).refused("own_application", NotYours)


def test_a_level_that_says_no_rejects_the_whole() -> None:
    no = RejectLevel(approval_id=APPROVAL, level=2, reason="standard_not_met")
    outcome = given(*RUNNING, APPLIED, approved(1, ZHAO)).when(no, actor=WANG).then(rejected(2, WANG))
    assert outcome.state(Approval, APPROVAL).status == "rejected"
    assert outcome.state(ApprovalsOf, TRIAL).levels == 0
    say(3, LI, approved(1, ZHAO), rejected(2, WANG)).refused("approval_settled", Conflict)


def test_rejecting_keeps_the_order_too() -> None:
    no = RejectLevel(approval_id=APPROVAL, level=2, reason="standard_not_met")
    given(*RUNNING, APPLIED).when(no, actor=WANG).refused("level_out_of_order", Conflict)


def test_an_unknown_application_is_no_application() -> None:
    no = ApproveLevel(approval_id="apv_none", level=1)
    given(*RUNNING).when(no, actor=WANG).refused("no_such_approval", NotFound)


def test_who_answers_for_a_place_does_not_approve_what_is_asked_for_it() -> None:
    duty = ResponsibleAppointed(
        duty_id="duty_1", place_id=YARD, member_id=LI, office="院长", appointed_by=CHEN, day=TODAY
    )
    apply(replace(APPLY, subject=YARD, levels=(APPLY.levels[0], Level(name="审签", approver=LI))), duty).refused(
        "own_application", NotYours
    )


# ---- replaced and taken back ---------------------------------------------------------------------------------------------


def replace_at(level: int, approver: str, *before: Fact, actor: str = HE) -> Outcome:
    """Somebody else is named."""
    command = ReplaceApprover(approval_id=APPROVAL, level=level, approver=approver)
    return given(*RUNNING, APPLIED, *before).when(command, actor=actor, role="community_worker")


def test_another_decides_where_the_one_named_left() -> None:
    replace_at(2, CHEN, left(WANG)).then(replaced(2, CHEN))
    say(2, CHEN, replaced(2, CHEN), approved(1, ZHAO)).then(
        replace(approved(2, CHEN), approver=CHEN),
    )


def test_what_is_decided_stays_decided() -> None:
    replace_at(1, CHEN, approved(1, ZHAO)).refused("level_not_open", Conflict)
    replace_at(5, CHEN).refused("level_not_open", Conflict)
    replace_at(0, CHEN).refused("level_not_open", Conflict)


def test_nobody_puts_themselves_or_a_party_that_is_there_already() -> None:
    replace_at(2, HE).refused("appoints_oneself", NotYours)
    replace_at(2, LEVELS[2][1]).refused("approver_named", Conflict)
    replace_at(2, AIXIN).refused("own_application", NotYours)


def test_the_unit_of_an_applying_team_decides_on_the_first_level_only() -> None:
    levels = (Level(name="自审", approver=AIXIN), Level(name="评审", approver=LVYUN))
    apply(replace(APPLY, subject=AIXIN, applicant=AIXIN, levels=levels)).refused("own_application", NotYours)


def test_the_applicant_takes_it_back() -> None:
    take_back = WithdrawApproval(approval_id=APPROVAL, applicant=LVYUN)
    given(*RUNNING, APPLIED).when(take_back, actor=ZHAO, role="representative").then(WITHDRAWN)
    given(*RUNNING, APPLIED, WITHDRAWN).when(take_back, actor=ZHAO).refused("approval_settled", Conflict)
    other = replace(take_back, applicant=BAKERY)
    given(*RUNNING, APPLIED).when(other, actor=HE).refused("not_your_application", NotYours)
