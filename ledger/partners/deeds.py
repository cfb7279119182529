"""What a party did for the community in each quarter, counted from the journal for the sheet its unit is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State
from ledger.conduct.facts import SessionRestored, SessionVoided
from ledger.hours.facts import SessionCorrected, SessionVerified
from ledger.partners.facts import CallAnswered, PartnerContributed
from ledger.requests.facts import RequestClosed, RequestReopened


class Quarter(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one quarter; never added to each other."""

    minutes: int = 0
    """Verified minutes of service, by the day of the service."""
    requests: int = 0
    """Requests the party performed and whose requester confirmed them."""
    contributions: int = 0
    calls_answered: int = 0
    people_sent: int = 0


NOTHING = Quarter()


def quarter_of(day: date) -> str:
    """The quarter a day is in, as "2026Q2"."""
    return f"{day.year}Q{(day.month + 2) // 3}"


class Deeds(State, frozen=True, kw_only=True):
    """A member's, team's or unit's deeds by quarter (tag: its id); drills are practice and no deeds."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {
            SessionVerified,
            SessionCorrected,
            SessionVoided,
            SessionRestored,
            RequestClosed,
            RequestReopened,
            PartnerContributed,
            CallAnswered,
        }
    )
    quarters: Mapping[str, Quarter] = msgspec.field(default_factory=dict)
    """quarter as "2026Q2" → counts"""

    def evolve(self, happened: Fact) -> Self:
        """Counts what this party did; what another did for it as requester or organiser is theirs."""
        match happened:
            case SessionVerified() | SessionRestored() if happened.volunteer == self.tag:
                return self._more(happened.day, minutes=happened.minutes)
            case SessionCorrected() if happened.volunteer == self.tag:
                return self._more(happened.day, minutes=happened.difference)
            case SessionVoided() if happened.volunteer == self.tag:
                return self._more(happened.day, minutes=-happened.minutes)
            case RequestClosed() if happened.claimant == self.tag:
                return self._more(happened.day, requests=1)
            case RequestReopened() if happened.claimant == self.tag and happened.was_closed and happened.closed_on:
                return self._more(happened.closed_on, requests=-1)
            case PartnerContributed():
                return self._more(happened.day, contributions=1)
            case CallAnswered():
                return self._more(happened.day, calls_answered=1, people_sent=happened.people)
        return self

    def _more(self, day: date, **by: int) -> Self:
        name = quarter_of(day)
        before = self.quarters.get(name, NOTHING)
        after = replace(before, **{one: getattr(before, one) + count for one, count in by.items()})
        return replace(self, quarters={**self.quarters, name: after})

    def in_quarter(self, name: str) -> Quarter:
        """The counts of one quarter, as "2026Q2"."""
        return self.quarters.get(name, NOTHING)
