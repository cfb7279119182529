"""kill -9 on either side of a crossing, again and again: every transfer ends exactly once, and no minute is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import pytest
import uvicorn

from api import tokens
from api.app import create_app
from api.crossing import carry, carry_both_ways
from api.crossing_http import HttpSide
from api.outgoing import Unreachable
from ledger.application import OPERATOR
from ledger.base import Command
from ledger.crossings import facts
from ledger.errors import Unusable
from tests.crossing.two import AWAY, HOME, PEER_AWAY, PEER_HOME, Town, facts_of, on_the_way, two_towns
from tests.house.stores import store_at

NURSERY = multiprocessing.get_context("forkserver")
"""Has everything imported once, so that processes start quickly."""
NURSERY.set_forkserver_preload(["tests.crossing.two", "api.app"])

ROUNDS = 8
SENT_EACH = 6
DICE = random.Random(20_260_302)


def _carry_for_ever(home_url: str, away_url: str, folder: str) -> None:
    """The courier to be killed: it holds both databases open, so that both sides die with it."""
    with two_towns(home_url, away_url, Path(folder)) as (home, away):
        while True:
            carry_both_ways(home.side, away.side, PEER_AWAY)


def _check_each_ended_once(home: Town, away: Town) -> tuple[int, int]:
    """Every transfer is answered once and settled once, as it was answered; gives how many arrived and came home."""
    arrived, returned = 0, 0
    for one, other in ((home, away), (away, home)):
        ours, theirs = facts_of(one), facts_of(other)
        sent = Counter(fact.transfer_id for fact in ours if isinstance(fact, facts.HoursSent))
        came = Counter(fact.transfer_id for fact in theirs if isinstance(fact, facts.HoursArrived))
        away_again = Counter(fact.transfer_id for fact in theirs if isinstance(fact, facts.HoursTurnedAway))
        confirmed = Counter(fact.transfer_id for fact in ours if isinstance(fact, facts.ArrivalConfirmed))
        home_again = Counter(fact.transfer_id for fact in ours if isinstance(fact, facts.HoursReturned))
        assert came + away_again == sent
        assert (confirmed, home_again) == (came, away_again)
        assert set(sent.values()) <= {1}
        arrived, returned = arrived + came.total(), returned + home_again.total()
    assert on_the_way(home, away) == 0
    assert home.crossed() == -away.crossed()
    return arrived, returned


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_courier_killed_with_both_databases_in_its_hands_loses_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """From an SQLite file to another, and from an SQLite file to PostgreSQL."""
    home_url = f"sqlite:///{tmp_path / 'home.db'}"
    away_url = (
        f"sqlite:///{tmp_path / 'away.db'}" if kind == "sqlite" else request.getfixturevalue("fresh_database_url")
    )
    with two_towns(home_url, away_url, tmp_path) as (home, away):
        home.agree(away, proof=False)
        away.agree(home, proof=False)
    half_done = 0
    for _ in range(ROUNDS):
        with two_towns(home_url, away_url, tmp_path) as (home, away):
            for turn in range(SENT_EACH):
                home.send("mem_nobody" if turn == 0 else away.members[turn % 2], turn % 3 + 1, giver=turn % 2)
                away.send(home.members[turn % 2], 1)
        courier = NURSERY.Process(target=_carry_for_ever, args=(home_url, away_url, str(tmp_path)))
        courier.start()
        time.sleep(DICE.uniform(0.15, 0.45))
        assert courier.pid is not None
        os.kill(courier.pid, signal.SIGKILL)
        courier.join()
        with two_towns(home_url, away_url, tmp_path) as (home, away):
            assert on_the_way(home, away) >= 0
            half_done += bool(home.side.waiting(PEER_AWAY))
    with two_towns(home_url, away_url, tmp_path) as (home, away):
        carry_both_ways(home.side, away.side, PEER_AWAY)
        assert _check_each_ended_once(home, away) == (ROUNDS * (2 * SENT_EACH - 1), ROUNDS)
        home.check()
        away.check()
    assert half_done, "no kill ever came in between"


def _serve(url: str, folder: str, port: int) -> None:
    """The other ledger's server, to be killed."""
    with store_at(url, Path(folder)) as store:
        uvicorn.run(create_app(store), host="127.0.0.1", port=port, log_level="error", lifespan="off")


@contextmanager
def _served(url: str, folder: Path, port: int) -> Iterator[int]:
    """The other ledger's server, killed at the end if it still lives; gives its process id."""
    server = NURSERY.Process(target=_serve, args=(url, str(folder), port))
    server.start()
    assert server.pid is not None
    for _ in range(1_000):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.02)
    try:
        yield server.pid
    finally:
        _kill(server.pid)
        server.join()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class _Deadly(HttpSide):
    """The other ledger, whose server is killed while, or shortly before or after, it takes a command."""

    def __init__(self, url: str, token: str, pid: int, spared: int) -> None:
        super().__init__(url, token)
        self._pid, self._spared = pid, spared

    def give(self, command: Command) -> None:
        """The command; the server dies about now when it has taken as many as it was spared for."""
        self._spared -= 1
        if self._spared < 0:
            Timer(DICE.uniform(0, 0.03), _kill, (self._pid,)).start()
        super().give(command)


def test_a_server_killed_while_the_courier_talks_to_it_loses_nothing(tmp_path: Path) -> None:
    """Over HTTP with tokens, and with the seals of both ledgers as proofs."""
    home_url, away_url = f"sqlite:///{tmp_path / 'home.db'}", f"sqlite:///{tmp_path / 'away.db'}"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with two_towns(home_url, away_url, tmp_path) as (home, away):
        home.agree(away, proof=True)
        away.agree(home, proof=True)
        token, _ = tokens.create(away.store, AWAY, actor=OPERATOR)
    rounds, broken = 6, 0
    for spared in range(rounds):
        with two_towns(home_url, away_url, tmp_path) as (home, away):
            for turn in range(SENT_EACH):
                home.send("mem_nobody" if turn == 0 else away.members[turn % 2], 1)
            away.send(home.members[0], 2)
            home.seal()
            away.seal()
        with (
            store_at(home_url, tmp_path / "home") as store,
            _served(away_url, tmp_path / "away", port) as pid,
        ):
            here = Town(store, HOME, PEER_AWAY, []).side
            side = _Deadly(f"http://127.0.0.1:{port}/api/v1/{AWAY}", token, pid, spared)
            try:
                carry(here, side, PEER_AWAY)
                carry(side, here, PEER_HOME)
            except (Unreachable, Unusable):
                broken += 1
    with two_towns(home_url, away_url, tmp_path) as (home, away):
        assert any(isinstance(one, facts.HoursArrived) for one in facts_of(away)), "nothing was ever carried over HTTP"
        for _ in range(3):
            home.seal()
            away.seal()
            carry_both_ways(home.side, away.side, PEER_AWAY)
        assert _check_each_ended_once(home, away) == (rounds * SENT_EACH, rounds)
        home.check()
        away.check()
    assert broken, "no kill ever came in between"
