"""定事: one vote a household; a quorum of those there are, and a majority of those that vote."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.base import Fact
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.meetings import commands as do
from ledger.meetings import facts
from ledger.meetings.state import Deliberation, Vote
from ledger.meetings.votes import outcome_of, quorum_of
from ledger.parties.facts import MemberRegistered
from ledger.places.facts import HouseholdsCounted
from ledger.requests.facts import RequestWithdrawn
from ledger.requests.state import Request
from tests.ledger.cast import CHEN, LI, SUN, WANG, YARD, left, proxy
from tests.ledger.given import NOW, TODAY, Outcome, given, rule, survives_snapshot
from tests.ledger.meetings.told import (
    DELIBERATED,
    ELSEWHERE,
    HEADS,
    HOMES,
    LAST_WEEK,
    REQUEST,
    VOTE,
    VOTING,
    WEEK,
    YARD_FOLK,
    cast,
    counted,
    held,
    home,
    opened,
    posted,
)

OPEN = do.OpenVote(vote_id=VOTE, request_id=REQUEST, place=YARD)
CLOSE = do.CloseVote(vote_id=VOTE)
OVER = NOW + WEEK


def vote(number: int = 0, choice: Any = "for") -> do.CastVote:
    """One of the four households votes."""
    return do.CastVote(vote_id=VOTE, member=HEADS[number], choice=choice)


def ask(
    command: Any, *facts_before: Fact, actor: str = CHEN, role: str = "community_worker", now_at: int = NOW
) -> Outcome:
    """A worker does it."""
    return given(*facts_before).when(command, actor=actor, role=role, now_at=now_at)


def by_head(number: int, *before: Fact, choice: str = "for", now_at: int = NOW) -> Outcome:
    """The head of a household votes for it."""
    return ask(vote(number, choice), *before, actor=HEADS[number], role="", now_at=now_at)


# ---- opening ----------------------------------------------------------------------------------------------------------


def test_a_vote_fixes_its_electorate_and_rule_when_it_is_opened() -> None:
    ask(OPEN, *DELIBERATED).then(replace(opened(), opened_by=CHEN))
    ask(replace(OPEN, rule="major"), *DELIBERATED).then(replace(opened(rule="major"), opened_by=CHEN))


def test_the_chair_of_the_meeting_may_open_it_and_others_may_not() -> None:
    assert ask(OPEN, *DELIBERATED, actor=LI, role="").facts
    ask(OPEN, *DELIBERATED, actor=SUN, role="").refused("not_the_chair", NotYours)


def test_deliberation_comes_before_the_vote() -> None:
    ask(OPEN, *YARD_FOLK, posted()).refused("not_deliberated", Refused)


def test_policy_says_quorum_majority_and_days_and_old_votes_keep_theirs() -> None:
    rules = (rule("votes.quorum", (1, 2)), rule("votes.majority", (2, 3)), rule("votes.days", 3))
    made = ask(OPEN, *DELIBERATED, *rules).facts[0]
    assert isinstance(made, facts.VoteOpened)
    assert (made.quorum, made.majority, made.until_at) == (2, (2, 3), NOW + 3 * WEEK // 7)
    assert ask(CLOSE, *VOTING, *rules, cast(0), cast(1), now_at=OVER).facts[0].outcome == "no_quorum"  # type: ignore[attr-defined]  # a VoteClosed


def test_where_more_households_were_counted_than_are_registered_these_count_too() -> None:
    count = HouseholdsCounted(place_id=YARD, kind="courtyard", households=510, change=510, first=True, day=LAST_WEEK)
    made = ask(OPEN, *DELIBERATED, count).facts[0]
    assert isinstance(made, facts.VoteOpened)
    assert (made.electorate, made.quorum) == (510, 340)


def test_a_place_without_households_decides_nothing() -> None:
    ask(replace(OPEN, place=ELSEWHERE), *DELIBERATED).refused("no_households", Refused)
    ask(replace(OPEN, place="place_nowhere"), *DELIBERATED).refused("no_such_place", NotFound)


def test_one_vote_at_a_time_about_what_is_open() -> None:
    other = replace(OPEN, vote_id="vote_2")
    ask(other, *VOTING).refused("vote_open", Conflict, vote=VOTE)
    ask(OPEN, *VOTING).refused("vote_exists", Conflict)
    ask(other, *VOTING, counted("passed")).refused("already_decided", Conflict)
    ask(other, *VOTING, counted("rejected")).refused("request_settled", Conflict)
    ask(OPEN, *DELIBERATED, RequestWithdrawn(request_id=REQUEST)).refused("request_settled", Conflict)
    ask(replace(OPEN, request_id="req_none"), *DELIBERATED).refused("no_such_request", NotFound)
    ask(replace(OPEN, vote_id="req_1"), *DELIBERATED).refused("bad_id", Refused)


def test_without_quorum_it_may_be_voted_on_again() -> None:
    assert ask(replace(OPEN, vote_id="vote_2"), *VOTING, counted("no_quorum")).facts


def test_what_was_rejected_is_talked_about_again_before_another_vote() -> None:
    wish = (*YARD_FOLK, posted(kind="issue"), held("meet_1", REQUEST), opened(), counted("rejected"))
    again = replace(OPEN, vote_id="vote_2")
    ask(again, *wish).refused("not_deliberated", Refused)
    assert ask(again, *wish, held("meet_2", REQUEST)).facts


# ---- casting ----------------------------------------------------------------------------------------------------------


def test_a_member_votes_for_the_household() -> None:
    by_head(0, *VOTING).then(replace(cast(0), day=TODAY))


def test_a_household_votes_once_whoever_speaks() -> None:
    joined = facts.HouseholdJoined(household_id=HOMES[0], member="mem_he")
    before = (*VOTING, joined, cast(0, "against"))
    again = do.CastVote(vote_id=VOTE, member="mem_he", choice="for")
    ask(again, *before, actor="mem_he", role="").refused("household_voted", Conflict)
    ask(again, *before).looking_at(HOMES[0], VOTE)


def test_a_worker_enters_what_a_member_says_and_it_shows() -> None:
    ask(vote(1, "abstain"), *VOTING).then(replace(cast(1, "abstain"), cast_by=CHEN, day=TODAY))
    assert ask(vote(0), *VOTING, proxy(WANG, SUN), actor=SUN, role="proxy").facts


def test_only_who_lives_there_speaks_for_a_household() -> None:
    ask(replace(vote(0), member="mem_he"), *VOTING).refused("in_no_household", Refused)
    moved_out = facts.HouseholdLeft(household_id=HOMES[0], member=WANG)
    ask(vote(0), *VOTING, moved_out).refused("in_no_household", Refused)
    ask(vote(0), *VOTING, left(WANG)).refused("member_left", Refused)
    gone = facts.HouseholdEnded(household_id=HOMES[0], places=(YARD,), reason="moved_away")
    ask(vote(0), *VOTING, gone).refused("household_ended", Refused)


def test_a_minor_does_not_speak_for_the_household() -> None:
    child = MemberRegistered(member_id="mem_child", guardian=WANG, joined_on=LAST_WEEK)
    joined = facts.HouseholdJoined(household_id=HOMES[0], member="mem_child")
    before = (*VOTING, child, proxy("mem_child", WANG), joined)
    asked = replace(vote(0), member="mem_child")
    ask(asked, *before, actor="mem_child", role="").refused("minors_do_not_vote", Refused)
    ask(asked, *before, actor=WANG, role="proxy").refused("minors_do_not_vote", Refused)


def test_only_households_of_the_place_that_were_there_before() -> None:
    outside = replace(vote(0), member="mem_he")
    ask(outside, *VOTING, home("home_5", "mem_he", place=ELSEWHERE)).refused("not_of_electorate", Refused)
    ask(outside, *VOTING, home("home_5", "mem_he", at=NOW + 1)).refused("household_came_later", Refused)
    full = (*VOTING, *(cast(number) for number in range(4)))
    ask(outside, *full, home("home_5", "mem_he", at=NOW)).refused("household_came_later", Refused)


def test_nobody_votes_after_the_end() -> None:
    assert by_head(0, *VOTING, now_at=OVER - 1).facts
    by_head(0, *VOTING, now_at=OVER).refused("vote_over", Refused)
    by_head(0, *VOTING, counted("passed")).refused("vote_closed", Conflict)
    by_head(0, *DELIBERATED).refused("no_such_vote", NotFound)


# ---- counting ---------------------------------------------------------------------------------------------------------


def test_the_votes_are_counted_and_the_proposal_is_decided() -> None:
    after = ask(CLOSE, *VOTING, cast(0), cast(1), cast(2), cast(3, "against"))
    after.then(replace(counted("passed"), closed_by=CHEN, day=TODAY))
    assert after.state(Request, REQUEST).status == "decided"
    assert after.state(Deliberation, REQUEST).outcome == "passed"


def test_what_the_households_reject_is_declined() -> None:
    after = ask(CLOSE, *VOTING, cast(0), cast(1, "against"), cast(2, "against"), now_at=OVER)
    assert after.state(Request, REQUEST).status == "declined"


def test_a_vote_is_counted_when_its_term_is_over_or_everybody_voted() -> None:
    ask(CLOSE, *VOTING, cast(0), now_at=OVER - 1).refused("not_yet_due", Refused, until_at=OVER)
    assert ask(CLOSE, *VOTING, now_at=OVER).facts
    ask(CLOSE, *VOTING, counted("passed")).refused("vote_closed", Conflict)


@pytest.mark.parametrize(
    ("choices", "rule_name", "outcome"),
    [
        (["for", "for"], "ordinary", "no_quorum"),
        (["for", "for", "against"], "ordinary", "passed"),
        (["for", "for", "against", "against"], "ordinary", "rejected"),
        (["for", "for", "abstain", "against"], "ordinary", "rejected"),
        (["for", "abstain", "abstain"], "ordinary", "rejected"),
        (["for", "for", "for", "against"], "major", "passed"),
        (["for", "for", "abstain"], "major", "rejected"),
    ],
)
def test_abstaining_takes_part_and_is_not_for_it(choices: list[str], rule_name: str, outcome: str) -> None:
    before = (*DELIBERATED, opened(rule=rule_name), *(cast(i, choice) for i, choice in enumerate(choices)))
    closed = ask(CLOSE, *before, now_at=OVER).facts[0]
    assert isinstance(closed, facts.VoteClosed)
    assert closed.outcome == outcome


@for_all(st.integers(1, 20_000), st.integers(1, 1_000), st.integers(1, 1_000))
def test_a_quorum_is_the_least_whole_number_that_is_enough(households: int, one: int, other: int) -> None:
    numerator, denominator = min(one, other), max(one, other)
    needed = quorum_of(households, numerator, denominator)
    part = Fraction(numerator, denominator)
    assert needed >= households * part > needed - 1
    assert 1 <= needed <= households


@for_all(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(1, 900), st.booleans())
def test_the_outcome_is_that_of_exact_fractions(yes: int, no: int, neither: int, quorum: int, over: bool) -> None:
    votes = Vote(tag=VOTE, votes_for=yes, votes_against=no, abstained=neither)
    asked = replace(opened(quorum=quorum), majority=(2, 3), over=over)
    all_votes = yes + no + neither
    if all_votes < quorum:
        expected = "no_quorum"
    else:
        share = Fraction(yes, all_votes)
        passed = share > Fraction(2, 3) if over else share >= Fraction(2, 3)
        expected = "passed" if passed else "rejected"
    assert outcome_of(votes, asked) == expected


def test_a_vote_that_waits_for_its_end_survives_a_snapshot() -> None:
    assert survives_snapshot(given(*VOTING, cast(0)).state(Vote, VOTE))
    assert survives_snapshot(given(*VOTING).state(Deliberation, REQUEST))
