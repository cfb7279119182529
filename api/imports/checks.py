"""What the fields of one row owe each other: lengths that agree with times, signs with marks, givers with names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from api.imports.lengths import DAY_MINUTES
from api.imports.parsing import is_nobody
from api.imports.times import Moment, When

Values = dict[str, Any]
"""Field → parsed value; after `settle`, `Value`s alone."""

_LONGEST_TITLE: Final = 200


class RowError(Exception):
    """A row whose cells can be read one by one but not together. `field` is where to look first."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


def settle(kind: str, values: Values) -> None:
    """Complete and check the values of one row in place. Raises `RowError`."""
    _settle_place(values)
    _SETTLERS.get(kind, _nothing)(values)


def _nothing(values: Values) -> None:
    """Members: each field stands for itself."""


def _settle_place(values: Values) -> None:
    # A sheet that knows communities alone means them by its places.
    if "community" in values and "place" not in values:
        values["place"] = values.pop("community")


def _settle_hours(values: Values) -> None:
    if "activity" not in values:
        values["activity"] = " ".join(values["content"].split())[:_LONGEST_TITLE]
    when = values.pop("time_range", When())
    start: Moment | None = values.pop("start", None)
    end: Moment | None = values.pop("end", None)
    day = _agreed("date", "dates_disagree", values.get("date"), start and start.day, when.day)
    if day is None:
        raise RowError("date", "missing")
    begins = _agreed("start", "times_disagree", start and start.time, when.start)
    ends = _agreed("end", "times_disagree", end and end.time, when.end)
    last_day = _agreed("end", "dates_disagree", end and end.day, when.end_day) or day
    values["date"] = day
    if begins is not None:
        values["start"] = begins
    if begins is not None and ends is not None:
        minutes = _minutes_between(datetime.combine(day, begins), datetime.combine(last_day, ends))
        if values.setdefault("minutes", minutes) != minutes:
            raise RowError("minutes", "minutes_disagree")
        values["end"] = ends
        if last_day != day:
            values["end_date"] = last_day
    elif ends is not None:
        values["end"] = ends
    if "minutes" not in values:
        raise RowError("minutes", "missing")


def _agreed(field: str, code: str, *said: date | time | None) -> Any:
    """The one thing that several cells say; None if none says anything."""
    different = {value for value in said if value is not None}
    if len(different) > 1:
        raise RowError(field, code)
    return next(iter(different), None)


def _minutes_between(start: datetime, end: datetime) -> int:
    length = end - start
    if length < timedelta(0):
        raise RowError("end", "end_before_start")
    if not length:
        raise RowError("end", "not_positive")
    if length % timedelta(minutes=1):
        raise RowError("end", "not_whole_minutes")
    if length > timedelta(minutes=DAY_MINUTES):
        raise RowError("end", "too_long")
    return length // timedelta(minutes=1)


def _settle_requests(values: Values) -> None:
    if "claimant" not in values and "unit" in values:
        values["claimant"] = values.pop("unit")
        values.setdefault("claimant_kind", "unit")
    if "closed_on" in values and values["closed_on"] < values["date"]:
        raise RowError("closed_on", "closed_before_opened")


def _settle_donations(values: Values) -> None:
    _check_sign(values)
    donor = values.get("donor")
    if (donor is not None and is_nobody(donor)) or (donor is None and values.get("donor_kind") == "anonymous"):
        values.pop("donor", None)
        if values.setdefault("anonymous", True) is not True:
            raise RowError("anonymous", "donor_not_named")
    if "donor" in values:
        return
    if not values.get("anonymous"):
        raise RowError("donor", "missing")
    values["donor_kind"] = "anonymous"


def _check_sign(values: Values) -> None:
    """Money that came back is marked as such, and becomes negative; a negative amount without the mark is a slip."""
    if values.get("returned"):
        values["amount_fen"] = -abs(values["amount_fen"])
    elif values["amount_fen"] < 0:
        raise RowError("amount_fen", "not_positive")


def _settle_contributions(values: Values) -> None:
    if "kind" not in values:
        told = {"hours": "minutes" in values, "goods": "quantity" in values}
        kinds = [kind for kind, there in told.items() if there]
        if len(kinds) != 1:
            raise RowError("kind", "missing")
        values["kind"] = kinds[0]
    needed = {"hours": "minutes", "goods": "item"}.get(values["kind"])
    if needed is not None and needed not in values:
        raise RowError(needed, "missing")


_SETTLERS: Final[dict[str, Callable[[Values], None]]] = {
    "hours": _settle_hours,
    "requests": _settle_requests,
    "donations": _settle_donations,
    "spendings": _check_sign,
    "contributions": _settle_contributions,
}
