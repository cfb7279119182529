"""Balances now and then, against a plain sum over the postings."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.accounts import held, postings, usable
from ledger.errors import NotFound, Refused
from ledger.hours.facts import HoursGiven
from ledger.journal.recorded import Recorded
from ledger.journal.sql import Database
from ledger.journal.tables import metadata
from projections.books import queries
from projections.reading import cursor_of
from tests.projections.cast import FUND, MEMBERS
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import STEPS, long_story, recorded, story_of

CHOICES = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 7), st.integers(0, 7), st.integers(1, 499)),
    max_size=60,
)
Model = dict[tuple[str, str], int]


def models(events: list[Recorded]) -> list[Model]:
    """The balances before the first event, after it, after the second, and so on."""
    found: list[Model] = [{}]
    balances: Model = defaultdict(int)
    for event in events:
        for account, unit, amount in postings(event.fact):
            balances[account, unit] += amount
        found.append(dict(balances))
    return found


def shown(shelf: Shelf, ledger: str, position: int | None = None) -> Model:
    """What the books say."""
    return {(b.account, b.unit): b.balance for b in queries.balances(shelf.database, ledger, position=position)}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=CHOICES)
def test_balances_as_of_every_position_are_the_sums_of_the_postings_up_to_it(
    shelf: Shelf, choices: list[tuple[int, int, int, int]]
) -> None:
    ledger = f"l{_next()}"
    events = recorded(story_of(choices), ledger)
    expected = models(events)

    for start in range(0, len(events), 7):
        shelf.write(events[start : start + 7])

    assert shown(shelf, ledger) == expected[-1]
    for position in range(max(0, len(events) - 25), len(events) + 1):
        assert shown(shelf, ledger, position) == expected[position]
    for (account, unit), balance in expected[-1].items():
        assert queries.balance_of(shelf.database, ledger, account, unit) == balance
        middle = len(events) // 2
        then = expected[middle].get((account, unit), 0)
        assert queries.balance_of(shelf.database, ledger, account, unit, position=middle) == then


_used = iter(range(1_000_000))


def _next() -> int:
    """Every example writes a ledger of its own, beside all others in the same tables."""
    return next(_used)


def test_a_balance_as_of_a_moment_is_that_of_the_last_event_recorded_by_then(shelf: Shelf) -> None:
    events = shelf.tell(long_story(300))
    between = events[119].recorded_at + 30_000_000

    assert queries.position_at(shelf.database, LEDGER, between) == 120
    assert queries.position_at(shelf.database, LEDGER, events[119].recorded_at) == 120
    assert queries.position_at(shelf.database, LEDGER, events[0].recorded_at - 1) == 0
    point = queries.as_of(shelf.database, LEDGER, at=between)
    assert (point.position, point.at) == (120, events[119].recorded_at)


def test_there_is_no_balance_as_of_a_position_that_is_yet_to_come(shelf: Shelf) -> None:
    events = shelf.tell(long_story(20))

    assert queries.as_of(shelf.database, LEDGER).position == len(events)
    with pytest.raises(NotFound):
        queries.as_of(shelf.database, LEDGER, position=len(events) + 1)
    with pytest.raises(NotFound):
        queries.as_of(shelf.database, LEDGER, position=-1)


def test_a_statement_goes_through_an_account_page_by_page_and_leaves_nothing_out(shelf: Shelf) -> None:
    events = shelf.tell(long_story())
    account = usable(MEMBERS[0])
    lines = [
        (event.position, line, amount)
        for event in events
        for line, (name, _, amount) in enumerate(postings(event.fact))
        if name == account
    ]

    seen: list[queries.StatementLine] = []
    after = None
    while True:
        page = queries.statement(shelf.database, LEDGER, account, after=after, limit=7)
        seen += page.lines
        if page.next is None:
            break
        after = page.next

    assert [(one.position, one.line, one.amount) for one in seen] == lines[::-1]
    assert seen[0].balance == page.balance == sum(amount for *_, amount in lines)
    assert page.entries == len(lines)
    for newer, older in pairwise(seen):
        assert newer.balance == older.balance + newer.amount
    by_position = {event.position: event for event in events}
    assert all(one.recorded_at == by_position[one.position].recorded_at for one in seen)
    all_lines = [queries.statement(shelf.database, LEDGER, usable(one), limit=1000).lines for one in MEMBERS]
    kinds = {one.type.partition(".")[0] for lines_of_one in all_lines for one in lines_of_one}
    assert kinds == {"hours", "conduct", "crossing", "service"}


def test_an_account_that_nobody_used_has_an_empty_statement(shelf: Shelf) -> None:
    page = queries.statement(shelf.database, LEDGER, "hours:mem_nobody")

    assert (page.balance, page.entries, page.lines, page.next) == (0, 0, [], None)


@pytest.mark.parametrize("cursor", ["", "1", "1.2.3", "a.b", "-1.0", "1.²", "9" * 19 + ".0"])
def test_a_cursor_that_is_none_is_refused(shelf: Shelf, cursor: str) -> None:
    shelf.tell([HoursGiven(giver=MEMBERS[0], receiver=MEMBERS[1], minutes=5)])

    with pytest.raises(Refused) as refused:
        queries.statement(shelf.database, LEDGER, usable(MEMBERS[0]), after=cursor)
    assert refused.value.code == "bad_cursor"
    assert cursor_of(3, 0) == "3.0"


def test_totals_of_a_community_agree_with_its_accounts(shelf: Shelf) -> None:
    events = shelf.tell(long_story())
    balances = models(events)[-1]
    members = {account: value for (account, unit), value in balances.items() if unit == "minutes"}

    stats = queries.stats(shelf.database, LEDGER)

    people = [name for name in members if name.startswith("hours:mem_")]
    assert stats.position == stats.events == len(events)
    assert stats.minutes.held == sum(members[name] for name in people if name.endswith(":held"))
    assert stats.minutes.spendable == sum(members[name] for name in people if not name.endswith(":held"))
    assert stats.minutes.earned == -members["hours:issued"]
    assert stats.minutes.pool == members["hours:pool"]
    both = queries.hours_of(shelf.database, LEDGER, MEMBERS[1])
    assert (both.spendable, both.held) == (members[usable(MEMBERS[1])], members[held(MEMBERS[1])])
    money = stats.funds["nuanxing"]
    kept = sum(value for (account, _), value in balances.items() if account.startswith(f"fund:{FUND}:"))
    general = sum(value for (account, _), value in balances.items() if account.startswith(f"fund:{FUND}:general"))
    assert money.balance_fen == kept == money.received_fen - money.spent_fen
    assert sum(money.restricted.values()) == kept - general
    # A help case is a restriction of its own, and so is an item that the fund named later.
    assert {item for item in money.restricted if not item.startswith(("case-", "late-"))} == {"meals", "repair"}


@pytest.mark.parametrize(
    "key", ["balance.as_of", "statement.account", "statement.newest", "statement.older", "position_at"]
)
def test_what_must_not_grow_with_the_journal_searches_an_index(sqlite_path: object, key: str) -> None:
    database = Database(f"sqlite:///{sqlite_path}")
    metadata.create_all(database.engine)
    shelf = Shelf(database)
    shelf.tell(long_story(300))
    account = usable(MEMBERS[0])
    first = queries.statement(database, LEDGER, account, limit=1)
    queries.statement(database, LEDGER, account, after=first.next, limit=1)
    queries.balance_of(database, LEDGER, account, "minutes", position=50)
    queries.position_at(database, LEDGER, 10**18)

    ready = database.prepared(key)
    assert ready is not None
    with database.reading() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {ready.text}", tuple(1 for _ in ready.names))
        plan = [row[3] for row in cursor.fetchall()]
    database.close()

    assert plan
    assert all(step.startswith("SEARCH") for step in plan), plan
