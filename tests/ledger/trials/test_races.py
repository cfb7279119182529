"""Many press at once on the real store: a seat is scored once, a level decided once, a place has one pilot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.appraisals.commands import AppointPanel, Criterion, Mark, OpenAppraisal, ScoreAppraisal, Seat
from ledger.base import Command
from ledger.clock import at_time
from ledger.parties.commands import GrantRole, RegisterMember, RegisterUnit
from ledger.places.commands import AddPlace
from ledger.trials.commands import AdoptStandard, ApplyForApproval, ApproveLevel, Level, OpenTrial
from tests.house.stores import LEDGER, all_at_once, open_ledger, store_at

TODAY = date(2026, 5, 20)
UNIT, OTHER, SUBJECT = "unit_judge", "unit_other", "unit_subject"
SPEAKERS = tuple(f"mem_speaker{n}" for n in range(6))
YARD, STANDARD, PANEL, APPRAISAL, APPROVAL = "place_yard", "std_short", "panel_one", "apr_one", "apv_one"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A unit for which six people speak, on a panel and on a level, and a courtyard without a pilot."""
    with store_at(store_url, tmp_path, clock=lambda: at_time(TODAY, 10, 0)) as found:
        open_ledger(found)
        before: list[Command] = [
            RegisterUnit(unit_id=one, kind="enterprise", name=one) for one in (UNIT, OTHER, SUBJECT)
        ]
        before += [RegisterMember(member_id=one) for one in SPEAKERS]
        before += [GrantRole(holder=one, role="representative", scope=UNIT) for one in SPEAKERS]
        before += [
            AddPlace(place_id=YARD, kind="courtyard", name="Yard"),
            AdoptStandard(standard_id=STANDARD, kind="safety_net", name="Ten"),
            AppointPanel(
                panel_id=PANEL,
                name="Panel",
                rhythm="once",
                seats=(Seat(party=UNIT), Seat(party=OTHER)),
                criteria=(Criterion(code="order", name="Order", most=10),),
            ),
            OpenAppraisal(appraisal_id=APPRAISAL, panel_id=PANEL, subject=SUBJECT, period="2026", until_day=TODAY),
            ApplyForApproval(
                approval_id=APPROVAL,
                subject=YARD,
                applicant=SUBJECT,
                matter="Acceptance",
                levels=(Level(name="One", approver=UNIT), Level(name="Two", approver=OTHER)),
            ),
        ]
        for command in before:
            found.application.execute(LEDGER, command, actor=Actor(OPERATOR))
        yield found


def test_a_seat_is_scored_once_however_many_speak_for_it(store: Store) -> None:
    sheets: list[tuple[Command, str]] = [
        (ScoreAppraisal(appraisal_id=APPRAISAL, panelist=UNIT, marks=(Mark(code="order", points=n),)), one)
        for n, one in enumerate(SPEAKERS)
    ]
    assert all_at_once(store, sheets) == ["", *["already_scored"] * 5]


def test_a_level_is_decided_once_however_many_speak_for_it(store: Store) -> None:
    said: list[tuple[Command, str]] = [(ApproveLevel(approval_id=APPROVAL, level=1), one) for one in SPEAKERS]
    assert all_at_once(store, said) == ["", *["level_out_of_order"] * 5]


def test_one_pilot_begins_in_a_place_however_many_are_entered(store: Store) -> None:
    begun: list[tuple[Command, str]] = [
        (OpenTrial(standard_id=STANDARD, place=YARD, begins_on=TODAY), OPERATOR) for _ in range(6)
    ]
    assert all_at_once(store, begun) == ["", *["trial_running"] * 5]
