"""The decision to put personal data right (PIPL §46). It reads commitments only; what the words say is in the vault."""

from __future__ import annotations

from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.base import Command, Decide, Fact, Scene, State, View
from ledger.errors import Conflict, NotFound, NotYours
from ledger.ids import PERSON, UNIT
from ledger.parties import commands as do
from ledger.parties import facts
from ledger.parties.erasure import KEEPERS
from ledger.parties.state import Standing, roles_of

SHOWN_AT_THE_DESK = frozenset({"paper", "document"})
"""What whoever keeps the register has to have seen; members say nothing of the kind for themselves."""

_NEIGHBOURLY = frozenset({"representative", "team_leader"})
"""Who speaks for a unit or leads a team signs in like a neighbour; whoever holds any other role is staff."""


class Details(State, frozen=True, kw_only=True):
    """What commits to somebody's details now (tag: the id of a member or a unit); "" where there are none."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {facts.MemberRegistered, facts.UnitRegistered, facts.DetailsCorrected, facts.ContactChanged}
    )
    words: str = ""

    def evolve(self, happened: Fact) -> Self:
        """The last ones count."""
        match happened:
            case facts.MemberRegistered(member_id=subject) | facts.DetailsCorrected(member_id=subject):
                pass
            case facts.UnitRegistered(unit_id=subject) | facts.ContactChanged(unit_id=subject):
                pass
            case _:
                return self
        return replace(self, words=happened.words) if subject == self.tag else self


def correct_details(view: View, c: do.CorrectDetails, scene: Scene) -> list[Fact]:
    """See `CorrectDetails`; also of who left, as long as anything is held about them."""
    if view.state(Standing, c.member_id).kind != PERSON:
        raise NotFound("no_such_member", member=c.member_id)
    if (c.proof in SHOWN_AT_THE_DESK) != (scene.role in KEEPERS):
        raise NotYours("proof_not_yours", field="proof")
    if scene.role == "community_worker" and any(
        role not in _NEIGHBOURLY for role, _ in roles_of(view, c.member_id).held
    ):
        # A new phone of theirs would let whoever holds it set their first password.
        raise NotYours("details_of_office", member=c.member_id)
    before = _before(view, c.member_id, c.seen)
    return [facts.DetailsCorrected(member_id=c.member_id, before=before, proof=c.proof, words=scene.sealed)]


def change_contact(view: View, c: do.ChangeContact, scene: Scene) -> list[Fact]:
    """See `ChangeContact`."""
    if view.state(Standing, c.unit_id).kind != UNIT:
        raise NotFound("no_such_unit", party=c.unit_id)
    return [facts.ContactChanged(unit_id=c.unit_id, before=_before(view, c.unit_id, c.seen), words=scene.sealed)]


def _before(view: View, subject: str, seen: str) -> str:
    """What commits to the details that end; raises Conflict `details_moved` where the author saw older ones."""
    before = view.state(Details, subject).words
    if seen and seen != before:
        raise Conflict("details_moved", subject=subject)
    return before


CORRECTING_RULES: dict[type[Command], Decide] = {
    do.CorrectDetails: correct_details,
    do.ChangeContact: change_contact,
}
