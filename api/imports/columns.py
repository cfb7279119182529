"""Saying of every column of a sheet how it is understood, so that nothing is guessed in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from api.imports.dates import date_form
from api.imports.folding import as_text, is_blank
from api.imports.headings import REPORT, UNIT_WORDS, Heading, heading_of, letter_of
from api.imports.kinds import UNITS, Field, Kind, running_number_headings
from api.imports.mapping import Mapping
from api.imports.problems import MapError
from api.imports.sheet import Row, Sheet
from api.imports.words import folded

_SAMPLED: Final = 200
"""Rows whose cells tell the forms of days in a column."""


@dataclass(frozen=True, slots=True)
class ColumnUnderstanding:
    """What became of one column; the preview shows it.

    `how`: mapped (by the map), known (a usual heading), known_without_remark (usual but for its bracket), constant (the
    map states the value instead), overruled (the map gives its field to another column), ignored (by the map),
    running_number, report (added by our own report), unnamed, unknown.
    """

    index: int
    """From 0."""
    letter: str
    heading: str
    """As written, in one line."""
    fields: tuple[str, ...]
    how: str
    unit: str | None = None
    """Of money or minutes: the unit of bare figures; None where each cell must say its own."""
    forms: tuple[str, ...] = ()
    """The forms of days met in the first rows."""
    filled: bool = False
    """Whether merged cells were filled downwards in it."""
    sample: str = ""

    @property
    def field(self) -> str | None:
        """The field, or the first of several; None for a column that is left out."""
        return self.fields[0] if self.fields else None


def understand_columns(sheet: Sheet, position: int, kind: Kind, mapping: Mapping) -> list[ColumnUnderstanding]:
    """Every column that has a heading or holds anything, with the fields it goes to.

    Raises `MapError`: ambiguous_heading where two columns claim a field, unit_disagrees where map and heading differ.
    """
    cells = sheet.rows[position].cells
    data = sheet.rows[position + 1 :]
    headings = [heading_of(cells[index] if index < len(cells) else None) for index in range(sheet.width)]
    used = _used_columns(data)
    named = {index: heading for index, heading in enumerate(headings) if heading.text or index in used}
    claims: dict[int, tuple[tuple[str, ...], str]] = _stated(named, mapping)
    taken = {name for fields, _ in claims.values() for name in fields}
    claims |= _usual(named, claims, taken, kind, mapping)
    filled = {column for _, column in sheet.filled}
    return [
        _told(index, heading, claims[index], kind, mapping, data[:_SAMPLED], filled=index in filled)
        for index, heading in named.items()
    ]


def _used_columns(rows: Iterable[Row]) -> set[int]:
    used: set[int] = set()
    for row in rows:
        used.update(index for index, cell in enumerate(row.cells) if index not in used and not is_blank(cell))
    return used


def _stated(named: dict[int, Heading], mapping: Mapping) -> dict[int, tuple[tuple[str, ...], str]]:
    """What the map, our own report and the running number settle, by column."""
    claims: dict[int, tuple[tuple[str, ...], str]] = {}
    numbers = running_number_headings()
    by_heading: dict[str, list[int]] = {}
    for index, heading in named.items():
        stated = next((name for name in (heading.whole, heading.bare) if name in mapping.columns), None)
        plain = folded(heading.text)
        stated = plain if plain in mapping.columns else stated
        if stated is not None:
            by_heading.setdefault(stated, []).append(index)
            claims[index] = (mapping.columns[stated], "mapped")
        elif plain in REPORT:
            claims[index] = ((), "report")
        elif {plain, heading.whole, heading.bare} & mapping.ignore and heading.text:
            claims[index] = ((), "ignored")
        elif not heading.text:
            claims[index] = ((), "unnamed")
        elif heading.whole in numbers:
            claims[index] = ((), "running_number")
    for name, columns in by_heading.items():
        _one_only(mapping.headings[name], [named[index] for index in columns], columns)
    fields = [(field, index) for index, (names, _) in claims.items() for field in names]
    for field in {field for field, _ in fields}:
        columns = [index for name, index in fields if name == field]
        _one_only(field, [named[index] for index in columns], columns)
    return claims


def _one_only(name: str, headings: Sequence[Heading], columns: Sequence[int]) -> None:
    if len(columns) > 1:
        told = ", ".join(
            f"{letter_of(index)} {heading.text}".strip() for index, heading in zip(columns, headings, strict=True)
        )
        raise MapError("ambiguous_heading", field=name, columns=told)


def _usual(
    named: dict[int, Heading],
    stated: dict[int, tuple[tuple[str, ...], str]],
    taken: set[str],
    kind: Kind,
    mapping: Mapping,
) -> dict[int, tuple[tuple[str, ...], str]]:
    """The columns that the map does not speak of, by the usual headings of the kind."""
    claims: dict[int, tuple[tuple[str, ...], str]] = {}
    wanted: dict[str, dict[str, list[int]]] = {}
    for index, heading in named.items():
        if index in stated:
            continue
        claims[index] = ((), "unknown")
        for how, name in (("known", heading.whole), ("known_without_remark", heading.bare)):
            field = next((field for field in kind.fields.values() if name in field.known_by), None)
            if field is not None:
                exact = how if not _harmless(heading, field) else "known"
                wanted.setdefault(field.name, {}).setdefault(exact, []).append(index)
                break
    for name, by_how in wanted.items():
        how = next(iter(sorted(by_how)))
        columns = by_how[how]
        if name in mapping.constants or name in taken:
            why = "constant" if name in mapping.constants else "overruled"
            claims |= {index: ((), why) for indexes in by_how.values() for index in indexes}
            continue
        _one_only(name, [named[index] for index in columns], columns)
        claims[columns[0]] = ((name,), how)
    return claims


def _harmless(heading: Heading, field: Field) -> bool:
    """Whether all that stands in brackets is the unit of the column."""
    return all(remark in UNIT_WORDS.get(field.type, {}) for remark in heading.remarks)


def _told(
    index: int,
    heading: Heading,
    claim: tuple[tuple[str, ...], str],
    kind: Kind,
    mapping: Mapping,
    rows: Sequence[Row],
    *,
    filled: bool,
) -> ColumnUnderstanding:
    fields, how = claim
    cells = [row.cells[index] for row in rows if index < len(row.cells) and not is_blank(row.cells[index])]
    types = {kind.fields[name].type for name in fields}
    unit = next(
        (_unit(heading, kind.fields[name], mapping) for name in fields if kind.fields[name].type in UNITS), None
    )
    forms = sorted({date_form(cell) or "?" for cell in cells}) if types & {"date", "when", "moment"} else []
    return ColumnUnderstanding(
        index=index,
        letter=letter_of(index),
        heading=heading.text,
        fields=fields,
        how=how,
        unit=unit,
        forms=tuple(forms),
        filled=filled,
        sample=as_text(cells[0])[:60] if cells else "",
    )


def _unit(heading: Heading, field: Field, mapping: Mapping) -> str | None:
    """The unit of bare figures: the map's, the heading's; for money yuan, as everybody writes it (practice)."""
    said = next(
        (UNIT_WORDS[field.type][remark] for remark in heading.remarks if remark in UNIT_WORDS[field.type]), None
    )
    said = said or field.known_by.get(heading.whole) or field.known_by.get(heading.bare)
    stated = mapping.unit_of(field.type)
    if said and stated and said != stated:
        raise MapError("unit_disagrees", heading=heading.text, stated=stated, said=said)
    return stated or said or ("yuan" if field.type == "fen" else None)
