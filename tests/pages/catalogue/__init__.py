"""Every page there is, once per kind of visitor: what the sweeps look at, what is measured, what pictures are taken of.

Each face lists its own in a module here, as `PAGES`. A path is filled from a `World`; see `tests.pages.world`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World

_MODULES = [
    importlib.import_module(f"{__name__}.{name}")
    for name in sorted(one.name for one in pkgutil.iter_modules(__path__))
    if name != "seen"
]

PAGES: tuple[Seen, ...] = tuple(seen for module in _MODULES for seen in module.PAGES)

PREPARATIONS: tuple[Callable[[World], None], ...] = tuple(
    module.prepare for module in _MODULES if hasattr(module, "prepare")
)
"""What a face needs on the street that a simulation does not bring about: `prepare(world)` of its module."""
