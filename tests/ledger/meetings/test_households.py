"""户: a household has members and one voice; who lives where decides who may speak for it."""

from __future__ import annotations

from typing import Any

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, Refused
from ledger.meetings import commands as do
from ledger.meetings import facts
from ledger.meetings.state import Electorate, Home, Household
from tests.ledger.cast import CHEN, HOUSE, LI, PEOPLE, SUN, WANG, YARD, left
from tests.ledger.given import NOW, Outcome, given, survives_snapshot
from tests.ledger.meetings.told import home

REGISTER = do.RegisterHousehold(household_id="home_1", place=HOUSE, residents=(WANG, LI))
ENDED = facts.HouseholdEnded(household_id="home_1", places=(HOUSE, YARD), reason="moved_away")


def enter(command: Any, *before: Fact) -> Outcome:
    """A community worker enters it."""
    return given(*PEOPLE, *before).when(command, actor=CHEN, role="community_worker", sealed="c")


def test_a_household_belongs_to_its_place_and_to_all_above_it() -> None:
    enter(REGISTER).then(
        facts.HouseholdRegistered(
            household_id="home_1", place=HOUSE, places=(HOUSE, YARD), residents=(WANG, LI), registered_at=NOW, words="c"
        )
    )


def test_the_households_of_a_place_are_those_below_it_too() -> None:
    before = (home("home_1"), home("home_2"), home("home_3", place=YARD))
    assert given(*before).state(Electorate, "homes_" + YARD).households == 3
    assert given(*before).state(Electorate, "homes_" + HOUSE).households == 2
    assert given(*before, ENDED).state(Electorate, "homes_" + HOUSE).households == 1
    assert survives_snapshot(given(*before).state(Electorate, "homes_" + YARD))


def test_nobody_lives_in_two_households() -> None:
    enter(do.RegisterHousehold(place=HOUSE, residents=(WANG,)), home("home_1", WANG)).refused("in_household", Conflict)
    join = do.JoinHousehold(household_id="home_2", member=WANG)
    enter(join, home("home_1", WANG), home("home_2")).refused("in_household", Conflict, household="home_1")


def test_whoever_moved_out_or_whose_household_ended_may_live_in_another() -> None:
    join = do.JoinHousehold(household_id="home_2", member=WANG)
    gone = facts.HouseholdLeft(household_id="home_1", member=WANG)
    moved_in = facts.HouseholdJoined(household_id="home_2", member=WANG)
    enter(join, home("home_1", WANG), gone, home("home_2")).then(moved_in)
    enter(join, home("home_1", WANG), ENDED, home("home_2")).then(moved_in)
    enter(join, home("home_2")).then(moved_in)


def test_members_are_known_here_and_listed_once() -> None:
    enter(do.RegisterHousehold(place=HOUSE, residents=(WANG, WANG))).refused("listed_twice", Refused, field="residents")
    enter(do.RegisterHousehold(place=HOUSE, residents=("mem_nobody",))).refused("no_such_member", NotFound)
    enter(do.RegisterHousehold(place=HOUSE, residents=(SUN,)), left(SUN)).refused("member_left", Refused)
    crowd = tuple(f"mem_{number}" for number in range(101))
    enter(do.RegisterHousehold(place=HOUSE, residents=crowd)).refused("list_too_long", Refused, most=100)
    enter(do.JoinHousehold(household_id="home_1", member=WANG), home("home_1", *crowd[:100])).refused("list_too_long")


def test_a_household_is_registered_once_at_a_place_that_is_there() -> None:
    enter(REGISTER, home("home_1")).refused("household_exists", Conflict)
    enter(do.RegisterHousehold(place="place_nowhere")).refused("no_such_place", NotFound)
    enter(do.RegisterHousehold(household_id="req_1", place=HOUSE)).refused("bad_id", Refused)


def test_a_member_moves_out_also_after_leaving_the_community() -> None:
    leave = do.LeaveHousehold(household_id="home_1", member=WANG)
    enter(leave, home("home_1", WANG), left(WANG)).then(facts.HouseholdLeft(household_id="home_1", member=WANG))
    enter(leave, home("home_1", LI)).refused("not_of_household", NotFound)


def test_a_household_that_ended_is_no_more() -> None:
    end = do.EndHousehold(household_id="home_1", reason="moved_away")
    enter(end, home("home_1")).then(ENDED)
    enter(end, home("home_1"), ENDED).refused("household_ended", Refused)
    enter(end).refused("no_such_household", NotFound)


def test_states_follow_who_lives_where() -> None:
    story = (home("home_1", WANG), facts.HouseholdJoined(household_id="home_1", member=LI))
    assert given(*story).state(Household, "home_1").members == {WANG, LI}
    assert given(*story).state(Home, LI).household_id == "home_1"
    gone = facts.HouseholdLeft(household_id="home_1", member=WANG)
    assert given(*story, gone).state(Household, "home_1").members == {LI}
    assert given(*story, gone).state(Home, WANG).household_id is None
    assert survives_snapshot(given(*story, gone).state(Household, "home_1"))
