"""What decisions about requests need to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.partners.facts import MatchCancelled, MatchDelivered, OfferMatched
from ledger.requests import facts
from ledger.requests.kinds import CONTACT, kind_of
from ledger.requests.projects import moved_on
from ledger.resources.facts import DealAgreed, DealDelivered, DealFailed


class Request(State, frozen=True, kw_only=True):
    """One wish, order, need, listing, issue or project (tag: its id)."""

    status: str = ""
    """"" · posted · noticed · declined · published · claimed · fulfilled · closed · unmet · withdrawn; of a project also
    deliberated · decided · executed"""
    posted: facts.RequestPosted | None = None
    claim: facts.RequestClaimed | None = None
    """The claim that holds it, or that performed it; its lease may have been renewed, see `until_at`."""
    until_at: int = 0
    """When the lease of `claim` runs out (microseconds UTC)."""
    quantity: int = 0
    """Pieces a need asks for; of these `promised` are matched and on their way, `delivered` have arrived."""
    promised: int = 0
    delivered: int = 0
    closing: facts.RequestClosed | None = None
    notice: facts.RequestNoticed | None = None
    """The public notice in which it stands or stood."""
    at: str | None = None
    """The place of the tree that deals with it: where it was posted for, then further up."""
    due: date | None = None
    """The last day of the stage at which it stands, where policy set one; being claimed has the lease instead."""
    contact_until: date | None = None
    """The last day on which the claimant should contact the requester, where policy asks for it."""
    contacted: bool = False
    warned: frozenset[str] = frozenset()
    """Stages whose present deadline was warned of."""
    overdue: frozenset[str] = frozenset()
    """Stages whose present deadline was marked as passed."""
    rounds: int = 0
    """How often nobody took it in time."""
    digests: frozenset[str] = frozenset()
    """Every file that was ever shown for it (SHA-256)."""
    evidence: int = 0
    """How many of them show the work that is claimed now."""

    @property
    def holder(self) -> str | None:
        """Who has it to do now."""
        return self.claim.claimant if self.status == "claimed" and self.claim is not None else None

    @property
    def counts_pieces(self) -> bool:
        """Whether it asks for pieces of an item, which deals promise and deliver."""
        return self.posted is not None and kind_of(self.posted.kind).pieces

    @property
    def wanting(self) -> int:
        """Pieces that nobody has promised or delivered yet."""
        return self.quantity - self.promised - self.delivered

    @property
    def kind(self) -> str:
        """wish · order · need · listing · issue · project; "" while nobody posted it."""
        return "" if self.posted is None else self.posted.kind

    @property
    def requester(self) -> str | None:
        """Who asked; None where a past record does not say."""
        return None if self.posted is None else self.posted.requester

    @property
    def closed_on(self) -> date | None:
        """The day it was closed."""
        return None if self.closing is None else self.closing.day

    def evolve(self, happened: Fact) -> Self:
        """Follows the request's life; what changes its status ends the deadline of the stage before."""
        moved = self._moved(happened)
        if moved.status == self.status:
            return moved
        nothing: frozenset[str] = frozenset()
        return replace(moved, due=None, contact_until=None, contacted=False, warned=nothing, overdue=nothing)

    def _moved(self, happened: Fact) -> Self:
        match happened:
            case facts.RequestPosted():
                quantity = happened.quantity or 0
                return replace(self, status="posted", posted=happened, quantity=quantity, at=happened.place)
            case facts.RequestNoticed():
                return replace(self, status="noticed", notice=happened)
            case facts.RequestPublished():
                return replace(self, status="published")
            case facts.RequestDeclined():
                return replace(self, status="declined")
            case facts.RequestClaimed():
                return replace(self, status="claimed", claim=happened, until_at=happened.until_at, evidence=0)
            case facts.ClaimReleased() | facts.ClaimLapsed():
                return replace(self, status="published", claim=None, until_at=0)
            case facts.RequestFulfilled():
                return replace(self, status="fulfilled")
            case facts.RequestClosed():
                return replace(self, status="closed", closing=happened)
            case facts.RequestReopened():
                # A need has no performer who could have it again: it stands on the board.
                status = "published" if happened.claimant is None else "claimed"
                return replace(self, status=status, until_at=happened.until_at, closing=None, evidence=0)
            case facts.RequestUnmet():
                return replace(self, status="unmet")
            case facts.RequestWithdrawn():
                return replace(self, status="withdrawn")
        return self._watched(happened)

    def _watched(self, happened: Fact) -> Self:
        """Deadlines, the tree of places, contact and evidence; then what other areas say."""
        match happened:
            case facts.StageDue(stage=stage, until_day=until) if stage == CONTACT:
                return replace(self, contact_until=until)
            case facts.StageDue(stage=stage, until_day=until):
                return replace(self, due=until, warned=self.warned - {stage}, overdue=self.overdue - {stage})
            case facts.RequestWarned():
                return replace(self, warned=self.warned | {happened.stage})
            case facts.RequestOverdue():
                return replace(self, overdue=self.overdue | {happened.stage})
            case facts.RequestRolledOver():
                # Until the next round begins there is no deadline, as where policy has taken it back.
                return replace(self, rounds=happened.rounds, due=None)
            case facts.RequestEscalated():
                return replace(self, at=happened.to_place)
            case facts.RequesterContacted():
                return replace(self, contacted=True)
            case facts.EvidenceAdded():
                shown = self.evidence + (happened.claim_id is not None)
                return replace(self, digests=self.digests | {happened.sha256}, evidence=shown)
        if self.kind and kind_of(self.kind).by_meetings:
            return replace(self, status=moved_on(self.status, happened))
        return self._matched(happened)

    def _matched(self, happened: Fact) -> Self:
        """Goods promised to a need, taken back or arrived; what has wholly arrived is fulfilled."""
        match happened:
            case OfferMatched():
                return replace(self, promised=self.promised + happened.quantity)
            case MatchCancelled():
                return replace(self, promised=self.promised - happened.quantity)
            case MatchDelivered():
                return self._arrived(happened.quantity)
            case DealAgreed() if self.counts_pieces:
                return replace(self, promised=self.promised + happened.quantity)
            case DealFailed() if self.counts_pieces:
                return replace(self, promised=self.promised - happened.short)
            case DealDelivered() if self.counts_pieces and happened.leg == "out":
                return self._arrived(happened.quantity)
        return self

    def _arrived(self, quantity: int) -> Self:
        delivered = self.delivered + quantity
        status = "fulfilled" if self.status == "published" and delivered >= self.quantity else self.status
        return replace(self, status=status, promised=self.promised - quantity, delivered=delivered)


