"""How long the server takes for every page, in a city: `python -m benchmarks.pages [--db PATH] [NAME …]`.

The ledger: a street with all its mechanisms, lived by `simulate`, and around it a city of 100,000 members with names, until
there are 1,000,000 events. Every page of the catalogue that the sweeps walk through is asked for `--times` times by
whoever it is for, after two that do not count, one after the other and without a network: what is measured is the time from
the request to the last byte of the answer, compression included. The bar: the 95th percentile of each page ≤ 50 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from starlette.types import ASGIApp, Message

from api.settings import Settings
from api.simulation.life import live
from api.simulation.naming import Naming
from api.store import Store
from benchmarks.community import BEGAN
from benchmarks.generate import LEDGER, fill, head_of
from benchmarks.machine import tell
from projections.rebuild import rebuild
from tests.pages.sweep import LOOKED_AT
from tests.pages.world import World

MEMBERS, EVENTS = 100_000, 1_000_000
STREET_PEOPLE, STREET_DAYS, SEED = 2_000, 150, 7
BAR_MS = 50


def make(path: Path) -> None:
    """Make the city in a new file; some minutes."""
    settings = Settings(database_url=str(path))
    began = BEGAN - timedelta(days=STREET_DAYS + 1)
    live(settings, LEDGER, people=STREET_PEOPLE, days=STREET_DAYS, seed=SEED, began=began, rules=False, named=True)
    with Store.open(settings) as store:
        fill(store, MEMBERS, EVENTS, path.parent, naming=Naming(named=True))
        rebuild(store.database, store.codec.decode, LEDGER)


@contextmanager
def city(path: Path | None) -> Iterator[Store]:
    """A copy of the city at `path`, made first where it is missing: the visitors' own deeds come on top of it each time."""
    with tempfile.TemporaryDirectory(dir=path.parent if path and path.exists() else None) as folder:
        file = path or Path(folder) / "made.db"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            make(file)
        for part in file.parent.glob(f"{file.stem}.*"):
            if part.is_file():
                shutil.copyfile(part, Path(folder) / f"city{part.name.removeprefix(file.stem)}")
        with Store.open(Settings(database_url=str(Path(folder) / "city.db"))) as store:
            yield store


async def answer(app: ASGIApp, address: str, cookie: str) -> tuple[int, int]:
    """Ask for a page; gives its status and how many bytes came."""
    path, _, query = address.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip"), (b"accept-language", b"zh")]
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "headers": headers, "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000), "asgi": {"version": "3.0"},
    }  # fmt: skip
    status, size = 0, 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            size += len(message.get("body", b""))

    await app(scope, receive, send)
    return status, size


def percentile(values: list[float], share: int) -> float:
    """The value that `share` percent of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)]


class Measured(NamedTuple):
    """What came of asking for a page many times."""

    status: int
    size: int
    took: list[float]
    """Milliseconds of each answer, as whoever waits sees them."""
    worked: list[float]
    """Milliseconds of processor of each answer, which do not mind a busy machine."""


async def measured(app: ASGIApp, address: str, cookie: str, times: int) -> Measured:
    """Ask for a page so many times, after two that do not count."""
    status, size, took, worked = 0, 0, [], []
    for number in range(times + 2):
        start, cpu = time.perf_counter(), time.process_time()
        status, size = await answer(app, address, cookie)
        if number >= 2:
            took.append((time.perf_counter() - start) * 1e3)
            worked.append((time.process_time() - cpu) * 1e3)
    return Measured(status, size, took, worked)


def main(given: list[str] | None = None) -> None:
    """Measure all pages, or those of these names; leaves with 1 where a page is above the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--db", type=Path, help="a file that is kept; made first where it is missing")
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args(given)
    pages = [seen for seen in LOOKED_AT if not asked.names or seen.name in asked.names]
    slow: list[str] = []
    busy: list[str] = []
    with city(asked.db) as store:
        world = World(store)
        cookies = {who: cookie_of(world, who) for who in {seen.who for seen in pages}}
        for seen in pages:
            found = asyncio.run(measured(world.app, seen.address(world), cookies[seen.who], asked.times))
            waited, worked = percentile(found.took, 95), percentile(found.worked, 95)
            sys.stdout.write(
                f"{seen.name:30} {found.status} {found.size / 1024:5.1f} KB  median {percentile(found.took, 50):6.1f}"
                f"  p95 {waited:6.1f}  processor: median {percentile(found.worked, 50):6.1f}  p95 {worked:6.1f} ms\n"
            )
            sys.stdout.flush()
            if waited > BAR_MS or found.status != 200:
                slow.append(f"{seen.name} {waited:.1f}")
            if worked > BAR_MS:
                busy.append(f"{seen.name} {worked:.1f}")
        told = {"members": MEMBERS, "events": head_of(store), "pages": len(pages), "bar_ms": BAR_MS}
        tell("every page in a city", {**told, "above_the_bar": slow, "above_it_by_processor_alone": busy})
    if slow:
        raise SystemExit(1)


def cookie_of(world: World, who: str) -> str:
    """The cookies of somebody who has signed in."""
    return "; ".join(f"{name}={value}" for name, value in world.client(who).cookies.items()) if who else ""


if __name__ == "__main__":
    main()
