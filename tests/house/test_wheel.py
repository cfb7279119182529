"""The wheel: everything the program needs is inside, and it works from an empty folder far from the source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.means import ROOT, SHIPPED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree as `make wheel` does."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    (built,) = folder.glob("nuanlin-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone in it; the dependencies are borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel") / "venv"
    run = [sys.executable, "-m"]
    subprocess.run([*run, "venv", "--without-pip", str(folder)], check=True, capture_output=True)
    install = [
        *run,
        "pip",
        "--python",
        str(folder / "bin" / "python"),
        "install",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A folder named in a .pth file is searched after the environment's own, and .pth files inside it are not followed:
    # an editable install of the source tree stays out of reach.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


def run(program: Path, *arguments: str, folder: Path) -> str:
    """What a program prints when it is run in this folder, with nothing of ours in its environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NUANLIN"))}
    done = subprocess.run([program, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{program.name} {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in SHIPPED
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".db"} and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == wanted


@pytest.mark.parametrize(
    ("kind", "prefix", "suffix"),
    [
        ("migrations", "migrations/main/versions/", ".py"),
        ("Alembic's environment", "migrations/main/env", ".py"),
        ("templates", "api/templates/", ".html"),
        ("style sheets", "api/static/", ".css"),
        ("Chinese words", "api/locale/zh", ".toml"),
        ("English words", "api/locale/en", ".toml"),
    ],
)
def test_the_wheel_holds(wheel: Path, kind: str, prefix: str, suffix: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        found = [name for name in archive.namelist() if name.startswith(prefix) and name.endswith(suffix)]
    assert found, f"no {kind} in the wheel"


def test_the_installed_program_is_the_one_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import ledger, projections, api; print(ledger.__file__, projections.__file__, api.__file__, sep='\\n')"
    places = run(installed / "python", "-c", code, folder=tmp_path).split()
    assert [Path(place).is_relative_to(installed.parent) for place in places] == [True, True, True]


def test_the_wheel_makes_a_fresh_store_ready_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    # Given an empty folder, when the first command asks for figures,
    answer = json.loads(run(installed / "nuanlin", "--db", "x.db", "stats", "--json", folder=tmp_path))
    # then the migrations have made the store and nothing has happened in it yet.
    assert (answer["position"], answer["events"], answer["members"]) == (0, 0, 0)
    assert (tmp_path / "x.db").is_file()


def test_the_installed_command_prints_its_help(installed: Path, tmp_path: Path) -> None:
    text = run(installed / "nuanlin", "--help", folder=tmp_path)
    commands = ["serve", "demo", "import", "balances", "statement", "rankings", "export", "projections", "db", "token"]
    assert [name for name in [*commands, "stats", "transfer"] if name not in text] == []
