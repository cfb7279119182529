"""Minutes that are held for services, that crossed to other ledgers or came from sources are in the totals of every day."""

from __future__ import annotations

import random

from projections.asof.totals import stats_as_of
from projections.asof.why import why
from projections.books import queries
from tests.projections.asof.told import past, write
from tests.projections.shelf import LEDGER, Shelf
from tests.projections.teller import Teller
from tests.projections.told.services import STEPS

FIGURES = tuple(f"stats.minutes.{name}" for name in ("earned", "spendable", "held", "pool", "honour"))


def _story(length: int) -> Teller:
    """Sessions that are verified, and whatever services do with hours."""
    teller, dice = Teller(), random.Random(20_260_302)
    teller.beginning()
    for _ in range(length):
        step = dice.choice((Teller.record, Teller.verify, *STEPS))
        step(teller, dice.randrange(8), dice.randrange(8), dice.randrange(1, 500))
    return teller


def test_totals_as_of_a_position_are_those_that_were_live_then(shelf: Shelf) -> None:
    facts = _story(250).facts
    then = {}
    for position, fact in enumerate(facts, start=1):
        write(shelf, [fact], LEDGER, after=position - 1)
        if position % 9 == 0:
            then[position] = queries.stats(shelf.database, LEDGER).minutes
    assert any(minutes.held for minutes in then.values())

    for position, minutes in then.items():
        assert stats_as_of(past(shelf.database, LEDGER, position)).minutes == minutes


def test_each_of_them_opens_to_what_it_is_made_of(shelf: Shelf) -> None:
    facts = _story(250).facts
    write(shelf, facts, LEDGER)
    for position in (len(facts) // 2, len(facts)):
        minutes = stats_as_of(past(shelf.database, LEDGER, position)).minutes
        for figure in FIGURES:
            opened = why(past(shelf.database, LEDGER, position), figure, limit=10_000)
            assert sum(entry.amount for entry in opened.entries) == opened.value
            assert opened.value == getattr(minutes, figure.rpartition(".")[2])
