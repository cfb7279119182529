"""Decisions about pilots (M19): a standard, a checklist, an end date; approval in levels is in `levels`."""

from __future__ import annotations

from datetime import timedelta

from ledger.appraisals.interests import is_own
from ledger.appraisals.rectifying import check_digest
from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_code, check_id, check_name
from ledger.clock import months_after
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.partners.guards import need_unit
from ledger.places.state import need_place
from ledger.policy.state import policy_of
from ledger.trials import commands as do
from ledger.trials import facts
from ledger.trials.levels import LEVEL_RULES
from ledger.trials.state import ApprovalsOf, Standard, Trial, TrialAt, need_running_trial, need_standard
from ledger.trials.templates import ready_made

MOST_ITEMS, MOST_MONTHS = 100, 24
AROUND_DAYS = 92
"""How long before or after its beginning a pilot is entered at most (choice)."""
FURTHER_DAYS = 184
"""By how much one extension prolongs a pilot at most (choice)."""


def adopt_standard(view: View, c: do.AdoptStandard, scene: Scene) -> list[Fact]:
    """See `AdoptStandard`."""
    if view.state(Standard, check_id(c.standard_id, "std")).adopted is not None:
        raise Conflict("standard_exists", standard=c.standard_id)
    if not 1 <= c.months <= MOST_MONTHS:
        raise Refused("bad_months", most=MOST_MONTHS)
    items = tuple((one.code, check_name(one.name)) for one in c.items) or ready_made()[c.kind]
    codes = {check_code(code, field="code") for code, _ in items}
    if not len(codes) == len(items) <= MOST_ITEMS:
        raise Refused("bad_checklist", most=MOST_ITEMS)
    return [
        facts.StandardAdopted(
            standard_id=c.standard_id,
            kind=c.kind,
            name=check_name(c.name),
            months=c.months,
            items=items,
            adopted_by=scene.actor,
            day=scene.today,
        )
    ]


def _not_own(view: View, unit: str | None, scene: Scene) -> None:
    """Nobody looks after the trial of a unit they speak for or belong to; raises NotYours `own_trial`."""
    if unit is not None and is_own(view, scene.actor, frozenset({unit})):
        raise NotYours("own_trial", unit=unit)


def open_trial(view: View, c: do.OpenTrial, scene: Scene) -> list[Fact]:
    """See `OpenTrial`; one at a time in a place, and by nobody who may take on nothing new."""
    if view.state(Trial, check_id(c.trial_id, "trial")).opened is not None:
        raise Conflict("trial_exists", trial=c.trial_id)
    standard = need_standard(view, c.standard_id)
    need_place(view, c.place)
    if c.unit is not None:
        need_unit(view, c.unit)
        check_may_act(view, c.unit, scene.today)
        _not_own(view, c.unit, scene)
    running = view.state(TrialAt, c.place).running
    if running:
        raise Conflict("trial_running", trial=running)
    if abs((c.begins_on - scene.today).days) > AROUND_DAYS:
        raise Refused("trial_day_out_of_range", days=AROUND_DAYS)
    return [
        facts.TrialOpened(
            trial_id=c.trial_id,
            standard_id=c.standard_id,
            kind=standard.kind,
            place=c.place,
            unit=c.unit,
            begins_on=c.begins_on,
            ends_on=months_after(c.begins_on, standard.months),
            items=len(standard.items),
            opened_by=scene.actor,
            day=scene.today,
        )
    ]


def tick_item(view: View, c: do.TickItem, scene: Scene) -> list[Fact]:
    """See `TickItem`."""
    trial, opened = need_running_trial(view, c.trial_id)
    _not_own(view, opened.unit, scene)
    if c.item not in {code for code, _ in need_standard(view, opened.standard_id).items}:
        raise NotFound("not_on_the_checklist", item=c.item)
    if scene.today < opened.begins_on:
        raise Refused("trial_not_begun", begins_on=opened.begins_on.isoformat())
    if (c.item in trial.met) is c.met:
        raise Conflict("item_as_before", item=c.item)
    return [
        facts.TrialItemTicked(
            trial_id=c.trial_id,
            item=c.item,
            met=c.met,
            evidence=check_digest(c.evidence),
            ticked_by=scene.actor,
            day=scene.today,
        )
    ]


def extend_trial(view: View, c: do.ExtendTrial, scene: Scene) -> list[Fact]:
    """See `ExtendTrial`; as often as policy allows, and not for a unit that may take on nothing new."""
    trial, opened = need_running_trial(view, c.trial_id)
    _not_own(view, opened.unit, scene)
    if opened.unit is not None:
        check_may_act(view, opened.unit, scene.today)
    most = policy_of(view).number("trials.extensions", scene.today)
    if trial.extensions >= most:
        raise Refused("no_more_extensions", most=most)
    ends_on = trial.ends_on or opened.ends_on
    if not ends_on < c.ends_on <= max(ends_on, scene.today) + timedelta(days=FURTHER_DAYS):
        raise Refused("bad_extension", ends_on=ends_on.isoformat(), days=FURTHER_DAYS)
    return [
        facts.TrialExtended(
            trial_id=c.trial_id,
            place=opened.place,
            unit=opened.unit,
            ends_on=c.ends_on,
            reason=c.reason,
            extended_by=scene.actor,
            day=scene.today,
        )
    ]


def _check_passed(view: View, trial: Trial, opened: facts.TrialOpened, scene: Scene) -> None:
    """Every item is met, and as many levels as policy asks for have approved the pilot."""
    if len(trial.met) < opened.items:
        raise Refused("checklist_incomplete", missing=opened.items - len(trial.met))
    wanted = policy_of(view).number("trials.approval_levels", scene.today)
    if view.state(ApprovalsOf, opened.trial_id).levels < wanted:
        raise Refused("approval_missing", levels=wanted)


def end_trial(view: View, c: do.EndTrial, scene: Scene) -> list[Fact]:
    """See `EndTrial`; giving up is possible at any time."""
    trial, opened = need_running_trial(view, c.trial_id)
    _not_own(view, opened.unit, scene)
    ends_on = trial.ends_on or opened.ends_on
    if c.outcome != "given_up" and scene.today < ends_on:
        raise Refused("trial_still_running", ends_on=ends_on.isoformat())
    if c.outcome == "passed":
        _check_passed(view, trial, opened, scene)
    return [
        facts.TrialEnded(
            trial_id=c.trial_id,
            place=opened.place,
            unit=opened.unit,
            outcome=c.outcome,
            met=len(trial.met),
            items=opened.items,
            ended_by=scene.actor,
            day=scene.today,
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.AdoptStandard: adopt_standard,
    do.OpenTrial: open_trial,
    do.TickItem: tick_item,
    do.ExtendTrial: extend_trial,
    do.EndTrial: end_trial,
    **LEVEL_RULES,
}
