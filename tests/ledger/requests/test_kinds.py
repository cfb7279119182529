"""Kinds of requests are data: stages in order, each with who moves it on, by when, and what lateness does."""

from __future__ import annotations

from typing import get_args

import pytest

from ledger.meetings.facts import MeetingHeld, VoteClosed
from ledger.policy.decisions import CHECKS
from ledger.policy.state import DEFAULTS, LATER
from ledger.projects.facts import ProjectAbandoned, ProjectCompleted, ProjectConcluded, ProjectPlanned
from ledger.requests.commands import Deadline, PastKind, PublishRequest, RecordPastRequest, RequestKind, WithdrawRequest
from ledger.requests.kinds import KINDS, Kind
from ledger.requests.state import Request, RequestsAsked
from tests.ledger.cast import CHEN, LI, OPERATOR, PEOPLE, WANG, YARD
from tests.ledger.given import TODAY, given
from tests.ledger.requests.told import REQUEST, posted

HELD = MeetingHeld(
    meeting_id="meet_1", kind="deliberation", place=YARD, day=TODAY, sessions=1, people=12, opinions=0, chair=CHEN,
    agenda=(REQUEST,), recorded_by=CHEN,
)  # fmt: skip
PLANNED = ProjectPlanned(
    project_id="proj_1", request_id=REQUEST, name="休闲长廊", place=YARD, aspect="environment", budget_fen=1, year=2026,
    planned_by=CHEN, day=TODAY,
)  # fmt: skip
DONE = ProjectCompleted(project_id="proj_1", request_id=REQUEST, completed_by=CHEN, day=TODAY)
ABANDONED = ProjectAbandoned(
    project_id="proj_1", request_id=REQUEST, budget_fen=1, year=2026, reason="no_money", abandoned_by=CHEN, day=TODAY
)


def counted(outcome: str) -> VoteClosed:
    """A vote that came to this."""
    return VoteClosed(
        vote_id="vote_1", request_id=REQUEST, votes_for=3, votes_against=2, abstained=0, electorate=9, quorum=5,
        outcome=outcome, closed_by=CHEN, day=TODAY,
    )  # fmt: skip


def concluded(outcome: str) -> ProjectConcluded:
    """The households said how satisfied they are."""
    return ProjectConcluded(
        project_id="proj_1", request_id=REQUEST, round=1, households=3, points=12, outcome=outcome, concluded_by=CHEN,
        day=TODAY,
    )  # fmt: skip


def test_commands_know_exactly_the_declared_kinds_and_stages() -> None:
    assert set(get_args(RequestKind)) == set(KINDS)
    assert set(get_args(PastKind)) == {name for name, kind in KINDS.items() if not kind.by_meetings}
    staged = {stage.name for kind in KINDS.values() for stage in kind.stages if stage.name != "noticed"}
    assert set(get_args(Deadline)) == staged | {"contact"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_rule_a_stage_names_is_a_policy_with_a_default_and_a_check(kind: Kind) -> None:
    rules = {rule for stage in kind.stages for rule in (stage.days_rule, stage.warn_rule, stage.evidence_rule)}
    for rule in (rules | {kind.ceiling_rule}) - {""}:
        assert rule in DEFAULTS or rule in LATER
        assert rule in CHECKS


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_begins_posted_is_claimed_by_somebody_or_says_why_not(kind: Kind) -> None:
    assert kind.stages[0].name == "posted"
    assert bool(kind.claimants) != bool(kind.not_claimed)
    assert bool(kind.claimants) == (kind.stage("claimed") is not None)


def test_an_issue_is_seen_to_within_seven_days_by_its_three_deadlines() -> None:
    names = ("posted", "published", "claimed")
    rules = [stage.days_rule for name in names if (stage := KINDS["issue"].stage(name)) is not None]
    assert sum(int(str(LATER[rule])) for rule in rules) == 7


def test_a_project_passes_its_five_steps_by_what_meetings_votes_and_the_project_say() -> None:
    story = [posted(kind="project"), HELD, counted("passed"), PLANNED, DONE, concluded("satisfied")]
    seen = [given(*story[: n + 1]).state(Request, REQUEST).status for n in range(len(story))]
    assert seen == ["posted", "deliberated", "decided", "decided", "executed", "closed"]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ((HELD, counted("rejected")), "declined"),
        ((HELD, counted("no_quorum")), "deliberated"),
        ((PLANNED,), "decided"),
        ((PLANNED, DONE, concluded("rework")), "decided"),
        ((PLANNED, ABANDONED), "unmet"),
        ((HELD, counted("rejected"), HELD), "declined"),
    ],
)
def test_a_project_can_end_otherwise(facts: tuple[MeetingHeld], status: str) -> None:
    assert given(posted(kind="project"), *facts).state(Request, REQUEST).status == status


def test_a_wish_on_an_agenda_stays_where_it_stands() -> None:
    assert given(posted(), HELD, counted("passed")).state(Request, REQUEST).status == "posted"


def test_a_project_is_put_on_no_board_by_a_reviewer() -> None:
    asked = given(*PEOPLE, posted(kind="project"))
    asked.when(PublishRequest(request_id=REQUEST), actor=CHEN, role="community_worker").refused("projects_are_voted_on")


def test_a_project_stops_nobody_from_leaving() -> None:
    assert given(posted(kind="project")).state(RequestsAsked, WANG).open == frozenset()


def test_who_proposed_a_project_takes_it_back_before_it_is_decided() -> None:
    take_back = WithdrawRequest(request_id=REQUEST, requester=WANG)
    told = given(*PEOPLE, posted(kind="project"), HELD)
    assert told.when(take_back, actor=WANG).state(Request, REQUEST).status == "withdrawn"
    given(*PEOPLE, posted(kind="project"), PLANNED).when(take_back, actor=WANG).refused("request_settled")


def test_an_issue_of_the_past_is_entered_with_its_claimant() -> None:
    past = RecordPastRequest(
        request_id=REQUEST, claim_id="claim_1", kind="issue", day=TODAY, outcome="fulfilled", claimant=LI
    )
    told = given(*PEOPLE).when(past, actor=OPERATOR, role="community_worker")
    assert told.state(Request, REQUEST).status == "closed"
