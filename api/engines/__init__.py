"""How each engine is reached: its commands, its shelves and other reads, its figures, and what of it comes due.

One module per engine; each may have `WRITES`, `SHELVES`, `READS`, `FIGURES` and `DUE`. Bodies to show as examples stand
beside it in a file of the same name.
"""

from __future__ import annotations

from collections.abc import Callable

from api.engines import appraisals, funds, meetings, partners, requests, resources, services, shifts
from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf, figures_of, reads_of
from api.store import Store
from ledger.base import Command

Due = Callable[[Store, str, int], list[Command]]
"""(store, ledger, microseconds UTC) → the commands that enter what has come due by then, a limited number at a time."""

_ENGINES = (appraisals, funds, meetings, partners, requests, resources, services, shifts)

WRITES: tuple[Write, ...] = tuple(write for engine in _ENGINES for write in engine.WRITES)
"""Every command of the engines over HTTP."""

SHELVES: tuple[Shelf, ...] = tuple(shelf for engine in _ENGINES for shelf in engine.SHELVES)
"""Every declared list."""

READS: tuple[Read, ...] = (
    *(read for shelf in SHELVES for read in reads_of(shelf)),
    *(read for engine in _ENGINES for read in engine.READS),
)
"""Every read of the engines."""

FIGURES: dict[str, dict[str, str]] = {
    **{kind: names for shelf in SHELVES for kind, names in figures_of(shelf).items()},
    **{kind: names for engine in _ENGINES for kind, names in engine.FIGURES.items()},
}
"""The names of their figures by the type of an answer, see `api.asof.tables`."""

DUE: tuple[Due, ...] = tuple(due for engine in _ENGINES for due in engine.DUE)
"""What the follower of deadlines asks."""
