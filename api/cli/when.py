"""A point in the ledger's past as a person types it, and moments for scripts."""

from __future__ import annotations

from api.cli.failures import Misused
from api.moments import When, moment_of
from ledger.clock import moment


def read_when(text: str, zone_name: str) -> When:
    """See `moment_of`; raises Misused `bad_time`."""
    try:
        return moment_of(text, zone_name)
    except ValueError:
        raise Misused("bad_time", text=text) from None


def iso(at_micros: int) -> str:
    """An instant for scripts, as in the API: RFC 3339 in UTC, `2026-03-08T09:30:00Z`."""
    return moment(at_micros).isoformat().replace("+00:00", "Z")
