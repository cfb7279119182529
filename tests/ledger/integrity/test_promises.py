"""Which facts show a promise kept or broken, and of whom; what a record of them weighs as time goes by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.appraisals.facts import RectificationAccepted, RectificationFailed
from ledger.base import Fact, tags_of
from ledger.clock import DEFAULT_ZONE, at_time
from ledger.errors import Refused
from ledger.integrity.promises import PROMISING, promises_of
from ledger.integrity.state import WHOLE, Integrity, check_keeps_word
from ledger.partners.facts import CallAnswered
from ledger.projects.facts import MeasureAccepted, MeasureHandedOver, MeasureOverdue
from ledger.proposals.facts import MilestoneAccepted
from ledger.requests.facts import (
    ClaimLapsed,
    ClaimReleased,
    RequestClaimed,
    RequestClosed,
    RequesterContacted,
    RequestOverdue,
    RequestReopened,
)
from ledger.resources.facts import DealFailed, DealSettled
from ledger.shifts.facts import CheckedOut, CheckOutAttested, PaperRowEntered, ShiftNotAttended
from tests.ledger.given import TODAY, Folded, given, rule, survives_snapshot

LI, LVYUN, SHOP, WORKER = "mem_li", "unit_lvyun", "unit_shop", "mem_worker"
AT = at_time(TODAY, 10, 0)


def closed(claim: str = "claim_1", *, claimant: str | None = LI, day: date = TODAY) -> RequestClosed:
    """A claim that was done and confirmed."""
    return RequestClosed(
        request_id="req_1", kind="wish", claim_id=claim, claimant=claimant, requester="mem_wang", score=5,
        closed_by="mem_wang", day=day,
    )  # fmt: skip


def lapsed(claim: str = "claim_1", *, claimant: str = LI, day: date = TODAY) -> ClaimLapsed:
    """A claim that was neither done nor handed back in time."""
    return ClaimLapsed(request_id="req_1", claim_id=claim, claimant=claimant, until_at=at_time(day, 10, 0))


def reopened(*, was_closed: bool = True) -> RequestReopened:
    """Not satisfied after all."""
    return RequestReopened(
        request_id="req_1", kind="wish", claim_id="claim_1", claimant=LI, requester="mem_wang", was_closed=was_closed,
        until_at=AT,
    )  # fmt: skip


def overdue(stage: str, *, claimant: str | None = None, responsible: str | None = None) -> RequestOverdue:
    """A stage of a request that took too long."""
    return RequestOverdue(
        request_id="req_1",
        kind="issue",
        stage=stage,
        until_day=TODAY,
        claimant=claimant,
        responsible=responsible,
        day=TODAY,
    )


def contacted(*, late: bool) -> RequesterContacted:
    """The one who asked was spoken to."""
    return RequesterContacted(
        request_id="req_1", claim_id="claim_1", claimant=LI, contacted_by=LI, late=late, day=TODAY
    )


def deal_failed(*broken_by: str) -> DealFailed:
    """A barter that came to nothing."""
    return DealFailed(
        deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=SHOP, item="空地", measure="mu", short=6,
        broken_by=broken_by, reason="overdue", ended_by="svc_operator", day=TODAY,
    )  # fmt: skip


def milestone(reported_on: date) -> MilestoneAccepted:
    """What was due today, reported and accepted."""
    return MilestoneAccepted(
        grant_id="grant_1", proposal_id="prop_1", applicant=LVYUN, reported_on=reported_on, due_day=TODAY,
        accepted_by=WORKER, day=reported_on,
    )  # fmt: skip


SHIFT: dict[str, Any] = {"signup_id": "sign_1", "shift_id": "shift_1", "member": LI}
ON_PAPER = {**SHIFT, "row_id": "row_1", "list_id": "list_1", "row": 1, "from_minute": 840, "to_minute": 960}
MEASURE: dict[str, Any] = {"project_measure_id": "meas_1", "project_id": "req_1", "owner": LVYUN, "day": TODAY}
RECTIFY: dict[str, Any] = {"rectification_id": "rect_1", "party": LVYUN, "day": TODAY}

CASES: tuple[tuple[Fact, list[tuple[str, str, str, str]]], ...] = (
    (closed(), [(LI, "claim_done", "claim_1", "kept")]),
    (closed(claimant=None), []),
    (reopened(), [(LI, "claim_done", "claim_1", "undone")]),
    (reopened(was_closed=False), []),
    (lapsed(), [(LI, "claim_lapsed", "claim_1", "broken")]),
    (ClaimReleased(request_id="req_1", claim_id="claim_1", claimant=LI, day=TODAY), []),
    (contacted(late=False), [(LI, "contact", "req_1", "kept")]),
    (contacted(late=True), [(LI, "contact", "req_1", "broken")]),
    (overdue("contact", claimant=LI), [(LI, "contact", "req_1", "broken")]),
    (overdue("posted", responsible=LI), [(LI, "deadline", "req_1", "broken")]),
    (overdue("fulfilled"), []),
    (
        CallAnswered(
            callout_id="call_1", unit=LVYUN, level="urgent", people=3, response_minutes=8, answered_by=LI, day=TODAY
        ),
        [(LVYUN, "call_answered", "call_1", "kept")],
    ),
    (
        DealSettled(deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=SHOP, barter=True, day=TODAY),
        [(LVYUN, "deal", "deal_1", "kept"), (SHOP, "deal", "deal_1", "kept")],
    ),
    (deal_failed(SHOP), [(SHOP, "deal", "deal_1", "broken")]),
    (deal_failed(), []),
    (MeasureAccepted(in_time=True, accepted_by=WORKER, **MEASURE), [(LVYUN, "measure", "meas_1", "kept")]),
    (MeasureAccepted(in_time=False, accepted_by=WORKER, **MEASURE), [(LVYUN, "measure", "meas_1", "broken")]),
    (milestone(reported_on=TODAY), [(LVYUN, "milestone", "grant_1", "kept")]),
    (milestone(reported_on=TODAY + timedelta(days=1)), [(LVYUN, "milestone", "grant_1", "broken")]),
    (MeasureOverdue(due_day=TODAY, **MEASURE), [(LVYUN, "measure", "meas_1", "broken")]),
    (RectificationAccepted(accepted_by=WORKER, **RECTIFY), [(LVYUN, "rectification", "rect_1", "kept")]),
    (
        RectificationFailed(cause="overdue", failures=1, failed_by=WORKER, **RECTIFY),
        [(LVYUN, "rectification", "rect_1", "broken")],
    ),
    (CheckedOut(step=1, checked_at=AT, **SHIFT), [(LI, "shift", "sign_1", "kept")]),
    (CheckOutAttested(session_id="ses_1", out_at=AT, attested_by=WORKER, **SHIFT), [(LI, "shift", "sign_1", "kept")]),
    (ShiftNotAttended(day=TODAY, **SHIFT), [(LI, "shift", "sign_1", "broken")]),
    (PaperRowEntered(session_id="ses_1", **ON_PAPER), [(LI, "shift", "sign_1", "undone")]),
    (PaperRowEntered(barrier="outside_the_shift", **ON_PAPER), []),
)


@pytest.mark.parametrize(("happened", "expected"), CASES, ids=lambda value: type(value).__name__)
def test_what_a_fact_says_about_promises(happened: Fact, expected: list[tuple[str, str, str, str]]) -> None:
    found = promises_of(happened)
    assert [(one.party, one.kind, one.about, one.outcome) for one in found] == expected
    assert {one.party for one in found} <= set(tags_of(happened)), "a record is found by its party's tag alone"


def test_every_type_that_can_show_a_promise_is_among_the_cases() -> None:
    assert {type(happened) for happened, expected in CASES if expected} == PROMISING


def record(*facts: Fact) -> Integrity:
    """李师傅's record after these facts."""
    return given(*facts).state(Integrity, LI)


