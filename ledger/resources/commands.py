"""Commands of resources."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from msgspec import field

from ledger.base import Command
from ledger.ids import maker

ResourceKind = Literal["goods", "venue", "skill", "land", "time"]
Measure = Literal["pcs", "mu", "sqm", "min", "turns"]
Side = Literal["owner", "partner"]
Leg = Literal["out", "back"]


class ListResource(Command, frozen=True, kw_only=True):
    """Say what one could give (资源库): so much of an item, counted in `measure`, from day to day, at a place."""

    NAME: ClassVar[str] = "list_resource"
    GENERATED: ClassVar[tuple[str, ...]] = ("resource_id",)
    resource_id: str = field(default_factory=maker("res"))
    owner: str
    kind: ResourceKind
    item: str
    measure: Measure = "pcs"
    quantity: int
    category: str = ""
    place: str | None = None
    from_day: date | None = None
    until_day: date | None = None


class WithdrawResource(Command, frozen=True, kw_only=True):
    """Take back what nobody was promised yet."""

    NAME: ClassVar[str] = "withdraw_resource"
    resource_id: str


class ProposeDeal(Command, frozen=True, kw_only=True):
    """Propose that a resource goes to a need (`request_id`), or to a party for a service in return (`back_…`, barter).

    By either side, which accepts by proposing, or by a community worker. The due day is policy's where none is named.
    """

    NAME: ClassVar[str] = "propose_deal"
    GENERATED: ClassVar[tuple[str, ...]] = ("deal_id",)
    deal_id: str = field(default_factory=maker("deal"))
    resource_id: str
    quantity: int
    request_id: str | None = None
    partner: str | None = None
    back_item: str | None = None
    back_measure: Measure | None = None
    back_quantity: int = 0
    due_day: date | None = None


class AcceptDeal(Command, frozen=True, kw_only=True):
    """Say yes for one side; with the second yes the deal is agreed."""

    NAME: ClassVar[str] = "accept_deal"
    deal_id: str
    side: Side


class DeclineDeal(Command, frozen=True, kw_only=True):
    """Say no to a proposal, or take it back."""

    NAME: ClassVar[str] = "decline_deal"
    deal_id: str
    reason: Literal["not_suitable", "elsewhere", "conditions", "mistake"]


class DeliverDeal(Command, frozen=True, kw_only=True):
    """Confirm that something arrived: by the side that received it, or by a worker who does not speak for the giver."""

    NAME: ClassVar[str] = "deliver_deal"
    deal_id: str
    leg: Leg
    quantity: int


class FailDeal(Command, frozen=True, kw_only=True):
    """End an agreed deal before all arrived. A side can only say that it failed itself; a worker says which, or neither."""

    NAME: ClassVar[str] = "fail_deal"
    deal_id: str
    side: Side | None = None
    reason: Literal["cannot_deliver", "not_collected", "unusable", "by_agreement"]


class DefaultDeal(Command, frozen=True, kw_only=True):
    """Enter that the due day of a deal passed: who still owes broke their word; given by the follower of deadlines."""

    NAME: ClassVar[str] = "default_deal"
    deal_id: str


class MakeProjectOfDeal(Command, frozen=True, kw_only=True):
    """Put an agreed deal onto the list of projects: under a request of kind project."""

    NAME: ClassVar[str] = "make_project_of_deal"
    deal_id: str
    project: str
