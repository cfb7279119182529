"""The arithmetic of appraisals: whole numbers only, and the same sheets always come to the same result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from ledger.appraisals.facts import AppraisalScored

FULL = 10_000
"""Hundredths of a point on a scale of 100."""

GRADES = ("failed", "passed", "good", "excellent")

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")
_YEAR = re.compile(r"20[0-9]{2}")


def weighted(sheets: Iterable[AppraisalScored]) -> int:
    """The weighted mean of the sheets' shares of points, in hundredths of a point of 100, half rounded up.

    Every sheet of an appraisal has the same `most`. Without any sheet the result is 0.
    """
    points = whole = 0
    for sheet in sheets:
        points += sheet.weight * sheet.points
        whole += sheet.weight * sheet.most
    return (2 * FULL * points + whole) // (2 * whole) if whole else 0


def grade_of(result_hundredths: int, thresholds: Sequence[int]) -> str:
    """The grade by policy's rising thresholds in points of 100: below the first one is failed."""
    return GRADES[sum(1 for least in thresholds if result_hundredths >= least * 100)]


def begins_on(rhythm: str, period: str) -> date | None:
    """The first day of a period in its rhythm's spelling (2026-05, 2026-Q2, 2026); None for another spelling."""
    if rhythm == "monthly":
        month = _MONTH.fullmatch(period)
        return date(int(month[1]), int(month[2]), 1) if month else None
    if rhythm == "quarterly":
        quarter = _QUARTER.fullmatch(period)
        return date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1) if quarter else None
    return date(int(period), 1, 1) if _YEAR.fullmatch(period) else None
