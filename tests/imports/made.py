"""Sheets made for the tests, and the day on which they are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import strategies as st

from api.imports.cells import CellError, When, parse_date, parse_when
from api.imports.mapping import Mapping as Map
from api.imports.mapping import read_map
from api.imports.reading import Reading, understand

TODAY = date(2024, 6, 1)

Table = Sequence[Sequence[Any]]


def csv_file(
    folder: Path, rows: Table, *, name: str = "sheet.csv", encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """A CSV as a spreadsheet writes it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(
    folder: Path,
    rows: Table,
    *,
    name: str = "sheet.xlsx",
    merged: Mapping[str, Any] | None = None,
    formats: Mapping[str, str] | None = None,
    others: Mapping[str, Table] | None = None,
) -> Path:
    """A workbook: `merged` are ranges and what they hold, `formats` cells and number formats, `others` more sheets."""
    path = folder / name
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheets = {"Sheet1": rows, **(others or {})}
        for title, table in sheets.items():
            sheet = book.add_worksheet(title)
            for index, row in enumerate(table):
                for column, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(index, column, cell)
            if title == "Sheet1":
                for where, value in (merged or {}).items():
                    sheet.merge_range(where, value)
                for where, form in (formats or {}).items():
                    column, index = ord(where[0]) - 65, int(where[1:]) - 1
                    sheet.write(index, column, rows[index][column], book.add_format({"num_format": form}))
    return path


def read(folder: Path, kind: str, rows: Table, told: dict[str, Any] | None = None) -> Reading:
    """What is understood of a CSV of these rows with the mapping that a table says."""
    return understand(csv_file(folder, rows), kind, read_map(told) if told else Map(), today=TODAY)


def reasons(reading: Reading) -> list[tuple[int, str, str]]:
    """(row, column, code) of every refusal, in order."""
    return [(refusal.row, refusal.column, refusal.code) for refusal in reading.refused]


def refused(parse: Callable[[Any], object], cell: Any) -> str:
    """The code with which a parser refuses the cell; fails if it does not."""
    with pytest.raises(CellError) as caught:
        parse(cell)
    return caught.value.code


MARCH_8 = date(2024, 3, 8)

LIKELY = st.text(
    alphabet="0123456789０１：:.-/—至~年月日点分时小半一二两十个上午下天,，¥￥元万角()+eE转*xX 　\n\x00\u202e'\"同"
)
"""Texts out of what parsers look for."""


def typed(clock: time, on: date = MARCH_8) -> datetime:
    """A cell that the spreadsheet holds as a day with a time."""
    return datetime.combine(on, clock)


def day(cell: Any) -> date:
    """Read a day with nothing stated."""
    return parse_date(cell, today=TODAY)


def when(cell: Any) -> When:
    """Read a day, a span of time, or both."""
    return parse_when(cell, today=TODAY)


def values(folder: Path, kind: str, rows: Table) -> list[dict[str, Any]]:
    """The values of all rows of a CSV, none of which may be refused."""
    reading = read(folder, kind, rows)
    assert reading.refused == []
    return [row.values for row in reading.rows]
