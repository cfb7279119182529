"""Sheets, and the result they come to: whole numbers, weighted, in any order the same."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as law
from hypothesis import strategies as some
from msgspec.structs import replace

from ledger.appraisals.commands import CloseAppraisal, Mark, ScoreAppraisal
from ledger.appraisals.facts import AppraisalCancelled, AppraisalScored
from ledger.appraisals.scoring import FULL, GRADES, grade_of, weighted
from ledger.appraisals.state import Appraisal
from ledger.base import Fact
from ledger.clock import at_time
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from tests.ledger.appraisals.told import (
    APPOINTED,
    APPRAISAL,
    CLOSED,
    COMMITTEE,
    SHEETS,
    STAGE,
    UNTIL,
    marks,
    opened,
    scored,
)
from tests.ledger.cast import AIXIN, BAKERY, CHEN, LI, LVYUN, SUN, WANG, granted, left, proxy
from tests.ledger.given import NOW, TODAY, Outcome, given, rule, survives_snapshot

SCORE = ScoreAppraisal(sheet_id="sheet_party", appraisal_id=APPRAISAL, panelist=COMMITTEE, marks=marks(50, 35))
CLOSE = CloseAppraisal(appraisal_id=APPRAISAL)
DAY_AFTER = UNTIL + timedelta(days=1)


def score(command: ScoreAppraisal, *before: Fact, actor: str = SUN, now_at: int = NOW, sealed: str = "") -> Outcome:
    """A panelist hands their sheet in."""
    return given(*STAGE, APPOINTED, opened(), *before).when(command, actor=actor, now_at=now_at, sealed=sealed)


def close(*before: Fact, now_at: int = NOW) -> Outcome:
    """A worker adds up."""
    return given(*STAGE, APPOINTED, opened(), *before).when(CLOSE, actor=CHEN, role="community_worker", now_at=now_at)


def test_whoever_speaks_for_a_panelist_hands_in_its_sheet() -> None:
    score(SCORE).then(SHEETS[0])


BARRED = PartyBlacklisted(blacklisting_id="bar_1", party=COMMITTEE, reason="fraud", listed_by=CHEN, day=TODAY)


def test_a_unit_that_was_blacklisted_since_hands_in_no_sheet() -> None:
    score(SCORE, BARRED).refused("blacklisted", Refused, party=COMMITTEE)


def test_the_sheet_of_a_blacklisted_unit_is_not_waited_for() -> None:
    assert close(*SHEETS[1:]).error is not None
    assert close(*SHEETS[1:], BARRED).facts


def test_who_speaks_for_a_unit_does_not_score_its_team() -> None:
    both = granted(SUN, "representative", LVYUN)
    story = given(*STAGE, both, APPOINTED, opened(AIXIN))
    story.when(SCORE, actor=SUN).refused("judges_own", NotYours, subject=AIXIN)


def test_a_remark_is_sealed() -> None:
    assert score(SCORE, sealed="commitment").fact == replace(SHEETS[0], words="commitment")


def test_a_person_hands_in_their_own() -> None:
    mine = ScoreAppraisal(sheet_id="sheet_wang", appraisal_id=APPRAISAL, panelist=WANG, marks=marks(30, 21))
    score(mine, actor=WANG).then(SHEETS[2])


def test_nobody_hands_in_for_a_seat_they_do_not_hold() -> None:
    score(SCORE, actor=CHEN).refused("not_on_the_panel", NotYours)
    score(replace(SCORE, panelist=CHEN), actor=CHEN).refused("not_on_the_panel", NotYours)


def test_a_proxy_does_not_judge_in_another_name() -> None:
    mine = replace(SCORE, panelist=WANG)
    score(mine, proxy(WANG, CHEN), actor=CHEN).refused("not_on_the_panel", NotYours)


def test_a_sheet_is_handed_in_once() -> None:
    score(replace(SCORE, sheet_id="sheet_2"), SHEETS[0]).refused("already_scored", Conflict)


def test_a_sheets_id_is_used_once() -> None:
    mine = ScoreAppraisal(sheet_id="sheet_party", appraisal_id=APPRAISAL, panelist=WANG, marks=marks(1, 1))
    score(mine, SHEETS[0], actor=WANG).refused("sheet_exists", Conflict)


def test_one_person_does_not_fill_two_seats() -> None:
    second = replace(SCORE, sheet_id="sheet_2", panelist=BAKERY)
    score(second, granted(SUN, "representative", BAKERY), SHEETS[0]).refused("two_seats_one_person", NotYours)


def test_who_came_to_speak_for_the_subject_judges_no_more() -> None:
    score(SCORE, granted(SUN, "representative", LVYUN)).refused("judges_own", NotYours)


@pytest.mark.parametrize(
    ("given_marks", "code"),
    [
        (marks(50, 35)[:1], "sheet_incomplete"),
        ((*marks(50, 35), Mark(code="noise", points=1)), "sheet_incomplete"),
        ((*marks(50, 35), Mark(code="order", points=1)), "sheet_incomplete"),
        (marks(61, 35), "points_out_of_range"),
        (marks(50, -1), "points_out_of_range"),
    ],
)
def test_a_sheet_has_points_for_every_criterion_and_no_more_than_there_are(given_marks: Any, code: str) -> None:
    score(replace(SCORE, marks=given_marks)).refused(code, Refused)


def test_sheets_are_taken_on_the_last_day_and_not_after() -> None:
    score(SCORE, now_at=at_time(UNTIL, 23, 0)).then(replace(SHEETS[0], day=UNTIL))
    score(SCORE, now_at=at_time(DAY_AFTER, 1, 0)).refused("appraisal_day_passed", Refused)


def test_no_sheet_is_taken_when_the_appraisal_is_over() -> None:
    score(SCORE, CLOSED).refused("appraisal_over", Conflict)
    given(*STAGE).when(SCORE, actor=SUN).refused("no_such_appraisal", NotFound)


# ---- the result --------------------------------------------------------------------------------------------------------


def test_the_result_is_weighted_and_graded_by_policy() -> None:
    outcome = close(*SHEETS).then(CLOSED)
    assert survives_snapshot(outcome.state(Appraisal, APPRAISAL))
    close(rule("appraisals.grades", (78, 80, 90)), *SHEETS).then(replace(CLOSED, grade="failed"))


def test_it_is_not_closed_while_somebody_may_still_score() -> None:
    close(*SHEETS[:3]).refused("panelists_missing", Refused, missing=1)


def test_who_left_is_not_waited_for() -> None:
    heard = replace(CLOSED, result_hundredths=8_244, sheets=3, weight_heard=9)
    close(*SHEETS[:3], left(LI)).then(heard)


def test_after_its_last_day_it_is_closed_with_the_sheets_there_are() -> None:
    heard = replace(CLOSED, result_hundredths=9_143, grade="excellent", sheets=2, weight_heard=7, day=DAY_AFTER)
    close(*SHEETS[:2], now_at=at_time(DAY_AFTER, 9, 0)).then(heard)


@pytest.mark.parametrize("sheets", [(), SHEETS[2:]])
def test_without_enough_weight_there_is_no_result(sheets: tuple[AppraisalScored, ...]) -> None:
    close(*sheets, now_at=at_time(DAY_AFTER, 9, 0)).then(
        AppraisalCancelled(
            appraisal_id=APPRAISAL, subject=LVYUN, reason="quorum_missed", cancelled_by=CHEN, day=DAY_AFTER
        )
    )


def test_it_is_closed_once() -> None:
    close(*SHEETS, CLOSED).refused("appraisal_over", Conflict)
    given(*STAGE).when(CLOSE, actor=CHEN).refused("no_such_appraisal", NotFound)


# ---- laws ---------------------------------------------------------------------------------------------------------------

MOST = 100
SHEET_LISTS = some.lists(some.tuples(some.integers(1, 100), some.integers(0, MOST)), min_size=1, max_size=9)


def sheets_of(pairs: list[tuple[int, int]]) -> list[AppraisalScored]:
    """Sheets of these weights and points."""
    return [replace(scored(WANG, WANG, 0, 0), weight=weight, points=points) for weight, points in pairs]


@law(SHEET_LISTS)
def test_the_result_is_the_exact_weighted_mean_half_rounded_up(pairs: list[tuple[int, int]]) -> None:
    exact = Fraction(sum(w * p for w, p in pairs) * FULL, sum(w * MOST for w, _ in pairs))
    assert weighted(sheets_of(pairs)) == int(exact + Fraction(1, 2))


@law(SHEET_LISTS)
def test_the_order_of_sheets_does_not_matter(pairs: list[tuple[int, int]]) -> None:
    assert weighted(sheets_of(pairs)) == weighted(sheets_of(pairs[::-1]))


@law(SHEET_LISTS, some.integers(1, 100), some.integers(0, MOST - 1))
def test_a_point_more_never_lowers_the_result(pairs: list[tuple[int, int]], weight: int, points: int) -> None:
    less, more = sheets_of([*pairs, (weight, points)]), sheets_of([*pairs, (weight, points + 1)])
    assert weighted(less) <= weighted(more)


@law(SHEET_LISTS)
def test_the_result_lies_between_the_lowest_and_the_highest_sheet(pairs: list[tuple[int, int]]) -> None:
    points = [p * FULL // MOST for _, p in pairs]
    assert min(points) <= weighted(sheets_of(pairs)) <= max(points)


@law(some.integers(0, FULL))
def test_a_grade_begins_with_its_threshold(result: int) -> None:
    rank = GRADES.index(grade_of(result, (60, 75, 90)))
    assert rank == (result >= 6_000) + (result >= 7_500) + (result >= 9_000)


def test_without_a_sheet_the_result_is_nothing() -> None:
    assert weighted([]) == 0
