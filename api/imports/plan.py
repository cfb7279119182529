"""How a sheet is going to be read: its heading, its columns, what the map states, and whether that makes records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from api.imports.columns import ColumnUnderstanding, understand_columns
from api.imports.folding import Cell, CellError, as_text, is_blank
from api.imports.guarding import plain
from api.imports.headings import REPORT, find_heading, heading_of, is_report
from api.imports.kinds import Kind, kind_named
from api.imports.mapping import Mapping, check_map
from api.imports.parsing import Parser, parser_of
from api.imports.problems import MapError, SheetError
from api.imports.records import why_no_record
from api.imports.sheet import Row, Sheet, read_sheet
from api.imports.words import folded


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sheet is going to be read; `reading.walk` does it."""

    kind: Kind
    mapping: Mapping
    sheet: Sheet
    position: int
    columns: list[ColumnUnderstanding]
    absent: tuple[str, ...]
    """Headings the map speaks of that the sheet does not have."""
    identity_columns: tuple[int, ...]
    constants: dict[str, Any]
    parsers: list[tuple[ColumnUnderstanding, str, Parser]]
    key: bytes = b""

    @property
    def heading_row(self) -> int:
        """The number of the heading row in the sheet."""
        return self.sheet.rows[self.position].number

    @property
    def total(self) -> int:
        """Rows below the heading, blank ones too: what a progress bar counts to."""
        return len(self.sheet.rows) - self.position - 1

    @property
    def numbering(self) -> frozenset[int]:
        """Columns that merely count rows."""
        return frozenset(column.index for column in self.columns if column.how in ("running_number", "report"))

    @property
    def headings(self) -> dict[int, str]:
        """Column index → its heading as it is compared, of the columns that are read."""
        return {column.index: heading_of(column.heading).whole for column in self.columns if column.fields}

    def heading_for(self, name: str) -> str:
        """The heading a person should look at for a field: that of its column, its letter, or the usual heading."""
        column = self.column_of(name)
        return (column.heading or column.letter) if column else self.kind.fields[name].headings[0]

    def column_of(self, name: str) -> ColumnUnderstanding | None:
        """The column whose cells go to the field."""
        return next((column for column in self.columns if name in column.fields), None)

    def column_at(self, index: int) -> str:
        """The heading of the column, or its letter."""
        return next(column.heading or column.letter for column in self.columns if column.index == index)

    @property
    def report_columns(self) -> frozenset[int]:
        """Columns that an earlier report of ours added."""
        return frozenset(column.index for column in self.columns if column.how == "report")

    @property
    def amount_columns(self) -> frozenset[int]:
        """Columns of money and of numbers of things: what is merged over several rows is not each row's."""
        return frozenset(
            column.index
            for column in self.columns
            if {self.kind.fields[name].type for name in column.fields} & {"fen", "count"}
        )

    @property
    def report_row(self) -> int | None:
        """The column in which a report of ours keeps the number that a row had in its first sheet."""
        return next((column.index for column in self.columns if REPORT.get(folded(column.heading)) == "row"), None)

    def original_number(self, row: Row) -> int:
        """The number the row had in the sheet it was first read from."""
        index = self.report_row
        told = as_text(row.cells[index]).strip() if index is not None and index < len(row.cells) else ""
        return int(told) if told.isdecimal() and len(told) < 8 else row.number


def plan(path: Path, kind: str, mapping: Mapping | None = None, *, today: date, key: bytes = b"") -> Plan:
    """Understand the columns of a file without reading its rows. Raises as `understand` does."""
    mapping = mapping or Mapping()
    wanted = kind_named(kind)
    check_map(mapping, wanted)
    sheet = read_sheet(path, mapping.sheet)
    position = find_heading(sheet, wanted, mapping)
    sheet = _unguarded(sheet, position)
    columns = understand_columns(sheet, position, wanted, mapping)
    headings = _by_heading(columns)
    absent = tuple(told for name, told in mapping.headings.items() if name not in headings)
    _check_required(columns, wanted, mapping, absent)
    return Plan(
        kind=wanted,
        mapping=mapping,
        sheet=_filled_down(sheet, position, [_column_named(name, headings) for name in mapping.fill_down]),
        position=position,
        columns=columns,
        absent=absent,
        identity_columns=tuple(_column_named(name, headings) for name in mapping.identity_columns),
        constants=_constants(wanted, mapping, today),
        parsers=[
            (column, name, parser_of(wanted.fields[name], column.unit, mapping, today=today))
            for column in columns
            for name in column.fields
        ],
        key=key,
    )


def _by_heading(columns: list[ColumnUnderstanding]) -> dict[str, int]:
    """Heading → column, by every form of the heading a map may use; the first column where several share one."""
    found: dict[str, int] = {}
    for column in columns:
        heading = heading_of(column.heading)
        for name in (folded(heading.text), heading.whole, heading.bare):
            found.setdefault(name, column.index)
    return found


def _column_named(name: str, headings: dict[str, int]) -> int:
    if name not in headings:
        raise MapError("column_not_found", heading=name)
    return headings[name]


def _check_required(columns: list[ColumnUnderstanding], kind: Kind, mapping: Mapping, absent: tuple[str, ...]) -> None:
    there = {name for column in columns for name in column.fields} | set(mapping.constants)
    groups = [((name,),) for name in kind.required] + list(kind.one_of)
    for group in groups:
        if not any(there.issuperset(way) for way in group):
            expected = [" + ".join(kind.fields[name].headings[0] for name in way) for way in group]
            raise SheetError(
                "missing_column", field=group[0][0], expected=" / ".join(expected), absent=", ".join(absent) or "-"
            )


def _constants(kind: Kind, mapping: Mapping, today: date) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, told in kind.fields.items():
        if name in mapping.constants:
            unit = mapping.unit_of(told.type)
            try:
                values[name] = parser_of(told, unit, mapping, today=today)(mapping.constants[name])
            except CellError as error:
                raise MapError("bad_constant", field=name, value=mapping.constants[name], reason=error.code) from error
        elif told.default is not None:
            values[name] = told.default
    return values


def _filled_down(sheet: Sheet, position: int, columns: list[int]) -> Sheet:
    """The sheet with blank cells of these columns taking the value above, where the map says that blank means that."""
    if not columns:
        return sheet
    rows = sheet.rows[: position + 1]
    last: dict[int, Cell] = {}
    for row in sheet.rows[position + 1 :]:
        if all(is_blank(cell) for cell in row.cells) or why_no_record(row):
            rows.append(row)
            continue
        cells = list(row.cells) + [None] * (max(columns) + 1 - len(row.cells))
        for column in columns:
            cells[column] = last.get(column) if is_blank(cells[column]) else cells[column]
            last[column] = cells[column]
        rows.append(Row(row.number, tuple(cells)))
    return replace(sheet, rows=rows)


def _unguarded(sheet: Sheet, position: int) -> Sheet:
    """A report of ours with the apostrophes taken off again that keep its cells from being run as formulas."""
    if not is_report(sheet.rows[position]):
        return sheet
    rows = [
        Row(row.number, tuple(plain(cell) if isinstance(cell, str) else cell for cell in row.cells))
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)
