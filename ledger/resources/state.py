"""What decisions about resources and deals need to know."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound
from ledger.resources import facts


class Resource(State, frozen=True, kw_only=True):
    """What somebody could give (tag: its id)."""

    listed: facts.ResourceListed | None = None
    free: int = 0
    """So much is neither promised, delivered nor taken back, in the resource's own measure."""
    withdrawn: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows what is promised and what comes back."""
        match happened:
            case facts.ResourceListed():
                return replace(self, listed=happened, free=happened.quantity)
            case facts.DealAgreed():
                return replace(self, free=self.free - happened.quantity)
            case facts.DealFailed():
                return replace(self, free=self.free + happened.short)
            case facts.ResourceWithdrawn():
                return replace(self, free=self.free - happened.quantity, withdrawn=True)
        return self


class Deal(State, frozen=True, kw_only=True):
    """A resource for a need, or for a service in return (tag: its id)."""

    status: str = ""
    """"" · proposed · agreed · declined · settled · failed"""
    proposed: facts.DealProposed | None = None
    accepted: frozenset[str] = frozenset()
    """The sides that said yes: owner, partner."""
    accepted_by: frozenset[str] = frozenset()
    """The persons who said so."""
    delivered: int = 0
    back_delivered: int = 0
    project: str = ""

    @property
    def short(self) -> int:
        """What of the resource has not arrived yet."""
        return 0 if self.proposed is None else self.proposed.quantity - self.delivered

    @property
    def back_short(self) -> int:
        """What of the service in return has not arrived yet; 0 where nothing is owed."""
        return 0 if self.proposed is None else self.proposed.back_quantity - self.back_delivered

    def evolve(self, happened: Fact) -> Self:
        """Follows proposal, agreement, deliveries and end."""
        match happened:
            case facts.DealProposed():
                sides = frozenset({happened.side} - {""})
                persons = frozenset({happened.proposed_by} if sides else ())
                return replace(self, status="proposed", proposed=happened, accepted=sides, accepted_by=persons)
            case facts.DealAccepted():
                persons = self.accepted_by | {happened.accepted_by}
                return replace(self, accepted=self.accepted | {happened.side}, accepted_by=persons)
            case facts.DealAgreed():
                return replace(self, status="agreed")
            case facts.DealDeclined():
                return replace(self, status="declined")
            case facts.DealDelivered() if happened.leg == "back":
                return replace(self, back_delivered=self.back_delivered + happened.quantity)
            case facts.DealDelivered():
                return replace(self, delivered=self.delivered + happened.quantity)
            case facts.DealSettled():
                return replace(self, status="settled")
            case facts.DealFailed():
                return replace(self, status="failed")
            case facts.DealBecameProject():
                return replace(self, project=happened.project)
        return self


def need_resource(view: View, resource_id: str) -> tuple[Resource, facts.ResourceListed]:
    """A resource and how it was listed; raises NotFound `no_such_resource`."""
    resource = view.state(Resource, resource_id)
    if resource.listed is None:
        raise NotFound("no_such_resource", resource=resource_id)
    return resource, resource.listed


def need_deal(view: View, deal_id: str, status: str) -> tuple[Deal, facts.DealProposed]:
    """A deal that stands there; raises NotFound `no_such_deal`, Conflict (`deal_not_open`, `deal_not_agreed`)."""
    deal = view.state(Deal, deal_id)
    if deal.proposed is None:
        raise NotFound("no_such_deal", deal=deal_id)
    if deal.status == status:
        return deal, deal.proposed
    if status == "proposed":
        raise Conflict("deal_not_open", deal=deal_id, status=deal.status)
    raise Conflict("deal_not_agreed", deal=deal_id, status=deal.status)
