"""The demo as others see it: hledger and beancount accept its journals and come to our balances."""

from __future__ import annotations

import io
from pathlib import Path

from api.exports.beancount import write_beancount
from api.exports.hledger import write_journal
from projections.books import queries
from tests.demo.filled import LEDGER, opened
from tests.exports.oracles import balances_by_beancount, balances_by_hledger, checked_by_hledger


def test_hledger_and_beancount_agree_with_the_demo(demo_folder: Path, hledger_path: Path, tmp_path: Path) -> None:
    journal, beans = tmp_path / "demo.journal", io.StringIO()
    with opened(demo_folder) as store, journal.open("w", encoding="utf-8") as file:
        write_journal(store.database, store.codec, LEDGER, file)
        write_beancount(store.database, store.codec, LEDGER, beans)
        found = queries.balances(store.database, LEDGER)

    done = checked_by_hledger(hledger_path, journal)
    assert (done.returncode, done.stderr) == (0, "")
    ours = {(one.account, one.unit): one.balance for one in found if one.balance}
    assert len(ours) > 400
    assert balances_by_hledger(hledger_path, journal, [(one.account, one.unit) for one in found]) == ours
    assert balances_by_beancount(beans.getvalue()) == ours
