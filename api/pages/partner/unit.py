"""A unit's own page: what it is asked for, what it holds, what it gave, what it promised, and how it was found."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter
from sqlalchemy import Table
from starlette.requests import Request
from starlette.responses import Response

from api.correcting import held_of
from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.pages.partner.giving import given_by, years_of
from api.pages.partner.plaque import hanging, progress_of
from api.people import People
from api.reading import READ_ALL
from api.store import Store
from ledger.conduct.state import Conduct
from ledger.errors import NotFound
from ledger.parties.erasure import KEEPERS
from ledger.parties.state import represents
from ledger.partners.agreements import Agreements
from ledger.partners.commands import LEVELS
from projections.boards.measures import ALL
from projections.books import queries as books
from projections.books.engines.appraisals_tables import appraisals, rectifications
from projections.books.engines.partners_tables import drill_answers, drills, feedback_sheets, menu, pairings
from projections.books.more_tables import agreements, call_answers, callouts
from projections.reading import Cells, Filter, listed

_FEW, _MANY, _CALLS, _UNITS = 6, 20, 12, 30
_NEWEST, _OLDEST = (("number", True),), (("number", False),)


class Call(msgspec.Struct, frozen=True):
    """A call-out or drill that waits for the unit's answer."""

    callout_id: str
    drill: bool
    level: str
    place: str
    called: str
    remark: str


class Held(msgspec.Struct, frozen=True):
    """Work that the unit took: its request, and until when; `until_at` 0 once it is handed in."""

    row: Cells
    title: str
    until_at: int
    lease: str


def _some(visit: Visit, table: Table, most: int, *, newest: bool = True, **where: Filter) -> list[Cells]:
    order = _NEWEST if newest else _OLDEST
    return listed(visit.store.database, table, visit.ledger, where=where, order=order, after=None, limit=most).rows


def calls_of(visit: Visit, unit: str) -> list[Call]:
    """Calls under way that the unit has not answered, at a level it signed for."""
    signed = visit.view.state(Agreements, unit).valid_on(visit.today)
    highest = max((LEVELS.index(one.level) for one in signed), default=-1)
    found: list[tuple[Cells, bool]] = []
    for table, answers, drill in ((callouts, call_answers, False), (drills, drill_answers, True)):
        rows = [row for row in _some(visit, table, _CALLS) if row["ended_by"] is None]
        rows = [row for row in rows if LEVELS.index(row["level"]) <= highest]
        said = _some(visit, answers, _CALLS, unit=unit, callout_id=[row["callout_id"] for row in rows])
        answered = {row["callout_id"] for row in said}
        found += [(row, drill) for row in rows if row["callout_id"] not in answered]
    words = People(visit.store, visit.ledger).words(row["words"] for row, _ in found)
    names = labels(visit, [row["place"] for row, _ in found])
    return [
        Call(
            row["callout_id"], drill, row["level"], names.get(row["place"] or "", ""), visit.instant(row["called_at"]),
            str(words.get(row["words"], {}).get("remark", "")),
        )
        for row, drill in found
    ]  # fmt: skip


def held_by(visit: Visit, unit: str) -> list[Held]:
    """What the unit has in hand, and what waits for a word of who asked; the shortest lease first."""
    claims = books.claims_of(visit.store.database, visit.ledger, unit, status=("open", "fulfilled"), limit=_MANY).rows
    rows = books.requests_by_id(visit.store.database, visit.ledger, [one["request_id"] for one in claims])
    titles = titles_of(visit, rows.values())
    found = []
    for claim in claims:
        row = rows[claim["request_id"]]
        until_at = int(row["until_at"] or 0) if row["status"] == "claimed" else 0
        lease = visit.left(until_at) if until_at else ""
        found.append(Held(row, titles[row["request_id"]], until_at, lease))
    return sorted(found, key=lambda one: (not one.until_at, one.until_at, one.row["number"]))


