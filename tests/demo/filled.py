"""Filled demo stores for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.demo.data import PeopleList, load
from api.settings import Settings
from api.store import Store
from ledger.clock import MICROS_PER_DAY, Clock, system_clock

LEDGER = "fangxing"


def later(days: int) -> Clock:
    """A clock that is so many days ahead."""
    return lambda: system_clock() + days * MICROS_PER_DAY


@contextmanager
def opened(folder: Path, clock: Clock = system_clock) -> Iterator[Store]:
    """The SQLite store of that folder, as the command line would open it."""
    with Store.open(Settings(database_url=str(folder / "demo.db")), clock=clock) as store:
        yield store


def rows(store: Store, question: str) -> list[tuple[Any, ...]]:
    """What a query without parameters gives; the store holds no other ledger than the demo's."""
    with store.database.reading() as cursor:
        cursor.execute(question, ())
        return [tuple(row) for row in cursor.fetchall()]


def figure(store: Store, question: str) -> Any:
    """The one value a query gives."""
    ((value,),) = rows(store, question)
    return value


def figures(store: Store, question: str) -> dict[Any, Any]:
    """A query's pairs of name and value."""
    return dict(rows(store, question))


def cast() -> set[str]:
    """The names of the fixed cast."""
    people = load("people", PeopleList)
    return {one.name for one in people.staff} | {one.name for one in people.neighbours}
