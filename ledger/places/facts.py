"""Facts of the tree of places."""

from __future__ import annotations

from typing import ClassVar

from ledger.base import Fact, fact


@fact("place.ledger_opened@1")
class LedgerOpened(Fact, frozen=True, kw_only=True):
    """A ledger begins: whose it is, in which time zone its days run, and who keeps the machine."""

    TAGS: ClassVar[tuple[str, ...]] = ()
    name: str
    zone: str
    operator: str

    def more_tags(self) -> tuple[str, ...]:
        """Opening is unique: the tag makes a second opening a conflict."""
        return ("ledger",)


@fact("place.added@1")
class PlaceAdded(Fact, frozen=True, kw_only=True):
    """A place hangs below its parent; names of places are public."""

    TAGS: ClassVar[tuple[str, ...]] = ("place_id",)
    place_id: str
    kind: str
    name: str
    parent: str | None = None


@fact("place.intake_point_opened@1")
class IntakePointOpened(Fact, frozen=True, kw_only=True):
    """Requests can come in here: a QR code on a stairwell, a home-visit round, a meeting, a survey (M6)."""

    TAGS: ClassVar[tuple[str, ...]] = ("point_id",)
    point_id: str
    channel: str
    label: str
    place: str | None = None


@fact("place.intake_point_closed@1")
class IntakePointClosed(Fact, frozen=True, kw_only=True):
    """No request comes in here any more."""

    TAGS: ClassVar[tuple[str, ...]] = ("point_id",)
    point_id: str
