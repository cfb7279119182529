"""A raw cell, the one error of a cell, and the folding that comes before every parser."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from api.imports.words import folded, words

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a sheet holds in one cell; CSV knows text alone."""

Value = str | int | bool | date | time
"""What a parser makes of a cell. Minutes, fen and counts are whole numbers."""

# C0 (without tab, line feed and return, which cells hold as white space), DEL, C1, the marks that have no width or turn
# the direction of text, lone surrogates, and the invisible tags. A name or an amount that looks like another one must
# not get in (bad input, choice).
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANK: frozenset[str] = frozenset(words("blank"))
_WIDE = {chr(code): chr(code + 0xFEE0) + chr(code + 0xFEE0).upper() for code in range(0x21, 0x7F)}
_BLANK_FIRST = frozenset(form for word in _BLANK for form in (word[0], word[0].upper(), *_WIDE.get(word[0], "")))
_EXACT_DIGITS = 15
"""A spreadsheet keeps 15 decimal digits of a number; what a longer one ended in is lost."""
_TOO_LONG = 10**15


class CellError(Exception):
    """A cell that cannot be read without guessing. `code` says why; the words for it are in `reasons.toml`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fold(text: str) -> str:
    """The text with full-width letters, digits and signs made plain (NFKC) and its ends stripped.

    Raises `CellError("control_characters")` for control characters and for marks that hide or turn text.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    if _UNWANTED.search(text):
        raise CellError("control_characters")
    # A tick may drag an invisible mark along that asks for its coloured picture.
    return unicodedata.normalize("NFKC", text).replace("\ufe0f", "").strip()


def spaced(text: str) -> str:
    """The folded text in lower case, each run of white space made one space."""
    return " ".join(fold(text).lower().split())


def squeezed(text: str) -> str:
    """The folded text in lower case and without any white space: the form in which words are looked up."""
    return "".join(fold(text).lower().split())


def unwanted_in(text: str) -> bool:
    """Whether the text holds control characters, or marks that hide or turn text."""
    return _UNWANTED.search(text) is not None


def is_blank(cell: Cell) -> bool:
    """Whether nothing is said: an empty cell, white space, or a word that stands for nothing, such as a dash."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    bare = cell.strip()
    # Folding every cell would cost more than parsing it: only one that begins as such a word does is looked up.
    return not bare or (len(bare) < 8 and bare[0] in _BLANK_FIRST and folded(bare) in _BLANK)


def as_text(cell: Cell) -> str:
    """The cell as a person would type it: 5 for 5.0, days and times in ISO form, nothing for an empty cell."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes" if not (cell.second or cell.microsecond) else "auto")
    if isinstance(cell, timedelta):
        return _length_text(cell)
    return str(cell) if isinstance(cell, int) else cell.isoformat()


def _length_text(length: timedelta) -> str:
    seconds = length // timedelta(seconds=1)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02d}" + (f":{left:02d}" if left else "")


def number_text(number: float) -> str:
    """A float as a spreadsheet shows it: at most 15 digits, no exponent where it can be helped."""
    if not math.isfinite(number):
        return str(number)
    short = format(number, f".{_EXACT_DIGITS}g")
    return format(Decimal(short), "f") if abs(number) < 1e21 else short


def as_decimal(number: int | float) -> Decimal:
    """The exact decimal of a number as a spreadsheet shows it: 0.3 for what 0.1 + 0.2 left behind.

    Raises `CellError("not_a_number")` for NaN and the infinities.
    """
    if isinstance(number, int):
        return Decimal(number)
    if not math.isfinite(number):
        raise CellError("not_a_number")
    return Decimal(format(number, f".{_EXACT_DIGITS}g"))


def lost_digits(cell: Cell) -> bool:
    """Whether a long number went through a spreadsheet as a number, so that its last digits are gone."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= _TOO_LONG
    return (
        isinstance(cell, str)
        and "+" in cell
        and re.fullmatch(r"\d(\.\d+)?E\+\d\d", cell.strip(), re.IGNORECASE) is not None
    )
