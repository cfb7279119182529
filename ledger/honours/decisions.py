"""Decisions about plaques: awarded and renewed after accepted work only, once for each listing (M15)."""

from __future__ import annotations

from datetime import date

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.clock import months_after
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.honours import commands as do
from ledger.honours import facts
from ledger.honours.commands import TIERS
from ledger.honours.state import ListingsDone, Plaque, PlaqueFor
from ledger.parties.state import need_party, represents
from ledger.policy.state import policy_of
from ledger.requests.state import need_request


def _check_work(view: View, request_id: str, unit: str) -> None:
    """A listing whose work by that unit was accepted, and that no plaque honours yet."""
    request, posted = need_request(view, request_id)
    done_by = None if request.claim is None else request.claim.claimant
    if posted.kind != "listing" or request.status != "closed" or done_by != unit:
        raise Refused("work_not_accepted", request=request_id, unit=unit)
    earlier = view.state(PlaqueFor, request_id).plaque_id
    if earlier:
        raise Conflict("plaque_exists", plaque=earlier)


def _check_tier(view: View, unit: str, tier: str, scene: Scene) -> None:
    """A tier asks for as many accepted listings as policy says; raises Refused `tier_not_reached`."""
    asked = policy_of(view).value("honours.tier_listings", scene.today)
    needed = int(asked[TIERS.index(tier)]) if isinstance(asked, tuple) else 1
    accepted = view.state(ListingsDone, unit).accepted
    if accepted < needed:
        raise Refused("tier_not_reached", tier=tier, accepted=accepted, needed=needed)


def _hangs_until(view: View, scene: Scene) -> date:
    return months_after(scene.today, policy_of(view).number("honours.plaque_months", scene.today))


def award_plaque(view: View, c: do.AwardPlaque, scene: Scene) -> list[Fact]:
    """See `AwardPlaque`; nobody awards one to a unit they speak for. It hangs for policy's months."""
    plaque_id = check_id(c.plaque_id, "plq")
    if view.state(Plaque, plaque_id).awarded is not None:
        raise Conflict("plaque_exists", plaque=plaque_id)
    need_party(view, c.unit)
    _check_work(view, c.request_id, c.unit)
    if represents(view, scene.actor, c.unit):
        raise NotYours("own_unit", unit=c.unit)
    check_may_act(view, c.unit, scene.today)
    _check_tier(view, c.unit, c.tier, scene)
    return [
        facts.PlaqueAwarded(
            plaque_id=plaque_id,
            unit=c.unit,
            tier=c.tier,
            request_id=c.request_id,
            awarded_by=scene.actor,
            day=scene.today,
            until_day=_hangs_until(view, scene),
        )
    ]


def need_plaque(view: View, plaque_id: str) -> facts.PlaqueAwarded:
    """A plaque that was not taken down; raises NotFound `no_such_plaque`, Conflict `plaque_revoked`."""
    plaque = view.state(Plaque, plaque_id)
    if plaque.awarded is None:
        raise NotFound("no_such_plaque", plaque=plaque_id)
    if plaque.revoked:
        raise Conflict("plaque_revoked", plaque=plaque_id)
    return plaque.awarded


def renew_plaque(view: View, c: do.RenewPlaque, scene: Scene) -> list[Fact]:
    """See `RenewPlaque`; for work that no plaque honours yet, also when the old term ran out. Policy's months begin anew."""
    awarded = need_plaque(view, c.plaque_id)
    _check_work(view, c.request_id, awarded.unit)
    if represents(view, scene.actor, awarded.unit):
        raise NotYours("own_unit", unit=awarded.unit)
    check_may_act(view, awarded.unit, scene.today)
    _check_tier(view, awarded.unit, c.tier, scene)
    return [
        facts.PlaqueRenewed(
            plaque_id=c.plaque_id,
            unit=awarded.unit,
            tier=c.tier,
            request_id=c.request_id,
            renewed_by=scene.actor,
            day=scene.today,
            until_day=_hangs_until(view, scene),
        )
    ]


def revoke_plaque(view: View, c: do.RevokePlaque, scene: Scene) -> list[Fact]:
    """See `RevokePlaque`."""
    awarded = need_plaque(view, c.plaque_id)
    return [
        facts.PlaqueRevoked(
            plaque_id=c.plaque_id,
            unit=awarded.unit,
            reason=c.reason,
            revoked_by=scene.actor,
            day=scene.today,
        )
    ]


def plaque_undone(view: View, request_id: str, scene: Scene) -> list[Fact]:
    """The plaque comes down whose present term rests on this listing; nothing where there is none (choice).

    Told in the story that opens the accepted work again: whoever does it then, also the same unit, earns a plaque anew.
    """
    plaque = view.state(Plaque, view.state(PlaqueFor, request_id).plaque_id)
    term = plaque.renewed or plaque.awarded
    if term is None or plaque.revoked or term.request_id != request_id:
        return []
    return [
        facts.PlaqueRevoked(
            plaque_id=term.plaque_id, unit=term.unit, reason="work_undone", revoked_by=scene.actor, day=scene.today
        )
    ]


RULES: dict[type[Command], Decide] = {
    do.AwardPlaque: award_plaque,
    do.RenewPlaque: renew_plaque,
    do.RevokePlaque: revoke_plaque,
}
