"""Rows as CSV that spreadsheets open without asking: RFC 4180 with CRLF, UTF-8 with a mark, and no cell is a formula.

A text that a spreadsheet could take for a formula gets an apostrophe in front, and so does one that begins with an
apostrophe: take one away from every cell that begins with it, and the text is as it was. Numbers are never touched.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from api.exports.tables import Cell, Column, Kind, Row
from ledger.clock import moment

MARK = "\ufeff"
"""In front of the heading: by it spreadsheets know the file for UTF-8."""

_BEGINS_FORMULA = frozenset("=+-@\N{MINUS SIGN}")
_BEGINS_OTHERWISE = frozenset("'\t\r\n")


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula.

    Signs count in all their widths (＝＋－＠), and behind blanks and invisible characters too, which some programs cut off.
    """
    if not text or text[0].isalnum():
        return text
    for letter in text:
        if letter.isprintable() and not letter.isspace():
            formula = unicodedata.normalize("NFKC", letter)[0] in _BEGINS_FORMULA
            return "'" + text if formula or text[0] in _BEGINS_OTHERWISE else text
    return "'" + text if text[0] in _BEGINS_OTHERWISE else text


def csv_pieces(columns: Sequence[Column], batches: Iterable[Iterable[Row]]) -> Iterator[str]:
    """The file piece by piece: the mark with the heading, then each batch of rows."""
    buffer = io.StringIO(newline="")
    write = csv.writer(buffer)
    buffer.write(MARK)
    write.writerow([column.name for column in columns])
    cells = [_CELLS[column.kind] for column in columns]
    yield buffer.getvalue()
    for batch in batches:
        buffer.seek(0)
        buffer.truncate()
        for row in batch:
            write.writerow([cell(value) for cell, value in zip(cells, row, strict=True)])
        yield buffer.getvalue()


def iso(at_micros: int) -> str:
    """An instant as in the API: RFC 3339 in UTC."""
    return moment(at_micros).isoformat().replace("+00:00", "Z")


def _text(value: Cell) -> str:
    return inert(value) if isinstance(value, str) else ""


def _number(value: Cell) -> str:
    return str(value)


def _instant(value: Any) -> str:
    return iso(value)


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else ""


_CELLS: dict[Kind, Callable[[Cell], str]] = {
    "whole": _number,
    "shown": _number,
    "instant": _instant,
    "day": _day,
    "word": _text,
    "text": _text,
}
