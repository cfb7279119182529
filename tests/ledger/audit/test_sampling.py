"""Samples: the same for everybody, from few large and many small items as an auditor would choose."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.audit.sampling import (
    FAMILIES,
    LEAST_OF_A_STRATUM,
    Plan,
    Sample,
    Sized,
    allot,
    deal,
    digest_of,
    draw,
    root_in,
    seed_of,
    size_of,
)
from ledger.errors import Refused
from ledger.funds.facts import DonationReceived
from ledger.hours.facts import SessionVerified
from ledger.parties.facts import MemberLeft
from tests.house.means import ROOT
from tests.ledger.audit.seen import CHEN, DAY, LI, NUANXING, WANG

SEED = "00" * 32
LEDGER = "xianghe"
UNITS = ("fen", "minutes", "pcs.rice", "pcs.oil", "venue_minutes", "projects")


def story() -> list[Sized]:
    """Some 400 items of all families, the same in every run."""
    items: list[Sized] = []
    for position in range(1, 401):
        kind = position % 8
        if kind < 3:
            items.append(Sized(position, "fen", 100 * (position * 37 % 4_000 + 1)))
        elif kind < 6:
            items.append(Sized(position, "minutes", 15 * (position * 11 % 24 + 1)))
        elif kind == 6:
            items.append(Sized(position, "pcs.rice", position * 7 % 300 + 1))
    return [*items, Sized(401, "fen", 90_000_000), Sized(402, "fen", 80_000_000)]


def plan(size: int = 24, **changes: object) -> Plan:
    """A plan over everything, unless told otherwise."""
    given: dict[str, object] = {"seed": SEED, "size": size, "upto": 1_000, **changes}
    return Plan(**given)  # type: ignore[arg-type]  # what a test changes is its own affair


def positions(sample: Sample) -> list[int]:
    """The positions drawn, in the sample's order."""
    return [one.position for one in sample.chosen]


def test_a_fixed_seed_over_a_fixed_story_draws_these_positions_for_ever() -> None:
    sample = draw(story(), LEDGER, plan())
    assert positions(sample) == GOLDEN
    assert [(one.family, one.whole, one.low, one.below, one.count, one.taken) for one in sample.strata] == STRATA


GOLDEN = [
    401,
    402,
    184,
    249,
    17,
    232,
    1,
    217,
    19,
    301,
    84,
    339,
    164,
    260,
    131,
    251,
    78,
    158,
    198,
    246,
    334,
    54,
    270,
    86,
]
STRATA = [
    ("fen", True, 80000000, None, 2, 2),
    ("fen", False, 100000, 1000000, 110, 2),
    ("fen", False, 10000, 100000, 36, 2),
    ("fen", False, 1000, 10000, 4, 2),
    ("minutes", False, 240, 480, 66, 2),
    ("minutes", False, 120, 240, 51, 2),
    ("minutes", False, 60, 120, 16, 2),
    ("minutes", False, 30, 60, 17, 2),
    ("goods", False, 100, 1000, 32, 5),
    ("goods", False, 10, 100, 17, 2),
    ("goods", False, 1, 10, 1, 1),
]
"""Family, whole, from, below, how many, how many drawn."""


def test_the_golden_sample_does_not_depend_on_hash_seeds() -> None:
    code = "from tests.ledger.audit.test_sampling import *; print(positions(draw(story(), LEDGER, plan())) == GOLDEN)"
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_digest_is_what_sha256sum_says_of_four_lines() -> None:
    written = f"nuanlin/sample/1\n{SEED}\n{LEDGER}\n1234"
    done = subprocess.run(["sha256sum"], input=written, capture_output=True, text=True)
    assert done.stdout.split()[0] == digest_of(SEED, LEDGER, 1234).hex()


