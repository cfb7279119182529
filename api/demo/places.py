"""The street with its 15 communities and 29 courtyards, and the points where requests come in."""

from __future__ import annotations

from typing import NamedTuple

from api.demo.data import PlacesList, load
from api.demo.run import Keyed, Run, made
from ledger.places.commands import AddPlace, Channel, OpenIntakePoint, PlaceKind
from ledger.places.facts import IntakePointOpened, PlaceAdded

COURTYARDS = 29
_GRIDS_EACH, _BUILDINGS_EACH = 2, 5


class Spot(NamedTuple):
    """A place with its name."""

    id: str
    name: str


class Point(NamedTuple):
    """Where requests come in."""

    id: str
    channel: Channel


class Places(NamedTuple):
    """Courtyard i lies in community i // 2; `buildings` has five to a courtyard, in order."""

    communities: list[Spot]
    courtyards: list[Spot]
    buildings: list[Spot]
    codes: list[Point]
    """163 QR codes: one at every building and community, three of the street."""
    visits: list[Point]
    meetings: list[Point]
    survey: Point

    def courtyards_of(self, community: int) -> list[Spot]:
        """The courtyards of the community with that number, from 0."""
        return self.courtyards[2 * community : 2 * community + 2]


def build(run: Run, administrator: str) -> Places:
    """Hang the places into the tree and open the intake points."""
    texts = load("places", PlacesList)
    names = texts.communities
    communities = _add(
        run, administrator, "community", [(texts.community.format(name=name), run.street) for name in names]
    )
    grids = _add(
        run, administrator, "grid",
        [
            (texts.grid.format(name=names[i // _GRIDS_EACH], number=i % _GRIDS_EACH + 1), communities[i // _GRIDS_EACH].id)
            for i in range(_GRIDS_EACH * len(names))
        ],
    )  # fmt: skip
    courtyards = _add(
        run, administrator, "courtyard",
        [(texts.courtyard.format(name=names[i // 2], number=i % 2 + 1), grids[i].id) for i in range(COURTYARDS)],
    )  # fmt: skip
    buildings = _add(
        run, administrator, "building",
        [
            (texts.building.format(number=i % _BUILDINGS_EACH + 1), courtyards[i // _BUILDINGS_EACH].id)
            for i in range(_BUILDINGS_EACH * COURTYARDS)
        ],
    )  # fmt: skip
    at_buildings = [
        (f"{courtyards[i // _BUILDINGS_EACH].name}{building.name}", building.id) for i, building in enumerate(buildings)
    ]
    at_communities = [(spot.name, spot.id) for spot in communities]
    of_the_street = [(name, run.street) for name in texts.street_points]
    everywhere = [*at_buildings, *at_communities, *of_the_street]
    return Places(
        communities, courtyards, buildings,
        codes=_open(run, administrator, "qr", texts.code, everywhere),
        visits=_open(run, administrator, "visit", texts.visit, at_communities),
        meetings=_open(run, administrator, "meeting", texts.meeting, at_communities),
        survey=_open(run, administrator, "survey", texts.survey, [("", run.street)])[0],
    )  # fmt: skip


def _add(run: Run, administrator: str, kind: PlaceKind, wanted: list[tuple[str, str]]) -> list[Spot]:
    commands: list[Keyed] = [
        (f"place:{kind}:{i}", AddPlace(kind=kind, name=name, parent=parent)) for i, (name, parent) in enumerate(wanted)
    ]
    added = [made(answer, PlaceAdded) for answer in run.many(administrator, commands)]
    return [Spot(fact.place_id, fact.name) for fact in added]


def _open(run: Run, administrator: str, channel: Channel, label: str, at: list[tuple[str, str]]) -> list[Point]:
    commands: list[Keyed] = [
        (f"point:{channel}:{i}", OpenIntakePoint(channel=channel, label=label.format(place=name), place=place))
        for i, (name, place) in enumerate(at)
    ]
    return [Point(made(answer, IntakePointOpened).point_id, channel) for answer in run.many(administrator, commands)]
