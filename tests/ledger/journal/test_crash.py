"""kill -9 in the middle of commits, fifty times: no acknowledged command is lost, and nothing is half there."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import defaultdict
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from api.store import Store
from ledger.accounts import postings
from ledger.application import Actor
from ledger.errors import Refused
from ledger.hours.commands import GiveHours
from ledger.journal.codec import split_tags
from tests.house.stores import LEDGER, add_members, open_ledger, store_at

ROUNDS = 50
MEMBERS = 40

NURSERY = multiprocessing.get_context("forkserver")
"""Has everything imported once, so that fifty processes start quickly."""
NURSERY.set_forkserver_preload(["tests.house.stores"])

LINES = """
SELECT accounts.account, accounts.unit, postings.position, postings.amount
FROM postings JOIN accounts ON accounts.ledger = postings.ledger AND accounts.number = postings.number
"""


def _give_for_ever(url: str, folder: str, run: int, members: list[str], told: Connection) -> None:
    """The process to be killed: eight threads give hours and tell each key once its command was answered."""
    with store_at(url, Path(folder)) as store:
        os.write(told.fileno(), b"ready\n")

        def give(thread: int) -> None:
            dice = random.Random(f"{run}:{thread}")
            for turn in range(100_000):
                giver, receiver = dice.sample(members, 2)
                key = f"{run}:{thread}:{turn}"
                gift = GiveHours(giver=giver, receiver=receiver, minutes=1)
                try:
                    store.application.execute(LEDGER, gift, actor=Actor(giver), key=key)
                except Refused as refusal:
                    assert refusal.code == "insufficient_hours"
                    continue
                os.write(told.fileno(), f"{key}\n".encode())

        threads = [threading.Thread(target=give, args=(thread,)) for thread in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _killed_run(url: str, folder: Path, run: int, members: list[str], wait_seconds: float) -> list[str]:
    """Let such a process run, kill it, and give the keys it acknowledged."""
    ours, theirs = NURSERY.Pipe(duplex=False)
    child = NURSERY.Process(target=_give_for_ever, args=(url, str(folder), run, members, theirs))
    child.start()
    theirs.close()
    told = b""
    while not told.startswith(b"ready\n"):
        told += os.read(ours.fileno(), 65_536)
    time.sleep(wait_seconds)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    while part := os.read(ours.fileno(), 65_536):
        told += part
    child.join()
    ours.close()
    return told.decode().split("\n")[1:-1]


def _check_nothing_is_half_there(store: Store) -> set[str]:
    """Facts, tags and books agree to the last row; gives the blinded keys in the journal."""
    codec = store.codec
    with store.database.reading() as cursor:
        cursor.execute("SELECT position, type, tags, data FROM events ORDER BY position")
        events = cursor.fetchall()
        cursor.execute("SELECT position, tag FROM event_tags")
        tags = cursor.fetchall()
        cursor.execute(LINES)
        lines = cursor.fetchall()
        cursor.execute("SELECT account, unit, balance FROM accounts")
        balances = {(account, unit): balance for account, unit, balance in cursor.fetchall()}
        cursor.execute("SELECT head FROM ledgers")
        head = cursor.fetchone()

    assert [row[0] for row in events] == list(range(1, len(events) + 1))
    assert head is not None and head[0] == len(events)
    assert sorted((row[0], tag) for row in events for tag in split_tags(row[2])) == sorted(map(tuple, tags))
    expected = [
        (account, unit, position, amount)
        for position, kind, _tags, data in events
        for account, unit, amount in postings(codec.fact(kind, bytes(data)))
    ]
    assert sorted(expected) == sorted(map(tuple, lines))
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for account, unit, _position, amount in expected:
        sums[(account, unit)] += amount
    assert balances == dict(sums)
    return {tag for _, tag in tags if tag.startswith("key_")}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_in_the_middle_of_commits_nothing_acknowledged_is_lost_and_nothing_is_half(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Fifty kills in all: forty on SQLite, where the process is the database, ten on PostgreSQL."""
    url = f"sqlite:///{tmp_path / 'n.db'}" if kind == "sqlite" else request.getfixturevalue("fresh_database_url")
    with store_at(url, tmp_path) as store:
        open_ledger(store)
        members = add_members(store, MEMBERS)
    dice = random.Random(20_261_122)
    acknowledged = 0

    runs = ROUNDS * 4 // 5 if kind == "sqlite" else ROUNDS // 5

    for run in range(runs):
        keys = _killed_run(url, tmp_path, run, members, dice.uniform(0.05, 0.3))
        acknowledged += len(keys)
        with store_at(url, tmp_path) as store:
            stored = _check_nothing_is_half_there(store)
            blinded = {f"key_{store.vault.blind(LEDGER, 'key', key.encode())}" for key in keys}
            assert blinded <= stored

    assert acknowledged > runs * 5
