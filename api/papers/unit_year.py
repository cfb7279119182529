"""A unit's year on one sheet, with room for its seal: every measure by itself, never added up."""

from __future__ import annotations

from datetime import date

from api import formats
from api.papers.codes import Statement
from api.papers.ordered import Ordered
from api.papers.paper import Paper
from api.texts import text
from ledger.errors import NotFound, Refused
from ledger.units import FEN, MINUTES, VENUE_MINUTES
from projections.asof.rankings import explain_as_of
from projections.boards import measures
from projections.books import queries as books

_CONTRIBUTIONS = 1_000
_MEASURES = (
    measures.UNIT_REQUESTS, measures.UNIT_MINUTES, measures.UNIT_HOURS, measures.UNIT_VENUE_MINUTES,
    measures.UNIT_PROJECTS, measures.UNIT_CALLS, measures.UNIT_DONATIONS,
)  # fmt: skip


def unit_year(order: Ordered, unit_id: str, year: int) -> Paper:
    """What a unit gave and did in a calendar year. Raises NotFound `no_such_unit`, Refused `bad_period`."""
    row = books.unit(order.store.database, order.ledger, unit_id)
    if row is None or row["number"] > order.past.position:
        raise NotFound("no_such_unit", unit=unit_id)
    if not 2000 <= year <= order.today.year:
        raise Refused("bad_period", period=str(year))
    stated = Statement(
        kind="unit_year", subject=row["number"], position=order.past.position, day=order.today,
        from_day=date(year, 1, 1), until_day=date(year, 12, 31),
    )  # fmt: skip
    values = {
        "title": order.t("unit_year.title", year=year), "unit": row["name"],
        "rows": [list(one) for one in told_of_unit(order, unit_id, year)],
        "sentence": order.t("unit_year.sentence", unit=row["name"], year=year, community=order.community),
    }  # fmt: skip
    return order.paper("unit_year", stated, values)


def told_of_unit(order: Ordered, unit_id: str, year: int) -> list[tuple[str, str]]:
    """What a unit did in a year, as of the order's entry: label and value of every measure that is not nothing.

    One look-up per measure and entry of the year.
    """
    given = books.contributions(
        order.store.database, order.ledger, unit=unit_id, kind="goods", limit=_CONTRIBUTIONS
    ).rows
    names = [*_MEASURES, *(measures.goods(item) for item in sorted({row["item"] for row in given}))]
    shown: list[tuple[str, str]] = []
    for name in names:
        value = explain_as_of(order.past, name, str(year), unit_id, limit=0).value
        if value:
            family, _, item = name.partition(":")
            label = text(order.lang, f"pages.measure.{family}", item=item)
            shown.append((label, _value(order, measures.measure_of(name).unit, value)))
    return shown


def _value(order: Ordered, unit: str, value: int) -> str:
    if unit in (MINUTES, VENUE_MINUTES):
        return formats.hours(value, order.lang)
    if unit == FEN:
        return formats.yuan(value, order.lang)
    return text(order.lang, f"pages.unit.{unit.partition('.')[0]}", count=f"{value:,}")
