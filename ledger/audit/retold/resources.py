"""How the commands of the engine `resources` are told again from their facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.audit.story import Leads, Special, Story
from ledger.base import Command, View
from ledger.integrity import commands as ask_integrity
from ledger.integrity import facts as integrity
from ledger.resources import commands as ask
from ledger.resources import facts as resource

LEADS: Leads = (
    (ask.ListResource, resource.ResourceListed),
    (ask.WithdrawResource, resource.ResourceWithdrawn),
    (ask.ProposeDeal, resource.DealProposed),
    (ask.AcceptDeal, resource.DealAccepted),
    (ask.DeclineDeal, resource.DealDeclined),
    (ask.DeliverDeal, resource.DealDelivered),
    (ask.FailDeal, resource.DealFailed),
    (ask.DefaultDeal, resource.DealFailed),
    (ask.MakeProjectOfDeal, resource.DealBecameProject),
    (ask_integrity.ContestRecord, integrity.RecordContested),
    (ask_integrity.UpholdRecord, integrity.RecordUpheld),
    (ask_integrity.StrikeRecord, integrity.RecordStruck),
)


def _failed(_view: View, _story: Story, lead: resource.DealFailed) -> Iterable[Command]:
    """Who was named by hand as having failed is the one that broke its word; what fell due was not said by hand."""
    if lead.reason != "overdue":
        sides: dict[tuple[str, ...], Any] = {(lead.owner,): "owner", (lead.partner,): "partner"}
        reason: Any = lead.reason
        yield ask.FailDeal(deal_id=lead.deal_id, side=sides.get(lead.broken_by), reason=reason)


SPECIAL: Special = {(ask.FailDeal, resource.DealFailed): _failed}
