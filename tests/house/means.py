"""Where the programs and data that tests drive are found, and what happens when they are missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
"""The top of the source tree."""

SHIPPED = ("ledger", "projections", "api", "migrations")
"""The packages a wheel contains, in the order in which they may import each other."""


def in_ci() -> bool:
    """Whether this run must not skip what the machine could have installed."""
    return os.environ.get("CI") == "true"


def missing(what: str) -> NoReturn:
    """Fail with CI=true, where the lock or `.ci/system-packages` had to provide it; elsewhere skip with the reason."""
    reason = f"{what} is not installed"
    if in_ci():
        pytest.fail(f"{reason}, and with CI=true it has to be", pytrace=False)
    pytest.skip(reason)


def program(*names: str) -> Path:
    """The first of these programs that is on the path; without one, `missing` decides."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    missing(names[0])


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the tree, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    """The path as a person types it from the top of the tree."""
    return path.relative_to(ROOT).as_posix()
