"""No fact passes the projections unseen."""

from __future__ import annotations

import pytest

from ledger.base import Fact
from ledger.errors import UnknownFact, Unusable
from ledger.funds.facts import GrantPaid
from ledger.hours.facts import SessionVerified
from ledger.journal.tables import metadata
from ledger.registry import FACTS
from projections.boards.scoring import MARKING, NEEDING, RULES
from projections.books import TABLES
from projections.books.desk import BEGINS, HANDLERS, NEEDS, POSTING_ONLY
from tests.projections.cast import FIRST_DAY
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import long_story, recorded


class _Unheard(Fact, frozen=True, kw_only=True):
    """A fact that nobody registered."""


def test_every_registered_fact_has_a_book_or_is_known_to_be_told_by_its_postings() -> None:
    assert set(HANDLERS) | POSTING_ONLY == set(FACTS.values())
    assert set(HANDLERS) & POSTING_ONLY == set()


def test_what_a_fact_needs_and_begins_are_fields_of_it() -> None:
    for kind, needs in NEEDS.items():
        assert {field for _, field in needs} <= set(kind.__struct_fields__), kind
    for kind, field in BEGINS.items():
        assert field in kind.__struct_fields__, kind


def test_the_story_of_these_tests_holds_every_type_of_fact() -> None:
    assert {type(happened) for happened in long_story()} == set(FACTS.values())


def test_books_refuse_a_fact_that_nobody_registered(shelf: Shelf) -> None:
    with shelf.database.writing() as cursor, pytest.raises(UnknownFact):
        shelf.books.apply(cursor, LEDGER, recorded([_Unheard()], LEDGER), continuous=False)


def test_boards_refuse_a_fact_that_nobody_registered(shelf: Shelf) -> None:
    with shelf.database.writing() as cursor, pytest.raises(UnknownFact):
        shelf.boards.apply(cursor, LEDGER, recorded([_Unheard()], LEDGER), continuous=False)


def test_boards_ask_for_marks_only_where_they_score() -> None:
    assert set(RULES) >= NEEDING
    assert set(RULES) | MARKING <= set(FACTS.values())


def test_marks_are_left_by_what_scoring_asks_for() -> None:
    assert {kind.__name__ for kind in MARKING} == {"UnitRegistered", "TeamFormed", "DonationReceived", "LedgerOpened"}


def test_a_fact_without_its_beginning_is_not_booked(shelf: Shelf) -> None:
    paid = GrantPaid(
        grant_id="grant_x", fund="fund_x", item="meals", category="aid", amount_fen=1, payer="mem_li", day=FIRST_DAY
    )
    verified = SessionVerified(
        session_id="ses_x",
        volunteer="mem_li",
        day=FIRST_DAY,
        minutes=5,
        credited=5,
        origin="attested",
        verifier="mem_w",
    )
    for happened in (paid, verified):
        with pytest.raises(Unusable) as refused:
            shelf.write(recorded([happened], LEDGER))
        assert refused.value.code == "books_row_missing"
        shelf.books.forget(LEDGER)
    assert all(rows == 0 for rows, _ in shelf.digests().values())


def test_every_table_of_the_books_gets_a_row_from_the_long_story(shelf: Shelf) -> None:
    shelf.tell(long_story())

    assert {name: rows for name, (rows, _) in shelf.digests().items() if rows == 0} == {}


def test_every_table_is_keyed_by_its_ledger_first() -> None:
    assert {table.name for table in TABLES} <= set(metadata.tables)
    for table in TABLES:
        assert next(iter(table.primary_key.columns)).name == "ledger", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "ledger", index.name
