"""Parsers of texts, numbers that name something, choices, and yes or no; and the door to those of money and time.

Every parser takes one raw cell and gives a value or raises `CellError(code)`, never another error and never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeVar

from stdnum.cn import ric, uscc

from api.imports.amounts import parse_count, parse_fen
from api.imports.dates import date_form, parse_date
from api.imports.folding import Cell, CellError, Value, as_text, fold, lost_digits, squeezed, unwanted_in
from api.imports.lengths import parse_minutes
from api.imports.times import Moment, When, parse_moment, parse_time, parse_time_range, parse_when
from api.imports.words import any_of, words

__all__ = [
    "Cell",
    "CellError",
    "Moment",
    "Value",
    "When",
    "date_form",
    "parse_bool",
    "parse_choice",
    "parse_count",
    "parse_date",
    "parse_fen",
    "parse_id_number",
    "parse_minutes",
    "parse_moment",
    "parse_phone",
    "parse_ref",
    "parse_score",
    "parse_text",
    "parse_time",
    "parse_time_range",
    "parse_unit_code",
    "parse_when",
]

_V = TypeVar("_V")

LONGEST_TEXT: Final = 2000
"""Characters of a text (choice)."""
LONGEST_REF: Final = 100
"""Characters of a reference or a number that names something (choice)."""

_BOOL: Final = dict.fromkeys(words("bool", "true"), True) | dict.fromkeys(words("bool", "false"), False)
_DITTO: Final = frozenset(words("ditto"))
_LONGEST_DITTO: Final = 8
_MASK: Final = re.compile(r"[*•●]|x{3,}")
_BETWEEN_DIGITS: Final = re.compile(r"[\s()\-–—]+")
_PHONE: Final = re.compile(
    rf"(?:1[3-9]\d{{9}}|0\d{{9,11}}|[48]00\d{{7}}|[2-8]\d{{6,7}})(?:{any_of('phone', 'extension')}\d{{1,6}})?", re.ASCII
)
_POINTS: Final = re.compile(rf"(-?\d{{1,9}})(?:\.0+)?{any_of('score', 'points')}?", re.ASCII)
_UNIT_CODE: Final = re.compile("[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")


def parse_text(cell: Cell, limit: int = LONGEST_TEXT, *, lines: bool = False) -> str:
    """The text, its ends stripped and its composed characters in one form (NFC); white space within becomes one space.

    With `lines` the line breaks stay, as line feeds. Raises `control_characters`, `ditto_mark`, `too_long_text`.
    """
    text = as_text(cell)
    if not (text.isascii() and text.isprintable()):
        if unwanted_in(text):
            raise CellError("control_characters")
        text = unicodedata.normalize("NFC", text)
    text = "\n".join(" ".join(line.split()) for line in text.splitlines()).strip() if lines else " ".join(text.split())
    if len(text) > limit:
        raise CellError("too_long_text")
    if len(text) <= _LONGEST_DITTO and squeezed(text) in _DITTO:
        raise CellError("ditto_mark")
    return text


def parse_ref(cell: Cell, limit: int = LONGEST_REF) -> str:
    """A reference or a number that names something, as text: 1001 and 1001.0 are "1001", full-width digits are plain ones.

    Raises `damaged_number` where a spreadsheet has lost digits, and what `parse_text` raises.
    """
    if lost_digits(cell):
        raise CellError("damaged_number")
    return parse_text(fold(as_text(cell)), limit)


def parse_choice(cell: Cell, choices: Mapping[str, _V]) -> _V:
    """The value that belongs to the word; `choices` holds its words folded. Raises `unknown_value`."""
    found = choices.get(squeezed(as_text(cell)))
    if found is None:
        raise CellError("unknown_value")
    return found


def parse_bool(cell: Cell, more: Mapping[str, bool] | None = None) -> bool:
    """Yes or no, ticked or crossed; `more` are further words, folded. Raises `unknown_value`."""
    if isinstance(cell, bool):
        return cell
    word = squeezed(as_text(cell))
    found = (more or {}).get(word, _BOOL.get(word))
    if found is None:
        raise CellError("unknown_value")
    return found


def parse_score(cell: Cell, choices: Mapping[str, int]) -> int:
    """Satisfaction from 1 to 5, as a figure or in words. Raises `bad_score`."""
    word = squeezed(as_text(cell))
    found = choices.get(word)
    if found is None and (match := _POINTS.fullmatch(word)):
        found = int(match[1])
    if found is None or not 1 <= found <= 5:
        raise CellError("bad_score")
    return found


def parse_phone(cell: Cell) -> str:
    """A telephone number of mainland China in digits: mobile, with or without area code, 400 and 800.

    The country code 86 is dropped, an extension follows "#". Raises `damaged_number`, `masked`, `bad_phone`.
    """
    if lost_digits(cell):
        raise CellError("damaged_number")
    text = squeezed(as_text(cell))
    if _MASK.search(text):
        raise CellError("masked")
    text = re.sub(r"^(?:\+|00)86", "", _BETWEEN_DIGITS.sub("", text))
    match = _PHONE.fullmatch(text)
    if match is None:
        raise CellError("bad_phone")
    return re.sub(r"[^\d]+", "#", text)


def parse_id_number(cell: Cell) -> str:
    """A citizen's number of 18 places by GB 11643: check digit and a birth date that existed.

    The place of registration is not looked up: lists of it are never whole. Raises `damaged_number`, `masked`,
    `bad_id_number`.
    """
    if lost_digits(cell):
        raise CellError("damaged_number")
    text = squeezed(as_text(cell)).upper()
    if _MASK.search(text.lower()):
        raise CellError("masked")
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text, re.ASCII) or ric.calc_check_digit(text) != text[-1]:
        raise CellError("bad_id_number")
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise CellError("bad_id_number") from None
    return text


def parse_unit_code(cell: Cell) -> str:
    """A unified social credit code by GB 32100: 18 places of its alphabet with a check sign.

    The library's own check wants the registering region in digits; the standard allows letters. Raises
    `damaged_number`, `bad_unit_code`.
    """
    if lost_digits(cell):
        raise CellError("damaged_number")
    text = re.sub(r"[\s\-]", "", squeezed(as_text(cell))).upper()
    if not _UNIT_CODE.fullmatch(text) or uscc.calc_check_digit(text[:-1]) != text[-1]:
        raise CellError("bad_unit_code")
    return text
