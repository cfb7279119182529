"""What a unit gave in a period, each kind for itself: hours, goods, money, venue and projects meet in no sum."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup
from sqlalchemy import Select, bindparam, select, union

from api.pages.common import Visit
from api.pages.links import figure_link
from api.pages.wall import measure_name, shown_value
from projections.boards import measures as m
from projections.boards.tables import scores
from projections.books.more_tables import contributions, offers
from projections.reading import Filter, fetch, listed

_BEFORE_GOODS = (m.UNIT_REQUESTS, m.UNIT_MINUTES, m.UNIT_HOURS, m.UNIT_VENUE_MINUTES)
_BEHIND_GOODS = (m.UNIT_DONATIONS, m.UNIT_PROJECTS, m.UNIT_CALLS)
_ITEMS = 40
"""So many kinds of goods are listed; each opens to its entries like every other figure."""


class Given(msgspec.Struct, frozen=True):
    """One kind: its name, how much in words, the figure that opens, and how many entries made it."""

    measure: str
    label: str
    shown: str
    link: Markup
    entries: int


def items_of(visit: Visit, unit: str) -> list[str]:
    """The kinds of goods that a unit ever gave or offered, by name."""

    def build() -> Select[tuple[str]]:
        gave, offered = contributions.c, offers.c
        both = union(
            select(gave.item).where(
                gave.ledger == bindparam("l"), gave.unit == bindparam("u"), gave.item != bindparam("no")
            ),
            select(offered.item).where(offered.ledger == bindparam("l"), offered.unit == bindparam("u")),
        ).subquery("both")
        return select(both.c.item).order_by(both.c.item).limit(bindparam("n"))

    database = visit.store.database
    with database.reading() as cursor:
        rows = fetch(database, cursor, "items_of_unit", build, l=visit.ledger, u=unit, no="", n=_ITEMS)
    return [str(row[0]) for row in rows]


def given_by(visit: Visit, unit: str, period: str, *, at: int | None = None) -> list[Given]:
    """What a unit gave in a period (`2026`, `all`), kind by kind; kinds of which there is nothing are left out."""
    wanted = [*_BEFORE_GOODS, *(m.goods(item) for item in items_of(visit, unit)), *_BEHIND_GOODS]
    where: dict[str, Filter] = {"measure": wanted, "subject": unit, "period": period}
    page = listed(
        visit.store.database,
        scores,
        visit.ledger,
        where=where,
        order=(("series", False),),
        after=None,
        limit=len(wanted),
    )
    found = {row["measure"]: row for row in page.rows if row["value"]}
    return [
        _given(visit, unit, period, one, found[one]["value"], found[one]["entries"], at)
        for one in wanted
        if one in found
    ]


def _given(visit: Visit, unit: str, period: str, measure: str, value: int, entries: int, at: int | None) -> Given:
    shown = shown_value(visit, m.measure_of(measure).unit, value)
    figure = figure_link(visit, f"ranking:{measure}:{period}:{unit}", shown, at=at)
    return Given(measure, measure_name(visit, measure), shown, figure, entries)


def years_of(visit: Visit, since: int) -> Sequence[int]:
    """The years one can look at, this one first."""
    this = visit.today.year
    return range(this, max(since, this - 9) - 1, -1)
