"""Decisions about deals: a resource for a need (对接) or for a service in return (资源换服务), tracked to the end.

Two sides: the `owner` of the resource and the `partner`, who asked or who gives the service. Both say yes, by different
persons; what arrives is confirmed by whoever does not speak for the giver; who still owes after the due day broke
their word.
"""

from __future__ import annotations

from datetime import date, timedelta

from ledger.base import Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import start_of_day
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotYours, Refused
from ledger.parties.state import acts_for, need_party
from ledger.partners.guards import check_item, check_pieces
from ledger.policy.state import policy_of
from ledger.requests.facts import RequestPosted
from ledger.requests.kinds import kind_of
from ledger.requests.state import Request, need_request
from ledger.resources import commands as do
from ledger.resources import facts
from ledger.resources.state import Deal, need_deal, need_resource

WORKER = "community_worker"
PIECES = "pcs"
LONGEST_DAYS = 3_660
"""How far ahead a deal may be due (choice: ten years, as for agreements)."""
_OWN_FAULT = ("cannot_deliver", "not_collected")


def _sides_of(view: View, scene: Scene, owner: str, partner: str) -> frozenset[str]:
    """The sides whose affairs are the actor's own."""
    sides = (("owner", owner), ("partner", partner))
    return frozenset(side for side, party in sides if acts_for(view, scene.actor, party))


def _party(proposed: facts.DealProposed, side: str) -> str:
    return proposed.owner if side == "owner" else proposed.partner


def _check_need(request: Request, posted: RequestPosted, item: str, measure: str, quantity: int) -> None:
    """It is on the board and wants this; a need counts its pieces, so that no more is promised than it wants."""
    if kind_of(posted.kind).agreement:
        raise Refused("listings_are_claimed", request=posted.request_id)
    if request.status != "published":
        raise Conflict("not_on_the_board", request=posted.request_id, status=request.status)
    if not request.counts_pieces:
        return
    if measure != PIECES or posted.item != item:
        raise Refused("item_differs", offered=item, wanted=posted.item)
    if quantity > request.wanting:
        raise Refused("more_than_wanted", wanting=request.wanting, asked=quantity)


def _check_fits(view: View, deal: do.ProposeDeal | facts.DealProposed, today: date) -> facts.ResourceListed:
    """The resource still has so much, and the need still wants it; asked when proposed and again when agreed."""
    resource, listed = need_resource(view, deal.resource_id)
    if resource.withdrawn:
        raise Conflict("resource_withdrawn", resource=deal.resource_id)
    if listed.until_day is not None and listed.until_day < today:
        raise Refused("resource_over", until_day=listed.until_day.isoformat())
    check_pieces(view, deal.quantity, today)
    if deal.quantity > resource.free:
        raise Refused("more_than_offered", free=resource.free, asked=deal.quantity)
    if deal.request_id is not None:
        _check_need(*need_request(view, deal.request_id), listed.item, listed.measure, deal.quantity)
    return listed


def _check_return(view: View, c: do.ProposeDeal, today: date) -> str | None:
    """What comes in return is named with its quantity or not at all; gives its measure. A deal without a need is a
    barter and must name it."""
    if c.back_item is None:
        if c.back_quantity or c.request_id is None:
            raise Refused("nothing_in_return")
        return None
    check_item(c.back_item)
    check_pieces(view, c.back_quantity, today)
    return c.back_measure or PIECES


def _partner(view: View, c: do.ProposeDeal) -> str:
    """The other side: who asked for what is needed, else the party named."""
    if c.request_id is None:
        if c.partner is None:
            raise Refused("partner_missing")
        return c.partner
    _, posted = need_request(view, c.request_id)
    if posted.requester is None or c.partner not in (None, posted.requester):
        raise Refused("partner_disagrees", request=c.request_id)
    return posted.requester


def _due_day(view: View, named: date | None, today: date) -> date:
    """When it has to be done (policy `resources.delivery_days` where no day is named)."""
    due_day = named or today + timedelta(days=policy_of(view).number("resources.delivery_days", today))
    if not 0 <= (due_day - today).days <= LONGEST_DAYS:
        raise Refused("bad_due_day", day=due_day.isoformat())
    return due_day


