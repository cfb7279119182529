"""Decisions about goods on offer: matches never promise more than was offered, nor more than a need still wants."""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import acts_for
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.guards import check_item, check_pieces, need_unit, not_for_own_unit, place_known
from ledger.partners.state import Offer, need_offer, need_promise
from ledger.policy.state import plausible_day
from ledger.requests.kinds import kind_of
from ledger.requests.state import need_request


def offer_goods(view: View, c: do.OfferGoods, scene: Scene) -> list[Fact]:
    """See `OfferGoods`."""
    need_unit(view, c.unit)
    check_may_act(view, c.unit, scene.today)
    check_item(c.item)
    check_pieces(view, c.quantity, scene.today)
    place_known(view, c.place)
    if view.state(Offer, check_id(c.offer_id, "offer")).made is not None:
        raise Conflict("offer_exists", offer=c.offer_id)
    return [
        facts.GoodsOffered(
            offer_id=c.offer_id,
            unit=c.unit,
            item=c.item,
            quantity=c.quantity,
            day=plausible_day(c.day, scene.today),
            place=c.place,
            words=scene.sealed,
        )
    ]


def match_offer(view: View, c: do.MatchOffer, scene: Scene) -> list[Fact]:
    """See `MatchOffer`."""
    offer, made = need_offer(view, c.offer_id)
    check_may_act(view, made.unit, scene.today)
    request, posted = need_request(view, c.request_id)
    if not kind_of(posted.kind).pieces:
        raise Refused("not_a_need", request=c.request_id)
    if request.status != "published":
        raise Conflict("need_not_on_board", request=c.request_id, status=request.status)
    if offer.withdrawn:
        raise Conflict("offer_withdrawn", offer=c.offer_id)
    if check_id(c.match_id, "match") in offer.matches:
        raise Conflict("match_exists", match=c.match_id)
    if made.item != posted.item:
        raise Refused("item_differs", offered=made.item, wanted=posted.item)
    check_pieces(view, c.quantity, scene.today)
    if c.quantity > offer.free:
        raise Refused("more_than_offered", free=offer.free, asked=c.quantity)
    if c.quantity > request.wanting:
        raise Refused("more_than_wanted", wanting=request.wanting, asked=c.quantity)
    return [
        facts.OfferMatched(
            match_id=c.match_id,
            offer_id=c.offer_id,
            request_id=c.request_id,
            unit=made.unit,
            item=made.item,
            quantity=c.quantity,
        )
    ]


def deliver_match(view: View, c: do.DeliverMatch, scene: Scene) -> list[Fact]:
    """See `DeliverMatch`; accepted by somebody who does not represent the giver."""
    promise, made = need_promise(view, c.offer_id, c.match_id)
    not_for_own_unit(view, scene, made.unit)
    _, posted = need_request(view, promise.request_id)
    return [
        facts.MatchDelivered(
            match_id=c.match_id,
            offer_id=c.offer_id,
            request_id=promise.request_id,
            unit=made.unit,
            item=made.item,
            quantity=promise.quantity,
            place=posted.place,
            day=scene.today,
        )
    ]


def _of_the_giver_or_a_worker(view: View, made: facts.GoodsOffered, scene: Scene) -> None:
    if scene.role != "community_worker" and not acts_for(view, scene.actor, made.unit):
        raise NotYours("not_your_offer", offer=made.offer_id)


def cancel_match(view: View, c: do.CancelMatch, scene: Scene) -> list[Fact]:
    """See `CancelMatch`; by a worker or the giver's representative. The pieces are free again."""
    promise, made = need_promise(view, c.offer_id, c.match_id)
    _of_the_giver_or_a_worker(view, made, scene)
    return [
        facts.MatchCancelled(
            match_id=c.match_id,
            offer_id=c.offer_id,
            request_id=promise.request_id,
            unit=made.unit,
            item=made.item,
            quantity=promise.quantity,
        )
    ]


def withdraw_offer(view: View, c: do.WithdrawOffer, scene: Scene) -> list[Fact]:
    """See `WithdrawOffer`; what is promised stays promised, and what of it is cancelled later can be withdrawn then."""
    offer, made = need_offer(view, c.offer_id)
    _of_the_giver_or_a_worker(view, made, scene)
    if offer.free <= 0:
        raise Conflict("nothing_to_withdraw", offer=c.offer_id)
    return [facts.OfferWithdrawn(offer_id=c.offer_id, unit=made.unit, item=made.item, quantity=offer.free)]


GOODS_RULES: dict[type[Command], Decide] = {
    do.OfferGoods: offer_goods,
    do.MatchOffer: match_offer,
    do.DeliverMatch: deliver_match,
    do.CancelMatch: cancel_match,
    do.WithdrawOffer: withdraw_offer,
}
