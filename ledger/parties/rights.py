"""Decisions about who may do what: appointments, proxies, and consent to be named."""

from __future__ import annotations

import re

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.errors import Conflict, NotFound, NotYours, Refused
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, looks_like_id, prefix_of
from ledger.parties import commands as do
from ledger.parties import facts
from ledger.parties.state import Standing, need_member, need_party, roles_of
from ledger.places.state import need_place

_SCOPED_TO = {"representative": UNIT, "team_leader": TEAM}
"""Roles that mean nothing without the unit or team they are for."""
_SCOPE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def _check_holder(view: View, holder: str) -> None:
    """A member who is here, or a service; raises NotFound `no_such_member`, Refused (`member_left`, `bad_id`)."""
    if prefix_of(holder) == SERVICE:
        if not looks_like_id(holder):
            raise Refused("bad_id", expected=SERVICE)
        return
    need_member(view, holder)


def _check_scope(view: View, role: str, scope: str) -> None:
    """A unit, team or place that a role is limited to exists; raises Refused (`scope_missing`, `bad_scope`)."""
    wanted = _SCOPED_TO.get(role)
    kind = prefix_of(scope)
    if wanted is not None and (kind != wanted or kind == scope):
        raise Refused("scope_missing", role=role, wanted=wanted)
    if scope and not _SCOPE.fullmatch(scope):
        raise Refused("bad_scope", role=role)
    if kind in (UNIT, TEAM):
        need_party(view, scope)
    elif kind == "place":
        need_place(view, scope)


def grant_role(view: View, c: do.GrantRole, scene: Scene) -> list[Fact]:
    """See `GrantRole`; nobody appoints themselves. Only a ledger's opening gives the operator its roles."""
    if c.holder == scene.actor:
        raise NotYours("grant_to_oneself", role=c.role)
    _check_holder(view, c.holder)
    _check_scope(view, c.role, c.scope)
    if (c.role, c.scope) in roles_of(view, c.holder).held:
        raise Conflict("role_held", role=c.role)
    return [facts.RoleGranted(holder=c.holder, role=c.role, scope=c.scope, granted_by=scene.actor)]


def revoke_role(view: View, c: do.RevokeRole, scene: Scene) -> list[Fact]:
    """See `RevokeRole`; also of somebody who left."""
    if (c.role, c.scope) not in roles_of(view, c.holder).held:
        raise NotFound("role_not_held", role=c.role)
    return [facts.RoleRevoked(holder=c.holder, role=c.role, scope=c.scope, revoked_by=scene.actor)]


def register_proxy(view: View, c: do.RegisterProxy, scene: Scene) -> list[Fact]:
    """See `RegisterProxy`; no proxy names another, and no worker becomes one by their own hand."""
    need_member(view, c.principal)
    need_member(view, c.proxy)
    if c.principal == c.proxy:
        raise Refused("proxy_of_oneself")
    if scene.actor == c.proxy:
        raise NotYours("grant_to_oneself", role="proxy")
    if scene.role == "proxy":
        raise NotYours("proxy_names_proxy")
    if c.proxy in view.state(Standing, c.principal).proxies:
        raise Conflict("proxy_exists", principal=c.principal, proxy=c.proxy)
    return [facts.ProxyRegistered(principal=c.principal, proxy=c.proxy)]


def end_proxy(view: View, c: do.EndProxy, _scene: Scene) -> list[Fact]:
    """See `EndProxy`; also for somebody who left."""
    if c.proxy not in view.state(Standing, c.principal).proxies:
        raise NotFound("no_such_proxy", principal=c.principal, proxy=c.proxy)
    return [facts.ProxyEnded(principal=c.principal, proxy=c.proxy)]


def agree_to_publication(view: View, c: do.AgreeToPublication, _scene: Scene) -> list[Fact]:
    """See `AgreeToPublication`."""
    if c.where in need_member(view, c.member_id).agreed:
        raise Conflict("already_agreed", where=c.where)
    return [facts.PublicationAgreed(member_id=c.member_id, where=c.where)]


def withdraw_publication(view: View, c: do.WithdrawPublication, _scene: Scene) -> list[Fact]:
    """See `WithdrawPublication`; leaving the community takes nobody's right to it away (PIPL §47).

    To be `hidden` nobody has to have agreed before: the masked row goes as well.
    """
    member = view.state(Standing, c.member_id)
    if member.kind != PERSON:
        raise NotFound("no_such_member", member=c.member_id)
    hides = c.hidden and c.where not in member.hidden
    if c.where not in member.agreed and not hides:
        raise Conflict("not_agreed", where=c.where)
    return [facts.PublicationWithdrawn(member_id=c.member_id, where=c.where, hidden=c.hidden)]


RIGHTS_RULES: dict[type[Command], Decide] = {
    do.GrantRole: grant_role,
    do.RevokeRole: revoke_role,
    do.RegisterProxy: register_proxy,
    do.EndProxy: end_proxy,
    do.AgreeToPublication: agree_to_publication,
    do.WithdrawPublication: withdraw_publication,
}
