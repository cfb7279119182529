"""Calls for proposals of the fund: one judged and granted, one open; and what the fund discloses, once put right."""

from __future__ import annotations

from datetime import timedelta

from api.demo.data import LifeList, VentureEntry, life
from api.demo.fund import FUND, past_spendings
from api.demo.organisations import Organisations
from api.demo.people import People, Staff
from api.demo.run import Run, made
from ledger.disclosures.commands import CorrectDisclosure, PublishDisclosure
from ledger.disclosures.facts import DisclosurePublished
from ledger.funds.commands import AskRestrictionChange, HelpWords, OpenHelpCase, PledgeDonation
from ledger.proposals.commands import (
    AcceptMilestone,
    AwardProposal,
    Criterion,
    Milestone,
    OpenCall,
    ProposalWords,
    ReportMilestone,
    ScoreProposal,
    SubmitProposal,
)
from ledger.proposals.facts import CallOpened, MilestoneAgreed, ProposalSubmitted

_ITEM, _CATEGORY = "case-by-case", "venture"
_BUDGET_FEN, _MOST_FEN = 800_000, 300_000
_UNTIL, _SEEN, _DISCLOSED_UNTIL = 6, 1, 10
"""Days ago."""
_OPEN_DAYS = 12
_POINTS = ((36, 34, 18), (30, 28, 15), (33, 30, 12))
_APPLICANTS = (20, 33, 22)
"""Of the units that somebody speaks for: social and volunteer organisations."""


def _call(run: Run, staff: Staff, people: People, key: str, until: int) -> str:
    """Opened by a worker; two volunteers and a party member judge."""
    judges = (people.neighbours["wang"], people.volunteers[30], people.party[40])
    called = OpenCall(
        fund=FUND, item=_ITEM, category=_CATEGORY, title=life().call[key], budget_fen=_BUDGET_FEN,
        most_fen=_MOST_FEN, until_day=run.ago(until), judges=judges, least_scores=2,
        criteria=tuple(Criterion(name=one.name, most_points=one.points) for one in life().judged),
    )  # fmt: skip
    return made(run.one(staff["qian"], f"cfp:{key}", called), CallOpened).call_id


def _submit(run: Run, groups: Organisations, people: People, key: str, number: int, call_id: str) -> str:
    venture: VentureEntry = life().ventures[number]
    spoken = _APPLICANTS[number]
    due_day = run.today + timedelta(days=5)
    stages = tuple(
        Milestone(name=name, amount_fen=yuan * 100, due_day=due_day + timedelta(days=60 * i))
        for i, (name, yuan) in enumerate(zip(venture.stages, venture.yuan, strict=True))
    )
    asked = SubmitProposal(
        call_id=call_id, applicant=groups.spoken_for[spoken].id, title=venture.title, milestones=stages,
        words=ProposalWords(text=life().say["plan"]),
    )  # fmt: skip
    answer = run.one(people.representatives[spoken], f"cfp:{key}:proposal:{number}", asked)
    return made(answer, ProposalSubmitted).proposal_id


def call_past(run: Run, staff: Staff, groups: Organisations, people: People) -> list[str]:
    """Call, and take proposals in; gives the proposals."""
    call_id = _call(run, staff, people, "call_done", _UNTIL if run.lived else 0)
    return [_submit(run, groups, people, "call_done", i, call_id) for i in range(len(life().ventures))]


def score(run: Run, people: People, proposals: list[str]) -> None:
    """All judges score; the last proposal waits for 王阿姨."""
    for number, proposal in enumerate(proposals):
        judges = (people.neighbours["wang"], people.volunteers[30], people.party[40])
        last = number == len(proposals) - 1
        for i, judge in enumerate(judges):
            if not (last and i == 0):
                points = ScoreProposal(proposal_id=proposal, points=_POINTS[(number + i) % len(_POINTS)])
                run.one(judge, f"cfp:score:{number}:{i}", points)


def award(run: Run, staff: Staff, proposal: str) -> list[str]:
    """The committee grants the first; gives the grants of its milestones."""
    answer = run.one(staff["wu"], "cfp:award", AwardProposal(proposal_id=proposal))
    return [fact.grant_id for fact in answer.facts if isinstance(fact, MilestoneAgreed)]


def reach(run: Run, staff: Staff, people: People, grants: list[str]) -> None:
    """The unit reports its milestones with evidence; the first is accepted and may be paid, the next waits for it."""
    speaker, words = people.representatives[_APPLICANTS[0]], ProposalWords(text=life().say["reached"])
    for i, grant_id in enumerate(grants):
        told = ReportMilestone(grant_id=grant_id, evidence=(f"{7 + i:064x}",), words=words)
        run.one(speaker, f"cfp:report:{i}", told)
        if not i:
            run.be(_SEEN, 10)
            run.one(staff["zheng"], "cfp:accept", AcceptMilestone(grant_id=grant_id))


def disclose(run: Run, staff: Staff) -> str:
    """The treasurer discloses all days until the day before."""
    until_day = run.ago(_DISCLOSED_UNTIL if run.lived else 1)
    answer = run.one(staff["chu"], "disclosure", PublishDisclosure(fund=FUND, until_day=until_day))
    return made(answer, DisclosurePublished).disclosure_id


def put_right(run: Run, staff: Staff, disclosure: str) -> None:
    """A payment turns up that the old book had on another page: it is entered, and the report published again."""
    run.many(staff["chu"], past_spendings(run, staff)[-1:])
    run.one(staff["chu"], "disclosure:correct", CorrectDisclosure(disclosure_id=disclosure, reason="late_entry"))


def fill(run: Run, staff: Staff, groups: Organisations, people: People, receipt: str) -> None:
    """The open call with its first proposal, a case of help, a promise of 王阿姨's, and a donor who is asked."""
    texts: LifeList = life()
    call_id = _call(run, staff, people, "call_open", -_OPEN_DAYS)
    _submit(run, groups, people, "call_open", 1, call_id)
    run.one(staff["zhou"], "helpcase", OpenHelpCase(
        fund=FUND, title=texts.call["case"], beneficiary=people.elders[12], need_fen=2_000_000,
        words=HelpWords(situation=texts.say["help"]),
    ))  # fmt: skip
    wang = people.neighbours["wang"]
    run.one(wang, "pledge:wang", PledgeDonation(fund=FUND, donor=wang, amount_fen=20_000))
    asking = AskRestrictionChange(receipt_id=receipt, to_item="hardship", amount_fen=50_000, reason="more_urgent")
    run.one(staff["chu"], "change", asking)
