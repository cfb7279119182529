"""Which parser reads the cells of a field, with the unit of its column and what the map states."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table
from datetime import date, time
from typing import Any, cast

from api.imports import cells
from api.imports.amounts import ABSURD_QUANTITY
from api.imports.folding import Cell, CellError, Value, squeezed
from api.imports.kinds import Field
from api.imports.lengths import DAY_MINUTES
from api.imports.mapping import Mapping
from api.imports.times import Moment, When
from api.imports.words import words
from api.imports.workbook import ERROR

Parsed = Value | Moment | When
Parser = Callable[[Cell], Parsed]

_NOBODY = frozenset(words("nobody"))


def parser_of(field: Field, unit: str | None, mapping: Mapping, *, today: date) -> Parser:
    """A function from one raw cell, never blank, to the field's value; it raises `CellError` alone."""
    parse = _plain_parser(field, unit, mapping, today)

    def checked(cell: Cell) -> Parsed:
        if cell == ERROR:
            raise CellError("formula_error")
        return parse(cell)

    return checked


def _plain_parser(field: Field, unit: str | None, mapping: Mapping, today: date) -> Parser:
    limit = field.limit
    formats = mapping.dates
    whole_minutes = _without_seconds if mapping.drop_seconds else _as_it_is
    parsers: dict[str, Parser] = {
        "ref": cells.parse_ref,
        "text": lambda cell: cells.parse_text(cell, limit or cells.LONGEST_TEXT),
        "lines": lambda cell: cells.parse_text(cell, limit or cells.LONGEST_TEXT, lines=True),
        "date": lambda cell: cells.parse_date(cell, formats, today=today),
        "moment": lambda cell: whole_minutes(cells.parse_moment(cell, formats, today=today)),
        "when": lambda cell: whole_minutes(cells.parse_when(cell, formats, today=today)),
        "minutes": lambda cell: cells.parse_minutes(cell, unit, limit=limit or DAY_MINUTES),
        "fen": lambda cell: cells.parse_fen(cell, unit, negative=field.negative),
        "count": lambda cell: cells.parse_count(cell, mapping.limits.get("quantity", limit or ABSURD_QUANTITY)),
        "score": lambda cell: cells.parse_score(cell, cast(Table[str, int], field.choices)),
        "bool": lambda cell: cells.parse_bool(cell, cast(Table[str, bool], field.choices)),
        "choice": lambda cell: cells.parse_choice(cell, field.choices),
        "phone": cells.parse_phone,
        "id_number": cells.parse_id_number,
    }
    return parsers[field.type]


def _as_it_is(parsed: Parsed) -> Parsed:
    return parsed


def _without_seconds(parsed: Parsed) -> Parsed:
    """Times as the hands of a clock show them, for sheets of scanned entries whose map asks for it."""
    if isinstance(parsed, Moment):
        return parsed._replace(time=_to_minute(parsed.time))
    if isinstance(parsed, When):
        return parsed._replace(start=_to_minute(parsed.start), end=_to_minute(parsed.end))
    return parsed


def _to_minute(moment: Any) -> Any:
    return moment.replace(second=0, microsecond=0) if isinstance(moment, time) else moment


def is_nobody(text: str) -> bool:
    """Whether a giver's name is a word for somebody who does not wish to be known."""
    try:
        return squeezed(text) in _NOBODY
    except CellError:
        return False
