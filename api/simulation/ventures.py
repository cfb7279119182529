"""Calls for proposals: judged by neighbours, awarded by the committee, paid milestone by milestone."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.funds.commands import OpenFund, PayGrant, ReceiveDonation
from ledger.ids import new_id
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
from ledger.proposals.facts import MilestoneAgreed

_GONE = ("member_left", "blacklisted", "suspended", "partner_exited", "no_such_member", "not_a_member")
_ITEM = "general"


class Ventures:
    """The calls of a fund of its own."""

    def __init__(self) -> None:
        self.fund = "chuangtou"
        self.calls: deque[tuple[str, date, list[str]]] = deque()
        """(call, last day, judges)"""
        self.proposals: deque[tuple[str, str]] = deque()
        """(proposal, unit)"""

    def begin(self, street: Street) -> None:
        """One more fund with the same host charity."""
        opened = OpenFund(
            slug=self.fund, name=street.naming.name("fund", 2, "Public venture"),
            purpose=street.naming.name("purpose", 2, "For the community"), host_charity=street.charity,
            committee=tuple(street.committee[:5]), supervisor=street.supervisor,
        )  # fmt: skip
        street.do(opened, by=OPERATOR)

    def day(self, street: Street, today: date) -> None:
        """A call every two months, judged when its last day is over."""
        if street.every(60, 2):
            self._call(street, today)
        if self.calls and today > self.calls[0][1]:
            self._judge(street)

    def _call(self, street: Street, today: date) -> None:
        call, last = new_id("cfp"), today + timedelta(days=7)
        judges = street.rng.sample(street.people, 3)
        criteria = (Criterion(name="need", most_points=40), Criterion(name="plan", most_points=60))
        opened = OpenCall(
            call_id=call, fund=self.fund, item=_ITEM, category="venture",
            title=street.naming.said("call", "Public venture"), budget_fen=20_000_00,
            most_fen=8_000_00, until_day=last, judges=tuple(judges), criteria=criteria, least_scores=2,
        )  # fmt: skip
        if street.attempt(opened, by=street.workers[0], unless=_GONE) is None:
            return
        gift = ReceiveDonation(fund=self.fund, donor=street.one_of(street.units), amount_fen=20_000_00)
        street.do(gift, by=street.treasurers[0])
        for unit in street.rng.sample(street.units, min(3, len(street.units))):
            proposal = new_id("prop")
            parts = tuple(
                Milestone(
                    name=name, amount_fen=street.rng.randrange(100_00, 3_000_00), due_day=today + timedelta(days=at)
                )
                for name, at in (
                    (street.naming.name("stage", 0, "begin"), 30),
                    (street.naming.name("stage", 1, "end"), 90),
                )
            )
            asked = SubmitProposal(
                proposal_id=proposal,
                call_id=call,
                applicant=unit,
                title=street.naming.said("venture", "A canteen"),
                milestones=parts,
            )
            if street.attempt(asked, by=street.speakers[unit], unless=_GONE) is not None:
                self.proposals.append((proposal, unit))
        self.calls.append((call, last, judges))

    def _judge(self, street: Street) -> None:
        _call, _last, judges = self.calls.popleft()
        while self.proposals:
            proposal, unit = self.proposals.popleft()
            for judge in judges:
                # Between the middle and the most: most proposals pass, so that every street of some months has grants.
                points = (15 + street.rng.randrange(41) * 25 // 40, 25 + street.rng.randrange(61) * 35 // 60)
                score = ScoreProposal(proposal_id=proposal, points=points)
                street.attempt(score, by=judge, unless=(*_GONE, "judge_has_interest"))
            street.refused(ScoreProposal(proposal_id=proposal, points=(1, 1)), "not_a_judge", by=street.workers[0])
            award = AwardProposal(proposal_id=proposal)
            no = ("too_few_scores", "score_too_low", "more_than_budget", "insufficient_fund", "judge_is_approver",
                  "payee_is_approver", *_GONE)  # fmt: skip
            done = street.attempt(award, by=street.one_of(street.committee[:5]), unless=no)
            for fact in done.facts if done else ():
                if isinstance(fact, MilestoneAgreed):
                    self._reach(street, fact.grant_id, unit)

    def _reach(self, street: Street, grant: str, unit: str) -> None:
        """Reported, accepted and paid by three people; paid too early it is not."""
        street.refused(PayGrant(grant_id=grant), "milestone_not_accepted", by=street.treasurers[1])
        report = ReportMilestone(grant_id=grant, evidence=(f"{street.rng.getrandbits(256):064x}",))
        speaker = street.speakers[unit]
        if street.attempt(report, by=speaker, unless=_GONE) is None:
            return
        accepter = next(one for one in street.committee[:5] if one != speaker)
        done = street.attempt(AcceptMilestone(grant_id=grant), by=accepter, unless=("reporter_is_accepter",))
        if done is not None:
            street.do(PayGrant(grant_id=grant), by=street.treasurers[1])
