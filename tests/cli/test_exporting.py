"""The journal for hledger: accepted by its strict check, with our balances to the fen."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exports.hledger import account_name, commodity, quantity
from ledger.units import FEN
from tests.cli.story import Shell

PARTS = st.text(st.characters(codec="utf-8", exclude_characters=":"), max_size=8)


def checked(hledger: Path, journal: Path) -> subprocess.CompletedProcess[str]:
    """What hledger's strict check says of a file."""
    return run(hledger, "-f", journal, "check", "--strict")


def run(*command: Path | str) -> subprocess.CompletedProcess[str]:
    """A program that needs a locale to read Chinese."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)


def balances_by_hledger(hledger: Path, journal: Path) -> dict[tuple[str, str], str]:
    """Account and commodity → quantity, as hledger adds them up."""
    done = run(hledger, "-f", journal, "balance", "--flat", "--empty", "--no-total", "--output-format=json")
    assert done.returncode == 0, done.stderr
    rows, _totals = json.loads(done.stdout)
    found = {}
    for name, _, _, amounts in rows:
        for amount in amounts:
            number = amount["aquantity"]
            found[name, amount["acommodity"]] = f"{number['decimalMantissa']}e-{number['decimalPlaces']}"
    return found


def test_hledger_accepts_the_journal_and_comes_to_our_balances(
    nuanlin: Shell, hledger_path: Path, tmp_path: Path
) -> None:
    # Given the journal of the story,
    journal = tmp_path / "community.journal"
    answer = nuanlin("export", "hledger", "--out", str(journal), "--json").document
    # then hledger finds nothing to complain of, not even in the assertions at its end,
    done = checked(hledger_path, journal)
    assert (done.returncode, done.stderr) == (0, "")
    # and has the balances that we have.
    ours = {
        (account_name(row["account"]), commodity(row["unit"]).strip('"')): row["balance"]
        for row in nuanlin("balances", "--json").document["balances"]
    }
    theirs = balances_by_hledger(hledger_path, journal)
    assert {key: balance for key, balance in ours.items() if balance} == {
        key: as_whole(number, key[1]) for key, number in theirs.items() if as_whole(number, key[1])
    }
    assert answer["transactions"] == journal.read_text(encoding="utf-8").count("@1\n")


def as_whole(number: str, symbol: str) -> int:
    """hledger's decimal as whole fen, or whole pieces of anything else."""
    mantissa, _, places = number.partition("e-")
    scale = 2 if symbol == "CNY" else 0
    return int(mantissa) * int(10**scale) // int(10 ** int(places))


def test_a_fact_stands_under_the_day_of_the_deed_and_with_its_position(nuanlin: Shell) -> None:
    # The session of the 19th was entered on the 20th; the payment has the day on which it was recorded.
    journal = nuanlin("export", "hledger").out
    position = nuanlin("statement", "A001", "--json").document["lines"][1]["position"]
    assert f"2025-05-19 ({position}) hours.session_verified@1\n" in journal
    assert "2025-05-21 (" in journal


def test_a_balance_that_is_not_ours_is_noticed_by_hledger(nuanlin: Shell, hledger_path: Path, tmp_path: Path) -> None:
    # Given a journal in which one posting pair was changed, when hledger checks it, then an assertion fails.
    journal = tmp_path / "forged.journal"
    text = nuanlin("export", "hledger").out
    assert text.count("-120 min") == 1
    journal.write_text(text.replace("120 min\n", "130 min\n"), encoding="utf-8")
    assert checked(hledger_path, journal).returncode != 0


def test_an_empty_ledger_is_an_empty_journal(fresh: Shell, hledger_path: Path, tmp_path: Path) -> None:
    journal = tmp_path / "empty.journal"
    assert fresh("export", "hledger", "--out", str(journal)).code == 0
    assert checked(hledger_path, journal).returncode == 0


def test_a_journal_that_cannot_be_written_is_one_sentence_and_leaves_nothing(nuanlin: Shell, tmp_path: Path) -> None:
    answer = nuanlin("export", "hledger", "--out", str(tmp_path / "nowhere" / "x.journal"))
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


def test_one_json_document_needs_a_file_for_the_journal(nuanlin: Shell) -> None:
    answer = nuanlin("export", "hledger", "--json")
    assert (answer.code, answer.out) == (2, "")


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3).map(":".join), min_size=2, max_size=2, unique=True))
def test_two_accounts_never_become_one(accounts: list[str]) -> None:
    names = [account_name(account) for account in accounts]
    assert names[0] != names[1]
    for account, name in zip(accounts, names, strict=True):
        assert name.count(":") == account.count(":")
        assert "  " not in name
        assert name.isprintable()


@given(st.lists(PARTS.filter(bool), min_size=2, max_size=2, unique=True))
def test_two_units_never_become_one(items: list[str]) -> None:
    symbols = [commodity(f"pcs.{item}") for item in items]
    assert symbols[0] != symbols[1]
    assert all(symbol.count('"') == 2 and ";" not in symbol for symbol in symbols)


@pytest.mark.parametrize(
    ("amount_fen", "written"), [(0, "CNY 0.00"), (5, "CNY 0.05"), (-5, "CNY -0.05"), (-123_456, "CNY -1234.56")]
)
def test_fen_are_written_as_yuan_to_the_last_one(amount_fen: int, written: str) -> None:
    assert quantity(amount_fen, FEN) == written
