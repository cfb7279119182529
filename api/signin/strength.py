"""How strong a sign-in must be: who decides over others' affairs proves it by a password and a second factor."""

from __future__ import annotations

from ledger.base import View
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import Standing, roles_of

STAFF_ROLES = frozenset(
    {"community_worker", "committee_member", "treasurer", "host_charity", "auditor", "administrator"}
)
"""Choice: those who lead a team or speak for a unit are neighbours, and sign in like them."""
WEAK_WAYS = frozenset({"code", "card"})
"""A code to a phone and a printed card are one thing that somebody has, and others may come to have."""
BEGIN = "begin"
"""The way of who holds an office and no password yet: by a code to their phone, to set one, and to do nothing else."""


def is_staff(view: View, actor: str) -> bool:
    """Whether somebody holds a role that a code or a card alone must not open, wherever it counts."""
    return any(role in STAFF_ROLES for role, _scope in roles_of(view, actor).held)


def may_be_here(view: View, actor: str, via: str) -> bool:
    """Whether a session that began `via` some way is its owner's: not for who was erased, nor the weak ways for who has
    become staff since; and one for setting a password is nobody's."""
    if via == BEGIN:
        return False
    if prefix_of(actor) == PERSON and view.state(Standing, actor).erased:
        return False
    return via not in WEAK_WAYS or not is_staff(view, actor)


def lacks_only_password(view: View, actor: str) -> bool:
    """Whether somebody is a member who holds an office: who has no password yet may set one (`api.signin.links`)."""
    standing = view.state(Standing, actor)
    return standing.kind == PERSON and not standing.left and is_staff(view, actor)


def signs_in_weakly(view: View, actor: str) -> bool:
    """Whether a code or a card may sign somebody in: a member (also one who left, whose own affairs stay open to them)."""
    standing = view.state(Standing, actor)
    return standing.kind == PERSON and not standing.erased and not is_staff(view, actor)
