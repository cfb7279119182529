"""Suggestions: the same for the same lists, explained, and never more than there is or than is wanted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.resources.suggesting import NOWHERE, Have, Need, Suggestion, distance, suggest

TODAY = date(2026, 5, 20)
PARENTS = {
    "place_street": None, "place_east": "place_street", "place_west": "place_street", "place_yard": "place_east",
    "place_no7": "place_yard", "place_far": "place_west",
}  # fmt: skip
NEED = Need("req_1", 1, "课桌", "", 60, "place_no7")
HAVE = Have("res_1", 2, "课桌", "pcs", "", 100, "place_yard")


def test_a_need_takes_what_it_wants_of_what_fits() -> None:
    assert suggest([NEED], [HAVE], PARENTS, TODAY) == [
        Suggestion("req_1", "res_1", 60, fits="item", steps=1, wait_days=0, whole=True)
    ]


def test_the_nearest_comes_first_then_the_soonest_then_the_whole_then_the_oldest() -> None:
    far = HAVE._replace(resource_id="res_far", place="place_far")
    nowhere = HAVE._replace(resource_id="res_nowhere", place=None)
    later = HAVE._replace(resource_id="res_later", from_day=TODAY + timedelta(days=9))
    little = HAVE._replace(resource_id="res_little", free=59)
    newer = HAVE._replace(resource_id="res_newer", number=3)
    order = [HAVE, newer, little, later, far, nowhere]
    for place, best in enumerate(order):
        assert suggest([NEED], order[place:], PARENTS, TODAY)[0].resource_id == best.resource_id
    assert [one.wait_days for one in suggest([NEED], [later], PARENTS, TODAY)] == [9]


def test_what_does_not_fit_is_not_suggested() -> None:
    for other in (
        HAVE._replace(item="课椅"), HAVE._replace(measure="sqm"), HAVE._replace(free=0),
        HAVE._replace(until_day=TODAY - timedelta(days=1)),
    ):  # fmt: skip
        assert not suggest([NEED], [other], PARENTS, TODAY)
    assert not suggest(
        [NEED._replace(by_day=TODAY)], [HAVE._replace(from_day=TODAY + timedelta(days=1))], PARENTS, TODAY
    )
    assert suggest([NEED._replace(by_day=TODAY)], [HAVE._replace(until_day=TODAY)], PARENTS, TODAY)


def test_what_asks_for_no_item_is_met_by_its_class() -> None:
    wish = NEED._replace(item=None, category="健康保健", quantity=1)
    barber = Have("res_2", 5, "理发", "turns", "健康保健", 20, "place_far")
    assert suggest([wish], [barber, HAVE], PARENTS, TODAY) == [
        Suggestion("req_1", "res_2", 1, fits="category", steps=5, wait_days=0, whole=True)
    ]
    assert not suggest([wish._replace(category="")], [HAVE], PARENTS, TODAY)


def test_who_asked_first_is_given_first() -> None:
    second = NEED._replace(request_id="req_2", number=9, quantity=50)
    assert [(one.request_id, one.quantity, one.whole) for one in suggest([second, NEED], [HAVE], PARENTS, TODAY)] == [
        ("req_1", 60, True), ("req_2", 40, False),
    ]  # fmt: skip


def test_distance_goes_through_the_nearest_common_place() -> None:
    assert distance("place_no7", "place_no7", PARENTS) == 0
    assert distance("place_no7", "place_east", PARENTS) == distance("place_east", "place_no7", PARENTS) == 2
    assert distance("place_no7", "place_far", PARENTS) == 5
    assert distance("place_no7", "place_other", PARENTS) == distance(None, "place_no7", PARENTS) == NOWHERE


PLACES = st.sampled_from([None, *PARENTS])
ITEMS, CATEGORIES = st.sampled_from(["课桌", "课椅"]), st.sampled_from(["", "健康保健", "文体赛事"])
DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
NEEDS = st.lists(
    st.builds(
        Need, st.integers(0, 9).map("req_{}".format), st.integers(1, 20), st.none() | ITEMS, CATEGORIES,
        st.integers(0, 30), PLACES, st.none() | DAYS,
    ),
    max_size=6, unique_by=lambda one: one.request_id,
)  # fmt: skip
HAVES = st.lists(
    st.builds(
        Have, st.integers(0, 9).map("res_{}".format), st.integers(1, 20), ITEMS, st.sampled_from(["pcs", "turns"]),
        CATEGORIES, st.integers(0, 30), PLACES, DAYS, st.none() | DAYS,
    ),
    max_size=6, unique_by=lambda one: one.resource_id,
)  # fmt: skip


@given(needs=NEEDS, haves=HAVES)
def test_it_never_promises_more_than_there_is_nor_gives_more_than_is_wanted(
    needs: list[Need], haves: list[Have]
) -> None:
    given_of: Counter[str] = Counter()
    given_to: Counter[str] = Counter()
    for one in suggest(needs, haves, PARENTS, TODAY):
        assert one.quantity > 0
        given_of[one.resource_id] += one.quantity
        given_to[one.request_id] += one.quantity
    assert all(given_of[one.resource_id] <= one.free for one in haves)
    assert all(given_to[one.request_id] <= one.quantity for one in needs)


@given(needs=NEEDS, haves=HAVES, dice=st.randoms())
def test_it_depends_on_the_lists_and_not_on_their_order(needs: list[Need], haves: list[Have], dice: object) -> None:
    first = suggest(needs, haves, PARENTS, TODAY)
    dice.shuffle(needs)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    dice.shuffle(haves)  # type: ignore[attr-defined]  # as above
    assert suggest(needs, haves, PARENTS, TODAY) == first


@given(needs=NEEDS, haves=HAVES)
def test_nothing_that_fits_is_left_while_a_need_still_wants(needs: list[Need], haves: list[Have]) -> None:
    found = suggest(needs, haves, PARENTS, TODAY)
    left = [
        one._replace(free=one.free - sum(s.quantity for s in found if s.resource_id == one.resource_id))
        for one in haves
    ]
    wanting = [
        one._replace(quantity=one.quantity - sum(s.quantity for s in found if s.request_id == one.request_id))
        for one in needs
    ]
    assert not suggest(wanting, left, PARENTS, TODAY)
