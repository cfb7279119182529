"""What is counted, for whom, in which unit, over which periods. Different units are never added together."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from ledger.errors import NotFound, Refused
from ledger.units import FEN, MINUTES, VENUE_MINUTES, pieces_of

VOLUNTEER_MINUTES, TEAM_MINUTES, UNIT_MINUTES, PLACE_MINUTES = (
    "volunteer_minutes", "team_minutes", "unit_minutes", "place_minutes",
)  # fmt: skip
MEMBER_REQUESTS, TEAM_REQUESTS, UNIT_REQUESTS, PLACE_REQUESTS, KIND_REQUESTS = (
    "member_requests", "team_requests", "unit_requests", "place_requests", "kind_requests",
)  # fmt: skip
MEMBER_DONATIONS, UNIT_DONATIONS, MEMBER_HOURS_DONATED = "member_donations", "unit_donations", "member_hours_donated"
UNIT_GOODS, UNIT_VENUE_MINUTES, UNIT_HOURS, UNIT_PROJECTS, UNIT_CALLS = (
    "unit_goods", "unit_venue_minutes", "unit_hours", "unit_projects", "unit_calls",
)  # fmt: skip

REQUESTS, PROJECTS, CALLS = "requests", "projects", "calls"
ALL = "all"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """`subjects`: member, team, unit, place or kind (of party) · `unit`: what the values count."""

    name: str
    subjects: str
    unit: str


_FIXED = (
    (VOLUNTEER_MINUTES, "member", MINUTES),
    (TEAM_MINUTES, "team", MINUTES),
    (UNIT_MINUTES, "unit", MINUTES),
    (PLACE_MINUTES, "place", MINUTES),
    (MEMBER_REQUESTS, "member", REQUESTS),
    (TEAM_REQUESTS, "team", REQUESTS),
    (UNIT_REQUESTS, "unit", REQUESTS),
    (PLACE_REQUESTS, "place", REQUESTS),
    (KIND_REQUESTS, "kind", REQUESTS),
    (MEMBER_DONATIONS, "member", FEN),
    (UNIT_DONATIONS, "unit", FEN),
    (MEMBER_HOURS_DONATED, "member", MINUTES),
    (UNIT_VENUE_MINUTES, "unit", VENUE_MINUTES),
    (UNIT_HOURS, "unit", MINUTES),
    (UNIT_PROJECTS, "unit", PROJECTS),
    (UNIT_CALLS, "unit", CALLS),
)
MEASURES: dict[str, Measure] = {name: Measure(name=name, subjects=who, unit=unit) for name, who, unit in _FIXED}
"""All measures but the goods: every item is a measure of its own, `unit_goods:<item>`, counted in pieces."""


def goods(item: str) -> str:
    """The measure of one item's pieces."""
    return f"{UNIT_GOODS}:{item}"


def measure_of(name: str) -> Measure:
    """The measure of that name; raises NotFound `no_such_measure`."""
    found = MEASURES.get(name)
    if found is not None:
        return found
    family, _, item = name.partition(":")
    if family == UNIT_GOODS and item:
        return Measure(name=name, subjects="unit", unit=pieces_of(item))
    raise NotFound("no_such_measure", measure=name)


@lru_cache(maxsize=4096)
def periods_of(day: date) -> tuple[str, str, str, str]:
    """The periods that a day falls into: month `2026-03`, quarter `2026-Q1`, year `2026`, and `all`."""
    return f"{day.year:04}-{day.month:02}", f"{day.year:04}-Q{(day.month + 2) // 3}", f"{day.year:04}", ALL


def days_of(period: str) -> tuple[str, str]:
    """First and last day of a period as ISO texts; raises Refused `bad_period` for a text of another shape."""
    if period == ALL:
        return "0001-01-01", "9999-12-31"
    year, _, rest = period.partition("-")
    if len(year) == 4 and year.isascii() and year.isdecimal():
        if not rest and "-" not in period:
            return f"{year}-01-01", f"{year}-12-31"
        if rest in ("Q1", "Q2", "Q3", "Q4"):
            last = int(rest[1]) * 3
            return f"{year}-{last - 2:02}-01", f"{year}-{last:02}-31"
        if len(rest) == 2 and rest.isascii() and rest.isdecimal() and 1 <= int(rest) <= 12:
            return f"{year}-{rest}-01", f"{year}-{rest}-31"
    raise Refused("bad_period", period=period)
