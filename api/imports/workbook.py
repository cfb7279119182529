"""Reading XLSX behind its guards: against an archive that swells, a cell a million columns away, errors in cells."""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from api.imports.folding import Cell
from api.imports.problems import SheetError
from api.imports.sheet import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Row, Sheet

MOST_CELLS: Final = 20_000_000
"""Rows times columns of a sheet, used or not: the reader keeps them all (choice)."""
ERROR: Final = "#ERROR"
"""What a cell with a failed formula holds instead of nothing; `understand` refuses it as `formula_error`."""

_CHUNK: Final = 1 << 20
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What the guards do not see must not get past them: quotes of both kinds, signs of XML within quotes, places of any form.
_TAG: Final = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_PLACE: Final = re.compile(rb"""(?<![\w:.-])r\s*=\s*["']([^"']*)["']""")
_WELL_PLACED: Final = re.compile(rb"([A-Za-z]{0,3})0*(\d{1,7})")
_CLAIMED: Final = re.compile(rb"""[cC]ount\s*=\s*["']\s*\+?(\d+)""")
_OVERLAP: Final = 200
_FAILED: Final = re.compile(rb"""(?<![\w:.-])t\s*=\s*["']e["']""")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE: Final = 10**15
# What the readers raise for a damaged, foreign or locked archive.
_UNREADABLE: Final = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ET.ParseError,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)


def read_workbook(path: Path, sheet: str | None = None) -> Sheet:
    """The sheet of this name, or the first visible one that holds anything; merged cells filled downwards.

    Raises `SheetError` as `read_sheet` says.
    """
    try:
        _check_sizes(path)
        with CalamineWorkbook.from_path(str(path)) as book:
            return _read(path, book, sheet)
    except _UNREADABLE as error:
        raise SheetError("workbook_unreadable", file=path.name) from error


def _check_sizes(path: Path) -> None:
    """Unpack every part and count, whatever its header says; and see that it is a workbook at all.

    Numbers of things that a part merely claims to hold are bounded too: the library sets memory aside for them.
    """
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise SheetError("unknown_format", file=path.name, format="zip")
        left = MOST_BYTES
        for part in archive.infolist():
            honest = copy.copy(part)
            honest.file_size = left + 2 * _CHUNK
            before = b""
            with archive.open(honest) as file:
                while chunk := file.read(_CHUNK):
                    left -= len(chunk)
                    claimed = _CLAIMED.findall(before + chunk)
                    before = chunk[-_OVERLAP:]
                    if left < 0 or any(int(number[:20]) > MOST_CELLS for number in claimed):
                        raise SheetError("too_large", file=path.name, limit=f"{MOST_BYTES // 1_000_000} MB")


def _read(path: Path, book: CalamineWorkbook, wanted: str | None) -> Sheet:
    tables = [told for told in book.sheets_metadata if told.typ == SheetTypeEnum.WorkSheet]
    visible = [told.name for told in tables if told.visible == SheetVisibleEnum.Visible]
    if wanted is not None and wanted not in [told.name for told in tables]:
        raise SheetError("sheet_missing", file=path.name, sheet=wanted, sheets=", ".join(visible))
    with zipfile.ZipFile(path) as archive:
        parts = _parts(archive)
        used = [name for name in visible if _holds_anything(archive.read(parts[name]))]
        name = wanted if wanted is not None else next(iter(used), None)
        failed = _checked(path, archive.read(parts[name])) if name is not None else None
    if name is None or failed is None:
        raise SheetError("empty_file", file=path.name)
    table = book.get_sheet_by_name(name)
    rows, filled = _fill(table, list(_rows(table, failed)))
    return Sheet(rows, "xlsx", name=name, others=tuple(other for other in used if other != name), filled=filled)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part of the archive that holds it."""
    links = {link.get("Id"): link.get("Target", "") for link in _tree(archive, "xl/_rels/workbook.xml.rels")}
    sheets = _tree(archive, "xl/workbook.xml").iter()
    named = {
        str(sheet.get("name")): links[sheet.get(_LINK)]
        for sheet in sheets
        if sheet.tag.endswith("}sheet") and sheet.get(_LINK)
    }
    return {
        name: target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)
        for name, target in named.items()
    }


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    raw = archive.read(part)
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ValueError("document type declarations have no place in a workbook")
    return ET.fromstring(raw)  # noqa: S314 - without declarations there are no entities to swell


def _used_cells(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(row, column), from 1, and the attributes of the cells that hold anything; places may be left unsaid."""
    if b"\x00" in raw:
        raise ValueError("not in UTF-8")
    row = column = 0
    for tag, attributes in (found.groups() for found in _TAG.finditer(raw)):
        letters, number = _place_in(attributes)
        if tag == b"row":
            row, column = number or row + 1, 0
            continue
        column = letters or column + 1
        if not attributes.endswith(b"/"):
            yield number or row, column, attributes


