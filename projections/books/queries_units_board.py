"""The board as a unit looks through it: one kind of request, by class, place, deadline and value.

The index by status and kind gives candidates in the order of the board; everything else is looked at along it, and never at
more than `_LOOKED_AT` of them for one page. A page that found fewer rows than it has room for therefore still says where to
go on. No page costs more than that, however few requests pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from ledger.journal.sql import Cursor, Database, Row
from projections.books.engines.requests_tables import progress
from projections.books.more_tables import requests
from projections.reading import Page, cursor_of, fetch, numbers_of

_LOOKED_AT = 2_000
_SIZES = (1, 8, 64, 512, 4096)
"""Lists of places come in a few fixed lengths, so that few statements are compiled."""
_COLUMNS = ("request_id", "number", "kind", "status", "category", "place", "value_fen", "priority", "words", "item",
            "quantity", "requester", "posted_day")  # fmt: skip


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit looks for: `places` any of these (None: anywhere), `until_day` (ISO) still to be taken by then, worth at
    least and at most so many fen."""

    kind: str
    category: str = ""
    places: Sequence[str] | None = None
    until_day: str = ""
    least_fen: int | None = None
    most_fen: int | None = None


def units_board(database: Database, ledger: str, wanted: Wanted, *, after: str | None = None, limit: int = 24) -> Page:
    """What can be taken now, most often let down first, then who has waited longest.

    Rows have some columns of `requests`, and `until_day`: the last day to take it, None for no such day. Raises Refused
    `bad_cursor`.
    """
    if wanted.places is not None and not wanted.places:
        return Page([], None)
    values, size = _values(ledger, wanted, after, limit)
    shape = (size, bool(wanted.category), bool(wanted.until_day), wanted.least_fen is None, wanted.most_fen is None)
    key = ("units_board", shape, after is None)
    with database.reading() as cursor:
        rows = fetch(database, cursor, key, lambda: _statement(wanted, size, behind=after is not None), **values)
        more = _next(database, cursor, rows, values, limit, behind=after is not None)
    names = (*_COLUMNS, "until_day")
    return Page([dict(zip(names, row, strict=True)) for row in rows[:limit]], more)


def _values(ledger: str, wanted: Wanted, after: str | None, limit: int) -> tuple[dict[str, Any], int]:
    """Parameters by name, and how many places are bound."""
    values: dict[str, Any] = {
        "l": ledger, "s": "published", "k": wanted.kind, "n": limit + 1, "looked": _LOOKED_AT, "c": wanted.category,
        "d": wanted.until_day, "least": wanted.least_fen, "most": wanted.most_fen, "stage": "published", "zero": 0,
    }  # fmt: skip
    if after is not None:
        values["p"], values["i"] = numbers_of(after, 2)
    size = 0
    if wanted.places is not None:
        size = next((one for one in _SIZES if one >= len(wanted.places)), len(wanted.places))
        padded = [*wanted.places, *[wanted.places[-1]] * (size - len(wanted.places))]
        values.update({f"w{n}": one for n, one in enumerate(padded)})
    return values, size


def _along(*, behind: bool) -> Select[Any]:
    """Candidates in the order of the board, from the cursor on."""
    c = requests.c
    found = select(*(c[name] for name in _COLUMNS)).where(
        c.ledger == bindparam("l"), c.status == bindparam("s"), c.kind == bindparam("k")
    )
    if behind:
        later = (c.priority == bindparam("p")) & (c.number > bindparam("i"))
        found = found.where((c.priority < bindparam("p")) | later)
    return found.order_by(c.priority.desc(), c.number)


def _statement(wanted: Wanted, size: int, *, behind: bool) -> Select[Any]:
    # An offset of its own: SQLAlchemy would write one without a name for SQLite.
    seen = _along(behind=behind).limit(bindparam("looked")).offset(bindparam("zero")).subquery("seen")
    watched = progress.c
    same = (
        (watched.ledger == bindparam("l"))
        & (watched.request_id == seen.c.request_id)
        & (watched.stage == bindparam("stage"))
    )
    passing: list[ColumnElement[bool]] = []
    if size:
        passing.append(seen.c.place.in_([bindparam(f"w{n}") for n in range(size)]))
    if wanted.category:
        passing.append(seen.c.category == bindparam("c"))
    if wanted.until_day:
        passing.append(watched.until_day <= bindparam("d"))
    if wanted.least_fen is not None:
        passing.append(seen.c.value_fen >= bindparam("least"))
    if wanted.most_fen is not None:
        passing.append(seen.c.value_fen <= bindparam("most"))
    return (
        select(*(seen.c[name] for name in _COLUMNS), watched.until_day)
        .select_from(seen.outerjoin(progress, same))
        .where(*passing)
        .order_by(seen.c.priority.desc(), seen.c.number)
        .limit(bindparam("n"))
    )


def _next(
    database: Database, cursor: Cursor, rows: list[Row], values: dict[str, Any], limit: int, *, behind: bool
) -> str | None:
    """Behind the last row shown; where room was left, behind the last one looked at; None where all were."""
    if len(rows) > limit:
        last = dict(zip(_COLUMNS, rows[limit - 1], strict=False))
        return cursor_of(last["priority"], last["number"])

    def build() -> Select[Any]:
        seen = _along(behind=behind).limit(bindparam("looked")).offset(bindparam("zero")).subquery("seen")
        ends = select(seen.c.priority, seen.c.number).order_by(seen.c.priority, seen.c.number.desc())
        return ends.add_columns(func.count().over()).limit(bindparam("one"))

    ends = fetch(database, cursor, ("units_board.end", behind), build, **{**values, "one": 1})
    return cursor_of(ends[0][0], ends[0][1]) if ends and ends[0][2] == _LOOKED_AT else None
