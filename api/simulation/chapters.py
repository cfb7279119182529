"""The chapters of a day, in their order."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from api.simulation.appraisals import Appraisals
from api.simulation.crossings import Crossings
from api.simulation.everyday import Everyday
from api.simulation.funds import Funds
from api.simulation.issues import Issues
from api.simulation.meetings import Meetings
from api.simulation.partners import Partners
from api.simulation.resources import Resources
from api.simulation.services import Services
from api.simulation.shifts import Shifts
from api.simulation.street import Street
from api.simulation.trials import Trials
from api.simulation.ventures import Ventures


class Chapter(Protocol):
    """One engine's part of life on the street."""

    def begin(self, street: Street) -> None:
        """The first morning: what has to be there."""
        ...

    def day(self, street: Street, today: date) -> None:
        """What happens on a day."""
        ...


CHAPTERS: tuple[type[Chapter], ...] = (
    Everyday,
    Issues,
    Meetings,
    Appraisals,
    Trials,
    Shifts,
    Services,
    Crossings,
    Resources,
    Partners,
    Funds,
    Ventures,
)
"""Every chapter; each is made once for a simulation."""
