"""A disclosure as it is shown and printed: its sums, its items, and every version that was published."""

from __future__ import annotations

import msgspec

from projections.reading import Cells

SUMS = ("opening", "received", "refunded", "spent", "returned", "fee", "closing")
"""The figures of the whole fund, in fen; `fee` is part of what was spent."""
ITEM_COLUMNS = ("opening", "received", "refunded", "moved", "spent", "returned", "closing")
"""The figures of an item, in fen; `moved` came from other items, below zero where it went on to others."""


class Item(msgspec.Struct, frozen=True):
    """A service item of a disclosure: its figures in the order of `ITEM_COLUMNS`, in fen."""

    disclosed_id: str
    name: str
    figures: list[int]


class Change(msgspec.Struct, frozen=True):
    """A figure that a correction changed, in fen."""

    label: str
    before_fen: int
    after_fen: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The publication, or a correction with its reason and what it changed."""

    number: int
    day: str
    who: str
    reason: str
    changes: list[Change]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosure of a fund with the figures told last."""

    fund: Cells
    row: Cells
    kind: str
    items: list[Item]
    versions: list[Version]

    @property
    def corrections(self) -> list[Version]:
        """Everything after the first publication."""
        return self.versions[1:]
