"""The audit's replay of 500,000 gifts, beside `ledger`, `hledger` and beancount adding up the balances of the same postings.

Ours checks order, schema, tags, times, keys, double entries, floors, rules, leaf hashes, every checkpoint's signature and
root, and comes to the balances by the way. The others read text and add up, which is all they are asked. Each is
a process of its own: processor time and largest memory are what the system counted for it, start of the program included.
All balances have to agree.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from api.settings import Settings
from api.store import Store
from benchmarks import transfers
from benchmarks.machine import median, tell

TRANSFERS = 500_000
ROUNDS = 3
BAR_SECONDS, BAR_MIB = 3.0, 150
_LONGEST_SECONDS = 600
"""A program that takes longer is ended, and said to."""


class Run(NamedTuple):
    """What one process cost: processor seconds (its own and the system's for it), largest memory, standard output."""

    cpu_seconds: float
    mib: float
    out: str


_LAUNCHER = """
import os, signal, sys
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(int(sys.argv[1]))
_, status, used = os.wait4(child, 0)
sys.stderr.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
"""
"""A small process between us and the program: the system counts the memory of who starts a program as the program's."""


def run(command: Sequence[str]) -> Run | None:
    """Run a program to its end; None where it took too long or failed."""
    with tempfile.TemporaryFile("w+") as told:
        quiet = ["sh", "-c", 'exec "$@" 2>/dev/null', "sh", *command]
        launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(_LONGEST_SECONDS), *quiet]
        done = subprocess.run(launcher, stdout=subprocess.PIPE, stderr=told, check=True, text=True)
        told.seek(0)
        code, seconds, kib = told.read().split()
    return Run(float(seconds), int(kib) / 1024, done.stdout) if code == "0" else None


_OURS = """
import json, sys
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.journal.codec import Codec
from ledger.journal.sql import Database
from ledger.seal.notes import Verifier
path, ledger, vkey, index = sys.argv[1:]
database = Database(f"sqlite:///{path}")
report, replay = audit(database, Codec(), ledger, Trust([Verifier(vkey)]), index=index == "index")
balances = {account: balance for account, _, balance in replay.balances() if balance}
print(json.dumps({"ok": report.ok, "events": report.events, "checks": report.checks, "balances": balances}))
"""
_BEANCOUNT = """
import json, sys
from beancount import loader
from beancount.core import inventory
entries, errors, _ = loader.load_file(sys.argv[1])
sums = {}
for entry in entries:
    for posting in getattr(entry, "postings", ()):
        sums[posting.account] = sums.get(posting.account, 0) + int(posting.units.number)
print(json.dumps({"errors": len(errors), "balances": {name: value for name, value in sums.items() if value}}))
"""


def _lines(out: str) -> dict[str, int]:
    """Balances as `ledger` and `hledger` print them flat: amount, commodity, account."""
    found: dict[str, int] = {}
    for line in out.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1] == "min":
            found[parts[2]] = int(parts[0].replace(",", ""))
    return found


def _beans(out: str) -> dict[str, int]:
    balances: dict[str, int] = json.loads(out)["balances"]
    return balances


Reader = Callable[[str], dict[str, int]]


def _others(folder: Path) -> list[tuple[str, list[str], Reader]]:
    """The other programs that are here: name, command, and how its balances are read."""
    journal, beans = str(folder / "plain.journal"), str(folder / "plain.beancount")
    candidates: list[tuple[str, list[str], Reader]] = [
        ("ledger", ["ledger", "-f", journal, "balance", "--flat", "--no-total"], _lines),
        ("hledger", ["hledger", "-f", journal, "balance", "--flat", "--no-total"], _lines),
    ]
    found = [one for one in candidates if shutil.which(one[0])]
    if run([sys.executable, "-c", "import beancount"]) is not None:
        found.append(("beancount", [sys.executable, "-c", _BEANCOUNT, beans], _beans))
    return found


def measure(path: Path, rounds: int) -> None:
    """Replay the journal in that file so many times, and let each of the others add it up once."""
    with tempfile.TemporaryDirectory() as name, Store.open(Settings(database_url=str(path))) as store:
        folder, vkey = Path(name), store.seals.vkey(transfers.LEDGER)
        with (folder / "plain.journal").open("w") as plain, (folder / "plain.beancount").open("w") as beans:
            count = transfers.write_plain(store, plain, beans)
        ours = [sys.executable, "-c", _OURS, str(path), transfers.LEDGER, vkey]
        runs = [one for _ in range(rounds) if (one := run([*ours, "plain"])) is not None]
        with_index = run([*ours, "index"])
        if len(runs) < rounds:
            raise RuntimeError("the replay failed")
        told = json.loads(runs[0].out)
        if not told["ok"]:
            raise RuntimeError("the replay found something in an honest journal")
        balances: dict[str, int] = told["balances"]
        figures: dict[str, object] = {
            "transactions": count,
            "events": told["events"],
            "checks": told["checks"],
            "cpu_seconds": round(median([one.cpu_seconds for one in runs]), 2),
            "cpu_seconds_per_round": [round(one.cpu_seconds, 2) for one in runs],
            "mib": round(max(one.mib for one in runs)),
            "cpu_seconds_with_index_of_tags": round(with_index.cpu_seconds, 2) if with_index else None,
            "bar_cpu_seconds": BAR_SECONDS,
            "bar_mib": BAR_MIB,
            "ratio_of_medians": round(median([one.cpu_seconds for one in runs]) / BAR_SECONDS, 2),
            "bar": "at most 1",
        }
        for program, command, read in _others(folder):
            figures[program] = _beside(run(command), read, balances)
    tell(f"audit replay of {count:,} postings", figures)


def _beside(one: Run | None, read: Reader, balances: dict[str, int]) -> dict[str, object]:
    """Another program's cost, and whether it came to our balances."""
    if one is None:
        return {"ended": f"failed, or took more than {_LONGEST_SECONDS} s"}
    theirs = sorted(read(one.out).values())
    return {
        "cpu_seconds": round(one.cpu_seconds, 2),
        "mib": round(one.mib),
        "same_balances": theirs == sorted(balances.values()),
    }


def main(arguments: list[str] | None = None) -> None:
    """Print what each took; the bars are 3 s of processor and 150 MiB for 500,000 (design §5)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description="The audit's replay.")
    parser.add_argument("--transfers", type=int, default=TRANSFERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--db", type=Path, help="a journal of transfers, made there if there is none")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = given.db or Path(folder) / "transfers.db"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            transfers.make(path, given.transfers)
        measure(path, given.rounds)


if __name__ == "__main__":
    main()
