"""What a unit gave is counted in its own unit: pieces of each item, venue minutes, minutes of its people, projects."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import NotFound, NotYours, Refused
from ledger.partners.commands import RecordContribution
from ledger.partners.facts import PartnerContributed
from ledger.policy.facts import PolicySet
from ledger.units import MAX_FEN, MAX_MINUTES
from tests.ledger.given import TODAY, given
from tests.ledger.partners.cast import BEGIN, COURT, LI, LONG_AGO, LVYUN, TEAM, WORKER
from tests.ledger.sums import balances

MASKS = RecordContribution(contribution_id="con_1", unit=LVYUN, kind="goods", item="masks", quantity=200)
HALL = RecordContribution(contribution_id="con_2", unit=LVYUN, kind="venue", quantity=120)
HOURS = RecordContribution(contribution_id="con_3", unit=LVYUN, kind="hours", quantity=90)
PROJECT = RecordContribution(contribution_id="con_4", unit=LVYUN, kind="project", quantity=1)
LIMIT = 1_000_000


def given_by(unit: str, command: RecordContribution) -> tuple[Fact, ...]:
    """The facts of one accepted contribution."""
    story = given(*BEGIN).when(replace(command, unit=unit), actor=WORKER, role="community_worker").facts
    return tuple(story)


def test_a_contribution_says_who_gave_what_and_who_accepted_it() -> None:
    asked = replace(MASKS, value_fen=400_00, place=COURT, day=date(2026, 1, 5))
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker", sealed="c1").then(
        PartnerContributed(
            contribution_id="con_1", unit=LVYUN, kind="goods", item="masks", quantity=200, value_fen=400_00,
            place=COURT, day=date(2026, 1, 5), accepted_by=WORKER, words="c1",
        )
    )  # fmt: skip


def test_without_a_day_it_is_today() -> None:
    given(*BEGIN).when(PROJECT, actor=WORKER, role="community_worker").then(
        PartnerContributed(
            contribution_id="con_4", unit=LVYUN, kind="project", quantity=1, day=TODAY, accepted_by=WORKER
        )
    )


@pytest.mark.parametrize(
    ("asked", "account", "unit", "amount"),
    [
        (MASKS, "community:goods", "pcs.masks", 200),
        (HALL, "community:venue", "venue_minutes", 120),
        (HOURS, "community:hours", "minutes", 90),
        (PROJECT, "community:projects", "projects", 1),
    ],
)
def test_each_kind_is_counted_in_its_own_unit(asked: RecordContribution, account: str, unit: str, amount: int) -> None:
    assert balances(given_by(LVYUN, asked)) == {(account, unit): amount, (f"giver:{LVYUN}", unit): -amount}


@pytest.mark.parametrize("unit", ["unit_nobody", WORKER, TEAM])
def test_only_a_registered_unit_contributes(unit: str) -> None:
    asked = replace(MASKS, unit=unit)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("no_such_unit", NotFound)


def test_nobody_accepts_what_their_own_unit_gives() -> None:
    given(*BEGIN).when(MASKS, actor=LI, role="community_worker").refused("self_verification", NotYours)


def test_the_number_of_a_contribution_looks_like_one() -> None:
    asked = replace(MASKS, contribution_id="1")
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("bad_id", Refused)


def test_goods_are_pieces_of_something() -> None:
    given(*BEGIN).when(replace(MASKS, item=""), actor=WORKER, role="community_worker").refused("item_missing", Refused)


@pytest.mark.parametrize("asked", [MASKS, HALL, PROJECT])
@pytest.mark.parametrize("item", ["two words", "a:b", "a\nb", "a\u202eb", "口" * 41, "masks\n"])
def test_an_item_is_one_plain_word(asked: RecordContribution, item: str) -> None:
    given(*BEGIN).when(replace(asked, item=item), actor=WORKER, role="community_worker").refused("bad_item", Refused)


@pytest.mark.parametrize("item", ["口" * 40, "n95-mask_v1.2", "米"])
def test_an_item_may_be_a_word_of_any_script(item: str) -> None:
    assert given_by(LVYUN, replace(MASKS, item=item))


@pytest.mark.parametrize("asked", [MASKS, HALL, HOURS, PROJECT])
@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_is_no_contribution(asked: RecordContribution, quantity: int) -> None:
    none = replace(asked, quantity=quantity)
    given(*BEGIN).when(none, actor=WORKER, role="community_worker").refused("not_positive", Refused)


@pytest.mark.parametrize(
    ("asked", "most", "code"),
    [
        (MASKS, LIMIT, "absurd_quantity"),
        (PROJECT, LIMIT, "absurd_quantity"),
        (HALL, MAX_MINUTES, "absurd_amount"),
        (HOURS, MAX_MINUTES, "absurd_amount"),
    ],
)
def test_a_contribution_has_a_sane_size(asked: RecordContribution, most: int, code: str) -> None:
    assert given_by(LVYUN, replace(asked, quantity=most))
    more = replace(asked, quantity=most + 1)
    given(*BEGIN).when(more, actor=WORKER, role="community_worker").refused(code)


def test_policy_says_how_many_pieces_are_absurd() -> None:
    rule = PolicySet(name="partners.quantity_limit", value=199, from_day=LONG_AGO)
    given(*BEGIN, rule).when(MASKS, actor=WORKER, role="community_worker").refused("absurd_quantity", Refused)


@pytest.mark.parametrize(("value_fen", "code"), [(0, "not_positive"), (MAX_FEN + 1, "absurd_amount")])
def test_a_value_where_there_is_one_is_some_money(value_fen: int, code: str) -> None:
    asked = replace(MASKS, value_fen=value_fen)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused(code)


def test_a_value_is_never_added_to_a_fund() -> None:
    assert {unit for _account, unit in balances(given_by(LVYUN, replace(MASKS, value_fen=400_00)))} == {"pcs.masks"}


@pytest.mark.parametrize("day", [date(1989, 12, 31), TODAY + timedelta(days=1)])
def test_a_contribution_has_a_plausible_day(day: date) -> None:
    asked = replace(MASKS, day=day)
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("implausible_date", Refused)


def test_the_first_plausible_day_will_do() -> None:
    assert given_by(LVYUN, replace(MASKS, day=date(1990, 1, 1)))


def test_a_place_that_is_named_exists() -> None:
    asked = replace(MASKS, place="place_nowhere")
    given(*BEGIN).when(asked, actor=WORKER, role="community_worker").refused("no_such_place", NotFound)
