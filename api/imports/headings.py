"""Headings taken apart, and the row of a sheet that holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.imports.folding import Cell, as_text, is_blank
from api.imports.kinds import UNITS, Kind
from api.imports.mapping import Mapping
from api.imports.problems import SheetError
from api.imports.sheet import Row, Sheet
from api.imports.words import folded, under, words

HEADING_WITHIN: Final = 20
"""The heading is looked for in this many first rows."""

_REMARK: Final = re.compile(r"[(\[{【〔<〈《]([^)\]}】〕>〉》]*)[)\]}】〕>〉》]")
_MARKS: Final = re.compile(r"[*★:;。、]+")
REPORT: Final = {folded(heading): role for told in under("report").values() for role, heading in told.items()}
"""Headings that our own report of refused rows adds → row, column or reason."""
UNIT_WORDS: Final = {
    "minutes": {word: unit for unit in UNITS["minutes"] for word in words("units", "minutes", unit)},
    "fen": {word: unit for unit in UNITS["fen"] for word in words("units", "money", unit)},
}
"""By type of field: the words by which a heading says its unit → the unit."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading taken apart: as written, folded, folded without brackets, and what stood in the brackets."""

    text: str
    whole: str
    bare: str
    remarks: tuple[str, ...]


def heading_of(cell: Cell) -> Heading:
    """Take a heading cell apart. Stars, colons and white space do not count; a unit behind a stroke is a remark."""
    text = " ".join(as_text(cell).split())
    whole = _MARKS.sub("", folded(text))
    remarks = tuple(_MARKS.sub("", remark) for remark in _REMARK.findall(whole))
    bare = _REMARK.sub("", whole)
    head, stroke, unit = bare.rpartition("/")
    if stroke and head and any(unit in table for table in UNIT_WORDS.values()):
        bare, remarks = head, (*remarks, unit)
    return Heading(text, whole, bare, remarks)


def letter_of(index: int) -> str:
    """The letters a spreadsheet gives the column: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        index, rest = index // 26 - 1, index % 26
        letters = chr(65 + rest) + letters
    return letters


def find_heading(sheet: Sheet, kind: Kind, mapping: Mapping) -> int:
    """The position, among the rows, of the row with most headings we know: the first such. Raises `no_heading`.

    The map may state it, by its number in the sheet; a report of ours has it on top whatever the map says.
    """
    scored = [(_known_in(row, kind, mapping), position) for position, row in enumerate(sheet.rows[:HEADING_WITHIN])]
    reported = [position for (_, position) in scored if is_report(sheet.rows[position])]
    if reported:
        return reported[0]
    if mapping.heading_row is not None:
        stated = [position for position, row in enumerate(sheet.rows) if row.number == mapping.heading_row]
        if stated and any(not is_blank(cell) for cell in sheet.rows[stated[0]].cells):
            return stated[0]
        raise SheetError("no_heading_there", row=mapping.heading_row)
    best, position = max(scored, key=lambda found: (found[0], -found[1]), default=(0, 0))
    cells = [cell for cell in sheet.rows[position].cells if not is_blank(cell)] if sheet.rows else []
    if best < min(2, len(cells)) or not best:
        names = [*kind.required, *(ways[0][0] for ways in kind.one_of)]
        needed = [kind.fields[name].headings[0] for name in names]
        raise SheetError("no_heading", rows=HEADING_WITHIN, expected=", ".join(needed), sheets=", ".join(sheet.others))
    return position


def _known_in(row: Row, kind: Kind, mapping: Mapping) -> int:
    """How many different fields and stated columns the row's cells would name."""
    found: set[str] = set()
    for cell in row.cells:
        if not isinstance(cell, str) or is_blank(cell) or len(cell) > 60:
            continue
        heading = heading_of(cell)
        for name in (folded(heading.text), heading.whole, heading.bare):
            if name in mapping.columns or name in mapping.ignore:
                found.add(name)
                break
            named = next((field.name for field in kind.fields.values() if name in field.known_by), None)
            if named:
                found.add(named)
                break
    return len(found)


def is_report(row: Row) -> bool:
    """Whether the row is the heading of a report of refused rows, in any language."""
    return {"row", "reason"} <= {REPORT.get(folded(cell)) for cell in row.cells if isinstance(cell, str)}
