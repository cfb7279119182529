"""Filling the demo again, after an interruption, on any day and any database; and what the journal never learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.demo import COMMANDS, fill
from api.demo.data import PeopleList, load
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.clock import micros
from ledger.places.commands import OpenLedger
from projections.books.queries import Stats, stats, totals
from tests.demo.filled import LEDGER, demo, figure, later, opened, rows
from tests.house.stores import store_at


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a filled store lies, closed."""
    where = tmp_path_factory.mktemp("demo")
    with demo(where):
        pass
    return where


@pytest.fixture(scope="module")
def figures_of_one(folder: Path) -> tuple[Stats, dict[str, int]]:
    """What every demo must come to."""
    with opened(folder) as store:
        return stats(store.database, LEDGER), totals(store.database, LEDGER)


class Unplugged(Exception):
    """Somebody pulls the plug."""


def test_a_second_run_adds_nothing(folder: Path, figures_of_one: tuple[Stats, dict[str, int]]) -> None:
    with opened(folder) as store:
        documents = len(_documents(store))

        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert len(_documents(store)) == documents


def test_a_run_on_a_later_day_adds_nothing_either(folder: Path, figures_of_one: tuple[Stats, dict[str, int]]) -> None:
    with opened(folder, later(40)) as store:
        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]


def test_progress_counts_up_to_all_commands(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    with opened(folder) as store:
        fill(store, progress=lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1] == (COMMANDS, COMMANDS)


def test_an_interrupted_run_goes_on_where_it_stopped(
    store_url: str, tmp_path: Path, figures_of_one: tuple[Stats, dict[str, int]]
) -> None:
    def pull(done: int, total: int) -> None:
        if done > total // 2:
            raise Unplugged

    with store_at(store_url, tmp_path) as store:
        with pytest.raises(Unplugged):
            fill(store, progress=pull)
        half = stats(store.database, LEDGER).position
        assert 0 < half < figures_of_one[0].position

    with store_at(store_url, tmp_path) as store:
        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert totals(store.database, LEDGER) == figures_of_one[1]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 28, 16, 1, tzinfo=UTC),  # one minute into 29 February in Shanghai
        datetime(2027, 1, 1, 3, 0, tzinfo=UTC),
    ],
)
def test_on_any_day_a_ledger_that_is_already_open_is_filled_alike(
    now: datetime, tmp_path: Path, figures_of_one: tuple[Stats, dict[str, int]]
) -> None:
    with opened(tmp_path, lambda: micros(now)) as store:
        store.application.execute(LEDGER, OpenLedger(name=LEDGER), actor=Actor(OPERATOR))

        fill(store)

        assert stats(store.database, LEDGER) == figures_of_one[0]
        assert totals(store.database, LEDGER) == figures_of_one[1]


# ---- privacy --------------------------------------------------------------------------------------------------------


def test_neither_journal_nor_books_hold_a_name_a_phone_number_or_what_was_said(folder: Path) -> None:
    with opened(folder) as store:
        known = {text for document in _documents(store) for text in _texts(document) if len(text) > 1}
        with store.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = b"\n".join(file.read_bytes() for file in folder.glob("demo.db*") if file.suffix in (".db", ".db-wal"))
    people = load("people", PeopleList)
    assert {one.name for one in (*people.staff, *people.neighbours)} <= known
    assert sum(text.startswith("154") for text in known) > 600

    assert LEDGER.encode() in kept
    assert [text for text in sorted(known) if text.encode() in kept] == []


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
    return [text for text in document.values() if isinstance(text, str)]


def test_a_filled_demo_holds_as_many_documents_as_it_was_told_things(folder: Path) -> None:
    with opened(folder) as store:
        assert len(_documents(store)) > 2_500
        assert figure(store, "SELECT COUNT(*) FROM members WHERE words = ''") == 0
