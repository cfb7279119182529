"""What decisions about places need to know."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.places import facts

TIERS: tuple[str, ...] = ("street", "community", "grid", "courtyard", "building")
"""From the widest to the narrowest; a place hangs below one of a wider tier."""


class Opening(State, frozen=True, kw_only=True):
    """Whether the ledger was opened (tag `ledger`)."""

    opened: facts.LedgerOpened | None = None

    def evolve(self, happened: Fact) -> Self:
        """A ledger opens once."""
        return replace(self, opened=happened) if isinstance(happened, facts.LedgerOpened) else self


class Place(State, frozen=True, kw_only=True):
    """One place of the tree (tag: its id)."""

    kind: str = ""
    """street · community · grid · courtyard · building; "" while there is no such place."""
    parent: str | None = None

    def evolve(self, happened: Fact) -> Self:
        """A place keeps its kind and its parent."""
        if isinstance(happened, facts.PlaceAdded):
            return replace(self, kind=happened.kind, parent=happened.parent)
        return self


class IntakePoint(State, frozen=True, kw_only=True):
    """One origin of requests (tag: its id)."""

    channel: str = ""
    """How requests come in here; "" while there is no such point."""
    place: str | None = None
    closed: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows opening and closing."""
        match happened:
            case facts.IntakePointOpened():
                return replace(self, channel=happened.channel, place=happened.place)
            case facts.IntakePointClosed():
                return replace(self, closed=True)
        return self


def need_place(view: View, place_id: str) -> Place:
    """The place; raises NotFound `no_such_place`."""
    place = view.state(Place, place_id)
    if not place.kind:
        raise NotFound("no_such_place", place=place_id)
    return place


def need_point(view: View, point_id: str) -> IntakePoint:
    """The intake point, open or not; raises NotFound `no_such_point`."""
    point = view.state(IntakePoint, point_id)
    if not point.channel:
        raise NotFound("no_such_point", point=point_id)
    return point
