"""A point in a ledger's past as people write it: a position, a day, or a day and time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from ledger.clock import micros, start_of_day, zone

_POSITION = re.compile(r"[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class When(NamedTuple):
    """Either a position or an instant (microseconds UTC)."""

    position: int | None = None
    at: int | None = None


def moment_of(text: str, zone_name: str) -> When:
    """`1234` is a position; `2026-03-08` the end of that day in the community's zone; `2026-03-08T17:30` a moment.

    A date-time without an offset is the community's; one with an offset (`Z`, `+08:00`) means what it says. Raises
    ValueError for anything else.
    """
    wanted = text.strip()
    if _POSITION.fullmatch(wanted):
        return When(position=int(wanted))
    try:
        when = datetime.fromisoformat(wanted)
        if _DAY.fullmatch(wanted):
            return When(at=start_of_day(when.date() + timedelta(days=1), zone_name) - 1)
        return When(at=micros(when if when.tzinfo is not None else when.replace(tzinfo=zone(zone_name))))
    except OverflowError:
        raise ValueError(text) from None
