"""Rows as a workbook for people: real numbers and dates, frozen headings, a first sheet that says what all this is.

Every text is a text cell and never a formula or a link; one that begins like a formula also carries the mark by which
Excel keeps it a text when somebody edits it. Rows go to the disk as they come; what a sheet cannot hold goes on in
the next one. The same rows give the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from api.exports.about import About
from api.exports.csv_text import inert
from api.exports.tables import Column, Row
from api.texts import LANGUAGES, text
from ledger.clock import moment

ROWS_OF_A_SHEET = 1_048_576
"""Of Excel, with the heading."""
LETTERS_OF_A_CELL = 32_767
_DIGITS = 15
"""What Excel keeps of a number; a longer one is written as text, where no digit is lost."""

_FORMATS: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "title": {"bold": True, "font_size": 14},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "quoted": {"quote_prefix": True},
    "whole": {"num_format": "0"},
    "yuan": {"num_format": "#,##0.00"},
    "pieces": {"num_format": "#,##0"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "day": {"num_format": "yyyy-mm-dd"},
}


class Filled(NamedTuple):
    """How many rows a workbook holds, on how many sheets beside the first."""

    rows: int
    sheets: int


def write_xlsx(
    file: IO[bytes],
    about: About,
    batches: Iterable[list[Row]],
    lang: str,
    *,
    scratch: Path | None = None,
    rows_of_a_sheet: int = ROWS_OF_A_SHEET,
) -> Filled:
    """Write the workbook, its headings in a language and their explanation in all; raises OSError.

    Rows wait in a folder below `scratch`, which is removed at the end: the system's own place for that may be in memory.
    """
    with tempfile.TemporaryDirectory(prefix=".nuanlin-", dir=scratch) as folder:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "tmpdir": folder,
        }  # fmt: skip
        calm = _Calm(file)
        book = xlsxwriter.Workbook(calm, options)
        book.use_zip64()
        # Not the hour of the export: the workbook says which state it holds.
        book.set_properties({"created": moment(about.recorded_at).replace(tzinfo=None), "title": about.ledger})
        try:
            filled = _Workbook(book, about, lang, rows_of_a_sheet).fill(batches)
            book.close()
        except XlsxWriterException as error:
            raise _as_os_error(error) from error
        finally:
            for sheet in book.worksheets():
                sheet._opt_close()
    if calm.failure is not None:
        raise calm.failure
    return filled


class _Calm:
    """The file as XlsxWriter sees it: after a failure, which it keeps, it swallows everything.

    The library drops a half-written archive without a word, which would then complain on its own.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write bytes, or remember why that cannot be."""
        if self._file is not None:
            try:
                return self._file.write(data)
            except OSError as error:
                self.failure, self._file = error, None
        return len(data)

    def tell(self) -> int:
        """Where the next byte goes."""
        return 0 if self._file is None else self._file.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere else in the file."""
        return 0 if self._file is None else self._file.seek(offset, whence)

    def flush(self) -> None:
        """Nothing: whoever opened the file flushes it."""


