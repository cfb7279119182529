"""Who acts in the stories of resources, and where those stories begin."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact
from ledger.parties.facts import MemberRegistered, RoleGranted, UnitRegistered
from ledger.places.facts import PlaceAdded
from ledger.requests.facts import RequestPosted, RequestPublished
from ledger.resources import facts

LONG_AGO, DUE = date(2025, 9, 1), date(2026, 9, 30)
WORKER, LI, WANG, CHEN = "mem_worker", "mem_li", "mem_wang", "mem_chen"
"""A community worker; who speaks for 绿云物业; who asks for things; who speaks for 安泊停车."""
LVYUN, PARKING, COURT = "unit_lvyun", "unit_parking", "place_court"
ROLE = "community_worker"

BEGIN: tuple[Fact, ...] = (
    *(MemberRegistered(member_id=member, joined_on=LONG_AGO) for member in (WORKER, LI, WANG, CHEN)),
    UnitRegistered(unit_id=LVYUN, kind="property_service", name="绿云物业"),
    UnitRegistered(unit_id=PARKING, kind="enterprise", name="安泊停车"),
    RoleGranted(holder=WORKER, role=ROLE, granted_by=WORKER),
    RoleGranted(holder=LI, role="representative", scope=LVYUN, granted_by=WORKER),
    RoleGranted(holder=CHEN, role="representative", scope=PARKING, granted_by=WORKER),
    PlaceAdded(place_id=COURT, kind="courtyard", name="学府花园"),
)


def listed(quantity: int = 100, *, item: str = "课桌", measure: str = "pcs", until_day: date | None = None) -> Fact:
    """A resource of 绿云物业 on the list."""
    return facts.ResourceListed(
        resource_id="res_1", owner=LVYUN, kind="goods" if measure == "pcs" else "land", item=item, measure=measure,
        quantity=quantity, place=COURT, from_day=LONG_AGO, until_day=until_day, day=LONG_AGO,
    )  # fmt: skip


def needed(
    quantity: int = 60, *, item: str | None = "课桌", kind: str = "need", request_id: str = "req_1"
) -> tuple[Fact, ...]:
    """A request of 王阿姨 on the board."""
    posted = RequestPosted(
        request_id=request_id, kind=kind, requester=WANG, place=COURT, item=item, quantity=quantity, channel="online",
        day=LONG_AGO,
    )  # fmt: skip
    return posted, RequestPublished(request_id=request_id, reviewer=WORKER, day=LONG_AGO)


def proposed(quantity: int = 40, *, side: str = "", by: str = WORKER, request_id: str | None = "req_1") -> Fact:
    """A deal for a need that waits for its sides."""
    return facts.DealProposed(
        deal_id="deal_1", resource_id="res_1", request_id=request_id, owner=LVYUN, partner=WANG, item="课桌",
        measure="pcs", quantity=quantity, due_day=DUE, side=side, proposed_by=by, day=LONG_AGO,
    )  # fmt: skip


def bartered(side: str = "owner", by: str = LI) -> Fact:
    """Six mu of land for a hundred parking spaces, as proposed (M21)."""
    return facts.DealProposed(
        deal_id="deal_1", resource_id="res_1", owner=LVYUN, partner=PARKING, item="空地", measure="mu", quantity=6,
        back_item="车位", back_measure="pcs", back_quantity=100, due_day=DUE, side=side, proposed_by=by, day=LONG_AGO,
    )  # fmt: skip


def accepted(side: str, by: str) -> Fact:
    """One side's yes."""
    return facts.DealAccepted(deal_id="deal_1", side=side, accepted_by=by, day=LONG_AGO)


def agreed(proposal: Fact) -> Fact:
    """The agreement that a proposal came to."""
    assert isinstance(proposal, facts.DealProposed)
    return facts.DealAgreed(
        deal_id=proposal.deal_id, resource_id=proposal.resource_id, request_id=proposal.request_id,
        owner=proposal.owner, partner=proposal.partner, item=proposal.item, measure=proposal.measure,
        quantity=proposal.quantity, back_item=proposal.back_item, back_measure=proposal.back_measure,
        back_quantity=proposal.back_quantity, due_day=proposal.due_day, day=LONG_AGO,
    )  # fmt: skip


def delivered(quantity: int, leg: str = "out", *, barter: bool = True) -> Fact:
    """What arrived before the story."""
    back = leg == "back"
    other = PARKING if barter else WANG
    return facts.DealDelivered(
        deal_id="deal_1", resource_id="res_1", request_id=None if barter else "req_1", leg=leg,
        giver=other if back else LVYUN, receiver=LVYUN if back else other,
        item="车位" if back else "空地" if barter else "课桌", measure="mu" if barter and not back else "pcs",
        quantity=quantity, place=COURT, accepted_by=WORKER, day=LONG_AGO,
    )  # fmt: skip


NEED: tuple[Fact, ...] = (*BEGIN, listed(), *needed())
PROMISED: tuple[Fact, ...] = (*NEED, proposed(side="owner", by=LI), accepted("partner", WANG), agreed(proposed()))
LAND: tuple[Fact, ...] = (*BEGIN, listed(6, item="空地", measure="mu"))
BARTER: tuple[Fact, ...] = (*LAND, bartered(), accepted("partner", CHEN), agreed(bartered()))