def test_within_a_stratum_those_with_the_smallest_digests_are_drawn() -> None:
    items = [one for one in story() if one.unit == "minutes"]
    sample = draw(items, LEDGER, plan(unit="minutes"))
    for number, stratum in enumerate(sample.strata):
        inside = [
            hashlib.sha256(f"nuanlin/sample/1\n{SEED}\n{LEDGER}\n{one.position}".encode()).hexdigest()
            for one in items
            if stratum.low <= one.amount < (stratum.below or 10**15)
        ]
        drawn = sorted(one.digest for one in sample.chosen if one.stratum == number)
        assert drawn == sorted(inside)[: stratum.taken]
        assert stratum.count == len(inside)


def test_what_is_at_least_the_sampling_interval_is_taken_whole() -> None:
    sample = draw([one for one in story() if one.unit == "fen"], LEDGER, plan(unit="fen"))
    top = sample.strata[0]
    assert (top.whole, top.low, top.count, top.taken) == (True, 80_000_000, 2, 2)
    assert {401, 402} <= set(positions(sample))
    assert not any(stratum.whole for stratum in sample.strata[1:])


def test_a_threshold_of_ones_own_and_one_that_the_sample_cannot_hold() -> None:
    items = [Sized(position, "fen", position * 100) for position in range(1, 101)]
    sample = draw(items, LEDGER, plan(20, unit="fen", whole_from=9_001))
    assert (sample.strata[0].low, sample.strata[0].count, len(sample.chosen)) == (9_100, 10, 20)
    assert set(range(91, 101)) <= set(positions(sample))
    with pytest.raises(Refused, match="sample_too_small"):
        draw(items, LEDGER, plan(9, unit="fen", whole_from=9_001))
    with pytest.raises(Refused, match="whole_without_unit"):
        draw(items, LEDGER, plan(20, whole_from=9_001))
    with pytest.raises(Refused, match="whole_without_unit"):
        draw(items, LEDGER, plan(20, unit="goods", whole_from=9_001))


def test_goods_have_no_common_value_but_pieces_of_one_item_have() -> None:
    items = [Sized(1, "pcs.rice", 1_000_000), *(Sized(position, "pcs.rice", 5) for position in range(2, 40))]
    together = draw(items, LEDGER, plan(10, unit="goods"))
    alone = draw(items, LEDGER, plan(10, unit="pcs.rice"))
    assert [(one.whole, one.value, one.taken_value) for one in together.strata] == [(False, None, None)] * 2
    assert (alone.strata[0].whole, alone.strata[0].value) == (True, 1_000_000)


def test_without_a_unit_the_sample_is_dealt_among_money_time_and_goods() -> None:
    sample = draw(story(), LEDGER, plan(25))
    shares = [sum(one.taken for one in sample.strata if one.family == family) for family in FAMILIES]
    assert shares == [9, 8, 8]
    assert deal(10, [2, 100, 3]) == [2, 5, 3]
    assert deal(10, [2, 3, 4]) == [2, 3, 4]
    assert deal(2, [5, 5, 5]) == [1, 1, 0]


@pytest.mark.parametrize("size", [0, -1, 10_001])
def test_a_sample_of_nothing_or_of_nearly_everything_is_refused(size: int) -> None:
    with pytest.raises(Refused, match="bad_sample_size"):
        draw(story(), LEDGER, plan(size))


def test_another_seed_ledger_or_dice_draw_others() -> None:
    mine = positions(draw(story(), LEDGER, plan()))
    assert positions(draw(story(), LEDGER, plan(seed="11" * 32))) != mine
    assert positions(draw(story(), "fangxing", plan())) != mine
    assert positions(draw(story(), LEDGER, plan(seed=seed_of(SEED, "4 6 1 3")))) != mine


def test_a_root_may_be_written_in_hexadecimal_or_base64() -> None:
    assert seed_of("AA" * 32) == seed_of(" " + "aa" * 32 + "\n") == "aa" * 32
    assert seed_of("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=") == "aa" * 32
    assert seed_of("lottery of 1 May") == "lottery of 1 May"
    assert seed_of("aa" * 32, " 4 6 ") == "aa" * 32 + "+4 6"
    assert root_in("qqo=") is None
    for nothing in ("", "  ", "a\nb", "a\u202eb"):
        with pytest.raises(Refused, match="bad_seed"):
            seed_of(nothing)


