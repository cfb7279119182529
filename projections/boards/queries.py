"""Rankings, and what made them."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, select

from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import followers
from projections.boards.apply import Boards
from projections.boards.measures import days_of, measure_of
from projections.boards.tables import score_entries, scores
from projections.reading import cursor_of, fetch, numbers_of

_NO_LIMIT = 10**9


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a ranking. `unit` is what `value` counts, `reached_at` when the value was reached (microseconds UTC),
    `positions` how many events made it; `explain` names them."""

    rank: int
    subject: str
    value: int
    unit: str
    reached_at: int
    positions: int


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a ranking, counted up to `position`; `next` is the cursor of what follows, None at the end."""

    measure: str
    period: str
    position: int
    rows: list[Ranked]
    next: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one event added to a score, on the day of the deed (ISO)."""

    position: int
    amount: int
    day: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a subject has its value: all amounts of `entries`, over all pages, add up to it."""

    measure: str
    period: str
    subject: str
    value: int
    entries: list[Entry]
    next: str | None


def rankings(
    database: Database,
    ledger: str,
    measure: str,
    period: str = "all",
    *,
    limit: int | None = None,
    after: str | None = None,
) -> Ranking:
    """The ranking of a measure in a period (`2026-03`, `2026-Q1`, `2026`, `all`): competition rank 1, 2, 2, 4.

    Equals share a rank and stand in the order in which they reached the value. Values of 0 and below are not ranked.
    Raises NotFound `no_such_measure`, Refused `bad_period` and `bad_cursor`.
    """
    what = measure_of(measure)
    days_of(period)
    limit = _NO_LIMIT if limit is None else limit
    values: dict[str, Any] = {"l": ledger, "m": measure, "p": period, "zero": 0, "n": limit + 1}
    with database.reading() as cursor:
        position = _followed(database, cursor, ledger)
        before, last_value, last_rank = 0, -1, 0
        if after is not None:
            values["v"], values["r"], before, last_rank = numbers_of(after, 4)
            last_value = values["v"]
        key, build = ("rankings", after is None), (_top if after is None else _further)
        rows = fetch(database, cursor, key, build, **values)
    ranked: list[Ranked] = []
    for place, (subject, value, _, reached_at, entries) in enumerate(rows[:limit], start=before + 1):
        if value != last_value:
            last_value, last_rank = value, place
        ranked.append(
            Ranked(
                rank=last_rank, subject=subject, value=value, unit=what.unit, reached_at=reached_at, positions=entries
            )
        )
    more = None
    if len(rows) > limit and ranked:
        more = cursor_of(rows[limit - 1][1], rows[limit - 1][2], before + len(ranked), last_rank)
    return Ranking(measure=measure, period=period, position=position, rows=ranked, next=more)


def rank_of(database: Database, ledger: str, measure: str, period: str, subject: str) -> Ranked | None:
    """A subject's own row of a ranking, wherever it stands; None if it is not ranked."""
    what = measure_of(measure)
    days_of(period)
    with database.reading() as cursor:
        rows = fetch(database, cursor, "rank.own", _own, l=ledger, m=measure, p=period, s=subject)
        if not rows or rows[0][1] <= 0:
            return None
        _, value, reached_at, entries = rows[0]
        above = fetch(database, cursor, "rank.above", _above, l=ledger, m=measure, p=period, v=value)
    return Ranked(
        rank=int(above[0][0]) + 1,
        subject=subject,
        value=value,
        unit=what.unit,
        reached_at=reached_at,
        positions=entries,
    )


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around a value of a ranking: how many have as much, and the next larger value."""

    equal: int
    next_value: int | None


def around(database: Database, ledger: str, measure: str, period: str, value: int) -> Around:
    """Why a value has its rank. Index look-ups and counts within one ranking; raises NotFound `no_such_measure`, Refused
    `bad_period`."""
    measure_of(measure)
    days_of(period)
    given: dict[str, Any] = {"l": ledger, "m": measure, "p": period, "v": value}
    with database.reading() as cursor:
        equal = fetch(database, cursor, "rank.equal", _equal, **given)
        larger = fetch(database, cursor, "rank.larger", _larger, **given)
    return Around(equal=int(equal[0][0]), next_value=larger[0][0])


def explain(
    database: Database,
    ledger: str,
    measure: str,
    period: str,
    subject: str,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> Explanation:
    """The positions that made a subject's value, in order, with what each added. No entries for who has no score.

    Raises NotFound `no_such_measure`, Refused `bad_period` and `bad_cursor`.
    """
    measure_of(measure)
    first, last = days_of(period)
    limit = _NO_LIMIT if limit is None else limit
    from_position = numbers_of(after, 1)[0] if after is not None else 0
    with database.reading() as cursor:
        own = fetch(database, cursor, "rank.own", _own, l=ledger, m=measure, p=period, s=subject)
        series, value = (own[0][0], own[0][1]) if own else (0, 0)
        rows = fetch(
            database, cursor, "explain", _entries, l=ledger, s=series, a=from_position, f=first, t=last, n=limit + 1
        )
    entries = [Entry(position=position, amount=amount, day=day) for position, amount, day in rows[:limit]]
    more = cursor_of(entries[-1].position) if len(rows) > limit and entries else None
    return Explanation(measure=measure, period=period, subject=subject, value=value, entries=entries, next=more)


def measures_in_use(database: Database, ledger: str) -> list[str]:
    """The measures that have scores in this ledger, the goods' among them. A few index look-ups, one per measure."""
    found: list[str] = []
    with database.reading() as cursor:
        while True:
            rows = fetch(database, cursor, "measures.next", _next_measure, l=ledger, m=found[-1] if found else "")
            if rows[0][0] is None:
                return found
            found.append(rows[0][0])


