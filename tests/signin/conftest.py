"""The community of `house` on SQLite; where two come at once, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.signin.fixtures import built, house
from tests.signin.house import House

__all__ = ["built", "house"]


@pytest.fixture
def either_house(store_url: str, tmp_path: Path) -> Iterator[House]:
    """On SQLite, and on PostgreSQL."""
    made = House(store_url, tmp_path)
    yield made
    made.store.close()
