"""立项: out of what the households decided for, or taken on by a leader; with place, aspect, year and budget."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.facts import FundOpened
from ledger.projects import commands as do
from ledger.projects.state import Project
from ledger.requests.facts import RequestWithdrawn
from ledger.requests.state import Request
from tests.ledger.cast import CHEN, HE, LI, WANG, YARD, left
from tests.ledger.given import TODAY, Outcome, given, survives_snapshot
from tests.ledger.meetings.told import COMMUNITY, DELIBERATED, ELSEWHERE, REQUEST, VOTING, YARD_FOLK, counted, posted
from tests.ledger.projects.told import ABANDONED, DONE, PROJECT, UNDER_WAY, planned

PLAN = do.PlanProject(
    project_id=PROJECT, name="车棚", place=YARD, aspect="environment", sponsor=LI, budget_fen=500_000, year=2026
)
OUT_OF_IT = replace(PLAN, request_id=REQUEST, sponsor=None)
FUND = FundOpened(
    fund="fund_nuanxing", name="暖兴", purpose="p", host_charity="h", committee=(), supervisor=LI, items=(),
    opened_on=TODAY,
)  # fmt: skip


def plan(command: Any, *before: Fact, actor: str = HE) -> Outcome:
    """A community worker plans it."""
    return given(*YARD_FOLK, *before).when(command, actor=actor, role="community_worker")


def test_a_leader_takes_a_project_on() -> None:
    plan(PLAN).then(replace(planned(), day=TODAY))


def test_a_project_counts_for_the_community_it_is_in() -> None:
    made = plan(replace(PLAN, place=ELSEWHERE)).fact
    assert made == replace(planned(place=ELSEWHERE, community=COMMUNITY), day=TODAY)
    assert plan(replace(PLAN, place=COMMUNITY)).fact == replace(
        planned(place=COMMUNITY, community=COMMUNITY), day=TODAY
    )


def test_what_the_households_decided_for_becomes_a_project() -> None:
    decided = (*VOTING, counted("passed"))
    after = given(*decided).when(OUT_OF_IT, actor=HE, role="community_worker")
    after.then(replace(planned(request_id=REQUEST, sponsor=None), day=TODAY))
    assert after.state(Request, REQUEST).status == "decided"


def test_what_they_did_not_decide_for_becomes_one_only_if_a_leader_takes_it_on() -> None:
    given(*DELIBERATED).when(OUT_OF_IT, actor=HE, role="community_worker").refused("not_decided", Refused)
    led = given(*DELIBERATED).when(replace(OUT_OF_IT, sponsor=LI), actor=HE, role="community_worker")
    assert led.state(Request, REQUEST).status == "decided"
    given(*VOTING).when(replace(OUT_OF_IT, sponsor=LI), actor=HE, role="community_worker").refused("not_decided")
    rejected = (*VOTING, counted("rejected"))
    given(*rejected).when(replace(OUT_OF_IT, sponsor=LI), actor=HE, role="community_worker").refused("request_settled")


def test_a_proposal_becomes_one_project() -> None:
    before = (*VOTING, counted("passed"), replace(planned(request_id=REQUEST), project_id="proj_other"))
    given(*before).when(OUT_OF_IT, actor=HE, role="community_worker").refused(
        "project_of_request", Conflict, project="proj_other"
    )


def test_nobody_plans_what_they_proposed() -> None:
    plan(OUT_OF_IT, posted(by=HE)).refused("own_request", NotYours)


def test_only_a_proposal_becomes_a_project() -> None:
    plan(OUT_OF_IT, posted(kind="wish")).refused("not_a_project", Refused)
    plan(OUT_OF_IT).refused("no_such_request", NotFound)
    plan(OUT_OF_IT, posted(), RequestWithdrawn(request_id=REQUEST)).refused("request_settled", Conflict)


def test_what_nobody_proposed_has_a_sponsor_who_is_here() -> None:
    plan(replace(PLAN, sponsor=None)).refused("sponsor_missing", Refused)
    plan(replace(PLAN, sponsor="mem_nobody")).refused("no_such_member", NotFound)
    plan(PLAN, left(LI)).refused("member_left", Refused)
    barred = PartyBlacklisted(blacklisting_id="black_1", party=LI, reason="fraud", listed_by=CHEN, day=TODAY)
    plan(PLAN, barred).refused("blacklisted", Refused)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"year": 2024}, "implausible_year"),
        ({"year": 2037}, "implausible_year"),
        ({"budget_fen": -1}, "not_positive"),
        ({"budget_fen": 10**13 + 1}, "absurd_amount"),
        ({"name": " "}, "bad_name"),
        ({"name": "找 13812345678"}, "personal_number_in_public"),
        ({"place": "place_nowhere"}, "no_such_place"),
        ({"fund": "nuanxing"}, "no_such_fund"),
        ({"project_id": "req_1"}, "bad_id"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    plan(replace(PLAN, **changes)).refused(code)


def test_a_project_may_name_its_fund_and_have_no_budget_yet() -> None:
    made = plan(replace(PLAN, fund="nuanxing", budget_fen=0), FUND).fact
    assert made == replace(planned(), fund="fund_nuanxing", budget_fen=0, day=TODAY)
    assert plan(replace(PLAN, year=2025)).facts and plan(replace(PLAN, year=2036)).facts


def test_a_project_is_planned_once() -> None:
    plan(PLAN, planned()).refused("project_exists", Conflict)


def test_a_project_is_given_up_with_a_reason() -> None:
    give_up = do.AbandonProject(project_id=PROJECT, reason="no_money")
    after = given(*UNDER_WAY).when(give_up, actor=CHEN, role="community_worker")
    after.then(ABANDONED)
    assert given(*UNDER_WAY).when(give_up, actor=LI).facts
    given(*UNDER_WAY).when(give_up, actor=WANG).refused("not_the_sponsor", NotYours)
    given(*UNDER_WAY, ABANDONED).when(give_up, actor=LI).refused("project_not_there", Conflict, status="abandoned")
    given(*YARD_FOLK).when(give_up, actor=LI).refused("no_such_project", NotFound)


def test_the_state_of_a_project_survives_a_snapshot() -> None:
    assert survives_snapshot(given(*DONE).state(Project, PROJECT))
