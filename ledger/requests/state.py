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


class Request(State, frozen=True, kw_only=True):
    """One wish, order, need or listing (tag: its id)."""

    status: str = ""
    """"" · posted · declined · published · claimed · fulfilled · closed · unmet · withdrawn"""
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

    @property
    def wanting(self) -> int:
        """Pieces that nobody has promised or delivered yet."""
        return self.quantity - self.promised - self.delivered

    @property
    def kind(self) -> str:
        """wish · order · need · listing; "" while nobody posted it."""
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
        """Follows the request's life."""
        match happened:
            case facts.RequestPosted():
                return replace(self, status="posted", posted=happened, quantity=happened.quantity or 0)
            case facts.RequestPublished():
                return replace(self, status="published")
            case facts.RequestDeclined():
                return replace(self, status="declined")
            case facts.RequestClaimed():
                return replace(self, status="claimed", claim=happened, until_at=happened.until_at)
            case facts.ClaimReleased() | facts.ClaimLapsed():
                return replace(self, status="published", claim=None, until_at=0)
            case facts.RequestFulfilled():
                return replace(self, status="fulfilled")
            case facts.RequestClosed():
                return replace(self, status="closed", closing=happened)
            case facts.RequestReopened():
                # A need has no performer who could have it again: it stands on the board.
                status = "published" if happened.claimant is None else "claimed"
                return replace(self, status=status, until_at=happened.until_at, closing=None)
            case facts.RequestUnmet():
                return replace(self, status="unmet")
            case facts.RequestWithdrawn():
                return replace(self, status="withdrawn")
        return self._matched(happened)

    def _matched(self, happened: Fact) -> Self:
        """Goods promised to a need, taken back or arrived; what has wholly arrived is fulfilled."""
        match happened:
            case OfferMatched():
                return replace(self, promised=self.promised + happened.quantity)
            case MatchCancelled():
                return replace(self, promised=self.promised - happened.quantity)
            case MatchDelivered():
                delivered = self.delivered + happened.quantity
                status = "fulfilled" if self.status == "published" and delivered >= self.quantity else self.status
                return replace(self, status=status, promised=self.promised - happened.quantity, delivered=delivered)
        return self


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
    """What a member asked for and is not over (tag: the member's id); listings are the community's and not theirs.

    One that was declined stays in it: declining does not carry the member's tag.
    """

    LONG: ClassVar[bool] = True
    open: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows what they asked for until it is closed, unmet or taken back."""
        match happened:
            case facts.RequestPosted() | facts.RequestReopened() if happened.requester == self.tag:
                return self if happened.kind == "listing" else replace(self, open=self.open | {happened.request_id})
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
