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


@fact("fund.item_named@1")
class ItemNamed(Fact, frozen=True, kw_only=True):
    """A service item the fund has from now on, or the new name of one it has; one that was ended is open again."""

    TAGS: ClassVar[tuple[str, ...]] = ("fund",)
    fund: str
    item: str
    name: str
    named_by: str
    day: date


@fact("fund.item_ended@1")
class ItemEnded(Fact, frozen=True, kw_only=True):
    """A service item in which nothing is left takes in no more money; what it did stays in the books."""

    TAGS: ClassVar[tuple[str, ...]] = ("fund",)
    fund: str
    item: str
    ended_by: str
    day: date


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


@fact("fund.refund_asked@1")
class RefundAsked(Fact, frozen=True, kw_only=True):
    """The first of two people asks to give money back; nothing moves yet."""

    TAGS: ClassVar[tuple[str, ...]] = ("receipt_id",)
    receipt_id: str
    amount_fen: int
    reason: str
    asked_by: str


@fact("fund.refund_declined@1")
class RefundDeclined(Fact, frozen=True, kw_only=True):
    """The refund that was asked for is not made: a second person says no, or who asked takes it back."""

    TAGS: ClassVar[tuple[str, ...]] = ("receipt_id",)
    receipt_id: str
    amount_fen: int
    reason: str
    declined_by: str
    day: date


@fact("fund.restriction_change_asked@1")
class RestrictionChangeAsked(Fact, frozen=True, kw_only=True):
    """The donor is asked to let money of a receipt be spent on another service item (慈善法 §56)."""

    TAGS: ClassVar[tuple[str, ...]] = ("change_id", "receipt_id")
    change_id: str
    receipt_id: str
    fund: str
    donor: str
    item: str
    to_item: str
    amount_fen: int
    reason: str
    asked_by: str
    day: date


@fact("fund.restriction_changed@1")
class RestrictionChanged(Fact, frozen=True, kw_only=True):
    """The donor agreed: the money may be spent on the other item, and no longer on the first."""

    TAGS: ClassVar[tuple[str, ...]] = ("change_id", "receipt_id", "fund")
    change_id: str
    receipt_id: str
    fund: str
    donor: str
    item: str
    to_item: str
    amount_fen: int
    agreed_by: str
    day: date


@fact("fund.help_case_opened@1")
class HelpCaseOpened(Fact, frozen=True, kw_only=True):
    """Help for one household or person; `item` is the restriction under which money for it is kept."""

    TAGS: ClassVar[tuple[str, ...]] = ("case_id", "beneficiary")
    case_id: str
    fund: str
    item: str
    title: str
    beneficiary: str
    need_fen: int
    opened_by: str
    day: date
    words: str = ""


@fact("fund.help_case_closed@1")
class HelpCaseClosed(Fact, frozen=True, kw_only=True):
    """The help came to an end. What was left goes to an item of a like purpose, and everybody can see it (慈善法 §58)."""

    TAGS: ClassVar[tuple[str, ...]] = ("case_id", "fund")
    case_id: str
    fund: str
    item: str
    to_item: str
    remainder_fen: int
    outcome: str
    closed_by: str
    day: date


@fact("fund.closed@1")
class FundClosed(Fact, frozen=True, kw_only=True):
    """A fund in which nothing is left takes in no more money; its final disclosure is due."""

    TAGS: ClassVar[tuple[str, ...]] = ("fund",)
    fund: str
    reason: str
    closed_by: str
    day: date
