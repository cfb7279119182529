"""What sealing costs the writer: durable commands of 32 callers on SQLite, with the sealer in its thread and without it.

Rounds with and without take turns, so that a machine that slows down slows both; each round is sealed to its end before the
next begins. Also how fast a backlog is sealed, per event.
"""

from __future__ import annotations

import tempfile
from functools import partial

from api.settings import Settings
from api.store import Store
from benchmarks.commands import CALLERS, EACH, LEDGER, give_together, prepare
from benchmarks.machine import median, seconds, seconds_and_cpu, tell
from ledger.journal.followers import FollowerThread

ROUNDS = 7


def give_while_sealing(store: Store, members: list[str], run: str) -> None:
    """A round of commands while a thread seals, woken by every commit as in the server."""
    failures: list[Exception] = []
    thread = FollowerThread([store.sealer.follow], failures.append)
    recorder = store.application.desk(LEDGER).recorder
    recorder.listen(thread.bell)
    thread.start()
    try:
        give_together(store, members, CALLERS, EACH, run)
    finally:
        recorder.unlisten(thread.bell)
        thread.stop()
    if failures:
        raise failures[0]


def main() -> None:
    """Print the ratio of the medians, by the clock and by what the processor worked; the bar is 0.9."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Settings(database_url=f"{folder}/n.db")) as store:
        members = prepare(store)
        give_together(store, members, CALLERS, 20, "warm")
        backlog = store.sealer.behind()[LEDGER]
        catch_up = partial(store.sealer.catch_up, LEDGER, force_checkpoint=True)
        sealing_seconds = seconds(catch_up)
        alone, sealed, checkpoints = [], [], 0
        for number in range(ROUNDS):
            alone.append(seconds_and_cpu(partial(give_together, store, members, CALLERS, EACH, f"alone{number}")))
            catch_up()
            before = len(store.seals.listed(LEDGER))
            sealed.append(seconds_and_cpu(partial(give_while_sealing, store, members, f"sealed{number}")))
            checkpoints += len(store.seals.listed(LEDGER)) - before
            catch_up()
    took = [median([clocked for clocked, _ in rounds]) for rounds in (alone, sealed)]
    worked = [median([cpu for _, cpu in rounds]) for rounds in (alone, sealed)]
    tell(
        "durable commands while the ledger is sealed, 32 callers, SQLite",
        {
            "commands_per_second": round(CALLERS * EACH / took[1]),
            "commands_without_seals_per_second": round(CALLERS * EACH / took[0]),
            "ratio_of_medians": round(took[0] / took[1], 3),
            "ratio_of_processor_seconds": round(worked[0] / worked[1], 3),
            "ratios_per_round": [round(one / other, 2) for (one, _), (other, _) in zip(alone, sealed, strict=True)],
            "checkpoints_while_measured": checkpoints,
            "sealing_microseconds_per_event": round(sealing_seconds / backlog * 1_000_000, 1),
            "bar": 0.9,
        },
    )


if __name__ == "__main__":
    main()
