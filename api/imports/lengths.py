"""The parser of lengths of time: whole minutes out of "2h30m", "1:30", an hour and a half, or a figure with a unit."""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Final

from api.imports.folding import Cell, CellError, as_decimal, squeezed
from api.imports.numerals import NONSENSE, NUMERAL, numeral
from api.imports.words import any_of, words

DAY_MINUTES: Final = 24 * 60

_MINUTES_IN: Final = {"hour": 60, "minute": 1}
_MEASURE: Final = any_of("duration", "measure")
_HOUR: Final = any_of("duration", "hour")
_MINUTE: Final = any_of("duration", "minute")
_QUARTER: Final = any_of("duration", "quarter")
_HALF: Final = any_of("duration", "half")
_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_PLAIN: Final = re.compile(r"\d{1,9}(?:\.\d{0,20})?|\.\d{1,20}", re.ASCII)
_HALF_HOUR: Final = re.compile(rf"{_HALF}{_MEASURE}?{_HOUR}")
_AND_A_HALF: Final = re.compile(
    rf"(?P<n>{NUMERAL})(?:{_MEASURE}{_HALF}{_HOUR}|{_HALF}{_HOUR}|{_MEASURE}?{_HOUR}{_HALF})", re.ASCII
)
_HOURS: Final = re.compile(
    rf"(?P<n>{NUMERAL}){_MEASURE}?{_HOUR}"
    rf"(?:{any_of('duration', 'and')}?(?P<m>{NUMERAL})(?P<quarter>{_QUARTER})?(?(quarter)|{_MINUTE}?))?",
    re.ASCII,
)
_DECIMAL: Final = re.compile(
    rf"(?P<n>\d{{1,9}}\.\d{{1,20}}|\d{{5,9}}){_MEASURE}?(?:(?P<hour>{_HOUR})|{_MINUTE})", re.ASCII
)
_MINUTES: Final = re.compile(rf"(?P<n>{NUMERAL})(?:(?P<quarter>{_QUARTER})|{_MINUTE})", re.ASCII)
_LONGEST: Final = 40


def parse_minutes(cell: Cell, unit: str | None = None, *, limit: int = DAY_MINUTES) -> int:
    """A length of time in whole minutes. `unit` (hour, minute) is the column's and serves bare figures alone.

    Raises `ambiguous_unit` for a bare figure without one, `vague_duration`, `bad_duration`, `not_whole_minutes`,
    `not_positive`, and `too_long` above `limit` minutes.
    """
    seconds = _seconds(cell, unit)
    if seconds <= 0:
        raise CellError("not_positive")
    if seconds > 60 * limit:
        raise CellError("too_long")
    if seconds % 60:
        raise CellError("not_whole_minutes")
    return int(seconds // 60)


def _seconds(cell: Cell, unit: str | None) -> Decimal:
    if isinstance(cell, timedelta):
        return Decimal(cell // timedelta(microseconds=1)) / 1_000_000
    if isinstance(cell, time):
        return Decimal(3600 * cell.hour + 60 * cell.minute + cell.second) + Decimal(cell.microsecond) / 1_000_000
    if isinstance(cell, str):
        return _read(squeezed(cell), unit)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _bare(as_decimal(cell), unit)
    raise CellError("bad_duration")


def _bare(figure: Decimal, unit: str | None) -> Decimal:
    if unit is None:
        raise CellError("ambiguous_unit")
    if figure and figure.adjusted() > 9:
        raise CellError("too_long" if figure > 0 else "not_positive")
    if figure and figure.adjusted() < -15:
        raise CellError("not_whole_minutes")
    return figure * 60 * _MINUTES_IN[unit]


def _read(text: str, unit: str | None) -> Decimal:
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-")
    if len(text) > _LONGEST:
        raise CellError("bad_duration")
    if _PLAIN.fullmatch(text):
        return sign * _bare(Decimal(text), unit)
    minutes = _worded(text)
    if minutes is not None:
        return sign * 60 * minutes
    if found := _CLOCK.fullmatch(text):
        return Decimal(sign * (3600 * int(found[1]) + 60 * int(found[2]) + int(found[3] or 0)))
    raise CellError("vague_duration" if any(word in text for word in words("duration", "vague")) else "bad_duration")


def _worded(text: str) -> Decimal | None:
    """Minutes of a length said with its units; None if it is not."""
    if _HALF_HOUR.fullmatch(text):
        return Decimal(30)
    if found := _AND_A_HALF.fullmatch(text):
        return Decimal(60 * _number(found["n"]) + 30)
    if found := _HOURS.fullmatch(text):
        return Decimal(60 * _number(found["n"]) + _number(found["m"] or "0") * (15 if found["quarter"] else 1))
    if found := _DECIMAL.fullmatch(text):
        return Decimal(found["n"]) * (60 if found["hour"] else 1)
    if found := _MINUTES.fullmatch(text):
        return Decimal(_number(found["n"]) * (15 if found["quarter"] else 1))
    return None


def _number(text: str) -> int:
    found = numeral(text)
    if found >= NONSENSE:
        raise CellError("bad_duration")
    return found
