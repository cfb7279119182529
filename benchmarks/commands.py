"""Durable commands, 32 callers, SQLite, whole path (decide + append + books), against raw one-row commits of the same bytes.

Each command is a gift of hours between two of 2,000 members, with an idempotency key, decided on cached states and
booked in its append. Raw: the same event bytes, one row and one commit each, no tags, no books, no decision.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from api.settings import Settings
from api.store import Store
from benchmarks.machine import median, seconds, tell
from benchmarks.raw import one_row_per_commit, open_raw, together
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.hours.commands import DepositSession, GiveHours
from ledger.parties.commands import RegisterMember
from ledger.parties.facts import MemberRegistered
from ledger.places.commands import OpenLedger

LEDGER = "fangxing"
CALLERS = 32
EACH = 250
ROUNDS = 5
MEMBERS = 2_000


def prepare(store: Store, members: int = MEMBERS) -> list[str]:
    """A ledger with members who have hours to give."""
    operator = Actor(OPERATOR)
    store.application.execute(LEDGER, OpenLedger(name=LEDGER), actor=operator)
    found: list[str] = []
    for start in range(0, members, 500):
        orders = [Order(RegisterMember(number=f"N{i}")) for i in range(start, min(start + 500, members))]
        outcomes = store.application.execute_many(LEDGER, orders, actor=operator)
        made = [outcome.facts[0] for outcome in outcomes if isinstance(outcome, Outcome)]
        found.extend(one.member_id for one in made if isinstance(one, MemberRegistered))
    day = date.today() - timedelta(days=1)  # noqa: DTZ011  # any recent day will do
    for start in range(0, members, 500):
        banked = [Order(DepositSession(volunteer=one, day=day, minutes=480)) for one in found[start : start + 500]]
        store.application.execute_many(LEDGER, banked, actor=operator)
    return found


def give_together(store: Store, members: list[str], callers: int, each: int, run: str) -> None:
    """`callers` threads give one minute `each` times."""

    def caller(number: int) -> Callable[[], None]:
        dice = random.Random(f"{run}:{number}")

        def give() -> None:
            for turn in range(each):
                giver, receiver = dice.sample(members, 2)
                gift = GiveHours(giver=giver, receiver=receiver, minutes=1)
                store.application.execute(LEDGER, gift, actor=Actor(giver), key=f"{run}:{number}:{turn}")

        return give

    together([caller(number) for number in range(callers)])


def stored_bytes(store: Store) -> bytes:
    """The bytes of one gift as they are in the journal."""
    with store.database.reading() as cursor:
        cursor.execute("SELECT data FROM events WHERE type = 'hours.given@1' LIMIT 1")
        row = cursor.fetchone()
        assert row is not None
        return bytes(row[0])


def main() -> None:
    """Print the ratio; the bar is 1, the aim 1.5 (design §5)."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Settings(database_url=f"{folder}/n.db")) as store:
        members = prepare(store)
        give_together(store, members, CALLERS, 20, "warm")
        data = stored_bytes(store)
        raw = open_raw(Path(folder) / "raw.db")
        one_row_per_commit(raw, CALLERS, 20, data)
        ours, theirs = [], []
        for number in range(ROUNDS):
            theirs.append(CALLERS * EACH / seconds(lambda: one_row_per_commit(raw, CALLERS, EACH, data)))
            run = str(number)
            ours.append(CALLERS * EACH / seconds(partial(give_together, store, members, CALLERS, EACH, run)))
        raw.close()
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    tell(
        "durable commands, 32 callers, SQLite, whole path",
        {
            "commands_per_second": round(median(ours)),
            "raw_commits_per_second": round(median(theirs)),
            "ratio_of_medians": round(median(ours) / median(theirs), 2),
            "ratios_per_round": [round(ratio, 2) for ratio in ratios],
            "bar": 1.0,
            "event_bytes": len(data),
        },
    )


if __name__ == "__main__":
    main()