def propose_deal(view: View, c: do.ProposeDeal, scene: Scene) -> list[Fact]:
    """See `ProposeDeal`; holds nothing until both sides agree."""
    deal_id, today = check_id(c.deal_id, "deal"), scene.today
    if view.state(Deal, deal_id).status:
        raise Conflict("deal_exists", deal=deal_id)
    listed = _check_fits(view, c, today)
    owner, partner = listed.owner, _partner(view, c)
    if owner == partner:
        raise Refused("deal_with_oneself", party=owner)
    sides = _sides_of(view, scene, owner, partner)
    if len(sides) > 1:
        raise NotYours("speaks_for_both_sides")
    if not sides and scene.role != WORKER:
        raise NotYours("cannot_act_for", party=owner)
    for party in (owner, partner):
        need_party(view, party)
        check_may_act(view, party, today)
    return [
        facts.DealProposed(
            deal_id=deal_id,
            resource_id=c.resource_id,
            request_id=c.request_id,
            owner=owner,
            partner=partner,
            item=listed.item,
            measure=listed.measure,
            quantity=c.quantity,
            back_item=c.back_item,
            back_measure=_check_return(view, c, today),
            back_quantity=c.back_quantity,
            due_day=_due_day(view, c.due_day, today),
            side=next(iter(sides), ""),
            proposed_by=scene.actor,
            day=today,
        )
    ]


def accept_deal(view: View, c: do.AcceptDeal, scene: Scene) -> list[Fact]:
    """See `AcceptDeal`; nobody says yes for both sides. What was free when proposed may be gone by now."""
    deal, proposed = need_deal(view, c.deal_id, "proposed")
    if not acts_for(view, scene.actor, _party(proposed, c.side)):
        raise NotYours("cannot_act_for", party=_party(proposed, c.side))
    if c.side in deal.accepted:
        raise Conflict("side_accepted", side=c.side)
    if scene.actor in deal.accepted_by:
        raise NotYours("speaks_for_both_sides")
    accepted = facts.DealAccepted(deal_id=c.deal_id, side=c.side, accepted_by=scene.actor, day=scene.today)
    if not deal.accepted:
        return [accepted]
    for party in (proposed.owner, proposed.partner):
        need_party(view, party)
        check_may_act(view, party, scene.today)
    _check_fits(view, proposed, scene.today)
    agreed = facts.DealAgreed(
        deal_id=c.deal_id,
        resource_id=proposed.resource_id,
        request_id=proposed.request_id,
        owner=proposed.owner,
        partner=proposed.partner,
        item=proposed.item,
        measure=proposed.measure,
        quantity=proposed.quantity,
        back_item=proposed.back_item,
        back_measure=proposed.back_measure,
        back_quantity=proposed.back_quantity,
        due_day=_due_day(view, proposed.due_day, scene.today),
        day=scene.today,
    )
    return [accepted, agreed]


def _of_a_side_or_a_worker(view: View, proposed: facts.DealProposed, scene: Scene) -> None:
    if scene.role != WORKER and not _sides_of(view, scene, proposed.owner, proposed.partner):
        raise NotYours("cannot_act_for", party=proposed.owner)


def decline_deal(view: View, c: do.DeclineDeal, scene: Scene) -> list[Fact]:
    """See `DeclineDeal`; by either side or a worker."""
    _, proposed = need_deal(view, c.deal_id, "proposed")
    _of_a_side_or_a_worker(view, proposed, scene)
    return [
        facts.DealDeclined(
            deal_id=c.deal_id,
            resource_id=proposed.resource_id,
            request_id=proposed.request_id,
            reason=c.reason,
            declined_by=scene.actor,
            day=scene.today,
        )
    ]


