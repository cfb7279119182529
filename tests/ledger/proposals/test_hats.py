"""Who is tied to the applicant neither judges, awards, accepts nor pays; and who may not judge is not waited for."""

from __future__ import annotations

from msgspec.structs import replace

from ledger.errors import NotYours
from ledger.funds.commands import PayGrant
from ledger.parties.facts import RoleGranted, TeamFormed, TeamJoined
from ledger.proposals.commands import AcceptMilestone, AwardProposal, ScoreProposal
from ledger.proposals.facts import MilestoneAccepted
from tests.ledger.funds.cast import LVYUN, TREASURER, WANG, WORKER, ZHAO
from tests.ledger.given import TODAY, given
from tests.ledger.proposals.cast import (
    AWARDED,
    DUE,
    JUDGES,
    LEADER,
    REPORTED,
    RICH,
    SCORED,
    SUBMITTED,
    TEAM,
    call,
    scored,
    submitted,
)

AWARD, ACCEPT, PAY = (
    AwardProposal(proposal_id="prop_1"),
    AcceptMilestone(grant_id="grant_1.1"),
    PayGrant(grant_id="grant_1.1"),
)


def test_who_represents_the_unit_of_the_team_does_not_judge_the_team() -> None:
    speaks = RoleGranted(holder=JUDGES[0], role="representative", scope=LVYUN, granted_by=WORKER)
    team = TeamFormed(team_id=TEAM, kind="volunteer_organisation", name="夕阳红", unit=LVYUN)
    score = ScoreProposal(proposal_id="prop_1", points=(30, 50))
    assert given(*SUBMITTED, speaks).when(score, actor=JUDGES[0]).facts
    given(*SUBMITTED, team, speaks).when(score, actor=JUDGES[0]).refused("judge_has_interest", NotYours)


def test_a_member_of_the_applicant_does_not_award() -> None:
    tie = TeamJoined(member_id=WANG, team=TEAM)
    given(*SCORED, tie).when(AWARD, actor=WANG, role="committee_member").refused("payee_is_approver", NotYours)


def test_a_member_of_the_applicant_does_not_accept() -> None:
    tie = TeamJoined(member_id=ZHAO, team=TEAM)
    given(*REPORTED, tie).when(ACCEPT, actor=ZHAO).refused("reporter_is_accepter", NotYours)


def test_who_submitted_does_not_accept() -> None:
    by_zhao = tuple(replace(one, proposer=ZHAO) if hasattr(one, "proposer") else one for one in AWARDED)
    given(*by_zhao, REPORTED[-1]).when(ACCEPT, actor=ZHAO).refused("submitter_is_accepter", NotYours)
    assert given(*by_zhao, REPORTED[-1]).when(ACCEPT, actor=WANG).facts


def test_a_member_of_the_applicant_does_not_pay() -> None:
    accepted = MilestoneAccepted(
        grant_id="grant_1.1", proposal_id="prop_1", applicant=TEAM, reported_on=TODAY, due_day=DUE[0],
        accepted_by=ZHAO, day=TODAY,
    )  # fmt: skip
    tie = TeamJoined(member_id=TREASURER, team=TEAM)
    assert given(*REPORTED, accepted).when(PAY, actor=TREASURER, role="treasurer").facts
    given(*REPORTED, accepted, tie).when(PAY, actor=TREASURER, role="treasurer").refused("payee_is_payer", NotYours)


def test_a_judge_who_submitted_is_not_waited_for() -> None:
    all_three = call(least_scores=3)
    two = (scored(JUDGES[0], 40, 60), scored(JUDGES[1], 40, 60))
    given(*RICH, all_three, submitted(by=LEADER), *two).when(AWARD, actor=WANG).refused("too_few_scores")
    assert given(*RICH, all_three, submitted(by=JUDGES[2]), *two).when(AWARD, actor=WANG).facts
