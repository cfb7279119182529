"""Random money in and out of a fund, beside a model of it in plain Python: restricted balances are never negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from ledger.base import Command, Fact
from ledger.funds import commands as do
from ledger.funds.state import FundState
from tests.ledger.funds.cast import DONOR, FUND, LI, LONG_AGO, OPEN, QIAN, TREASURER, WANG, ZHAO
from tests.ledger.given import given
from tests.ledger.sums import balances

ITEMS = ("general", "meals", "clinic")
AMOUNTS = st.integers(min_value=1, max_value=60)
EYES = st.sampled_from((WANG, LI, ZHAO, QIAN))


@dataclass
class Purse:
    """One service item of the model."""

    received: int = 0
    refunded: int = 0
    available: int = 0
    committed: int = 0
    spent: int = 0
    """Paid, less what came back."""


@dataclass
class Donation:
    """One receipt of the model."""

    item: str
    left: int


@dataclass
class Promise:
    """One pledge of the model."""

    item: str
    open: int


@dataclass
class Spending:
    """One grant of the model."""

    item: str
    amount: int
    proposer: str
    approver: str = ""
    status: str = "proposed"
    left: int = 0
    """Paid and not come back."""


@dataclass
class Model:
    """The whole fund, as plain sums."""

    purses: dict[str, Purse] = field(default_factory=lambda: {item: Purse() for item in ITEMS})
    donations: dict[str, Donation] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    spendings: dict[str, Spending] = field(default_factory=dict)


class FundMachine(RuleBasedStateMachine):
    """Every command is foreseen by the model: the facts are booked, or the code is the one expected."""

    receipts: Bundle[str] = Bundle("receipts")
    pledges: Bundle[str] = Bundle("pledges")
    grants: Bundle[str] = Bundle("grants")

    def __init__(self) -> None:
        super().__init__()
        self.story: list[Fact] = list(OPEN)
        self.model = Model()
        self.made = 0

    def fresh(self, prefix: str) -> str:
        """The next id."""
        self.made += 1
        return f"{prefix}_{self.made}"

    def ask(self, command: Command, actor: str, role: str, refusal: str) -> bool:
        """Gives the command and compares with what the model foresees; says whether it was accepted."""
        event(f"{command.NAME} {refusal}")
        outcome = given(*self.story).when(command, actor=actor, role=role)
        if refusal:
            outcome.refused(refusal)
            return False
        self.story += outcome.facts
        return True

    def receive(self, item: str, amount: int, pledge: str | None = None, refusal: str = "") -> str:
        """Lets money come in."""
        receipt = self.fresh("rcpt")
        asked = do.ReceiveDonation(
            receipt_id=receipt, fund=FUND, donor=DONOR, item=item, amount_fen=amount, pledge_id=pledge
        )
        if self.ask(asked, TREASURER, "treasurer", refusal):
            self.model.donations[receipt] = Donation(item, amount)
            self.model.purses[item].received += amount
            self.model.purses[item].available += amount
        return receipt

    @initialize(target=receipts, item=st.sampled_from(ITEMS), amount=AMOUNTS)
    def donate_first(self, item: str, amount: int) -> str:
        """There is something to spend."""
        return self.receive(item, 60 + amount)

    @rule(target=receipts, item=st.sampled_from(ITEMS), amount=AMOUNTS)
    def donate(self, item: str, amount: int) -> str:
        """Money comes in."""
        return self.receive(item, amount)

    @rule(target=pledges, item=st.sampled_from(ITEMS), amount=AMOUNTS)
    def pledge(self, item: str, amount: int) -> str:
        """Money is promised."""
        pledge = self.fresh("pledge")
        asked = do.PledgeDonation(pledge_id=pledge, fund=FUND, donor=DONOR, item=item, amount_fen=amount)
        self.ask(asked, DONOR, "", "")
        self.model.promises[pledge] = Promise(item, amount)
        return pledge

    @rule(target=receipts, pledge=pledges, amount=AMOUNTS)
    def meet(self, pledge: str, amount: int) -> str:
        """Money comes in for a promise."""
        promise = self.model.promises[pledge]
        receipt = self.receive(promise.item, amount, pledge, "" if promise.open else "pledge_settled")
        promise.open -= min(promise.open, amount)
        return receipt

    @rule(pledge=pledges)
    def withdraw(self, pledge: str) -> None:
        """A promise is taken back."""
        promise = self.model.promises[pledge]
        self.ask(do.WithdrawPledge(pledge_id=pledge), DONOR, "", "" if promise.open else "pledge_settled")
        promise.open = 0

    @rule(receipt=receipts, amount=AMOUNTS)
    def refund(self, receipt: str, amount: int) -> None:
        """Money goes back to its donor."""
        donation = self.model.donations.get(receipt)
        refusal = ""
        if donation is None:
            refusal = "no_such_receipt"
        elif amount > donation.left:
            refusal = "more_than_received"
        elif amount > self.model.purses[donation.item].available:
            refusal = "insufficient_fund"
        asked = do.RefundDonation(receipt_id=receipt, amount_fen=amount, reason="paid_twice")
        if self.ask(asked, TREASURER, "treasurer", refusal) and donation is not None:
            donation.left -= amount
            self.model.purses[donation.item].refunded += amount
            self.model.purses[donation.item].available -= amount

    @rule(target=grants, item=st.sampled_from(ITEMS), amount=AMOUNTS, proposer=EYES)
    def propose(self, item: str, amount: int, proposer: str) -> str:
        """A grant is proposed."""
        return self.put_forward(item, amount, proposer)

    @rule(target=grants, item=st.sampled_from(ITEMS), amount=AMOUNTS)
    def spend(self, item: str, amount: int) -> str:
        """A grant goes its whole way, as far as the item reaches."""
        grant = self.put_forward(item, amount, WANG)
        self.approve_as(grant, LI)
        self.pay_as(grant, TREASURER)
        return grant

    def put_forward(self, item: str, amount: int, proposer: str) -> str:
        """A proposal for the story and for the model."""
        grant = self.fresh("grant")
        asked = do.ProposeGrant(grant_id=grant, fund=FUND, item=item, amount_fen=amount)
        self.ask(asked, proposer, "committee_member", "")
        self.model.spendings[grant] = Spending(item, amount, proposer)
        return grant

    @rule(grant=grants, approver=EYES)
    def approve(self, grant: str, approver: str) -> None:
        """A grant is approved."""
        self.approve_as(grant, approver)

    def approve_as(self, grant: str, approver: str) -> None:
        """An approval, or the refusal that the model foresees."""
        spending = self.model.spendings[grant]
        purse = self.model.purses[spending.item]
        refusal = ""
        if spending.status != "proposed":
            refusal = "grant_not_open"
        elif approver == spending.proposer:
            refusal = "proposer_is_approver"
        elif spending.amount > purse.available:
            refusal = "insufficient_fund"
        if self.ask(do.ApproveGrant(grant_id=grant), approver, "committee_member", refusal):
            spending.status, spending.approver = "approved", approver
            purse.available -= spending.amount
            purse.committed += spending.amount

    @rule(grant=grants)
    def cancel(self, grant: str) -> None:
        """An approved grant is not needed."""
        spending = self.model.spendings[grant]
        refusal = "" if spending.status == "approved" else "grant_not_approved"
        asked = do.CancelGrant(grant_id=grant, reason="not_needed")
        if self.ask(asked, TREASURER, "treasurer", refusal):
            spending.status = "cancelled"
            self.model.purses[spending.item].available += spending.amount
            self.model.purses[spending.item].committed -= spending.amount

    @rule(grant=grants, payer=EYES | st.just(TREASURER))
    def pay(self, grant: str, payer: str) -> None:
        """An approved grant is paid."""
        self.pay_as(grant, payer)

    def pay_as(self, grant: str, payer: str) -> None:
        """A payment, or the refusal that the model foresees."""
        spending = self.model.spendings[grant]
        refusal = ""
        if spending.status != "approved":
            refusal = "grant_not_approved"
        elif payer == spending.proposer:
            refusal = "payer_is_proposer"
        elif payer == spending.approver:
            refusal = "payer_is_approver"
        if self.ask(do.PayGrant(grant_id=grant), payer, "treasurer", refusal):
            spending.status, spending.left = "paid", spending.amount
            self.model.purses[spending.item].committed -= spending.amount
            self.model.purses[spending.item].spent += spending.amount

    @rule(grant=grants, amount=AMOUNTS)
    def give_back(self, grant: str, amount: int) -> None:
        """Paid money comes back."""
        spending = self.model.spendings[grant]
        refusal = ""
        if spending.status != "paid":
            refusal = "grant_not_paid"
        elif amount > spending.left:
            refusal = "more_than_paid"
        asked = do.ReturnPayment(grant_id=grant, amount_fen=amount, reason="overpaid")
        if self.ask(asked, TREASURER, "treasurer", refusal):
            spending.left -= amount
            self.model.purses[spending.item].spent -= amount
            self.model.purses[spending.item].available += amount

    @rule(item=st.sampled_from(ITEMS), amount=AMOUNTS, back=st.booleans())
    def record_past(self, item: str, amount: int, back: bool) -> None:
        """A payment or a return of the past is entered."""
        purse = self.model.purses[item]
        asked: dict[str, Any] = {"proposer": WANG, "approver": LI, "payer": TREASURER, "returned": back}
        past = do.RecordPastSpending(
            grant_id=self.fresh("grant"), fund=FUND, item=item, category="past", amount_fen=amount,
            day=LONG_AGO, **asked,
        )  # fmt: skip
        refusal = "insufficient_fund" if not back and amount > purse.available else ""
        if back and amount > purse.spent:
            refusal = "more_than_paid"
        if self.ask(past, TREASURER, "treasurer", refusal):
            purse.available += amount if back else -amount
            purse.spent += -amount if back else amount

    @invariant()
    def the_state_is_the_models(self) -> None:
        """What decisions see equals the model, and no restricted balance is negative."""
        fund = given(*self.story).state(FundState, FUND)
        for item, purse in self.model.purses.items():
            assert fund.available_fen(item) == purse.available >= 0
            assert fund.committed_fen(item) == purse.committed >= 0

    @invariant()
    def the_accounts_are_the_models(self) -> None:
        """Per item: available and committed and spent less returns are what came in less what went back."""
        accounts = {account: fen for (account, _unit), fen in balances(self.story).items()}
        promised: dict[str, int] = dict.fromkeys(ITEMS, 0)
        for promise in self.model.promises.values():
            promised[promise.item] += promise.open
        for item, purse in self.model.purses.items():
            free, bound = accounts.get(f"fund:{FUND}:{item}", 0), accounts.get(f"fund:{FUND}:{item}:committed", 0)
            gone = sum(fen for account, fen in accounts.items() if account.startswith(f"spent:{FUND}:{item}:"))
            assert (free, bound, gone) == (purse.available, purse.committed, purse.spent)
            assert free + bound + gone == purse.received - purse.refunded
            assert accounts.get(f"pledge:{FUND}:{item}", 0) == promised[item]
        given_fen = sum(purse.received - purse.refunded for purse in self.model.purses.values())
        assert accounts.get(f"donor:{DONOR}", 0) == -given_fen
        assert accounts.get(f"pledged:{DONOR}", 0) == -sum(promised.values())


TestFundMachine = FundMachine.TestCase
