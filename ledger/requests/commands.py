"""Commands of requests."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec
from msgspec import field

from ledger.base import Command
from ledger.ids import SERVICE, maker, prefix_of
from ledger.places.commands import Channel
from ledger.requests.kinds import kind_of

RequestKind = Literal["wish", "order", "need", "listing", "issue", "project"]
PastKind = Literal["wish", "order", "need", "listing", "issue"]
Deadline = Literal["posted", "published", "claimed", "fulfilled", "deliberated", "decided", "executed", "contact"]
ReleaseReason = Literal["no_time", "no_means", "not_fitting", "not_reached", "other"]
Outcome = Literal["posted", "open", "claimed", "released", "fulfilled", "unmet"]


class RequestWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked for, and how to reach who asks; never in the journal."""

    title: str
    detail: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""


class Remark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was done, or why somebody is not satisfied; never in the journal."""

    remark: str


class PostRequest(Command, frozen=True, kw_only=True):
    """Ask for something: a micro-wish, an order (下单), a need for goods, a listing for partner units (榜单), an issue that
    somebody has to see to (问题), or a project to be deliberated (提事)."""

    NAME: ClassVar[str] = "post_request"
    GENERATED: ClassVar[tuple[str, ...]] = ("request_id",)
    SUBJECT: ClassVar[str] = "requester"
    request_id: str = field(default_factory=maker("req"))
    kind: RequestKind
    requester: str
    place: str | None = None
    category: str = ""
    value_fen: int | None = None
    item: str | None = None
    quantity: int | None = None
    channel: Channel = "online"
    point: str | None = None
    words: RequestWords

    def words_about(self) -> str:
        """Who asks; a listing is the community's and not that of the worker who entered it."""
        return self.request_id if kind_of(self.kind).from_workers else self.requester


class PublishRequest(Command, frozen=True, kw_only=True):
    """Review and put on the board (审核 / 接单); where policy asks for a public notice (公示), first into that, and again
    when it is over."""

    NAME: ClassVar[str] = "publish_request"
    request_id: str


class DeclineRequest(Command, frozen=True, kw_only=True):
    """Review and not take on."""

    NAME: ClassVar[str] = "decline_request"
    request_id: str
    reason: Literal["not_ours", "over_ceiling", "duplicate", "improper", "already_met"]


class ClaimRequest(Command, frozen=True, kw_only=True):
    """Take a request from the board as a member, for a team or for a unit (认领 / 接榜)."""

    NAME: ClassVar[str] = "claim_request"
    GENERATED: ClassVar[tuple[str, ...]] = ("claim_id",)
    claim_id: str = field(default_factory=maker("claim"))
    request_id: str
    claimant: str


class ReleaseClaim(Command, frozen=True, kw_only=True):
    """Hand a claimed request back, with the reason if one says it."""

    NAME: ClassVar[str] = "release_claim"
    request_id: str
    claimant: str
    reason: ReleaseReason | None = None


class LapseClaim(Command, frozen=True, kw_only=True):
    """Put a request back on the board whose lease ran out; given by the follower that watches deadlines."""

    NAME: ClassVar[str] = "lapse_claim"
    request_id: str


class FulfilRequest(Command, frozen=True, kw_only=True):
    """Say that it is done (圆梦 / 做单)."""

    NAME: ClassVar[str] = "fulfil_request"
    SUBJECT: ClassVar[str] = "claimant"
    request_id: str
    claimant: str
    words: Remark | None = None


class CloseRequest(Command, frozen=True, kw_only=True):
    """Confirm, with satisfaction 1–5 (结单); below policy's threshold it reopens unless `explained` says why not."""

    NAME: ClassVar[str] = "close_request"
    SUBJECT: ClassVar[str] = "requester"
    request_id: str
    requester: str
    score: int
    explained: bool = False
    words: Remark | None = None


