"""Random offers, needs and matches, beside a model in plain Python: no more is promised than offered or wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from ledger.base import Command, Fact
from ledger.partners import commands as do
from ledger.partners.state import Offer
from ledger.requests.state import Request
from tests.ledger.given import given
from tests.ledger.partners.cast import BEGIN, LI, LVYUN, WORKER, needed
from tests.ledger.sums import balances

ITEMS = st.sampled_from(("masks", "rice"))
PIECES = st.integers(min_value=1, max_value=12)


@dataclass
class Goods:
    """One offer of the model."""

    item: str
    quantity: int
    taken_back: int = 0
    withdrawn: bool = False


@dataclass
class Wanted:
    """One need of the model."""

    item: str
    quantity: int


@dataclass
class Promise:
    """One match of the model."""

    offer: str
    need: str
    quantity: int
    status: str = "promised"


@dataclass
class Model:
    """Everything on offer, wanted and promised."""

    goods: dict[str, Goods] = field(default_factory=dict)
    wanted: dict[str, Wanted] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)

    def pieces(self, *, offer: str = "", need: str = "", status: tuple[str, ...] = ("promised", "delivered")) -> int:
        """Pieces of an offer, or for a need, whose promise is in one of these states."""
        return sum(
            promise.quantity
            for promise in self.promises.values()
            if promise.status in status and (promise.offer == offer or promise.need == need)
        )

    def free(self, offer: str) -> int:
        """What of an offer is neither promised nor taken back."""
        return self.goods[offer].quantity - self.goods[offer].taken_back - self.pieces(offer=offer)

    def wanting(self, need: str) -> int:
        """What nobody has promised to a need yet."""
        return self.wanted[need].quantity - self.pieces(need=need)


class GoodsMachine(RuleBasedStateMachine):
    """Every command is foreseen by the model: the facts are booked, or the code is the one expected."""

    offers: Bundle[str] = Bundle("offers")
    needs: Bundle[str] = Bundle("needs")
    matches: Bundle[str] = Bundle("matches")

    def __init__(self) -> None:
        super().__init__()
        self.story: list[Fact] = list(BEGIN)
        self.model = Model()
        self.made = 0

    def fresh(self, prefix: str) -> str:
        """The next id."""
        self.made += 1
        return f"{prefix}_{self.made}"

    def ask(self, command: Command, refusal: str, actor: str = WORKER, role: str = "community_worker") -> bool:
        """Gives the command and compares with what the model foresees; says whether it was accepted."""
        event(f"{command.NAME} {refusal}")
        outcome = given(*self.story).when(command, actor=actor, role=role)
        if refusal:
            outcome.refused(refusal)
            return False
        self.story += outcome.facts
        return True

    @initialize(target=offers, quantity=PIECES)
    def first_offer(self, quantity: int) -> str:
        """There is something to give."""
        return self.put_on_offer("masks", 10 + quantity)

    @initialize(target=needs, quantity=PIECES)
    def first_need(self, quantity: int) -> str:
        """There is somebody who needs it."""
        return self.put_on_board("masks", 10 + quantity)

    @rule(target=offers, item=ITEMS, quantity=PIECES)
    def offer(self, item: str, quantity: int) -> str:
        """A unit offers."""
        return self.put_on_offer(item, quantity)

    def put_on_offer(self, item: str, quantity: int) -> str:
        """An offer for the story and for the model."""
        offer = self.fresh("offer")
        self.ask(do.OfferGoods(offer_id=offer, unit=LVYUN, item=item, quantity=quantity), "", LI, "")
        self.model.goods[offer] = Goods(item, quantity)
        return offer

    @rule(target=needs, item=ITEMS, quantity=PIECES)
    def need(self, item: str, quantity: int) -> str:
        """A need comes on the board."""
        return self.put_on_board(item, quantity)

    def put_on_board(self, item: str, quantity: int) -> str:
        """A need for the story and for the model."""
        need = self.fresh("req")
        self.story += needed(quantity, item=item, request_id=need)
        self.model.wanted[need] = Wanted(item, quantity)
        return need

    @rule(target=matches, offer=offers, need=needs, quantity=PIECES)
    def match(self, offer: str, need: str, quantity: int) -> str | MultipleResults[str]:
        """Pieces are promised."""
        match, goods, wanted = self.fresh("match"), self.model.goods[offer], self.model.wanted[need]
        refusal = ""
        if self.model.pieces(need=need, status=("delivered",)) >= wanted.quantity:
            refusal = "need_not_on_board"
        elif goods.withdrawn:
            refusal = "offer_withdrawn"
        elif goods.item != wanted.item:
            refusal = "item_differs"
        elif quantity > self.model.free(offer):
            refusal = "more_than_offered"
        elif quantity > self.model.wanting(need):
            refusal = "more_than_wanted"
        asked = do.MatchOffer(match_id=match, offer_id=offer, request_id=need, quantity=quantity)
        if not self.ask(asked, refusal):
            return multiple()
        self.model.promises[match] = Promise(offer, need, quantity)
        return match

    def settle(self, match: str, command: Command, status: str) -> None:
        """A promise comes to its end."""
        promise = self.model.promises[match]
        if self.ask(command, "" if promise.status == "promised" else "match_settled"):
            promise.status = status

    @rule(match=matches)
    def deliver(self, match: str) -> None:
        """What was promised arrives."""
        offer = self.model.promises[match].offer
        self.settle(match, do.DeliverMatch(offer_id=offer, match_id=match), "delivered")

    @rule(match=matches)
    def cancel(self, match: str) -> None:
        """A promise is taken back."""
        offer = self.model.promises[match].offer
        self.settle(match, do.CancelMatch(offer_id=offer, match_id=match), "cancelled")

    @rule(offer=offers)
    def withdraw(self, offer: str) -> None:
        """What is free is taken back."""
        free, goods = self.model.free(offer), self.model.goods[offer]
        if self.ask(do.WithdrawOffer(offer_id=offer), "" if free else "nothing_to_withdraw", LI, ""):
            goods.taken_back += free
            goods.withdrawn = True

    @invariant()
    def no_more_is_promised_than_offered(self) -> None:
        """What decisions see of offers equals the model, and is never negative."""
        accounts = balances(self.story)
        for offer, goods in self.model.goods.items():
            free = self.model.free(offer)
            assert given(*self.story).state(Offer, offer).free == free >= 0
            assert accounts.get((f"offer:{offer}", f"pcs.{goods.item}"), 0) == free

    @invariant()
    def no_more_is_promised_than_wanted(self) -> None:
        """What decisions see of needs equals the model, and is never negative."""
        accounts = balances(self.story)
        for need, wanted in self.model.wanted.items():
            promised = self.model.pieces(need=need, status=("promised",))
            arrived = self.model.pieces(need=need, status=("delivered",))
            request = given(*self.story).state(Request, need)
            assert (request.promised, request.delivered) == (promised, arrived)
            assert request.wanting == self.model.wanting(need) >= 0
            assert accounts.get((f"promised:{need}", f"pcs.{wanted.item}"), 0) == promised
            assert accounts.get((f"received:{need}", f"pcs.{wanted.item}"), 0) == arrived


TestGoodsMachine = GoodsMachine.TestCase
