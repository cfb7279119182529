"""What lies between two positions, against the difference of what the store said at each."""

from __future__ import annotations

from collections import Counter

import pytest

from ledger.errors import Refused
from ledger.registry import NAME_OF
from projections.asof.diff import accounts_moved, diff, ranking_moved, requests_moved
from projections.asof.past import Past
from projections.boards import queries as boards
from projections.books import queries
from tests.projections.asof.told import past, write
from tests.projections.shelf import Shelf
from tests.projections.teller import long_story

FACTS = long_story(500, 5)
MIDDLE = len(FACTS) // 2
MEASURE = "volunteer_minutes"


def told(shelf: Shelf) -> tuple[Past, Past]:
    """The story up to its middle and to its end less a few, which lie behind both."""
    write(shelf, FACTS, "l")
    return past(shelf.database, "l", MIDDLE), past(shelf.database, "l", len(FACTS) - 7)


def test_events_are_counted_by_type_with_their_first_and_last_position(shelf: Shelf) -> None:
    first, last = told(shelf)
    between = FACTS[first.position : last.position]
    names = [NAME_OF[type(fact)] for fact in between]

    found = diff(first, last)

    assert {one.type: one.events for one in found.types} == Counter(names)
    assert found.events == len(between)
    for one in found.types:
        positions = [first.position + i for i, name in enumerate(names, start=1) if name == one.type]
        assert (one.first, one.last) == (min(positions), max(positions))


def test_every_account_that_moved_is_there_with_both_balances(shelf: Shelf) -> None:
    write(shelf, FACTS[:MIDDLE], "l")
    before = {(one.account, one.unit): one.balance for one in queries.balances(shelf.database, "l")}
    write(shelf, FACTS[MIDDLE:], "l", after=MIDDLE)
    first, last = past(shelf.database, "l", MIDDLE), past(shelf.database, "l", len(FACTS) - 7)
    after = {
        (one.account, one.unit): one.balance for one in queries.balances(shelf.database, "l", position=last.position)
    }

    rows, cursor = [], None
    while True:
        page, cursor = accounts_moved(first, last, after=cursor, limit=3)
        rows += page
        if cursor is None:
            break

    found = {(row.account, row.unit): (row.before, row.after) for row in rows}
    assert len(found) == len(rows)
    changed = {key: (before.get(key, 0), value) for key, value in after.items() if before.get(key) != value}
    assert changed.items() <= found.items()
    assert all((before.get(key, 0), after[key]) == value for key, value in found.items())


def test_requests_whose_state_changed_are_there_with_both(shelf: Shelf) -> None:
    write(shelf, FACTS[:MIDDLE], "l")
    before = {row["request_id"]: row["status"] for row in queries.list_requests(shelf.database, "l", limit=999).rows}
    write(shelf, FACTS[MIDDLE:], "l", after=MIDDLE)
    first, last = past(shelf.database, "l", MIDDLE), past(shelf.database, "l", len(FACTS))
    after = {row["request_id"]: row["status"] for row in queries.list_requests(shelf.database, "l", limit=999).rows}

    rows, cursor = [], None
    while True:
        page, cursor = requests_moved(first, last, after=cursor, limit=2)
        rows += page
        if cursor is None:
            break

    expected = {one: (before.get(one), state) for one, state in after.items() if before.get(one) != state}
    assert {row.request_id: (row.before, row.after) for row in rows} == expected
    assert [row.number for row in rows] == sorted(row.number for row in rows)


def test_totals_and_funds_stand_at_both_ends(shelf: Shelf) -> None:
    write(shelf, FACTS[:MIDDLE], "l")
    stats, fund = queries.stats(shelf.database, "l"), queries.fund_account(shelf.database, "l", "nuanxing")
    write(shelf, FACTS[MIDDLE:], "l", after=MIDDLE)
    now = queries.fund_account(shelf.database, "l", "nuanxing")
    assert fund is not None
    assert now is not None

    found = diff(past(shelf.database, "l", MIDDLE), past(shelf.database, "l", len(FACTS)))

    assert (found.before, found.after) == (stats, queries.stats(shelf.database, "l"))
    received = sum(move.after - move.before for move in found.funds if move.figure.endswith(":received"))
    refunded = sum(move.after - move.before for move in found.funds if move.figure.endswith(":refunded"))
    assert received - refunded == now.received_fen - fund.received_fen


def test_ranks_that_moved_are_there_with_both(shelf: Shelf) -> None:
    write(shelf, FACTS[:MIDDLE], "l")
    before = {row.subject: (row.rank, row.value) for row in boards.rankings(shelf.database, "l", MEASURE).rows}
    write(shelf, FACTS[MIDDLE:], "l", after=MIDDLE)
    after = {row.subject: (row.rank, row.value) for row in boards.rankings(shelf.database, "l", MEASURE).rows}

    moves = ranking_moved(past(shelf.database, "l", MIDDLE), past(shelf.database, "l", len(FACTS)), MEASURE)

    assert moves
    nothing = (None, 0)
    expected = {
        one: (before.get(one, nothing), after.get(one, nothing))
        for one in before.keys() | after.keys()
        if before.get(one) != after.get(one)
    }
    assert {one.subject: ((one.rank_before, one.before), (one.rank_after, one.after)) for one in moves} == expected


def test_between_a_moment_and_itself_lies_nothing(shelf: Shelf) -> None:
    first, _ = told(shelf)

    found = diff(first, first)

    assert (found.events, found.types, found.funds, found.before) == (0, [], [], found.after)
    assert accounts_moved(first, first) == ([], None)
    assert requests_moved(first, first) == ([], None)
    assert ranking_moved(first, first, MEASURE) == []


def test_two_moments_the_wrong_way_round_are_refused(shelf: Shelf) -> None:
    first, last = told(shelf)
    for ask in (diff, accounts_moved, requests_moved):
        with pytest.raises(Refused) as refused:
            ask(last, first)
        assert refused.value.code == "moments_reversed"
