"""What decisions about one agreement, goods, call-outs and the menu need to know; a unit's agreements are in `agreements`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound
from ledger.partners import facts


class Agreement(State, frozen=True, kw_only=True):
    """One agreement (tag: its id)."""

    signed: facts.AgreementSigned | None = None
    ended: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows signing and ending before the term."""
        match happened:
            case facts.AgreementSigned():
                return replace(self, signed=happened)
            case facts.AgreementEnded():
                return replace(self, ended=True)
        return self


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Part of an offer, promised to a need."""

    request_id: str
    quantity: int
    status: str
    """promised · delivered · cancelled"""


class Offer(State, frozen=True, kw_only=True):
    """Goods on offer (tag: the offer's id)."""

    made: facts.GoodsOffered | None = None
    withdrawn: bool = False
    """The unit took back what was free: no new promise is made from it."""
    free: int = 0
    """Pieces neither promised, delivered nor taken back."""
    matches: Mapping[str, Match] = msgspec.field(default_factory=dict)

    def evolve(self, happened: Fact) -> Self:
        """Follows the offer's pieces."""
        match happened:
            case facts.GoodsOffered():
                return replace(self, made=happened, free=happened.quantity)
            case facts.OfferMatched():
                return self._moved(happened, "promised", -happened.quantity)
            case facts.MatchDelivered():
                return self._moved(happened, "delivered", 0)
            case facts.MatchCancelled():
                return self._moved(happened, "cancelled", happened.quantity)
            case facts.OfferWithdrawn():
                return replace(self, withdrawn=True, free=self.free - happened.quantity)
        return self

    def _moved(
        self, happened: facts.OfferMatched | facts.MatchDelivered | facts.MatchCancelled, status: str, freed: int
    ) -> Self:
        now = Match(request_id=happened.request_id, quantity=happened.quantity, status=status)
        return replace(self, free=self.free + freed, matches={**self.matches, happened.match_id: now})


class CallState(State, frozen=True, kw_only=True):
    """A call-out (tag: its id)."""

    called: facts.CalledOut | None = None
    drilled: facts.DrillCalled | None = None
    """One of the two began it: units were called out, or called for practice."""
    answered: frozenset[str] = frozenset()
    """The units that answered."""
    ended: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows the call and its answers."""
        match happened:
            case facts.CalledOut():
                return replace(self, called=happened)
            case facts.DrillCalled():
                return replace(self, drilled=happened)
            case facts.CallAnswered() | facts.DrillAnswered():
                return replace(self, answered=self.answered | {happened.unit})
            case facts.CallEnded() | facts.DrillEnded():
                return replace(self, ended=True)
        return self

    @property
    def begun(self) -> facts.CalledOut | facts.DrillCalled | None:
        """What began it; None while nobody called."""
        return self.called or self.drilled


class MenuService(State, frozen=True, kw_only=True):
    """One service of the menu (tag: its id)."""

    LONG: ClassVar[bool] = True
    offered: facts.MenuOffered | None = None
    admitted: facts.MenuAdmitted | None = None
    withdrawn: bool = False
    orders: frozenset[str] = frozenset()
    """The requests that were ordered from it."""

    def evolve(self, happened: Fact) -> Self:
        """Follows the service from offer to withdrawal, and its orders."""
        match happened:
            case facts.MenuOffered():
                return replace(self, offered=happened)
            case facts.MenuAdmitted():
                return replace(self, admitted=happened)
            case facts.MenuWithdrawn():
                return replace(self, withdrawn=True)
            case facts.MenuOrdered():
                return replace(self, orders=self.orders | {happened.request_id})
        return self


class MenuOf(State, frozen=True, kw_only=True):
    """What a unit has on the menu, admitted or not (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.MenuOffered, facts.MenuWithdrawn})
    open: frozenset[str] = frozenset()

    def evolve(self, happened: Fact) -> Self:
        """Follows offers and withdrawals."""
        match happened:
            case facts.MenuOffered():
                return replace(self, open=self.open | {happened.menu_id})
            case facts.MenuWithdrawn():
                return replace(self, open=self.open - {happened.menu_id})
        return self


def need_offer(view: View, offer_id: str) -> tuple[Offer, facts.GoodsOffered]:
    """An offer; raises NotFound `no_such_offer`."""
    offer = view.state(Offer, offer_id)
    if offer.made is None:
        raise NotFound("no_such_offer", offer=offer_id)
    return offer, offer.made


def need_promise(view: View, offer_id: str, match_id: str) -> tuple[Match, facts.GoodsOffered]:
    """A match that waits for delivery; raises NotFound (`no_such_offer`, `no_such_match`), Conflict `match_settled`."""
    offer, made = need_offer(view, offer_id)
    promise = offer.matches.get(match_id)
    if promise is None:
        raise NotFound("no_such_match", match=match_id)
    if promise.status != "promised":
        raise Conflict("match_settled", match=match_id, status=promise.status)
    return promise, made


def need_open_call(view: View, callout_id: str) -> tuple[CallState, facts.CalledOut | facts.DrillCalled]:
    """A call-out or drill that goes on; raises NotFound `no_such_call`, Conflict `call_ended`."""
    call = view.state(CallState, callout_id)
    if call.begun is None:
        raise NotFound("no_such_call", call=callout_id)
    if call.ended:
        raise Conflict("call_ended", call=callout_id)
    return call, call.begun
