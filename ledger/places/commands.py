"""Commands of the tree of places."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import field

from ledger.base import Command
from ledger.clock import DEFAULT_ZONE
from ledger.ids import maker

PlaceKind = Literal["street", "community", "grid", "courtyard", "building"]
Channel = Literal["qr", "online", "visit", "meeting", "survey", "paper", "import"]


class OpenLedger(Command, frozen=True, kw_only=True):
    """Begin a ledger; the first fact of every journal."""

    NAME: ClassVar[str] = "open_ledger"
    name: str
    zone: str = DEFAULT_ZONE
    operator: str = "svc_operator"


class AddPlace(Command, frozen=True, kw_only=True):
    """Hang a place into the tree."""

    NAME: ClassVar[str] = "add_place"
    GENERATED: ClassVar[tuple[str, ...]] = ("place_id",)
    place_id: str = field(default_factory=maker("place"))
    kind: PlaceKind
    name: str
    parent: str | None = None


class OpenIntakePoint(Command, frozen=True, kw_only=True):
    """Register a QR code, visit round, meeting or survey as an origin of requests."""

    NAME: ClassVar[str] = "open_intake_point"
    GENERATED: ClassVar[tuple[str, ...]] = ("point_id",)
    point_id: str = field(default_factory=maker("pt"))
    channel: Channel
    label: str
    place: str | None = None


class CloseIntakePoint(Command, frozen=True, kw_only=True):
    """Take an origin out of use."""

    NAME: ClassVar[str] = "close_intake_point"
    point_id: str


class OpenIntakePoints(Command, frozen=True, kw_only=True):
    """Register many origins of one kind at once, such as the QR codes of a courtyard: `label` with numbers from 1 on."""

    NAME: ClassVar[str] = "open_intake_points"
    GENERATED: ClassVar[tuple[str, ...]] = ("point_id",)
    point_id: str = field(default_factory=maker("pt"))
    channel: Channel
    label: str
    count: int
    place: str | None = None


class AppointResponsible(Command, frozen=True, kw_only=True):
    """Let somebody answer for a place under a title (院长, 楼长, 楼栋长, 网格长), which everybody may read."""

    NAME: ClassVar[str] = "appoint_responsible"
    GENERATED: ClassVar[tuple[str, ...]] = ("duty_id",)
    duty_id: str = field(default_factory=maker("duty"))
    place_id: str
    member_id: str
    office: str


class EndResponsible(Command, frozen=True, kw_only=True):
    """Let somebody answer for a place no more; also who left."""

    NAME: ClassVar[str] = "end_responsible"
    duty_id: str
    reason: Literal["resigned", "replaced", "moved_away", "term_over", "neglect"]


class CountHouseholds(Command, frozen=True, kw_only=True):
    """State how many households live at a place; a later count takes the place of the one before."""

    NAME: ClassVar[str] = "count_households"
    place_id: str
    households: int


class ClassifyPlace(Command, frozen=True, kw_only=True):
    """State what kind of courtyard it is, as a word of the community's own list: `family`, `elderly`, `old_estate`."""

    NAME: ClassVar[str] = "classify_place"
    place_id: str
    label: str
