"""Stores and shells for the stories of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli import story


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stories quote English; those about languages set their own. Nothing of the machine's settings gets in."""
    for name in ("NUANLIN_DATABASE_URL", "NUANLIN_LEDGER", "NUANLIN_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NUANLIN_LANG", "en")


@pytest.fixture(scope="session")
def written_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that holds the story, written once and never changed."""
    folder = tmp_path_factory.mktemp("story")
    story.fill(folder / "community.db")
    return folder


@pytest.fixture
def community(written_story: Path, tmp_path: Path) -> Path:
    """The store of the story, a copy for this test alone."""
    for file in written_story.iterdir():
        shutil.copy2(file, tmp_path / file.name)
    return tmp_path / "community.db"


@pytest.fixture
def nuanlin(community: Path, capsys: pytest.CaptureFixture[str]) -> story.Shell:
    """Runs commands on the story's store."""
    return story.Shell(community, capsys)


@pytest.fixture
def fresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> story.Shell:
    """Runs commands on a store that does not exist yet."""
    return story.Shell(tmp_path / "fresh.db", capsys)
