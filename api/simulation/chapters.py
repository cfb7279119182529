"""The chapters of a day, in their order."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from api.simulation.everyday import Everyday
from api.simulation.street import Street


class Chapter(Protocol):
    """One engine's part of life on the street."""

    def begin(self, street: Street) -> None:
        """The first morning: what has to be there."""
        ...

    def day(self, street: Street, today: date) -> None:
        """What happens on a day."""
        ...


CHAPTERS: tuple[type[Chapter], ...] = (Everyday,)
"""Every chapter; each is made once for a simulation."""
