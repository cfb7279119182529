"""A point in the ledger's past as a person writes it: a position, a day, or a day and time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from api.cli.failures import Misused
from ledger.clock import micros, moment, start_of_day, zone

_POSITION = re.compile(r"[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class When(NamedTuple):
    """Either a position or an instant (microseconds UTC)."""

    position: int | None = None
    at: int | None = None


def read_when(text: str, zone_name: str) -> When:
    """`1234` is a position; `2026-03-08` the end of that day in the community's zone; `2026-03-08T17:30` a moment.

    A date-time without an offset is the community's; one with an offset (`Z`, `+08:00`) means what it says. Raises
    Misused `bad_time`.
    """
    wanted = text.strip()
    if _POSITION.fullmatch(wanted):
        return When(position=int(wanted))
    try:
        when = datetime.fromisoformat(wanted)
        if _DAY.fullmatch(wanted):
            return When(at=start_of_day(when.date() + timedelta(days=1), zone_name) - 1)
        return When(at=micros(when if when.tzinfo is not None else when.replace(tzinfo=zone(zone_name))))
    except (ValueError, OverflowError):
        raise Misused("bad_time", text=text) from None


def iso(at_micros: int) -> str:
    """An instant for scripts, as in the API: RFC 3339 in UTC, `2026-03-08T09:30:00Z`."""
    return moment(at_micros).isoformat().replace("+00:00", "Z")
