"""Facts of honours."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("honour.plaque_awarded@1")
class PlaqueAwarded(Fact, frozen=True, kw_only=True):
    """A plaque for a unit, after accepted work on a listing (M15); published."""

    TAGS: ClassVar[tuple[str, ...]] = ("plaque_id", "unit", "request_id")
    plaque_id: str
    unit: str
    tier: str
    request_id: str
    awarded_by: str
    day: date
    until_day: date


@fact("honour.plaque_revoked@1")
class PlaqueRevoked(Fact, frozen=True, kw_only=True):
    """The plaque is taken down, with the reason; also published."""

    TAGS: ClassVar[tuple[str, ...]] = ("plaque_id", "unit")
    plaque_id: str
    unit: str
    reason: str
    revoked_by: str
    day: date


@fact("honour.plaque_renewed@1")
class PlaqueRenewed(Fact, frozen=True, kw_only=True):
    """Newly accepted work keeps the plaque on the wall, at the same tier or another, until a new day."""

    TAGS: ClassVar[tuple[str, ...]] = ("plaque_id", "unit", "request_id")
    plaque_id: str
    unit: str
    tier: str
    request_id: str
    renewed_by: str
    day: date
    until_day: date
