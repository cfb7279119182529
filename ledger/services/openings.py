"""Decisions about who is helped first: need groups, and opening grants from a named source (domain.md §2)."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.records import banked
from ledger.parties.state import acts_for, need_member
from ledger.services import commands as do
from ledger.services import facts
from ledger.services.state import Need, NeedGroup, Needs, Opening, Source, need_group
from ledger.units import check_minutes


def open_need_group(view: View, c: do.OpenNeedGroup, scene: Scene) -> list[Fact]:
    """See `OpenNeedGroup`."""
    check_id(c.group_id, "grp")
    if view.state(NeedGroup, c.group_id).opened is not None:
        raise Conflict("group_exists", group=c.group_id)
    return [facts.NeedGroupOpened(group_id=c.group_id, name=check_name(c.name), opened_by=scene.actor)]


def ask_for_need(view: View, c: do.AskForNeed, scene: Scene) -> list[Fact]:
    """See `AskForNeed`."""
    check_id(c.need_id, "need")
    if view.state(Need, c.need_id).asked is not None:
        raise Conflict("need_exists", need=c.need_id)
    need_group(view, c.group_id)
    need_member(view, c.member)
    if c.group_id in view.state(Needs, c.member).admitted:
        raise Conflict("already_in_group", group=c.group_id)
    return [
        facts.NeedAsked(
            need_id=c.need_id, group_id=c.group_id, member=c.member, asked_by=scene.actor, words=scene.sealed
        )
    ]


def _need(view: View, need_id: str) -> tuple[str, facts.NeedAsked]:
    need = view.state(Need, need_id)
    if need.asked is None:
        raise NotFound("no_such_need", need=need_id)
    return need.status, need.asked


def admit_need(view: View, c: do.AdmitNeed, scene: Scene) -> list[Fact]:
    """See `AdmitNeed`."""
    status, asked = _need(view, c.need_id)
    if status != "asked":
        raise Conflict("need_settled", need=c.need_id, status=status)
    if scene.actor == asked.asked_by or acts_for(view, scene.actor, asked.member):
        raise NotYours("second_person_needed")
    need_member(view, asked.member)
    if asked.group_id in view.state(Needs, asked.member).admitted:
        raise Conflict("already_in_group", group=asked.group_id)
    return [
        facts.NeedAdmitted(need_id=c.need_id, group_id=asked.group_id, member=asked.member, admitted_by=scene.actor)
    ]


def end_need(view: View, c: do.EndNeed, scene: Scene) -> list[Fact]:
    """See `EndNeed`; also of who left."""
    status, asked = _need(view, c.need_id)
    if status == "ended":
        raise Conflict("need_settled", need=c.need_id, status=status)
    return [
        facts.NeedEnded(
            need_id=c.need_id, group_id=asked.group_id, member=asked.member, reason=c.reason, ended_by=scene.actor
        )
    ]


def open_source(view: View, c: do.OpenSource, scene: Scene) -> list[Fact]:
    """See `OpenSource`."""
    check_id(c.source_id, "src")
    if view.state(Source, c.source_id).opened is not None:
        raise Conflict("source_exists", source=c.source_id)
    need_group(view, c.group_id)
    check_minutes(c.minutes)
    check_minutes(c.most_minutes, c.minutes)
    return [
        facts.SourceOpened(
            source_id=c.source_id,
            group_id=c.group_id,
            name=check_name(c.name),
            minutes=c.minutes,
            most_minutes=c.most_minutes,
            opened_by=scene.actor,
            day=scene.today,
        )
    ]


def grant_opening(view: View, c: do.GrantOpening, scene: Scene) -> list[Fact]:
    """See `GrantOpening`; once for a member, by another person than who opened the source, and never to oneself."""
    check_id(c.opening_id, "open")
    if view.state(Opening, c.opening_id).granted:
        raise Conflict("opening_granted", source=c.source_id)
    source = view.state(Source, c.source_id)
    opened = source.opened
    if opened is None:
        raise NotFound("no_such_source", source=c.source_id)
    if scene.actor == opened.opened_by:
        raise NotYours("second_person_needed")
    if acts_for(view, scene.actor, c.receiver):
        raise NotYours("grant_to_oneself")
    need_member(view, c.receiver)
    if opened.group_id not in view.state(Needs, c.receiver).admitted:
        raise Refused("not_in_need_group", group=opened.group_id)
    if c.receiver in source.receivers:
        raise Conflict("opening_granted", source=c.source_id)
    check_minutes(c.minutes)
    if c.minutes > opened.most_minutes:
        raise Refused("opening_too_large", asked=c.minutes, most=opened.most_minutes)
    if c.minutes > source.left_minutes:
        raise Refused("source_is_empty", asked=c.minutes, left=source.left_minutes)
    over, _ = banked(view, c.receiver, c.minutes, scene)
    if over:
        raise Refused("storage_cap_reached", over=over)
    return [
        facts.OpeningGranted(
            opening_id=c.opening_id,
            source_id=c.source_id,
            receiver=c.receiver,
            minutes=c.minutes,
            granted_by=scene.actor,
        )
    ]


OPENING_RULES: dict[type[Command], Decide] = {
    do.OpenNeedGroup: open_need_group,
    do.AskForNeed: ask_for_need,
    do.AdmitNeed: admit_need,
    do.EndNeed: end_need,
    do.OpenSource: open_source,
    do.GrantOpening: grant_opening,
}
