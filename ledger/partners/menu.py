"""The service menu (服务菜单, M5): units offer services, the community admits them, residents order from them.

An order is a request like any other, which the unit holds from its first moment: it has a deadline, is handed in, closed
by who ordered, reopened where they are not satisfied.
"""

from __future__ import annotations

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id, check_name
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.parties.state import acts_for, need_member
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.guards import check_pieces, need_unit, not_for_own_unit, place_known
from ledger.partners.state import MenuService
from ledger.places.state import need_place
from ledger.requests import facts as requests
from ledger.requests.stages import WORKER, contact_due, lease_until
from ledger.requests.state import ClaimsHeld, Request

ORDER = "order"
"""The kind of request that comes of the menu."""


def need_service(view: View, menu_id: str) -> tuple[MenuService, facts.MenuOffered]:
    """A service of the menu; raises NotFound `not_on_the_menu`, Conflict `menu_withdrawn`."""
    service = view.state(MenuService, menu_id)
    if service.offered is None:
        raise NotFound("not_on_the_menu", menu=menu_id)
    if service.withdrawn:
        raise Conflict("menu_withdrawn", menu=menu_id)
    return service, service.offered


def offer_on_menu(view: View, c: do.OfferOnMenu, scene: Scene) -> list[Fact]:
    """See `OfferOnMenu`."""
    need_unit(view, c.unit)
    check_may_act(view, c.unit, scene.today)
    place_known(view, c.place)
    if view.state(MenuService, check_id(c.menu_id, "menu")).offered is not None:
        raise Conflict("menu_exists", menu=c.menu_id)
    return [
        facts.MenuOffered(
            menu_id=c.menu_id,
            unit=c.unit,
            name=check_name(c.name),
            category=check_name(c.category, field="category") if c.category else "",
            place=c.place,
            at_once=check_pieces(view, c.at_once, scene.today),
            offered_by=scene.actor,
            day=scene.today,
        )
    ]


def admit_to_menu(view: View, c: do.AdmitToMenu, scene: Scene) -> list[Fact]:
    """See `AdmitToMenu`; by somebody who neither offered it nor speaks for the unit."""
    service, offered = need_service(view, c.menu_id)
    if service.admitted is not None:
        raise Conflict("already_admitted", menu=c.menu_id)
    check_may_act(view, offered.unit, scene.today)
    not_for_own_unit(view, scene, offered.unit)
    if scene.actor == offered.offered_by:
        raise NotYours("self_verification", unit=offered.unit)
    return [facts.MenuAdmitted(menu_id=c.menu_id, unit=offered.unit, admitted_by=scene.actor, day=scene.today)]


def withdraw_from_menu(view: View, c: do.WithdrawFromMenu, scene: Scene) -> list[Fact]:
    """See `WithdrawFromMenu`; the unit's own people can only say that the unit takes it back."""
    _, offered = need_service(view, c.menu_id)
    if scene.role != WORKER:
        if not acts_for(view, scene.actor, offered.unit):
            raise NotYours("not_your_service", menu=c.menu_id)
        if c.reason != "by_partner":
            raise NotYours("reason_not_yours_to_state", reason=c.reason)
    return [withdrawn_from_menu(offered, c.reason, scene)]


def withdrawn_from_menu(offered: facts.MenuOffered, reason: str, scene: Scene) -> facts.MenuWithdrawn:
    """The service is off the menu, today."""
    return facts.MenuWithdrawn(menu_id=offered.menu_id, unit=offered.unit, reason=reason, day=scene.today)


def order_from_menu(view: View, c: do.OrderFromMenu, scene: Scene) -> list[Fact]:
    """See `OrderFromMenu`; not by who speaks for the unit, and no more at once than the unit said it can do."""
    service, offered = need_service(view, c.menu_id)
    if service.admitted is None:
        raise Conflict("not_admitted", menu=c.menu_id)
    check_may_act(view, offered.unit, scene.today)
    if view.state(Request, check_id(c.request_id, "req")).status:
        raise Conflict("request_exists", request=c.request_id)
    at_home = need_member(view, c.requester).place
    if any(acts_for(view, one, offered.unit) for one in (c.requester, scene.actor)):
        raise NotYours("own_request", request=c.request_id)
    if c.place is not None:
        need_place(view, c.place)
    held = view.state(ClaimsHeld, offered.unit).leases
    if sum(1 for request_id in service.orders if request_id in held) >= offered.at_once:
        raise Refused("menu_full", menu=c.menu_id, at_once=offered.at_once)
    place = c.place or at_home
    return [
        facts.MenuOrdered(
            menu_id=c.menu_id,
            unit=offered.unit,
            request_id=c.request_id,
            claim_id=check_id(c.claim_id, "claim"),
            requester=c.requester,
            place=place,
            day=scene.today,
        ),
        *_as_order(view, c, offered, service.admitted, place, scene),
    ]


def _as_order(
    view: View, c: do.OrderFromMenu, offered: facts.MenuOffered, admitted: facts.MenuAdmitted, place: str | None,
    scene: Scene,
) -> list[Fact]:  # fmt: skip
    """The order as a request: accepted by who admitted the service, held by the unit as who offered it promised."""
    return [
        requests.RequestPosted(
            request_id=c.request_id,
            kind=ORDER,
            requester=c.requester,
            proxy=scene.actor if scene.actor != c.requester else None,
            place=place,
            category=offered.category,
            channel="online",
            day=scene.today,
            words=scene.sealed,
        ),
        requests.RequestPublished(request_id=c.request_id, reviewer=admitted.admitted_by, day=scene.today),
        requests.RequestClaimed(
            request_id=c.request_id,
            claim_id=c.claim_id,
            claimant=offered.unit,
            unit=offered.unit,
            claimed_by=offered.offered_by,
            until_at=lease_until(view, ORDER, scene),
            day=scene.today,
        ),
        *contact_due(view, c.request_id, scene),
    ]


MENU_RULES: dict[type[Command], Decide] = {
    do.OfferOnMenu: offer_on_menu,
    do.AdmitToMenu: admit_to_menu,
    do.WithdrawFromMenu: withdraw_from_menu,
    do.OrderFromMenu: order_from_menu,
}
