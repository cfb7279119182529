"""Bulk import, decided and booked, against raw batched inserts of the same events.

Ours: `execute_many` with batches, keys and contents as the importer gives them; each row is a session of a day of the
past year, recorded and verified at once, and booked. Once without words, once with (what was done, sealed into the
vault's own database). Raw: the same rows of events and tags into the same two tables by `executemany`, batches of the
same number of events, one commit a batch, `synchronous=FULL`. Each round imports fresh rows and then writes raw what
came of them. For information, a whole `run_import` of a CSV, reading and naming included.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

from api.imports.runner import BATCH, run_import
from api.settings import Settings
from api.store import Store
from benchmarks.machine import median, seconds, seconds_and_cpu, tell
from benchmarks.raw import batched, open_raw_journal
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.errors import NuanlinError
from ledger.hours.commands import DepositSession, SessionWords
from ledger.ids import new_id
from ledger.parties.commands import RegisterMember
from ledger.places.commands import OpenLedger

LEDGER = "fangxing"
ROWS = 20_000
ROUNDS = 5
MEMBERS = 2_000
_MINUTES = (60, 90, 120, 180)
_WORDS = SessionWords(activity="Evening watch", content="Walked the courtyards and looked after the gates")
_ACTOR = Actor(OPERATOR)


def register(store: Store, members: int) -> list[str]:
    """A ledger with so many members; number 7 of them is N00007."""
    store.application.execute(LEDGER, OpenLedger(name=LEDGER), actor=_ACTOR)
    found = [new_id("mem") for _ in range(members)]
    for start in range(0, members, 500):
        part = range(start, min(start + 500, members))
        orders = [Order(RegisterMember(member_id=found[i], number=f"N{i:05}")) for i in part]
        _all_entered(store.application.execute_many(LEDGER, orders, actor=_ACTOR))
    return found


def day_of_row(row: int, members: int) -> date:
    """Every member has a session on one day after the other, from a year ago on; later rows have later days."""
    first = datetime.now(UTC).date() - timedelta(days=365)
    return first + timedelta(days=row // members)


def orders_of(rows: range, members: list[str], words: SessionWords | None) -> list[Order]:
    """Rows of a sheet as the importer orders them: one command each, keyed by its reference."""
    orders = []
    for row in rows:
        command = DepositSession(
            volunteer=members[row % len(members)], day=day_of_row(row, len(members)),
            minutes=_MINUTES[row % len(_MINUTES)], origin="imported", words=words,
        )  # fmt: skip
        content = blake2b(str(row).encode(), digest_size=16).hexdigest().encode()
        orders.append(Order(command, f"import:hours:ref:R{row:07}", body=content))
    return orders


def enter(store: Store, orders: list[Order]) -> None:
    """In batches as the importer has them."""
    for start in range(0, len(orders), BATCH):
        _all_entered(store.application.execute_many(LEDGER, orders[start : start + BATCH], actor=_ACTOR))


def _all_entered(outcomes: Sequence[Outcome | NuanlinError]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, NuanlinError):
            raise outcome


Batches = list[tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]


def written_since(store: Store, position: int, batch: int) -> Batches:
    """Rows of events and of their tags behind a position, in batches of so many events, tags in the index's order."""
    batches: Batches = []
    with store.database.reading() as cursor:
        cursor.execute("SELECT max(position) FROM events WHERE ledger = ?", (LEDGER,))
        last = cursor.fetchone()
        for start in range(position, int(last[0]) if last else 0, batch):
            part = (LEDGER, start, start + batch)
            cursor.execute("SELECT * FROM events WHERE ledger = ? AND position > ? AND position <= ?", part)
            rows = cursor.fetchall()
            tags = sorted((LEDGER, tag, row[1]) for row in rows for tag in row[4].split("\n"))
            batches.append((rows, list(tags)))
    return batches


def measure(rows: int, rounds: int, members: int, words: SessionWords | None) -> None:
    """One kind of rows: ours and raw in turns."""
    each = rows // rounds
    with tempfile.TemporaryDirectory() as folder, Store.open(Settings(database_url=f"{folder}/n.db")) as store:
        people = register(store, members)
        raw = open_raw_journal(Path(folder) / "raw.db")
        ours, cpu, theirs = [], [], []
        for number in range(rounds):
            orders = orders_of(range(number * each, (number + 1) * each), people, words)
            before = store.application.desk(LEDGER).recorder.committer.seen
            took, worked = seconds_and_cpu(partial(enter, store, orders))
            batches = written_since(store, before, 2 * BATCH)
            count = sum(len(part) for part, _ in batches)
            ours.append(count / took)
            cpu.append(1_000_000 * worked / count)
            theirs.append(count / seconds(partial(batched, raw, batches)))
        raw.close()
    tell(
        f"bulk import, decided and booked, {'with' if words else 'without'} words",
        {
            "events_per_second": round(median(ours)),
            "raw_events_per_second": round(median(theirs)),
            "ratio_of_medians": round(median(ours) / median(theirs), 3),
            "ratios_per_round": [round(mine / other, 3) for mine, other in zip(ours, theirs, strict=True)],
            "bar": 0.25,
            "rows": each * rounds,
            "rows_per_commit": BATCH,
            "cpu_microseconds_per_event": round(median(cpu), 1),
        },
    )


def whole_file(rows: int, members: int) -> None:
    """A CSV from the file to the books, for information."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Settings(database_url=f"{folder}/n.db")) as store:
        register(store, members)
        sheet = Path(folder) / "hours.csv"
        with sheet.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["ref", "member number", "date", "minutes", "activity"])
            for row in range(rows):
                day = day_of_row(row, members).isoformat()
                minutes = _MINUTES[row % len(_MINUTES)]
                writer.writerow([f"R{row:07}", f"N{row % members:05}", day, minutes, _WORDS.activity])

        def run() -> None:
            result = run_import(store, LEDGER, "hours", sheet, None, dry_run=False, actor=_ACTOR)
            assert (result.imported, result.refused) == (rows, []), result.refused[:3]

        took, worked = seconds_and_cpu(run)
    tell(
        "import of a CSV of hours, whole",
        {"rows_per_second": round(rows / took), "rows": rows, "cpu_microseconds_per_row": round(1e6 * worked / rows)},
    )


def main(arguments: list[str] | None = None) -> None:
    """Print both ratios and the time of a whole file; the bar is 25 % (design §5)."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.imports", description="Bulk import against raw inserts."
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--members", type=int, default=MEMBERS)
    given = parser.parse_args(arguments)
    for words in (None, _WORDS):
        measure(given.rows, given.rounds, given.members, words)
    whole_file(given.rows, given.members)


if __name__ == "__main__":
    main()
