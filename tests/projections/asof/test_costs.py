"""What was promised to be proportional to a thing's own events must not read the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.journal.sql import Database
from projections.asof.past import Past
from projections.asof.things import fund_as_of, request_as_of, requests_as_of
from projections.asof.totals import request_rows
from projections.asof.why import why
from projections.books import queries
from tests.projections.asof.told import past, write
from tests.projections.cast import FUND
from tests.projections.shelf import LEDGER, shelf_at
from tests.projections.teller import long_story


def plans(database: Database) -> dict[str, list[str]]:
    """How SQLite runs every statement of the past that was prepared so far, by its text."""
    found: dict[str, list[str]] = {}
    with database.reading() as cursor:
        for key, ready in database._prepared.items():
            if str(key).lstrip("(").lstrip("'").startswith(("asof.tagged", "asof.stored", "asof.event")):
                cursor.execute(f"EXPLAIN QUERY PLAN {ready.text}", tuple("" for _ in ready.names))
                found[ready.text] = [str(row[3]) for row in cursor.fetchall()]
    return found


def moved_since(at: Past) -> str:
    """A request that was there at that moment and has moved since."""
    return next(str(row["request_id"]) for row in request_rows(at) if row["number"] < at.position < row["version"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda at: request_as_of(at, moved_since(at)),
        lambda at: requests_as_of(at, request_rows(at)),
        lambda at: fund_as_of(at, FUND),
        lambda at: why(at, "stats.requests.published"),
    ],
)
def test_events_are_found_by_their_tags_and_read_by_their_positions(
    sqlite_path: Path, ask: Callable[[Past], object]
) -> None:
    with shelf_at(f"sqlite:///{sqlite_path}") as shelf:
        facts = long_story(600)
        write(shelf, facts, LEDGER)
        ask(past(shelf.database, LEDGER, len(facts) - 100))

        found = plans(shelf.database)

        assert len(found) >= 2
        for text, steps in found.items():
            table = "event_tags" if "event_tags" in text else "events"
            wanted = "(ledger=? AND tag=?" if table == "event_tags" else "(ledger=? AND position=?)"
            assert [step for step in steps if not (step.startswith(f"SEARCH {table} USING") and wanted in step)] == []


def test_a_request_is_replayed_from_as_many_events_as_carry_its_tag(sqlite_path: Path) -> None:
    with shelf_at(f"sqlite:///{sqlite_path}") as shelf:
        facts = long_story(600)
        write(shelf, facts, LEDGER)
        at = past(shelf.database, LEDGER, len(facts))
        decoded: list[str] = []

        def counting(name: str, data: bytes) -> object:
            decoded.append(name)
            return at.decode(name, data)

        row = queries.list_requests(shelf.database, LEDGER, limit=1).rows[0]
        told = request_as_of(at._replace(decode=counting), row["request_id"])  # type: ignore[arg-type]  # counts what passes

        assert told is not None
        assert len(decoded) == len(told.steps) < 12
