"""项目化管理: a project splits into measures; each has one owner and one due day, is reported by one and accepted by another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.projects import commands as do
from ledger.projects import facts
from ledger.projects.commands import Evidence
from ledger.projects.state import Measure, Project
from tests.ledger.cast import AIXIN, CHEN, HE, LI, LVYUN, SUN, WANG, ZHAO, granted, left
from tests.ledger.given import NOW, TODAY, Outcome, given
from tests.ledger.projects.told import (
    ABANDONED,
    DUE,
    MEASURE,
    PROJECT,
    REPRESENTATIVE,
    SPLIT,
    UNDER_WAY,
    accepted,
    measure,
    planned,
    reported,
)

ADD = do.AddMeasure(project_measure_id=MEASURE, project_id=PROJECT, name="顶棚", owner=LVYUN, due_day=DUE)
REPORT = do.ReportMeasure(project_measure_id=MEASURE, words=Evidence(remark="装好了"))
ACCEPT = do.AcceptMeasure(project_measure_id=MEASURE)
RETURN = do.ReturnMeasure(project_measure_id=MEASURE, reason="incomplete")
OVERDUE = do.MarkMeasureOverdue(project_measure_id=MEASURE)
HAND_OVER = do.HandOverMeasure(project_measure_id=MEASURE, owner=AIXIN, due_day=date(2026, 6, 1))
LATE = facts.MeasureOverdue(project_measure_id=MEASURE, project_id=PROJECT, owner=LVYUN, due_day=DUE, day=TODAY)
BACK = facts.MeasureReturned(
    project_measure_id=MEASURE, project_id=PROJECT, owner=LVYUN, reason="incomplete", returned_by=CHEN, day=TODAY
)
HANDED = facts.MeasureHandedOver(
    project_measure_id=MEASURE, project_id=PROJECT, before=LVYUN, owner=AIXIN, due_day=date(2026, 6, 1), handed_by=CHEN,
    day=TODAY,
)  # fmt: skip
WAITING = (*SPLIT, reported())


def ask(
    command: Any, *before: Fact, actor: str = CHEN, role: str = "community_worker", now_at: int = NOW, sealed: str = ""
) -> Outcome:
    """A worker does it."""
    return given(*before).when(command, actor=actor, role=role, now_at=now_at, sealed=sealed)


def test_the_sponsor_or_the_office_splits_a_project() -> None:
    ask(ADD, *UNDER_WAY).then(replace(measure(), planned_by=CHEN))
    ask(ADD, *UNDER_WAY, actor=LI, role="").then(replace(measure(), planned_by=LI))
    ask(ADD, *UNDER_WAY, actor=WANG, role="").refused("not_the_sponsor", NotYours)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"owner": "unit_none"}, "no_such_unit"),
        ({"owner": "team_none"}, "no_such_team"),
        ({"owner": "svc_operator"}, "no_such_unit"),
        ({"due_day": date(2026, 5, 19)}, "bad_due_day"),
        ({"due_day": date(2037, 1, 1)}, "bad_due_day"),
        ({"name": ""}, "bad_name"),
        ({"project_measure_id": "req_1"}, "bad_id"),
        ({"project_id": "proj_none"}, "no_such_project"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    ask(replace(ADD, **changes), *UNDER_WAY).refused(code)


def test_a_measure_is_added_once_and_only_while_the_project_goes_on() -> None:
    ask(ADD, *SPLIT).refused("project_measure_exists", Conflict)
    ask(ADD, *UNDER_WAY, ABANDONED).refused("project_not_there", Conflict)
    ask(replace(ADD, owner=LI), *UNDER_WAY, left(LI)).refused("member_left", Refused)


def test_the_owners_people_report_it_with_evidence() -> None:
    done = ask(REPORT, *SPLIT, actor=SUN, role="", sealed="c")
    done.then(replace(reported(), day=TODAY, words="c"))
    ask(REPORT, *SPLIT, actor=WANG, role="", sealed="c").refused("cannot_act_for", NotYours)
    ask(REPORT, *SPLIT, LATE, actor=SUN, role="", sealed="c").then(replace(reported(), day=TODAY, words="c"))
    ask(REPORT, *WAITING, actor=SUN, role="", sealed="c").refused("measure_not_there", Conflict, status="reported")
    ask(REPORT, *UNDER_WAY, actor=SUN, role="", sealed="c").refused("no_such_project_measure", NotFound)


def test_a_member_of_the_team_reports_for_the_team() -> None:
    before = (*UNDER_WAY, measure(owner=AIXIN))
    assert ask(REPORT, *before, actor=ZHAO, role="", sealed="c").facts


def test_somebody_else_accepts_it() -> None:
    ask(ACCEPT, *WAITING).then(accepted())
    ask(ACCEPT, *WAITING, actor=LI, role="").then(replace(accepted(), accepted_by=LI))
    ask(ACCEPT, *WAITING, actor=WANG, role="").refused("not_the_sponsor", NotYours)


@pytest.mark.parametrize("judge", [ACCEPT, RETURN])
def test_nobody_judges_a_measure_of_their_own(judge: Any) -> None:
    ask(judge, *WAITING, actor=SUN).refused("own_measure", NotYours)
    ask(judge, *SPLIT, reported(by=CHEN)).refused("own_measure", NotYours)
    sponsored = (*UNDER_WAY, measure(owner=LI), reported(owner=LI, by=LI))
    ask(judge, *sponsored, actor=LI, role="").refused("own_measure", NotYours)
    of_team = (*UNDER_WAY, measure(owner=AIXIN), reported(owner=AIXIN, by=SUN))
    ask(judge, *of_team, actor=ZHAO).refused("own_measure", NotYours)
    ask(judge, *SPLIT).refused("measure_not_there", Conflict)


def test_what_counts_is_when_it_was_reported() -> None:
    late = ask(ACCEPT, *SPLIT, reported(day=date(2026, 5, 26)), now_at=NOW + 9 * MICROS_PER_DAY).fact
    assert isinstance(late, facts.MeasureAccepted)
    assert not late.in_time
    in_time = ask(ACCEPT, *SPLIT, reported(day=DUE), now_at=NOW + 9 * MICROS_PER_DAY).fact
    assert isinstance(in_time, facts.MeasureAccepted)
    assert in_time.in_time


def test_what_is_returned_may_be_reported_again() -> None:
    ask(RETURN, *WAITING).then(BACK)
    assert ask(REPORT, *WAITING, BACK, actor=SUN, role="", sealed="c").facts


def test_a_measure_is_overdue_the_day_after() -> None:
    the_day = NOW + 5 * MICROS_PER_DAY
    ask(OVERDUE, *SPLIT, now_at=the_day).refused("not_yet_due", Refused)
    ask(OVERDUE, *SPLIT, now_at=the_day + MICROS_PER_DAY).then(replace(LATE, day=date(2026, 5, 26)))
    ask(OVERDUE, *SPLIT, LATE, now_at=the_day + MICROS_PER_DAY).refused("measure_not_there", Conflict)
    ask(OVERDUE, *WAITING, now_at=the_day + MICROS_PER_DAY).refused("measure_not_there", Conflict)
    ask(OVERDUE, *SPLIT, ABANDONED, now_at=the_day + MICROS_PER_DAY).refused("project_not_there", Conflict)


def test_a_measure_is_handed_to_another_also_from_somebody_who_left() -> None:
    after = ask(HAND_OVER, *SPLIT)
    after.then(HANDED)
    assert after.state(Measure, MEASURE).owner == AIXIN
    of_wang = (*UNDER_WAY, measure(owner=WANG), left(WANG))
    ask(HAND_OVER, *of_wang).then(replace(HANDED, before=WANG))
    ask(HAND_OVER, *SPLIT, LATE).then(HANDED)
    ask(HAND_OVER, *WAITING).then(HANDED)


def test_nobody_puts_off_their_own_due_day() -> None:
    put_off = replace(HAND_OVER, owner=LVYUN)
    ask(put_off, *SPLIT).then(replace(HANDED, owner=LVYUN))
    ask(put_off, *SPLIT, granted(HE, "representative", LVYUN), actor=HE).refused("own_measure", NotYours)
    ask(replace(put_off, due_day=DUE), *SPLIT).refused("nothing_handed_over", Refused)
    ask(replace(HAND_OVER, due_day=date(2026, 5, 1)), *SPLIT).refused("bad_due_day", Refused)
    ask(HAND_OVER, *SPLIT, actor=WANG, role="").refused("not_the_sponsor", NotYours)
    ask(HAND_OVER, *SPLIT, accepted()).refused("measure_not_there", Conflict)


def test_a_measure_that_was_handed_over_is_no_more_the_affair_of_who_had_it() -> None:
    before = (*SPLIT, HANDED)
    ask(REPORT, *before, actor=SUN, role="", sealed="c").refused("cannot_act_for", NotYours)
    assert ask(REPORT, *before, actor=ZHAO, role="", sealed="c").facts


def test_the_project_knows_its_measures() -> None:
    project = given(REPRESENTATIVE, planned(), measure(), HANDED, accepted(AIXIN)).state(Project, PROJECT)
    assert (project.measures, project.accepted) == (1, 1)
    assert project.owners == {LVYUN, AIXIN}
