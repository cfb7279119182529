"""Facts of requests: wishes, orders, needs, listings, issues and projects share one lifecycle."""

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


@fact("request.release_explained@1")
class ReleaseExplained(Fact, frozen=True, kw_only=True):
    """Why it was handed back, as a word such as `no_time`; said with the release, where a reason was given."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    reason: str
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


@fact("request.noticed@1")
class RequestNoticed(Fact, frozen=True, kw_only=True):
    """Reviewed, and in public notice (公示) through `until_day` before it goes on the board."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    reviewer: str
    day: date
    until_day: date


@fact("request.stage_due@1")
class StageDue(Fact, frozen=True, kw_only=True):
    """What stands at this stage has to be moved on by the end of `until_day`; stage `contact`: the requester is contacted."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    stage: str
    until_day: date


@fact("request.warned@1")
class RequestWarned(Fact, frozen=True, kw_only=True):
    """A deadline is near: `claimant` holds the request, or nobody; `responsible` answers for the place where it stands."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    stage: str
    until_day: date
    claimant: str | None = None
    responsible: str | None = None
    day: date


@fact("request.overdue@1")
class RequestOverdue(Fact, frozen=True, kw_only=True):
    """A stage's deadline passed. `claimant` should have acted, or else `responsible`, who answers for the place."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant", "responsible")
    request_id: str
    kind: str
    stage: str
    until_day: date
    claimant: str | None = None
    responsible: str | None = None
    day: date


@fact("request.rolled_over@1")
class RequestRolledOver(Fact, frozen=True, kw_only=True):
    """Nobody took it in time: it stays on the board for another round, before those that were never passed over."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id",)
    request_id: str
    kind: str
    rounds: int
    day: date


@fact("request.escalated@1")
class RequestEscalated(Fact, frozen=True, kw_only=True):
    """It goes up the tree of places, to the next tier with somebody responsible; `reason` is `overdue`, or given by hand."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "responsible")
    request_id: str
    kind: str
    from_place: str
    to_place: str
    responsible: str | None = None
    reason: str
    escalated_by: str
    day: date


@fact("request.contacted@1")
class RequesterContacted(Fact, frozen=True, kw_only=True):
    """Whoever claimed it has spoken with the one who asked."""

    TAGS: ClassVar[tuple[str, ...]] = ("request_id", "claimant")
    request_id: str
    claim_id: str
    claimant: str
    contacted_by: str
    late: bool = False
    day: date
    words: str = ""


@fact("request.assigned@1")
class RequestAssigned(Fact, frozen=True, kw_only=True):
    """An owner gets it with a due day (交办), by a worker, a responsible person, or at a meeting; the claim follows."""

    TAGS: ClassVar[tuple[str, ...]] = ("claim_id", "request_id", "owner", "meeting_id")
    request_id: str
    claim_id: str
    owner: str
    due_day: date
    assigned_by: str
    meeting_id: str | None = None
    day: date


@fact("request.evidence_added@1")
class EvidenceAdded(Fact, frozen=True, kw_only=True):
    """`party` shows something by the SHA-256 of a file (64 hex digits); with `claim_id` it shows that claim's work."""

    TAGS: ClassVar[tuple[str, ...]] = ("evidence_id", "request_id")
    evidence_id: str
    request_id: str
    claim_id: str | None = None
    party: str
    stage: str
    sha256: str
    added_by: str
    day: date
    words: str = ""
