"""Rankings as of a position: sums of the score entries up to it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, select

from projections.asof.past import Past, events_at
from projections.boards.measures import days_of, measure_of
from projections.boards.queries import Entry, Explanation, Ranked, Ranking, followed_to
from projections.boards.tables import score_entries, scores
from projections.reading import cursor_of, fetch, numbers_of

_NO_LIMIT = 10**9


class _Stood(msgspec.Struct, frozen=True):
    subject: str
    value: int
    reached: int
    entries: int


def rankings_as_of(
    past: Past, measure: str, period: str = "all", *, limit: int | None = None, after: str | None = None
) -> Ranking:
    """The ranking of a measure in a period as of a position, with the cursors and the order of the live one.

    One pass over the measure's score entries of those subjects who have a score in that period today. The boards must
    have followed that far. Raises NotFound `no_such_measure`, Refused `bad_period` and `bad_cursor`.
    """
    unit = measure_of(measure).unit
    stood = _stood(past, measure, period)
    before, last_value, last_rank = 0, -1, 0
    if after is not None:
        value, reached, before, last_rank = numbers_of(after, 4)
        last_value = value
        stood = [one for one in stood if one.value < value or (one.value == value and one.reached > reached)]
    page = stood[: _NO_LIMIT if limit is None else limit]
    moments = events_at(past, [one.reached for one in page])
    rows: list[Ranked] = []
    for place, one in enumerate(page, start=before + 1):
        if one.value != last_value:
            last_value, last_rank = one.value, place
        reached_at = moments[one.reached][0]
        rows.append(
            Ranked(
                rank=last_rank, subject=one.subject, value=one.value, unit=unit, reached_at=reached_at,
                positions=one.entries,
            )
        )  # fmt: skip
    more = None
    if len(stood) > len(page) and page:
        more = cursor_of(page[-1].value, page[-1].reached, before + len(page), last_rank)
    position = min(past.position, followed_to(past.database, past.ledger))
    return Ranking(measure=measure, period=period, position=position, rows=rows, next=more)


def rank_as_of(past: Past, measure: str, period: str, subject: str) -> Ranked | None:
    """A subject's own row as of a position; None if it was not ranked. As dear as the whole ranking."""
    stood = _stood(past, measure, period)
    own = next((one for one in stood if one.subject == subject), None)
    if own is None:
        return None
    return Ranked(
        rank=1 + sum(1 for one in stood if one.value > own.value),
        subject=subject,
        value=own.value,
        unit=measure_of(measure).unit,
        reached_at=events_at(past, [own.reached])[own.reached][0],
        positions=own.entries,
    )


def ranked_above(past: Past, measure: str, period: str, subject: str) -> list[str]:
    """Who had a greater value than a subject, the greatest first; nobody where the subject was not ranked."""
    stood = _stood(past, measure, period)
    own = next((one for one in stood if one.subject == subject), None)
    return [] if own is None else [one.subject for one in stood if one.value > own.value]


def explain_as_of(
    past: Past, measure: str, period: str, subject: str, *, after: str | None = None, limit: int | None = None
) -> Explanation:
    """The positions that had made a subject's value, in order, with what each added.

    One look-up per entry of this subject for the value, and one per entry shown. Raises as `rankings_as_of`.
    """
    measure_of(measure)
    first, last = days_of(period)
    limit = _NO_LIMIT if limit is None else limit
    behind = numbers_of(after, 1)[0] if after is not None else 0
    values: dict[str, Any] = {"l": past.ledger, "p": past.position, "f": first, "t": last}
    with past.database.reading() as cursor:
        own = fetch(past.database, cursor, "asof.series", _series, l=past.ledger, m=measure, s=subject, one=1)
        series = own[0][0] if own else 0
        sums = fetch(past.database, cursor, "asof.score", _score, s=series, **values)
        rows = fetch(past.database, cursor, "asof.entries", _entries, s=series, a=behind, n=limit + 1, **values)
    entries = [Entry(position=position, amount=amount, day=day) for position, amount, day in rows[:limit]]
    more = cursor_of(entries[-1].position) if len(rows) > limit and entries else None
    value = int(sums[0][0] or 0)
    return Explanation(measure=measure, period=period, subject=subject, value=value, entries=entries, next=more)


def _stood(past: Past, measure: str, period: str) -> list[_Stood]:
    """Everybody with a value above 0, in the order of the ranking."""
    measure_of(measure)
    first, last = days_of(period)
    with past.database.reading() as cursor:
        rows = fetch(
            past.database, cursor, "asof.ranking", _ranking, l=past.ledger, m=measure, d=period, p=past.position,
            f=first, t=last,
        )  # fmt: skip
    found = [_Stood(subject, int(value), int(reached), int(entries)) for subject, value, reached, entries in rows]
    ranked = [one for one in found if one.value > 0]
    return sorted(ranked, key=lambda one: (-one.value, one.reached, one.subject))


def _ranking() -> Select[Any]:
    s, e = scores.c, score_entries.c
    same = (e.ledger == s.ledger) & (e.series == s.series)
    board = (s.ledger == bindparam("l"), s.measure == bindparam("m"), s.period == bindparam("d"))
    by_then = (e.position <= bindparam("p"), e.day >= bindparam("f"), e.day <= bindparam("t"))
    return (
        select(s.subject, func.sum(e.amount), func.max(e.position), func.count())
        .select_from(scores.join(score_entries, same))
        .where(*board, *by_then)
        .group_by(s.subject)
    )


def _series() -> Select[Any]:
    c = scores.c
    own = (c.ledger == bindparam("l"), c.measure == bindparam("m"), c.subject == bindparam("s"))
    return select(c.series).where(*own).limit(bindparam("one"))


def _score() -> Select[Any]:
    return select(func.sum(score_entries.c.amount)).where(*_within())


def _entries() -> Select[Any]:
    c = score_entries.c
    here = (*_within(), c.position > bindparam("a"))
    return select(c.position, c.amount, c.day).where(*here).order_by(c.position).limit(bindparam("n"))


def _within() -> tuple[Any, ...]:
    c = score_entries.c
    days = (c.day >= bindparam("f"), c.day <= bindparam("t"))
    return (c.ledger == bindparam("l"), c.series == bindparam("s"), c.position <= bindparam("p"), *days)
