"""The same commands on PostgreSQL: a URL is all that changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import story
from tests.cli.story import LEDGER, LI, WANG, Shell
from tests.exports.oracles import checked_by_hledger as checked


@pytest.fixture
def nuanlin(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Runs commands on the story in a PostgreSQL database, its vault in a file."""
    monkeypatch.setenv("NUANLIN_VAULT_URL", f"sqlite:///{tmp_path / 'vault.db'}")
    monkeypatch.setenv("NUANLIN_VAULT_KEY_FILE", str(tmp_path / "vault.key"))
    story.fill(fresh_database_url)
    return Shell(fresh_database_url, capsys)


def test_the_story_reads_and_goes_on_there_too(nuanlin: Shell, hledger_path: Path, tmp_path: Path) -> None:
    # Given the story, when its commands are asked and a gift is made twice under one key,
    assert nuanlin("stats", "--json").document["minutes"]["spendable"] == 210
    assert [row["subject"] for row in nuanlin("rankings", "--measure", "volunteer_minutes", "--json").document] == [
        WANG,
        LI,
    ]
    given = ("transfer", "--from", "A001", "--to", "V26", "--minutes", "50", "--key", "k", "--json")
    first, second = nuanlin(*given).document, nuanlin(*given).document
    # then it was made once, the past is as it was, and hledger agrees with the present.
    assert (first["position"], first["repeated"], second["position"], second["repeated"]) == (
        first["position"],
        False,
        first["position"],
        True,
    )
    for at, minutes in (("2025-05-21", 150), (str(first["position"]), 100)):
        rows = nuanlin("balances", "--at", at, "--account", f"hours:{WANG}", "--json").document["balances"]
        assert [row["balance"] for row in rows] == [minutes]
    journal = tmp_path / "x.journal"
    assert nuanlin("export", "hledger", "--out", str(journal)).code == 0
    assert checked(hledger_path, journal).returncode == 0


def test_a_rebuild_changes_nothing_that_is_asked(nuanlin: Shell) -> None:
    before = [nuanlin(*one).out for one in READINGS]
    head = nuanlin("stats", "--json").document["position"]
    assert nuanlin("projections", "rebuild", "--json").document == {"ledger": LEDGER, "position": head}
    assert [nuanlin(*one).out for one in READINGS] == before


READINGS = (
    ("stats", "--json"),
    ("balances", "--json"),
    ("statement", "A001", "--json"),
    ("rankings", "--measure", "unit_donations", "--json"),
)
