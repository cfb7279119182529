"""Facts of requests: wishes, orders, needs and listings share one lifecycle."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("request.posted@1")
class RequestPosted(Fact, frozen=True, kw_only=True):
    """Somebody asks for something; `words` commits to title, detail, contact and address."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "requester")
    request_id: str
    kind: str
    requester: str | None = None
    proxy: str | None = None
    place: str | None = None
    category: str = ""
    value_fen: int | None = None
    item: str | None = None
    quantity: int | None = None
    channel: str
    point: str | None = None
    day: date
    record: bool = False
    words: str = ""


@fact("request.published@1")
class RequestPublished(Fact, frozen=True, kw_only=True):
    """Reviewed and on the board; for an order: accepted by the street or community (接单)."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    reviewer: str
    day: date


@fact("request.declined@1")
class RequestDeclined(Fact, frozen=True, kw_only=True):
    """Reviewed and not taken on, with the reason."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    reviewer: str
    reason: str


@fact("request.claimed@1")
class RequestClaimed(Fact, frozen=True, kw_only=True):
    """A lease until `until_at`: exactly one claimant (member, team or unit) holds the request."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    unit: str | None = None
    claimed_by: str
    until_at: int
    day: date


@fact("request.claim_released@1")
class ClaimReleased(Fact, frozen=True, kw_only=True):
    """The claimant hands it back; it is on the board again."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    day: date


@fact("request.claim_lapsed@1")
class ClaimLapsed(Fact, frozen=True, kw_only=True):
    """The lease ran out; the request is on the board again, with priority."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    until_at: int


@fact("request.fulfilled@1")
class RequestFulfilled(Fact, frozen=True, kw_only=True):
    """The claimant says it is done (圆梦 / 做单); the requester has yet to confirm."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    day: date
    words: str = ""


@fact("request.closed@1")
class RequestClosed(Fact, frozen=True, kw_only=True):
    """Confirmed by the requester alone (结单), with satisfaction 1–5; `score` is None only for a past record."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant", "requester")
    request_id: str
    kind: str
    claim_id: str | None = None
    claimant: str | None = None
    unit: str | None = None
    requester: str | None = None
    place: str | None = None
    score: int | None = None
    explained: bool = False
    closed_by: str
    day: date
    words: str = ""


@fact("request.reopened@1")
class RequestReopened(Fact, frozen=True, kw_only=True):
    """Not satisfied: the performer has it again, under a fresh lease."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant", "requester")
    request_id: str
    kind: str
    claim_id: str | None = None
    claimant: str | None = None
    unit: str | None = None
    requester: str | None = None
    place: str | None = None
    score: int | None = None
    was_closed: bool
    closed_on: date | None = None
    until_at: int
    words: str = ""


@fact("request.unmet@1")
class RequestUnmet(Fact, frozen=True, kw_only=True):
    """Closed without success: it could not be done, and why."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant", "requester")
    request_id: str
    claim_id: str | None = None
    claimant: str | None = None
    requester: str | None = None
    barrier: str
    day: date


@fact("request.withdrawn@1")
class RequestWithdrawn(Fact, frozen=True, kw_only=True):
    """The requester takes it back."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant", "requester")
    request_id: str
    claimant: str | None = None
    requester: str | None = None
