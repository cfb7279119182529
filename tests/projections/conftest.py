"""What tests of the projections may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.projections.shelf import Shelf, shelf_at


@pytest.fixture
def shelf(store_url: str) -> Iterator[Shelf]:
    """Empty books and boards, once on SQLite and once on PostgreSQL."""
    with shelf_at(store_url) as found:
        yield found
