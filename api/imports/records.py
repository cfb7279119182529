"""Rows that are no records: blank ones, totals, notes at the foot, and the heading printed again on the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from api.imports.folding import Cell, is_blank
from api.imports.headings import heading_of
from api.imports.sheet import Row
from api.imports.words import any_of, folded

_TOTAL: Final = re.compile(
    rf"(?:{any_of('rows', 'total_before')}|\d)*+{any_of('rows', 'total')}(?:[:(,\d¥].*)?", re.ASCII | re.DOTALL
)
_NOTE: Final = re.compile(rf"{any_of('rows', 'note')}[:\d].*", re.ASCII | re.DOTALL)
_LOOKED_AT: Final = 2
"""A total says so in its first cell, or in the second behind a number of its own."""
_NOTE_CELLS: Final = 4
_LONGEST_HEADING: Final = 60


def why_no_record(
    row: Row, numbering: frozenset[int] = frozenset(), headings: Mapping[int, str] | None = None
) -> str | None:
    """`blank`, `total`, `note` or `repeated_heading`; None for a record.

    `numbering` are the columns that merely count rows (a printed form is numbered to its end), `headings` those of the
    columns that are read, as `Heading.whole`.
    """
    told = [(index, cell) for index, cell in enumerate(row.cells) if not is_blank(cell)]
    if all(index in numbering for index, _ in told):
        return "blank"
    first = [folded(cell) for _, cell in told[:_LOOKED_AT] if isinstance(cell, str) and len(cell) < 60]
    if any(_TOTAL.fullmatch(text) for text in first):
        return "total"
    if (
        len(told) <= _NOTE_CELLS
        and all(isinstance(cell, str) for _, cell in told)
        and _NOTE.match(folded(str(told[0][1])))
    ):
        return "note"
    if headings and _repeats(told, headings):
        return "repeated_heading"
    return None


def _repeats(told: list[tuple[int, Cell]], headings: Mapping[int, str]) -> bool:
    """Whether every cell under a heading says that heading again, in two columns at least if there are two."""
    same = 0
    for index, cell in told:
        if index in headings:
            if not isinstance(cell, str) or len(cell) > _LONGEST_HEADING or heading_of(cell).whole != headings[index]:
                return False
            same += 1
    return same >= min(2, len(headings))