def test_the_amount_of_an_event_is_the_largest_it_posts() -> None:
    received = DonationReceived(
        receipt_id="rcpt_1", fund=NUANXING, donor=LI, item="meals", amount_fen=900, method="cash", handler=CHEN, day=DAY,
        pledge_id="pledge_1", pledge_met_fen=500,
    )  # fmt: skip
    verified = SessionVerified(
        session_id="ses_1", volunteer=WANG, day=DAY, minutes=90, credited=30, overflow=60, overflow_to="pool",
        origin="attested", verifier=CHEN,
    )  # fmt: skip
    assert size_of(received) == ("fen", 900)
    assert size_of(verified) == ("minutes", 90)
    assert size_of(MemberLeft(member_id=WANG)) is None


# ---- laws -----------------------------------------------------------------------------------------------------------

populations = st.lists(
    st.tuples(st.sampled_from(UNITS), st.integers(1, 10**13) | st.integers(1, 500)), max_size=80
).map(lambda rows: [Sized(position, unit, amount) for position, (unit, amount) in enumerate(rows, start=1)])


@given(populations, st.integers(1, 60), st.sampled_from([None, "fen", "minutes", "goods"]))
def test_laws_of_every_sample(items: list[Sized], size: int, unit: str | None) -> None:
    inside = [
        one for one in items if unit in (None, one.unit) or (unit == "goods" and one.unit not in ("fen", "minutes"))
    ]
    sample = draw(inside, LEDGER, plan(size, unit=unit))
    drawn = positions(sample)
    # As many as asked for, or all there are; none twice, none from elsewhere.
    assert len(drawn) == min(size, len(inside))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= {one.position for one in inside}
    # The strata hold each item once, and a whole one is whole.
    assert sum(one.count for one in sample.strata) == len(inside)
    assert sum(one.taken for one in sample.strata) == len(drawn)
    for number, stratum in enumerate(sample.strata):
        own = [one for one in sample.chosen if one.stratum == number]
        assert len(own) == stratum.taken <= stratum.count
        assert all(stratum.low <= one.amount < (stratum.below or 10**15) for one in own)
        if stratum.whole:
            assert stratum.taken == stratum.count
            least = min(one.amount for one in own)
            missed = [one for one in inside if one.unit == stratum.family and one.amount >= least]
            assert {one.position for one in missed} == {one.position for one in own}
        if stratum.value is not None and stratum.taken_value is not None:
            assert stratum.taken_value == sum(one.amount for one in own) <= stratum.value


@given(populations, st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_sample_does_not_depend_on_the_order_of_reading(items: list[Sized], size: int, dice: object) -> None:
    shuffled = list(items)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own random numbers
    assert draw(shuffled, LEDGER, plan(size)) == draw(items, LEDGER, plan(size))


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**9)), min_size=1, max_size=12), st.integers(0, 300))
def test_laws_of_allotting(strata: list[tuple[int, int]], size: int) -> None:
    sizes, weights = [one for one, _ in strata], [weight for _, weight in strata]
    drawn = allot(size, sizes, weights)
    assert sum(drawn) == min(size, sum(sizes))
    assert all(0 <= one <= most for one, most in zip(drawn, sizes, strict=True))
    if size >= LEAST_OF_A_STRATUM * len(strata):
        assert all(one >= min(LEAST_OF_A_STRATUM, most) for one, most in zip(drawn, sizes, strict=True))


def test_twice_the_value_is_drawn_about_twice_as_often() -> None:
    assert allot(30, [1_000, 1_000], [200, 100]) == [20, 10]
    assert allot(3, [10, 10, 10, 10, 10], [1, 5, 9, 7, 3]) == [0, 1, 1, 1, 0]
    assert allot(12, [3, 100], [1_000_000, 1]) == [3, 9]
