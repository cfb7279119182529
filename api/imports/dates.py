"""The parser of days, and the days that stand before a time of day in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from api.imports.folding import Cell, CellError, as_text, spaced
from api.imports.words import any_of, under

EARLIEST: Final = date(1990, 1, 1)
"""The records of a community go no further back; what claims to is a slip (choice)."""

_LATEST_AFTER_TODAY: Final = timedelta(days=1)
LONGEST: Final = 60
"""Characters of a cell about time, and then some."""

_YEAR, _MONTH, _DAY = any_of("calendar", "year"), any_of("calendar", "month"), any_of("calendar", "day")
_WEEKDAY: Final = rf" ?\(?{any_of('clock', 'weekday')}{any_of('clock', 'weekday_name')}\)?"
_DATE: Final = re.compile(
    rf"(?P<y>\d{{4}})(?: ?(?P<sign>[-/.]) ?(?P<m>\d{{1,2}}) ?(?P=sign) ?(?P<d>\d{{1,2}})(?!\d)"
    rf"| ?{_YEAR} ?(?P<m2>\d{{1,2}}) ?{_MONTH} ?(?P<d2>\d{{1,2}})(?!\d) ?{_DAY}?"
    rf"|(?P<m3>\d\d)(?P<d3>\d\d)(?!\d))(?:{_WEEKDAY})?",
    re.ASCII,
)
CLOCK_TAIL: Final = re.compile(
    r"[t ]?(?P<clock>\d{1,2}:\d\d(?=$)|\d{1,2}:\d\d:\d\d(?=$|[.z+\-])|(?<=t)\d\d:\d\d(?=[z+\-]))"
    r"(?:\.\d{1,9})?(?:z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
"""A time of day as machines write it behind a day, with its zone. Without seconds, "-" begins an end and no zone."""

_HALF: Final = (
    rf"(?:\d{{1,4}}[-/.]\d{{1,2}}(?:[-/.]\d{{1,4}})?"
    rf"|(?:\d{{2,4}} ?{_YEAR})? ?\d{{1,2}} ?{_MONTH} ?(?:\d{{1,2}} ?{_DAY}?)?|\d{{4}} ?{_YEAR}?|\d{{5,7}}|\d{{5}}\.\d+)"
)
_HALF_DATE: Final = re.compile(_HALF, re.ASCII)
_HALF_DATE_FIRST: Final = re.compile(rf"(?:{_HALF})(?: |$)|\d{{1,2}} ?{_MONTH} ?\d{{1,2}} ?{_DAY}", re.ASCII)


def parse_date(cell: Cell, formats: Sequence[str] = (), *, today: date, earliest: date = EARLIEST) -> date:
    """The day as written: no offset of a zone moves it. Year first, in four digits; others by `formats` (strptime).

    Raises `bad_date`, `ambiguous_date` (no or a short year, unclear order, a bare serial number), and
    `implausible_date` before `earliest` or later than tomorrow.
    """
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif cell is None or isinstance(cell, bool | time | timedelta):
        raise CellError("bad_date")
    else:
        day = _read_date(as_text(cell), tuple(formats))
    return plausible(day, today=today, earliest=earliest)


def plausible(day: date, *, today: date, earliest: date = EARLIEST) -> date:
    """The same day. Raises `implausible_date` before `earliest` and after tomorrow (where it may be already)."""
    if not earliest <= day <= today + _LATEST_AFTER_TODAY:
        raise CellError("implausible_date")
    return day


@lru_cache(maxsize=4096)
def _read_date(text: str, formats: tuple[str, ...]) -> date:
    if len(text) > LONGEST:
        raise CellError("bad_date")
    text = spaced(text)
    day, rest = day_before(text, formats)
    if day and (not rest or CLOCK_TAIL.fullmatch(rest)):
        return day
    raise CellError("ambiguous_date" if not day and _HALF_DATE.fullmatch(text) else "bad_date")


def day_before(text: str, formats: Sequence[str]) -> tuple[date | None, str]:
    """The day at the beginning of a spaced text, if there is one, and what follows it.

    Raises `bad_date` for a day that never was, and `ambiguous_date` where two of the `formats` read two days.
    """
    if formats:
        if stated := by_formats(text, formats):
            return stated.date(), ""
        head, _, rest = text.partition(" ")
        if rest and (stated := by_formats(head, formats)):
            return stated.date(), " " + rest
    found = _DATE.match(text)
    if found is None:
        return None, text
    try:
        day = date(
            int(found["y"]),
            int(found["m"] or found["m2"] or found["m3"]),
            int(found["d"] or found["d2"] or found["d3"]),
        )
    except ValueError:
        raise CellError("bad_date") from None
    return day, text[found.end() :]


def by_formats(text: str, formats: Sequence[str]) -> datetime | None:
    """What the stated formats read; None if none fits. Raises `ambiguous_date` if they differ about the day."""
    read: dict[date, datetime] = {}
    for form in formats:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - day and time as written, no instant
        except ValueError:
            continue
        read.setdefault(moment.date(), moment.replace(tzinfo=None))
    if len(read) > 1:
        raise CellError("ambiguous_date")
    return next(iter(read.values()), None)


def half_a_date(text: str) -> bool:
    """Whether a spaced text begins with a day that lacks its year, or has its parts in an unclear order."""
    return _HALF_DATE_FIRST.match(text) is not None


def date_form(cell: Cell) -> str | None:
    """The form a day is written in, for the preview: `date cell`, `YYYY-MM-DD`, `YYYYMMDD` and so on; None if unknown.

    " …" behind the form says that something follows the day.
    """
    if isinstance(cell, date):
        return "date cell"
    if cell is None or isinstance(cell, bool | time | timedelta):
        return None
    try:
        text = spaced(as_text(cell)[:LONGEST])
    except CellError:
        return None
    found = _DATE.match(text)
    if found is None:
        return None
    if found["m2"]:
        year, month, day = (under("calendar", part)[0] for part in ("year", "month", "day"))
        form = f"YYYY{year}MM{month}DD{day}"
    else:
        sign = found["sign"] or ""
        form = f"YYYY{sign}MM{sign}DD"
    return form if found.end() == len(text) else form + " …"
