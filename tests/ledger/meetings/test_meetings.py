"""会议与民情收集: what was counted, what was on the agenda, and which requests came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.meetings import commands as do
from ledger.meetings import facts
from ledger.meetings.state import Deliberation, Meeting
from ledger.requests.facts import StageDue
from ledger.requests.state import Request
from tests.ledger.cast import CHEN, LI, PEOPLE, SUN, WANG, YARD, left
from tests.ledger.given import TODAY, Outcome, given, rule
from tests.ledger.meetings.told import LAST_WEEK, MEETING, REQUEST, WISH, YESTERDAY, answers, held, posted

RECORD = do.RecordMeeting(
    meeting_id=MEETING, kind="deliberation", place=YARD, day=YESTERDAY, people=20, chair=LI, agenda=(REQUEST,)
)
GATHER = do.RecordMeeting(
    meeting_id=MEETING, kind="gathering", place=YARD, sessions=48, people=900, opinions=730, chair=LI
)


def enter(command: Any, *before: Fact, actor: str = CHEN, role: str = "community_worker") -> Outcome:
    """A community worker enters it."""
    return given(*PEOPLE, *before).when(command, actor=actor, role=role, sealed="c" if "words" in dir(command) else "")


def test_a_meeting_is_recorded_with_its_minutes_in_the_vault() -> None:
    enter(RECORD, posted()).then(replace(held(MEETING, REQUEST), words="c"))


def test_a_meeting_takes_a_proposal_one_step_further() -> None:
    after = enter(RECORD, posted(), posted(WISH, "wish"))
    assert after.state(Request, REQUEST).status == "deliberated"
    assert after.state(Deliberation, REQUEST).meeting_id == MEETING
    both = enter(replace(RECORD, agenda=(WISH, REQUEST)), posted(), posted(WISH, "wish"))
    assert both.state(Request, WISH).status == "posted"


def test_policy_sets_by_when_a_proposal_is_voted_on() -> None:
    until = TODAY + timedelta(days=10)
    enter(RECORD, posted(), rule("requests.project_decide_days", 10)).then(
        replace(held(MEETING, REQUEST), words="c"),
        StageDue(request_id=REQUEST, stage="deliberated", until_day=until),
    )


def test_gatherings_of_one_place_are_counted_together() -> None:
    after = enter(GATHER)
    counts = after.state(Meeting, MEETING)
    assert (counts.sessions, counts.people, counts.opinions) == (48, 900, 730)
    assert after.facts[0].day == TODAY  # type: ignore[attr-defined]  # the fact is a MeetingHeld


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agenda": ()}, "agenda_missing"),
        ({"agenda": (REQUEST, REQUEST)}, "listed_twice"),
        ({"agenda": tuple(f"req_{number}" for number in range(101))}, "list_too_long"),
        ({"agenda": ("req_unknown",)}, "no_such_request"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"chair": "mem_nobody"}, "no_such_member"),
        ({"people": 0}, "not_positive"),
        ({"people": 1_000_001}, "absurd_quantity"),
        ({"sessions": 0}, "not_positive"),
        ({"sessions": 2}, "one_agenda_one_meeting"),
        ({"opinions": 3}, "opinions_at_gatherings"),
        ({"opinions": -1}, "not_positive"),
        ({"day": date(2026, 5, 21)}, "implausible_date"),
        ({"meeting_id": "req_1"}, "bad_id"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    enter(replace(RECORD, **changes), posted()).refused(code)


def test_a_meeting_is_recorded_once_and_its_chair_is_here() -> None:
    enter(RECORD, posted(), held(MEETING, REQUEST)).refused("meeting_exists", Conflict)
    enter(RECORD, posted(), left(LI)).refused("member_left", Refused)


def test_who_answers_for_the_place_may_record_and_others_may_not() -> None:
    assert enter(RECORD, posted(), answers(SUN), actor=SUN, role="").facts
    enter(RECORD, posted(), actor=SUN, role="").refused("not_in_charge_here", NotYours)


def test_counts_are_corrected_by_a_new_fact() -> None:
    correct = do.CorrectMeeting(meeting_id=MEETING, sessions=1, people=21, opinions=30, reason="miscounted")
    after = enter(correct, held(kind="gathering"))
    after.then(
        facts.MeetingCountsCorrected(
            meeting_id=MEETING,
            kind="gathering",
            sessions=1,
            people=21,
            opinions=30,
            more_sessions=0,
            more_people=1,
            more_opinions=0,
            reason="miscounted",
            corrected_by=CHEN,
        )
    )
    assert after.state(Meeting, MEETING).people == 21
    enter(replace(correct, people=20), held(kind="gathering")).refused("nothing_to_correct", Refused)
    enter(correct).refused("no_such_meeting", NotFound)
    enter(replace(correct, opinions=0, sessions=2), posted(), held(MEETING, REQUEST)).refused("one_agenda_one_meeting")


def test_a_request_that_came_of_a_gathering_says_so_once() -> None:
    gathering = held(kind="gathering", day=LAST_WEEK)
    ask = do.RaiseRequest(meeting_id=MEETING, request_id=WISH)
    raised = facts.RequestRaised(meeting_id=MEETING, kind="gathering", request_id=WISH, raised_by=CHEN)
    enter(ask, gathering, posted(WISH, "wish")).then(raised)
    assert enter(ask, gathering, posted(WISH, "wish"), actor=LI, role="").facts
    enter(ask, gathering, posted(WISH, "wish"), raised).refused("already_raised", Conflict, meeting=MEETING)
    enter(ask, gathering, posted(WISH, "wish"), actor=WANG, role="").refused("not_the_chair", NotYours)
    enter(ask, held(kind="gathering"), posted(WISH, "wish")).refused("request_before_meeting", Refused)
    enter(ask, gathering).refused("no_such_request", NotFound)
    enter(ask, posted(WISH, "wish")).refused("no_such_meeting", NotFound)
