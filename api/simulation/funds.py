"""Money with strings: a second fund, cases of targeted help, second thoughts, disclosures, and who tries to bend them."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from api.simulation.street import Astray, Street
from ledger.application import OPERATOR
from ledger.disclosures.commands import CorrectDisclosure, DeclareEmergency, PublishDisclosure
from ledger.funds.commands import (
    MANAGEMENT_FEE,
    AgreeRestrictionChange,
    ApproveGrant,
    AskRestrictionChange,
    CloseHelpCase,
    OpenFund,
    OpenHelpCase,
    PayGrant,
    ProposeGrant,
    ReceiveDonation,
    RefundDonation,
    ReturnPayment,
    ServiceItem,
)
from ledger.ids import new_id
from projections.books import queries, queries_tracing

_GONE = ("member_left", "blacklisted", "suspended", "partner_exited", "no_such_member")
_VENTURE = "venture"


class Funds:
    """A second fund beside the street's first one; see `Everyday` for plain gifts and grants."""

    def __init__(self) -> None:
        self.fund = "lezhi"
        self.cases: deque[tuple[str, str]] = deque()
        """(case, receipt)"""
        self.told = ""
        """The last disclosure."""
        self.paid: deque[str] = deque(maxlen=50)

    def begin(self, street: Street) -> None:
        """A second fund with the same host charity, and its first money."""
        committee = tuple(street.committee[:5])
        venture, aid = street.naming.name("fund_item", 0, "Public venture"), street.naming.name("fund_item", 1, "Aid")
        items = (ServiceItem(code=_VENTURE, name=venture), ServiceItem(code="aid", name=aid))
        opened = OpenFund(
            slug=self.fund, name=street.naming.name("fund", 1, "Lezhi Fangxing"),
            purpose=street.naming.name("purpose", 1, "For the community"), host_charity=street.charity, committee=committee,
            supervisor=street.supervisor, items=items,
        )  # fmt: skip
        street.do(opened, by=OPERATOR)
        self._give(street, _VENTURE, 50_000_00)

    def day(self, street: Street, today: date) -> None:
        """A day with the second fund."""
        if street.every(10, 1):
            self._open_case(street)
        if street.every(10, 6) and self.cases:
            self._close_case(street)
        if street.every(14, 3) and self.paid:
            self._reconsider(street)
        if street.every(90, 5):
            self._disclose(street, today)
        if street.every(200, 7):
            street.do(DeclareEmergency(fund=self.fund, until_day=today + timedelta(days=9)), by=OPERATOR)
        if street.every(21, 4):
            self._cheat(street)

    def _give(self, street: Street, item: str, amount_fen: int, donor: str = "", day: date | None = None) -> str:
        receipt = new_id("rcpt")
        gift = ReceiveDonation(
            receipt_id=receipt, fund=self.fund, donor=donor or street.one_of(street.units), item=item,
            amount_fen=amount_fen, day=day,
        )  # fmt: skip
        return receipt if street.attempt(gift, by=street.treasurers[0], unless=("donor_has_interest",)) else ""

    def _pay(self, street: Street, item: str, amount_fen: int, category: str = "aid") -> None:
        """Three different people of the fund; what the item does not hold is not approved."""
        grant, (proposer, approver) = new_id("grant"), street.two_of(street.committee[:5])
        asked = ProposeGrant(grant_id=grant, fund=self.fund, item=item, category=category, amount_fen=amount_fen)
        street.do(asked, by=proposer)
        no = ("insufficient_fund", "fee_over_ceiling", "payee_is_approver")
        if street.attempt(ApproveGrant(grant_id=grant), by=approver, unless=no) is None:
            return
        if street.attempt(PayGrant(grant_id=grant), by=street.treasurers[1], unless=("fee_over_ceiling",)) is not None:
            self.paid.append(grant)

    # ---- targeted help ----------------------------------------------------------------------------------------------

    def _open_case(self, street: Street) -> None:
        who, case = street.one_of(street.people), new_id("case")
        asked = OpenHelpCase(
            case_id=case, fund=self.fund, title=street.naming.said("case", "A fire"), beneficiary=who, need_fen=5_000_00
        )
        if street.attempt(asked, by=street.workers[0], unless=_GONE) is None:
            return
        item = "case-" + case.removeprefix("case_")
        street.refused(
            ReceiveDonation(fund=self.fund, donor=who, item=item, amount_fen=100), "donor_has_interest",
            by=street.treasurers[0],
        )  # fmt: skip
        receipt = self._give(street, item, street.rng.randrange(100_00, 5_000_00))
        self._pay(street, item, street.rng.randrange(50_00, 900_00))
        self.cases.append((case, receipt))

    def _close_case(self, street: Street) -> None:
        case, _receipt = self.cases.popleft()
        close = CloseHelpCase(case_id=case, outcome="helped", to_item="aid")
        street.do(close, by=street.one_of(street.committee[:5]))
        self._pay(street, "aid", street.rng.randrange(10_00, 300_00))

    # ---- second thoughts, and what is told -------------------------------------------------------------------------

    def _reconsider(self, street: Street) -> None:
        """Something comes back; a donor lets money be spent on something else, or gets part of it back."""
        back = ReturnPayment(grant_id=self.paid.popleft(), amount_fen=street.rng.randrange(1, 50_00), reason="not_used")
        street.attempt(back, by=street.treasurers[0], unless=("more_than_paid",))
        unit = street.one_of(street.units)
        receipt, change = self._give(street, "aid", street.rng.randrange(100_00, 900_00), donor=unit), new_id("change")
        asked = AskRestrictionChange(
            change_id=change, receipt_id=receipt, to_item=_VENTURE, amount_fen=50_00, reason="more_urgent"
        )
        street.do(asked, by=street.treasurers[0])
        street.refused(AgreeRestrictionChange(change_id=change), "not_the_donor", by=street.workers[0])
        street.attempt(
            AgreeRestrictionChange(change_id=change), by=street.speakers[unit], unless=("insufficient_fund",)
        )
        refund = RefundDonation(receipt_id=receipt, amount_fen=street.rng.randrange(1, 40_00), reason="wrong_fund")
        street.attempt(refund, by=street.treasurers[0], unless=("insufficient_fund",))

    def _disclose(self, street: Street, today: date) -> None:
        """A quarter is told; what was entered late for it is corrected; and every yuan in between is somewhere."""
        if self.told and self._give(street, "aid", 10_00, day=today - timedelta(days=91)):
            street.do(CorrectDisclosure(disclosure_id=self.told, reason="late_entry"), by=street.treasurers[0])
        told = new_id("disc")
        publish = PublishDisclosure(disclosure_id=told, fund=self.fund)
        if street.attempt(publish, by=street.treasurers[0], unless=("nothing_to_disclose",)) is not None:
            self.told = told
        self._check_every_yuan(street)

    def _check_every_yuan(self, street: Street) -> None:
        """What waits under the fund's items is exactly what its accounts hold."""
        account = queries.fund_account(street.store.database, street.ledger, self.fund)
        waiting = queries_tracing.waiting_fen(street.store.database, street.ledger, self.fund)
        if account is None or waiting != account.balance_fen:
            raise Astray(f"{street.today}: {waiting} fen wait in a fund that holds {account and account.balance_fen}")

    def _cheat(self, street: Street) -> None:
        """Management takes no more than its share; nobody states the figures of a day that is not over."""
        treasurer, (proposer, approver) = street.treasurers[0], street.two_of(street.committee[:5])
        grant = new_id("grant")
        greedy = ProposeGrant(
            grant_id=grant, fund=self.fund, item=_VENTURE, category=MANAGEMENT_FEE, amount_fen=50_000_000_00
        )
        street.do(greedy, by=proposer)
        street.refused(ApproveGrant(grant_id=grant), "insufficient_fund", by=approver)
        early = PublishDisclosure(fund=self.fund, until_day=street.today)
        street.refused(early, "period_not_over", by=treasurer)
        self._pay(street, _VENTURE, 30_00, category=MANAGEMENT_FEE)
