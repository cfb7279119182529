"""Shifts that recur, and how they come into the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.clock import DEFAULT_ZONE
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.policy.state import policy_of
from ledger.shifts import commands as do
from ledger.shifts import facts
from ledger.shifts.calendar import next_day
from ledger.shifts.state import Rota
from tests.ledger.cast import AIXIN, BAKERY, CHEN, HOUSE, LI, SUN, WANG, left
from tests.ledger.given import NOW, TODAY, Folded, rule
from tests.ledger.shifts.told import FRIDAY, MINE, NAME, ROTA, SHIFT, ask, at, came, planned, scheduled, session, signed


def plan(**fields: Any) -> do.PlanRota:
    """A worker plans the watch."""
    usual: dict[str, Any] = {
        "rota_id": ROTA, "name": NAME, "place": HOUSE, "in_charge": LI, "weekdays": (2, 4), "start_minute": 14 * 60,
        "minutes": 120, "capacity": 2, "from_day": TODAY,
    }  # fmt: skip
    return do.PlanRota(**{**usual, **fields})


def single(**fields: Any) -> do.ScheduleShift:
    """A worker schedules one watch."""
    usual: dict[str, Any] = {
        "shift_id": SHIFT, "name": NAME, "place": HOUSE, "in_charge": LI, "start_at": at(14), "end_at": at(16),
        "capacity": 2,
    }  # fmt: skip
    return do.ScheduleShift(**{**usual, **fields})


def from_rota(day: date = TODAY) -> do.ScheduleFromRota:
    """The follower enters one day of the rota."""
    return do.ScheduleFromRota(shift_id=SHIFT, rota_id=ROTA, day=day)


def test_a_worker_plans_a_shift_that_recurs() -> None:
    ask(plan()).then(planned())


def test_a_rota_may_be_a_teams_and_give_its_hours_to_the_pool() -> None:
    fact = ask(plan(team=AIXIN, organiser=BAKERY, pooled=True)).fact
    assert isinstance(fact, facts.RotaPlanned)
    assert (fact.team, fact.organiser, fact.pooled) == (AIXIN, BAKERY, True)


@pytest.mark.parametrize(
    ("fields", "code", "kind"),
    [
        ({"weekdays": ()}, "bad_weekdays", Refused),
        ({"weekdays": (4, 2)}, "bad_weekdays", Refused),
        ({"weekdays": (2, 2)}, "bad_weekdays", Refused),
        ({"weekdays": (7,)}, "bad_weekdays", Refused),
        ({"start_minute": 1_440}, "bad_start_minute", Refused),
        ({"start_minute": -1}, "bad_start_minute", Refused),
        ({"minutes": 0}, "not_positive", Refused),
        ({"minutes": 1_441}, "absurd_amount", Refused),
        ({"capacity": 0}, "not_positive", Refused),
        ({"capacity": 501}, "absurd_quantity", Refused),
        ({"until_day": TODAY - timedelta(days=1)}, "implausible_date", Refused),
        ({"from_day": date(1989, 12, 31)}, "implausible_date", Refused),
        ({"name": ""}, "bad_name", Refused),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"in_charge": "mem_nobody"}, "no_such_member", NotFound),
        ({"team": BAKERY}, "bad_id", Refused),
        ({"team": "team_none"}, "no_such_team", NotFound),
        ({"organiser": "unit_none"}, "no_such_unit", NotFound),
        ({"rota_id": "shift_1"}, "bad_id", Refused),
    ],
)
def test_a_rota_has_to_make_sense(fields: dict[str, Any], code: str, kind: type) -> None:
    ask(plan(**fields)).refused(code, kind)


def test_a_rota_is_planned_once() -> None:
    ask(plan(), planned()).refused("rota_exists", Conflict)


def test_a_day_of_the_rota_comes_into_the_calendar() -> None:
    ask(from_rota(), planned()).then(scheduled(rota_id=ROTA))
    outcome = ask(from_rota(FRIDAY), planned(), scheduled("shift_0", rota_id=ROTA))
    assert outcome.fact == scheduled(rota_id=ROTA, day=FRIDAY, start_at=at(14, day=FRIDAY), end_at=at(16, day=FRIDAY))


@pytest.mark.parametrize(
    ("day", "rota", "code"),
    [
        (TODAY + timedelta(days=1), planned(), "not_in_the_rota"),
        (TODAY, planned(from_day=FRIDAY), "not_in_the_rota"),
        (FRIDAY, planned(until_day=TODAY), "not_in_the_rota"),
        (TODAY + timedelta(days=16), planned(), "too_far_ahead"),
        (TODAY, planned(start_minute=8 * 60), "shift_started"),
        (TODAY - timedelta(days=7), planned(from_day=date(2026, 1, 1)), "shift_started"),
    ],
)
def test_a_rota_gives_its_own_days_and_only_those_to_come(day: date, rota: facts.RotaPlanned, code: str) -> None:
    ask(from_rota(day), rota).refused(code, Refused)


def test_a_rota_rests_on_holidays_unless_it_says_otherwise() -> None:
    holiday = rule("calendar.holidays", (TODAY.isoformat(),))
    ask(from_rota(), planned(), holiday).refused("rests_on_holiday", Refused)
    assert ask(from_rota(), planned(on_holidays=True), holiday).facts


def test_a_day_is_scheduled_once_and_days_in_order() -> None:
    before = planned(), scheduled("shift_0", rota_id=ROTA, day=FRIDAY)
    ask(from_rota(FRIDAY), *before).refused("day_scheduled", Conflict)
    ask(from_rota(TODAY), *before).refused("day_scheduled", Conflict)


def test_a_rota_that_ended_gives_no_more_shifts() -> None:
    end = do.EndRota(rota_id=ROTA, reason="done")
    ended = ask(end, planned()).then(facts.RotaEnded(rota_id=ROTA, reason="done", ended_by=CHEN, day=TODAY)).fact
    ask(from_rota(), planned(), ended).refused("rota_ended", Conflict)
    ask(end, planned(), ended).refused("rota_ended", Conflict)
    ask(end).refused("no_such_rota", NotFound)


def test_a_rota_goes_on_when_whoever_was_in_charge_left() -> None:
    assert ask(from_rota(), planned(), left(LI)).facts


def test_a_shift_may_stand_by_itself() -> None:
    ask(single()).then(scheduled())


def test_a_shift_that_is_over_may_be_scheduled_for_its_paper_list() -> None:
    assert ask(single(start_at=at(7), end_at=at(8))).facts


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"end_at": at(14)}, "end_before_start"),
        ({"end_at": at(16) + 1}, "not_whole_minutes"),
        ({"end_at": at(16, day=FRIDAY)}, "absurd_amount"),
        ({"start_at": at(14, day=date(2036, 5, 20)), "end_at": at(16, day=date(2036, 5, 20))}, "implausible_date"),
        ({"start_at": 0, "end_at": 60_000_000}, "implausible_date"),
        ({"name": "打13800138000"}, "personal_number_in_public"),
    ],
)
def test_a_shift_has_to_make_sense(fields: dict[str, Any], code: str) -> None:
    ask(single(**fields)).refused(code, Refused)


def test_a_shift_is_scheduled_once() -> None:
    ask(single(), scheduled()).refused("shift_exists", Conflict)
    ask(from_rota(), planned(), scheduled()).refused("shift_exists", Conflict)


CANCEL = do.CancelShift(shift_id=SHIFT, reason="weather")
CANCELLED = facts.ShiftCancelled(shift_id=SHIFT, reason="weather", cancelled_by=LI)


def test_who_is_in_charge_cancels_and_everybody_is_free() -> None:
    others = signed(), signed("sgn_sun", SUN, waiting=True)
    freed = [
        facts.SignupEnded(signup_id=one, shift_id=SHIFT, member=who, cause="shift_cancelled")
        for one, who in ((MINE, WANG), ("sgn_sun", SUN))
    ]
    ask(CANCEL, scheduled(), *others, actor=LI).then(CANCELLED, *freed)


def test_a_shift_is_not_cancelled_by_just_anybody_nor_twice_nor_when_people_came() -> None:
    ask(CANCEL, scheduled(), actor=WANG).refused("shift_not_yours", NotYours)
    ask(CANCEL, scheduled(), CANCELLED).refused("shift_cancelled", Conflict)
    ask(CANCEL, scheduled(), signed(), came()).refused("people_came", Refused)
    ask(CANCEL, scheduled(), session(origin="attested")).refused("people_came", Refused)
    ask(CANCEL, scheduled(), facts.ShiftClosed(shift_id=SHIFT)).refused("shift_closed", Conflict)
    ask(CANCEL).refused("no_such_shift", NotFound)


@drawn(
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ahead=st.integers(1, 40),
    begins=st.integers(-20, 20),
    length=st.one_of(st.none(), st.integers(0, 40)),
)
def test_the_follower_finds_every_day_of_the_rota_in_order_and_no_other(
    weekdays: tuple[int, ...], ahead: int, begins: int, length: int | None
) -> None:
    from_day = TODAY + timedelta(days=begins)
    until_day = None if length is None else from_day + timedelta(days=length)
    plan_of = planned(weekdays=weekdays, from_day=from_day, until_day=until_day)
    view = Folded(rule("shifts.ahead_days", ahead), plan_of)
    found = []
    while (day := next_day(view.state(Rota, ROTA), policy_of(view), NOW, DEFAULT_ZONE)) is not None:
        found.append(day)
        view.add(scheduled(f"shift_{len(found)}", rota_id=ROTA, day=day))
    days = (TODAY + timedelta(days=one) for one in range(ahead + 1))
    expected = [
        day for day in days if day >= from_day and (until_day is None or day <= until_day) and day.weekday() in weekdays
    ]
    assert found == expected


def test_the_follower_passes_over_a_shift_that_should_have_begun_and_days_of_rest() -> None:
    rests = rule("calendar.holidays", (FRIDAY.isoformat(),))
    begun = planned(start_minute=9 * 60)
    assert _next(begun) == FRIDAY
    assert _next(begun, rests) == TODAY + timedelta(days=7)
    assert _next(planned(start_minute=9 * 60, on_holidays=True), rests) == FRIDAY
    assert _next(begun, facts.RotaEnded(rota_id=ROTA, reason="done", ended_by=CHEN, day=TODAY)) is None
    assert next_day(Rota(tag=ROTA), policy_of(Folded()), NOW, DEFAULT_ZONE) is None


def _next(*story: Any) -> date | None:
    view = Folded(*story)
    return next_day(view.state(Rota, ROTA), policy_of(view), NOW, DEFAULT_ZONE)
