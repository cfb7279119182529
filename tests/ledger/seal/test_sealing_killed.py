"""kill -9 while a process writes and seals; and several sealers at once: one history, every root signed once."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from api.store import Store
from tests.house.stores import LEDGER, open_ledger, store_at
from tests.ledger.seal.sealed import add_events, check_every_checkpoint, head_of, sealed_to

NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.house.stores"])


def _write_and_seal_for_ever(url: str, folder: str, ready: int) -> None:
    """The process to be killed: one thread appends, another seals whatever there is, over and over."""
    with store_at(url, Path(folder)) as store:
        os.write(ready, b"!")

        def seal() -> None:
            while True:
                store.sealer.catch_up(LEDGER, force_checkpoint=True)

        threading.Thread(target=seal, daemon=True).start()
        while True:
            add_events(store, 37)


def _killed_after(url: str, folder: Path, wait_seconds: float) -> None:
    ours, theirs = NURSERY.Pipe(duplex=False)
    child = NURSERY.Process(target=_run, args=(url, str(folder), theirs))
    child.start()
    theirs.close()
    assert os.read(ours.fileno(), 1) == b"!"
    time.sleep(wait_seconds)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    ours.close()


def _run(url: str, folder: str, told: object) -> None:
    _write_and_seal_for_ever(url, folder, told.fileno())  # type: ignore[attr-defined]  # a Connection, whose class is private


@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 10), ("postgresql", 4)])
def test_killed_while_it_seals_it_goes_on_exactly(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'n.db'}" if kind == "sqlite" else request.getfixturevalue("fresh_database_url")
    with store_at(url, tmp_path) as store:
        open_ledger(store)
    dice = random.Random(6_962)
    sizes: list[int] = []
    for _ in range(kills):
        _killed_after(url, tmp_path, dice.uniform(0.02, 0.25))
        with store_at(url, tmp_path) as store:
            check_every_checkpoint(store)
            store.sealer.catch_up(LEDGER, force_checkpoint=True)
            assert sealed_to(store) == head_of(store)
            sizes.append(len(store.seals.listed(LEDGER)))
    with store_at(url, tmp_path) as store:
        check_every_checkpoint(store)
    assert sizes == sorted(sizes)
    assert sizes[-1] > kills


def test_two_sealers_at_once_sign_one_history(store_url: str, tmp_path: Path) -> None:
    with (
        store_at(store_url, tmp_path) as writer,
        store_at(store_url, tmp_path) as one,
        store_at(store_url, tmp_path) as two,
    ):
        open_ledger(writer)
        over = threading.Event()
        failures: list[BaseException] = []

        def seal(store: Store) -> None:
            try:
                while not over.is_set():
                    store.sealer.catch_up(LEDGER, force_checkpoint=True)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=seal, args=(store,)) for store in (one, two)]
        for thread in threads:
            thread.start()
        for _ in range(60):
            add_events(writer, 37)
        over.set()
        for thread in threads:
            thread.join()
        writer.sealer.catch_up(LEDGER, force_checkpoint=True)

        assert failures == []
        assert sealed_to(writer) == head_of(writer)
        assert len(check_every_checkpoint(writer)) > 3
