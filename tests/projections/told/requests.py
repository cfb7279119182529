"""Stories of the engine `requests`, step by step; `teller.kept` remembers what later steps go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.projections.teller import Teller

STEPS: tuple[Callable[[Teller, int, int, int], None], ...] = ()
