"""A session is entered with its day, its minutes and who was there; none overlap or fill more than a day holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.hours.commands import DepositSession, RecordSession
from ledger.hours.facts import SessionEndorsed, SessionRecorded, SessionVerified, day_tag
from ledger.hours.state import DayLog, Session
from tests.ledger.cast import AIXIN, CHEN, HOUSE, LI, LVYUN, PEOPLE, WANG, YARD, ZHAO, left
from tests.ledger.given import NOW, TODAY, Outcome, given, rule
from tests.ledger.hours.told import ACTIVITY, OTHER_SESSION, SESSION, YESTERDAY, at, corrected, recorded, rejected

RECORD = RecordSession(session_id=SESSION, volunteer=WANG, day=YESTERDAY, minutes=90)
DEPOSIT = DepositSession(session_id=SESSION, volunteer=WANG, day=YESTERDAY, minutes=90)
MORNING = replace(RECORD, minutes=None, start_at=at(9), end_at=at(10, 30))


def record(command: RecordSession, *before: Any, now_at: int = NOW) -> Outcome:
    """李师傅, in charge, enters a session."""
    return given(*PEOPLE, *before).when(command, actor=LI, now_at=now_at, sealed="c1")


def test_a_session_is_recorded_for_its_volunteer_and_counts_for_where_the_volunteer_lives() -> None:
    record(replace(RECORD, in_charge=LI, activity_id=ACTIVITY)).then(
        SessionRecorded(
            session_id=SESSION,
            volunteer=WANG,
            activity_id=ACTIVITY,
            day=YESTERDAY,
            last_day=YESTERDAY,
            minutes=90,
            origin="attested",
            place=HOUSE,
            in_charge=LI,
            recorder=LI,
            words="c1",
        )
    )


def test_a_session_counts_for_the_volunteers_team_and_unit_and_the_place_that_is_stated() -> None:
    (happened,) = record(replace(RECORD, volunteer=ZHAO, place=YARD, organiser=LVYUN)).facts
    assert isinstance(happened, SessionRecorded)
    assert (happened.team, happened.unit, happened.place, happened.organiser) == (AIXIN, LVYUN, YARD, LVYUN)


def test_minutes_follow_from_start_and_end() -> None:
    (happened,) = record(MORNING).facts
    assert isinstance(happened, SessionRecorded)
    assert (happened.minutes, happened.start_at, happened.end_at) == (90, at(9), at(10, 30))


def test_minutes_may_be_stated_beside_start_and_end_when_they_agree() -> None:
    assert record(replace(MORNING, minutes=90)).facts
    record(replace(MORNING, minutes=60)).refused("minutes_disagree", Refused, stated=60, between=90)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"minutes": None}, "no_duration"),
        ({"minutes": 0}, "not_positive"),
        ({"minutes": -5}, "not_positive"),
        ({"minutes": 1441}, "absurd_amount"),
        ({"start_at": at(9)}, "start_without_end"),
        ({"end_at": at(9)}, "start_without_end"),
        ({"start_at": at(10), "end_at": at(10)}, "end_before_start"),
        ({"start_at": at(10), "end_at": at(9)}, "end_before_start"),
        ({"start_at": at(9), "end_at": at(10) + 1}, "not_whole_minutes"),
        ({"start_at": at(9, day=TODAY), "end_at": at(9, 30, day=TODAY)}, "start_on_another_day"),
        ({"start_at": -(10**18), "end_at": at(9)}, "start_on_another_day"),
        ({"start_at": at(9), "end_at": 10**18}, "session_in_future"),
        ({"day": date(1970, 1, 1)}, "implausible_date"),
        ({"day": date(1989, 12, 31)}, "implausible_date"),
        ({"day": date(2100, 1, 1)}, "implausible_date"),
        ({"day": date(2026, 5, 21)}, "implausible_date"),
    ],
)
def test_times_that_cannot_be_are_refused(changed: dict[str, Any], code: str) -> None:
    record(replace(RECORD, **changed)).refused(code, Refused)


def test_a_session_lasts_at_most_a_day() -> None:
    two_days_ago = date(2026, 5, 18)
    start_at = at(8, day=two_days_ago)
    whole_day = replace(RECORD, day=two_days_ago, minutes=None, start_at=start_at, end_at=start_at + MICROS_PER_DAY)
    assert record(whole_day, rule("hours.daily_cap_minutes", 1440)).facts
    longer = replace(whole_day, end_at=start_at + MICROS_PER_DAY + MICROS_PER_MINUTE)
    record(longer, rule("hours.daily_cap_minutes", 1440)).refused("longer_than_a_day", Refused)


def test_a_session_may_end_now_and_not_a_minute_later() -> None:
    today = replace(RECORD, day=TODAY, minutes=None, start_at=at(9, day=TODAY), end_at=NOW)
    assert record(today).facts
    record(replace(today, end_at=NOW + MICROS_PER_MINUTE)).refused("session_in_future")


def test_seconds_do_not_matter_while_the_minutes_are_whole() -> None:
    ten_seconds = MICROS_PER_MINUTE // 6
    (happened,) = record(replace(MORNING, start_at=at(9) + ten_seconds, end_at=at(10) + ten_seconds)).facts
    assert isinstance(happened, SessionRecorded)
    assert happened.minutes == 60


def test_a_watch_that_ends_after_midnight_by_the_least_touches_the_next_day() -> None:
    evening = replace(RECORD, minutes=None, start_at=at(22) + 1, end_at=at(0, day=TODAY) + 1)
    (happened,) = record(evening).facts
    assert isinstance(happened, SessionRecorded)
    assert happened.last_day == TODAY


def test_the_first_plausible_day_is_of_1990() -> None:
    assert record(replace(RECORD, day=date(1990, 1, 1), guarantor=ZHAO)).facts


def test_service_of_today_can_be_entered_today() -> None:
    assert record(replace(RECORD, day=TODAY)).facts


def test_a_night_watch_touches_two_days() -> None:
    night = replace(RECORD, minutes=None, start_at=at(22), end_at=at(2, day=TODAY))
    outcome = record(night).looking_at(day_tag(WANG, YESTERDAY), day_tag(WANG, TODAY))
    (happened,) = outcome.facts
    assert isinstance(happened, SessionRecorded)
    assert (happened.day, happened.last_day, happened.minutes) == (YESTERDAY, TODAY, 240)
    assert outcome.state(DayLog, day_tag(WANG, YESTERDAY)).minutes() == 240
    assert outcome.state(DayLog, day_tag(WANG, TODAY)).minutes() == 0


def test_a_watch_that_ends_at_midnight_is_of_one_day() -> None:
    evening = replace(RECORD, minutes=None, start_at=at(22), end_at=at(0, day=TODAY))
    (happened,) = record(evening).facts
    assert isinstance(happened, SessionRecorded)
    assert happened.last_day == YESTERDAY


# ---- overlap -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_at", "end_at"), [(at(8), at(9, 1)), (at(9), at(10)), (at(9, 30), at(9, 40)), (at(8), at(12))]
)
def test_sessions_of_one_volunteer_may_not_overlap(start_at: int, end_at: int) -> None:
    before = recorded(OTHER_SESSION, start_at=at(9), end_at=at(10))
    command = replace(MORNING, start_at=start_at, end_at=end_at)
    record(command, before).refused("sessions_overlap", Refused, session=OTHER_SESSION)


@pytest.mark.parametrize(("start_at", "end_at"), [(at(8), at(9)), (at(10), at(11))])
def test_sessions_may_follow_each_other(start_at: int, end_at: int) -> None:
    before = recorded(OTHER_SESSION, start_at=at(9), end_at=at(10))
    assert record(replace(MORNING, start_at=start_at, end_at=end_at), before).facts


def test_a_morning_may_not_overlap_the_night_before() -> None:
    night = recorded(OTHER_SESSION, start_at=at(23), end_at=at(3, day=TODAY), last_day=TODAY, minutes=240)
    early = replace(MORNING, day=TODAY, start_at=at(2, day=TODAY), end_at=at(4, day=TODAY))
    record(early, night).refused("sessions_overlap")


def test_a_night_may_not_overlap_the_morning_after() -> None:
    morning = recorded(OTHER_SESSION, day=TODAY, start_at=at(1, day=TODAY), end_at=at(2, day=TODAY))
    record(replace(MORNING, start_at=at(23), end_at=at(3, day=TODAY)), morning).refused("sessions_overlap")


@pytest.mark.parametrize(
    "before", [recorded(OTHER_SESSION), recorded(OTHER_SESSION, "mem_li", start_at=at(9), end_at=at(10))]
)
def test_what_has_no_times_or_is_anothers_overlaps_nothing(before: SessionRecorded) -> None:
    assert record(MORNING, before).facts


def test_a_session_without_times_overlaps_nothing() -> None:
    assert record(RECORD, recorded(OTHER_SESSION, start_at=at(9), end_at=at(10))).facts


def test_the_time_of_a_rejected_session_is_free_again() -> None:
    before = recorded(OTHER_SESSION, start_at=at(9), end_at=at(10), minutes=480)
    assert record(MORNING, before, rejected(OTHER_SESSION)).facts


def test_a_session_is_recorded_once() -> None:
    record(RECORD, recorded(SESSION)).refused("session_exists", Conflict)


# ---- the day's cap -------------------------------------------------------------------------------------------------


def test_a_day_counts_eight_hours_unless_policy_says_otherwise() -> None:
    before = recorded(OTHER_SESSION, minutes=390)
    assert record(RECORD, before).facts
    refused = record(replace(RECORD, minutes=91), before)
    refused.refused("daily_cap_exceeded", Refused, cap=480, recorded=390, asked=91, day="2026-05-19")
    assert record(replace(RECORD, minutes=91), before, rule("hours.daily_cap_minutes", 481)).facts


def test_no_policy_makes_a_day_longer_than_24_hours() -> None:
    before = recorded(OTHER_SESSION, minutes=1400)
    record(RECORD, before, rule("hours.daily_cap_minutes", 2000)).refused("daily_cap_exceeded", cap=1440)


def test_a_night_counts_for_the_day_on_which_it_began() -> None:
    night = replace(MORNING, start_at=at(23), end_at=at(3, day=TODAY))
    assert record(night, recorded(OTHER_SESSION, day=TODAY, minutes=480)).facts
    record(night, recorded(OTHER_SESSION, minutes=300)).refused("daily_cap_exceeded")


def test_a_corrected_session_fills_the_day_with_its_corrected_minutes() -> None:
    story = (recorded(SESSION, minutes=480), corrected(480, 30))
    assert record(replace(RECORD, session_id=OTHER_SESSION, minutes=450), *story).facts
    record(replace(RECORD, session_id=OTHER_SESSION, minutes=451), *story).refused("daily_cap_exceeded", recorded=30)


def test_a_corrected_night_leaves_the_morning_after_as_it_was() -> None:
    night = recorded(SESSION, start_at=at(23), end_at=at(3, day=TODAY), last_day=TODAY, minutes=240)
    log = given(*PEOPLE, night, replace(corrected(240, 100), last_day=TODAY))
    assert log.state(DayLog, day_tag(WANG, TODAY)).sessions[SESSION] == (at(23), at(3, day=TODAY), 0)
    assert log.state(DayLog, day_tag(WANG, YESTERDAY)).minutes() == 100


# ---- late entry ----------------------------------------------------------------------------------------------------

TEN_WORKING_DAYS_AGO = date(2026, 5, 6)
ELEVEN_WORKING_DAYS_AGO = date(2026, 5, 5)


def test_an_entry_within_ten_working_days_needs_no_guarantor() -> None:
    (happened,) = record(replace(RECORD, day=TEN_WORKING_DAYS_AGO)).facts
    assert isinstance(happened, SessionRecorded)
    assert not happened.late


def test_a_later_entry_needs_a_guarantor_and_shows_as_late() -> None:
    late = replace(RECORD, day=ELEVEN_WORKING_DAYS_AGO)
    record(late).refused("late_without_guarantor", Refused, days=10)
    (happened,) = record(replace(late, guarantor=ZHAO)).facts
    assert isinstance(happened, SessionRecorded)
    assert (happened.late, happened.guarantor) == (True, ZHAO)


def test_the_volunteer_is_no_guarantor_of_their_own_late_entry() -> None:
    late = replace(RECORD, day=ELEVEN_WORKING_DAYS_AGO, guarantor=WANG)
    record(late).refused("guarantor_is_volunteer", Refused)


def test_a_guarantor_of_a_timely_entry_is_kept_and_the_entry_not_called_late() -> None:
    (happened,) = record(replace(RECORD, guarantor=ZHAO)).facts
    assert isinstance(happened, SessionRecorded)
    assert (happened.late, happened.guarantor) == (False, ZHAO)


def test_holidays_and_the_number_of_days_are_policy() -> None:
    late = replace(RECORD, day=ELEVEN_WORKING_DAYS_AGO)
    assert record(late, rule("calendar.holidays", ("2026-05-08",))).facts
    assert record(late, rule("hours.entry_working_days", 11)).facts
    record(replace(late, day=TODAY - timedelta(days=400)), rule("hours.entry_working_days", 249)).refused(
        "late_without_guarantor"
    )


# ---- who and where -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code", "kind"),
    [
        ({"volunteer": "mem_nobody"}, "no_such_member", NotFound),
        ({"volunteer": LVYUN}, "no_such_member", NotFound),
        ({"in_charge": "mem_nobody"}, "no_such_member", NotFound),
        ({"guarantor": "mem_nobody"}, "no_such_member", NotFound),
        ({"place": "place_nowhere"}, "no_such_place", NotFound),
        ({"organiser": "unit_nobody"}, "no_such_unit", NotFound),
        ({"session_id": "mem_li"}, "bad_id", Refused),
        ({"activity_id": "ses_2"}, "bad_id", Refused),
        ({"origin": "scanned"}, "origin_not_yours_to_state", Refused),
        ({"origin": "imported"}, "origin_not_yours_to_state", Refused),
    ],
)
def test_who_and_what_is_named_has_to_exist(changed: dict[str, Any], code: str, kind: type) -> None:
    record(replace(RECORD, **changed)).refused(code, kind)


def test_nobody_serves_after_leaving() -> None:
    record(RECORD, left(WANG)).refused("member_left", Refused)


def test_a_recorded_session_waits_for_a_verifier() -> None:
    session = record(RECORD).state(Session, SESSION)
    assert (session.status, session.minutes) == ("recorded", 90)


def test_a_session_of_an_activity_says_nothing_about_another_session() -> None:
    story = given(recorded(SESSION), recorded(OTHER_SESSION, minutes=10, activity_id=SESSION))
    assert story.state(Session, SESSION).minutes == 60


# ---- deposits ------------------------------------------------------------------------------------------------------


def deposit(command: DepositSession, *before: Any, actor: str = CHEN) -> Outcome:
    """A community worker enters a checked list."""
    return given(*PEOPLE, *before).when(command, actor=actor, role="community_worker", sealed="c1")


def test_a_deposit_records_and_verifies_at_once() -> None:
    story = recorded(minutes=90, place=HOUSE, origin="imported")
    deposit(replace(DEPOSIT, origin="imported")).then(
        replace(story, recorder=CHEN, words="c1"),
        SessionVerified(
            session_id=SESSION,
            volunteer=WANG,
            day=YESTERDAY,
            minutes=90,
            credited=90,
            origin="imported",
            verifier=CHEN,
            place=HOUSE,
        ),
    )


def test_nobody_deposits_their_own_hours() -> None:
    deposit(DEPOSIT, actor=WANG).refused("self_verification", NotYours)


def test_nobody_deposits_hours_of_what_they_took_part_in() -> None:
    mine = recorded(OTHER_SESSION, CHEN, activity_id=ACTIVITY)
    deposit(replace(DEPOSIT, activity_id=ACTIVITY), mine).refused("verifier_took_part", NotYours)
    assert deposit(replace(DEPOSIT, activity_id="act_other"), mine).facts
    assert deposit(DEPOSIT, mine).facts


def test_whoever_deposits_vouches_for_a_late_entry() -> None:
    late, _ = deposit(replace(DEPOSIT, day=ELEVEN_WORKING_DAYS_AGO)).facts
    assert isinstance(late, SessionRecorded)
    assert (late.late, late.guarantor) == (True, CHEN)


def test_a_deposit_may_name_another_guarantor() -> None:
    late, _ = deposit(replace(DEPOSIT, day=ELEVEN_WORKING_DAYS_AGO, guarantor=ZHAO)).facts
    assert isinstance(late, SessionRecorded)
    assert late.guarantor == ZHAO
    self_made = replace(DEPOSIT, day=ELEVEN_WORKING_DAYS_AGO, guarantor=WANG)
    deposit(self_made).refused("guarantor_is_volunteer")


def test_where_policy_asks_for_two_verifiers_a_deposit_is_the_first() -> None:
    record_, first = deposit(DEPOSIT, rule("hours.verifiers", 2)).facts
    assert isinstance(record_, SessionRecorded)
    assert first == SessionEndorsed(session_id=SESSION, verifier=CHEN)
