"""Parsers of times of day, and of spans such as a session from nine to half past eleven."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple

from api.imports.dates import CLOCK_TAIL, EARLIEST, LONGEST, by_formats, day_before, half_a_date, plausible
from api.imports.folding import Cell, CellError, spaced, squeezed
from api.imports.numerals import NUMERAL, numeral
from api.imports.words import any_of, one_of, words

_PARTS: Final = {
    word: part
    for part in ("small_hours", "morning", "noon", "afternoon", "evening", "am", "pm")
    for word in words("clock", "parts", part)
}
_PART: Final = one_of(sorted(_PARTS, key=len, reverse=True))
_HALF: Final = any_of("clock", "half")
_TIME: Final = re.compile(
    rf"(?P<part>{_PART})?(?:(?P<h>\d{{1,2}}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:\.\d+)?)?"
    rf"|(?P<h2>{NUMERAL}){any_of('clock', 'hour')}"
    rf"(?:(?P<m2>{NUMERAL}){any_of('clock', 'minute')}?|(?P<half>{_HALF})|(?P<q>{NUMERAL}){any_of('clock', 'quarter')}"
    rf"|{any_of('clock', 'sharp')})?)(?P<tail>{_PART})?",
    re.ASCII,
)
_TO: Final = re.compile(any_of("clock", "to"))


def _with_noon(hours: range, *, later: range) -> dict[int, int]:
    """Hours said with a part of the day: those of the 12-hour clock moved to the afternoon, those of 24 as they are."""
    return {hour: hour + 12 for hour in hours} | {hour: hour for hour in later}


_HOURS: Final[dict[str, dict[int, int]]] = {
    "small_hours": {12: 0} | {hour: hour for hour in range(7)},
    "morning": {hour: hour for hour in range(12)},
    "noon": _with_noon(range(1, 3), later=range(11, 15)),
    "afternoon": _with_noon(range(1, 12), later=range(12, 24)),
    "evening": _with_noon(range(5, 12), later=range(17, 24)),
    "am": {12: 0} | {hour: hour for hour in range(12)},
    "pm": _with_noon(range(1, 12), later=range(12, 24)),
}
"""Which hour is meant by one said with a part of the day; what is missing would be a guess (twelve in the evening)."""
_NO_HOUR: Final = 99


class Moment(NamedTuple):
    """A time of day, with its day where the cell names one."""

    day: date | None
    time: time


class When(NamedTuple):
    """What a cell about time says: a day, a span within it, or both. `end_day` is set if the span ends on another."""

    day: date | None = None
    start: time | None = None
    end: time | None = None
    end_day: date | None = None


def parse_time(cell: Cell) -> time:
    """A time of day. Raises `bad_time`, also for 24:00 and beyond, and for twelve o'clock in the evening."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if not isinstance(cell, str) or len(cell) > LONGEST:
        raise CellError("bad_time")
    return _read_time(squeezed(cell))[0]


def _read_time(text: str, inherited: str | None = None) -> tuple[time, str | None]:
    """The time, and the part of the day it was said with. `inherited` is that of the start, for an end without one."""
    found = _TIME.fullmatch(text)
    if found is None or (found["part"] and found["tail"]):
        raise CellError("bad_time")
    said = found["part"] or found["tail"]
    part = _PARTS[said] if said else None
    hour = numeral(found["h"] or found["h2"])
    minute = (
        30 if found["half"] else 15 * numeral(found["q"]) if found["q"] else numeral(found["m"] or found["m2"] or "0")
    )
    if part:
        hour = _HOURS[part].get(hour, _NO_HOUR)
    elif inherited:
        hour = _HOURS[inherited].get(hour, hour)
    try:
        return time(hour, minute, int(found["s"] or 0)), part
    except ValueError:
        raise CellError("bad_time") from None


