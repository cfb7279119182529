"""What decisions about partner units know: put away as snapshots, read so that rivals cannot both win."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.base import State
from ledger.partners.agreements import Agreements
from ledger.partners.commands import AnswerCall, MatchOffer, SignAgreement
from ledger.partners.facts import CallAnswered, CallEnded
from ledger.partners.state import Agreement, CallState, Offer
from tests.ledger.given import NOW, TODAY, folded, given, survives_snapshot
from tests.ledger.partners.cast import (
    BEGIN,
    LI,
    LVYUN,
    WORKER,
    called,
    cancelled,
    delivered,
    ended,
    matched,
    needed,
    offered,
    signed,
    withdrawn,
)

ANSWER = CallAnswered(
    callout_id="call_1", unit=LVYUN, level="routine", people=1, response_minutes=0, answered_by=LI, day=TODAY
)


@pytest.mark.parametrize(
    "state",
    [
        folded(Agreement, "agr_1", signed(), ended()),
        folded(Agreements, LVYUN, signed()),
        folded(Offer, "offer_1", offered(100), matched(40), delivered(40), withdrawn(60)),
        folded(Offer, "offer_1", offered(100), matched(40), cancelled(40)),
        folded(CallState, "call_1", called(NOW), ANSWER, CallEnded(callout_id="call_1", ended_by=WORKER)),
    ],
)
def test_a_state_comes_back_from_its_snapshot(state: State) -> None:
    assert survives_snapshot(state)


def test_two_promises_cannot_both_take_the_last_pieces() -> None:
    asked = MatchOffer(match_id="match_2", offer_id="offer_1", request_id="req_1", quantity=1)
    outcome = given(*BEGIN, offered(1), *needed(1)).when(asked, actor=WORKER, role="community_worker")
    outcome.looking_at("offer_1", "req_1")


def test_a_unit_cannot_sign_twice_at_once() -> None:
    asked = SignAgreement(unit=LVYUN, tier="street", from_day=date(2026, 1, 1), until_day=date(2027, 1, 1))
    outcome = given(*BEGIN).when(asked, actor=WORKER, role="community_worker")
    outcome.looking_at(LVYUN, asked.agreement_id)


def test_a_unit_cannot_answer_twice_at_once() -> None:
    asked = AnswerCall(callout_id="call_1", unit=LVYUN)
    given(*BEGIN, signed(), called(NOW)).when(asked, actor=LI).looking_at("call_1", LVYUN)
