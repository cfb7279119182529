"""What decisions about hours between two ledgers need to know."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.crossings import facts
from ledger.errors import NotFound


class Peer(State, frozen=True, kw_only=True):
    """Another ledger (tag: our name for it)."""

    LONG: ClassVar[bool] = True
    agreed: facts.CrossingAgreed | None = None
    """What was agreed last; it still answers what is on its way after the end."""
    ended: bool = False
    come: int = 0
    """Minutes that came, less those that went for good or are on their way there."""

    def evolve(self, happened: Fact) -> Self:
        """Follows agreement and end, and what crossed."""
        match happened:
            case facts.CrossingAgreed():
                return replace(self, agreed=happened, ended=False)
            case facts.CrossingEnded():
                return replace(self, ended=True)
            case facts.HoursArrived():
                return replace(self, come=self.come + happened.minutes)
            case facts.HoursSent():
                return replace(self, come=self.come - happened.minutes)
            case facts.HoursReturned():
                return replace(self, come=self.come + happened.minutes)
        return self


class Transfer(State, frozen=True, kw_only=True):
    """One transfer as this ledger knows it (tag: its id); both halves where a ledger sends to itself by another name."""

    sent: facts.HoursSent | None = None
    settled: str = ""
    """What became of what was sent: "" · arrived · returned"""
    answered: str = ""
    """What was said to what came: "" · arrived · turned_away"""

    def evolve(self, happened: Fact) -> Self:
        """Follows the transfer's life."""
        match happened:
            case facts.HoursSent():
                return replace(self, sent=happened)
            case facts.ArrivalConfirmed():
                return replace(self, settled="arrived")
            case facts.HoursReturned():
                return replace(self, settled="returned")
            case facts.HoursArrived():
                return replace(self, answered="arrived")
            case facts.HoursTurnedAway():
                return replace(self, answered="turned_away")
        return self


def need_peer(view: View, peer: str) -> tuple[Peer, facts.CrossingAgreed]:
    """The other ledger and what was agreed, ended or not; raises NotFound `no_such_peer`."""
    found = view.state(Peer, peer)
    if found.agreed is None:
        raise NotFound("no_such_peer", peer=peer)
    return found, found.agreed
