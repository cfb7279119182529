"""Exported tables, written and read back by libraries that know nothing of us."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pyarrow.parquet
from python_calamine import load_workbook

from api.exports.about import about
from api.exports.csv_text import csv_pieces
from api.exports.journal_lines import extracted
from api.exports.parquet import write_parquet
from api.exports.tables import Kind, Row, Wanted, rows
from api.exports.xlsx import ROWS_OF_A_SHEET, Filled, write_xlsx
from ledger.clock import micros
from tests.projections.shelf import CODEC, LEDGER, Shelf

POSTINGS = Wanted()


class Book(NamedTuple):
    """A workbook as bytes, and what its writer said of it."""

    data: bytes
    filled: Filled


def rows_of(shelf: Shelf, wanted: Wanted = POSTINGS, *, ledger: str = LEDGER, position: int | None = None) -> list[Row]:
    """The rows as the writers get them."""
    with extracted(shelf.database, CODEC, ledger, position=position) as extract:
        return [row for batch in rows(extract, wanted) for row in batch]


def csv_of(shelf: Shelf, wanted: Wanted = POSTINGS, *, ledger: str = LEDGER, position: int | None = None) -> bytes:
    """The CSV as it lies on the disk."""
    with extracted(shelf.database, CODEC, ledger, position=position) as extract:
        return "".join(csv_pieces(wanted.columns, rows(extract, wanted))).encode()


def parquet_of(shelf: Shelf, wanted: Wanted = POSTINGS, *, ledger: str = LEDGER, position: int | None = None) -> bytes:
    """The Parquet file."""
    out = io.BytesIO()
    with extracted(shelf.database, CODEC, ledger, position=position) as extract:
        write_parquet(out, about(extract, wanted, "cm9vdA=="), rows(extract, wanted))
    return out.getvalue()


def xlsx_of(
    shelf: Shelf,
    wanted: Wanted = POSTINGS,
    *,
    ledger: str = LEDGER,
    lang: str = "en",
    most: int = ROWS_OF_A_SHEET,
    root: str = "",
) -> Book:
    """The workbook."""
    out = io.BytesIO()
    with extracted(shelf.database, CODEC, ledger) as extract:
        filled = write_xlsx(out, about(extract, wanted, root), rows(extract, wanted), lang, rows_of_a_sheet=most)
    return Book(out.getvalue(), filled)


def read_csv(data: bytes) -> list[list[str]]:
    """The cells, heading first; quotation as RFC 4180 has it and nothing else."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def csv_rows(data: bytes, wanted: Wanted = POSTINGS) -> list[Row]:
    """The rows in a CSV by what its columns hold; None and "" are the same there."""
    heading, *found = read_csv(data)
    assert heading == [column.name for column in wanted.columns]
    return [tuple(_value(column.kind, cell) for column, cell in zip(wanted.columns, row, strict=True)) for row in found]


def _value(kind: Kind, cell: str) -> Any:
    match kind:
        case "whole":
            return int(cell)
        case "shown":
            return Decimal(cell)
        case "instant":
            return micros(datetime.fromisoformat(cell))
        case "day":
            return date.fromisoformat(cell)
        case _:
            return cell.removeprefix("'")


def parquet_rows(data: bytes) -> list[Row]:
    """The rows in a Parquet file, instants as microseconds; None and "" are made the same."""
    found = pyarrow.parquet.read_table(io.BytesIO(data))
    return [tuple(_plain(value) for value in row.values()) for row in found.to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        assert value.tzinfo is not None
        return micros(value)
    return "" if value is None else value


def plain(found: list[Row]) -> list[Row]:
    """Rows with "" in place of None."""
    return [tuple("" if value is None else value for value in row) for row in found]


def sheet(data: bytes, number: int) -> list[list[Any]]:
    """The cells of one sheet of a workbook, heading first."""
    return load_workbook(io.BytesIO(data)).get_sheet_by_index(number).to_python()


def xlsx_rows(data: bytes, wanted: Wanted = POSTINGS, number: int = 1) -> list[Row]:
    """The rows of a sheet by what its columns hold; instants as microseconds, cut to a workbook's milliseconds."""
    heading, *found = sheet(data, number)
    assert [cell.partition("\n")[2] for cell in heading] == [column.name for column in wanted.columns]
    return [tuple(_cell(column.kind, cell) for column, cell in zip(wanted.columns, row, strict=True)) for row in found]


def _cell(kind: Kind, cell: Any) -> Any:
    if kind == "instant":
        # A workbook's midnight is read as a day alone.
        when = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day, tzinfo=UTC)
        return micros(when.replace(tzinfo=UTC))
    if kind == "day":
        return cell.date() if isinstance(cell, datetime) else cell
    if kind == "whole":
        assert cell == int(cell)
        return int(cell)
    return Decimal(str(cell)).quantize(Decimal("0.01")) if kind == "shown" else cell


def parts_of(data: bytes) -> dict[str, ET.Element]:
    """Every sheet of a workbook as XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return {name: ET.fromstring(archive.read(name)) for name in names}
