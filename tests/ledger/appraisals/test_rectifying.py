"""What has to be put right by a day: reported by the party, accepted by another, or failed (M20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.appraisals.commands import AcceptRectification, FailRectification, OrderRectification, ReportRectified
from ledger.appraisals.state import failures_of
from ledger.base import Fact
from ledger.clock import at_time
from ledger.conduct.commands import BlacklistParty
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from tests.ledger.appraisals.told import (
    ACCEPTED,
    APPOINTED,
    APPRAISAL,
    CLOSED,
    RECTIFICATION,
    STAGE,
    UNTIL,
    failed,
    opened,
    ordered,
    reported,
)
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HE, LVYUN, OPERATOR, YARD, ZHAO
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given, rule
from tests.ledger.trials.told import opened as pilot

ORDER = OrderRectification(
    rectification_id=RECTIFICATION, party=LVYUN, matter=" 疏通下水管道 ", due_day=UNTIL, appraisal_id=None
)
REPORT = ReportRectified(rectification_id=RECTIFICATION, party=LVYUN)
ACCEPT = AcceptRectification(rectification_id=RECTIFICATION)
OVERDUE = FailRectification(rectification_id=RECTIFICATION, cause="overdue")
INSUFFICIENT = FailRectification(rectification_id=RECTIFICATION, cause="insufficient")
DAY_AFTER = UNTIL + timedelta(days=1)


def ask(command: Any, *before: Fact, actor: str = CHEN, now_at: int = NOW, sealed: str = "") -> Outcome:
    """A community worker asks."""
    past = given(*STAGE, *before)
    return past.when(command, actor=actor, role="community_worker", now_at=now_at, sealed=sealed)


def report(*before: Fact, now_at: int = NOW, evidence: str = "") -> Outcome:
    """绿云物业 reports."""
    command = replace(REPORT, evidence=evidence)
    return given(*STAGE, *before).when(command, actor=ZHAO, role="representative", now_at=now_at)


def test_a_party_is_ordered_to_put_something_right() -> None:
    ask(ORDER).then(ordered())
    assert ask(ORDER, sealed="commitment").fact == replace(ordered(), words="commitment")


def test_an_order_may_rest_on_a_result() -> None:
    outcome = ask(replace(ORDER, appraisal_id=APPRAISAL), APPOINTED, opened(), CLOSED)
    outcome.then(replace(ordered(), appraisal_id=APPRAISAL))


def test_an_order_on_a_result_goes_to_who_was_appraised() -> None:
    order = replace(ORDER, party=BAKERY, appraisal_id=APPRAISAL)
    ask(order, APPOINTED, opened(), CLOSED).refused("not_who_was_appraised", Refused, party=BAKERY, subject=LVYUN)


@pytest.mark.parametrize("party", [AIXIN, LVYUN])
def test_an_order_on_a_teams_result_goes_to_the_team_or_its_unit(party: str) -> None:
    order = replace(ORDER, party=party, appraisal_id=APPRAISAL)
    before = (APPOINTED, opened(AIXIN), replace(CLOSED, subject=AIXIN))
    ask(order, *before).then(replace(ordered(party=party), appraisal_id=APPRAISAL))


def test_an_order_on_a_places_result_goes_to_the_unit_that_serves_it_on_trial() -> None:
    order, before = replace(ORDER, appraisal_id=APPRAISAL), (APPOINTED, opened(YARD), replace(CLOSED, subject=YARD))
    ask(order, *before, pilot()).then(replace(ordered(), appraisal_id=APPRAISAL))
    ask(order, *before).refused("not_who_was_appraised", Refused)


def test_an_appraisal_under_way_is_no_ground() -> None:
    ask(replace(ORDER, appraisal_id=APPRAISAL), APPOINTED, opened()).refused("appraisal_without_result", Refused)
    ask(replace(ORDER, appraisal_id=APPRAISAL)).refused("no_such_appraisal", NotFound)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"due_day": TODAY - timedelta(days=1)}, "rectification_day_out_of_range"),
        ({"due_day": TODAY + timedelta(days=185)}, "rectification_day_out_of_range"),
        ({"party": "unit_nobody"}, "no_such_unit"),
        ({"party": "mem_wang"}, "persons_are_not_ordered"),
        ({"matter": ""}, "bad_name"),
        ({"rectification_id": "unit_lvyun"}, "bad_id"),
    ],
)
def test_an_order_names_a_party_a_matter_and_a_day_within_policys_term(changed: dict[str, Any], code: str) -> None:
    ask(replace(ORDER, **changed)).refused(code)


def test_nobody_orders_their_own_unit() -> None:
    ask(ORDER, actor=ZHAO).refused("own_rectification", NotYours)


def test_an_order_is_given_once() -> None:
    ask(ORDER, ordered()).refused("rectification_exists", Conflict)


def test_the_party_reports_with_what_shows_it() -> None:
    report(ordered()).then(reported())
    report(ordered(), evidence="ab" * 32).then(replace(reported(), evidence="ab" * 32))
    report(ordered(), evidence="photo.jpg").refused("evidence_not_a_digest", Refused)


def test_a_report_comes_on_the_last_day_and_not_after() -> None:
    report(ordered(), now_at=at_time(UNTIL, 23, 0)).then(replace(reported(), day=UNTIL))
    report(ordered(), now_at=at_time(DAY_AFTER, 1, 0)).refused("rectification_overdue", Refused)


def test_only_what_was_ordered_of_the_party_is_reported_and_once() -> None:
    report().refused("no_such_rectification", NotFound)
    report(ordered(), reported()).refused("rectification_moved_on", Conflict)
    other = replace(REPORT, party=BAKERY)
    given(*STAGE, ordered()).when(other, actor=HE).refused("not_your_rectification", NotYours)


def test_another_person_accepts() -> None:
    ask(ACCEPT, ordered(), reported()).then(ACCEPTED)


def test_who_reported_does_not_accept_nor_does_who_speaks_for_the_party() -> None:
    ask(ACCEPT, ordered(), reported(CHEN)).refused("own_rectification", NotYours)
    ask(ACCEPT, ordered(), reported(), actor=ZHAO).refused("own_rectification", NotYours)
    ask(INSUFFICIENT, ordered(), reported(), actor=ZHAO).refused("own_rectification", NotYours)


@pytest.mark.parametrize("before", [(ordered(),), (ordered(), reported(), ACCEPTED), (ordered(), failed())])
def test_only_what_is_reported_is_judged(before: tuple[Fact, ...]) -> None:
    ask(ACCEPT, *before).refused("rectification_not_reported", Conflict)
    ask(INSUFFICIENT, *before).refused("rectification_not_reported", Conflict)


def test_what_is_not_enough_fails() -> None:
    ask(INSUFFICIENT, ordered(), reported()).then(failed(cause="insufficient"))


def test_the_day_that_passed_without_a_report_is_a_failure() -> None:
    outcome = ask(OVERDUE, ordered(), now_at=at_time(DAY_AFTER, 0, 5), actor=OPERATOR)
    outcome.then(failed(by=OPERATOR, day=DAY_AFTER))
    ask(OVERDUE, ordered(), now_at=at_time(UNTIL, 23, 55)).refused("not_yet_due", Refused)


def test_what_was_reported_in_time_is_never_overdue() -> None:
    ask(OVERDUE, ordered(), reported(), now_at=at_time(DAY_AFTER, 9, 0)).refused("rectification_moved_on", Conflict)


def test_failures_of_a_party_are_counted() -> None:
    second = ordered(rectification_id="rec_lamps")
    again = FailRectification(rectification_id="rec_lamps", cause="overdue")
    outcome = ask(again, ordered(), failed(), second, now_at=at_time(DAY_AFTER, 9, 0))
    outcome.then(replace(failed(failures=2, day=DAY_AFTER), rectification_id="rec_lamps"))
    assert failures_of(Folded(ordered(), failed(), *outcome.facts), LVYUN) == 2


def test_one_failure_is_no_ground_for_the_blacklist_and_two_are() -> None:
    listed = BlacklistParty(blacklisting_id="bar_1", party=LVYUN, reason="rectification_failed", ground=RECTIFICATION)
    ask(listed, ordered(), failed()).refused("too_few_failures", Refused, failures=1, wanted=2)
    ask(listed, ordered(), failed(), failed(2)).then(
        PartyBlacklisted(
            blacklisting_id="bar_1", party=LVYUN, reason="rectification_failed", ground=RECTIFICATION,
            listed_by=CHEN, day=TODAY,
        )
    )  # fmt: skip
    ask(listed, rule("appraisals.failures", 1), ordered(), failed())


def test_what_a_party_was_blacklisted_for_once_does_not_count_again() -> None:
    barred = PartyBlacklisted(
        blacklisting_id="bar_1", party=LVYUN, reason="rectification_failed", until_day=TODAY, listed_by=CHEN, day=TODAY
    )
    assert failures_of(Folded(ordered(), failed(), failed(2), barred), LVYUN) == 0
    other = replace(barred, reason="misconduct")
    assert failures_of(Folded(ordered(), failed(), failed(2), other), LVYUN) == 2
