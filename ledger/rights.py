"""Whether an actor may give a command, and in which role: read from role facts, like everything else.

Who may what is in `ledger.rights_table`; here is how a line of it is applied.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.actors import Actor
from ledger.base import Command, Right, View
from ledger.errors import NotYours
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Roles, Standing, roles_of
from ledger.places.state import places_up
from ledger.whereabouts import PLACE, place_of


def authorise(view: View, right: Right, command: Command, actor: Actor) -> tuple[str, str | None]:
    """The role that lets this actor give this command, and on whose behalf; raises NotYours.

    One's own affairs come first (role ""), then units and teams one acts for, then principals whose proxy one is,
    then roles held in the community, then roles held for one place if it happens there or below.
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
    held = role_for(view, roles, right.roles, (getattr(command, field) for field in right.at))
    if held:
        # Staff at the counter say for whom they act; it is recorded, and gives no right of its own.
        return held, actor.behalf
    if right.anybody and prefix_of(actor.id) == PERSON:
        return "", actor.behalf if actor.behalf in roles.principals else None
    raise NotYours("not_allowed", command=command.NAME)


def role_for(view: View, roles: Roles, wanted: frozenset[str], at: Iterable[str | None]) -> str:
    """Which of the wanted roles somebody with such roles has there; "" for none.

    `at` are ids of places, or of things or people with a place; the first that leads to one is where it is. It is only
    looked for where a role held for one place could decide.
    """
    fitting = [(role, scope) for role, scope in roles.held if role in wanted]
    everywhere = [role for role, scope in fitting if scope == ""]
    if everywhere:
        return min(everywhere)
    for_places = [(role, scope) for role, scope in fitting if prefix_of(scope) == PLACE]
    if not for_places:
        return ""
    place = next((found for one in at if (found := place_of(view, one)) is not None), None)
    chain = () if place is None else places_up(view, place)
    return min((role for role, scope in for_places if scope in chain), default="")


def serves(view: View, actor: str, role: str, *at: str | None) -> bool:
    """Whether an actor holds a role for the whole community, or for the place to which `at` leads or one above it."""
    return bool(role_for(view, roles_of(view, actor), frozenset({role}), at))
