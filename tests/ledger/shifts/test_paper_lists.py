"""补录: what was written on paper, entered later."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.facts import SessionRecorded
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.attendance import MOST_ROWS
from ledger.shifts.state import Shift
from tests.ledger.cast import HE, LI, SUN, WANG, ZHAO, left
from tests.ledger.given import TODAY
from tests.ledger.hours.told import recorded
from tests.ledger.shifts.told import LIST, MINE, SHIFT, ask, at, came, scheduled, session, signed, went

LATER = TODAY.replace(month=6, day=10)


def row(member: str, start: int = 14 * 60, end: int = 15 * 60 + 30) -> do.PaperRow:
    """One line of the list."""
    return do.PaperRow(member=member, from_minute=start, to_minute=end)


def enter(*rows: do.PaperRow, whole: bool = False, guarantor: str = LI) -> do.RecordPaperList:
    """The list is entered under 李师傅's name."""
    return do.RecordPaperList(list_id=LIST, shift_id=SHIFT, guarantor=guarantor, rows=rows, whole=whole)


def listed(rows: int, *, whole: bool = False, by: str = LI) -> facts.PaperListEntered:
    """The list stands in the journal."""
    return facts.PaperListEntered(
        list_id=LIST, shift_id=SHIFT, guarantor=LI, whole=whole, rows=rows, entered_by=by
    )  # fmt: skip


def entered(number: int, member: str, start: int = 14 * 60, end: int = 15 * 60 + 30, **fields: Any) -> Any:
    """One row as it was taken."""
    return facts.PaperRowEntered(
        row_id=f"row_1.{number}",
        list_id=LIST,
        shift_id=SHIFT,
        row=number,
        member=member,
        from_minute=start,
        to_minute=end,
        **fields,
    )


def on_paper(number: int, member: str, **fields: Any) -> SessionRecorded:
    """The session of a row."""
    usual = {"origin": "attested", "recorder": LI, "guarantor": LI}
    found: SessionRecorded = session(f"ses_1.{number}", member, **{**usual, **fields})
    return found


def test_every_row_becomes_a_session_under_the_guarantors_name() -> None:
    outcome = ask(enter(row(WANG), row(SUN)), scheduled(), actor=LI, now_at=at(20)).then(
        listed(2),
        entered(1, WANG, session_id="ses_1.1"),
        on_paper(1, WANG),
        entered(2, SUN, session_id="ses_1.2"),
        on_paper(2, SUN),
    )
    assert outcome.state(Shift, SHIFT).served == {WANG, SUN}


def test_a_list_entered_after_weeks_shows_as_late() -> None:
    late = ask(enter(row(WANG)), scheduled(), actor=LI, now_at=at(9, day=LATER))
    assert late.facts[-1] == on_paper(1, WANG, late=True)


def test_it_makes_good_a_sign_up_that_was_taken_for_a_no_show() -> None:
    absent = facts.ShiftNotAttended(signup_id=MINE, shift_id=SHIFT, member=WANG, day=TODAY)
    outcome = ask(enter(row(WANG)), scheduled(), signed(), absent, actor=LI, now_at=at(20))
    assert outcome.facts[1] == entered(1, WANG, session_id="ses_1.1", signup_id=MINE)
    assert outcome.state(Shift, SHIFT).seats[MINE].status == "out"


@pytest.mark.parametrize(
    ("bad", "before", "barrier"),
    [
        (row(LI), (), "guarantor_is_volunteer"),
        (row(ZHAO), (left(ZHAO),), "member_left"),
        (row("mem_nobody"), (), "no_such_member"),
        (row(ZHAO, 15 * 60, 14 * 60), (), "end_before_start"),
        (row(ZHAO, 13 * 60), (), "outside_the_shift"),
        (row(ZHAO, end=17 * 60 + 1), (), "outside_the_shift"),
        (row(ZHAO, -(2**53), 2**53), (), "outside_the_shift"),
        (row(WANG), (), "already_served"),
        (row(ZHAO), (session("ses_0", ZHAO),), "already_served"),
        (row(ZHAO), (recorded("ses_0", ZHAO, day=TODAY, minutes=450),), "daily_cap_exceeded"),
        (row(ZHAO), (recorded("ses_0", ZHAO, day=TODAY, start_at=at(13), end_at=at(15)),), "sessions_overlap"),
    ],
)
def test_a_row_that_cannot_be_says_why_and_harms_no_other(bad: do.PaperRow, before: Any, barrier: str) -> None:
    outcome = ask(enter(row(WANG), bad, row(SUN)), scheduled(), *before, actor=LI, now_at=at(20))
    assert outcome.facts == [
        listed(3),
        entered(1, WANG, session_id="ses_1.1"),
        on_paper(1, WANG),
        entered(2, bad.member, bad.from_minute, bad.to_minute, barrier=barrier),
        entered(3, SUN, session_id="ses_1.3"),
        on_paper(3, SUN),
    ]
    whole = enter(row(WANG), bad, row(SUN), whole=True)
    ask(whole, scheduled(), *before, actor=LI, now_at=at(20)).refused(
        "paper_row_refused", Refused, row=2, reason=barrier
    )


def test_a_whole_list_is_entered_if_every_row_can_be() -> None:
    assert ask(enter(row(WANG), whole=True), scheduled(), actor=LI, now_at=at(20)).facts[0] == listed(1, whole=True)


def test_nobody_is_entered_before_they_went() -> None:
    outcome = ask(enter(row(WANG)), scheduled(), actor=LI, now_at=at(15))
    assert outcome.facts == [listed(1), entered(1, WANG, barrier="session_in_future")]


def test_a_refused_row_may_come_again_with_the_right_times() -> None:
    wrong = row(WANG, 15 * 60, 14 * 60)
    outcome = ask(enter(wrong, row(WANG)), scheduled(), actor=LI, now_at=at(20))
    assert [one.barrier for one in outcome.facts if isinstance(one, facts.PaperRowEntered)] == ["end_before_start", ""]


def test_who_already_checked_out_is_not_entered_again() -> None:
    outcome = ask(enter(row(WANG)), scheduled(), signed(), came(), *went(), actor=LI, now_at=at(20))
    assert outcome.facts[1] == entered(1, WANG, signup_id=MINE, barrier="already_served")


def test_a_list_is_entered_by_a_worker_or_who_is_in_charge_once_with_rows_and_a_guarantor() -> None:
    ask(enter(row(WANG)), scheduled(), actor=HE, now_at=at(20)).refused("shift_not_yours", NotYours)
    assert ask(enter(row(WANG)), scheduled(), now_at=at(20)).facts
    ask(enter(row(WANG)), scheduled(), listed(1), now_at=at(20)).refused("list_exists", Conflict)
    ask(enter(), scheduled(), now_at=at(20)).refused("not_positive", Refused)
    ask(enter(*[row(WANG)] * (MOST_ROWS + 1)), scheduled(), now_at=at(20)).refused("absurd_quantity", Refused)
    ask(enter(row(WANG), guarantor="mem_nobody"), scheduled(), now_at=at(20)).refused("no_such_member", NotFound)
    ask(enter(row("unit_lvyun")), scheduled(), now_at=at(20)).refused("bad_id", Refused)
