"""How facts are cut into batches, and what was in memory meanwhile, must not show in any row."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.boards import Boards
from projections.books import Books
from tests.projections.shelf import Shelf
from tests.projections.teller import STEPS, long_story, recorded, story_of

CHOICES = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 7), st.integers(0, 7), st.integers(1, 499)),
    min_size=5,
    max_size=80,
)
CUTS = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(("continuous", "forgotten", "elsewhere"))), min_size=1)
_used = itertools.count()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=CHOICES, cuts=CUTS)
def test_any_cut_into_batches_gives_the_same_rows(
    shelf: Shelf, choices: list[tuple[int, int, int, int]], cuts: list[tuple[int, str]]
) -> None:
    whole, cut = f"whole{next(_used)}", f"cut{next(_used)}"
    facts = story_of(choices)
    shelf.write(recorded(facts, whole))

    events = recorded(facts, cut)
    ways = itertools.cycle(cuts)
    start = 0
    while start < len(events):
        size, way = next(ways)
        if way == "elsewhere":
            # Another process writes this batch: this one is told that it was not alone.
            other = Shelf(shelf.database)
            other.write(events[start : start + size])
            shelf.books, shelf.boards = Books(shelf.database), Boards(shelf.database)
        else:
            shelf.write(events[start : start + size], continuous=way == "continuous")
        start += size

    assert shelf.digests(cut) == shelf.digests(whole)


def test_a_long_story_told_one_fact_at_a_time_gives_the_same_rows(shelf: Shelf) -> None:
    facts = long_story(300)
    shelf.write(recorded(facts, "whole"))

    for event in recorded(facts, "single"):
        shelf.write([event])

    assert shelf.digests("single") == shelf.digests("whole")


def test_memory_that_is_full_is_emptied_and_nothing_is_lost(shelf: Shelf) -> None:
    facts = long_story(300)
    shelf.write(recorded(facts, "whole"))

    events = recorded(facts, "small")
    for start in range(0, len(events), 10):
        shelf.write(events[start : start + 10])
        for sheet in shelf.books._desks["small"]._sheets:
            sheet.keep = 0

    assert shelf.digests("small") == shelf.digests("whole")


def test_a_batch_that_was_rolled_back_leaves_nothing_behind(shelf: Shelf) -> None:
    events = recorded(long_story(300), "told")
    shelf.write(recorded(long_story(300), "whole"))
    shelf.write(events[:100])
    before = shelf.digests("told")

    with shelf.database.engine.connect():
        try:
            with shelf.database.writing() as cursor:
                shelf.books.apply(cursor, "told", events[100:200], continuous=True)
                raise OSError("the disk is full")
        except OSError:
            shelf.books.forget("told")

    assert shelf.digests("told") == before
    shelf.write(events[100:])
    assert shelf.digests("told") == shelf.digests("whole")


def test_ledgers_in_the_same_tables_do_not_touch_each_other(shelf: Shelf) -> None:
    here, there = recorded(long_story(200), "here"), recorded(long_story(200, seed=5), "there")
    shelf.write(recorded(long_story(200), "alone"))

    for start in range(0, len(here), 20):
        shelf.write(here[start : start + 20])
        shelf.write(there[start : start + 20])

    assert shelf.digests("here") == shelf.digests("alone")
