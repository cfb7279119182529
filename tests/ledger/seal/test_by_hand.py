"""The program of docs/seals.md, run as it stands there: somebody without Nuanlin comes to the same answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.house.means import ROOT
from tests.house.stores import LEDGER, open_ledger, store_at
from tests.ledger.seal.sealed import add_events, head_of


def by_hand(folder: Path, vkey: str) -> subprocess.CompletedProcess[str]:
    """The page's program on `mine`; isolated, so that nothing of ours can be imported."""
    page = (ROOT / "docs" / "seals.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    given = [str(folder / "mine.tlog-proof"), str(folder / "mine.record"), vkey]
    return subprocess.run([sys.executable, "-I", "-c", code, *given], cwd=folder, capture_output=True, text=True)


def test_receipts_hold_by_hand_and_touched_ones_do_not(tmp_path: Path) -> None:
    with store_at(f"sqlite:///{tmp_path / 'n.db'}", tmp_path) as store:
        open_ledger(store)
        add_events(store, 300)
        store.sealer.catch_up(force_checkpoint=True)
        vkey = store.seals.vkey(LEDGER)
        for position in (1, 256, 257, head_of(store)):
            (tmp_path / "mine.tlog-proof").write_text(store.seals.receipt(LEDGER, position), encoding="utf-8")
            record = store.seals.record(LEDGER, position)
            (tmp_path / "mine.record").write_bytes(record)
            done = by_hand(tmp_path, vkey)
            assert (done.returncode, done.stdout) == (
                0,
                f"in the ledger nuanlin/{LEDGER} of {head_of(store)} records\n",
            )
            (tmp_path / "mine.record").write_bytes(record + b" ")
            assert by_hand(tmp_path, vkey).returncode == 1
