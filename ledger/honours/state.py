"""What decisions about honours need to know."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from ledger.base import Fact, State
from ledger.honours import facts


class Plaque(State, frozen=True, kw_only=True):
    """One plaque (tag: its id)."""

    awarded: facts.PlaqueAwarded | None = None
    revoked: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows award and revocation."""
        match happened:
            case facts.PlaqueAwarded():
                return replace(self, awarded=happened)
            case facts.PlaqueRevoked():
                return replace(self, revoked=True)
        return self


class PlaqueFor(State, frozen=True, kw_only=True):
    """The plaque that was awarded for a listing (tag: the request's id)."""

    plaque_id: str = ""

    def evolve(self, happened: Fact) -> Self:
        """Work is honoured once, also when the plaque is revoked later."""
        return replace(self, plaque_id=happened.plaque_id) if isinstance(happened, facts.PlaqueAwarded) else self
