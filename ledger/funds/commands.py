"""Commands of funds."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

GENERAL = "general"
"""The item of money that no donor restricted."""
ANONYMOUS = "anonymous"
"""The donor of money that nobody put a name to."""
MANAGEMENT_FEE = "management_fee"
"""The category of what running the fund itself costs: policy holds it below a share of the year's spending."""


class ServiceItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of a fund's service items; the name is public."""

    code: str
    name: str


class DonationWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A donor's message or name where the donor is no member; never in the journal."""

    name: str = ""
    message: str = ""


class GrantWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is paid and for what; never in the journal."""

    payee: str = ""
    purpose: str = ""


class HelpWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Why somebody needs help; never in the journal."""

    situation: str = ""


class OpenFund(Command, frozen=True, kw_only=True):
    """Open a fund under a short name (`nuanxing`)."""

    NAME: ClassVar[str] = "open_fund"
    slug: str
    name: str
    purpose: str
    host_charity: str
    committee: tuple[str, ...]
    supervisor: str
    items: tuple[ServiceItem, ...] = ()


class NameFundItem(Command, frozen=True, kw_only=True):
    """Give a fund another service item, or an item of it another name; the code says which and stays as it is."""

    NAME: ClassVar[str] = "name_fund_item"
    fund: str
    item: str
    name: str


class EndFundItem(Command, frozen=True, kw_only=True):
    """End a service item in which nothing is left: no more money is taken in for it."""

    NAME: ClassVar[str] = "end_fund_item"
    fund: str
    item: str


class PledgeDonation(Command, frozen=True, kw_only=True):
    """Promise money to a fund (认捐)."""

    NAME: ClassVar[str] = "pledge_donation"
    GENERATED: ClassVar[tuple[str, ...]] = ("pledge_id",)
    SUBJECT: ClassVar[str] = "donor"
    pledge_id: str = field(default_factory=maker("pledge"))
    fund: str
    donor: str
    item: str = GENERAL
    amount_fen: int
    words: DonationWords | None = None


class WithdrawPledge(Command, frozen=True, kw_only=True):
    """Take back what is still open of a pledge."""

    NAME: ClassVar[str] = "withdraw_pledge"
    pledge_id: str


class ReceiveDonation(Command, frozen=True, kw_only=True):
    """Book money that came in and number its receipt (捐赠票据)."""

    NAME: ClassVar[str] = "receive_donation"
    GENERATED: ClassVar[tuple[str, ...]] = ("receipt_id",)
    SUBJECT: ClassVar[str] = "receipt_id"
    receipt_id: str = field(default_factory=maker("rcpt"))
    fund: str
    donor: str = ANONYMOUS
    item: str = GENERAL
    amount_fen: int
    method: Literal["transfer", "cash", "online"] = "transfer"
    handler: str | None = None
    day: date | None = None
    anonymous: bool = False
    named: bool = False
    receipt_waived: bool = False
    pledge_id: str | None = None
    words: DonationWords | None = None

    def words_about(self) -> str:
        """A donor who is known in the ledger; otherwise the receipt stands for who gave."""
        return self.receipt_id if self.donor == ANONYMOUS else self.donor


class RefundDonation(Command, frozen=True, kw_only=True):
    """Give money back to its donor, with a reason; where policy asks for two people, the first of them only asks."""

    NAME: ClassVar[str] = "refund_donation"
    receipt_id: str
    amount_fen: int
    reason: Literal["paid_twice", "wrong_fund", "purpose_impossible", "donor_ineligible", "bank_returned"]


class DeclineRefund(Command, frozen=True, kw_only=True):
    """Say no to a refund that was asked for, or take back one's own asking."""

    NAME: ClassVar[str] = "decline_refund"
    receipt_id: str
    reason: Literal["no_ground", "already_spent", "donor_withdrew", "mistake"]


class RecordPastRefund(Command, frozen=True, kw_only=True):
    """Enter money of the past that went back to its donor, from a book that does not say which receipt it reverses."""

    NAME: ClassVar[str] = "record_past_refund"
    GENERATED: ClassVar[tuple[str, ...]] = ("receipt_id",)
    receipt_id: str = field(default_factory=maker("rcpt"))
    fund: str
    donor: str = ANONYMOUS
    item: str = GENERAL
    amount_fen: int
    day: date
    reason: Literal["paid_twice", "wrong_fund", "purpose_impossible", "donor_ineligible", "bank_returned"] = (
        "bank_returned"
    )


