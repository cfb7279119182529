"""Facts of disclosures: what a fund told the public, with the figures of its facts at that moment."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Fact, fact


@fact("disclosure.emergency_declared@1")
class EmergencyDeclared(Fact, frozen=True, kw_only=True):
    """Until that day a fund works in an emergency and discloses every few days (慈善法 §72)."""

    TAGS: ClassVar[tuple[str, ...]] = ("fund",)
    fund: str
    until_day: date
    declared_by: str
    day: date


class FiguresFact(Fact, frozen=True, kw_only=True):
    """A fund's figures of the days from `from_day` to `until_day`, both included, in fen.

    opening + received − refunded − spent + returned = closing; `fee_fen` is part of what was spent.
    """

    fund: str
    from_day: date
    until_day: date
    opening_fen: int
    received_fen: int
    refunded_fen: int
    spent_fen: int
    returned_fen: int
    fee_fen: int
    closing_fen: int
    donations: int
    payments: int
    items: tuple[tuple[str, int, int, int, int, int, int, int], ...]
    """Per service item: its code, then opening, received, refunded, moved here, spent, returned, closing."""


@fact("disclosure.published@1")
class DisclosurePublished(FiguresFact, frozen=True, kw_only=True):
    """A disclosure: `periodic`, `emergency`, or `final` after the fund was closed."""

    TAGS: ClassVar[tuple[str, ...]] = ("disclosure_id", "fund")
    disclosure_id: str
    kind: str
    published_by: str
    day: date


@fact("disclosure.corrected@1")
class DisclosureCorrected(FiguresFact, frozen=True, kw_only=True):
    """The same period told again, because facts of its days were entered later; with the reason (令81)."""

    TAGS: ClassVar[tuple[str, ...]] = ("disclosure_id", "fund")
    disclosure_id: str
    reason: str
    corrected_by: str
    day: date
