"""Facts of the tree of places."""

from __future__ import annotations

from datetime import date
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


@fact("place.responsible_appointed@1")
class ResponsibleAppointed(Fact, frozen=True, kw_only=True):
    """Somebody answers for a place under a public title: 院长, 楼长, 楼栋长, 网格长 (M4)."""

    TAGS: ClassVar[tuple[str, ...]] = ("duty_id", "place_id", "member_id")
    duty_id: str
    place_id: str
    member_id: str
    office: str
    appointed_by: str
    day: date


@fact("place.responsible_ended@1")
class ResponsibleEnded(Fact, frozen=True, kw_only=True):
    """They answer for it no more."""

    TAGS: ClassVar[tuple[str, ...]] = ("duty_id", "place_id", "member_id")
    duty_id: str
    place_id: str
    member_id: str
    reason: str
    day: date


@fact("place.households_counted@1")
class HouseholdsCounted(Fact, frozen=True, kw_only=True):
    """So many households live there; `change` is the difference to the count before."""

    TAGS: ClassVar[tuple[str, ...]] = ("place_id",)
    place_id: str
    kind: str
    households: int
    change: int
    first: bool
    day: date


@fact("place.classified@1")
class PlaceClassified(Fact, frozen=True, kw_only=True):
    """What kind of courtyard it is, as a word of the community's own list (`family`, `elderly` …): needs differ by it."""

    TAGS: ClassVar[tuple[str, ...]] = ("place_id",)
    place_id: str
    label: str
    day: date
