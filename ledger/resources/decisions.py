"""Decisions about resources: listing and withdrawing here, deals beside."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import acts_for, need_party
from ledger.partners.guards import check_item, check_pieces, place_known
from ledger.policy.state import SINCE_EVER
from ledger.resources import commands as do
from ledger.resources import facts
from ledger.resources.deals import (
    WORKER,
    accept_deal,
    decline_deal,
    default_deal,
    deliver_deal,
    fail_deal,
    make_project_of_deal,
    propose_deal,
)
from ledger.resources.state import Resource, need_resource


def list_resource(view: View, c: do.ListResource, scene: Scene) -> list[Fact]:
    """See `ListResource`; from today on where no day is named."""
    resource_id = check_id(c.resource_id, "res")
    if view.state(Resource, resource_id).listed is not None:
        raise Conflict("resource_exists", resource=resource_id)
    need_party(view, c.owner)
    check_may_act(view, c.owner, scene.today)
    check_item(c.item)
    check_pieces(view, c.quantity, scene.today)
    place_known(view, c.place)
    from_day = c.from_day or scene.today
    if from_day < SINCE_EVER:
        raise Refused("implausible_date", day=from_day.isoformat())
    if c.until_day is not None and c.until_day < max(from_day, scene.today):
        raise Refused("resource_over", until_day=c.until_day.isoformat())
    return [
        facts.ResourceListed(
            resource_id=resource_id,
            owner=c.owner,
            kind=c.kind,
            item=c.item,
            measure=c.measure,
            quantity=c.quantity,
            category=check_name(c.category, field="category") if c.category else "",
            place=c.place,
            from_day=from_day,
            until_day=c.until_day,
            day=scene.today,
        )
    ]


def withdraw_resource(view: View, c: do.WithdrawResource, scene: Scene) -> list[Fact]:
    """See `WithdrawResource`; by the owner or a worker. What a failed deal frees later can be withdrawn then."""
    resource, listed = need_resource(view, c.resource_id)
    if scene.role != WORKER and not acts_for(view, scene.actor, listed.owner):
        raise NotYours("cannot_act_for", party=listed.owner)
    if resource.free <= 0:
        raise Conflict("nothing_to_withdraw", resource=c.resource_id)
    return [
        facts.ResourceWithdrawn(
            resource_id=c.resource_id,
            owner=listed.owner,
            item=listed.item,
            measure=listed.measure,
            quantity=resource.free,
        )
    ]


# `anybody` is for those who speak for one side of a deal: whom the decisions themselves let through.
RULES: dict[type[Command], Decide] = {
    do.ListResource: list_resource,
    do.WithdrawResource: withdraw_resource,
    do.ProposeDeal: propose_deal,
    do.AcceptDeal: accept_deal,
    do.DeclineDeal: decline_deal,
    do.DeliverDeal: deliver_deal,
    do.FailDeal: fail_deal,
    do.DefaultDeal: default_deal,
    do.MakeProjectOfDeal: make_project_of_deal,
}
