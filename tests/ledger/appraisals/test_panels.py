"""Panels of named parties, and the appraisals they open: monthly by four, quarterly by five (M20)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.appraisals.commands import AppointPanel, CancelAppraisal, Criterion, DissolvePanel, OpenAppraisal, Seat
from ledger.appraisals.facts import AppraisalCancelled
from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.places.facts import ResponsibleAppointed, ResponsibleEnded
from ledger.projects.facts import MeasureAdded, MeasureHandedOver, ProjectPlanned
from tests.ledger.appraisals.told import (
    APPOINTED,
    APPRAISAL,
    CLOSED,
    COMMITTEE,
    CRITERIA,
    DISSOLVED,
    PANEL,
    SEATS,
    STAGE,
    UNTIL,
    opened,
)
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LI, LVYUN, SUN, WANG, YARD, ZHAO, left, registered
from tests.ledger.given import TODAY, Outcome, given, rule

APPOINT = AppointPanel(
    panel_id=PANEL,
    name=" 月度测评组 ",
    rhythm="monthly",
    seats=tuple(Seat(party=party, weight=weight) for party, weight in SEATS),
    criteria=tuple(Criterion(code=code, name=name, most=most) for code, name, most in CRITERIA),
)
OPEN = OpenAppraisal(appraisal_id=APPRAISAL, panel_id=PANEL, subject=LVYUN, period="2026-05", until_day=UNTIL)


def ask(command: Any, *before: Fact, actor: str = CHEN) -> Outcome:
    """A community worker asks."""
    return given(*STAGE, *before).when(command, actor=actor, role="community_worker")


def test_a_panel_is_appointed_with_its_weights_and_criteria() -> None:
    ask(APPOINT).then(APPOINTED)


def test_nobody_appoints_a_panel_they_sit_on() -> None:
    ask(APPOINT, actor=WANG).refused("appoints_oneself", NotYours)


def test_who_speaks_for_a_seat_does_not_appoint_the_panel() -> None:
    ask(APPOINT, actor=SUN).refused("appoints_oneself", NotYours)


BARRED = PartyBlacklisted(blacklisting_id="bar_1", party=BAKERY, reason="fraud", listed_by=CHEN, day=TODAY)


def test_a_blacklisted_unit_is_not_seated() -> None:
    ask(APPOINT, BARRED).refused("blacklisted", Refused, party=BAKERY)


def test_the_seat_of_a_unit_that_was_blacklisted_since_stays_empty() -> None:
    ask(OPEN, APPOINTED, BARRED).then(opened(seats=tuple(seat for seat in SEATS if seat[0] != BAKERY)))


def test_a_panel_is_appointed_once_and_dissolved_once() -> None:
    ask(APPOINT, APPOINTED).refused("panel_exists", Conflict)
    ask(DissolvePanel(panel_id=PANEL), APPOINTED).then(DISSOLVED)
    ask(DissolvePanel(panel_id=PANEL), APPOINTED, DISSOLVED).refused("panel_dissolved", Conflict)
    ask(DissolvePanel(panel_id=PANEL)).refused("no_such_panel", NotFound)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seats": APPOINT.seats[:1]}, "bad_seats"),
        ({"seats": (*APPOINT.seats[:3], APPOINT.seats[0])}, "bad_seats"),
        ({"seats": APPOINT.seats[:3]}, "wrong_number_of_seats"),
        ({"rhythm": "quarterly"}, "wrong_number_of_seats"),
        ({"seats": (*APPOINT.seats[:3], Seat(party="unit_nobody"))}, "no_such_unit"),
        ({"seats": (*APPOINT.seats[:3], Seat(party=LI, weight=0))}, "bad_weight"),
        ({"seats": (*APPOINT.seats[:3], Seat(party=LI, weight=101))}, "bad_weight"),
        ({"criteria": ()}, "bad_criteria"),
        ({"criteria": APPOINT.criteria[:1] * 2}, "bad_criteria"),
        ({"criteria": (Criterion(code="hygiene", name="环境卫生", most=0),)}, "bad_points"),
        ({"criteria": (Criterion(code="hygiene", name="环境卫生", most=1_001),)}, "bad_points"),
        ({"criteria": (Criterion(code="环境", name="环境卫生", most=10),)}, "bad_name"),
        ({"name": "打13812345678"}, "personal_number_in_public"),
        ({"panel_id": "unit_lvyun"}, "bad_id"),
    ],
)
def test_a_panel_has_as_many_seats_as_policy_says_and_plain_criteria(changed: dict[str, Any], code: str) -> None:
    ask(replace(APPOINT, **changed)).refused(code)


def test_policy_may_leave_the_number_of_seats_open() -> None:
    outcome = ask(replace(APPOINT, seats=APPOINT.seats[:3]), rule("appraisals.monthly_seats", None))
    outcome.then(replace(APPOINTED, seats=SEATS[:3]))


def test_a_panel_for_once_has_any_number_of_seats() -> None:
    ask(replace(APPOINT, rhythm="once", seats=APPOINT.seats[:2])).then(
        replace(APPOINTED, rhythm="once", seats=SEATS[:2])
    )


# ---- appraisals are opened -------------------------------------------------------------------------------------------


def test_an_appraisal_takes_seats_and_criteria_over_from_its_panel() -> None:
    ask(OPEN, APPOINTED).then(opened()).looking_at(PANEL, LVYUN)


def test_a_seat_stays_empty_where_its_holder_would_judge_their_own() -> None:
    ask(replace(OPEN, subject=BAKERY), APPOINTED).then(
        opened(BAKERY, seats=tuple(seat for seat in SEATS if seat[0] != BAKERY))
    )


def test_a_member_of_the_unit_does_not_sit_over_it() -> None:
    panel = replace(APPOINTED, seats=((ZHAO, 1), (WANG, 1), (LI, 1)))
    ask(OPEN, panel).then(opened(seats=((WANG, 1), (LI, 1))))


def test_a_team_does_not_sit_over_its_own_unit() -> None:
    panel = replace(APPOINTED, seats=((AIXIN, 1), (WANG, 1), (LI, 1)))
    ask(OPEN, panel).then(opened(seats=((WANG, 1), (LI, 1))))


def test_a_unit_does_not_sit_over_its_own_team() -> None:
    panel = replace(APPOINTED, seats=((LVYUN, 1), (WANG, 1), (LI, 1)))
    ask(replace(OPEN, subject=AIXIN), panel).then(opened(AIXIN, seats=((WANG, 1), (LI, 1))))


def test_the_sponsors_own_unit_does_not_sit_over_the_project() -> None:
    planned = ProjectPlanned(
        project_id="proj_lift", name="加装电梯", place=YARD, aspect="safety", sponsor="mem_boss", budget_fen=1,
        year=2026, planned_by=CHEN, day=date(2026, 1, 1),
    )  # fmt: skip
    seats = tuple(seat for seat in SEATS if seat[0] != BAKERY)
    outcome = ask(replace(OPEN, subject="proj_lift"), APPOINTED, registered("mem_boss", unit=BAKERY), planned)
    outcome.then(opened("proj_lift", seats=seats))


def test_two_seats_at_least_are_left() -> None:
    panel = replace(APPOINTED, seats=((LVYUN, 1), (WANG, 1)))
    ask(OPEN, panel).refused("too_few_panelists", Refused, seats=1)


def test_a_period_is_appraised_once_by_a_panel() -> None:
    ask(replace(OPEN, appraisal_id="apr_2"), APPOINTED, opened()).refused("already_appraised", Conflict)
    ask(OPEN, APPOINTED, opened(), CLOSED).refused("appraisal_exists", Conflict)


def test_a_period_can_be_appraised_again_when_its_appraisal_was_called_off() -> None:
    again = replace(OPEN, appraisal_id="apr_2")
    ask(again, APPOINTED, opened(), cancelled("mistake")).then(opened(appraisal_id="apr_2"))


@pytest.mark.parametrize("period", ["2026-06", "2026-5", "2026-13", "2026-Q2", "2026", "", "2026-05-01"])
def test_the_period_has_begun_and_is_written_in_the_panels_rhythm(period: str) -> None:
    ask(replace(OPEN, period=period), APPOINTED).refused("bad_appraisal_period", Refused)


@pytest.mark.parametrize(("rhythm", "period"), [("quarterly", "2026-Q2"), ("once", "2026"), ("monthly", "2025-12")])
def test_quarters_and_years_are_periods_too(rhythm: str, period: str) -> None:
    panel = replace(APPOINTED, rhythm=rhythm)
    ask(replace(OPEN, period=period), panel).then(replace(opened(), rhythm=rhythm, period=period))


@pytest.mark.parametrize("days", [-1, 93])
def test_sheets_are_taken_for_policys_days_at_most(days: int) -> None:
    ask(replace(OPEN, until_day=TODAY + timedelta(days=days)), APPOINTED).refused("appraisal_day_out_of_range", Refused)


def test_a_dissolved_panel_appraises_nobody() -> None:
    ask(OPEN, APPOINTED, DISSOLVED).refused("panel_dissolved", Conflict)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (WANG, "cannot_be_appraised"),
        ("req_1", "cannot_be_appraised"),
        ("unit_nobody", "no_such_unit"),
        ("team_nobody", "no_such_team"),
        ("place_nowhere", "no_such_place"),
    ],
)
def test_units_teams_projects_and_places_are_appraised_and_nobody_else(subject: str, code: str) -> None:
    ask(replace(OPEN, subject=subject), APPOINTED).refused(code, NotFound)


def test_who_answers_for_a_place_does_not_judge_it() -> None:
    duty = ResponsibleAppointed(
        duty_id="duty_1", place_id=YARD, member_id=LI, office="院长", appointed_by=CHEN, day=date(2026, 1, 1)
    )
    ask(replace(OPEN, subject=YARD), APPOINTED, duty).then(opened(YARD, seats=SEATS[:3]))


def test_who_sponsors_a_project_or_does_a_part_of_it_does_not_judge_it() -> None:
    planned = ProjectPlanned(
        project_id="proj_lift", name="加装电梯", place=YARD, aspect="safety", sponsor=WANG, budget_fen=1, year=2026,
        planned_by=CHEN, day=date(2026, 1, 1),
    )  # fmt: skip
    seats = tuple(seat for seat in SEATS if seat[0] != WANG)
    ask(replace(OPEN, subject="proj_lift"), APPOINTED, planned).then(opened("proj_lift", seats=seats))
    part = MeasureAdded(
        project_measure_id="pm_1", project_id="proj_lift", name="勘察", owner=LI, due_day=TODAY, planned_by=CHEN
    )
    over = MeasureHandedOver(
        project_measure_id="pm_1", project_id="proj_lift", before=LI, owner=BAKERY, due_day=TODAY, handed_by=CHEN,
        day=TODAY,
    )  # fmt: skip
    of_li = tuple(seat for seat in seats if seat[0] != LI)
    ask(replace(OPEN, subject="proj_lift"), APPOINTED, planned, part).then(opened("proj_lift", seats=of_li))
    of_bakery = tuple(seat for seat in seats if seat[0] != BAKERY)
    ask(replace(OPEN, subject="proj_lift"), APPOINTED, planned, part, over).then(opened("proj_lift", seats=of_bakery))


def test_who_ceased_to_answer_for_a_place_may_judge_it() -> None:
    duty = ResponsibleAppointed(
        duty_id="duty_1", place_id=YARD, member_id=LI, office="院长", appointed_by=CHEN, day=date(2026, 1, 1)
    )
    over = ResponsibleEnded(duty_id="duty_1", place_id=YARD, member_id=LI, reason="term_over", day=date(2026, 5, 1))
    ask(replace(OPEN, subject=YARD), APPOINTED, duty, over).then(opened(YARD))


def test_a_party_that_left_is_not_appointed() -> None:
    ask(APPOINT, left(LI)).refused("member_left", Refused)


# ---- appraisals are called off ---------------------------------------------------------------------------------------


def cancelled(reason: str) -> AppraisalCancelled:
    """Called off by 陈."""
    return AppraisalCancelled(appraisal_id=APPRAISAL, subject=LVYUN, reason=reason, cancelled_by=CHEN, day=TODAY)


def test_an_appraisal_is_called_off_with_its_reason() -> None:
    cancel = CancelAppraisal(appraisal_id=APPRAISAL, reason="mistake")
    ask(cancel, APPOINTED, opened()).then(cancelled("mistake"))
    ask(cancel, APPOINTED, opened(), cancelled("mistake")).refused("appraisal_over", Conflict)
    ask(cancel).refused("no_such_appraisal", NotFound)


def test_nobody_calls_the_appraisal_of_their_own_unit_off() -> None:
    cancel = CancelAppraisal(appraisal_id=APPRAISAL, reason="mistake")
    ask(cancel, APPOINTED, opened(), actor=ZHAO).refused("judges_own", NotYours)
    ask(cancel, APPOINTED, opened(BAKERY), actor=HE).refused("judges_own", NotYours)


def test_the_committee_is_a_party_like_any_other() -> None:
    ask(replace(OPEN, subject=COMMITTEE), APPOINTED).then(opened(COMMITTEE, seats=SEATS[1:]))
