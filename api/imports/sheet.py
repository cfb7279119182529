"""From a file to rows of raw cells, numbered as the sheet numbers them: XLSX by calamine, CSV by Python itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.imports.folding import Cell
from api.imports.problems import SheetError

MOST_BYTES: Final = 200_000_000
"""Of a file, and of a workbook unpacked (choice)."""
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 100
DELIMITERS: Final = (",", ";", "\t")

_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NO_SHEETS: Final = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
    b"<html": "html",
    b"<!doc": "html",
    b"<tabl": "html",
    b"<?xml": "xml",
    b"{\\rtf": "text document",
}
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLE_BYTES: Final = 65_536
_CONTROL: Final = frozenset(range(32)) - {9, 10, 13}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet from 1 (in CSV, the line its record starts on), its raw cells from column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows, blank ones too. `filled` holds (row number, column from 0) of the cells filled from a merged one."""

    rows: list[Row]
    format: str
    """`xlsx` or `csv`."""
    encoding: str | None = None
    """Of a CSV: `utf-8`, `utf-8-sig`, `gb18030` or `utf-16`."""
    delimiter: str | None = None
    name: str | None = None
    """Of the sheet within the workbook."""
    others: tuple[str, ...] = ()
    """Further visible sheets of the workbook that hold something and are not read."""
    filled: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def width(self) -> int:
        """The number of columns up to the last one that is used."""
        return max((len(row.cells) for row in self.rows), default=0)


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """The rows of one sheet: the one named, or the first visible one that holds anything. A CSV has but one.

    Raises `SheetError`: file_missing, file_locked, empty_file, workbook_unreadable, csv_unreadable, unknown_format,
    too_large, too_many_columns, sheet_missing.
    """
    if not path.is_file():
        raise SheetError("file_missing", file=path.name)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SheetError("too_large", file=path.name, limit=f"{MOST_BYTES // 1_000_000} MB")
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise SheetError("file_locked", file=path.name) from error
    if not head.strip():
        raise SheetError("empty_file", file=path.name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from api.imports.workbook import read_workbook

        return read_workbook(path, sheet)
    if head.startswith(_OLD_OFFICE):
        # Also what a workbook behind a password looks like from outside.
        raise SheetError("unknown_format", file=path.name, format="xls")
    return _read_csv(path, head)


def _read_csv(path: Path, head: bytes) -> Sheet:
    for mark, format_name in _NO_SHEETS.items():
        if head.lstrip(b"\xef\xbb\xbf\r\n\t ")[: len(mark)].lower() == mark.lower():
            raise SheetError("unknown_format", file=path.name, format=format_name)
    text, encoding = _decoded(path)
    if not text.strip():
        raise SheetError("empty_file", file=path.name)
    delimiter = _sniffed(text[:_SAMPLE_BYTES])
    rows = list(_records(path, text, delimiter))
    return Sheet(rows, "csv", encoding=encoding, delimiter=delimiter)


def _decoded(path: Path) -> tuple[str, str]:
    """The text and its encoding: by its mark, or strict UTF-8, or strict GB 18030 (guessers take it for Korean)."""
    raw = path.read_bytes()
    marked = [encoding for mark, encoding in _MARKS.items() if raw.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A stray control character is a bad cell; many of them are no text at all.
        control = sum(raw.count(bytes((code,))) for code in _CONTROL) if encoding != "utf-16" else 0
        if control * 20 > len(raw):
            break
        return text, encoding
    raise SheetError("unknown_format", file=path.name, format="binary")


def _sniffed(sample: str) -> str:
    """The delimiter by which most records of the sample have the same number of columns, more than one."""
    whole = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(record) for record in csv.reader(_lines(whole), delimiter=delimiter) if record]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        score = (widths.count(common), common) if common > 1 else (0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    before = 0
    try:
        for record in reader:
            if len(record) > MOST_COLUMNS and (used := _used(record)) > MOST_COLUMNS:
                raise SheetError("too_many_columns", file=path.name, columns=used, limit=MOST_COLUMNS)
            if before >= MOST_ROWS:
                raise SheetError("too_large", file=path.name, limit=f"{MOST_ROWS} rows")
            yield Row(before + 1, tuple(record))
            before = reader.line_num
    except csv.Error as error:
        raise SheetError("csv_unreadable", file=path.name, row=before + 1) from error


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends, as csv wants them: broken at line feeds and returns alone, as a text editor counts."""
    start = 0
    while start < len(text):
        feed = text.find("\n", start)
        end = len(text) if feed < 0 else feed + 1
        line = text[start:end]
        if "\r" in line.removesuffix("\r\n"):
            pieces = line.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            yield from (piece + "\n" for piece in pieces[:-1])
            line = pieces[-1]
        if line:
            yield line
        start = end


def _used(record: list[str]) -> int:
    return max((index for index, cell in enumerate(record, 1) if cell.strip()), default=0)