class Evidence(State, frozen=True, kw_only=True):
    """Whether something was shown under this id (tag: the id)."""

    added: bool = False

    def evolve(self, happened: Fact) -> Self:
        """It was."""
        return replace(self, added=True) if isinstance(happened, facts.EvidenceAdded) else self


class ClaimsHeld(State, frozen=True, kw_only=True):
    """The requests that a member, team or unit holds (tag: the claimant's id)."""

    LONG: ClassVar[bool] = True
    leases: Mapping[str, int] = msgspec.field(default_factory=dict)
    """request id → when its lease runs out (microseconds UTC)"""

    def evolve(self, happened: Fact) -> Self:
        """Follows claims until they are handed back, lapse or are done; as requester a member holds nothing."""
        match happened:
            case facts.RequestClaimed() | facts.RequestReopened() if happened.claimant == self.tag:
                return replace(self, leases={**self.leases, happened.request_id: happened.until_at})
            case (
                facts.ClaimReleased()
                | facts.ClaimLapsed()
                | facts.RequestFulfilled()
                | facts.RequestUnmet()
                | facts.RequestWithdrawn()
            ) if happened.claimant == self.tag:
                return replace(self, leases={k: v for k, v in self.leases.items() if k != happened.request_id})
        return self

    def running_at(self, now_at: int) -> int:
        """How many leases still run. One that ran out counts no more, also while nobody has entered that it lapsed."""
        return sum(1 for until_at in self.leases.values() if now_at < until_at)


class RequestsAsked(State, frozen=True, kw_only=True):
    """What a member asked for and is not over (tag: the member's id); listings and projects are the community's.

    One that was declined stays in it: declining does not carry the member's tag.
    """

    LONG: ClassVar[bool] = True
    open: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows what they asked for until it is closed, unmet or taken back."""
        match happened:
            case facts.RequestPosted() | facts.RequestReopened() if happened.requester == self.tag:
                if kind_of(happened.kind).of_the_community:
                    return self
                return replace(self, open=self.open | {happened.request_id})
            case facts.RequestClosed() | facts.RequestUnmet() | facts.RequestWithdrawn() if (
                happened.requester == self.tag
            ):
                return replace(self, open=self.open - {happened.request_id})
        return self


def need_request(view: View, request_id: str) -> tuple[Request, facts.RequestPosted]:
    """The request and how it was posted; raises NotFound `no_such_request`."""
    request = view.state(Request, request_id)
    if request.posted is None:
        raise NotFound("no_such_request", request=request_id)
    return request, request.posted
