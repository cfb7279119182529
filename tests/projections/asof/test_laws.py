"""Two laws for every kind of answer: as of the head it is the live one, as of an earlier position what was live then."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.base import Fact
from projections.asof.rankings import explain_as_of, rank_as_of, rankings_as_of
from projections.asof.things import fund_account_as_of, fund_as_of, request_as_of
from projections.asof.totals import stats_as_of
from projections.boards import queries as boards
from projections.books import queries
from tests.projections.asof.told import MEASURES, PERIODS, Answers, answers, past, write
from tests.projections.cast import FUND
from tests.projections.shelf import Shelf
from tests.projections.teller import STEPS, long_story, story_of

CHOICES = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 7), st.integers(0, 7), st.integers(1, 499)),
    min_size=10, max_size=60,
)  # fmt: skip
_names = iter(range(10**9))


def check_all(shelf: Shelf, facts: list[Fact], ledger: str, every: int = 1) -> None:
    """Tell the story one fact at a time, note what the store says, then ask for all of it again at the end."""
    noted: dict[int, Answers] = {0: answers(shelf.database, ledger, FUND)}
    for position, fact in enumerate(facts, start=1):
        write(shelf, [fact], ledger, after=position - 1)
        if position % every == 0 or position == len(facts):
            noted[position] = answers(shelf.database, ledger, FUND)
    for position, then in noted.items():
        check(shelf, ledger, position, then)


def check(shelf: Shelf, ledger: str, position: int, then: Answers) -> None:
    at = past(shelf.database, ledger, position)
    for member, statement in then.statements.items():
        found = queries.statement(shelf.database, ledger, f"hours:{member}", limit=1000, position=position)
        assert found == statement
    for request_id, (row, claims, matches) in then.requests.items():
        request = request_as_of(at, request_id)
        assert request is not None
        assert (request.row, request.claims, request.matches) == (row, claims, matches)
    assert stats_as_of(at) == then.stats
    fund = fund_as_of(at, FUND)
    assert (fund is None) == (then.fund is None)
    if fund is not None:
        account, receipts, pledges, grants, payments, spending = then.fund
        assert fund.account == account == fund_account_as_of(at, FUND)
        assert (fund.receipts, fund.pledges, fund.grants) == (receipts, pledges, grants)
        assert (fund.payments, fund.spending) == (payments, spending)
    for (measure, period), ranking in then.rankings.items():
        assert rankings_as_of(at, measure, period) == ranking
    for (measure, period, subject), explained in then.explained.items():
        assert explain_as_of(at, measure, period, subject) == explained


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=CHOICES)
def test_as_of_any_position_is_what_the_store_said_when_it_stood_there(
    shelf: Shelf, choices: list[tuple[int, int, int, int]]
) -> None:
    check_all(shelf, story_of(choices), f"l{next(_names)}")


@pytest.mark.parametrize("seed", [3, 11])
def test_the_same_holds_along_a_long_story_with_every_type_of_fact(shelf: Shelf, seed: int) -> None:
    check_all(shelf, long_story(700, seed), f"l{next(_names)}", every=random.Random(seed).randrange(29, 37))


def test_what_had_not_begun_was_not_there(shelf: Shelf) -> None:
    facts = long_story(300)
    write(shelf, facts, "l")
    row = queries.list_requests(shelf.database, "l", limit=1).rows[0]
    before = past(shelf.database, "l", row["number"] - 1)

    assert request_as_of(before, row["request_id"]) is None
    assert fund_as_of(past(shelf.database, "l", 3), FUND) is None
    assert fund_as_of(before, "nothing") is None


def test_pages_of_a_ranking_as_of_a_position_join_without_a_seam(shelf: Shelf) -> None:
    write(shelf, long_story(400), "l")
    at = past(shelf.database, "l", 300)
    for measure in MEASURES:
        whole = rankings_as_of(at, measure, PERIODS[0])
        rows, after = [], None
        while True:
            page = rankings_as_of(at, measure, PERIODS[0], limit=1, after=after)
            rows += page.rows
            if page.next is None:
                break
            after = page.next
        assert rows == whole.rows
        assert [rank_as_of(at, measure, "all", row.subject) for row in whole.rows] == whole.rows


def test_pages_of_a_statement_as_of_a_position_join_without_a_seam(shelf: Shelf) -> None:
    write(shelf, long_story(400), "l")
    whole = queries.statement(shelf.database, "l", "hours:mem_wang", limit=1000, position=200)
    lines, after = [], None
    while True:
        page = queries.statement(shelf.database, "l", "hours:mem_wang", limit=2, after=after, position=200)
        lines += page.lines
        if page.next is None:
            break
        after = page.next

    assert lines == whole.lines
    assert sum(line.amount for line in lines) == whole.balance
    # A cursor of a later page does not look beyond the position.
    beyond = queries.statement(shelf.database, "l", "hours:mem_wang", limit=1000, after="399.0", position=200)
    assert beyond.lines == whole.lines


def test_an_unranked_subject_has_no_row(shelf: Shelf) -> None:
    write(shelf, long_story(100), "l")
    at = past(shelf.database, "l", 50)

    assert rank_as_of(at, "volunteer_minutes", "all", "mem_nobody") is None
    assert explain_as_of(at, "volunteer_minutes", "all", "mem_nobody").entries == []
    assert boards.rank_of(shelf.database, "l", "volunteer_minutes", "all", "mem_nobody") is None
