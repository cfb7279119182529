"""Whose own affair an appraisal's subject is: they do not judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import NotFound
from ledger.funds.interest import has_interest
from ledger.ids import TEAM, UNIT, prefix_of
from ledger.parties.state import need_party, represents
from ledger.places.facts import ResponsibleAppointed, ResponsibleEnded
from ledger.places.state import need_place
from ledger.projects.facts import MeasureAdded, MeasureHandedOver, ProjectPlanned


class Answering(State, frozen=True, kw_only=True):
    """Who answers for a project or a place (tag: its id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {ProjectPlanned, MeasureAdded, MeasureHandedOver, ResponsibleAppointed, ResponsibleEnded}
    )
    planned: bool = False
    """Whether this is a project."""
    parties: Mapping[str, str] = msgspec.field(default_factory=dict)
    """`sponsor`, a measure's id or a duty's id → the party"""

    def evolve(self, happened: Fact) -> Self:
        """Follows a project's sponsor and the owners of its measures, and those responsible for a place."""
        match happened:
            case ProjectPlanned():
                sponsors = {"sponsor": happened.sponsor} if happened.sponsor else {}
                return replace(self, planned=True, parties={**self.parties, **sponsors})
            case MeasureAdded() | MeasureHandedOver():
                return replace(self, parties={**self.parties, happened.project_measure_id: happened.owner})
            case ResponsibleAppointed():
                return replace(self, parties={**self.parties, happened.duty_id: happened.member_id})
            case ResponsibleEnded():
                return replace(self, parties={one: who for one, who in self.parties.items() if one != happened.duty_id})
        return self


def owners_of(view: View, subject: str) -> frozenset[str]:
    """The parties whose own affair a unit, team, project or place is.

    Raises NotFound: `no_such_unit`, `no_such_team`, `no_such_place`, and `cannot_be_appraised` for anything else.
    """
    kind = prefix_of(subject)
    if kind in (UNIT, TEAM):
        need_party(view, subject)
        return frozenset({subject})
    answering = view.state(Answering, subject)
    if not answering.planned:
        if kind != "place":
            raise NotFound("cannot_be_appraised", subject=subject)
        need_place(view, subject)
    return frozenset(answering.parties.values())


def is_own(view: View, party: str, owners: frozenset[str]) -> bool:
    """Whether a party has an interest in one of the owners, seen from either side: a team's affair is its unit's too."""
    return any(has_interest(view, party, owner) for owner in sorted(owners))


def speaks_as(view: View, actor: str, party: str) -> bool:
    """Whether the actor is that member, or speaks for that team or unit; no proxy judges in another's name."""
    return actor == party or represents(view, actor, party)
