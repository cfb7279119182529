"""When a fund's next disclosure is due (慈善法 §72, §79; the numbers are policy)."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from ledger.clock import months_after
from ledger.policy.state import Policy

FINAL = "final"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What decides when a fund has to tell more."""

    opened_on: date
    until_day: date | None = None
    """The last day that was told."""
    final: bool = False
    closed_on: date | None = None
    emergency_from: date | None = None
    emergency_until: date | None = None

    def in_emergency(self, day: date) -> bool:
        """Whether the fund works in an emergency on that day."""
        begun, until = self.emergency_from, self.emergency_until
        return begun is not None and until is not None and begun <= day <= until


def emergency_began(day: date, begun: date | None, until_day: date | None, told_until: date | None) -> date:
    """Since when an emergency runs that is declared on a day: since the first day of the one before, while that one
    runs or has days that were not told. Else declaring it again would put off what is due."""
    if begun is None or until_day is None:
        return day
    return begun if until_day >= day or told_until is None or told_until < until_day else day


def due_day(told: Told, policy: Policy, today: date) -> date | None:
    """The day by which more has to be told; None after the final disclosure.

    Every three months; within three months of the end; in an emergency every five days (law; by policy).
    """
    if told.final:
        return None
    if told.closed_on is not None:
        return months_after(told.closed_on, policy.number("funds.final_months", today))
    since = told.until_day or told.opened_on
    regular = months_after(since, policy.number("funds.disclosure_months", today))
    if not told.in_emergency(today):
        return regular
    return min(
        regular, max(since, told.emergency_from or since) + timedelta(days=policy.number("funds.emergency_days", today))
    )
