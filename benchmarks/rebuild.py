"""Rebuild of all books and boards of a generated ledger, in events a second.

Nothing is decided and nothing compared: the journal is read, decoded and booked anew, as `nuanlin projections rebuild`
does it, with its pauses for writers who wait.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from api.settings import Settings
from api.store import Store
from benchmarks.generate import LEDGER, generated, head_of
from benchmarks.machine import median, seconds_and_cpu, tell
from projections.rebuild import rebuild

EVENTS = 1_000_000
ROUNDS = 3
BAR = 50_000


def measure(path: Path, rounds: int) -> None:
    """Rebuild the ledger in that file so many times."""
    rates, cpu = [], []
    with Store.open(Settings(database_url=str(path))) as store:
        count = head_of(store)
        for _ in range(rounds):
            took, worked = seconds_and_cpu(lambda: rebuild(store.database, store.codec.decode, LEDGER))
            rates.append(count / took)
            cpu.append(1_000_000 * worked / count)
    tell(
        "rebuild of books and boards",
        {
            "events_per_second": round(median(rates)),
            "bar_events_per_second": BAR,
            "ratio_of_medians": round(median(rates) / BAR, 2),
            "ratios_per_round": [round(rate / BAR, 2) for rate in rates],
            "bar": 1.0,
            "events": count,
            "cpu_microseconds_per_event": round(median(cpu), 1),
        },
    )


def main(arguments: list[str] | None = None) -> None:
    """Print the rate; the bar is 50,000 events a second (design §5)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild", description="Rebuild of books and boards.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--db", type=Path, help="a generated ledger, made there if there is none")
    given = parser.parse_args(arguments)
    with generated(given.db, given.events) as path:
        measure(path, given.rounds)


if __name__ == "__main__":
    main()
