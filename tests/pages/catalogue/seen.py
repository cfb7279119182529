"""One page as somebody sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from tests.pages.world import World


class Seen(msgspec.Struct, frozen=True):
    """`name` is one of its own; `path` comes below the ledger, or begins with `/`; `who` is a name of `World.people`, ""
    for somebody who is not signed in. `status` is what the page must answer with; 200 is a page that the sweeps look at."""

    name: str
    path: str | Callable[[World], str]
    who: str = ""
    status: int = 200

    def address(self, world: World) -> str:
        """The address without the host."""
        path = self.path if isinstance(self.path, str) else self.path(world)
        filled = path.format_map(world.people)
        return filled if filled.startswith("/") else f"/{world.ledger}/{filled}"
