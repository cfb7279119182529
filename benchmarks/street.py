"""A street with all its mechanisms: what an event of it costs to write, to book anew and to audit, beside a plain gift.

The simulated ledger holds every kind of fact; gifts of hours are the cheapest there are. Both are audited in this process, by
the time the processor worked, which does not mind a busy machine. There is no bar: the figure says how far the best case
of the other measurements is from the everyday mixture.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path

from api.settings import Settings
from api.simulation.life import live
from api.store import Store
from benchmarks.commands import LEDGER, give_together, prepare
from benchmarks.machine import seconds_and_cpu, tell
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from projections.books import queries
from projections.rebuild import rebuild

STREET = "street"


def audited(store: Store, ledger: str) -> float:
    """Microseconds of processor an event takes to audit, rules included."""
    trust = Trust(logs=[store.seals.verifier(ledger)])
    _, cpu = seconds_and_cpu(partial(audit, store.database, store.codec, ledger, trust))
    return cpu * 1e6 / queries.stats(store.database, ledger).events


def main(given: list[str] | None = None) -> None:
    """Print one measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--gifts", type=int, default=2_000)
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory() as folder:
        lived_in = Settings(database_url=str(Path(folder) / "street.db"))
        life = partial(live, lived_in, STREET, people=asked.people, days=asked.days, seed=asked.seed, rules=False)
        clocked, worked = seconds_and_cpu(life)
        with Store.open(lived_in) as store, Store.open(Settings(database_url=str(Path(folder) / "gifts.db"))) as plain:
            events = queries.stats(store.database, STREET).events
            booking, _ = seconds_and_cpu(partial(rebuild, store.database, store.codec.decode, STREET))
            give_together(plain, prepare(plain), 4, asked.gifts // 4, "gifts")
            mixture, gift = audited(store, STREET), audited(plain, LEDGER)
        tell(
            "a street with all its mechanisms",
            {
                "people": asked.people,
                "days": asked.days,
                "events": events,
                "events_lived_per_second": round(events / clocked),
                "processor_seconds_of_life": round(worked, 1),
                "events_rebuilt_per_second": round(events / booking),
                "audit_microseconds_an_event": round(mixture),
                "audit_microseconds_a_gift": round(gift),
            },
        )


if __name__ == "__main__":
    main()
