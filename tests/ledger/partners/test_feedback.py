"""Once a quarter a unit hears what its members did for the community; nobody writes the figures but the journal (M5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import at_time
from ledger.conduct.facts import SessionRestored, SessionVoided
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.facts import SessionCorrected, SessionVerified
from ledger.partners.commands import SendFeedback
from ledger.partners.deeds import Deeds, Quarter, quarter_of
from ledger.partners.facts import (
    CallAnswered,
    DrillAnswered,
    DualReported,
    DualReportEnded,
    FeedbackSent,
    PartnerContributed,
)
from ledger.partners.feedback import days_of_quarter
from ledger.partners.reporting import Reporters
from ledger.requests.facts import RequestClosed, RequestReopened
from tests.ledger.given import NOW, TODAY, Folded, Outcome, given
from tests.ledger.partners.cast import BEGIN, LI, LVYUN, TEAM, WANG, WORKER

MARCH = date(2026, 3, 31)
SEND = SendFeedback(feedback_id="sheet_1", unit=LVYUN, year=2026, quarter=1)
NOTHING = FeedbackSent(
    feedback_id="sheet_1", unit=LVYUN, year=2026, quarter=1, revision=1, members=0, active_members=0, minutes=0,
    member_requests=0, branch_requests=0, unit_requests=0, contributions=0, calls_answered=0, people_sent=0,
    sent_by=WORKER, day=TODAY,
)  # fmt: skip


def reported(member: str = WANG, *, day: date = date(2026, 1, 5), branch: str | None = TEAM) -> DualReported:
    """Somebody at work in 绿云物业 reported in."""
    return DualReported(
        report_id=f"dual_{member}", member_id=member, unit=LVYUN, branch=branch, place="place_block", taken_by=member,
        day=day,
    )  # fmt: skip


def ended(day: date) -> DualReportEnded:
    """王阿姨 moved away."""
    return DualReportEnded(
        report_id=f"dual_{WANG}", member_id=WANG, unit=LVYUN, place="place_block", reason="moved", day=day
    )


def test_the_end_of_a_report_nobody_knows_is_no_report() -> None:
    assert Folded(ended(MARCH)).state(Reporters, LVYUN).reports == {}
    known = Folded(reported(), replace(ended(MARCH), report_id="dual_x")).state(Reporters, LVYUN).reports
    assert [(one.member_id, one.until_day) for one in known.values()] == [(WANG, None)]


def served(minutes: int = 90, *, who: str = WANG, day: date = MARCH) -> SessionVerified:
    """Verified service."""
    return SessionVerified(
        session_id="ses_1",
        volunteer=who,
        day=day,
        minutes=minutes,
        credited=minutes,
        origin="attested",
        verifier=WORKER,
    )


def closed(claimant: str, *, requester: str = "mem_zhao", day: date = MARCH) -> RequestClosed:
    """Work that was confirmed."""
    return RequestClosed(
        request_id="req_1", kind="wish", claimant=claimant, requester=requester, score=5, closed_by=requester, day=day
    )


def ask(*before: Fact, command: Any = SEND, actor: str = WORKER, now_at: int = NOW) -> Outcome:
    """The worker sends the sheet."""
    return given(*BEGIN, *before).when(command, actor=actor, role="community_worker", now_at=now_at)


def test_a_sheet_counts_members_branches_and_the_unit_apart() -> None:
    ask(
        reported(), reported(LI), served(), served(30), closed(WANG), closed(TEAM), closed(LVYUN),
        PartnerContributed(contribution_id="con_1", unit=LVYUN, kind="venue", quantity=60, day=MARCH, accepted_by=WORKER),
        CallAnswered(callout_id="call_1", unit=LVYUN, level="routine", people=6, response_minutes=3, answered_by=LI,
                     day=MARCH),
    ).then(
        replace(NOTHING, members=2, active_members=1, minutes=120, member_requests=1, branch_requests=1,
                unit_requests=1, contributions=1, calls_answered=1, people_sent=6)
    ).looking_at(LVYUN, WANG, LI, TEAM)  # fmt: skip


def test_only_that_quarter_counts() -> None:
    days = (date(2025, 12, 31), date(2026, 4, 1))
    ask(*(served(day=day) for day in days), *(closed(LVYUN, day=day) for day in days)).then(NOTHING)


def test_drills_are_practice() -> None:
    ask(
        DrillAnswered(callout_id="call_1", unit=LVYUN, level="routine", people=6, response_minutes=3, answered_by=LI,
                      day=MARCH)
    ).then(NOTHING)  # fmt: skip


def test_corrections_and_reopened_work_count_down() -> None:
    corrected = SessionCorrected(
        correction_id="cor_1", session_id="ses_1", volunteer=WANG, day=MARCH, last_day=MARCH, original_minutes=90,
        corrected_minutes=60, difference=-30, checker=WORKER,
    )  # fmt: skip
    again = RequestReopened(
        request_id="req_1", kind="wish", claimant=WANG, requester="mem_zhao", score=1, was_closed=True, closed_on=MARCH,
        until_at=NOW,
    )  # fmt: skip
    ask(reported(branch=None), served(), corrected, closed(WANG), again).then(
        replace(NOTHING, members=1, active_members=1, minutes=60)
    )


def test_what_was_voided_as_fraud_is_no_service_until_it_is_restored() -> None:
    voided = SessionVoided(
        sanction_id="san_1", session_id="ses_1", volunteer=WANG, day=MARCH, last_day=MARCH, minutes=90,
        reason="not_present", voided_by=WORKER, voided_on=TODAY,
    )  # fmt: skip
    restored = SessionRestored(
        sanction_id="san_1", session_id="ses_1", volunteer=WANG, day=MARCH, last_day=MARCH, minutes=90
    )
    ask(reported(branch=None), served(), voided).then(replace(NOTHING, members=1))
    ask(reported(branch=None), served(), voided, restored).then(
        replace(NOTHING, members=1, active_members=1, minutes=90)
    )


def test_what_a_member_asked_for_is_no_deed_of_theirs() -> None:
    ask(reported(branch=None), closed(LI, requester=WANG)).then(replace(NOTHING, members=1))


@pytest.mark.parametrize(
    ("from_day", "until_day", "members"),
    [
        (MARCH, None, 1),
        (date(2026, 4, 1), None, 0),
        (date(2025, 6, 1), date(2026, 1, 1), 1),
        (date(2025, 6, 1), date(2025, 12, 31), 0),
    ],
)
def test_a_member_counts_whose_report_held_on_one_of_its_days(
    from_day: date, until_day: date | None, members: int
) -> None:
    over = () if until_day is None else (ended(until_day),)
    ask(reported(day=from_day, branch=None), *over).then(replace(NOTHING, members=members))


def test_a_sheet_is_sent_when_the_quarter_is_over() -> None:
    first = at_time(date(2026, 4, 1), 0, 0)
    assert ask(now_at=first).facts
    ask(now_at=first - 1).refused("quarter_not_over", Refused, until_day="2026-03-31")


@pytest.mark.parametrize(("year", "quarter"), [(2026, 0), (2026, 5), (1989, 4), (10_000, 1)])
def test_a_quarter_is_one_of_four(year: int, quarter: int) -> None:
    ask(command=replace(SEND, year=year, quarter=quarter)).refused("bad_quarter", Refused)


def test_a_sheet_is_sent_again_only_where_its_figures_moved() -> None:
    again = replace(SEND, feedback_id="sheet_2")
    ask(NOTHING, command=again).refused("feedback_unchanged", Conflict, sheet="sheet_1", revision=1)
    ask(NOTHING, closed(LVYUN), command=again).then(
        replace(NOTHING, feedback_id="sheet_2", revision=2, unit_requests=1)
    )
    ask(replace(NOTHING, unit="unit_bakery")).refused("feedback_exists", Conflict)


def test_nobody_sends_one_to_their_own_unit() -> None:
    ask(actor=LI).refused("self_verification", NotYours)
    ask(command=replace(SEND, unit=TEAM)).refused("no_such_unit", NotFound)
    ask(command=replace(SEND, feedback_id=LVYUN)).refused("bad_id", Refused)


@drawn(st.dates(min_value=date(1990, 1, 1), max_value=date(9999, 12, 31)))
def test_every_day_is_in_exactly_one_quarter(day: date) -> None:
    year, quarter = int(quarter_of(day)[:4]), int(quarter_of(day)[5])
    from_day, until_day = days_of_quarter(year, quarter)
    assert from_day <= day <= until_day


@drawn(st.lists(st.tuples(st.integers(1, 600), st.dates(date(2025, 1, 1), date(2026, 12, 31))), max_size=20))
def test_quarters_add_up_to_all_that_was_verified(sessions: list[tuple[int, date]]) -> None:
    deeds = Folded(*(served(minutes, day=day) for minutes, day in sessions)).state(Deeds, WANG)
    assert sum(one.minutes for one in deeds.quarters.values()) == sum(minutes for minutes, _ in sessions)
    assert deeds.in_quarter("1999Q1") == Quarter()
