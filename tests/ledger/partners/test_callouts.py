"""Units are called at a response level; those that signed for it answer, and the minutes until then are counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import Conflict, NotFound, Refused
from ledger.partners.commands import LEVELS, AnswerCall, CallOut, EndCall
from ledger.partners.facts import CallAnswered, CalledOut, CallEnded
from tests.ledger.given import NOW, TODAY, given
from tests.ledger.partners.cast import BAKERY, BEGIN, COURT, LI, LVYUN, TEAM, WORKER, called, ended, signed

CALL = CallOut(callout_id="call_1", level="emergency", place=COURT)
ANSWER = AnswerCall(callout_id="call_1", unit=LVYUN, people=6)
END = EndCall(callout_id="call_1")
OVER = CallEnded(callout_id="call_1", ended_by=WORKER)


def answered(unit: str = LVYUN) -> Fact:
    """An answer of before the story."""
    return CallAnswered(
        callout_id="call_1", unit=unit, level="routine", people=1, response_minutes=0, answered_by=LI, day=TODAY
    )


def test_a_call_states_its_level_place_and_moment() -> None:
    given(*BEGIN).when(CALL, actor=WORKER, role="community_worker", sealed="c1").then(
        CalledOut(callout_id="call_1", level="emergency", place=COURT, called_at=NOW, called_by=WORKER, words="c1")
    )


def test_the_place_of_a_call_exists() -> None:
    asked = replace(CALL, place="place_nowhere")
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("no_such_place", NotFound)


def test_a_call_does_not_wear_the_tag_of_something_else() -> None:
    asked = replace(CALL, callout_id=LVYUN)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("bad_id", Refused)


def test_a_call_may_be_for_everywhere() -> None:
    assert given(*BEGIN).when(replace(CALL, place=None), actor=WORKER, role="community_worker").facts


def test_a_call_is_made_once() -> None:
    given(*BEGIN, called(NOW)).when(CALL, actor=WORKER, role="community_worker").refused("call_exists", Conflict)


def test_an_answer_says_who_comes_and_how_soon() -> None:
    story = given(*BEGIN, signed(level="urgent"), called(NOW - 30 * MICROS_PER_MINUTE, "urgent"))
    story.when(ANSWER, actor=LI).then(
        CallAnswered(
            callout_id="call_1", unit=LVYUN, level="urgent", people=6, response_minutes=30, answered_by=LI, day=TODAY
        )
    )


@pytest.mark.parametrize(
    ("waited_micros", "minutes"),
    [
        (0, 0),
        (MICROS_PER_MINUTE - 1, 0),
        (MICROS_PER_MINUTE, 1),
        (2 * MICROS_PER_MINUTE - 1, 1),
        (-MICROS_PER_MINUTE, 0),
    ],
)
def test_only_whole_minutes_count_and_never_fewer_than_none(waited_micros: int, minutes: int) -> None:
    story = given(*BEGIN, signed(), called(NOW - waited_micros)).when(ANSWER, actor=LI).facts
    assert [happened.response_minutes for happened in story if isinstance(happened, CallAnswered)] == [minutes]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("signed_level", LEVELS)
def test_a_unit_answers_at_the_level_it_signed_for_or_below(level: str, signed_level: str) -> None:
    story = given(*BEGIN, signed(level=signed_level), called(NOW, level)).when(ANSWER, actor=LI)
    if LEVELS.index(signed_level) >= LEVELS.index(level):
        assert story.facts
    else:
        story.refused("level_not_signed", Refused)


def test_the_highest_of_several_agreements_counts() -> None:
    both = (signed(level="routine"), signed(level="emergency", tier="street", agreement_id="agr_2"))
    assert given(*BEGIN, *both, called(NOW, "emergency")).when(ANSWER, actor=LI).facts


@pytest.mark.parametrize(
    "agreements",
    [
        (),
        (signed(unit=BAKERY),),
        (signed(), ended()),
        (signed(date(2025, 1, 1), TODAY - timedelta(days=1)),),
        (signed(TODAY + timedelta(days=1), TODAY + timedelta(days=9)),),
    ],
)
def test_without_an_agreement_in_force_a_unit_does_not_answer(agreements: tuple[Fact, ...]) -> None:
    given(*BEGIN, *agreements, called(NOW)).when(ANSWER, actor=LI).refused("level_not_signed", Refused)


def test_first_and_last_day_of_an_agreement_count() -> None:
    for agreement in (signed(TODAY, TODAY + timedelta(days=9)), signed(TODAY - timedelta(days=9), TODAY)):
        assert given(*BEGIN, agreement, called(NOW)).when(ANSWER, actor=LI).facts


def test_a_unit_answers_once() -> None:
    given(*BEGIN, signed(), called(NOW), answered()).when(ANSWER, actor=LI).refused("already_answered", Conflict)


def test_each_unit_answers_for_itself() -> None:
    assert given(*BEGIN, signed(), called(NOW), answered(BAKERY)).when(ANSWER, actor=LI).facts


@pytest.mark.parametrize(("people", "code"), [(0, "not_positive"), (-1, "not_positive"), (10**18, "absurd_quantity")])
def test_somebody_comes(people: int, code: str) -> None:
    asked = replace(ANSWER, people=people)
    given(*BEGIN, signed(), called(NOW)).when(asked, actor=LI).refused(code)


@pytest.mark.parametrize("unit", ["unit_nobody", TEAM])
def test_only_a_registered_unit_answers(unit: str) -> None:
    asked = replace(ANSWER, unit=unit)
    given(*BEGIN, called(NOW)).when(asked, actor=WORKER, role="community_worker").refused("no_such_unit", NotFound)


def test_a_call_ends() -> None:
    given(*BEGIN, called(NOW)).when(END, actor=WORKER, role="community_worker").then(OVER)


@pytest.mark.parametrize("command", [ANSWER, END])
def test_what_is_over_is_neither_answered_nor_ended(command: AnswerCall | EndCall) -> None:
    story = given(*BEGIN, signed(), called(NOW), OVER)
    story.when(command, actor=WORKER, role="community_worker").refused("call_ended", Conflict)


@pytest.mark.parametrize("command", [ANSWER, END])
def test_there_must_be_a_call(command: AnswerCall | EndCall) -> None:
    given(*BEGIN, signed()).when(command, actor=WORKER, role="community_worker").refused("no_such_call", NotFound)