def deliver_deal(view: View, c: do.DeliverDeal, scene: Scene) -> list[Fact]:
    """See `DeliverDeal`; with the last piece of both legs the deal is settled."""
    deal, proposed = need_deal(view, c.deal_id, "agreed")
    back = c.leg == "back"
    if back and proposed.back_item is None:
        raise Refused("nothing_in_return")
    giver, receiver = (proposed.partner, proposed.owner) if back else (proposed.owner, proposed.partner)
    if acts_for(view, scene.actor, giver):
        raise NotYours("self_verification", party=giver)
    _of_a_side_or_a_worker(view, proposed, scene)
    check_pieces(view, c.quantity, scene.today)
    owed = deal.back_short if back else deal.short
    if c.quantity > owed:
        raise Refused("more_than_owed", owed=owed, stated=c.quantity)
    _, listed = need_resource(view, proposed.resource_id)
    delivered = facts.DealDelivered(
        deal_id=c.deal_id,
        resource_id=proposed.resource_id,
        request_id=proposed.request_id,
        leg=c.leg,
        giver=giver,
        receiver=receiver,
        item=str(proposed.back_item) if back else proposed.item,
        measure=str(proposed.back_measure) if back else proposed.measure,
        quantity=c.quantity,
        place=listed.place,
        accepted_by=scene.actor,
        day=scene.today,
    )
    if deal.short + deal.back_short > c.quantity:
        return [delivered]
    settled = facts.DealSettled(
        deal_id=c.deal_id,
        resource_id=proposed.resource_id,
        request_id=proposed.request_id,
        owner=proposed.owner,
        partner=proposed.partner,
        barter=proposed.back_item is not None,
        day=scene.today,
    )
    return [delivered, settled]


def _failed(
    deal: Deal, proposed: facts.DealProposed, broken_by: tuple[str, ...], reason: str, scene: Scene
) -> list[Fact]:
    return [
        facts.DealFailed(
            deal_id=proposed.deal_id,
            resource_id=proposed.resource_id,
            request_id=proposed.request_id,
            owner=proposed.owner,
            partner=proposed.partner,
            item=proposed.item,
            measure=proposed.measure,
            short=deal.short,
            back_item=proposed.back_item,
            back_measure=proposed.back_measure,
            back_short=deal.back_short,
            broken_by=broken_by,
            reason=reason,
            ended_by=scene.actor,
            day=scene.today,
        )
    ]


def fail_deal(view: View, c: do.FailDeal, scene: Scene) -> list[Fact]:
    """See `FailDeal`; that nobody is to blame can only be said by a worker who speaks for neither side."""
    deal, proposed = need_deal(view, c.deal_id, "agreed")
    _of_a_side_or_a_worker(view, proposed, scene)
    sides = _sides_of(view, scene, proposed.owner, proposed.partner)
    if (c.side is not None) is not (c.reason in _OWN_FAULT):
        raise Refused("side_disagrees_with_reason", reason=c.reason)
    if sides and c.side not in sides:
        raise NotYours("reason_not_yours_to_state", reason=c.reason)
    broken_by = () if c.side is None else (_party(proposed, c.side),)
    return _failed(deal, proposed, broken_by, c.reason, scene)


def default_deal(view: View, c: do.DefaultDeal, scene: Scene) -> list[Fact]:
    """See `DefaultDeal`; the due day itself still counts."""
    deal, proposed = need_deal(view, c.deal_id, "agreed")
    if scene.today <= proposed.due_day:
        raise Refused("not_yet_due", until_at=start_of_day(proposed.due_day + timedelta(days=1), scene.zone))
    owing = ((proposed.owner, deal.short), (proposed.partner, deal.back_short))
    return _failed(deal, proposed, tuple(party for party, short in owing if short), "overdue", scene)


def make_project_of_deal(view: View, c: do.MakeProjectOfDeal, scene: Scene) -> list[Fact]:
    """See `MakeProjectOfDeal`; several deals may belong to one project (需求库 + 资源库 → 项目清单)."""
    deal, proposed = need_deal(view, c.deal_id, "agreed")
    if deal.project:
        raise Conflict("deal_has_project", deal=c.deal_id, project=deal.project)
    _, posted = need_request(view, c.project)
    if posted.kind != "project":
        raise Refused("not_of_kind_project", request=c.project)
    return [
        facts.DealBecameProject(
            deal_id=c.deal_id,
            resource_id=proposed.resource_id,
            project=c.project,
            begun_by=scene.actor,
            day=scene.today,
        )
    ]
