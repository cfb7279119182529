"""Filling the demo again, after an interruption, on any day and any database; and what the journal never learns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.demo import COMMANDS, Progress, fill
from api.demo.data import PlacesList, load
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.clock import micros
from ledger.places.commands import OpenLedger
from projections.books.queries import Stats, stats, totals
from tests.demo.filled import LEDGER, cast, figure, later, opened, rows
from tests.house.stores import store_at

Figures = tuple[Stats, dict[str, int]]


@pytest.fixture(scope="module")
def figures_of_one(demo_folder: Path) -> Figures:
    """What every demo must come to."""
    with opened(demo_folder) as store:
        return stats(store.database, LEDGER), totals(store.database, LEDGER)


class Unplugged(Exception):
    """Somebody pulls the plug."""


def test_a_second_run_adds_nothing(demo_copy: Path, figures_of_one: Figures) -> None:
    with opened(demo_copy) as store:
        documents = len(_documents(store))

        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert len(_documents(store)) == documents


def test_a_run_on_a_later_day_adds_nothing_either(demo_copy: Path, figures_of_one: Figures) -> None:
    with opened(demo_copy, later(40)) as store:
        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]


def test_progress_counts_up_to_all_commands(demo_copy: Path) -> None:
    told: list[tuple[int, int]] = []
    with opened(demo_copy) as store:
        fill(store, progress=lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1] == (COMMANDS, COMMANDS)


def pull_after(commands: int) -> Progress:
    """Pulls the plug when so many commands were answered."""

    def pull(done: int, _total: int) -> None:
        if done >= commands:
            raise Unplugged

    return pull


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, figures_of_one: Figures) -> None:
    with opened(tmp_path) as store:
        with pytest.raises(Unplugged):
            fill(store, progress=pull_after(COMMANDS // 2))
        assert 0 < stats(store.database, LEDGER).position < figures_of_one[0].position

    with opened(tmp_path) as store:
        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert totals(store.database, LEDGER) == figures_of_one[1]


def test_what_was_handed_in_before_an_interruption_stays_as_it_was(store_url: str, tmp_path: Path) -> None:
    # The first rooms alone, so that both kinds of database can be tried in seconds.
    positions = []
    for _ in range(2):
        with store_at(store_url, tmp_path) as store:
            with pytest.raises(Unplugged):
                fill(store, progress=pull_after(1_000))
            positions.append(stats(store.database, LEDGER).position)

    assert positions[0] == positions[1] > 1_000


def test_the_figures_are_the_same_on_a_leap_day(tmp_path: Path, figures_of_one: Figures) -> None:
    first_minute = datetime(2028, 2, 28, 16, 1, tzinfo=UTC)  # of 29 February in Shanghai
    with opened(tmp_path, lambda: micros(first_minute)) as store:
        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert totals(store.database, LEDGER) == figures_of_one[1]


def test_a_ledger_that_somebody_else_opened_begins_today_with_the_same_seeds(
    tmp_path: Path, figures_of_one: Figures
) -> None:
    with opened(tmp_path) as store:
        store.application.execute(LEDGER, OpenLedger(name=LEDGER), actor=Actor(OPERATOR))

        fill(store)
        first = stats(store.database, LEDGER)
        fill(store)

        assert stats(store.database, LEDGER) == first
        assert (first.members, first.partners) == (figures_of_one[0].members, figures_of_one[0].partners)
        assert first.funds["nuanxing"].received_fen == figures_of_one[0].funds["nuanxing"].received_fen
        assert first.funds["nuanxing"].spent_fen == figures_of_one[0].funds["nuanxing"].spent_fen
        assert figure(store, "SELECT COUNT(*) FROM sessions WHERE status = 'verified'") == 2_000
        # What takes days has not happened yet, and nothing in the journal is older than the ledger.
        assert figure(store, "SELECT COUNT(*) FROM events WHERE type LIKE 'proposal.scored@%'") == 0
        assert figure(store, "SELECT COUNT(*) FROM calls_for_proposals") == 2


# ---- privacy --------------------------------------------------------------------------------------------------------


WRITTEN = re.compile(r"[\u3400-\u9fff0-9，、。；： ]{2,}")
"""What all texts of the demo are made of; a test below says so, since others would be looked for in vain."""


def test_neither_journal_nor_books_hold_a_name_a_phone_number_or_what_was_said(demo_copy: Path) -> None:
    with opened(demo_copy) as store:
        known = {text for document in _documents(store) for text in _texts(document)}
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert cast() <= known
    assert sum(text.startswith("154") for text in known) > 600

    kept = (demo_copy / "demo.db").read_bytes().decode(errors="ignore")
    written = "\n".join(set(WRITTEN.findall(kept)))
    assert load("places", PlacesList).ledger in written
    assert [text for text in sorted(known) if text in written] == []


def test_what_is_looked_for_can_be_found(demo_copy: Path) -> None:
    with opened(demo_copy) as store:
        texts = [text for document in _documents(store) for text in _texts(document)]

    assert [text for text in texts if not WRITTEN.fullmatch(text)] == []


def _documents(store: Store) -> list[dict[str, object]]:
    """Everything the vault can open."""
    commitments = {
        commitment
        for table, column in _committed(store)
        for (commitment,) in rows(store, f"SELECT {column} FROM {table} WHERE {column} <> ''")
    }
    return list(store.vault.read(LEDGER, commitments).values())


def _committed(store: Store) -> Iterator[tuple[str, str]]:
    for (table,) in rows(store, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        for _number, column, *_more in rows(store, f"PRAGMA table_info({table})"):
            if column.endswith("words"):
                yield table, column


def _texts(document: dict[str, object]) -> list[str]:
    return [text for text in document.values() if isinstance(text, str) and text]


def test_a_filled_demo_holds_as_many_documents_as_it_was_told_things(demo_copy: Path) -> None:
    with opened(demo_copy) as store:
        assert len(_documents(store)) > 2_500
        assert figure(store, "SELECT COUNT(*) FROM members WHERE words = ''") == 0
