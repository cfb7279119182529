"""Commands of honours."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import field

from ledger.base import Command
from ledger.ids import maker

PlaqueTier = Literal["bronze", "silver", "gold"]
TIERS: tuple[str, ...] = ("bronze", "silver", "gold")


class AwardPlaque(Command, frozen=True, kw_only=True):
    """Award a plaque to the unit that took a listing and whose work was accepted."""

    NAME: ClassVar[str] = "award_plaque"
    GENERATED: ClassVar[tuple[str, ...]] = ("plaque_id",)
    plaque_id: str = field(default_factory=maker("plq"))
    unit: str
    request_id: str
    tier: PlaqueTier = "bronze"


class RenewPlaque(Command, frozen=True, kw_only=True):
    """Let a plaque hang on after newly accepted work; the tier may rise with it."""

    NAME: ClassVar[str] = "renew_plaque"
    plaque_id: str
    request_id: str
    tier: PlaqueTier


class RevokePlaque(Command, frozen=True, kw_only=True):
    """Take a plaque back."""

    NAME: ClassVar[str] = "revoke_plaque"
    plaque_id: str
    reason: Literal["agreement_ended", "work_undone", "misconduct", "mistake"]
