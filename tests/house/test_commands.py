"""The commands a newcomer and a build machine type, as far as they can be looked at without running them."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.house.means import ROOT, program


@pytest.mark.parametrize("target", ["run", "test", "lint", "long", "bench", "wheel", "clean", "help"])
def test_make_knows_the_target(target: str) -> None:
    make = program("make")
    # -n prints what it would do; LOCK and the like are not run.
    done = subprocess.run([make, "-n", target], cwd=ROOT, capture_output=True, text=True, env=plain_environment())
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_make_test_runs_every_check_in_order() -> None:
    done = subprocess.run(
        [program("make"), "-n", "test"], cwd=ROOT, capture_output=True, text=True, env=plain_environment()
    )
    checks = ["ruff check", "ruff format --check", "bin/mypy", "-m pytest"]
    places = [done.stdout.find(check) for check in checks]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("script", ["run", "system-packages"])
def test_a_script_of_the_build_machine_can_be_executed_by_a_plain_shell(script: str) -> None:
    path = ROOT / ".ci" / script
    assert os.access(path, os.X_OK)
    assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", path], capture_output=True).returncode == 0


def test_the_build_machine_calls_make_test() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]


def plain_environment() -> dict[str, str]:
    """Ours, without what a make that called us left for its children."""
    return {
        key: value
        for key, value in os.environ.items()
        if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    }
