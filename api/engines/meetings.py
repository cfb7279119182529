"""How the engine `meetings` is reached."""

from __future__ import annotations

from collections.abc import Callable

from api.routes.commands import Write
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.base import Command

WRITES: tuple[Write, ...] = ()

SHELVES: tuple[Shelf, ...] = ()

READS: tuple[Read, ...] = ()

FIGURES: dict[str, dict[str, str]] = {}

DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = ()