def _place_in(attributes: bytes) -> tuple[int, int]:
    """(column, row) that a tag says, each 0 if left unsaid."""
    place = _PLACE.search(attributes)
    if place is None:
        return 0, 0
    told = _WELL_PLACED.fullmatch(place[1])
    if told is None:
        raise ValueError(f"a cell at {place[1].decode(errors='replace')[:20]}")
    return _column(told[1].upper()), int(told[2])


def _holds_anything(raw: bytes) -> bool:
    return next(_used_cells(raw), None) is not None


def _checked(path: Path, raw: bytes) -> frozenset[tuple[int, int]] | None:
    """(row, column), from 0, of the cells whose formula failed; None if no cell is used.

    Raises `too_many_columns`, `too_large`.
    The library lays a sheet out as a full rectangle, so that two cells in opposite corners could fill the memory.
    """
    rows = columns = 0
    failed: set[tuple[int, int]] = set()
    for row, column, attributes in _used_cells(raw):
        rows, columns = max(rows, row), max(columns, column)
        if b"e" in attributes and _FAILED.search(attributes):
            failed.add((row - 1, column - 1))
    if columns > MOST_COLUMNS:
        raise SheetError("too_many_columns", file=path.name, columns=columns, limit=MOST_COLUMNS)
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise SheetError("too_large", file=path.name, limit=f"{MOST_ROWS} rows, {MOST_CELLS} cells")
    return frozenset(failed) if rows else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _rows(table: CalamineSheet, failed: frozenset[tuple[int, int]]) -> Iterator[Row]:
    first_column = table.start[1] if table.start else 0
    before: tuple[Cell, ...] = (None,) * first_column
    for index, raw in enumerate(table.iter_rows()):
        cells = before + tuple(_cell(value) for value in raw)
        if failed:
            cells = tuple(ERROR if (index, column) in failed else cell for column, cell in enumerate(cells))
        yield Row(index + 1, _trimmed(cells))


def _trimmed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def _cell(value: str | float | bool | date | datetime | time | timedelta) -> Cell:
    if isinstance(value, str):
        # The file format writes characters that XML forbids as _x0007_.
        return (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), value) if "_x" in value else value) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


def _fill(table: CalamineSheet, rows: list[Row]) -> tuple[list[Row], frozenset[tuple[int, int]]]:
    """The rows with merged cells filled downwards from their top left one, and which cells those are."""
    filled: dict[int, dict[int, Cell]] = {}
    for (top, left), (bottom, _) in table.merged_cell_ranges or ():
        value = rows[top].cells[left] if top < len(rows) and left < len(rows[top].cells) else None
        if value is None:
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            filled.setdefault(index, {})[left] = value
    for index, cells in filled.items():
        row = rows[index]
        width = max(len(row.cells), *(column + 1 for column in cells))
        padded = row.cells + (None,) * (width - len(row.cells))
        rows[index] = Row(row.number, tuple(cells.get(column, cell) for column, cell in enumerate(padded)))
    return rows, frozenset((rows[index].number, column) for index, cells in filled.items() for column in cells)
