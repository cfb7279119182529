"""Commands of partner units."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker
from ledger.requests.commands import RequestWords

Tier = Literal["street", "community"]
Level = Literal["routine", "urgent", "emergency"]
LEVELS: tuple[str, ...] = ("routine", "urgent", "emergency")
ContributionKind = Literal["goods", "venue", "hours", "project"]


class PartnerNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A remark in free text; never in the journal."""

    remark: str


class SignAgreement(Command, frozen=True, kw_only=True):
    """Sign a unit as a red partner at a tier, for a response level and a term."""

    NAME: ClassVar[str] = "sign_agreement"
    GENERATED: ClassVar[tuple[str, ...]] = ("agreement_id",)
    agreement_id: str = field(default_factory=maker("agr"))
    unit: str
    tier: Tier
    place: str | None = None
    level: Level = "routine"
    from_day: date
    until_day: date


class EndAgreement(Command, frozen=True, kw_only=True):
    """End an agreement before its term."""

    NAME: ClassVar[str] = "end_agreement"
    unit: str
    agreement_id: str
    reason: Literal["by_partner", "by_community", "unit_closed"]


class RecordContribution(Command, frozen=True, kw_only=True):
    """Book what a unit gave: pieces of goods, venue minutes, minutes of its people, or projects."""

    NAME: ClassVar[str] = "record_contribution"
    GENERATED: ClassVar[tuple[str, ...]] = ("contribution_id",)
    SUBJECT: ClassVar[str] = "unit"
    contribution_id: str = field(default_factory=maker("con"))
    unit: str
    kind: ContributionKind
    item: str = ""
    quantity: int
    value_fen: int | None = None
    place: str | None = None
    day: date | None = None
    words: PartnerNote | None = None


class OfferGoods(Command, frozen=True, kw_only=True):
    """Offer pieces of an item to whoever needs them."""

    NAME: ClassVar[str] = "offer_goods"
    GENERATED: ClassVar[tuple[str, ...]] = ("offer_id",)
    SUBJECT: ClassVar[str] = "unit"
    offer_id: str = field(default_factory=maker("offer"))
    unit: str
    item: str
    quantity: int
    day: date | None = None
    place: str | None = None
    words: PartnerNote | None = None


class MatchOffer(Command, frozen=True, kw_only=True):
    """Promise part of an offer to a need."""

    NAME: ClassVar[str] = "match_offer"
    GENERATED: ClassVar[tuple[str, ...]] = ("match_id",)
    match_id: str = field(default_factory=maker("match"))
    offer_id: str
    request_id: str
    quantity: int


class DeliverMatch(Command, frozen=True, kw_only=True):
    """Book that promised goods arrived."""

    NAME: ClassVar[str] = "deliver_match"
    offer_id: str
    match_id: str


class CancelMatch(Command, frozen=True, kw_only=True):
    """Take a promise back."""

    NAME: ClassVar[str] = "cancel_match"
    offer_id: str
    match_id: str


class WithdrawOffer(Command, frozen=True, kw_only=True):
    """Take back what is not promised yet."""

    NAME: ClassVar[str] = "withdraw_offer"
    offer_id: str


class CallOut(Command, frozen=True, kw_only=True):
    """Call partner units at a response level."""

    NAME: ClassVar[str] = "call_out"
    GENERATED: ClassVar[tuple[str, ...]] = ("callout_id",)
    SUBJECT: ClassVar[str] = "callout_id"
    callout_id: str = field(default_factory=maker("call"))
    level: Level
    place: str | None = None
    words: PartnerNote | None = None


class AnswerCall(Command, frozen=True, kw_only=True):
    """Answer a call-out for one's unit."""

    NAME: ClassVar[str] = "answer_call"
    callout_id: str
    unit: str
    people: int = 1


class EndCall(Command, frozen=True, kw_only=True):
    """End a call-out."""

    NAME: ClassVar[str] = "end_call"
    callout_id: str


class PairUnit(Command, frozen=True, kw_only=True):
    """Pair a unit with a community or another place (结对子)."""

    NAME: ClassVar[str] = "pair_unit"
    GENERATED: ClassVar[tuple[str, ...]] = ("pairing_id",)
    pairing_id: str = field(default_factory=maker("pair"))
    unit: str
    place: str


class EndPairing(Command, frozen=True, kw_only=True):
    """End a pairing."""

    NAME: ClassVar[str] = "end_pairing"
    pairing_id: str
    unit: str
    reason: Literal["by_partner", "by_community", "term_over"]


class ReportIn(Command, frozen=True, kw_only=True):
    """Report in at the community as a party member of a unit (双报到)."""

    NAME: ClassVar[str] = "report_in"
    GENERATED: ClassVar[tuple[str, ...]] = ("report_id",)
    report_id: str = field(default_factory=maker("dual"))
    member_id: str
    unit: str
    branch: str | None = None
    place: str


class EndReport(Command, frozen=True, kw_only=True):
    """End a member's report."""

    NAME: ClassVar[str] = "end_report"
    member_id: str
    reason: Literal["moved", "changed_work", "retired", "own_wish"]


class OfferOnMenu(Command, frozen=True, kw_only=True):
    """Put a unit's service on the menu; the community reviews it before anybody can order it."""

    NAME: ClassVar[str] = "offer_on_menu"
    GENERATED: ClassVar[tuple[str, ...]] = ("menu_id",)
    menu_id: str = field(default_factory=maker("menu"))
    unit: str
    name: str
    category: str = ""
    place: str | None = None
    at_once: int = 1


class AdmitToMenu(Command, frozen=True, kw_only=True):
    """Let residents order a service of the menu."""

    NAME: ClassVar[str] = "admit_to_menu"
    menu_id: str


class WithdrawFromMenu(Command, frozen=True, kw_only=True):
    """Take a service off the menu, also one that was not admitted."""

    NAME: ClassVar[str] = "withdraw_from_menu"
    menu_id: str
    reason: Literal["by_partner", "by_community", "not_admitted"]


class OrderFromMenu(Command, frozen=True, kw_only=True):
    """Order a service from the menu: an order that its unit holds from the beginning."""

    NAME: ClassVar[str] = "order_from_menu"
    GENERATED: ClassVar[tuple[str, ...]] = ("request_id", "claim_id")
    SUBJECT: ClassVar[str] = "requester"
    menu_id: str
    request_id: str = field(default_factory=maker("req"))
    claim_id: str = field(default_factory=maker("claim"))
    requester: str
    place: str | None = None
    words: RequestWords | None = None


class CallDrill(Command, frozen=True, kw_only=True):
    """Call partner units for practice; answered and ended like a call-out, counted in none of its figures."""

    NAME: ClassVar[str] = "call_drill"
    GENERATED: ClassVar[tuple[str, ...]] = ("callout_id",)
    SUBJECT: ClassVar[str] = "callout_id"
    callout_id: str = field(default_factory=maker("call"))
    level: Level
    place: str | None = None
    words: PartnerNote | None = None


class SendFeedback(Command, frozen=True, kw_only=True):
    """Send a unit the sheet of a quarter that is over: what its members, branches and itself did for the community."""

    NAME: ClassVar[str] = "send_feedback"
    GENERATED: ClassVar[tuple[str, ...]] = ("feedback_id",)
    feedback_id: str = field(default_factory=maker("sheet"))
    unit: str
    year: int
    quarter: int
