"""A fund calls, named judges score, the committee awards, and what is reached is paid (公益创投)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from ledger.base import Fact
from ledger.conduct.facts import PartyBlacklisted
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.funds.commands import CancelGrant, PayGrant
from ledger.parties.facts import MemberLeft, RoleGranted, TeamJoined
from ledger.proposals import facts
from ledger.proposals.commands import (
    AcceptMilestone,
    AwardProposal,
    Criterion,
    Milestone,
    OpenCall,
    ReportMilestone,
    ScoreProposal,
    SubmitProposal,
)
from tests.ledger.funds.cast import FUND, LI, LONG_AGO, NEIGHBOUR, SUPERVISOR, TREASURER, WANG, WORKER, ZHAO, received
from tests.ledger.given import TODAY, given
from tests.ledger.proposals.cast import (
    AWARDED,
    DIGEST,
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
from tests.ledger.sums import balances

COMMITTEE, STAFF = "committee_member", "community_worker"
OPEN_CALL = OpenCall(
    call_id="cfp_1", fund="nuanxing", item="meals", category="venture", title="微公益创投", budget_fen=800_00,
    most_fen=600_00, until_day=TODAY, judges=JUDGES, least_scores=2,
    criteria=(Criterion(name="需求", most_points=40), Criterion(name="方案", most_points=60)),
)  # fmt: skip
SUBMIT = SubmitProposal(
    proposal_id="prop_1", call_id="cfp_1", applicant=TEAM, title="老人食堂",
    milestones=(
        Milestone(name="开张", amount_fen=200_00, due_day=DUE[0]),
        Milestone(name="满三月", amount_fen=400_00, due_day=DUE[1]),
    ),
)  # fmt: skip
SCORE = ScoreProposal(proposal_id="prop_1", points=(30, 50))
AWARD = AwardProposal(proposal_id="prop_1")
REPORT = ReportMilestone(grant_id="grant_1.1", evidence=(DIGEST,))
ACCEPT, PAY = AcceptMilestone(grant_id="grant_1.1"), PayGrant(grant_id="grant_1.1")
ACCEPTED = facts.MilestoneAccepted(
    grant_id="grant_1.1", proposal_id="prop_1", applicant=TEAM, reported_on=TODAY, due_day=DUE[0], accepted_by=ZHAO,
    day=TODAY,
)  # fmt: skip


# ---- the call ---------------------------------------------------------------------------------------------------------


def test_a_call_says_how_much_until_when_and_who_judges() -> None:
    opened = given(*RICH).when(OPEN_CALL, actor=WORKER, role=STAFF).fact
    assert opened == replace(call(until_day=TODAY), day=TODAY)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fund": "lezhi"}, "no_such_fund"),
        ({"item": "dancing"}, "no_such_item"),
        ({"until_day": TODAY - timedelta(days=1)}, "call_over"),
        ({"judges": (JUDGES[0], JUDGES[0])}, "judge_repeats"),
        ({"judges": JUDGES[:1]}, "too_few_judges"),
        ({"least_scores": 0}, "too_few_judges"),
        ({"pass_percent": 101}, "too_few_judges"),
        ({"judges": (*JUDGES[:2], "mem_nobody")}, "no_such_member"),
        ({"most_fen": 800_01}, "more_than_budget"),
        ({"budget_fen": 0}, "not_positive"),
        ({"criteria": ()}, "bad_call_criteria"),
        ({"criteria": (OPEN_CALL.criteria[0], OPEN_CALL.criteria[0])}, "bad_call_criteria"),
        ({"criteria": (Criterion(name="需求", most_points=0),)}, "not_positive"),
        ({"title": "13800001234"}, "personal_number_in_public"),
        ({"category": "a:b"}, "bad_category"),
        ({"call_id": "req_1"}, "bad_id"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*RICH).when(replace(OPEN_CALL, **changed), actor=WORKER, role=STAFF).refused(code)


def test_a_call_is_opened_once() -> None:
    given(*RICH, call()).when(OPEN_CALL, actor=WORKER, role=STAFF).refused("call_for_proposals_exists", Conflict)


# ---- proposals --------------------------------------------------------------------------------------------------------


def test_a_proposal_says_what_each_milestone_costs() -> None:
    story = given(*RICH, call(until_day=TODAY)).when(SUBMIT, actor=LEADER, sealed="c1")
    story.then(replace(submitted(), day=TODAY, words="c1"))
    assert balances(story.facts) == {}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"call_id": "cfp_9"}, "no_such_call_for_proposals"),
        ({"applicant": "team_nobody"}, "no_such_team"),
        ({"milestones": ()}, "bad_milestones"),
        ({"milestones": SUBMIT.milestones[::-1]}, "bad_milestones"),
        ({"milestones": SUBMIT.milestones[:1] * 13}, "bad_milestones"),
        ({"milestones": (replace(SUBMIT.milestones[0], due_day=TODAY - timedelta(days=1)),)}, "bad_milestones"),
        ({"milestones": (replace(SUBMIT.milestones[0], amount_fen=600_01),)}, "more_than_budget"),
        ({"milestones": (replace(SUBMIT.milestones[0], amount_fen=0),)}, "not_positive"),
        ({"proposal_id": "cfp_1"}, "bad_id"),
    ],
)
def test_a_proposal_that_cannot_be_right_is_refused(changed: dict[str, object], code: str) -> None:
    given(*RICH, call(until_day=TODAY)).when(replace(SUBMIT, **changed), actor=LEADER).refused(code)


def test_after_the_last_day_nothing_is_submitted() -> None:
    given(*RICH, call()).when(SUBMIT, actor=LEADER).refused("call_over", Refused)


@pytest.mark.parametrize(("proposal_id", "code"), [("prop_1", "proposal_exists"), ("prop_2", "already_proposed")])
def test_everybody_answers_a_call_once(proposal_id: str, code: str) -> None:
    story = given(*RICH, call(until_day=TODAY), submitted())
    story.when(replace(SUBMIT, proposal_id=proposal_id), actor=LEADER).refused(code, Conflict)


def test_who_is_blacklisted_submits_nothing_and_is_awarded_nothing() -> None:
    barred = PartyBlacklisted(
        blacklisting_id="black_1", party=TEAM, reason="misconduct", until_day=TODAY, listed_by=WORKER, day=LONG_AGO
    )
    given(*RICH, call(until_day=TODAY), barred).when(SUBMIT, actor=LEADER).refused("blacklisted")
    given(*SCORED, barred).when(AWARD, actor=WANG, role=COMMITTEE).refused("blacklisted")


# ---- judging ----------------------------------------------------------------------------------------------------------


def test_a_judge_scores_by_the_criteria() -> None:
    story = given(*SUBMITTED).when(SCORE, actor=JUDGES[0])
    story.then(facts.ProposalScored(proposal_id="prop_1", judge=JUDGES[0], points=(30, 50), total=80, day=TODAY))


def test_only_the_named_judges_score() -> None:
    given(*SUBMITTED).when(SCORE, actor=NEIGHBOUR).refused("not_a_judge", NotYours)


@pytest.mark.parametrize(
    "tie",
    [
        TeamJoined(member_id=JUDGES[0], team=TEAM),
        RoleGranted(holder=JUDGES[0], role="team_leader", scope=TEAM, granted_by=WORKER),
    ],
)
def test_a_judge_with_an_interest_does_not_score(tie: Fact) -> None:
    given(*SUBMITTED, tie).when(SCORE, actor=JUDGES[0]).refused("judge_has_interest", NotYours)


def test_who_submitted_a_proposal_does_not_judge_it() -> None:
    story = given(*RICH, call(), submitted(by=JUDGES[0]))
    story.when(SCORE, actor=JUDGES[0]).refused("judge_has_interest", NotYours)


def test_nobody_scores_while_others_may_still_submit() -> None:
    story = given(*RICH, call(until_day=TODAY), submitted())
    story.when(SCORE, actor=JUDGES[0]).refused("call_not_over", Refused)


def test_a_judge_scores_once() -> None:
    given(*SCORED).when(SCORE, actor=JUDGES[0]).refused("proposal_scored_already", Conflict)


def test_what_was_awarded_is_scored_no_more() -> None:
    given(*AWARDED).when(SCORE, actor=JUDGES[2]).refused("proposal_awarded", Conflict)


@pytest.mark.parametrize("points", [(30,), (30, 50, 1), (41, 50), (-1, 50)])
def test_points_fit_the_criteria(points: tuple[int, ...]) -> None:
    given(*SUBMITTED).when(replace(SCORE, points=points), actor=JUDGES[0]).refused("bad_proposal_points")


@pytest.mark.parametrize("command", [SCORE, AWARD])
def test_there_must_be_a_proposal(command: ScoreProposal | AwardProposal) -> None:
    given(*RICH, call()).when(command, actor=JUDGES[0], role=COMMITTEE).refused("no_such_proposal", NotFound)


# ---- the award --------------------------------------------------------------------------------------------------------


def test_an_award_is_one_approved_grant_for_each_milestone() -> None:
    story = given(*SCORED).when(AWARD, actor=WANG, role=COMMITTEE)
    story.then(*AWARDED[len(SCORED) :])
    assert balances(story.facts) == {
        (f"fund:{FUND}:meals", "fen"): -600_00,
        (f"fund:{FUND}:meals:committed", "fen"): 600_00,
    }


@pytest.mark.parametrize(
    ("actor", "code"),
    [(LEADER, "proposer_is_approver"), (JUDGES[0], "judge_is_approver"), (NEIGHBOUR, "not_in_committee")],
)
def test_who_awards_neither_submitted_nor_judged(actor: str, code: str) -> None:
    given(*SCORED).when(AWARD, actor=actor, role=COMMITTEE).refused(code, NotYours)


def test_who_speaks_for_the_applicant_does_not_award() -> None:
    tie = RoleGranted(holder=WANG, role="team_leader", scope=TEAM, granted_by=WORKER)
    given(*SCORED, tie).when(AWARD, actor=WANG, role=COMMITTEE).refused("payee_is_approver", NotYours)


def test_too_few_scores_are_not_enough() -> None:
    story = given(*SUBMITTED, scored(JUDGES[0], 40, 60))
    story.when(AWARD, actor=WANG, role=COMMITTEE).refused("too_few_scores", Refused, scores=1, least=2)


def test_judges_who_left_are_not_waited_for() -> None:
    gone = (MemberLeft(member_id=JUDGES[1]), MemberLeft(member_id=JUDGES[2]))
    story = given(*SUBMITTED, scored(JUDGES[0], 40, 60), *gone)
    assert story.when(AWARD, actor=WANG, role=COMMITTEE).facts


def test_a_proposal_below_the_pass_mark_is_not_awarded() -> None:
    story = given(*SUBMITTED, scored(JUDGES[0], 30, 30), scored(JUDGES[1], 20, 39))
    story.when(AWARD, actor=WANG, role=COMMITTEE).refused("score_too_low", Refused, points=119, most=200)


def test_a_call_awards_no_more_than_its_budget() -> None:
    second = (
        submitted("prop_2", applicant=NEIGHBOUR, by=NEIGHBOUR),
        scored(JUDGES[0], 40, 60, proposal_id="prop_2"),
        scored(JUDGES[1], 40, 60, proposal_id="prop_2"),
    )
    story = given(*AWARDED, received(900_00, receipt_id="rcpt_2"), *second)
    award = story.when(AwardProposal(proposal_id="prop_2"), actor=WANG, role=COMMITTEE)
    award.refused("more_than_budget", Refused, budget_fen=200_00, asked_fen=600_00)


def test_a_fund_awards_no_more_than_the_item_has() -> None:
    poor = tuple(fact for fact in SCORED if fact != received(1_000_00))
    given(*poor, received(599_99)).when(AWARD, actor=WANG, role=COMMITTEE).refused("insufficient_fund", Refused)


def test_a_proposal_is_awarded_once() -> None:
    given(*AWARDED).when(AWARD, actor=ZHAO, role=COMMITTEE).refused("proposal_awarded", Conflict)


# ---- milestones: report, accept, pay ----------------------------------------------------------------------------------


def test_a_milestone_is_reported_with_evidence() -> None:
    story = given(*AWARDED).when(REPORT, actor=LEADER, sealed="c1")
    story.then(
        facts.MilestoneReported(
            grant_id="grant_1.1", proposal_id="prop_1", evidence=(DIGEST,), reported_by=LEADER, day=TODAY, words="c1"
        )
    )


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ((), "milestone_without_evidence"),
        ((DIGEST,) * 21, "milestone_without_evidence"),
        (("AB" * 32,), "bad_evidence"),
    ],
)
def test_a_report_needs_evidence(evidence: tuple[str, ...], code: str) -> None:
    given(*AWARDED).when(replace(REPORT, evidence=evidence), actor=LEADER).refused(code)


def test_only_the_applicant_reports() -> None:
    given(*AWARDED).when(REPORT, actor=NEIGHBOUR).refused("not_your_proposal", NotYours)


def test_another_person_accepts_what_was_reported() -> None:
    given(*REPORTED).when(ACCEPT, actor=ZHAO, role=COMMITTEE).then(ACCEPTED)
    assert given(*REPORTED).when(ACCEPT, actor=SUPERVISOR).facts


def test_who_accepts_belongs_to_the_fund_and_did_not_report() -> None:
    given(*REPORTED).when(ACCEPT, actor=NEIGHBOUR).refused("not_in_committee", NotYours)
    tie = RoleGranted(holder=ZHAO, role="team_leader", scope=TEAM, granted_by=WORKER)
    given(*REPORTED, tie).when(ACCEPT, actor=ZHAO).refused("reporter_is_accepter", NotYours)


def test_nothing_is_accepted_before_it_is_reported() -> None:
    given(*AWARDED).when(ACCEPT, actor=ZHAO).refused("milestone_not_reported", Conflict)


@pytest.mark.parametrize(("command", "actor"), [(REPORT, LEADER), (ACCEPT, LI)])
def test_what_was_accepted_stays_accepted(command: ReportMilestone | AcceptMilestone, actor: str) -> None:
    given(*REPORTED, ACCEPTED).when(command, actor=actor).refused("milestone_accepted", Conflict)


def test_an_ordinary_grant_has_no_milestone() -> None:
    plain = tuple(fact for fact in AWARDED if not isinstance(fact, facts.MilestoneAgreed))
    given(*plain).when(REPORT, actor=LEADER).refused("not_by_milestone", Conflict)


@pytest.mark.parametrize("before", [AWARDED, REPORTED])
def test_a_milestone_is_paid_when_it_is_accepted(before: tuple[Fact, ...]) -> None:
    given(*before).when(PAY, actor=TREASURER, role="treasurer").refused("milestone_not_accepted", Conflict)
    assert given(*REPORTED, ACCEPTED).when(PAY, actor=TREASURER, role="treasurer").facts


def test_who_accepted_does_not_pay() -> None:
    given(*REPORTED, ACCEPTED).when(PAY, actor=ZHAO, role="treasurer").refused("payer_is_accepter", NotYours)


def test_who_reported_does_not_pay() -> None:
    other = replace(REPORTED[-1], reported_by=TREASURER)
    given(*AWARDED, other, ACCEPTED).when(PAY, actor=TREASURER, role="treasurer").refused("payer_is_reporter")


def test_what_is_not_needed_any_more_is_cancelled_like_every_grant() -> None:
    cancel = CancelGrant(grant_id="grant_1.2", reason="not_needed")
    assert given(*REPORTED).when(cancel, actor=ZHAO, role=COMMITTEE).facts
