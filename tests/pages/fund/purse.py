"""The community of the pages with money of every kind: a venture from call to paid stage, a help case, two accounts told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ledger.application import OPERATOR
from ledger.clock import day_of
from ledger.disclosures.commands import CorrectDisclosure, PublishDisclosure
from ledger.funds import commands as fund
from ledger.parties.commands import GrantRole
from ledger.proposals import commands as call
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed
from tests.pages.cast import LEDGER, Community

FUND = "fund_nuanxing"
DIGEST = "ab" * 32


class Purse(Community):
    """`ids` holds also `call`, `meals` and `dance` (proposals), `first` and `second` (grants of stages), `case`, `told`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._case()
        self._venture()
        self._tell()
        self.store.catch_up(LEDGER)

    def row(self, table: str, **where: str) -> Cells:
        """The first row of one of the engine's tables with these values."""
        found = listed(
            self.store.database,
            getattr(tables, table),
            LEDGER,
            where=where,
            order=(("number", False),),
            after=None,
            limit=1,
        )
        return found.rows[0]

    def number(self, table: str, **where: str) -> int:
        """The number of that row."""
        return int(self.row(table, **where)["number"])

    def donation(self, **where: str) -> Cells:
        """The newest donation of the fund."""
        return books.receipts(self.store.database, LEDGER, fund=FUND, limit=1, **where).rows[0]

    def payment(self) -> Cells:
        """The first payment that was made."""
        return books.payments(self.store.database, LEDGER, FUND, limit=50).rows[-1]

    def give(self, item: str, amount_fen: int, donor: str = "lvyun", *, named: bool = False) -> str:
        """A donation; gives its id."""
        gift = fund.ReceiveDonation(fund=FUND, donor=self.ids[donor], item=item, amount_fen=amount_fen, named=named)
        self.do("zhu", gift)
        return gift.receipt_id

    def propose(self, amount_fen: int, *, by: str = "zhao", item: str = "item-1", payee: str | None = None) -> str:
        """A proposed grant; gives its id."""
        words = fund.GrantWords(payee="孙奶奶", purpose="助浴椅十把")
        grant = fund.ProposeGrant(fund=FUND, item=item, amount_fen=amount_fen, payee=payee, words=words)
        self.do(by, grant)
        return grant.grant_id

    def _case(self) -> None:
        words = fund.HelpWords(situation="突发大病，住院三周")
        case = fund.OpenHelpCase(
            fund=FUND, title="大病救助", beneficiary=self.ids["nai"], need_fen=5_000_00, words=words
        )
        self.do("zhao", case)
        self.ids["case"] = case.case_id
        item = "case-" + case.case_id.removeprefix("case_")
        self.give(item, 900_00)
        grant = fund.ProposeGrant(fund=FUND, item=item, amount_fen=300_00, words=fund.GrantWords(purpose="住院押金"))
        self.do("zhao", grant)
        self.do("committee1", fund.ApproveGrant(grant_id=grant.grant_id))
        self.do("zhu", fund.PayGrant(grant_id=grant.grant_id))

    def _venture(self) -> None:
        today = day_of(self.clock())
        criteria = (call.Criterion(name="需求", most_points=40), call.Criterion(name="方案", most_points=60))
        judges = tuple(self.ids[who] for who in ("wang", "li", "son"))
        opened = call.OpenCall(
            fund=FUND, item="item-12", category="venture", title="邻里微创投", budget_fen=10_000_00, most_fen=6_000_00,
            until_day=today + timedelta(days=3), judges=judges, criteria=criteria, least_scores=2,
        )  # fmt: skip
        self.do("zhao", opened)
        self.ids["call"] = opened.call_id
        for key, applicant, by, title in (("meals", "lvyun", "liu", "老人食堂"), ("dance", "qian", "qian", "广场舞队")):
            stages = tuple(
                call.Milestone(name=name, amount_fen=1_500_00, due_day=today + timedelta(days=days))
                for name, days in (("开张", 30), ("满月", 60))
            )
            words = call.ProposalWords(text="每天给二十位老人送午饭。")
            submitted = call.SubmitProposal(
                call_id=opened.call_id, applicant=self.ids[applicant], title=title, milestones=stages, words=words
            )
            self.do(by, submitted)
            self.ids[key] = submitted.proposal_id
        # One of the judges begins to speak for the applicant: from then on they step aside.
        self.do(OPERATOR, GrantRole(holder=self.ids["son"], role="representative", scope=self.ids["lvyun"]))
        self.clock.moved += 4
        for judge in ("wang", "li"):
            self.do(judge, call.ScoreProposal(proposal_id=self.ids["meals"], points=(35, 50)))
        self.do("committee2", call.AwardProposal(proposal_id=self.ids["meals"]))
        tail = self.ids["meals"].removeprefix("prop_")
        self.ids["first"], self.ids["second"] = f"grant_{tail}.1", f"grant_{tail}.2"
        report = call.ReportMilestone(
            grant_id=self.ids["first"], evidence=(DIGEST,), words=call.ProposalWords(text="已开张")
        )
        self.do("liu", report)

    def _tell(self) -> None:
        told = PublishDisclosure(fund=FUND)
        self.do("zhu", told)
        self.ids["told"] = told.disclosure_id
        yesterday = day_of(self.clock()) - timedelta(days=1)
        late = fund.ReceiveDonation(fund=FUND, donor=self.ids["lvyun"], item="item-2", amount_fen=77_00, day=yesterday)
        self.do("zhu", late)
        self.do("zhu", CorrectDisclosure(disclosure_id=told.disclosure_id, reason="late_entry"))
