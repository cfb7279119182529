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


# ---- pairing, dual report, menu, drills, feedback --------------------------------------------------------------------


@fact("partner.unit_paired@1")
class UnitPaired(Fact, frozen=True, kw_only=True):
    """A unit and a place of the tree stand by each other (结对子); a unit may be paired with many places, and they with many."""

    TAGS: ClassVar[tuple[str, ...]] = ("pairing_id", "unit", "place")
    pairing_id: str
    unit: str
    place: str
    paired_by: str
    day: date


@fact("partner.pairing_ended@1")
class PairingEnded(Fact, frozen=True, kw_only=True):
    """The pairing is over, with the reason."""

    TAGS: ClassVar[tuple[str, ...]] = ("pairing_id", "unit", "place")
    pairing_id: str
    unit: str
    place: str
    reason: str
    day: date


@fact("partner.dual_reported@1")
class DualReported(Fact, frozen=True, kw_only=True):
    """A party member at work in a unit (and a branch of it) reports in at the community too (双报到, M5)."""

    TAGS: ClassVar[tuple[str, ...]] = ("report_id", "member_id", "unit", "place")
    report_id: str
    member_id: str
    unit: str
    branch: str | None = None
    place: str
    taken_by: str
    day: date


@fact("partner.dual_report_ended@1")
class DualReportEnded(Fact, frozen=True, kw_only=True):
    """The member moved, changed work or retired; what they did until then keeps counting for the unit's sheet."""

    TAGS: ClassVar[tuple[str, ...]] = ("report_id", "member_id", "unit", "place")
    report_id: str
    member_id: str
    unit: str
    place: str
    reason: str
    day: date


@fact("partner.menu_offered@1")
class MenuOffered(Fact, frozen=True, kw_only=True):
    """A unit puts a service on the menu (服务菜单): what, where, and how many orders it does at once."""

    TAGS: ClassVar[tuple[str, ...]] = ("menu_id", "unit")
    menu_id: str
    unit: str
    name: str
    category: str = ""
    place: str | None = None
    at_once: int
    offered_by: str
    day: date


@fact("partner.menu_admitted@1")
class MenuAdmitted(Fact, frozen=True, kw_only=True):
    """The community reviewed the service: from now on residents order it, without another review."""

    TAGS: ClassVar[tuple[str, ...]] = ("menu_id", "unit")
    menu_id: str
    unit: str
    admitted_by: str
    day: date


@fact("partner.menu_withdrawn@1")
class MenuWithdrawn(Fact, frozen=True, kw_only=True):
    """The service is off the menu; what was ordered is still owed."""

    TAGS: ClassVar[tuple[str, ...]] = ("menu_id", "unit")
    menu_id: str
    unit: str
    reason: str
    day: date


@fact("partner.menu_ordered@1")
class MenuOrdered(Fact, frozen=True, kw_only=True):
    """Somebody ordered from the menu: the request that follows is accepted already, and the unit holds it."""

    TAGS: ClassVar[tuple[str, ...]] = ("menu_id", "request_id")
    menu_id: str
    unit: str
    request_id: str
    claim_id: str
    requester: str
    place: str | None = None
    day: date


@fact("partner.drill_called@1")
class DrillCalled(Fact, frozen=True, kw_only=True):
    """Units are called for practice (演练): answered like a call-out, and never counted among them."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id",)
    callout_id: str
    level: str
    place: str | None = None
    called_at: int
    called_by: str
    words: str = ""


@fact("partner.drill_answered@1")
class DrillAnswered(Fact, frozen=True, kw_only=True):
    """A unit answers in practice; `response_minutes` runs from the call to the answer."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id",)
    callout_id: str
    unit: str
    level: str
    people: int
    response_minutes: int
    answered_by: str
    day: date


@fact("partner.drill_ended@1")
class DrillEnded(Fact, frozen=True, kw_only=True):
    """The drill is over."""

    TAGS: ClassVar[tuple[str, ...]] = ("callout_id",)
    callout_id: str
    ended_by: str


@fact("partner.feedback_sent@1")
class FeedbackSent(Fact, frozen=True, kw_only=True):
    """A quarter's sheet for the unit where members work (季度反馈单): the figures of the journal on that day.

    What is corrected afterwards makes another sheet with the next `revision`, the old one stays.
    """

    TAGS: ClassVar[tuple[str, ...]] = ("feedback_id", "unit")
    feedback_id: str
    unit: str
    year: int
    quarter: int
    revision: int
    members: int
    active_members: int
    minutes: int
    member_requests: int
    branch_requests: int
    unit_requests: int
    contributions: int
    calls_answered: int
    people_sent: int
    sent_by: str
    day: date