def test_what_was_closed_and_reopened_is_kept_no_more_and_kept_again_when_closed_again() -> None:
    assert [one.promise.outcome for one in record(closed()).entries.values()] == ["kept"]
    assert not record(closed(), reopened()).entries
    assert len(record(closed(), reopened(), closed()).entries) == 1


def test_who_is_late_to_contact_and_does_it_late_broke_one_promise() -> None:
    late = record(overdue("contact", claimant=LI), contacted(late=True))
    assert [one.promise.key for one in late.entries.values()] == ["contact:req_1"]


def test_what_was_promised_anew_stands_beside_what_was_broken_before() -> None:
    again = RequestClaimed(request_id="req_1", claim_id="claim_2", claimant=LI, claimed_by=LI, until_at=AT, day=TODAY)
    late = overdue("contact", claimant=LI)
    mine = record(again, late, again, contacted(late=False), again, late, contacted(late=True))
    assert [(one.promise.about, one.promise.outcome) for one in mine.entries.values()] == [
        ("req_1", "broken"), ("req_1.2", "kept"), ("req_1.3", "broken"),
    ]  # fmt: skip
    assert [key for key, one in mine.entries.items() if key != one.promise.key] == []


def test_an_overdue_measure_that_its_owner_takes_over_with_a_later_day_stays_broken() -> None:
    over = MeasureHandedOver(
        project_measure_id="meas_1", project_id="req_1", before=LVYUN, owner=LVYUN, due_day=TODAY, handed_by=WORKER,
        day=TODAY,
    )  # fmt: skip
    broken, kept = (
        MeasureOverdue(due_day=TODAY, **MEASURE),
        MeasureAccepted(in_time=True, accepted_by=WORKER, **MEASURE),
    )
    entries = given(broken, over, kept).state(Integrity, LVYUN).entries
    assert [(key, one.promise.outcome) for key, one in entries.items()] == [
        ("measure:meas_1", "broken"), ("measure:meas_1.2", "kept"),
    ]  # fmt: skip
    to_another = given(broken, replace(over, owner=SHOP), replace(kept, owner=SHOP))
    assert [one.promise.outcome for one in to_another.state(Integrity, LVYUN).entries.values()] == ["broken"]
    assert list(to_another.state(Integrity, SHOP).entries) == ["measure:meas_1"]


