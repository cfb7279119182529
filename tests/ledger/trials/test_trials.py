"""Pilots by a standard: a checklist, an end date, and an end that has been earned (M19)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.trials.commands import AdoptStandard, ChecklistItem, EndTrial, ExtendTrial, OpenTrial, TickItem
from ledger.trials.facts import StandardAdopted
from ledger.trials.state import Trial
from ledger.trials.templates import ready_made
from tests.ledger.cast import CHEN, LVYUN, YARD, ZHAO
from tests.ledger.given import TODAY, Outcome, given, rule, survives_snapshot
from tests.ledger.trials.told import (
    ADOPTED,
    ALL_FOUR,
    APPLIED,
    BEGAN,
    BOTH,
    ENDS,
    ITEMS,
    STAGE,
    STANDARD,
    TRIAL,
    ended,
    extended,
    opened,
    ticked,
)

ADOPT = AdoptStandard(
    standard_id=STANDARD,
    kind="safety_net",
    name=" 兜底标准 ",
    items=tuple(ChecklistItem(code=code, name=name) for code, name in ITEMS),
)
OPEN = OpenTrial(trial_id=TRIAL, standard_id=STANDARD, place=YARD, unit=LVYUN, begins_on=BEGAN)
TICK = TickItem(trial_id=TRIAL, item="drains")
END = EndTrial(trial_id=TRIAL, outcome="passed")
YET = TODAY + timedelta(days=1)


def ask(command: Any, *before: Fact, actor: str = CHEN) -> Outcome:
    """A community worker asks."""
    return given(*STAGE, *before).when(command, actor=actor, role="community_worker")


def test_a_standard_keeps_the_items_it_was_adopted_with() -> None:
    ask(ADOPT).then(ADOPTED)


@pytest.mark.parametrize(("kind", "items"), [("professional", 24), ("self_governed", 18), ("safety_net", 10)])
def test_each_kind_of_pilot_has_a_ready_made_checklist(kind: Any, items: int) -> None:
    adopted = ask(replace(ADOPT, kind=kind, items=())).fact
    assert isinstance(adopted, StandardAdopted)
    assert adopted.items == ready_made()[kind]
    assert len(adopted.items) == items


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"months": 0}, "bad_months"),
        ({"months": 25}, "bad_months"),
        ({"items": ADOPT.items[:1] * 2}, "bad_checklist"),
        ({"items": tuple(ChecklistItem(code=f"item_{n}", name="x") for n in range(101))}, "bad_checklist"),
        ({"items": (ChecklistItem(code="Drains", name="x"),)}, "bad_name"),
        ({"name": ""}, "bad_name"),
        ({"standard_id": "trial_1"}, "bad_id"),
    ],
)
def test_a_standard_has_months_and_items_within_reason(changed: dict[str, Any], code: str) -> None:
    ask(replace(ADOPT, **changed)).refused(code, Refused)


def test_a_standard_is_adopted_once() -> None:
    ask(ADOPT, ADOPTED).refused("standard_exists", Conflict)


# ---- a pilot begins ------------------------------------------------------------------------------------------------------


def test_a_pilot_lasts_as_long_as_its_standard_says() -> None:
    ask(OPEN, ADOPTED).then(opened()).looking_at(YARD, LVYUN)


def test_a_place_may_be_kept_by_its_own_people() -> None:
    ask(replace(OPEN, unit=None), ADOPTED).then(opened(unit=None))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"standard_id": "std_none"}, "no_such_standard"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"unit": "unit_nobody"}, "no_such_unit"),
        ({"unit": "mem_wang"}, "no_such_unit"),
        ({"begins_on": TODAY - timedelta(days=93)}, "trial_day_out_of_range"),
        ({"begins_on": TODAY + timedelta(days=93)}, "trial_day_out_of_range"),
        ({"trial_id": "std_short"}, "bad_id"),
    ],
)
def test_a_pilot_has_a_standard_a_place_and_a_day_near_today(changed: dict[str, Any], code: str) -> None:
    ask(replace(OPEN, **changed), ADOPTED).refused(code)


def test_one_pilot_at_a_time_runs_in_a_place() -> None:
    second = replace(OPEN, trial_id="trial_2")
    ask(second, ADOPTED, opened()).refused("trial_running", Conflict, trial=TRIAL)
    ask(second, ADOPTED, opened(), ended()).then(opened(trial_id="trial_2"))
    ask(OPEN, ADOPTED, opened(), ended()).refused("trial_exists", Conflict)


def test_a_blacklisted_unit_begins_no_pilot() -> None:
    barred = PartyBlacklisted(
        blacklisting_id="bar_1", party=LVYUN, reason="rectification_failed", listed_by=CHEN, day=TODAY
    )
    ask(OPEN, ADOPTED, barred).refused("blacklisted", Refused, reason="rectification_failed")


def test_the_pilot_of_a_unit_that_was_blacklisted_since_is_not_extended() -> None:
    barred = PartyBlacklisted(blacklisting_id="bar_1", party=LVYUN, reason="fraud", listed_by=CHEN, day=TODAY)
    further = ExtendTrial(trial_id=TRIAL, ends_on=YET, reason="items_open")
    ask(further, ADOPTED, opened()).then(extended(YET))
    ask(further, ADOPTED, opened(), barred).refused("blacklisted", Refused, party=LVYUN)


@pytest.mark.parametrize("command", [OPEN, TICK, END, ExtendTrial(trial_id=TRIAL, ends_on=YET, reason="items_open")])
def test_nobody_looks_after_the_pilot_of_their_own_unit(command: Any) -> None:
    before = (ADOPTED,) if command is OPEN else (ADOPTED, opened())
    ask(command, *before, actor=ZHAO).refused("own_trial", NotYours)


# ---- the checklist -------------------------------------------------------------------------------------------------------


def test_an_item_is_ticked_with_what_shows_it() -> None:
    ask(replace(TICK, evidence="ab" * 32), ADOPTED, opened()).then(ticked("drains", evidence="ab" * 32))
    ask(replace(TICK, evidence="a photo"), ADOPTED, opened()).refused("evidence_not_a_digest", Refused)


def test_a_tick_can_be_taken_back() -> None:
    outcome = ask(replace(TICK, met=False), ADOPTED, opened(), *BOTH).then(ticked("drains", met=False))
    assert outcome.state(Trial, TRIAL).met == {"rubbish_daily"}
    assert survives_snapshot(outcome.state(Trial, TRIAL))


def test_a_tick_changes_something() -> None:
    ask(TICK, ADOPTED, opened(), *BOTH).refused("item_as_before", Conflict)
    ask(replace(TICK, met=False), ADOPTED, opened()).refused("item_as_before", Conflict)


def test_only_what_stands_on_the_checklist_is_ticked_and_not_before_the_pilot_begins() -> None:
    ask(replace(TICK, item="noise"), ADOPTED, opened()).refused("not_on_the_checklist", NotFound)
    ask(TICK, ADOPTED, opened(begins_on=YET)).refused("trial_not_begun", Refused)
    ask(TICK).refused("no_such_trial", NotFound)
    ask(TICK, ADOPTED, opened(), ended()).refused("trial_ended", Conflict)


# ---- extension and end ---------------------------------------------------------------------------------------------------


def test_a_pilot_is_extended_as_often_as_policy_allows() -> None:
    extend = ExtendTrial(trial_id=TRIAL, ends_on=date(2026, 6, 20), reason="items_open")
    ask(extend, ADOPTED, opened()).then(extended(date(2026, 6, 20)))
    first, second = extended(date(2026, 6, 1)), extended(date(2026, 6, 10))
    ask(extend, ADOPTED, opened(), first, second).refused("no_more_extensions", Refused, most=2)
    ask(extend, ADOPTED, opened(), rule("trials.extensions", 0)).refused("no_more_extensions", Refused, most=0)


@pytest.mark.parametrize("ends_on", [ENDS, TODAY + timedelta(days=185)])
def test_an_extension_leads_to_a_later_day_within_half_a_year(ends_on: date) -> None:
    extend = ExtendTrial(trial_id=TRIAL, ends_on=ends_on, reason="items_open")
    ask(extend, ADOPTED, opened()).refused("bad_extension", Refused)


def test_a_pilot_is_passed_when_its_time_is_served_and_every_item_is_met() -> None:
    outcome = ask(END, ADOPTED, opened(), *BOTH).then(ended())
    assert outcome.state(Trial, TRIAL).ended


def test_nobody_passes_before_the_last_day() -> None:
    ask(END, ADOPTED, opened(ends_on=YET), *BOTH).refused("trial_still_running", Refused)
    ask(END, ADOPTED, opened(), *BOTH, extended(YET)).refused("trial_still_running", Refused)
    failed = replace(END, outcome="failed")
    ask(failed, ADOPTED, opened(ends_on=YET)).refused("trial_still_running", Refused)


def test_nobody_passes_with_an_open_item() -> None:
    ask(END, ADOPTED, opened(), BOTH[0]).refused("checklist_incomplete", Refused, missing=1)
    ask(END, ADOPTED, opened(), *BOTH, ticked("drains", met=False)).refused("checklist_incomplete", Refused, missing=1)


def test_policy_may_ask_for_approval_in_four_levels() -> None:
    four = rule("trials.approval_levels", 4)
    ask(END, four, ADOPTED, opened(), *BOTH).refused("approval_missing", Refused, levels=4)
    ask(END, four, ADOPTED, opened(), *BOTH, APPLIED, *ALL_FOUR[:3]).refused("approval_missing", Refused)
    ask(END, four, ADOPTED, opened(), *BOTH, APPLIED, *ALL_FOUR).then(ended())


def test_a_pilot_may_fail_and_may_be_given_up_at_any_time() -> None:
    ask(replace(END, outcome="failed"), ADOPTED, opened(), BOTH[0]).then(ended("failed", met=1))
    ask(replace(END, outcome="given_up"), ADOPTED, opened(ends_on=YET)).then(ended("given_up", met=0))


def test_a_pilot_ends_once() -> None:
    ask(END, ADOPTED, opened(), *BOTH, ended()).refused("trial_ended", Conflict)
    ask(END).refused("no_such_trial", NotFound)
