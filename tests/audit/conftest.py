"""One sealed community for the whole folder; each test that harms it has a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit import told
from tests.projections.shelf import Shelf, shelf_at


@pytest.fixture(scope="session")
def sealed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store, its keys and its bundle lie; not to be written to."""
    folder = tmp_path_factory.mktemp("sealed")
    told.fill(folder)
    told.bundle(folder)
    return folder


@pytest.fixture(scope="session")
def key(sealed_folder: Path) -> str:
    """The ledger's public key, from its keeper and not from a bundle."""
    return told.key_of(sealed_folder)


@pytest.fixture
def community(sealed_folder: Path, tmp_path: Path) -> Path:
    """A copy of it all for one test."""
    return Path(shutil.copytree(sealed_folder, tmp_path / "community"))


@pytest.fixture
def honest(community: Path) -> Path:
    """A bundle in which nothing is wrong."""
    return community / "bundle.zip"


@pytest.fixture
def shelf(store_url: str) -> Iterator[Shelf]:
    """Empty books and boards, once on SQLite and once on PostgreSQL."""
    with shelf_at(store_url) as found:
        yield found
