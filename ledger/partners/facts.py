"""Facts of partner units. Money they give is a receipt of a fund; goods, venue time and hours are counted apart."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("partner.agreement_signed@1")
class AgreementSigned(Fact, frozen=True, kw_only=True):
    """A unit signs with a street or community: tier, response level, term (M14)."""

    TAGS: ClassVar[tuple[str, ...]] = ("agreement_id", "unit")
    agreement_id: str
    unit: str
    tier: str
    place: str | None = None
    level: str
    from_day: date
    until_day: date


@fact("partner.agreement_ended@1")
class AgreementEnded(Fact, frozen=True, kw_only=True):
    """Ended before its term, with the reason."""

    TAGS: ClassVar[tuple[str, ...]] = ("agreement_id", "unit")
    agreement_id: str
    unit: str
    reason: str
    day: date


@fact("partner.contributed@1")
class PartnerContributed(Fact, frozen=True, kw_only=True):
    """A unit gave goods (pieces of an item), venue time, hours of its people, or a project; never added together."""

    TAGS: ClassVar[tuple[str, ...]] = ("unit",)
    contribution_id: str
    unit: str
    kind: str
    item: str = ""
    quantity: int
    value_fen: int | None = None
    place: str | None = None
    day: date
    accepted_by: str
    words: str = ""


@fact("partner.goods_offered@1")
class GoodsOffered(Fact, frozen=True, kw_only=True):
    """A unit offers pieces of an item; matches may never promise more than was offered."""

    TAGS: ClassVar[tuple[str, ...]] = ("offer_id",)
    offer_id: str
    unit: str
    item: str
    quantity: int
    day: date
    place: str | None = None
    words: str = ""


@fact("partner.offer_matched@1")
class OfferMatched(Fact, frozen=True, kw_only=True):
    """Part of an offer is promised to a need."""

    TAGS: ClassVar[tuple[str, ...]] = ("offer_id", "request_id")
    match_id: str
    offer_id: str
    request_id: str
    unit: str
    item: str
    quantity: int


@fact("partner.match_delivered@1")
class MatchDelivered(Fact, frozen=True, kw_only=True):
    """What was promised arrived."""

    TAGS: ClassVar[tuple[str, ...]] = ("offer_id", "request_id")
    match_id: str
    offer_id: str
    request_id: str
    unit: str
    item: str
    quantity: int
    place: str | None = None
    day: date


@fact("partner.match_cancelled@1")
class MatchCancelled(Fact, frozen=True, kw_only=True):
    """The promise is off; the offer can be matched again."""

    TAGS: ClassVar[tuple[str, ...]] = ("offer_id", "request_id")
    match_id: str
    offer_id: str
    request_id: str
    unit: str
    item: str
    quantity: int


@fact("partner.offer_withdrawn@1")
class OfferWithdrawn(Fact, frozen=True, kw_only=True):
    """What is not promised yet is taken back."""

    TAGS: ClassVar[tuple[str, ...]] = ("offer_id",)
    offer_id: str
    unit: str
    item: str
    quantity: int


@fact("partner.called_out@1")
class CalledOut(Fact, frozen=True, kw_only=True):
    """Units are called at a response level (平时 / 急时 / 战时)."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id",)
    callout_id: str
    level: str
    place: str | None = None
    called_at: int
    called_by: str
    words: str = ""


@fact("partner.call_answered@1")
class CallAnswered(Fact, frozen=True, kw_only=True):
    """A unit answers; `response_minutes` runs from the call to the answer."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id", "unit")
    callout_id: str
    unit: str
    level: str
    people: int
    response_minutes: int
    answered_by: str
    day: date


@fact("partner.call_ended@1")
class CallEnded(Fact, frozen=True, kw_only=True):
    """The call-out is over."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id",)
    callout_id: str
    ended_by: str
