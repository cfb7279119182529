"""Who acts in the stories of partner units, and where those stories begin."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.parties.facts import MemberRegistered, RoleGranted, TeamFormed, UnitRegistered
from ledger.partners import facts
from ledger.places.facts import PlaceAdded
from ledger.requests.facts import RequestPosted, RequestPublished

LONG_AGO = date(2025, 9, 1)

WORKER, LI, WANG = "mem_worker", "mem_li", "mem_wang"
LVYUN, BAKERY, TEAM = "unit_lvyun", "unit_bakery", "team_rain"
COURT, STREET = "place_court", "place_street"

BEGIN: tuple[Fact, ...] = (
    *(MemberRegistered(member_id=member, joined_on=LONG_AGO) for member in (WORKER, LI, WANG)),
    UnitRegistered(unit_id=LVYUN, kind="property_service", name="绿云物业"),
    UnitRegistered(unit_id=BAKERY, kind="enterprise", name="方兴面包房"),
    TeamFormed(team_id=TEAM, kind="volunteer_organisation", name="雨伞队"),
    RoleGranted(holder=LI, role="representative", scope=LVYUN, granted_by=WORKER),
    PlaceAdded(place_id=STREET, kind="street", name="方兴街道"),
    PlaceAdded(place_id=COURT, kind="courtyard", name="学府花园", parent=STREET),
)


def signed(
    from_day: date = date(2026, 1, 1), until_day: date = date(2026, 12, 31), *, level: str = "routine",
    unit: str = LVYUN, tier: str = "community", place: str | None = COURT, agreement_id: str = "agr_1",
) -> Fact:  # fmt: skip
    """An agreement of before the story."""
    return facts.AgreementSigned(
        agreement_id=agreement_id, unit=unit, tier=tier, place=place, level=level, from_day=from_day,
        until_day=until_day,
    )  # fmt: skip


def ended(agreement_id: str = "agr_1") -> Fact:
    """The end of an agreement before the story."""
    return facts.AgreementEnded(agreement_id=agreement_id, unit=LVYUN, reason="by_partner", day=date(2026, 2, 1))


def offered(quantity: int = 100, *, item: str = "masks", offer_id: str = "offer_1") -> Fact:
    """Goods on offer before the story."""
    return facts.GoodsOffered(offer_id=offer_id, unit=LVYUN, item=item, quantity=quantity, day=LONG_AGO)


def posted(quantity: int = 60, *, item: str = "masks", request_id: str = "req_1", kind: str = "need") -> Fact:
    """A need that nobody has reviewed yet."""
    return RequestPosted(
        request_id=request_id, kind=kind, requester=WANG, place=COURT, item=item, quantity=quantity,
        channel="online", day=LONG_AGO,
    )  # fmt: skip


def needed(
    quantity: int = 60, *, item: str = "masks", request_id: str = "req_1", kind: str = "need"
) -> tuple[Fact, ...]:
    """A need on the board."""
    published = RequestPublished(request_id=request_id, reviewer=WORKER, day=LONG_AGO)
    return posted(quantity, item=item, request_id=request_id, kind=kind), published


def matched(
    quantity: int = 40, *, match_id: str = "match_1", request_id: str = "req_1", offer_id: str = "offer_1"
) -> Fact:
    """A promise of before the story."""
    return facts.OfferMatched(
        match_id=match_id, offer_id=offer_id, request_id=request_id, unit=LVYUN, item="masks", quantity=quantity
    )


def delivered(quantity: int = 40) -> Fact:
    """A delivery of before the story."""
    return facts.MatchDelivered(
        match_id="match_1", offer_id="offer_1", request_id="req_1", unit=LVYUN, item="masks", quantity=quantity,
        place=COURT, day=LONG_AGO,
    )  # fmt: skip


def cancelled(quantity: int = 40) -> Fact:
    """A promise that was taken back before the story."""
    return facts.MatchCancelled(
        match_id="match_1", offer_id="offer_1", request_id="req_1", unit=LVYUN, item="masks", quantity=quantity
    )


def withdrawn(quantity: int) -> Fact:
    """An offer that was taken back before the story."""
    return facts.OfferWithdrawn(offer_id="offer_1", unit=LVYUN, item="masks", quantity=quantity)


def called(called_at: int, level: str = "routine") -> Fact:
    """A call-out of before the story."""
    return facts.CalledOut(callout_id="call_1", level=level, place=COURT, called_at=called_at, called_by=WORKER)
