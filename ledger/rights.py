"""Whether an actor may give a command, and in which role: read from role facts, like everything else."""

from __future__ import annotations

from ledger.actors import Actor
from ledger.base import Command, Right, View
from ledger.errors import NotYours
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Roles, Standing, roles_of


def authorise(view: View, right: Right, command: Command, actor: Actor) -> tuple[str, str | None]:
    """The role that lets this actor give this command, and on whose behalf; raises NotYours.

    One's own affairs come first (role ""), then units and teams one acts for, then principals whose proxy one is,
    then roles held in the community.
    """
    if prefix_of(actor.id) == PERSON:
        standing = view.state(Standing, actor.id)
        if standing.kind != PERSON or standing.left:
            raise NotYours("not_a_member", actor=actor.id)
    roles = roles_of(view, actor.id)
    for field in right.own:
        owner = getattr(command, field)
        if owner is None:
            continue
        if owner == actor.id:
            return "", None
        for role in ("representative", "team_leader"):
            if (role, owner) in roles.held:
                return role, owner
        if owner in roles.principals:
            return "proxy", owner
    held = _held(roles, right)
    if held:
        # Staff at the counter say for whom they act; it is recorded, and gives no right of its own.
        return held, actor.behalf
    if right.anybody and prefix_of(actor.id) == PERSON:
        return "", actor.behalf if actor.behalf in roles.principals else None
    raise NotYours("not_allowed", command=command.NAME)


def _held(roles: Roles, right: Right) -> str:
    return min((role for role, scope in roles.held if role in right.roles and reaches(scope)), default="")


def reaches(scope: str) -> bool:
    """Whether a role counts in the whole community: one given for a unit, team or fund counts only there."""
    return scope == "" or prefix_of(scope) == "place"
