"""Commands of partner units."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import maker

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