class ProposeGrant(Command, frozen=True, kw_only=True):
    """Propose to spend money of one item of a fund."""

    NAME: ClassVar[str] = "propose_grant"
    GENERATED: ClassVar[tuple[str, ...]] = ("grant_id",)
    SUBJECT: ClassVar[str] = "grant_id"
    grant_id: str = field(default_factory=maker("grant"))
    fund: str
    item: str = GENERAL
    category: str = "aid"
    amount_fen: int
    payee: str | None = None
    words: GrantWords | None = None


class ApproveGrant(Command, frozen=True, kw_only=True):
    """Agree, as a member of the fund's committee who did not propose it."""

    NAME: ClassVar[str] = "approve_grant"
    grant_id: str


class DeclineGrant(Command, frozen=True, kw_only=True):
    """Say no, as a member of the fund's committee."""

    NAME: ClassVar[str] = "decline_grant"
    grant_id: str
    reason: Literal["not_in_purpose", "too_much", "no_evidence", "duplicate"]


class CancelGrant(Command, frozen=True, kw_only=True):
    """Free an approved grant that is not needed."""

    NAME: ClassVar[str] = "cancel_grant"
    grant_id: str
    reason: Literal["not_needed", "payee_gone", "mistake"]


class PayGrant(Command, frozen=True, kw_only=True):
    """Pay an approved grant, as a treasurer who neither proposed nor approved it."""

    NAME: ClassVar[str] = "pay_grant"
    grant_id: str
    day: date | None = None


class ReturnPayment(Command, frozen=True, kw_only=True):
    """Book that paid money came back."""

    NAME: ClassVar[str] = "return_payment"
    grant_id: str
    amount_fen: int
    reason: Literal["overpaid", "not_used", "bank_returned", "mistake"]
    day: date | None = None


class RecordPastSpending(Command, frozen=True, kw_only=True):
    """Enter a payment of the past with its three pairs of eyes, from a book that was kept before.

    Gives proposal, approval and payment; the same separation and the same balance rule hold as for a new one.
    """

    NAME: ClassVar[str] = "record_past_spending"
    GENERATED: ClassVar[tuple[str, ...]] = ("grant_id",)
    SUBJECT: ClassVar[str] = "grant_id"
    grant_id: str = field(default_factory=maker("grant"))
    fund: str
    item: str = GENERAL
    category: str
    amount_fen: int
    day: date
    proposer: str
    approver: str
    payer: str
    returned: bool = False
    """The payment came back: booked as paid and returned is not possible for a sum of its own, so it is a return."""
    words: GrantWords | None = None


class AskRestrictionChange(Command, frozen=True, kw_only=True):
    """Ask a donor to let money be spent on another service item of the same fund."""

    NAME: ClassVar[str] = "ask_restriction_change"
    GENERATED: ClassVar[tuple[str, ...]] = ("change_id",)
    change_id: str = field(default_factory=maker("change"))
    receipt_id: str
    to_item: str = GENERAL
    amount_fen: int
    reason: Literal["purpose_met", "purpose_impossible", "more_urgent"]


class AgreeRestrictionChange(Command, frozen=True, kw_only=True):
    """Agree to it, as the donor."""

    NAME: ClassVar[str] = "agree_restriction_change"
    change_id: str


class OpenHelpCase(Command, frozen=True, kw_only=True):
    """Open a case of targeted help: a restriction of its own, for which money is given and out of which it is paid."""

    NAME: ClassVar[str] = "open_help_case"
    GENERATED: ClassVar[tuple[str, ...]] = ("case_id",)
    SUBJECT: ClassVar[str] = "beneficiary"
    case_id: str = field(default_factory=maker("case"))
    fund: str
    title: str
    beneficiary: str
    need_fen: int
    words: HelpWords | None = None


class CloseHelpCase(Command, frozen=True, kw_only=True):
    """End a case, as a member of the fund's committee who did not open it; says where the remainder goes."""

    NAME: ClassVar[str] = "close_help_case"
    case_id: str
    outcome: Literal["helped", "not_needed", "moved_away", "died"]
    to_item: str = GENERAL


class CloseFund(Command, frozen=True, kw_only=True):
    """Close a fund in which nothing is left."""

    NAME: ClassVar[str] = "close_fund"
    fund: str
    reason: Literal["purpose_met", "purpose_impossible", "host_ended"]
