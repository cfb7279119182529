"""Books of appraisals, pilots and approvals: written anew they are the same, and their figures open at any position."""

from __future__ import annotations

import random

from ledger.journal.tables import metadata
from projections.asof.of_things import THINGS
from projections.asof.why import why
from projections.books.engines.appraisals_tables import appraisals, approvals, trials
from projections.reading import Cells, listed
from projections.rebuild import compare
from tests.projections.asof.told import past, write
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import Teller
from tests.projections.told.appraisals import STEPS

OWN = ("panel", "appraisal", "sheet", "rectification", "standard", "trial", "approval")


def story(steps: int = 300, seed: int = 5) -> Teller:
    """Only what this engine tells, after what every story begins with."""
    teller, dice = Teller(), random.Random(seed)
    teller.beginning()
    for _ in range(steps):
        dice.choice(STEPS)(teller, dice.randrange(8), dice.randrange(8), dice.randrange(1, 500))
    return teller


def rows_of(shelf: Shelf, sheet: str) -> list[Cells]:
    """Every row of a table."""
    order = (("number", False),)
    table = metadata.tables[sheet]
    return listed(shelf.database, table, LEDGER, where={}, order=order, after=None, limit=1_000).rows


def test_written_anew_they_are_what_they_were(shelf: Shelf) -> None:
    facts = story().facts
    write(shelf, facts[:100], LEDGER)
    write(shelf, facts[100:], LEDGER, after=100)
    assert compare(shelf.database, CODEC.decode, LEDGER) == []


def test_every_figure_opens_to_what_the_row_shows(shelf: Shelf) -> None:
    facts = story(150).facts
    write(shelf, facts, LEDGER)
    now = past(shelf.database, LEDGER, len(facts))
    opened = 0
    for kind in OWN:
        thing = THINGS[kind]
        for row in rows_of(shelf, thing.sheet):
            for name, (column, _unit) in thing.figures.items():
                if row[column] is not None:
                    assert why(now, f"{kind}:{row[f'{kind}_id']}:{name}", limit=500).value == row[column]
                    opened += 1
    assert opened > 80


def test_a_checklist_and_an_application_stand_as_their_facts_left_them(shelf: Shelf) -> None:
    write(shelf, story().facts, LEDGER)
    for row in rows_of(shelf, trials.name):
        assert row["met"] == len(row["ticked"].split()) <= row["items"]
    seen = set()
    for row in rows_of(shelf, approvals.name):
        seen.add(row["status"])
        approvers = [line.partition(" ")[0] for line in row["levels"].split("\n")]
        waits = row["status"] == "waiting"
        assert row["waiting_for"] == (approvers[row["approved"]] if waits else None)
        assert (row["approved"] == row["level_count"]) == (row["status"] == "approved")
    assert seen == {"waiting", "approved", "rejected", "withdrawn"}
    for row in rows_of(shelf, appraisals.name):
        assert (row["status"] == "closed") == (row["result_hundredths"] is not None)
        assert row["weight_heard"] <= row["weight_all"]
