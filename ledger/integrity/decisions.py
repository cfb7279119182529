"""Decisions about integrity: an entry of one's record is contested, and somebody else decides."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.integrity import commands as do
from ledger.integrity import facts
from ledger.integrity.state import Contest, Integrity, need_contest, waits
from ledger.parties.state import acts_for, need_party


def contest_record(view: View, c: do.ContestRecord, scene: Scene) -> list[Fact]:
    """See `ContestRecord`; by the party itself, once per entry."""
    contest_id = check_id(c.contest_id, "cont")
    if view.state(Contest, contest_id).raised is not None:
        raise Conflict("contest_exists", contest=contest_id)
    need_party(view, c.party)
    entry = view.state(Integrity, c.party).entries.get(f"{c.promise}:{c.about}")
    if entry is None:
        raise NotFound("no_such_record", promise=c.promise, about=c.about)
    if entry.promise.outcome != "broken":
        raise Refused("promise_was_kept", promise=c.promise, about=c.about)
    if entry.status:
        raise Conflict("already_contested", status=entry.status)
    return [
        facts.RecordContested(
            contest_id=contest_id,
            party=c.party,
            promise=c.promise,
            about=c.about,
            reason=c.reason,
            contested_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def _to_judge(view: View, c: do.UpholdRecord | do.StrikeRecord, scene: Scene) -> facts.RecordContested:
    """A contest of that party that waits, to be judged by none of those it is about: who raised it, speaks for the party,
    or found the promise broken. Raises Conflict `nothing_to_judge` where it was kept or undone since."""
    raised = need_contest(view, c.contest_id, c.party)
    entry = view.state(Integrity, raised.party).entries.get(f"{raised.promise}:{raised.about}")
    found_by = "" if entry is None else entry.promise.found_by
    if scene.actor in (raised.contested_by, found_by) or acts_for(view, scene.actor, raised.party):
        raise NotYours("self_verification", party=raised.party)
    if not waits(entry):
        raise Conflict("nothing_to_judge", promise=raised.promise, about=raised.about)
    return raised


def uphold_record(view: View, c: do.UpholdRecord, scene: Scene) -> list[Fact]:
    """See `UpholdRecord`."""
    raised = _to_judge(view, c, scene)
    return [
        facts.RecordUpheld(
            contest_id=c.contest_id,
            party=raised.party,
            promise=raised.promise,
            about=raised.about,
            judged_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


def strike_record(view: View, c: do.StrikeRecord, scene: Scene) -> list[Fact]:
    """See `StrikeRecord`."""
    raised = _to_judge(view, c, scene)
    return [
        facts.RecordStruck(
            contest_id=c.contest_id,
            party=raised.party,
            promise=raised.promise,
            about=raised.about,
            judged_by=scene.actor,
            day=scene.today,
            words=scene.sealed,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.ContestRecord: contest_record,
    do.UpholdRecord: uphold_record,
    do.StrikeRecord: strike_record,
}
