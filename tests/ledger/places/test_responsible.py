"""Somebody answers for each tier of the tree; households are counted, courtyards have a kind, codes come in series."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.places.commands import (
    AppointResponsible,
    ClassifyPlace,
    CountHouseholds,
    EndResponsible,
    OpenIntakePoints,
)
from ledger.places.facts import (
    HouseholdsCounted,
    IntakePointOpened,
    PlaceClassified,
    ResponsibleAppointed,
    ResponsibleEnded,
)
from ledger.places.state import Profile, answers_for, next_above, places_up, responsible_for
from tests.ledger.cast import CHEN, HOUSE, LI, OPERATOR, PEOPLE, SUN, YARD, ZHAO, left
from tests.ledger.given import TODAY, Folded, Outcome, given

APPOINT = AppointResponsible(duty_id="duty_1", place_id=YARD, member_id=LI, office="院长")
APPOINTED = ResponsibleAppointed(
    duty_id="duty_1", place_id=YARD, member_id=LI, office="院长", appointed_by=CHEN, day=TODAY
)
ENDED = ResponsibleEnded(duty_id="duty_1", place_id=YARD, member_id=LI, reason="replaced", day=TODAY)
END = EndResponsible(duty_id="duty_1", reason="replaced")


def worker(command: Any, *facts: Fact) -> Outcome:
    """What a community worker is answered."""
    return given(*PEOPLE, *facts).when(command, actor=CHEN, role="community_worker")


def test_somebody_is_appointed_to_answer_for_a_place_and_relieved_of_it() -> None:
    worker(APPOINT).then(APPOINTED)
    worker(END, APPOINTED).then(ENDED)


def test_appointments_are_refused_where_they_say_nothing_new_or_wrong() -> None:
    worker(APPOINT, APPOINTED).refused("duty_exists", Conflict)
    twice = AppointResponsible(place_id=YARD, member_id=LI, office="楼长")
    worker(twice, APPOINTED).refused("already_responsible", Conflict)
    worker(AppointResponsible(place_id="place_x", member_id=LI, office="院长")).refused("no_such_place", NotFound)
    worker(AppointResponsible(place_id=YARD, member_id="mem_x", office="院长")).refused("no_such_member", NotFound)
    worker(AppointResponsible(place_id=YARD, member_id=LI, office=" ")).refused("bad_name", Refused)
    worker(AppointResponsible(place_id=YARD, member_id=CHEN, office="院长")).refused("appoints_oneself", NotYours)
    barred = PartyBlacklisted(
        blacklisting_id="bl_1", party=LI, reason="failed_rectification", listed_by=OPERATOR, day=TODAY
    )
    worker(APPOINT, barred).refused("blacklisted", Refused)


def test_a_duty_ends_once_also_of_somebody_who_left() -> None:
    worker(END).refused("no_such_duty", NotFound)
    worker(END, APPOINTED, ENDED).refused("duty_ended", Conflict)
    worker(END, APPOINTED, left(LI)).then(ENDED)


def test_who_was_relieved_or_left_answers_for_nothing() -> None:
    view = Folded(*PEOPLE, APPOINTED)
    assert responsible_for(view, YARD) == LI
    assert answers_for(view, LI, HOUSE)
    assert not answers_for(view, SUN, HOUSE)
    view.add(left(LI))
    assert responsible_for(view, YARD) is None
    assert responsible_for(Folded(*PEOPLE, APPOINTED, ENDED), YARD) is None


def test_of_several_the_first_appointed_answers() -> None:
    second = ResponsibleAppointed(
        duty_id="duty_2", place_id=YARD, member_id=ZHAO, office="副院长", appointed_by=CHEN, day=TODAY
    )
    assert responsible_for(Folded(*PEOPLE, APPOINTED, second), YARD) == LI
    assert responsible_for(Folded(*PEOPLE, APPOINTED, second, left(LI)), YARD) == ZHAO


def test_the_way_up_leads_from_the_narrowest_to_the_widest() -> None:
    view = Folded(*PEOPLE, APPOINTED)
    assert places_up(view, HOUSE) == [HOUSE, YARD]
    assert next_above(view, HOUSE) == (YARD, LI)
    assert next_above(view, YARD) is None


# ---- households and kinds of courtyards ---------------------------------------------------------------------------------


def counted(households: int, change: int, *, first: bool = False) -> HouseholdsCounted:
    """So many households live in the courtyard."""
    return HouseholdsCounted(
        place_id=YARD, kind="courtyard", households=households, change=change, first=first, day=TODAY
    )


def test_a_later_count_says_by_how_much_it_differs() -> None:
    count = CountHouseholds(place_id=YARD, households=509)
    worker(count).then(counted(509, 509, first=True))
    told = worker(count, counted(512, 512, first=True))
    told.then(counted(509, -3))
    assert told.state(Profile, YARD).households == 509
    worker(count, counted(509, 509, first=True)).refused("same_count", Conflict)


@pytest.mark.parametrize("households", [-1, 1_000_001])
def test_an_absurd_count_is_refused(households: int) -> None:
    worker(CountHouseholds(place_id=YARD, households=households)).refused("bad_count", Refused)


def test_a_courtyard_has_a_kind_which_can_change() -> None:
    old = PlaceClassified(place_id=YARD, label="old_estate", day=TODAY)
    worker(ClassifyPlace(place_id=YARD, label="old_estate")).then(old)
    worker(ClassifyPlace(place_id=YARD, label="old_estate"), old).refused("same_label", Conflict)
    told = worker(ClassifyPlace(place_id=YARD, label="family"), old)
    assert told.state(Profile, YARD).label == "family"
    worker(ClassifyPlace(place_id=YARD, label="老旧小区")).refused("bad_name", Refused)


# ---- series of codes ----------------------------------------------------------------------------------------------------

SERIES = OpenIntakePoints(point_id="pt_gates", channel="qr", label="楼道", count=3, place=YARD)
POINTS = [IntakePointOpened(point_id=f"pt_gates.{n}", channel="qr", label=f"楼道 {n}", place=YARD) for n in (1, 2, 3)]


def test_codes_are_opened_in_a_series() -> None:
    worker(SERIES).then(*POINTS)


def test_a_series_of_one_is_told_again_too() -> None:
    one = OpenIntakePoints(point_id="pt_gates", channel="qr", label="楼道", count=1, place=YARD)
    worker(one).then(POINTS[0])


def test_a_series_is_opened_once_and_has_a_sensible_length() -> None:
    worker(SERIES, POINTS[1]).refused("point_exists", Conflict)
    for count in (0, 501):
        many = OpenIntakePoints(channel="qr", label="楼道", count=count)
        worker(many).refused("bad_count", Refused)
    worker(OpenIntakePoints(channel="qr", label="楼道", count=1, place="place_x")).refused("no_such_place", NotFound)
