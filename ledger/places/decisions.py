"""Decisions about the ledger's opening, the tree of places and the points where requests come in."""

from __future__ import annotations

from ledger.base import Command, Fact, Right, Rule, Scene, View
from ledger.checks import check_id, check_name
from ledger.clock import is_zone
from ledger.errors import Conflict, Refused
from ledger.ids import SERVICE
from ledger.parties.facts import RoleGranted
from ledger.places import commands as do
from ledger.places import facts
from ledger.places.state import TIERS, IntakePoint, Opening, Place, need_place, need_point
from ledger.policy.facts import PolicySet
from ledger.policy.state import DEFAULTS, SINCE_EVER

OPERATOR_ROLES = ("administrator", "community_worker", "treasurer")
"""What whoever runs the machine may do until people are appointed (choice)."""


def open_ledger(view: View, c: do.OpenLedger, scene: Scene) -> list[Fact]:
    """See `OpenLedger`: the ledger, every rule at its default, and the operator's roles."""
    if view.state(Opening, "ledger").opened is not None:
        raise Conflict("ledger_open")
    if not is_zone(c.zone):
        raise Refused("no_such_zone", zone=c.zone)
    operator = check_id(c.operator, SERVICE)
    opened = facts.LedgerOpened(name=check_name(c.name), zone=c.zone, operator=operator)
    rules = [PolicySet(name=name, value=value, from_day=SINCE_EVER) for name, value in DEFAULTS.items()]
    roles = [RoleGranted(holder=operator, role=role, granted_by=scene.actor) for role in OPERATOR_ROLES]
    return [opened, *rules, *roles]


def add_place(view: View, c: do.AddPlace, _scene: Scene) -> list[Fact]:
    """See `AddPlace`; tiers may be left out, never turned round."""
    place_id = check_id(c.place_id, "place")
    if view.state(Place, place_id).kind:
        raise Conflict("place_exists", place=place_id)
    if c.parent is not None:
        above = need_place(view, c.parent).kind
        if TIERS.index(above) >= TIERS.index(c.kind):
            raise Refused("wrong_tier", kind=c.kind, parent=above)
    return [facts.PlaceAdded(place_id=place_id, kind=c.kind, name=check_name(c.name), parent=c.parent)]


def open_intake_point(view: View, c: do.OpenIntakePoint, _scene: Scene) -> list[Fact]:
    """See `OpenIntakePoint`."""
    point_id = check_id(c.point_id, "pt")
    if view.state(IntakePoint, point_id).channel:
        raise Conflict("point_exists", point=point_id)
    if c.place is not None:
        need_place(view, c.place)
    label = check_name(c.label, field="label")
    return [facts.IntakePointOpened(point_id=point_id, channel=c.channel, label=label, place=c.place)]


def close_intake_point(view: View, c: do.CloseIntakePoint, _scene: Scene) -> list[Fact]:
    """See `CloseIntakePoint`."""
    if need_point(view, c.point_id).closed:
        raise Conflict("point_closed", point=c.point_id)
    return [facts.IntakePointClosed(point_id=c.point_id)]


_KEEPERS = frozenset({"administrator", "community_worker"})

RULES: dict[type[Command], Rule] = {
    do.OpenLedger: Rule(decide=open_ledger, right=Right()),
    do.AddPlace: Rule(decide=add_place, right=Right(roles=_KEEPERS)),
    do.OpenIntakePoint: Rule(decide=open_intake_point, right=Right(roles=_KEEPERS)),
    do.CloseIntakePoint: Rule(decide=close_intake_point, right=Right(roles=_KEEPERS)),
}
