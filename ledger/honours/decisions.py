"""Decisions about plaques: awarded after accepted work only, once for each listing (M15)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from ledger.base import Command, Fact, Right, Rule, Scene, View
from ledger.checks import check_id
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.honours import commands as do
from ledger.honours import facts
from ledger.honours.state import Plaque, PlaqueFor
from ledger.parties.state import need_party, represents
from ledger.policy.state import policy_of
from ledger.requests.state import need_request


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def award_plaque(view: View, c: do.AwardPlaque, scene: Scene) -> list[Fact]:
    """See `AwardPlaque`; nobody awards one to a unit they speak for. It hangs for policy's months."""
    plaque_id = check_id(c.plaque_id, "plq")
    if view.state(Plaque, plaque_id).awarded is not None:
        raise Conflict("plaque_exists", plaque=plaque_id)
    need_party(view, c.unit)
    request, posted = need_request(view, c.request_id)
    done_by = None if request.claim is None else request.claim.claimant
    if posted.kind != "listing" or request.status != "closed" or done_by != c.unit:
        raise Refused("work_not_accepted", request=c.request_id, unit=c.unit)
    earlier = view.state(PlaqueFor, c.request_id).plaque_id
    if earlier:
        raise Conflict("plaque_exists", plaque=earlier)
    if represents(view, scene.actor, c.unit):
        raise NotYours("own_unit", unit=c.unit)
    months = policy_of(view).number("honours.plaque_months", scene.today)
    return [
        facts.PlaqueAwarded(
            plaque_id=plaque_id,
            unit=c.unit,
            tier=c.tier,
            request_id=c.request_id,
            awarded_by=scene.actor,
            day=scene.today,
            until_day=months_after(scene.today, months),
        )
    ]


def revoke_plaque(view: View, c: do.RevokePlaque, scene: Scene) -> list[Fact]:
    """See `RevokePlaque`."""
    plaque = view.state(Plaque, c.plaque_id)
    if plaque.awarded is None:
        raise NotFound("no_such_plaque", plaque=c.plaque_id)
    if plaque.revoked:
        raise Conflict("plaque_revoked", plaque=c.plaque_id)
    return [
        facts.PlaqueRevoked(
            plaque_id=c.plaque_id,
            unit=plaque.awarded.unit,
            reason=c.reason,
            revoked_by=scene.actor,
            day=scene.today,
        )
    ]


_WORKER = frozenset({"community_worker"})

RULES: dict[type[Command], Rule] = {
    do.AwardPlaque: Rule(decide=award_plaque, right=Right(roles=_WORKER)),
    do.RevokePlaque: Rule(decide=revoke_plaque, right=Right(roles=_WORKER)),
}
