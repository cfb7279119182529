"""One filled demo for the whole folder: filling takes seconds, copying its files does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.demo import fill
from tests.demo.filled import LEDGER, opened


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a filled store lies, closed, its boards caught up; not to be written to."""
    where = tmp_path_factory.mktemp("demo")
    with opened(where) as store:
        fill(store)
        store.catch_up(LEDGER)
    return where


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of it for one test, to do with as it likes."""
    return Path(shutil.copytree(demo_folder, tmp_path / "copy"))
