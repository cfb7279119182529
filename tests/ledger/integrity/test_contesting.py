"""A broken promise in a record is contested by its party and decided by somebody else."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import DEFAULT_ZONE, at_time
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.integrity.commands import ContestRecord, StrikeRecord, UpholdRecord
from ledger.integrity.facts import RecordContested, RecordStruck, RecordUpheld
from ledger.integrity.state import Integrity
from ledger.parties.facts import MemberLeft, MemberRegistered, ProxyRegistered, RoleGranted, UnitRegistered
from ledger.requests.facts import ClaimLapsed, RequestClaimed, RequestClosed, RequesterContacted, RequestOverdue
from ledger.resources.facts import DealFailed
from ledger.shifts.facts import CheckOutAttested, ShiftNotAttended
from tests.ledger.given import TODAY, given

LI, SUN, WORKER, OTHER, LVYUN, SHOP = "mem_li", "mem_sun", "mem_worker", "mem_other", "unit_lvyun", "unit_shop"
ROLE = "community_worker"
LAPSED = ClaimLapsed(request_id="req_1", claim_id="claim_1", claimant=LI, until_at=at_time(TODAY, 9, 0))
BEGIN: tuple[Fact, ...] = (
    *(MemberRegistered(member_id=one, joined_on=date(2025, 9, 1)) for one in (LI, SUN, WORKER, OTHER)),
    UnitRegistered(unit_id=LVYUN, kind="property_service", name="绿云物业"),
    RoleGranted(holder=SUN, role="representative", scope=LVYUN, granted_by=WORKER),
    LAPSED,
)
CONTEST = ContestRecord(contest_id="cont_1", party=LI, promise="claim_lapsed", about="claim_1", reason="beyond_control")
UPHOLD, STRIKE = UpholdRecord(contest_id="cont_1", party=LI), StrikeRecord(contest_id="cont_1", party=LI)
RAISED = RecordContested(
    contest_id="cont_1", party=LI, promise="claim_lapsed", about="claim_1", reason="beyond_control", contested_by=LI,
    day=TODAY,
)  # fmt: skip
STRUCK = RecordStruck(
    contest_id="cont_1", party=LI, promise="claim_lapsed", about="claim_1", judged_by=WORKER, day=TODAY
)
KEY = "claim_lapsed:claim_1"


def weight_after(*facts: Fact) -> int:
    """What the broken promise weighs."""
    return given(*facts).state(Integrity, LI).weighed(TODAY, 365, DEFAULT_ZONE).broken


def test_a_contested_entry_does_not_count_until_somebody_decided() -> None:
    story = given(*BEGIN).when(CONTEST, actor=LI, sealed="c1")
    story.then(replace(RAISED, words="c1"))
    assert weight_after(*BEGIN) == 1_000
    assert weight_after(*BEGIN, RAISED) == 0
    assert story.state(Integrity, LI).entries[KEY].status == "contested"


def test_what_is_upheld_counts_again() -> None:
    story = given(*BEGIN, RAISED).when(UPHOLD, actor=WORKER, role=ROLE)
    upheld = RecordUpheld(
        contest_id="cont_1", party=LI, promise="claim_lapsed", about="claim_1", judged_by=WORKER, day=TODAY
    )
    story.then(upheld)
    assert weight_after(*BEGIN, RAISED, upheld) == 1_000


def test_what_is_struck_stays_in_the_list_and_counts_no_more() -> None:
    given(*BEGIN, RAISED).when(STRIKE, actor=WORKER, role=ROLE).then(STRUCK)
    assert weight_after(*BEGIN, RAISED, STRUCK) == 0
    assert given(*BEGIN, RAISED, STRUCK).state(Integrity, LI).entries[KEY].status == "struck"


def test_what_happens_anew_counts_anew_but_a_running_contest_goes_on() -> None:
    assert weight_after(*BEGIN, RAISED, STRUCK, LAPSED) == 1_000
    assert weight_after(*BEGIN, RAISED, LAPSED) == 0


def test_a_mark_on_an_entry_that_was_undone_meanwhile_changes_nothing() -> None:
    assert not given(RAISED).state(Integrity, LI).entries


@pytest.mark.parametrize("changed", [{"about": "claim_2"}, {"promise": "deal"}])
def test_only_what_is_in_the_record_is_contested(changed: dict[str, str]) -> None:
    given(*BEGIN).when(replace(CONTEST, **changed), actor=LI).refused("no_such_record", NotFound)


def test_what_was_kept_is_not_contested() -> None:
    kept = RequestClosed(
        request_id="req_2", kind="wish", claim_id="claim_1", claimant=LI, score=5, closed_by="mem_wang", day=TODAY
    )
    given(*BEGIN, kept).when(replace(CONTEST, promise="claim_done"), actor=LI).refused("promise_was_kept", Refused)


def test_an_entry_is_contested_once() -> None:
    again = replace(CONTEST, contest_id="cont_2")
    given(*BEGIN, RAISED).when(again, actor=LI).refused("already_contested", Conflict, status="contested")
    given(*BEGIN, RAISED, STRUCK).when(again, actor=LI).refused("already_contested", status="struck")
    given(*BEGIN, RAISED).when(CONTEST, actor=LI).refused("contest_exists", Conflict)
    given(*BEGIN).when(replace(CONTEST, contest_id="deal_1"), actor=LI).refused("bad_id")
    given(*BEGIN, MemberLeft(member_id=LI)).when(CONTEST, actor=LI).refused("member_left")


@pytest.mark.parametrize("judge", [UPHOLD, STRIKE])
def test_nobody_decides_about_themselves(judge: UpholdRecord) -> None:
    given(*BEGIN, RAISED).when(judge, actor=LI, role=ROLE).refused("self_verification", NotYours)
    by_proxy = (*BEGIN, ProxyRegistered(principal=LI, proxy=WORKER), RAISED)
    given(*by_proxy).when(judge, actor=WORKER, role=ROLE).refused("self_verification", NotYours)


def test_who_found_it_broken_does_not_decide_whether_it_was() -> None:
    failed = DealFailed(
        deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=SHOP, item="课桌", measure="pcs", short=4,
        broken_by=(LVYUN,), reason="cannot_deliver", ended_by=WORKER, day=TODAY,
    )  # fmt: skip
    raised = replace(RAISED, party=LVYUN, promise="deal", about="deal_1", contested_by=SUN)
    past, strike = given(*BEGIN, failed, raised), replace(STRIKE, party=LVYUN)
    past.when(STRIKE, actor=OTHER, role=ROLE).refused("no_such_contest", NotFound)
    past.when(strike, actor=WORKER, role=ROLE).refused("self_verification", NotYours, party=LVYUN)
    past.when(strike, actor=SUN, role=ROLE).refused("self_verification", NotYours)
    assert past.when(strike, actor=OTHER, role=ROLE).facts


@pytest.mark.parametrize("judge", [UPHOLD, STRIKE])
def test_what_was_kept_since_is_neither_struck_nor_upheld(judge: UpholdRecord) -> None:
    missed = ShiftNotAttended(signup_id="sign_1", shift_id="shift_1", member=LI, day=TODAY)
    there = CheckOutAttested(
        signup_id="sign_1", shift_id="shift_1", member=LI, session_id="ses_1", out_at=at_time(TODAY, 9, 0),
        attested_by=WORKER,
    )  # fmt: skip
    raised = replace(RAISED, promise="shift", about="sign_1")
    story = given(*BEGIN, missed, raised, there).when(judge, actor=OTHER, role=ROLE)
    story.refused("nothing_to_judge", Conflict, promise="shift", about="sign_1")
    struck = replace(STRUCK, promise="shift", about="sign_1")
    entry = given(*BEGIN, missed, raised, there, struck).state(Integrity, LI).entries["shift:sign_1"]
    assert (entry.promise.outcome, entry.status) == ("kept", "")


def contact_overdue() -> Fact:
    """李师傅 did not speak with the one who asked in time."""
    return RequestOverdue(
        request_id="req_1", kind="wish", stage="contact", until_day=TODAY, claimant=LI, day=TODAY
    )  # fmt: skip


CLAIMED_AGAIN = RequestClaimed(
    request_id="req_1", claim_id="claim_2", claimant=LI, claimed_by=LI, until_at=at_time(TODAY, 9, 0), day=TODAY
)
OF_CONTACT = replace(RAISED, promise="contact", about="req_1")


def test_a_second_breach_of_the_same_is_contested_by_itself() -> None:
    upheld = RecordUpheld(contest_id="cont_1", party=LI, promise="contact", about="req_1", judged_by=WORKER, day=TODAY)
    story = given(*BEGIN, contact_overdue(), OF_CONTACT, upheld, CLAIMED_AGAIN, contact_overdue())
    again = ContestRecord(contest_id="cont_2", party=LI, promise="contact", about="req_1.2", reason="misrecorded")
    story.when(again, actor=LI).then(replace(OF_CONTACT, contest_id="cont_2", about="req_1.2", reason="misrecorded"))
    story.when(replace(again, about="req_1"), actor=LI).refused("already_contested", Conflict, status="upheld")


def test_a_contest_of_the_first_breach_says_nothing_about_what_came_later() -> None:
    kept = RequesterContacted(request_id="req_1", claim_id="claim_2", claimant=LI, contacted_by=LI, day=TODAY)
    struck = replace(STRUCK, promise="contact", about="req_1")
    past = (*BEGIN, contact_overdue(), OF_CONTACT, CLAIMED_AGAIN, kept)
    given(*past).when(STRIKE, actor=WORKER, role=ROLE).then(struck)
    entries = given(*past, struck).state(Integrity, LI).entries
    found = [(entry.promise.key, entry.promise.outcome, entry.status) for entry in entries.values()]
    assert found[1:] == [("contact:req_1", "broken", "struck"), ("contact:req_1.2", "kept", "")]


def test_a_contest_is_decided_once() -> None:
    given(*BEGIN, RAISED, STRUCK).when(UPHOLD, actor=OTHER, role=ROLE).refused("contest_judged", Conflict)
    given(*BEGIN).when(UPHOLD, actor=OTHER, role=ROLE).refused("no_such_contest", NotFound)
