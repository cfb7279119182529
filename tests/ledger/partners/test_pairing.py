"""A unit is paired with places, and party members at work in it report in at the community too (M5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.commands import ErasePersonalData, LeaveCommunity
from ledger.parties.facts import MemberLeft, MemberRegistered, TeamFormed
from ledger.partners.commands import EndPairing, EndReport, PairUnit, ReportIn
from ledger.partners.facts import DualReported, DualReportEnded, PairingEnded, UnitPaired
from ledger.partners.pairing import Pairings
from ledger.partners.reporting import ReportOf
from ledger.places.facts import PlaceAdded
from tests.ledger.given import TODAY, Outcome, given
from tests.ledger.partners.cast import BAKERY, BEGIN, COURT, LI, LONG_AGO, LVYUN, STREET, TEAM, WANG, WORKER

BLOCK, SQUARE, BRANCH, ZHANG = "place_block", "place_square", "team_branch", "mem_zhang"
PLACES: tuple[Fact, ...] = (
    PlaceAdded(place_id=BLOCK, kind="community", name="建中社区", parent=STREET),
    PlaceAdded(place_id=SQUARE, kind="community", name="康桥社区", parent=STREET),
)
PARTY: tuple[Fact, ...] = (
    MemberRegistered(member_id=ZHANG, party_member=True, joined_on=LONG_AGO),
    TeamFormed(team_id=BRANCH, kind="party_organisation", name="第一支部", unit=LVYUN),
)
PAIR = PairUnit(pairing_id="pair_1", unit=LVYUN, place=BLOCK)
PAIRED = UnitPaired(pairing_id="pair_1", unit=LVYUN, place=BLOCK, paired_by=WORKER, day=TODAY)
REPORT = ReportIn(report_id="dual_1", member_id=ZHANG, unit=LVYUN, branch=BRANCH, place=BLOCK)
REPORTED = DualReported(
    report_id="dual_1", member_id=ZHANG, unit=LVYUN, branch=BRANCH, place=BLOCK, taken_by=ZHANG, day=TODAY
)


def ask(command: Any, *before: Fact, actor: str = WORKER, role: str = "community_worker") -> Outcome:
    """Somebody asks, after everybody joined."""
    return given(*BEGIN, *PLACES, *PARTY, *before).when(command, actor=actor, role=role)


# ---- pairing --------------------------------------------------------------------------------------------------------


def test_a_unit_is_paired_with_a_community() -> None:
    assert ask(PAIR).then(PAIRED).state(Pairings, LVYUN).open == {"pair_1": PAIRED}


def test_one_unit_with_many_places_and_one_place_with_many_units() -> None:
    assert ask(replace(PAIR, pairing_id="pair_2", place=SQUARE), PAIRED).facts
    assert ask(replace(PAIR, pairing_id="pair_2", unit=BAKERY), PAIRED).facts


def test_the_same_two_are_paired_once() -> None:
    again = replace(PAIR, pairing_id="pair_2")
    ask(again, PAIRED).refused("already_paired", Conflict, pairing="pair_1")
    assert ask(again, PAIRED, ended()).facts
    ask(replace(PAIR, place=SQUARE), PAIRED).refused("pairing_exists", Conflict)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"unit": TEAM}, "no_such_unit"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"pairing_id": LVYUN}, "bad_id"),
    ],
)
def test_both_sides_exist(changed: dict[str, Any], code: str) -> None:
    ask(replace(PAIR, **changed)).refused(code)


def test_nobody_agrees_for_both_sides() -> None:
    ask(PAIR, actor=LI).refused("self_verification", NotYours)


def ended(reason: str = "by_community") -> PairingEnded:
    """The pairing is over."""
    return PairingEnded(pairing_id="pair_1", unit=LVYUN, place=BLOCK, reason=reason, day=TODAY)


def test_a_pairing_ends_once_and_says_why() -> None:
    end = EndPairing(pairing_id="pair_1", unit=LVYUN, reason="by_community")
    ask(end, PAIRED).then(ended())
    ask(end, PAIRED, ended()).refused("no_such_pairing", NotFound)
    ask(replace(end, unit=BAKERY), PAIRED).refused("no_such_pairing", NotFound)
    ask(end, PAIRED, actor=LI, role="representative").refused("reason_not_yours_to_state", NotYours)
    ask(replace(end, reason="by_partner"), PAIRED, actor=LI, role="representative").then(ended("by_partner"))


# ---- dual report ---------------------------------------------------------------------------------------------------


def test_a_party_member_reports_in_for_unit_branch_and_community() -> None:
    outcome = ask(REPORT, actor=ZHANG, role="").then(REPORTED)
    assert outcome.state(ReportOf, ZHANG).held == REPORTED


def test_without_a_branch_too() -> None:
    ask(replace(REPORT, branch=None), actor=ZHANG, role="").then(replace(REPORTED, branch=None))


def test_only_party_members_report() -> None:
    ask(replace(REPORT, member_id=WANG)).refused("not_a_party_member", Refused)


def test_a_member_reports_at_one_community_at_a_time() -> None:
    again = replace(REPORT, report_id="dual_2", place=SQUARE)
    ask(again, REPORTED).refused("already_reported", Conflict, report="dual_1")
    assert ask(again, REPORTED, report_ended()).facts


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"member_id": "mem_nobody"}, "no_such_member"),
        ({"unit": "unit_nobody"}, "no_such_unit"),
        ({"branch": "team_nobody"}, "no_such_team"),
        ({"branch": ZHANG}, "no_such_team"),
        ({"branch": TEAM}, "branch_of_another_unit"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"place": COURT}, "not_a_community"),
        ({"report_id": LVYUN}, "bad_id"),
    ],
)
def test_what_is_stated_exists_and_belongs_together(changed: dict[str, Any], code: str) -> None:
    ask(replace(REPORT, **changed)).refused(code)


def test_an_id_is_used_once() -> None:
    others = replace(REPORTED, member_id=WANG)
    ask(REPORT, others).refused("report_exists", Conflict)


def report_ended(reason: str = "moved", day: date = TODAY) -> DualReportEnded:
    """The report is over."""
    return DualReportEnded(report_id="dual_1", member_id=ZHANG, unit=LVYUN, place=BLOCK, reason=reason, day=day)


def test_a_report_ends_also_of_somebody_who_left() -> None:
    end = EndReport(member_id=ZHANG, reason="moved")
    ask(end, REPORTED).then(report_ended())
    ask(end, REPORTED, MemberLeft(member_id=ZHANG)).then(report_ended())
    ask(end).refused("no_report", NotFound)
    ask(end, REPORTED, report_ended()).refused("no_report", NotFound)


def test_who_leaves_the_community_reports_no_more() -> None:
    leave = LeaveCommunity(member_id=ZHANG)
    ask(leave, REPORTED).then(MemberLeft(member_id=ZHANG), report_ended("left"))
    ask(leave, REPORTED, report_ended()).then(MemberLeft(member_id=ZHANG))
    forget = ErasePersonalData(subject=ZHANG)
    told = ask(forget, REPORTED, actor=ZHANG, role="").facts
    assert report_ended("left") in told
