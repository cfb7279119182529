"""Decisions about the ledger's opening, the tree of places and the points where requests come in."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_code, check_id, check_name
from ledger.clock import is_zone
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.ids import SERVICE
from ledger.parties.facts import RoleGranted
from ledger.parties.state import need_member
from ledger.places import commands as do
from ledger.places import facts
from ledger.places.state import TIERS, Duties, Duty, IntakePoint, Opening, Place, Profile, need_place, need_point
from ledger.policy.facts import PolicySet
from ledger.policy.state import DEFAULTS, SINCE_EVER

OPERATOR_ROLES = ("administrator", "community_worker", "treasurer")
"""What whoever runs the machine may do until people are appointed (choice)."""


MOST_POINTS = 500
"""Points of one command: as many as one print run of codes (choice)."""
MOST_HOUSEHOLDS = 1_000_000
MOST_OFFICE = 20


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


def open_intake_points(view: View, c: do.OpenIntakePoints, _scene: Scene) -> list[Fact]:
    """See `OpenIntakePoints`; the n-th has the series' id with .n behind it."""
    series = check_id(c.point_id, "pt")
    if not 1 <= c.count <= MOST_POINTS:
        raise Refused("bad_count", least=1, most=MOST_POINTS)
    if c.place is not None:
        need_place(view, c.place)
    label = check_name(c.label, 50, field="label")
    opened: list[Fact] = []
    for n in range(1, c.count + 1):
        point_id = check_id(f"{series}.{n}", "pt")
        if view.state(IntakePoint, point_id).channel:
            raise Conflict("point_exists", point=point_id)
        point = facts.IntakePointOpened(point_id=point_id, channel=c.channel, label=f"{label} {n}", place=c.place)
        opened.append(point)
    return opened


def appoint_responsible(view: View, c: do.AppointResponsible, scene: Scene) -> list[Fact]:
    """See `AppointResponsible`; nobody appoints themselves, and nobody who may take on nothing new is appointed."""
    duty_id = check_id(c.duty_id, "duty")
    if view.state(Duty, duty_id).appointed is not None:
        raise Conflict("duty_exists", duty=duty_id)
    need_place(view, c.place_id)
    need_member(view, c.member_id)
    if c.member_id == scene.actor:
        raise NotYours("appoints_oneself")
    check_may_act(view, c.member_id, scene.today)
    if any(one.member_id == c.member_id for one in view.state(Duties, c.place_id).held):
        raise Conflict("already_responsible", place=c.place_id, member=c.member_id)
    return [
        facts.ResponsibleAppointed(
            duty_id=duty_id,
            place_id=c.place_id,
            member_id=c.member_id,
            office=check_name(c.office, MOST_OFFICE, field="office"),
            appointed_by=scene.actor,
            day=scene.today,
        )
    ]


def end_responsible(view: View, c: do.EndResponsible, scene: Scene) -> list[Fact]:
    """See `EndResponsible`."""
    duty = view.state(Duty, c.duty_id)
    if duty.appointed is None:
        raise NotFound("no_such_duty", duty=c.duty_id)
    if duty.ended:
        raise Conflict("duty_ended", duty=c.duty_id)
    return [
        facts.ResponsibleEnded(
            duty_id=c.duty_id,
            place_id=duty.appointed.place_id,
            member_id=duty.appointed.member_id,
            reason=c.reason,
            day=scene.today,
        )
    ]


def count_households(view: View, c: do.CountHouseholds, scene: Scene) -> list[Fact]:
    """See `CountHouseholds`."""
    kind = need_place(view, c.place_id).kind
    if not 0 <= c.households <= MOST_HOUSEHOLDS:
        raise Refused("bad_count", least=0, most=MOST_HOUSEHOLDS)
    before = view.state(Profile, c.place_id).households
    if before == c.households:
        raise Conflict("same_count", households=before)
    return [
        facts.HouseholdsCounted(
            place_id=c.place_id,
            kind=kind,
            households=c.households,
            change=c.households - (before or 0),
            first=before is None,
            day=scene.today,
        )
    ]


def classify_place(view: View, c: do.ClassifyPlace, scene: Scene) -> list[Fact]:
    """See `ClassifyPlace`."""
    need_place(view, c.place_id)
    label = check_code(c.label, field="label")
    if view.state(Profile, c.place_id).label == label:
        raise Conflict("same_label", label=label)
    return [facts.PlaceClassified(place_id=c.place_id, label=label, day=scene.today)]


RULES: dict[type[Command], Decide] = {
    do.OpenLedger: open_ledger,
    do.AddPlace: add_place,
    do.OpenIntakePoint: open_intake_point,
    do.CloseIntakePoint: close_intake_point,
    do.OpenIntakePoints: open_intake_points,
    do.AppointResponsible: appoint_responsible,
    do.EndResponsible: end_responsible,
    do.CountHouseholds: count_households,
    do.ClassifyPlace: classify_place,
}