def periods_in_use(database: Database, ledger: str, measure: str) -> list[str]:
    """The periods in which a measure has scores. One index look-up per period."""
    found: list[str] = []
    with database.reading() as cursor:
        while True:
            rows = fetch(
                database, cursor, "periods.next", _next_period, l=ledger, m=measure, p=found[-1] if found else ""
            )
            if rows[0][0] is None:
                return found
            found.append(rows[0][0])


def followed_to(database: Database, ledger: str) -> int:
    """The position up to which the boards have counted."""
    with database.reading() as cursor:
        return _followed(database, cursor, ledger)


def _followed(database: Database, cursor: Cursor, ledger: str) -> int:
    rows = fetch(database, cursor, "boards.position", _position, l=ledger, n=Boards.name)
    return int(rows[0][0]) if rows else 0


def _position() -> Select[Any]:
    return select(followers.c.position).where(followers.c.ledger == bindparam("l"), followers.c.name == bindparam("n"))


def _top() -> Select[Any]:
    c = scores.c
    board = (c.ledger == bindparam("l"), c.measure == bindparam("m"), c.period == bindparam("p"))
    order = (c.value.desc(), c.reached_position, c.subject)
    columns = (c.subject, c.value, c.reached_position, c.reached_at, c.entries)
    return select(*columns).where(*board, c.value > bindparam("zero")).order_by(*order).limit(bindparam("n"))


def _further() -> Select[Any]:
    c = scores.c
    later = (c.value < bindparam("v")) | (c.reached_position > bindparam("r"))
    return _top().where(c.value <= bindparam("v"), later)


def _own() -> Select[Any]:
    c = scores.c
    return select(c.series, c.value, c.reached_at, c.entries).where(
        c.ledger == bindparam("l"), c.measure == bindparam("m"), c.period == bindparam("p"), c.subject == bindparam("s")
    )


def _above() -> Select[Any]:
    c = scores.c
    return select(func.count()).where(
        c.ledger == bindparam("l"), c.measure == bindparam("m"), c.period == bindparam("p"), c.value > bindparam("v")
    )


def _equal() -> Select[Any]:
    c = scores.c
    return select(func.count()).where(
        c.ledger == bindparam("l"), c.measure == bindparam("m"), c.period == bindparam("p"), c.value == bindparam("v")
    )


def _larger() -> Select[Any]:
    c = scores.c
    return select(func.min(c.value)).where(
        c.ledger == bindparam("l"), c.measure == bindparam("m"), c.period == bindparam("p"), c.value > bindparam("v")
    )


def _entries() -> Select[Any]:
    c = score_entries.c
    within = (c.ledger == bindparam("l"), c.series == bindparam("s"), c.position > bindparam("a"))
    days = (c.day >= bindparam("f"), c.day <= bindparam("t"))
    return select(c.position, c.amount, c.day).where(*within, *days).order_by(c.position).limit(bindparam("n"))


def _next_measure() -> Select[Any]:
    return select(func.min(scores.c.measure)).where(
        scores.c.ledger == bindparam("l"), scores.c.measure > bindparam("m")
    )


def _next_period() -> Select[Any]:
    return select(func.min(scores.c.period)).where(
        scores.c.ledger == bindparam("l"), scores.c.measure == bindparam("m"), scores.c.period > bindparam("p")
    )
