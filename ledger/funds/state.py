"""What decisions about funds need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.accounts import committed, fund_item, postings
from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound, Refused
from ledger.funds import facts
from ledger.funds.commands import GENERAL, MANAGEMENT_FEE
from ledger.funds.shapes import case_of, fund_id
from ledger.proposals import facts as proposals


class FundState(State, frozen=True, kw_only=True):
    """A fund with its restricted balances in fen (tag: its id, `fund_<slug>`)."""

    LONG: ClassVar[bool] = True
    opened: facts.FundOpened | None = None
    items: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The service items that are open: code → name. What no donor restricted and help cases are no service items."""
    available: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What may be granted, per service item."""
    committed: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What is approved and not yet paid, per service item."""
    spent: Mapping[str, int] = msgspec.field(default_factory=dict)
    """What was paid less what came back, per service item."""
    years: Mapping[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """Per calendar year: what was paid less what came back, and how much of it for management."""
    closed: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Books the fact's postings on this fund's items."""
        match happened:
            case facts.FundOpened():
                return replace(self, opened=happened, items=dict(happened.items))
            case facts.ItemNamed():
                return replace(self, items={**self.items, happened.item: happened.name})
            case facts.ItemEnded():
                return replace(self, items={code: name for code, name in self.items.items() if code != happened.item})
            case facts.FundClosed():
                return replace(self, closed=True)
            case facts.RestrictionChanged() | facts.HelpCaseClosed():
                return self._booked(happened, happened.item)._booked(happened, happened.to_item)
            case (
                facts.DonationReceived()
                | facts.DonationRefunded()
                | facts.GrantApproved()
                | facts.GrantCancelled()
                | facts.GrantPaid()
                | facts.PaymentReturned()
            ):
                return self._booked(happened, happened.item)._spent(happened)
        return self

    def _booked(self, happened: Fact, item: str) -> Self:
        free, bound = fund_item(self.tag, item), committed(self.tag, item)
        now_free, now_bound = self.available_fen(item), self.committed_fen(item)
        for account, _unit, amount in postings(happened):
            if account == free:
                now_free += amount
            elif account == bound:
                now_bound += amount
        return replace(
            self, available={**self.available, item: now_free}, committed={**self.committed, item: now_bound}
        )

    def _spent(self, happened: Fact) -> Self:
        match happened:
            case facts.GrantPaid():
                moved = happened.amount_fen
            case facts.PaymentReturned():
                moved = -happened.amount_fen
            case _:
                return self
        year = str(happened.day.year)
        paid, fees = self.years.get(year, (0, 0))
        fee = moved if happened.category == MANAGEMENT_FEE else 0
        return replace(
            self,
            spent={**self.spent, happened.item: self.spent_fen(happened.item) + moved},
            years={**self.years, year: (paid + moved, fees + fee)},
        )

    def spent_fen(self, item: str) -> int:
        """What was paid out of an item less what came back."""
        return self.spent.get(item, 0)

    def available_fen(self, item: str) -> int:
        """What may be granted of an item."""
        return self.available.get(item, 0)

    def committed_fen(self, item: str) -> int:
        """What is approved of an item and not yet paid."""
        return self.committed.get(item, 0)


class Donors(State, frozen=True, kw_only=True):
    """Who gave how much to a fund, less what went back to them (tag: the fund's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.DonationReceived, facts.DonationRefunded})
    gave: Mapping[str, int] = msgspec.field(default_factory=dict)
    """donor → fen"""

    def evolve(self, happened: Fact) -> Self:
        """Adds what came in, takes off what went back."""
        match happened:
            case facts.DonationReceived():
                moved = happened.amount_fen
            case facts.DonationRefunded():
                moved = -happened.amount_fen
            case _:
                return self
        return replace(self, gave={**self.gave, happened.donor: self.gave.get(happened.donor, 0) + moved})


class Receipt(State, frozen=True, kw_only=True):
    """One donation that came in (tag: the receipt's id)."""

    received: facts.DonationReceived | None = None
    refunded_fen: int = 0
    moved_fen: int = 0
    """What may be spent on another item since, with the donor's consent."""
    asked: facts.RefundAsked | None = None
    """The refund that the first of two people asked for."""

    def evolve(self, happened: Fact) -> Self:
        """Follows the receipt and its reversals."""
        match happened:
            case facts.DonationReceived():
                return replace(self, received=happened)
            case facts.RefundAsked():
                return replace(self, asked=happened)
            case facts.RefundDeclined():
                return replace(self, asked=None)
            case facts.DonationRefunded():
                return replace(self, refunded_fen=self.refunded_fen + happened.amount_fen, asked=None)
            case facts.RestrictionChanged():
                return replace(self, moved_fen=self.moved_fen + happened.amount_fen)
        return self


class RestrictionChange(State, frozen=True, kw_only=True):
    """What a donor was asked to agree to (tag: the change's id)."""

    asked: facts.RestrictionChangeAsked | None = None
    agreed: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Asked once, agreed once."""
        match happened:
            case facts.RestrictionChangeAsked():
                return replace(self, asked=happened)
            case facts.RestrictionChanged():
                return replace(self, agreed=True)
        return self


class HelpCase(State, frozen=True, kw_only=True):
    """One case of targeted help (tag: its id)."""

    opened: facts.HelpCaseOpened | None = None
    closed: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Opened, and closed."""
        match happened:
            case facts.HelpCaseOpened():
                return replace(self, opened=happened)
            case facts.HelpCaseClosed():
                return replace(self, closed=True)
        return self


class Pledge(State, frozen=True, kw_only=True):
    """One promise of money (tag: the pledge's id)."""

    made: facts.DonationPledged | None = None
    met_fen: int = 0
    withdrawn_fen: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Follows the promise, what came in for it, and what was taken back."""
        match happened:
            case facts.DonationPledged():
                return replace(self, made=happened)
            case facts.DonationReceived():
                return replace(self, met_fen=self.met_fen + happened.pledge_met_fen)
            case facts.PledgeWithdrawn():
                return replace(self, withdrawn_fen=self.withdrawn_fen + happened.amount_fen)
        return self

    @property
    def open_fen(self) -> int:
        """What is promised and neither received nor taken back."""
        return 0 if self.made is None else self.made.amount_fen - self.met_fen - self.withdrawn_fen


class Grant(State, frozen=True, kw_only=True):
    """One grant (tag: its id)."""

    status: str = ""
    """"" · proposed · approved · declined · cancelled · paid · returned (a return of the past, without its payment)"""
    proposed: facts.GrantProposed | None = None
    approver: str = ""
    paid_fen: int = 0
    returned_fen: int = 0
    milestone: proposals.MilestoneAgreed | None = None
    """What has to be reached before it is paid, where it belongs to a proposal."""
    reported: proposals.MilestoneReported | None = None
    accepted_by: str = ""

    def evolve(self, happened: Fact) -> Self:
        """Follows the grant's life; a return of part of a payment leaves it paid."""
        match happened:
            case proposals.MilestoneAgreed():
                return replace(self, milestone=happened)
            case proposals.MilestoneReported():
                return replace(self, reported=happened)
            case proposals.MilestoneAccepted():
                return replace(self, accepted_by=happened.accepted_by)
            case facts.GrantProposed():
                return replace(self, status="proposed", proposed=happened)
            case facts.GrantApproved():
                return replace(self, status="approved", approver=happened.approver)
            case facts.GrantDeclined():
                return replace(self, status="declined")
            case facts.GrantCancelled():
                return replace(self, status="cancelled")
            case facts.GrantPaid():
                return replace(self, status="paid", paid_fen=happened.amount_fen)
            case facts.PaymentReturned():
                status = self.status or "returned"
                return replace(self, status=status, returned_fen=self.returned_fen + happened.amount_fen)
        return self


class GrantsFor(State, frozen=True, kw_only=True):
    """The grants that were ever proposed for a payee (tag: the payee's id)."""

    LONG: ClassVar[bool] = True
    proposed: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Adds a proposal; how it went on is each grant's own state."""
        if isinstance(happened, facts.GrantProposed) and happened.payee == self.tag:
            return replace(self, proposed=self.proposed | {happened.grant_id})
        return self


def need_fund(view: View, fund: str) -> tuple[FundState, facts.FundOpened]:
    """A fund and how it was opened, by id or short name; raises NotFound `no_such_fund`."""
    state = view.state(FundState, fund_id(fund))
    if state.opened is None:
        raise NotFound("no_such_fund", fund=fund)
    return state, state.opened


def need_item(view: View, fund: str, item: str) -> tuple[FundState, facts.FundOpened]:
    """A fund that is open and has this service item; `general` is always there, a help case has an item of its own.

    Raises NotFound `no_such_fund`, `no_such_item`, Refused `fund_closed`, `case_closed`.
    """
    state, opened = need_fund(view, fund)
    if state.closed:
        raise Refused("fund_closed", fund=state.tag)
    if item == GENERAL or item in state.items:
        return state, opened
    case_id = case_of(item)
    case = HelpCase(tag=item) if case_id is None else view.state(HelpCase, case_id)
    if case.opened is None or case.opened.fund != state.tag:
        raise NotFound("no_such_item", fund=state.tag, item=item)
    if case.closed:
        raise Refused("case_closed", case=case.tag)
    return state, opened


def beneficiary_of(view: View, item: str) -> str | None:
    """Who is helped with the money of an item; None for a service item, which is for all."""
    case_id = case_of(item)
    opened = None if case_id is None else view.state(HelpCase, case_id).opened
    return None if opened is None else opened.beneficiary


def need_case(view: View, case_id: str) -> tuple[HelpCase, facts.HelpCaseOpened]:
    """A help case and how it was opened; raises NotFound `no_such_case`."""
    case = view.state(HelpCase, case_id)
    if case.opened is None:
        raise NotFound("no_such_case", case=case_id)
    return case, case.opened


def need_receipt(view: View, receipt_id: str) -> tuple[Receipt, facts.DonationReceived]:
    """A receipt; raises NotFound `no_such_receipt`."""
    receipt = view.state(Receipt, receipt_id)
    if receipt.received is None:
        raise NotFound("no_such_receipt", receipt=receipt_id)
    return receipt, receipt.received


def need_open_pledge(view: View, pledge_id: str) -> tuple[Pledge, facts.DonationPledged]:
    """A pledge of which something is open; raises NotFound `no_such_pledge`, Conflict `pledge_settled`."""
    pledge = view.state(Pledge, pledge_id)
    if pledge.made is None:
        raise NotFound("no_such_pledge", pledge=pledge_id)
    if pledge.open_fen <= 0:
        raise Conflict("pledge_settled", pledge=pledge_id)
    return pledge, pledge.made


def need_grant_known(view: View, grant_id: str) -> facts.GrantProposed:
    """How a grant was proposed, whatever became of it; raises NotFound `no_such_grant`."""
    proposed = view.state(Grant, grant_id).proposed
    if proposed is None:
        raise NotFound("no_such_grant", grant=grant_id)
    return proposed


def need_grant(view: View, grant_id: str, status: str, otherwise: str) -> tuple[Grant, facts.GrantProposed]:
    """A grant in the wanted status; raises NotFound `no_such_grant`, and Conflict with the code `otherwise`."""
    grant = view.state(Grant, grant_id)
    if grant.proposed is None:
        raise NotFound("no_such_grant", grant=grant_id)
    if grant.status != status:
        raise Conflict(otherwise, grant=grant_id, status=grant.status)
    return grant, grant.proposed
