"""Facts of funds. Amounts are whole fen; `item` is a service item of the fund, `general` for unrestricted money."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("fund.opened@1")
class FundOpened(Fact, frozen=True, kw_only=True):
    """A fund with its host charity, purpose, committee (odd, at least five by policy), supervisor and service items."""

    TAGS: ClassVar[tuple[str, ...]] = ("fund",)
    fund: str
    name: str
    purpose: str
    host_charity: str
    committee: tuple[str, ...]
    supervisor: str
    items: tuple[tuple[str, str], ...]
    """Pairs of code and name, in the order shown."""
    opened_on: date


@fact("fund.pledged@1")
class DonationPledged(Fact, frozen=True, kw_only=True):
    """A promise of money: not a receipt, and never part of a balance that can be spent."""

    TAGS: ClassVar[tuple[str, ...]] = ("pledge_id",)
    pledge_id: str
    fund: str
    donor: str
    item: str
    amount_fen: int
    day: date
    words: str = ""


@fact("fund.pledge_withdrawn@1")
class PledgeWithdrawn(Fact, frozen=True, kw_only=True):
    """What was still open of a pledge is taken back."""

    TAGS: ClassVar[tuple[str, ...]] = ("pledge_id",)
    pledge_id: str
    fund: str
    donor: str
    item: str
    amount_fen: int


@fact("fund.donation_received@1")
class DonationReceived(Fact, frozen=True, kw_only=True):
    """Money came in: names donor, kind, amount, handler, date, whether anonymous or receipt waived (慈善法 §38)."""

    TAGS: ClassVar[tuple[str, ...]] = ("receipt_id", "fund", "pledge_id")
    receipt_id: str
    fund: str
    donor: str
    item: str
    amount_fen: int
    method: str
    handler: str
    day: date
    anonymous: bool = False
    named: bool = False
    receipt_waived: bool = False
    pledge_id: str | None = None
    pledge_met_fen: int = 0
    words: str = ""


@fact("fund.donation_refunded@1")
class DonationRefunded(Fact, frozen=True, kw_only=True):
    """A reasoned reversal of a receipt, whole or in part."""

    TAGS: ClassVar[tuple[str, ...]] = ("receipt_id", "fund")
    receipt_id: str
    fund: str
    donor: str
    item: str
    amount_fen: int
    reason: str
    refunded_by: str
    day: date


@fact("fund.grant_proposed@1")
class GrantProposed(Fact, frozen=True, kw_only=True):
    """Somebody proposes to spend; nothing moves yet. `words` commits to payee and purpose."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "payee")
    LATER_TAGS: ClassVar[tuple[str, ...]] = ("payee",)
    grant_id: str
    fund: str
    item: str
    category: str
    amount_fen: int
    payee: str | None = None
    proposer: str
    day: date
    words: str = ""


@fact("fund.grant_approved@1")
class GrantApproved(Fact, frozen=True, kw_only=True):
    """A committee member other than the proposer agrees: the amount is committed."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "fund")
    grant_id: str
    fund: str
    item: str
    amount_fen: int
    approver: str


@fact("fund.grant_declined@1")
class GrantDeclined(Fact, frozen=True, kw_only=True):
    """The committee says no."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id",)
    grant_id: str
    fund: str
    reason: str
    approver: str


@fact("fund.grant_cancelled@1")
class GrantCancelled(Fact, frozen=True, kw_only=True):
    """An approved grant is not needed: the commitment is free again."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "fund")
    grant_id: str
    fund: str
    item: str
    amount_fen: int
    reason: str
    cancelled_by: str


@fact("fund.grant_paid@1")
class GrantPaid(Fact, frozen=True, kw_only=True):
    """A third person pays: the money leaves (拨付)."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "fund")
    grant_id: str
    fund: str
    item: str
    category: str
    amount_fen: int
    payer: str
    day: date


@fact("fund.payment_returned@1")
class PaymentReturned(Fact, frozen=True, kw_only=True):
    """Money paid came back, whole or in part: a reasoned reversal."""

    TAGS: ClassVar[tuple[str, ...]] = ("grant_id", "fund")
    grant_id: str
    fund: str
    item: str
    category: str
    amount_fen: int
    reason: str
    handler: str
    day: date
