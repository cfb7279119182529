"""Working days between two days: Monday to Friday, less holidays, the first day left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.clock import working_days_between

MONDAY = date(2026, 5, 18)


def counted(first: date, last: date, holidays: frozenset[date]) -> int:
    """Day by day, as one would on a calendar."""
    days = [first + timedelta(days=i) for i in range(1, (last - first).days + 1)]
    return sum(1 for day in days if day.weekday() < 5 and day not in holidays)


@pytest.mark.parametrize("begun", range(7))
def test_they_are_those_one_counts_on_a_calendar(begun: int) -> None:
    first = MONDAY + timedelta(days=begun)
    holidays = frozenset(MONDAY + timedelta(days=days) for days in (-1, 0, 3, 5, 11, 12, 40, 400))
    for length in range(367):
        last = first + timedelta(days=length)
        assert working_days_between(first, last) == counted(first, last, frozenset()), last
        assert working_days_between(first, last, holidays) == counted(first, last, holidays), last


def test_none_lie_before_the_first_day() -> None:
    assert working_days_between(MONDAY, MONDAY - timedelta(days=30), frozenset({MONDAY})) == 0


def test_beyond_a_year_nobody_counts() -> None:
    assert working_days_between(MONDAY, MONDAY + timedelta(days=4_000)) == 250
