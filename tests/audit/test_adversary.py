"""What an adversary tried on verify.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.clock import MICROS_PER_DAY
from ledger.funds.commands import RecordPastSpending
from tests.audit.told import bundle, content_of, judged, repacked, seal, store_in, verify
from tests.cli.story import COMMITTEE, DAY, LEDGER, NOON, TREASURER, Clock, act


def test_what_came_back_under_another_category_is_no_account_below_zero(community: Path, key: str) -> None:
    """A past return names the item it came back to; under which category it was paid, old lists often do not say."""
    with store_in(community, Clock(NOON + 4 * MICROS_PER_DAY)) as store:
        for number, (category, returned) in enumerate((("rent", False), ("oil", True))):
            act(
                store,
                TREASURER,
                RecordPastSpending(
                    grant_id=f"grant_past{number}", fund="nuanxing", item="meals", category=category, amount_fen=500,
                    day=DAY, proposer=COMMITTEE[0], approver=COMMITTEE[1], payer=TREASURER, returned=returned,
                ),
            )  # fmt: skip
        store.catch_up(LEDGER)
        seal(store)
    assert verify(bundle(community), "--key", key).document["findings"] == []


def test_a_table_of_made_up_rows_is_not_read_for_ever(honest: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small zip may hold very many of them."""
    monkeypatch.setattr("api.audit.verify.MOST_WRONG", 3)
    made_up = b"".join(b"hours:mem_ghost%d,minutes,5,1,3\n" % number for number in range(10))
    changed = repacked(honest, {"balances.csv": content_of(honest, "balances.csv") + made_up})
    verdict = judged(changed, "--key", key)
    assert (verdict.code, verdict.checks, len(verdict.found)) == (1, {"balances"}, 4)
    assert "not read further" in verdict.told("balances")
