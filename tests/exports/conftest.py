"""What tests of the exports may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.projections.shelf import Shelf, shelf_at


@pytest.fixture
def shelf(store_url: str) -> Iterator[Shelf]:
    """Empty books, once on SQLite and once on PostgreSQL."""
    with shelf_at(store_url) as found:
        yield found


@pytest.fixture(scope="session")
def wide_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Books on SQLite for searches: every example writes a ledger of its own beside all others."""
    with shelf_at(f"sqlite:///{tmp_path_factory.mktemp('wide') / 'books.db'}") as found:
        yield found
