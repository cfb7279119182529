"""The same journal comes to the same state everywhere: hash seeds, time zones, locales, versions of Python."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.means import ROOT
from tests.ledger.audit.live import LEDGER, edit, make, open_store, position_of

OTHER_PYTHONS = ("3.12", "3.13")
NEEDED = frozenset(
    [
        "cffi", "cryptography", "eventsourcing", "msgspec", "pycparser", "python-stdnum", "sqlalchemy",
        "typing-extensions", "tzdata", "uuid-utils",
    ]
)  # fmt: skip
"""What a replay imports: no server, no pages, no command line."""


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A sealed community, and its log's public key."""
    path = make(tmp_path_factory.mktemp("community"))
    with open_store(path) as store:
        store.catch_up(LEDGER)
        return path, store.seals.vkey(LEDGER)


def told(community: tuple[Path, str], python: str = sys.executable, **environment: str) -> str:
    """What a process of its own says about the journal."""
    path, vkey = community
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [python, "-m", "tests.ledger.audit.digest_of", str(path), LEDGER, vkey],
        cwd=ROOT, env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **environment}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def here(community: tuple[Path, str]) -> str:
    """What it comes to in an ordinary process."""
    plain = told(community)
    assert json.loads(plain)["findings"] == []
    return plain


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "4242"},
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7"},
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"LC_ALL": "zh_CN.GB18030", "TZ": "Asia/Shanghai"},
        {"PYTHONOPTIMIZE": "2"},
    ],
    ids=str,
)
def test_surroundings_change_nothing(community: tuple[Path, str], here: str, environment: dict[str, str]) -> None:
    assert told(community, **environment) == here


def test_the_digest_sees_one_minute(community: tuple[Path, str], here: str, tmp_path: Path) -> None:
    path, vkey = community
    changed = tmp_path / path.name
    shutil.copy(path, changed)
    edit(changed, position_of(changed, "hours.donated@1"), lambda d: d.replace(b'"minutes":30', b'"minutes":29'))
    assert json.loads(told((changed, vkey)))["state"] != json.loads(here)["state"]


def python_of(version: str) -> str | None:
    """An interpreter of that version on this machine, be it managed by pyenv."""
    managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for candidate in (shutil.which(f"python{version}"), *map(str, managed)):
        if candidate:
            asked = subprocess.run(
                [candidate, "-c", "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if asked.stdout.strip() == version:
                return candidate
    return None


def needed_of(lock: str) -> str:
    """The part of the lock that a replay needs, hashes and all."""
    blocks = re.split(r"\n(?=[a-z])", lock)
    return "\n".join(block for block in blocks if re.split(r"[=\[]", block, maxsplit=1)[0] in NEEDED)


@pytest.mark.parametrize("version", OTHER_PYTHONS)
def test_every_supported_python_comes_to_the_same(
    community: tuple[Path, str], here: str, version: str, tmp_path: Path
) -> None:
    found = python_of(version)
    if found is None:
        pytest.skip(f"no Python {version} on this machine")
    subprocess.run([found, "-m", "venv", str(tmp_path / "venv")], check=True, capture_output=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    (tmp_path / "needed.lock").write_text(needed_of((ROOT / "requirements.lock").read_text()))
    locked = ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(tmp_path / "needed.lock")]
    installed = subprocess.run(
        [python, "-m", "pip", "install", *locked], capture_output=True, text=True, timeout=600, check=False
    )
    assert installed.returncode == 0, installed.stderr
    assert told(community, python) == here
