"""A unit signs as a red partner at a tier, for a response level and a term; nobody signs for both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners.commands import EndAgreement, SignAgreement
from ledger.partners.facts import AgreementEnded, AgreementSigned
from tests.ledger.given import TODAY, given
from tests.ledger.partners.cast import BAKERY, BEGIN, COURT, LI, LVYUN, STREET, TEAM, WORKER, ended, signed
from tests.ledger.sums import balances

SIGN = SignAgreement(
    agreement_id="agr_2", unit=LVYUN, tier="community", place=COURT, level="urgent", from_day=date(2026, 1, 1),
    until_day=date(2026, 12, 31),
)  # fmt: skip
END = EndAgreement(unit=LVYUN, agreement_id="agr_1", reason="by_partner")


def test_an_agreement_states_tier_place_level_and_term() -> None:
    story = given(*BEGIN).when(SIGN, actor=WORKER, role="community_worker")
    story.then(
        AgreementSigned(
            agreement_id="agr_2", unit=LVYUN, tier="community", place=COURT, level="urgent",
            from_day=date(2026, 1, 1), until_day=date(2026, 12, 31),
        )
    )  # fmt: skip
    assert balances(story.facts) == {}


@pytest.mark.parametrize("unit", ["unit_nobody", WORKER, TEAM])
def test_only_a_registered_unit_signs(unit: str) -> None:
    asked = replace(SIGN, unit=unit)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("no_such_unit", NotFound)


def test_nobody_signs_for_both_sides() -> None:
    given(*BEGIN).when(SIGN, actor=LI, role="community_worker").refused("self_verification", NotYours)


def test_who_represents_another_unit_may_sign() -> None:
    asked = replace(SIGN, unit=BAKERY)
    assert given(*BEGIN).when(asked, actor=LI, role="community_worker").facts


def test_a_place_that_is_named_exists() -> None:
    asked = replace(SIGN, place="place_nowhere")
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("no_such_place", NotFound)


def test_a_place_need_not_be_named() -> None:
    assert given(*BEGIN).when(replace(SIGN, place=None), actor=WORKER, role="community_worker").facts


@pytest.mark.parametrize(
    ("from_day", "until_day"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2036, 1, 2)),
        (date(2024, 2, 29), date(2034, 3, 1)),
        (date(2026, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_term_is_longer_than_a_day_and_at_most_ten_years(from_day: date, until_day: date) -> None:
    asked = replace(SIGN, from_day=from_day, until_day=until_day)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("bad_term", Refused)


@pytest.mark.parametrize(
    ("from_day", "until_day"),
    [
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 1, 1), date(2036, 1, 1)),
        (date(2024, 2, 29), date(2034, 2, 28)),
        (date(1990, 1, 1), date(1995, 1, 1)),
    ],
)
def test_the_shortest_and_the_longest_term_will_do(from_day: date, until_day: date) -> None:
    asked = replace(SIGN, from_day=from_day, until_day=until_day)
    assert given(*BEGIN).when(asked, actor=WORKER, role="community_worker").facts


TEN_YEARS_ON = TODAY.replace(year=TODAY.year + 10)


@pytest.mark.parametrize("from_day", [date(1989, 12, 31), date(1970, 1, 1), TEN_YEARS_ON + timedelta(days=1)])
def test_a_term_begins_on_a_plausible_day(from_day: date) -> None:
    asked = replace(SIGN, from_day=from_day, until_day=from_day + timedelta(days=365))
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("implausible_date", Refused)


def test_a_term_may_begin_in_ten_years() -> None:
    asked = replace(SIGN, from_day=TEN_YEARS_ON, until_day=TEN_YEARS_ON + timedelta(days=365))
    assert given(*BEGIN).when(asked, actor=WORKER, role="community_worker").facts


def test_an_agreement_does_not_wear_the_tag_of_something_else() -> None:
    asked = replace(SIGN, agreement_id=LVYUN)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("bad_id", Refused)


def test_an_agreement_is_numbered_once() -> None:
    other = signed(date(2020, 1, 1), date(2021, 1, 1), unit=BAKERY, agreement_id="agr_2")
    given(*BEGIN, other).when(SIGN, actor=WORKER, role="community_worker").refused("agreement_exists", Conflict)


@pytest.mark.parametrize(
    "other",
    [
        signed(date(2026, 1, 1), date(2026, 12, 31)),
        signed(date(2025, 1, 1), date(2026, 1, 1)),
        signed(date(2026, 12, 31), date(2027, 12, 31)),
        signed(date(2026, 3, 1), date(2026, 4, 1), level="emergency"),
        signed(date(2025, 3, 1), date(2027, 4, 1)),
    ],
)
def test_terms_at_one_tier_and_place_do_not_overlap(other: Fact) -> None:
    given(*BEGIN, other).when(SIGN, actor=WORKER, role="community_worker").refused("agreement_overlaps", Refused)


@pytest.mark.parametrize(
    "other",
    [
        signed(date(2025, 1, 1), date(2025, 12, 31)),
        signed(date(2027, 1, 1), date(2027, 12, 31)),
        signed(tier="street"),
        signed(place=STREET),
        signed(place=None),
        signed(unit=BAKERY),
    ],
)
def test_a_unit_signs_again_for_another_term_tier_or_place(other: Fact) -> None:
    assert given(*BEGIN, other).when(SIGN, actor=WORKER, role="community_worker").facts


def test_a_unit_signs_anew_after_an_agreement_was_ended() -> None:
    assert given(*BEGIN, signed(), ended()).when(SIGN, actor=WORKER, role="community_worker").facts


@pytest.mark.parametrize("role", ["community_worker", "administrator"])
def test_an_agreement_ends_with_a_reason(role: str) -> None:
    asked = replace(END, reason="unit_closed")
    given(*BEGIN, signed()).when(asked, actor=WORKER, role=role).then(
        AgreementEnded(agreement_id="agr_1", unit=LVYUN, reason="unit_closed", day=TODAY)
    )


def test_a_unit_ends_its_own_agreement() -> None:
    assert given(*BEGIN, signed()).when(END, actor=LI, role="representative", behalf=LVYUN).facts


@pytest.mark.parametrize("reason", ["by_community", "unit_closed"])
def test_a_unit_does_not_speak_for_the_community(reason: str) -> None:
    asked = replace(END, reason=reason)
    story = given(*BEGIN, signed()).when(asked, actor=LI, role="representative", behalf=LVYUN)
    story.refused("reason_not_yours_to_state", NotYours)


def test_an_agreement_is_ended_on_its_last_day_at_the_latest() -> None:
    last = signed(date(2026, 1, 1), TODAY)
    assert given(*BEGIN, last).when(END, actor=WORKER, role="community_worker").facts
    over = signed(date(2026, 1, 1), TODAY - timedelta(days=1))
    given(*BEGIN, over).when(END, actor=WORKER, role="community_worker").refused("agreement_ended", Conflict)


def test_an_agreement_ends_once() -> None:
    story = given(*BEGIN, signed(), ended())
    story.when(END, actor=WORKER, role="community_worker").refused("agreement_ended", Conflict)


@pytest.mark.parametrize("before", [(), (signed(unit=BAKERY),)])
def test_a_unit_ends_only_an_agreement_it_has(before: tuple[Fact, ...]) -> None:
    given(*BEGIN, *before).when(END, actor=WORKER, role="community_worker").refused("no_such_agreement", NotFound)
