"""Dropped and written anew, the projections are what they were; and one can tell when they are not."""

from __future__ import annotations

import pytest

from ledger.base import Fact
from ledger.errors import NotFound
from ledger.journal.recorded import Envelope
from ledger.journal.sql import Database
from projections.books import queries
from projections.rebuild import compare, rebuild
from tests.projections.shelf import CODEC, LEDGER, Shelf
from tests.projections.teller import long_story, recorded


def told(shelf: Shelf, steps: int = 400, *, batch: int = 16) -> None:
    """Write a long story live, and a neighbour's beside it."""
    events = recorded(long_story(steps), LEDGER)
    for start in range(0, len(events), batch):
        shelf.write(events[start : start + batch])
    shelf.write(recorded(long_story(50, seed=3), "neighbour"))


def spoil(database: Database, sql: str) -> None:
    """Change a row behind everybody's back."""
    with database.writing() as cursor:
        cursor.execute(sql)


def test_rebuilt_equals_live_row_for_row(shelf: Shelf) -> None:
    told(shelf)
    live, neighbour = shelf.digests(), shelf.digests("neighbour")
    steps: list[tuple[int, int]] = []

    head = rebuild(
        shelf.database, CODEC.decode, LEDGER, chunk=30, chunks=3, progress=lambda done, of: steps.append((done, of))
    )

    assert shelf.digests() == live
    assert shelf.digests("neighbour") == neighbour
    assert steps[-1] == (head, head)
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert queries.rebuilding(shelf.database, LEDGER) is None


def test_a_rebuild_mends_what_was_spoilt_and_comparing_tells_where(shelf: Shelf) -> None:
    told(shelf)
    live = shelf.digests()
    assert compare(shelf.database, CODEC.decode, LEDGER) == []

    spoil(shelf.database, "UPDATE postings SET amount = amount + 1 WHERE ledger = 'fangxing' AND number = 1")
    spoil(shelf.database, "DELETE FROM scores WHERE ledger = 'fangxing' AND period = '2026-Q1'")

    assert [found.table for found in compare(shelf.database, CODEC.decode, LEDGER)] == ["postings", "scores"]
    rebuild(shelf.database, CODEC.decode, LEDGER)
    assert shelf.digests() == live


def test_comparing_looks_at_boards_as_far_as_they_have_followed(shelf: Shelf) -> None:
    events = recorded(long_story(200), LEDGER)
    shelf.write(events[:150])
    shelf.write(events[150:], boards=False)

    assert compare(shelf.database, CODEC.decode, LEDGER) == []


class Pulled(Exception):
    """The plug was pulled."""


def failing_after(count: int) -> object:
    """A decoder that fails after so many events."""
    left = [count]

    def decode(name: str, data: bytes) -> tuple[Envelope, Fact]:
        left[0] -= 1
        if left[0] < 0:
            raise Pulled
        return CODEC.decode(name, data)

    return decode


def test_an_interrupted_rebuild_goes_on_where_it_was(shelf: Shelf) -> None:
    told(shelf)
    live = shelf.digests()

    with pytest.raises(Pulled):
        rebuild(shelf.database, failing_after(250), LEDGER, chunk=40, chunks=2)  # type: ignore[arg-type]  # a stand-in
    assert queries.rebuilding(shelf.database, LEDGER) == 240

    steps: list[int] = []
    rebuild(shelf.database, CODEC.decode, LEDGER, resume=True, chunk=40, progress=lambda done, _: steps.append(done))
    assert steps[0] == 280
    assert shelf.digests() == live


def test_writers_go_on_while_a_rebuild_is_under_way(shelf: Shelf) -> None:
    whole = recorded(long_story(400), "whole")
    shelf.write(whole)
    events = recorded(long_story(400), LEDGER)
    shelf.write(events[:300])

    with pytest.raises(Pulled):
        rebuild(shelf.database, failing_after(200), LEDGER, chunk=50, chunks=2)  # type: ignore[arg-type]  # a stand-in
    shelf.write(events[300:350], boards=False)
    half = shelf.digests()
    rebuild(shelf.database, CODEC.decode, LEDGER, resume=True, chunk=50)
    shelf.write(events[350:], boards=False)
    # The follower of the boards finds its row moved by the rebuild, and knows that it was not alone.
    shelf.follow(events[350:], continuous=False)

    assert half != shelf.digests()
    assert shelf.digests() == shelf.digests("whole")


def test_what_a_writer_had_in_memory_is_not_believed_after_a_rebuild(shelf: Shelf) -> None:
    events = recorded(long_story(300), LEDGER)
    shelf.write(recorded(long_story(300), "whole"))
    shelf.write(events[:200])
    spoil(shelf.database, "UPDATE accounts SET balance = balance + 7 WHERE ledger = 'fangxing'")
    shelf.books.forget(LEDGER)
    shelf.write(events[200:250])
    assert shelf.digests() != shelf.digests("whole")

    rebuild(shelf.database, CODEC.decode, LEDGER)
    shelf.write(events[250:])

    assert shelf.digests() == shelf.digests("whole")


def test_a_follower_and_a_rebuild_take_turns_at_the_boards(shelf: Shelf) -> None:
    events = recorded(long_story(300), LEDGER)
    shelf.write(events)
    live = shelf.digests()

    with pytest.raises(Pulled):
        rebuild(shelf.database, failing_after(100), LEDGER, chunk=40, chunks=1)  # type: ignore[arg-type]  # a stand-in
    shelf.follow(events[80:200], continuous=False)
    rebuild(shelf.database, CODEC.decode, LEDGER, resume=True, chunk=40)

    assert shelf.digests() == live


def test_there_is_nothing_to_rebuild_in_a_ledger_that_nobody_opened(shelf: Shelf) -> None:
    with pytest.raises(NotFound) as missing:
        rebuild(shelf.database, CODEC.decode, "nowhere")
    assert missing.value.code == "no_such_ledger"
    with pytest.raises(NotFound):
        compare(shelf.database, CODEC.decode, "nowhere")
