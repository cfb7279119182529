"""The lock files: every package by its hashes, nothing of where it came from, and in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.means import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, tuple[str, int]] = {}
    for line in text.splitlines():
        pinned = re.match(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", line)
        assert pinned, f"{name} holds something that is no pinned package: {line[:60]!r}"
        found[canonicalize_name(pinned["name"])] = (pinned["version"], len(HASH.findall(line)))
    return found


def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked_for(*groups: str) -> list[Requirement]:
    """The direct dependencies of the program and of these groups."""
    lists = [project()["project"]["dependencies"], *(project()["dependency-groups"][group] for group in groups)]
    return [Requirement(line) for entries in lists for line in entries if isinstance(line, str)]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes(name: str) -> None:
    packages = locked(name)
    assert len(packages) > 20
    assert [package for package, (_, hashes) in packages.items() if hashes == 0] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_folder(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert [line for line in text.splitlines() if re.match(r"\s*(-[a-z]|--(?!hash)|\.|/|#)", line)] == []


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_a_lock_holds_what_the_project_asks_for(name: str, groups: list[str]) -> None:
    packages = locked(name)
    for wanted in asked_for(*groups):
        version, _ = packages.get(canonicalize_name(wanted.name), ("", 0))
        assert version, f"{wanted} is not locked; make lock"
        assert wanted.specifier.contains(version), f"{wanted} is locked at {version}; make lock"


def test_the_checks_run_on_the_versions_that_are_served() -> None:
    served, checked = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: found for name, found in served.items() if checked.get(name) != found} == {}


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    # The zone database is named by its year: there is no version of it that one would not want.
    open_ended = {
        wanted.name
        for wanted in asked_for("build", "dev")
        if not {">="} <= {bound.operator for bound in wanted.specifier} or "<" not in str(wanted.specifier)
    }
    assert open_ended == {"tzdata"}