def test_the_record_of_another_is_not_mine() -> None:
    assert not given(deal_failed(SHOP)).state(Integrity, LVYUN).entries
    assert given(deal_failed(SHOP)).state(Integrity, SHOP).entries


@pytest.mark.parametrize(("years", "weight"), [(0, 1_000), (1, 500), (2, 250), (9, 1), (10, 0), (40, 0)])
def test_an_entry_halves_with_every_half_life(years: int, weight: int) -> None:
    entry = record(lapsed(day=TODAY - timedelta(days=365 * years))).entries["claim_lapsed:claim_1"]
    assert entry.weight(TODAY, 365, DEFAULT_ZONE) == weight


@for_any(age=st.integers(0, 5_000), later=st.integers(0, 500), half=st.integers(1, 1_000))
def test_an_entry_never_grows_heavier(age: int, later: int, half: int) -> None:
    entry = record(closed(day=TODAY - timedelta(days=age))).entries["claim_done:claim_1"]
    now = entry.weight(TODAY, half, DEFAULT_ZONE)
    assert 0 <= entry.weight(TODAY + timedelta(days=later), half, DEFAULT_ZONE) <= now <= WHOLE


def test_the_sums_are_those_of_the_list() -> None:
    mine = record(closed("claim_1"), closed("claim_2", day=TODAY - timedelta(days=400)), lapsed("claim_3"))
    assert mine.weighed(TODAY, 365, DEFAULT_ZONE) == (3, 1_500, 1_000)
    assert survives_snapshot(mine)


THREE = (closed("claim_1"), lapsed("claim_2"), lapsed("claim_3"))
BELOW_HALF = rule("integrity.claims_below", 50)


def test_by_default_no_record_keeps_anybody_from_claiming() -> None:
    check_keeps_word(Folded(*THREE), LI, TODAY, DEFAULT_ZONE)


def test_where_policy_asks_for_it_who_breaks_too_much_claims_no_more() -> None:
    with pytest.raises(Refused) as refusal:
        check_keeps_word(Folded(BELOW_HALF, *THREE), LI, TODAY, DEFAULT_ZONE)
    assert refusal.value.code == "integrity_too_low"
    assert refusal.value.details == {"party": LI, "entries": 3, "share": 33, "below": 50}


def test_few_entries_say_nothing_and_old_ones_fade() -> None:
    check_keeps_word(Folded(BELOW_HALF, *THREE[1:]), LI, TODAY, DEFAULT_ZONE)
    check_keeps_word(Folded(BELOW_HALF, *THREE), LI, TODAY + timedelta(days=3_651), DEFAULT_ZONE)
    check_keeps_word(Folded(rule("integrity.claims_below", 33), *THREE), LI, TODAY, DEFAULT_ZONE)
    only_kept = tuple(replace(closed(), claim_id=f"claim_{n}") for n in range(3))
    check_keeps_word(Folded(rule("integrity.claims_below", 100), *only_kept), LI, TODAY, DEFAULT_ZONE)
