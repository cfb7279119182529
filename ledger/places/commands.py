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
