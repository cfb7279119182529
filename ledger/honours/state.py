"""What decisions about honours need to know."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State
from ledger.honours import facts
from ledger.requests.facts import RequestClosed, RequestReopened


class Plaque(State, frozen=True, kw_only=True):
    """One plaque (tag: its id)."""

    awarded: facts.PlaqueAwarded | None = None
    renewed: facts.PlaqueRenewed | None = None
    """The latest renewal."""
    revoked: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows award, renewal and revocation."""
        match happened:
            case facts.PlaqueAwarded():
                return replace(self, awarded=happened)
            case facts.PlaqueRenewed():
                return replace(self, renewed=happened)
            case facts.PlaqueRevoked():
                return replace(self, revoked=True)
        return self


class PlaqueFor(State, frozen=True, kw_only=True):
    """The plaque that was awarded or renewed for a listing as it was last done (tag: the request's id)."""

    plaque_id: str = ""

    def evolve(self, happened: Fact) -> Self:
        """Work is honoured once, also when the plaque is revoked later; work opened again is nobody's until it is redone."""
        if isinstance(happened, facts.PlaqueAwarded | facts.PlaqueRenewed):
            return replace(self, plaque_id=happened.plaque_id)
        if isinstance(happened, RequestReopened) and happened.was_closed:
            return replace(self, plaque_id="")
        return self


class ListingsDone(State, frozen=True, kw_only=True):
    """How many listings of the board a unit did to the street's satisfaction (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({RequestClosed, RequestReopened})
    accepted: int = 0

    def evolve(self, happened: Fact) -> Self:
        """Counts acceptance; work that is opened again counts no more."""
        match happened:
            case RequestClosed() if happened.kind == "listing" and happened.claimant == self.tag:
                return replace(self, accepted=self.accepted + 1)
            case RequestReopened() if happened.kind == "listing" and happened.claimant == self.tag:
                return replace(self, accepted=self.accepted - 1) if happened.was_closed else self
        return self
