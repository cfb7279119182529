"""What the figures were measured on, and how rounds are repeated."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path


def describe() -> dict[str, str]:
    """Processor, cores, memory, versions: printed with every figure."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "memory": f"{memory} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "sqlalchemy": version("sqlalchemy"),
        "eventsourcing": version("eventsourcing"),
        "msgspec": version("msgspec"),
    }


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def seconds_and_cpu(work: Callable[[], object]) -> tuple[float, float]:
    """How long it took, and how long a processor worked for this process: on a busy machine the two differ."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


told: list[dict[str, object]] = []
"""The measurements of this process, in order."""


def tell(name: str, figures: dict[str, object]) -> None:
    """Print one measurement as a line of JSON, with the machine it was made on."""
    out = {"benchmark": name, "load_before": round(os.getloadavg()[0], 2), **figures, "machine": describe()}
    told.append(out)
    sys.stdout.write(json.dumps(out, ensure_ascii=False) + "\n")
    sys.stdout.flush()
