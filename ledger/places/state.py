"""What decisions about places need to know."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.parties.state import Standing
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


class Duties(State, frozen=True, kw_only=True):
    """Who answers for a place (tag: the place's id), in the order of their appointment."""

    held: tuple[facts.ResponsibleAppointed, ...] = ()

    def evolve(self, happened: Fact) -> Self:
        """Follows appointments and their end."""
        match happened:
            case facts.ResponsibleAppointed():
                return replace(self, held=(*self.held, happened))
            case facts.ResponsibleEnded():
                return replace(self, held=tuple(one for one in self.held if one.duty_id != happened.duty_id))
        return self


class Duty(State, frozen=True, kw_only=True):
    """One appointment (tag: its id)."""

    appointed: facts.ResponsibleAppointed | None = None
    ended: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows its end."""
        match happened:
            case facts.ResponsibleAppointed():
                return replace(self, appointed=happened)
            case facts.ResponsibleEnded():
                return replace(self, ended=True)
        return self


class Profile(State, frozen=True, kw_only=True):
    """How many households live at a place, and what kind of courtyard it is (tag: its id)."""

    households: int | None = None
    label: str = ""

    def evolve(self, happened: Fact) -> Self:
        """The last count and the last word."""
        match happened:
            case facts.HouseholdsCounted():
                return replace(self, households=happened.households)
            case facts.PlaceClassified():
                return replace(self, label=happened.label)
        return self


def places_up(view: View, place_id: str) -> list[str]:
    """The place and all above it, narrowest first."""
    chain: list[str] = []
    above: str | None = place_id
    while above is not None:
        chain.append(above)
        above = view.state(Place, above).parent
    return chain


def responsible_for(view: View, place_id: str) -> str | None:
    """Who answers for exactly that place: of those appointed the first who has not left; None where nobody does."""
    for duty in view.state(Duties, place_id).held:
        if not view.state(Standing, duty.member_id).left:
            return duty.member_id
    return None


def answers_for(view: View, member_id: str, place_id: str) -> bool:
    """Whether a member answers for the place or for one above it."""
    return any(
        duty.member_id == member_id for place in places_up(view, place_id) for duty in view.state(Duties, place).held
    )


def next_above(view: View, place_id: str) -> tuple[str, str | None] | None:
    """The next place up with somebody responsible, else the topmost with nobody; None for who stands at the top.

    A tier for which nobody answers is passed over: what went up must reach somebody.
    """
    chain = places_up(view, place_id)[1:]
    for above in chain:
        responsible = responsible_for(view, above)
        if responsible is not None:
            return above, responsible
    return (chain[-1], None) if chain else None
