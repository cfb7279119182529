"""Fixtures of the API's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from tests.api.house import House
from tests.house.stores import open_ledger, store_at


@pytest.fixture
def house(sqlite_path: Path, tmp_path: Path) -> Iterator[House]:
    """A community in a fresh SQLite file. What the databases do differently is tested with the journal and the books."""
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as store:
        open_ledger(store)
        yield House(store, create_app(store))