def _conduct(visit: Visit, unit: str) -> str:
    """What keeps the unit from taking on more today, in words; "" for nothing. Said in public, as the blacklist is."""
    conduct = visit.view.state(Conduct, unit)
    listed_now, gone = conduct.blacklisted_on(visit.today), conduct.exited_on(visit.today)
    if listed_now is not None:
        until = listed_now.until_day
        return (
            visit.t("partner.unit.barred")
            if until is None
            else visit.t("partner.unit.barred_until", day=visit.day(until))
        )
    return "" if gone is None else visit.t("partner.unit.gone", day=visit.day(gone.day))


def _own(visit: Visit, unit: str) -> dict[str, Any]:
    """What is for the unit's own people and for those who serve or check."""
    mine = visit.caller.signed_in and represents(visit.view, visit.caller.actor, unit)
    inner = mine or visit.caller.holds(READ_ALL, unit)
    return {
        "mine": mine,
        "inner": inner,
        "contact": held_of(visit.store, visit.ledger, unit) if mine or visit.caller.holds(KEEPERS, unit) else None,
        "calls": calls_of(visit, unit) if inner else [],
        "held": held_by(visit, unit) if inner else [],
        "sheets": _some(visit, feedback_sheets, _FEW, unit=unit) if inner else [],
    }


def unit_page(visit: Visit, unit: str, year: str) -> Response:
    """See the module. Raises NotFound `no_such_unit`."""
    database, ledger = visit.store.database, visit.ledger
    row = books.unit(database, ledger, unit)
    if row is None:
        raise NotFound("no_such_unit", unit=unit)
    years = years_of(visit, _since(visit, unit))
    period = year if year.isdecimal() and year.isascii() and int(year[:4]) in years and len(year) == 4 else ALL
    plaques = books.plaques(database, ledger, unit=unit, limit=_MANY).rows
    signed = _some(visit, agreements, _MANY, unit=unit)
    paired = _some(visit, pairings, _MANY, unit=unit, status="open")
    offers = [
        one
        for one in books.list_offers(database, ledger, unit=unit, limit=_MANY).rows
        if one["free"] or one["promised"]
    ]
    works = books.requests_by_id(database, ledger, [one["request_id"] for one in plaques])
    places = [one["place"] for one in (*signed, *paired, *offers)]
    return visit.page(
        "partner_unit.html",
        tab="unit",
        unit=row,
        **_own(visit, unit),
        conduct=_conduct(visit, unit),
        today=visit.today.isoformat(),
        agreements=signed,
        hanging={one["plaque_id"] for one in hanging(visit, plaques)},
        plaques=plaques,
        works=titles_of(visit, works.values()),
        progress=progress_of(visit, unit, plaques),
        paired=paired,
        menu=[one for one in _some(visit, menu, _MANY, unit=unit) if one["status"] != "withdrawn"],
        offers=offers,
        appraisals=_some(visit, appraisals, _FEW, subject=unit),
        rectifications=_some(visit, rectifications, _FEW, party=unit),
        given=given_by(visit, unit, period),
        period=period,
        years=years,
        names=labels(visit, places),
    )


def _since(visit: Visit, unit: str) -> int:
    """The year of the unit's first agreement; this year where it never signed."""
    first = books.agreements(visit.store.database, visit.ledger, unit=unit, limit=1).rows
    return int(first[0]["from_day"][:4]) if first else visit.today.year


def add_unit(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/units` and `/{ledger}/units/{unit}`."""

    @pages.get("/{ledger}/units")
    def several(request: Request, ledger: str, after: str | None = None) -> Response:
        visit = Visit(store, request, ledger)
        page = books.units(store.database, ledger, after=after or None, limit=_UNITS)
        return visit.page("partner_units.html", tab="units", rows=page.rows, more=page.next)

    @pages.get("/{ledger}/units/{unit}")
    def single(request: Request, ledger: str, unit: str, year: str = "") -> Response:
        return unit_page(Visit(store, request, ledger), unit, year)
