"""Real books end to end: a charity's ledger comes out to the cent, and offers are never promised twice."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from api.exports.hledger import write_journal
from api.imports.runner import run_import
from api.store import Store
from ledger.errors import NuanlinError, Refused
from ledger.partners.commands import MatchOffer
from projections.books.queries import stats
from projections.books.queries_funds import spending_by_category
from projections.books.queries_requests import list_offers, list_requests
from tests.house.means import ROOT
from tests.house.stores import AT_THE_DESK, LEDGER, open_ledger, store_at

MAPS = ROOT / "examples" / "maps"


@pytest.fixture
def store(sqlite_path: Path, tmp_path: Path) -> Iterator[Store]:
    with store_at(f"sqlite:///{sqlite_path}", tmp_path) as opened:
        open_ledger(opened)
        yield opened


def _hledger(program: Path, journal: Path, *words: str) -> dict[str, Decimal]:
    """Balances by account as hledger sees them, in hundredths-exact decimals."""
    done = subprocess.run(
        [program, "-f", journal, "balance", "--flat", "-N", "-O", "json", *words], capture_output=True, check=True
    )
    found: dict[str, Decimal] = {}
    for row in json.loads(done.stdout)[0]:
        amounts = row[3]
        quantity = amounts[0]["aquantity"] if amounts else {"decimalMantissa": 0, "decimalPlaces": 0}
        found[row[0]] = Decimal(quantity["decimalMantissa"]).scaleb(-quantity["decimalPlaces"])
    return found


def test_a_charity_s_ledger_comes_in_and_goes_out_to_the_cent(
    store: Store, shared_data: Path, hledger_path: Path, tmp_path: Path
) -> None:
    original = shared_data / "hackclub" / "main.ledger"
    subprocess.run([sys.executable, ROOT / "examples" / "hackclub_to_csv.py", original, tmp_path], check=True)
    for kind in ("donations", "spendings"):
        result = run_import(
            store,
            LEDGER,
            kind,
            tmp_path / f"{kind}.csv",
            MAPS / f"hackclub_{kind}.toml",
            dry_run=False,
            actor=AT_THE_DESK,
        )
        assert result.refused == []
        assert result.imported == result.read

    theirs = _hledger(hledger_path, original)
    income = -sum(value for account, value in theirs.items() if account.startswith("Income"))
    expenses = {
        account.removeprefix("Expenses:"): value for account, value in theirs.items() if account.startswith("Expenses")
    }
    fund = stats(store.database, LEDGER).funds["hackclub"]
    assert Decimal(fund.received_fen).scaleb(-2) == income
    assert Decimal(fund.spent_fen).scaleb(-2) == sum(expenses.values())
    assert Decimal(fund.balance_fen).scaleb(-2) == income - sum(expenses.values())
    ours: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in spending_by_category(store.database, LEDGER, "hackclub"):
        ours[str(row["category"]).replace("/", ":")] += Decimal(row["spent_fen"]).scaleb(-2)
    assert {category: value for category, value in ours.items() if value} == expenses  # hledger leaves zeros out

    journal = tmp_path / "out.journal"
    out = StringIO()
    write_journal(store.database, store.codec, LEDGER, out)
    journal.write_text(out.getvalue(), "utf-8")
    subprocess.run([hledger_path, "-f", journal, "check", "--strict"], check=True)
    exported = _hledger(hledger_path, journal)
    assert sum(value for account, value in exported.items() if account.startswith("spent:")) == sum(expenses.values())
    assert sum(value for account, value in exported.items() if account.startswith("fund:")) == income - sum(
        expenses.values()
    )


def test_matched_quantities_never_exceed_what_was_offered_or_asked(
    store: Store, shared_data: Path, tmp_path: Path
) -> None:
    """The first few hundred needs and offers of one item, matched greedily, each offer tried beyond its end."""
    for name, kind in (("recipients", "requests"), ("donors", "contributions")):
        with (shared_data / "ppe_match" / f"anon_{name}.csv").open(encoding="utf-8", newline="") as file:
            heading, *rows = list(csv.reader(file))
        some = [row for row in rows if row[3] == "handmadeMasks"][:120]
        part = tmp_path / f"{name}.csv"
        with part.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *some])
        result = run_import(store, LEDGER, kind, part, MAPS / f"ppe_{name}.toml", dry_run=False, actor=AT_THE_DESK)
        assert result.imported > 100

    offered = {row["offer_id"]: row["quantity"] for row in list_offers(store.database, LEDGER, limit=500).rows}
    wanted = {row["request_id"]: row["quantity"] for row in list_requests(store.database, LEDGER, limit=500).rows}
    promised_by: defaultdict[str, int] = defaultdict(int)
    promised_to: defaultdict[str, int] = defaultdict(int)
    refusals: set[str] = set()
    needs = list(wanted)
    for offer, quantity in list(offered.items())[:60]:
        for need in needs[:20]:
            take = max(1, min(quantity, wanted[need]) // 2 + 1)
            try:
                store.application.execute(
                    LEDGER, MatchOffer(offer_id=offer, request_id=need, quantity=take), actor=AT_THE_DESK
                )
            except NuanlinError as error:
                assert isinstance(error, Refused)
                refusals.add(error.code)
                continue
            promised_by[offer] += take
            promised_to[need] += take

    assert promised_by
    assert all(total <= offered[offer] for offer, total in promised_by.items())
    assert all(total <= wanted[need] for need, total in promised_to.items())
    assert refusals == {"more_than_offered", "more_than_wanted"}
    now = {row["offer_id"]: row for row in list_offers(store.database, LEDGER, limit=500).rows}
    assert {offer: now[offer]["promised"] for offer in promised_by} == dict(promised_by)
