"""A drill is called, answered and ended like a call-out, by facts of its own: no figure of call-outs knows of it (M14)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.base import Fact
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import Conflict, NotFound, Refused
from ledger.partners.commands import AnswerCall, CallDrill, CallOut, EndCall
from ledger.partners.facts import CallAnswered, DrillAnswered, DrillCalled, DrillEnded
from tests.ledger.given import NOW, TODAY, Outcome, given
from tests.ledger.partners.cast import BEGIN, COURT, LI, LVYUN, WORKER, called, signed

DRILL = CallDrill(callout_id="call_1", level="urgent", place=COURT)
CALLED = DrillCalled(
    callout_id="call_1", level="urgent", place=COURT, called_at=NOW - 5 * MICROS_PER_MINUTE, called_by=WORKER
)
ANSWER = AnswerCall(callout_id="call_1", unit=LVYUN, people=6)
ANSWERED = DrillAnswered(
    callout_id="call_1", unit=LVYUN, level="urgent", people=6, response_minutes=5, answered_by=LI, day=TODAY
)
OVER = DrillEnded(callout_id="call_1", ended_by=WORKER)


def ask(command: Any, *before: Fact, actor: str = WORKER, role: str = "community_worker", sealed: str = "") -> Outcome:
    """Somebody asks, after 绿云物业 signed for emergencies."""
    return given(*BEGIN, signed(level="emergency"), *before).when(command, actor=actor, role=role, sealed=sealed)


def test_a_drill_is_called_answered_and_ended() -> None:
    ask(DRILL, sealed="c1").then(
        DrillCalled(callout_id="call_1", level="urgent", place=COURT, called_at=NOW, called_by=WORKER, words="c1")
    )
    ask(ANSWER, CALLED, actor=LI, role="").then(ANSWERED)
    ask(EndCall(callout_id="call_1"), CALLED, ANSWERED).then(OVER)


def test_an_answer_to_a_call_out_stays_one() -> None:
    assert isinstance(ask(ANSWER, called(NOW), actor=LI, role="").fact, CallAnswered)


@pytest.mark.parametrize("command", [DRILL, CallOut(callout_id="call_1", level="urgent")])
def test_an_id_is_used_once_by_either(command: Any) -> None:
    ask(command, CALLED).refused("call_exists", Conflict)
    ask(command, called(NOW)).refused("call_exists", Conflict)


def test_the_same_rules_hold_as_for_call_outs() -> None:
    ask(ANSWER, CALLED, ANSWERED, actor=LI, role="").refused("already_answered", Conflict)
    ask(ANSWER, CALLED, OVER, actor=LI, role="").refused("call_ended", Conflict)
    ask(EndCall(callout_id="call_1"), CALLED, OVER).refused("call_ended", Conflict)
    ask(CallDrill(callout_id="call_1", level="urgent", place="place_nowhere")).refused("no_such_place", NotFound)
    ask(CallDrill(callout_id=LVYUN, level="urgent")).refused("bad_id", Refused)


def test_a_unit_answers_only_at_a_level_it_signed_for() -> None:
    story = given(*BEGIN, signed(level="routine"), CALLED)
    story.when(ANSWER, actor=LI).refused("level_not_signed", Refused)