def parse_moment(cell: Cell, formats: Sequence[str] = (), *, today: date, earliest: date = EARLIEST) -> Moment:
    """A time of day, alone or behind its day. Raises `bad_time` and what `parse_date` raises."""
    if isinstance(cell, datetime):
        return Moment(plausible(cell.date(), today=today, earliest=earliest), cell.time())
    if isinstance(cell, str) and len(cell) <= LONGEST:
        day, start, rest = _day_and_clock(spaced(cell), formats)
        if day is not None:
            clock = start if start is not None else _read_time(_close(rest))[0]
            return Moment(plausible(day, today=today, earliest=earliest), clock)
    return Moment(None, parse_time(cell))


def parse_when(cell: Cell, formats: Sequence[str] = (), *, today: date, earliest: date = EARLIEST) -> When:
    """A day, a span of time or both, as one column often says them. Midnight behind a day says the day alone.

    Raises `bad_time_range`, `bad_time`, `several_days` for a span of days, and what `parse_date` raises.
    """
    if isinstance(cell, datetime):
        when = When(cell.date(), cell.time() if cell.time() != time() else None)
    elif isinstance(cell, date):
        when = When(cell)
    elif isinstance(cell, time):
        when = When(start=cell)
    elif isinstance(cell, str) and len(cell) <= LONGEST:
        when = _read_when(spaced(cell), formats)
    else:
        raise CellError("bad_time_range")
    for day in (when.day, when.end_day):
        if day is not None:
            plausible(day, today=today, earliest=earliest)
    return when


def _read_when(text: str, formats: Sequence[str]) -> When:
    day, start, rest = _day_and_clock(text, formats)
    if day is not None and (start is not None or not rest):
        return When(day, start if start != time() else None)
    if day is None and half_a_date(text):
        raise CellError("ambiguous_date")
    span = _read_span(rest, formats)
    return span._replace(day=day, end_day=span.end_day if span.end_day != day else None)


def _day_and_clock(text: str, formats: Sequence[str]) -> tuple[date | None, time | None, str]:
    """A spaced text's day, the time of day that ends the text behind it, and otherwise what follows the day."""
    if formats and (stated := by_formats(text, formats)):
        timed = stated.time() != time()
        return stated.date(), stated.time() if timed else None, ""
    day, rest = day_before(text, formats)
    if day is not None and (found := CLOCK_TAIL.fullmatch(rest)):
        return day, _read_time(found["clock"])[0], ""
    return day, None, rest


def _read_span(text: str, formats: Sequence[str]) -> When:
    """A start and an end, the end perhaps with a day of its own. One time alone is a start."""
    head, sign, tail = text.partition(found[0]) if (found := _TO.search(text)) else (text, "", "")
    if not sign:
        return When(start=_lone_start(text))
    end_day, end_clock, rest = _day_and_clock(tail.strip(), formats)
    if not head.strip():
        raise CellError("several_days" if end_day else "bad_time_range")
    if end_day and end_clock is None and not rest:
        raise CellError("several_days")
    if not tail.strip() or _TO.search(rest):
        raise CellError("bad_time_range")
    start, part = _read_time(_close(head))
    end = end_clock if end_clock is not None else _read_time(_close(rest), part)[0]
    return When(None, start, end, end_day)


def _lone_start(text: str) -> time:
    try:
        return _read_time(_close(text))[0]
    except CellError as error:
        raise CellError("bad_time" if ":" in text else "bad_time_range") from error


def _close(text: str) -> str:
    return text.replace(" ", "").removeprefix("t")


def parse_time_range(cell: Cell) -> tuple[time, time]:
    """A span within a day, start and end as written, whichever is earlier. Raises `bad_time_range`, `bad_time`."""
    if not isinstance(cell, str) or len(cell) > LONGEST:
        raise CellError("bad_time_range")
    span = _read_span(spaced(cell), ())
    if span.start is None or span.end is None or span.end_day:
        raise CellError("bad_time_range")
    return span.start, span.end
