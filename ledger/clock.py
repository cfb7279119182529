"""Time is injected: the one place that reads the wall clock.

Journal times are whole microseconds since the epoch, UTC. Days and months are the community's (default Asia/Shanghai).
"""

from __future__ import annotations

import time
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MICROS_PER_SECOND = 1_000_000
MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND
MICROS_PER_DAY = 24 * 60 * MICROS_PER_MINUTE
DEFAULT_ZONE = "Asia/Shanghai"

Clock = Callable[[], int]
"""Gives the present as microseconds since the epoch, UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> int:
    """Microseconds since the epoch by this machine's clock."""
    return int(time.time() * MICROS_PER_SECOND)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises `zoneinfo.ZoneInfoNotFoundError` for an unknown one."""
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that IANA name."""
    try:
        return zone(name) is not None
    except (KeyError, ValueError, OSError):
        # An unknown name (a KeyError), one with a path in it, one that is a folder of the time zone data.
        return False


def moment(at_micros: int, zone_name: str = "UTC") -> datetime:
    """The instant as an aware datetime in a zone."""
    return (_EPOCH + timedelta(microseconds=at_micros)).astimezone(zone(zone_name))


def micros(when: datetime) -> int:
    """Microseconds since the epoch of an aware datetime."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def day_of(at_micros: int, zone_name: str = DEFAULT_ZONE) -> date:
    """The community's calendar day at that instant."""
    return _day_of_minute(at_micros // MICROS_PER_MINUTE, zone_name)


@lru_cache(maxsize=1024)
def _day_of_minute(minute: int, zone_name: str) -> date:
    """Every decision asks for today; the time zone's arithmetic costs more than the rest of a small decision."""
    return moment(minute * MICROS_PER_MINUTE, zone_name).date()


def start_of_day(day: date, zone_name: str = DEFAULT_ZONE) -> int:
    """The instant at which that day begins in the community."""
    return micros(datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)))


def at_time(day: date, hour: int, minute: int, zone_name: str = DEFAULT_ZONE) -> int:
    """The instant of a wall-clock time on a community's day."""
    return micros(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone(zone_name)))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_between(first: date, last: date, holidays: frozenset[date] = frozenset()) -> int:
    """How many working days (Monday to Friday, less holidays) lie after `first`, up to and with `last`."""
    days = (last - first).days
    if days > 366:
        return 250
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    begun = first.weekday()
    count = 5 * weeks + sum(1 for i in range(1, rest + 1) if (begun + i) % 7 < 5)
    return count - sum(1 for day in holidays if first < day <= last and day.weekday() < 5)
