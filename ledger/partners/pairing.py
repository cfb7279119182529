"""Pairing units with places (结对子, M5): one unit with many places, and one place with many units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Command, Decide, Fact, Scene, State, View
from ledger.checks import check_id
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, NotYours
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.guards import need_unit, not_for_own_unit
from ledger.places.state import need_place


class Pairings(State, frozen=True, kw_only=True):
    """A unit's pairings that go on (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset[type[Fact]]((facts.UnitPaired, facts.PairingEnded))
    open: Mapping[str, facts.UnitPaired] = msgspec.field(default_factory=dict)
    """pairing id → how it began"""

    def evolve(self, happened: Fact) -> Self:
        """Follows pairing and its end."""
        match happened:
            case facts.UnitPaired():
                return replace(self, open={**self.open, happened.pairing_id: happened})
            case facts.PairingEnded():
                return replace(self, open={k: v for k, v in self.open.items() if k != happened.pairing_id})
        return self


class Pairing(State, frozen=True, kw_only=True):
    """Whether an id names a pairing (tag: its id)."""

    known: bool = False

    def evolve(self, happened: Fact) -> Self:
        """An id is used once."""
        return replace(self, known=True) if isinstance(happened, facts.UnitPaired) else self


def pair_unit(view: View, c: do.PairUnit, scene: Scene) -> list[Fact]:
    """See `PairUnit`; nobody agrees for both sides, and a unit is paired with a place once at a time."""
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    check_may_act(view, c.unit, scene.today)
    need_place(view, c.place)
    if view.state(Pairing, check_id(c.pairing_id, "pair")).known:
        raise Conflict("pairing_exists", pairing=c.pairing_id)
    for other in view.state(Pairings, c.unit).open.values():
        if other.place == c.place:
            raise Conflict("already_paired", pairing=other.pairing_id)
    return [
        facts.UnitPaired(pairing_id=c.pairing_id, unit=c.unit, place=c.place, paired_by=scene.actor, day=scene.today)
    ]


def end_pairing(view: View, c: do.EndPairing, scene: Scene) -> list[Fact]:
    """See `EndPairing`; the unit's own people can only say that the unit ends it."""
    paired = view.state(Pairings, c.unit).open.get(c.pairing_id)
    if paired is None:
        raise NotFound("no_such_pairing", pairing=c.pairing_id)
    if scene.role not in _OFFICE and c.reason != "by_partner":
        raise NotYours("reason_not_yours_to_state", reason=c.reason)
    return [ended_pairing(paired, c.reason, scene)]


def ended_pairing(paired: facts.UnitPaired, reason: str, scene: Scene) -> facts.PairingEnded:
    """The end of a pairing, today."""
    return facts.PairingEnded(
        pairing_id=paired.pairing_id, unit=paired.unit, place=paired.place, reason=reason, day=scene.today
    )


_OFFICE = frozenset({"community_worker", "administrator"})

PAIRING_RULES: dict[type[Command], Decide] = {
    do.PairUnit: pair_unit,
    do.EndPairing: end_pairing,
}
