"""What a fund tells the public is what the journal says: every quarter, at the end, and every few days in an emergency."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.base import Fact
from ledger.clock import months_after
from ledger.disclosures.commands import CorrectDisclosure, DeclareEmergency, PublishDisclosure
from ledger.disclosures.due import Told, due_day
from ledger.disclosures.facts import DisclosurePublished, EmergencyDeclared
from ledger.disclosures.state import Disclosing, figures, left, plus
from ledger.errors import Conflict, NotFound, Refused
from ledger.funds.commands import MANAGEMENT_FEE
from ledger.funds.facts import FundClosed, RestrictionChanged
from ledger.policy.state import Policy
from tests.ledger.funds.cast import (
    DONOR,
    FUND,
    LONG_AGO,
    OPEN,
    TREASURER,
    WORKER,
    approved,
    paid,
    proposed,
    received,
    refunded,
    returned,
)
from tests.ledger.given import TODAY, given, survives_snapshot

YESTERDAY = TODAY - timedelta(days=1)
END = date(2025, 12, 31)
PUBLISH = PublishDisclosure(disclosure_id="disc_1", fund="nuanxing", until_day=END)
PAST: tuple[Fact, ...] = (
    *OPEN,
    received(500_00),
    received(200_00, item="clinic", receipt_id="rcpt_2"),
    refunded(50_00),
    proposed(),
    approved(),
    paid(),
    returned(20_00),
    RestrictionChanged(
        change_id="change_1", receipt_id="rcpt_2", fund=FUND, donor=DONOR, item="clinic", to_item="meals",
        amount_fen=10_00, agreed_by=DONOR, day=LONG_AGO,
    ),
)  # fmt: skip
FIRST = DisclosurePublished(
    disclosure_id="disc_1", fund=FUND, kind="periodic", from_day=LONG_AGO, until_day=END, opening_fen=0,
    received_fen=700_00, refunded_fen=50_00, spent_fen=300_00, returned_fen=20_00, fee_fen=0, closing_fen=370_00,
    donations=2, payments=1,
    items=(
        ("clinic", 0, 200_00, 0, -10_00, 0, 0, 190_00),
        ("meals", 0, 500_00, 50_00, 10_00, 300_00, 20_00, 180_00),
    ),
    published_by=TREASURER, day=TODAY,
)  # fmt: skip
LATE = replace(received(33_00, receipt_id="rcpt_late"), day=END)
CORRECT = CorrectDisclosure(disclosure_id="disc_1", reason="late_entry")


def test_a_disclosure_tells_the_figures_of_its_days_and_of_every_item() -> None:
    given(*PAST).when(PUBLISH, actor=TREASURER, role="treasurer").then(FIRST)


def test_without_a_day_it_reaches_to_yesterday() -> None:
    story = given(*PAST).when(replace(PUBLISH, until_day=None), actor=TREASURER, role="treasurer")
    story.then(replace(FIRST, until_day=YESTERDAY))


def test_the_next_one_goes_on_where_the_last_one_ended() -> None:
    fresh = replace(received(80_00, receipt_id="rcpt_3"), day=END + timedelta(days=1))
    today = replace(received(9_00, receipt_id="rcpt_4"), day=TODAY)
    asked = replace(PUBLISH, disclosure_id="disc_2", until_day=None)
    told = given(*PAST, FIRST, fresh, today).when(asked, actor=TREASURER, role="treasurer").fact
    assert isinstance(told, DisclosurePublished)
    assert (told.from_day, told.opening_fen, told.received_fen) == (END + timedelta(days=1), 370_00, 80_00)
    assert told.closing_fen == 450_00


@pytest.mark.parametrize(
    ("past", "until_day", "code", "kind"),
    [
        ((), TODAY, "period_not_over", Refused),
        ((), LONG_AGO - timedelta(days=1), "nothing_to_disclose", Refused),
        ((FIRST,), END, "disclosure_exists", Conflict),
        ((replace(FIRST, disclosure_id="disc_0"),), END, "nothing_to_disclose", Refused),
        ((replace(FIRST, disclosure_id="disc_0", kind="final"),), YESTERDAY, "final_disclosed", Conflict),
    ],
)
def test_a_disclosure_that_cannot_be_right_is_refused(
    past: tuple[Fact, ...], until_day: date, code: str, kind: type
) -> None:
    story = given(*PAST, *past).when(replace(PUBLISH, until_day=until_day), actor=TREASURER, role="treasurer")
    story.refused(code, kind)


def test_only_a_fund_discloses() -> None:
    given(*PAST).when(replace(PUBLISH, fund="lezhi"), actor=TREASURER).refused("no_such_fund", NotFound)


def test_management_is_shown_within_what_was_spent() -> None:
    fee = replace(paid(30_00, grant_id="grant_fee"), category=MANAGEMENT_FEE)
    told = given(*PAST, fee).when(PUBLISH, actor=TREASURER, role="treasurer").fact
    assert isinstance(told, DisclosurePublished)
    assert (told.spent_fen, told.fee_fen, told.payments) == (330_00, 30_00, 2)


# ---- corrections ------------------------------------------------------------------------------------------------------


def test_what_was_entered_later_for_its_days_is_told_with_a_reason() -> None:
    story = given(*PAST, FIRST, LATE).when(CORRECT, actor=TREASURER, role="treasurer")
    corrected = story.fact
    assert getattr(corrected, "received_fen", 0) == 733_00
    assert getattr(corrected, "closing_fen", 0) == 403_00
    assert getattr(corrected, "reason", "") == "late_entry"
    given(*PAST, FIRST, LATE, corrected).when(CORRECT, actor=TREASURER).refused("figures_unchanged", Refused)


def test_a_later_disclosure_is_wrong_as_well_where_its_opening_moved() -> None:
    second = given(*PAST, FIRST).when(replace(PUBLISH, disclosure_id="disc_2", until_day=None), actor=TREASURER).fact
    story = given(*PAST, FIRST, second, LATE)
    told = story.when(replace(CORRECT, disclosure_id="disc_2"), actor=TREASURER).fact
    assert (getattr(told, "opening_fen", 0), getattr(told, "received_fen", 1)) == (403_00, 0)


def test_figures_that_are_still_right_are_not_corrected() -> None:
    given(*PAST, FIRST).when(CORRECT, actor=TREASURER, role="treasurer").refused("figures_unchanged", Refused)


def test_there_must_be_a_disclosure_to_correct() -> None:
    given(*PAST).when(CORRECT, actor=TREASURER, role="treasurer").refused("no_such_disclosure", NotFound)


# ---- emergencies, and the end -----------------------------------------------------------------------------------------

HURRY = DeclareEmergency(fund="nuanxing", until_day=TODAY + timedelta(days=10))
HURRIED = EmergencyDeclared(
    fund=FUND, until_day=TODAY + timedelta(days=10), declared_by=WORKER, day=TODAY - timedelta(days=3)
)  # fmt: skip
ENDED = FundClosed(fund=FUND, reason="purpose_met", closed_by=WORKER, day=YESTERDAY)


def test_an_emergency_is_declared_until_a_day() -> None:
    given(*OPEN).when(HURRY, actor=WORKER, role="administrator").then(replace(HURRIED, day=TODAY))


def test_an_emergency_does_not_end_in_the_past() -> None:
    asked = replace(HURRY, until_day=YESTERDAY)
    given(*OPEN).when(asked, actor=WORKER, role="administrator").refused("emergency_over", Refused)


def test_a_closed_fund_has_no_emergency() -> None:
    given(*OPEN, ENDED).when(HURRY, actor=WORKER, role="administrator").refused("fund_closed", Refused)


@pytest.mark.parametrize(
    ("past", "kind"), [((), "periodic"), ((HURRIED,), "emergency"), ((ENDED,), "final"), ((HURRIED, ENDED), "final")]
)
def test_a_disclosure_says_of_what_kind_it_is(past: tuple[Fact, ...], kind: str) -> None:
    asked = replace(PUBLISH, until_day=None)
    assert getattr(given(*OPEN, *past).when(asked, actor=TREASURER, role="treasurer").fact, "kind", "") == kind


RULES = Policy(tag="policy")
_OPENED = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (Told(opened_on=_OPENED), date(2026, 4, 30)),
        (Told(opened_on=_OPENED, until_day=date(2026, 3, 31)), date(2026, 6, 30)),
        (Told(opened_on=_OPENED, closed_on=date(2026, 5, 1)), date(2026, 8, 1)),
        (Told(opened_on=_OPENED, closed_on=date(2026, 5, 1), final=True), None),
        (
            Told(
                opened_on=_OPENED, until_day=date(2026, 3, 31), emergency_from=date(2026, 5, 18),
                emergency_until=date(2026, 5, 30),
            ),
            date(2026, 5, 23),
        ),
        (
            Told(
                opened_on=_OPENED, until_day=date(2026, 5, 19), emergency_from=date(2026, 5, 18),
                emergency_until=date(2026, 5, 30),
            ),
            date(2026, 5, 24),
        ),
        (
            Told(
                opened_on=_OPENED, until_day=date(2026, 3, 31), emergency_from=date(2026, 5, 1),
                emergency_until=date(2026, 5, 19),
            ),
            date(2026, 6, 30),
        ),
    ],
)  # fmt: skip
def test_more_is_due_every_three_months_at_the_end_and_every_five_days_in_an_emergency(
    told: Told, due: date | None
) -> None:
    assert due_day(told, RULES, TODAY) == due


def test_a_month_later_is_never_in_the_month_after_that() -> None:
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)


# ---- laws -------------------------------------------------------------------------------------------------------------


def test_what_a_fund_told_survives_a_snapshot() -> None:
    second = given(*PAST, FIRST).when(replace(PUBLISH, disclosure_id="disc_2", until_day=None), actor=TREASURER).fact
    assert survives_snapshot(given(*PAST, FIRST, LATE, second, HURRIED, ENDED).state(Disclosing, FUND))


FLOWS = st.lists(st.tuples(st.sampled_from(["meals", "clinic"]), *[st.integers(0, 10**9)] * 2), max_size=8)


@for_all(FLOWS, FLOWS)
def test_opening_and_flows_always_come_to_the_closing(
    before: list[tuple[str, int, int]], during: list[tuple[str, int, int]]
) -> None:
    sums = []
    for flows in (before, during):
        known: dict[str, tuple[int, int, int, int, int, int, int, int]] = {}
        for item, came, went in flows:
            known = plus(known, item, (came, 0, 0, went, 0, 0, 1, 1))
        sums.append(known)
    told = figures(*sums)
    assert told.closing_fen == sum(left(flow) for known in sums for flow in known.values())
    assert told.closing_fen == sum(item[-1] for item in told.items)
    assert told.opening_fen == sum(item[1] for item in told.items)
