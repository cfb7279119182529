"""Reads of the tree of places and of the points where requests come in."""

from __future__ import annotations

import msgspec

from api.paging import Paged, closed
from api.routes.asked import Asked
from api.routes.reads import Read, pick
from projections.books import queries


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place and what hangs below it."""

    place_id: str
    kind: str
    name: str
    below: list[Place]


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The tree of places: those at its top, each with what is below."""

    places: list[Place]


class IntakePoint(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code, visit round, meeting or survey, and how many requests came in there."""

    point_id: str
    channel: str
    label: str
    place: str | None
    open: bool
    requests: int


class IntakePoints(msgspec.Struct, frozen=True, kw_only=True):
    """A page of intake points, and how many requests came in over each channel in all."""

    intake_points: list[IntakePoint]
    channels: dict[str, int]
    next: str | None


def places(asked: Asked, _query: msgspec.Struct) -> Places:
    """The tree of places, from street to building."""
    rows = queries.places(asked.store.database, asked.ledger)
    made: dict[str, Place] = {}
    top: list[Place] = []
    for row in rows:
        place = Place(place_id=row["place_id"], kind=row["kind"], name=row["name"], below=[])
        made[place.place_id] = place
        above = made.get(row["parent"] or "")
        (top if above is None else above.below).append(place)
    return Places(places=top)


def intake_points(asked: Asked, query: Paged) -> IntakePoints:
    """Where requests come in, with counts."""
    database, ledger = asked.store.database, asked.ledger
    page = queries.intake_points(database, ledger, after=query.after, limit=query.limit)
    return IntakePoints(
        intake_points=[pick(IntakePoint, row) for row in page.rows],
        channels=queries.channels(database, ledger),
        next=closed(page.next),
    )


READS = (
    Read("/places", places, "places"),
    Read("/intake-points", intake_points, "places", Paged),
)
