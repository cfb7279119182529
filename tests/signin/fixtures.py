"""The community of `house`, built once, and a copy of it for every story; for the conftest of each folder that tells of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.signin.house import House


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the community, built once and never changed, and who is who in it."""
    folder = tmp_path_factory.mktemp("house")
    made = House(f"sqlite:///{folder / 'nuanlin.db'}", folder)
    made.store.close()
    return folder, made.ids


@pytest.fixture
def house(built: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[House]:
    """On SQLite, a copy for this story alone."""
    folder, ids = built
    for file in folder.iterdir():
        shutil.copy2(file, tmp_path / file.name)
    made = House(f"sqlite:///{tmp_path / 'nuanlin.db'}", tmp_path, ids=dict(ids))
    yield made
    made.store.close()