class ReopenRequest(Command, frozen=True, kw_only=True):
    """Say after closing that it was not done after all."""

    NAME: ClassVar[str] = "reopen_request"
    SUBJECT: ClassVar[str] = "requester"
    request_id: str
    requester: str
    words: Remark | None = None


class DeclareUnmet(Command, frozen=True, kw_only=True):
    """Say that it cannot be done, and which barrier stood in the way: a word such as `no_parts`, not a sentence."""

    NAME: ClassVar[str] = "declare_unmet"
    request_id: str
    barrier: str


class WithdrawRequest(Command, frozen=True, kw_only=True):
    """Take one's request back before it is done."""

    NAME: ClassVar[str] = "withdraw_request"
    request_id: str
    requester: str


class RecordPastRequest(Command, frozen=True, kw_only=True):
    """Enter a request of the past with its outcome, from a book that was kept before (补录).

    Gives the facts of its whole story, each marked by its own day; closing carries no score since nobody gave one.
    """

    NAME: ClassVar[str] = "record_past_request"
    GENERATED: ClassVar[tuple[str, ...]] = ("request_id", "claim_id")
    SUBJECT: ClassVar[str] = "request_id"
    request_id: str = field(default_factory=maker("req"))
    claim_id: str = field(default_factory=maker("claim"))
    kind: PastKind
    requester: str | None = None
    place: str | None = None
    category: str = ""
    value_fen: int | None = None
    item: str | None = None
    quantity: int | None = None
    day: date
    closed_on: date | None = None
    outcome: Outcome
    claimant: str | None = None
    score: int | None = None
    barrier: str = ""
    words: RequestWords | None = None

    def words_about(self) -> str:
        """Who asked where the ledger knows them; otherwise the request stands for who that was."""
        known = (
            not kind_of(self.kind).from_workers and self.requester is not None and prefix_of(self.requester) != SERVICE
        )
        return str(self.requester) if known else self.request_id


class AssignRequest(Command, frozen=True, kw_only=True):
    """Give a request on the board to an owner with a due day (交办): by a worker, or by who answers for the place.

    `meeting_id`: the meeting at which that was settled.
    """

    NAME: ClassVar[str] = "assign_request"
    GENERATED: ClassVar[tuple[str, ...]] = ("claim_id",)
    claim_id: str = field(default_factory=maker("claim"))
    request_id: str
    owner: str
    due_day: date
    meeting_id: str | None = None


class ContactRequester(Command, frozen=True, kw_only=True):
    """Say that one has spoken with the person who asked."""

    NAME: ClassVar[str] = "contact_requester"
    SUBJECT: ClassVar[str] = "claimant"
    request_id: str
    claimant: str
    words: Remark | None = None


class AddEvidence(Command, frozen=True, kw_only=True):
    """Show something by the SHA-256 of a file (64 small hex digits), as the one who asked, as whoever does the work, or as
    a worker; the file itself stays where its owner keeps it."""

    NAME: ClassVar[str] = "add_evidence"
    GENERATED: ClassVar[tuple[str, ...]] = ("evidence_id",)
    SUBJECT: ClassVar[str] = "party"
    evidence_id: str = field(default_factory=maker("evi"))
    request_id: str
    party: str
    sha256: str
    words: Remark | None = None


class EscalateRequest(Command, frozen=True, kw_only=True):
    """Hand it to the next tier of the tree of places, by a worker or by who answers for the place where it stands."""

    NAME: ClassVar[str] = "escalate_request"
    request_id: str
    reason: Literal["beyond_means", "not_competent", "urgent"]


class WarnRequest(Command, frozen=True, kw_only=True):
    """Say that a deadline is near; given by the follower that watches deadlines."""

    NAME: ClassVar[str] = "warn_request"
    request_id: str
    stage: Deadline


class MarkOverdue(Command, frozen=True, kw_only=True):
    """Say that a deadline has passed; given by the follower that watches deadlines."""

    NAME: ClassVar[str] = "mark_overdue"
    request_id: str
    stage: Deadline
