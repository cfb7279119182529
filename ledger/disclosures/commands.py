"""Commands of disclosures."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from msgspec import field

from ledger.base import Command
from ledger.ids import maker


class DeclareEmergency(Command, frozen=True, kw_only=True):
    """Let a fund work in an emergency until a day; said again, it lasts until another."""

    NAME: ClassVar[str] = "declare_emergency"
    fund: str
    until_day: date


class PublishDisclosure(Command, frozen=True, kw_only=True):
    """Disclose a fund's figures from where the last disclosure ended; until yesterday, where no day is stated.

    The figures are not stated by anybody: they are those of the journal.
    """

    NAME: ClassVar[str] = "publish_disclosure"
    GENERATED: ClassVar[tuple[str, ...]] = ("disclosure_id",)
    disclosure_id: str = field(default_factory=maker("disc"))
    fund: str
    until_day: date | None = None


class CorrectDisclosure(Command, frozen=True, kw_only=True):
    """Publish a disclosure's figures again, with what was entered later for its days."""

    NAME: ClassVar[str] = "correct_disclosure"
    disclosure_id: str
    reason: Literal["late_entry", "entry_mistake"]
