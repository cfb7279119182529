"""What one more command costs in a long journal, against the same in a short one.

One caller gives hours, in turns on both stores of one process, so that whatever else the machine does meets both. A
member has as many facts in either. Warm: giver and receiver were met before. Cold: nobody met them since the store was
opened, so that their states are read from the journal and their rows from the books.
"""

from __future__ import annotations

import argparse
import random
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from api.settings import Settings
from api.store import Store
from benchmarks.generate import LEDGER, generated, head_of
from benchmarks.machine import median, tell
from ledger.application import Actor
from ledger.hours.commands import GiveHours

SHORT, LONG = 10_000, 10_000_000
ROUNDS = 5
PAIRS = 40
WARM = 10
"""Gifts of each pair while warm."""

_ABLE = """
SELECT members.member_id FROM members JOIN accounts
ON accounts.ledger = members.ledger AND accounts.account = 'hours:' || members.member_id
WHERE members.ledger = ? AND accounts.balance >= ? ORDER BY members.registered
"""


class Took(NamedTuple):
    """One command: seconds by the clock, and seconds of a processor."""

    wall: float
    cpu: float


class Side:
    """One of the two ledgers."""

    def __init__(self, path: Path, seed: int, least_minutes: int) -> None:
        self._path, self._dice = path, random.Random(seed)
        with Store.open(Settings(database_url=str(path))) as store, store.database.reading() as cursor:
            cursor.execute(_ABLE, (LEDGER, least_minutes))
            self.able = [str(row[0]) for row in cursor.fetchall()]
            self.events = head_of(store)
        self.cold: list[Took] = []
        self.warm: list[Took] = []

    def open(self, stack: ExitStack, pairs: int) -> list[tuple[str, str]]:
        """A fresh store, which knows nobody but the first two, and pairs of others that it will meet."""
        self._store = stack.enter_context(Store.open(Settings(database_url=str(self._path))))
        chosen = self._dice.sample(self.able, 2 * pairs + 2)
        self.give(chosen.pop(), chosen.pop())
        return list(zip(chosen[::2], chosen[1::2], strict=True))

    def give(self, giver: str, receiver: str) -> Took:
        """One minute."""
        gift = GiveHours(giver=giver, receiver=receiver, minutes=1)
        start, cpu = time.perf_counter(), time.thread_time()
        self._store.application.execute(LEDGER, gift, actor=Actor(giver))
        return Took(time.perf_counter() - start, time.thread_time() - cpu)


def measure(short: Path, long: Path, rounds: int, pairs: int, warm: int) -> None:
    """Rounds on both ledgers, command by command in turns."""
    # Whoever is drawn in every round can still give.
    sides = [Side(path, seed, rounds * (warm + 1) + 1) for seed, path in enumerate((short, long))]
    pairs = min(pairs, *((len(side.able) - 2) // 2 for side in sides))
    for number in range(rounds):
        with ExitStack() as stack:
            of_round = list(zip(*(side.open(stack, pairs) for side in sides), strict=True))
            for turn in range(warm + 1):
                for both in of_round:
                    # Whoever comes second finds the disk as the first one left it: they take turns at that too.
                    order = (0, 1) if number % 2 else (1, 0)
                    for i in order:
                        took = sides[i].give(*both[i])
                        (sides[i].warm if turn else sides[i].cold).append(took)
    few, many = sides
    tell(
        f"one more command at {many.events} events",
        {
            "microseconds": _micros(many.warm),
            "microseconds_in_a_short_journal": _micros(few.warm),
            "ratio_of_medians": _ratio(many.warm, few.warm),
            "bar": 1.2,
            "cpu_ratio": round(median([one.cpu for one in many.warm]) / median([one.cpu for one in few.warm]), 2),
            "cold_microseconds": _micros(many.cold),
            "cold_microseconds_in_a_short_journal": _micros(few.cold),
            "cold_ratio": _ratio(many.cold, few.cold),
            "short_events": few.events,
            "commands": len(many.warm),
            "cold_commands": len(many.cold),
        },
    )


def _micros(took: list[Took]) -> int:
    return round(1e6 * median([one.wall for one in took]))


def _ratio(mine: list[Took], other: list[Took]) -> float:
    return round(median([one.wall for one in mine]) / median([one.wall for one in other]), 2)


def main(arguments: list[str] | None = None) -> None:
    """Print the ratio; the bar is 1.2 (design §5). Ten million events take minutes to make and some 15 GB."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_more", description="One more command, far along.")
    parser.add_argument("--events", type=int, default=LONG, help="how long the long journal is")
    parser.add_argument("--short", type=int, default=SHORT, help="how long the short one is")
    parser.add_argument("--db", type=Path, help="the long ledger, made there if there is none; it grows by the gifts")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--warm", type=int, default=WARM)
    given = parser.parse_args(arguments)
    with generated(None, given.short) as short, generated(given.db, given.events) as long:
        measure(short, long, given.rounds, given.pairs, given.warm)


if __name__ == "__main__":
    main()
