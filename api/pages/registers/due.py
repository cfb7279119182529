"""What is due when: what one owes or waits for oneself, and what everybody may know to be due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.engines import SHELVES
from api.engines.funds_reads import disclosures_due
from api.pages.common import Visit
from api.pages.registers.lateness import SOON_DAYS, lateness
from api.pages.registers.mine import parties_of
from api.pages.registers.references import References, asked, title_of
from api.paging import NoQuery
from api.shelves import Shelf
from api.store import Store
from api.texts import text
from ledger.clock import day_of
from projections.reading import Cells, Filter, listed

_MOST = 60
"""So many open records of one kind are looked at, the newest: more are a register to go through."""
_NEWEST_FIRST = (("number", True),)


class Dated(NamedTuple):
    """A register whose records have to be done by a day: the column with it, and the states in which it still counts."""

    name: str
    column: str
    open: tuple[str, ...]


_DATED: tuple[Dated, ...] = (
    Dated("project_measures", "due_day", ("open", "overdue")),
    Dated("rectifications", "due_day", ("ordered",)),
    Dated("milestones", "due_day", ("agreed",)),
    Dated("votes", "until_at", ("open",)),
    Dated("appraisals", "until_day", ("open",)),
    Dated("trials", "ends_on", ("running",)),
    Dated("deals", "due_day", ("agreed",)),
    Dated("service_reservations", "until_at", ("reserved", "performed")),
)
_BY_NAME = {shelf.name: shelf for shelf in SHELVES}


class Item(msgspec.Struct, frozen=True):
    """One thing that is due: what it is, whose or what about, when, and how far off that is in words."""

    what: str
    title: str
    href: str
    day: date
    when: str
    tone: str
    own: bool


def _day(visit: Visit, column: str, row: Cells) -> date | None:
    value = row[column]
    if not value:
        return None
    # What ends at an instant is due on the day before that instant strikes.
    return day_of(value - 1, visit.zone) if isinstance(value, int) else date.fromisoformat(value)


def _rows(visit: Visit, shelf: Shelf, dated: Dated) -> dict[str, tuple[Cells, bool]]:
    """Open records by id, with whether they are one's own; what is not public only where it is."""
    database, found = visit.store.database, dict[str, tuple[Cells, bool]]()
    mine = parties_of(visit)
    filters: list[tuple[dict[str, Filter], bool]] = []
    if shelf.reads.public:
        filters.append(({"status": dated.open}, False))
    filters += [({"status": dated.open, name: mine}, True) for name in shelf.own if mine]
    for where, own in filters:
        page = listed(database, shelf.table, visit.ledger, where=where, order=_NEWEST_FIRST, after=None, limit=_MOST)
        found |= {row[shelf.key]: (row, own) for row in page.rows}
    return found


def _of(visit: Visit, dated: Dated) -> list[Item]:
    shelf = _BY_NAME[dated.name]
    found = _rows(visit, shelf, dated)
    refs = References(visit, shelf, [row for row, _ in found.values()])
    items = []
    for key, (row, own) in found.items():
        day = _day(visit, dated.column, row)
        if day is not None:
            when, tone = lateness(visit, day)
            what = text(visit.lang, f"api.reads.{shelf.one}")
            href = visit.url(f"records/{shelf.name}/{key}")
            items.append(Item(what, title_of(visit, shelf, row, refs), href, day, when, tone, own))
    return items


def _disclosures(visit: Visit) -> list[Item]:
    items = []
    for one in disclosures_due(asked(visit), NoQuery()).disclosures_due:
        if one.due_day is not None:
            day = date.fromisoformat(one.due_day)
            when, tone = lateness(visit, day)
            href = visit.url(f"funds/{one.fund.removeprefix('fund_')}")
            items.append(Item(text(visit.lang, "api.reads.disclosure"), one.name, href, day, when, tone, False))
    return items


def due_page(visit: Visit) -> Response:
    """Everything dated, the most pressing first: late, within a week, later."""
    items = [item for dated in _DATED for item in _of(visit, dated)] + _disclosures(visit)
    items.sort(key=lambda item: (item.day, item.title))
    soon = visit.today + timedelta(days=SOON_DAYS)
    groups = [
        ("mine", [item for item in items if item.own]),
        ("late", [item for item in items if not item.own and item.day < visit.today]),
        ("soon", [item for item in items if not item.own and visit.today <= item.day <= soon]),
        ("later", [item for item in items if not item.own and item.day > soon]),
    ]
    return visit.page("due.html", tab="records", groups=[(key, found[:_MOST]) for key, found in groups if found])


def add_due(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/due`."""

    @pages.get("/{ledger}/due")
    def due(request: Request, ledger: str) -> Response:
        return due_page(Visit(store, request, ledger))
