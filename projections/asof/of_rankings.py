"""Figures of rankings: values by their score entries, ranks by who stands above."""

from __future__ import annotations

from ledger.errors import NotFound, Refused
from projections.asof.figures import Entry, Opened, Question, listed, made_of
from projections.asof.rankings import explain_as_of, rank_as_of, ranked_above
from projections.boards.measures import days_of, measure_of


def parts_of(rest: str) -> tuple[str, str, str]:
    """Measure, period and subject of `<measure>:<period>:<subject>`; the measure of goods holds a colon of its own."""
    measure, period, subject = ("::" + rest).rsplit(":", 2)
    return measure.removeprefix("::"), period, subject


def value(asked: Question) -> Opened:
    """`ranking:<measure>:<period>:<subject>`: the entries that made it. One look-up per entry."""
    measure, period, subject = _known(asked)
    told = explain_as_of(asked.past, measure, period, subject, limit=0)

    def turn(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        page = explain_as_of(asked.past, measure, period, subject, after=after, limit=limit)
        return [Entry(position=one.position, amount=one.amount) for one in page.entries], page.next

    return Opened(told.value, measure_of(measure).unit, turn)


def records(asked: Question) -> Opened:
    """`records:<measure>:<period>:<subject>`: how many entries made the value, each counting 1."""
    measure, period, subject = _known(asked)
    entries = explain_as_of(asked.past, measure, period, subject).entries
    return made_of([Entry(position=one.position, amount=1) for one in entries], "records")


def rank(asked: Question) -> Opened:
    """`rank:<measure>:<period>:<subject>`: 1, and 1 for everybody with a greater value. As dear as the whole ranking."""
    measure, period, subject = _known(asked)
    own = rank_as_of(asked.past, measure, period, subject)
    if own is None:
        raise asked.missing()
    above = ranked_above(asked.past, measure, period, subject)
    entries = [Entry(figure=f"ranking:{measure}:{period}:{one}", amount=1) for one in (*above, subject)]
    return Opened(own.rank, "rank", listed(entries))


def _known(asked: Question) -> tuple[str, str, str]:
    measure, period, subject = parts_of(asked.rest)
    try:
        measure_of(measure)
        days_of(period)
    except (NotFound, Refused):
        raise asked.missing() from None
    return measure, period, subject
