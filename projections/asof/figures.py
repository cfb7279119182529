"""What it means to open a figure: a value, and the entries that add up to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from ledger.errors import NotFound
from projections.asof.past import Past
from projections.books.queries_accounts import AsOf
from projections.reading import cursor_of, numbers_of


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a figure: what an event added (`position`), or what another figure contributes (`figure`), or both
    where one event stands for it and can be followed further. `at` and `type` are the event's (microseconds UTC, stored
    type name); None where there is no position."""

    amount: int
    position: int | None = None
    figure: str | None = None
    at: int | None = None
    type: str | None = None


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as of a position: the amounts of `entries`, over all pages, add up to `value`, in its unit."""

    figure: str
    value: int
    unit: str
    as_of: AsOf
    entries: list[Entry]
    next: str | None


Turn = Callable[[str | None, int], tuple[list[Entry], str | None]]
"""(cursor or None, how many) → the entries of that page, and the cursor of what follows."""


class Opened(NamedTuple):
    """A figure's value, its unit, and how its entries are turned page by page."""

    value: int
    unit: str
    turn: Turn


class Question(NamedTuple):
    """What is asked of a family of figures: the past, the parts of the name behind the family's, and the community's day."""

    past: Past
    name: str
    rest: str
    today: date | None

    def missing(self) -> NotFound:
        """That there is no such figure: the same words whatever the reason."""
        return NotFound("no_such_figure", figure=self.name)


Family = Callable[[Question], Opened]
"""Opens the figures of one family; raises NotFound `no_such_figure`."""


def listed(entries: Sequence[Entry]) -> Turn:
    """Pages of entries that are all in memory; the cursor counts them, as of one position they never move."""

    def turn(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        start = 0 if after is None else numbers_of(after, 1)[0]
        page = list(entries[start : start + limit])
        return page, cursor_of(start + limit) if len(entries) > start + limit else None

    return turn


def made_of(entries: Sequence[Entry], unit: str) -> Opened:
    """A figure that is the sum of entries in memory."""
    return Opened(sum(one.amount for one in entries), unit, listed(entries))
