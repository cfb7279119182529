"""Nothing that was declared or told once puts off, or keeps back, what has to be told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.disclosures.commands import DeclareEmergency, PublishDisclosure
from ledger.disclosures.due import emergency_began
from ledger.disclosures.facts import DisclosurePublished, EmergencyDeclared
from ledger.disclosures.state import Disclosing
from ledger.errors import Conflict, Refused
from ledger.funds.facts import FundClosed
from tests.ledger.funds.cast import FUND, LONG_AGO, OPEN, TREASURER, WORKER, received, returned
from tests.ledger.given import TODAY, given

YESTERDAY = TODAY - timedelta(days=1)
FIRST = TODAY - timedelta(days=8)
HURRY = DeclareEmergency(fund="nuanxing", until_day=TODAY + timedelta(days=10))
HURRIED = EmergencyDeclared(fund=FUND, until_day=TODAY + timedelta(days=10), declared_by=WORKER, day=FIRST)
PUBLISH = PublishDisclosure(disclosure_id="disc_9", fund="nuanxing")


def told(until_day: date, kind: str = "periodic") -> DisclosurePublished:
    """A disclosure of before the story."""
    fact = given(*OPEN).when(replace(PUBLISH, disclosure_id="disc_1", until_day=until_day), actor=TREASURER).fact
    assert isinstance(fact, DisclosurePublished)
    return replace(fact, kind=kind)


@pytest.mark.parametrize(
    ("until_day", "told_until", "began"),
    [
        (TODAY + timedelta(days=3), YESTERDAY, FIRST),
        (TODAY, None, FIRST),
        (YESTERDAY, None, FIRST),
        (YESTERDAY, FIRST, FIRST),
        (YESTERDAY, YESTERDAY, TODAY),
        (None, None, TODAY),
    ],
)
def test_declared_again_it_runs_since_its_first_day_until_its_days_were_told(
    until_day: date | None, told_until: date | None, began: date
) -> None:
    assert emergency_began(TODAY, None if until_day is None else FIRST, until_day, told_until) == began


def test_a_fund_knows_the_first_day_of_an_emergency_that_was_declared_again() -> None:
    again = replace(HURRIED, day=TODAY, until_day=TODAY + timedelta(days=20))
    state = given(*OPEN, HURRIED, again).state(Disclosing, FUND)
    assert [state.in_emergency(day) for day in (FIRST - timedelta(days=1), FIRST, TODAY, again.until_day)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert getattr(given(*OPEN, HURRIED, again).when(PUBLISH, actor=TREASURER).fact, "kind", "") == "emergency"


def test_an_emergency_ends_sooner_when_its_days_were_told() -> None:
    sooner = replace(HURRY, until_day=TODAY)
    given(*OPEN, HURRIED).when(sooner, actor=WORKER, role="administrator").refused("emergency_untold", Refused)
    assert given(*OPEN, HURRIED, told(YESTERDAY)).when(sooner, actor=WORKER, role="administrator").facts
    assert given(*OPEN, HURRIED).when(HURRY, actor=WORKER, role="administrator").facts


def test_money_that_moved_after_the_final_disclosure_is_told_too() -> None:
    ended = FundClosed(fund=FUND, reason="purpose_met", closed_by=WORKER, day=LONG_AGO)
    past = (*OPEN, ended, told(TODAY - timedelta(days=5), "final"))
    given(*past).when(PUBLISH, actor=TREASURER).refused("final_disclosed", Conflict)
    today = replace(returned(40_00), day=TODAY)
    given(*past, today).when(PUBLISH, actor=TREASURER).refused("final_disclosed", Conflict)
    back = replace(returned(40_00), day=YESTERDAY)
    fact = given(*past, back).when(PUBLISH, actor=TREASURER).fact
    assert isinstance(fact, DisclosurePublished)
    assert (fact.kind, fact.from_day, fact.returned_fen) == ("final", TODAY - timedelta(days=4), 40_00)


def test_the_first_disclosure_begins_with_the_first_money() -> None:
    sooner = LONG_AGO - timedelta(days=40)
    fact = given(*OPEN, replace(received(7_00), day=sooner)).when(PUBLISH, actor=TREASURER).fact
    assert isinstance(fact, DisclosurePublished)
    assert (fact.from_day, fact.received_fen) == (sooner, 7_00)
    later = given(*OPEN, replace(received(7_00), day=TODAY)).when(PUBLISH, actor=TREASURER).fact
    assert isinstance(later, DisclosurePublished)
    assert later.from_day == LONG_AGO
