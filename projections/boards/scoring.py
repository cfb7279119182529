"""What a fact adds to which measure, for whom and on which day: the rules of the boards, in one table.

The day is that of the deed, not of its entry; what reverses something counts on the day of what it reverses, so that a
month's ranking ends up as if the mistake had not been made (choice).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ledger.base import Fact
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.conduct import facts as conduct
from ledger.errors import UnknownFact
from ledger.funds import facts as fund
from ledger.hours import facts as hours
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.journal.recorded import Recorded
from ledger.parties import facts as party
from ledger.partners import facts as partner
from ledger.places import facts as place
from ledger.requests import facts as request
from projections.boards import measures as m

Score = tuple[str, str, int]
"""(measure, subject, amount)"""
Scored = tuple[date, list[Score]]
"""The day, and rows that name each measure and subject at most once."""
Rule = Callable[[Recorded, Any, str], Scored | None]
"""(event, its fact, the mark of the subject named by `needs_of` or "") → what it scores, None for nothing."""
_ZONE = "ledger"
_ANONYMOUS = "anonymous"


def mark_of(fact: Fact) -> tuple[str, str]:
    """What later facts will need of this one: (subject, mark). Raises UnknownFact for one that leaves no mark."""
    match fact:
        case party.UnitRegistered():
            return fact.unit_id, fact.kind
        case party.TeamFormed():
            return fact.team_id, fact.kind
        case fund.DonationReceived():
            return fact.receipt_id, _ANONYMOUS if fact.anonymous else fact.day.isoformat()
        case place.LedgerOpened():
            return _ZONE, fact.zone
    raise UnknownFact("unknown_fact", type=type(fact).__name__)


def needs_of(fact: Fact) -> str | None:
    """The subject whose mark scoring this fact will ask for."""
    match fact:
        case request.RequestClosed() | request.RequestReopened():
            return fact.claimant
        case fund.DonationRefunded():
            return fact.receipt_id
        case hours.HoursDonated():
            return _ZONE
    return None


_Service = hours.SessionVerified | hours.SessionCorrected | conduct.SessionVoided | conduct.SessionRestored


def _service(f: _Service, minutes: int) -> Scored | None:
    if not minutes:
        return None
    scores = [(m.VOLUNTEER_MINUTES, f.volunteer, minutes)]
    if f.team is not None:
        scores.append((m.TEAM_MINUTES, f.team, minutes))
    if f.unit is not None:
        scores.append((m.UNIT_MINUTES, f.unit, minutes))
    if f.place is not None:
        scores.append((m.PLACE_MINUTES, f.place, minutes))
    return f.day, scores


def _verified(_e: Recorded, f: hours.SessionVerified, _mark: str) -> Scored | None:
    return _service(f, f.minutes)


def _corrected(_e: Recorded, f: hours.SessionCorrected, _mark: str) -> Scored | None:
    return _service(f, f.difference)


def _voided(_e: Recorded, f: conduct.SessionVoided, _mark: str) -> Scored | None:
    return _service(f, -f.minutes)


def _restored(_e: Recorded, f: conduct.SessionRestored, _mark: str) -> Scored | None:
    return _service(f, f.minutes)


_CLAIMED_BY = {PERSON: m.MEMBER_REQUESTS, TEAM: m.TEAM_REQUESTS, UNIT: m.UNIT_REQUESTS}


def _done(f: request.RequestClosed | request.RequestReopened, amount: int, kind: str) -> list[Score]:
    """A confirmed request counts for its claimant, the claimant's unit, its place, and the claimant's kind of party."""
    scores: list[Score] = []
    if f.claimant is not None:
        prefix = prefix_of(f.claimant)
        if prefix in _CLAIMED_BY:
            scores.append((_CLAIMED_BY[prefix], f.claimant, amount))
        if prefix != PERSON and kind:
            scores.append((m.KIND_REQUESTS, kind, amount))
    if f.unit is not None and f.unit != f.claimant:
        scores.append((m.UNIT_REQUESTS, f.unit, amount))
    if f.place is not None:
        scores.append((m.PLACE_REQUESTS, f.place, amount))
    return scores


def _closed(_e: Recorded, f: request.RequestClosed, mark: str) -> Scored | None:
    return f.day, _done(f, 1, mark)


def _reopened(_e: Recorded, f: request.RequestReopened, mark: str) -> Scored | None:
    if not f.was_closed or f.closed_on is None:
        return None
    return f.closed_on, _done(f, -1, mark)


_GIVEN_BY = {PERSON: m.MEMBER_DONATIONS, UNIT: m.UNIT_DONATIONS}


def _received(_e: Recorded, f: fund.DonationReceived, _mark: str) -> Scored | None:
    measure = _GIVEN_BY.get(prefix_of(f.donor))
    return None if f.anonymous or measure is None else (f.day, [(measure, f.donor, f.amount_fen)])


def _refunded(_e: Recorded, f: fund.DonationRefunded, mark: str) -> Scored | None:
    measure = _GIVEN_BY.get(prefix_of(f.donor))
    if measure is None or mark == _ANONYMOUS:
        return None
    return date.fromisoformat(mark) if mark else f.day, [(measure, f.donor, -f.amount_fen)]


def _hours_donated(e: Recorded, f: hours.HoursDonated, mark: str) -> Scored | None:
    day = day_of(e.recorded_at, mark or DEFAULT_ZONE)
    return day, [(m.MEMBER_HOURS_DONATED, f.giver, f.minutes)]


_CONTRIBUTED = {"venue": m.UNIT_VENUE_MINUTES, "hours": m.UNIT_HOURS, "project": m.UNIT_PROJECTS}


def _contributed(_e: Recorded, f: partner.PartnerContributed, _mark: str) -> Scored | None:
    return f.day, [(_CONTRIBUTED.get(f.kind) or m.goods(f.item), f.unit, f.quantity)]


def _delivered(_e: Recorded, f: partner.MatchDelivered, _mark: str) -> Scored | None:
    return f.day, [(m.goods(f.item), f.unit, f.quantity)]


def _answered(_e: Recorded, f: partner.CallAnswered, _mark: str) -> Scored | None:
    return f.day, [(m.UNIT_CALLS, f.unit, 1)]


RULES: dict[type[Fact], Rule] = {
    hours.SessionVerified: _verified,
    hours.SessionCorrected: _corrected,
    conduct.SessionVoided: _voided,
    conduct.SessionRestored: _restored,
    hours.HoursDonated: _hours_donated,
    request.RequestClosed: _closed,
    request.RequestReopened: _reopened,
    fund.DonationReceived: _received,
    fund.DonationRefunded: _refunded,
    partner.PartnerContributed: _contributed,
    partner.MatchDelivered: _delivered,
    partner.CallAnswered: _answered,
}
"""How each type of fact is scored; the others move no score."""

MARKING: frozenset[type[Fact]] = frozenset(
    {party.UnitRegistered, party.TeamFormed, fund.DonationReceived, place.LedgerOpened}
)
"""Facts that leave a mark."""
NEEDING: frozenset[type[Fact]] = frozenset(
    {request.RequestClosed, request.RequestReopened, fund.DonationRefunded, hours.HoursDonated}
)
"""Facts that are scored with the help of a mark."""
CONCERNING: frozenset[type[Fact]] = MARKING | RULES.keys()
"""Facts that the boards have to look at; most pass them by."""
