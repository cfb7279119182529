"""The programs of others, asked what they make of our journals."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from beancount import loader
from beancount.core import data, realization

from api.exports import beancount, hledger
from ledger.units import FEN, MINUTES, VENUE_MINUTES
from tests.exports.books import Balances

_UNITS = {"CNY": FEN, "MIN": MINUTES, "VENUE-MIN": VENUE_MINUTES, "PROJECTS": "projects", "HOUSEHOLDS": "households"}


def run(*command: Path | str) -> subprocess.CompletedProcess[str]:
    """A program that needs a locale to read Chinese."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)


def checked_by_hledger(program: Path, journal: Path) -> subprocess.CompletedProcess[str]:
    """What hledger's strict check says of a file."""
    return run(program, "-f", journal, "check", "--strict")


def balances_by_hledger(program: Path, journal: Path, known: Iterable[tuple[str, str]]) -> Balances:
    """What hledger adds up, in our names: those that are known, and no others may be there."""
    done = run(program, "-f", journal, "balance", "--flat", "--empty", "--no-total", "--output-format=json")
    assert done.returncode == 0, done.stderr
    names = {
        (hledger.account_name(account), hledger.commodity(unit).strip('"')): (account, unit) for account, unit in known
    }
    rows, _totals = json.loads(done.stdout)
    found: Balances = {}
    for name, _, _, amounts in rows:
        for amount in amounts:
            number, key = amount["aquantity"], (name, amount["acommodity"])
            scale = 2 if key[1] == "CNY" else 0
            whole = number["decimalMantissa"] * 10**scale // 10 ** number["decimalPlaces"]
            if whole:
                found[names[key]] = whole
    return found


def loaded(text: str) -> tuple[data.Directives, list[str]]:
    """beancount's entries of a text, and what it says is wrong with it."""
    entries, errors, _options = loader.load_string(text)
    return entries, [error.message for error in errors]


def balances_by_beancount(text: str) -> Balances:
    """What beancount adds up account by account, without those below, in our names; it must find nothing wrong."""
    entries, errors = loaded(text)
    assert errors == []
    names = {entry.currency: entry.meta["name"] for entry in entries if isinstance(entry, data.Commodity)}
    units = {symbol: _meant(name) for symbol, name in names.items()}
    assert units == {symbol: _UNITS.get(symbol, name) for symbol, name in units.items()}
    opened = {entry.account: _meant(entry.meta["name"]) for entry in entries if isinstance(entry, data.Open)}
    assert opened == {name: beancount.our_account(name) for name in opened}
    found: Balances = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance:
            number, symbol = position.units
            whole = number.scaleb(2) if symbol == "CNY" else number
            assert whole == whole.to_integral_value()
            found[beancount.our_account(account.account), units[symbol]] = int(whole)
    return found


def _meant(name: str) -> str:
    """A name of the metadata as it is with us."""
    return str(json.loads('"' + name.replace('"', '\\"') + '"'))