class _Workbook:
    """The workbook under way."""

    def __init__(self, book: Any, about: About, lang: str, rows_of_a_sheet: int) -> None:
        self._book, self._about, self._lang, self._most = book, about, lang, rows_of_a_sheet
        self._formats = {name: book.add_format(shape) for name, shape in _FORMATS.items()}
        self._first = book.add_worksheet(text(lang, "exports.sheet.about"))
        self._sheet: Any = None
        self._sheets = self._row = 0

    def fill(self, batches: Iterable[list[Row]]) -> Filled:
        """All rows, then the first sheet, which says how many there are."""
        columns = self._about.wanted.columns
        write = [(number, self._writer(column)) for number, column in enumerate(columns)]
        count = 0
        self._begin(columns)
        for batch in batches:
            for row in batch:
                if self._row >= self._most:
                    self._end(columns)
                    self._begin(columns)
                for (number, one), value in zip(write, row, strict=True):
                    if value is not None:
                        one(number, value)
                self._row += 1
            count += len(batch)
        self._end(columns)
        self._tell(count)
        return Filled(count, self._sheets)

    def _begin(self, columns: tuple[Column, ...]) -> None:
        self._sheets += 1
        name = text(self._lang, f"exports.sheet.{self._about.wanted.what}")
        self._sheet = self._book.add_worksheet(name if self._sheets == 1 else f"{name} {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            self._sheet.set_column(number, number, column.width)
            heading = text(self._lang, f"exports.heading.{column.name}")
            # The name that never changes stands below the one that people read.
            self._sheet.write_string(0, number, f"{heading}\n{column.name}", self._formats["heading"])
        self._row = 1

    def _end(self, columns: tuple[Column, ...]) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(columns) - 1)

    def _writer(self, column: Column) -> Callable[[int, Any], None]:
        formats = self._formats

        def instant(number: int, value: int) -> None:
            self._sheet.write_datetime(self._row, number, moment(value).replace(tzinfo=None), formats["instant"])

        def day(number: int, value: date) -> None:
            self._sheet.write_datetime(self._row, number, value, formats["day"])

        def whole(number: int, value: int) -> None:
            self._number(number, Decimal(value), formats["whole"])

        def shown(number: int, value: Decimal) -> None:
            self._number(number, value, formats["yuan" if value.as_tuple().exponent else "pieces"])

        writers: dict[str, Callable[[int, Any], None]] = {
            "instant": instant, "day": day, "whole": whole, "shown": shown, "word": self._text, "text": self._text
        }  # fmt: skip
        return writers[column.kind]

    def _number(self, number: int, value: Decimal, shape: Any) -> None:
        if len(value.as_tuple().digits) > _DIGITS:
            self._text(number, str(value))
        else:
            self._sheet.write_number(self._row, number, value, shape)

    def _text(self, number: int, value: str) -> None:
        if len(value) > LETTERS_OF_A_CELL:
            mark = text(self._lang, "exports.cut", letters=len(value))
            value = value[: LETTERS_OF_A_CELL - len(mark)] + mark
        if value:
            shape = None if inert(value) == value else self._formats["quoted"]
            self._sheet.write_string(self._row, number, value, shape)

    def _tell(self, count: int) -> None:
        """The first sheet: whose it is, up to where, how it is to be read, and every column in both languages."""
        sheet, formats, wanted = self._first, self._formats, self._about.wanted
        for number, width in enumerate((24, 44, 60, 60)):
            sheet.set_column(number, number, width)
        sheet.write_string(0, 0, text(self._lang, f"exports.title.{wanted.what}"), formats["title"])
        told = {**self._about.facts(), "rows": str(count), "sheets": str(self._sheets)}
        told.setdefault("root", text(self._lang, "exports.no_root"))
        row = 1
        for name, value in told.items():
            labels = " · ".join(dict.fromkeys(text(lang, f"exports.about.{name}") for lang in LANGUAGES))
            sheet.write_string(row, 0, labels, formats["wrapped"])
            sheet.write_string(row, 1, value, formats["wrapped"])
            row += 1
        row += 1
        for lang in LANGUAGES:
            sheet.write_string(row, 0, text(lang, "exports.how"), formats["wrapped"])
            sheet.write_string(row, 1, text(lang, f"exports.reading.{wanted.what}"), formats["wrapped"])
            row += 1
        row += 1
        for number, name in enumerate(("column", "word", "meaning_zh", "meaning_en")):
            sheet.write_string(row, number, text(self._lang, f"exports.about.{name}"), formats["heading"])
        for column in wanted.columns:
            row += 1
            sheet.write_string(row, 0, column.name)
            sheet.write_string(row, 1, text(self._lang, f"exports.heading.{column.name}"))
            for number, lang in enumerate(LANGUAGES, start=2):
                sheet.write_string(row, number, text(lang, f"exports.column.{column.name}"), formats["wrapped"])


def _as_os_error(error: Exception) -> OSError:
    """XlsxWriter wraps what the system said when the file could not be written."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, OSError) else OSError(0, str(error))
