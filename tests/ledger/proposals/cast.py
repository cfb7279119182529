"""Who acts in the stories of calls for proposals, and where those stories begin."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.base import Fact
from ledger.funds.facts import GrantApproved, GrantProposed
from ledger.parties.facts import MemberRegistered, RoleGranted, TeamFormed
from ledger.proposals import facts
from tests.ledger.funds.cast import FUND, LONG_AGO, OPEN, WANG, WORKER, received
from tests.ledger.given import TODAY

JUDGES = ("mem_judge1", "mem_judge2", "mem_judge3")
LEADER, TEAM = "mem_leader", "team_sunset"
OVER = TODAY - timedelta(days=1)
DUE = (TODAY + timedelta(days=30), TODAY + timedelta(days=90))
DIGEST = "ab" * 32

RICH: tuple[Fact, ...] = (
    *OPEN,
    *(MemberRegistered(member_id=member, joined_on=LONG_AGO) for member in (*JUDGES, LEADER)),
    TeamFormed(team_id=TEAM, kind="volunteer_organisation", name="夕阳红"),
    RoleGranted(holder=LEADER, role="team_leader", scope=TEAM, granted_by=WORKER),
    received(1_000_00),
)


def call(until_day: date = OVER, *, budget_fen: int = 800_00, least_scores: int = 2) -> Fact:
    """A call of the past, open until that day."""
    return facts.CallOpened(
        call_id="cfp_1", fund=FUND, item="meals", category="venture", title="微公益创投", budget_fen=budget_fen,
        most_fen=600_00, until_day=until_day, judges=JUDGES, criteria=(("需求", 40), ("方案", 60)),
        least_scores=least_scores, pass_percent=60, opened_by=WORKER, day=LONG_AGO,
    )  # fmt: skip


def submitted(proposal_id: str = "prop_1", applicant: str = TEAM, by: str = LEADER) -> Fact:
    """A proposal of 600 yuan in two milestones."""
    return facts.ProposalSubmitted(
        proposal_id=proposal_id, call_id="cfp_1", applicant=applicant, title="老人食堂", asked_fen=600_00,
        milestones=(("开张", 200_00, DUE[0].isoformat()), ("满三月", 400_00, DUE[1].isoformat())),
        submitted_by=by, day=LONG_AGO,
    )  # fmt: skip


def scored(judge: str, *points: int, proposal_id: str = "prop_1") -> Fact:
    """What a judge thought of it."""
    return facts.ProposalScored(proposal_id=proposal_id, judge=judge, points=points, total=sum(points), day=TODAY)


SUBMITTED: tuple[Fact, ...] = (*RICH, call(), submitted())
SCORED: tuple[Fact, ...] = (*SUBMITTED, scored(JUDGES[0], 30, 50), scored(JUDGES[1], 20, 40))
AWARDED: tuple[Fact, ...] = (
    *SCORED,
    facts.ProposalAwarded(
        proposal_id="prop_1", call_id="cfp_1", fund=FUND, applicant=TEAM, amount_fen=600_00, scores=2, points=140,
        approver=WANG, day=TODAY,
    ),
    *(
        fact
        for rank, (name, amount_fen) in enumerate((("开张", 200_00), ("满三月", 400_00)), start=1)
        for fact in (
            GrantProposed(
                grant_id=f"grant_1.{rank}", fund=FUND, item="meals", category="venture", amount_fen=amount_fen,
                payee=TEAM, proposer=LEADER, day=TODAY,
            ),
            GrantApproved(grant_id=f"grant_1.{rank}", fund=FUND, item="meals", amount_fen=amount_fen, approver=WANG),
            facts.MilestoneAgreed(
                grant_id=f"grant_1.{rank}", proposal_id="prop_1", applicant=TEAM, rank=rank, name=name,
                amount_fen=amount_fen, due_day=DUE[rank - 1],
            ),
        )
    ),
)  # fmt: skip
REPORTED: tuple[Fact, ...] = (
    *AWARDED,
    facts.MilestoneReported(
        grant_id="grant_1.1", proposal_id="prop_1", evidence=(DIGEST,), reported_by=LEADER, day=TODAY
    ),
)
