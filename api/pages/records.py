"""Everything the engines keep, in one plain manner: what there is, a list, one record with its figures and its events."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy import Integer
from starlette.requests import Request
from starlette.responses import Response

from api.asof.happened import sights
from api.asof.words import shown, type_in_words
from api.engines import SHELVES
from api.pages.common import Visit
from api.pages.links import entry_link, figure_link, looker_of
from api.pages.naming import labels
from api.routes.asked import Asked
from api.sampling.names import field_name
from api.shelves import Shelf, columns_of, may_list, page_of, row_of
from api.store import Store
from api.texts import known, text
from ledger.base import NAME_OF
from ledger.clock import day_of
from ledger.errors import NotFound, NotYours
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, looks_like_id, prefix_of
from ledger.units import FEN, MINUTES, VENUE_MINUTES
from projections.asof.of_things import thing_of
from projections.asof.past import events_of
from projections.columns import UNIT as UNIT_OF
from projections.reading import Cells

_ROWS, _EVENTS, _TOLD = 30, 200, 6
_TITLES = ("name", "title", "label")
_PLACES = frozenset({"number", "version"})
_WITH_NAMES = frozenset({PERSON, TEAM, UNIT, SERVICE, "place"})
"""Ids that have a name to be shown by."""
_BY_NAME = {shelf.name: shelf for shelf in SHELVES}


class Card(msgspec.Struct, frozen=True):
    """A record in a list: its name, where it leads, and what is said of it."""

    title: str
    href: str
    told: list[tuple[str, str | Markup]]


def _asked(visit: Visit) -> Asked:
    return Asked(visit.store, visit.ledger, visit.caller, {}, visit.lang)


def may_look(visit: Visit, shelf: Shelf) -> bool:
    """Whether somebody may go through a whole shelf."""
    try:
        may_list(shelf, _asked(visit), {})
    except NotYours:
        return False
    return True


def _named(visit: Visit, shelf: Shelf, rows: list[Cells]) -> dict[str, str]:
    """Names of everything in some rows: people masked unless they are who looks, or names are open to them."""
    texts = [column.name for column in columns_of(shelf) if column.type.python_type is str]
    ids = {row[name] for row in rows for name in texts if row[name] and prefix_of(row[name]) in _WITH_NAMES}
    clear: bool | list[str | None] = True if visit.caller.sees_names else [visit.caller.actor or None]
    return labels(visit, ids, clear=clear)


def _value(visit: Visit, shelf: Shelf, column: Any, row: Cells, names: dict[str, str]) -> str | Markup:
    """A cell in words; "" for what says nothing."""
    name, value = column.name, row[column.name]
    if value is None or value == "" or name in shelf.words:
        return ""
    if type(column.type) is Integer:
        return visit.t("records.yes") if value else ""
    if isinstance(value, int):
        return _number(visit, shelf, column, row, value)
    if name in shelf.lists:
        return visit.t("records.mark").join(names.get(one, one) for one in value.split("\n"))
    if name == "day" or name.endswith(("_day", "_on")):
        return visit.day(value)
    key = f"sampling.value.{name}_{value}"
    if known(visit.lang, key):
        return text(visit.lang, key)
    if prefix_of(value) == "req" and looks_like_id(value):
        return Markup('<a href="{}">{}</a>').format(visit.url(f"requests/{value}"), visit.t("records.request"))
    return str(names.get(value, value))


def _number(visit: Visit, shelf: Shelf, column: Any, row: Cells, value: int) -> str | Markup:
    if column.name.endswith("_at"):
        return visit.instant(value) if value else ""
    unit = column.info.get(UNIT_OF)
    if unit is None:
        return visit.t("line.number_of", position=f"{value:,}") if column.name == "number" else f"{value:,}"
    if not value:
        return ""
    told = shown(visit.lang, unit, value) if unit in (FEN, MINUTES, VENUE_MINUTES) else f"{value:,}"
    return figure_link(visit, f"{thing_of(shelf.table)}:{row[shelf.key]}:{column.name}", told)


def _told(
    visit: Visit, shelf: Shelf, row: Cells, names: dict[str, str], *, short: bool = False
) -> list[tuple[str, str | Markup]]:
    """What a record says: label and value, in the order of its columns."""
    found: list[tuple[str, str | Markup]] = []
    for column in columns_of(shelf):
        if column.name in _PLACES or (short and (column.name in _TITLES or column.name == shelf.key)):
            continue
        value = _value(visit, shelf, column, row, names)
        if value:
            found.append((field_name(visit.lang, column.name), value))
    return found[:_TOLD] if short else found


def _title(visit: Visit, shelf: Shelf, row: Cells, names: dict[str, str]) -> str:
    for name in _TITLES:
        if row.get(name):
            return str(row[name])
    for name in shelf.parties:
        if row[name]:
            return str(names.get(row[name], row[name]))
    return visit.t("line.number_of", position=f"{row['number']:,}")


def index_page(visit: Visit) -> Response:
    """What there is to look at, by subject: what everybody may see, and what is open to who looks."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for shelf in SHELVES:
        if may_look(visit, shelf):
            told = text(visit.lang, f"api.reads.{shelf.name}")
            groups.setdefault(text(visit.lang, f"api.tags.{shelf.tag}"), []).append(
                (told, visit.url(f"records/{shelf.name}"))
            )
    return visit.page("records.html", groups=groups)


def _shelf(name: str) -> Shelf:
    if name not in _BY_NAME:
        raise NotFound("no_such_page")
    return _BY_NAME[name]


def list_page(visit: Visit, name: str, after: str | None) -> Response:
    """A page of a shelf's records. Raises NotFound `no_such_page`, NotYours, Refused `bad_cursor`."""
    shelf = _shelf(name)
    page = page_of(shelf, _asked(visit), {}, after=after, limit=_ROWS)
    names = _named(visit, shelf, page.rows)
    cards = [
        Card(
            _title(visit, shelf, row, names),
            visit.url(f"records/{name}/{row[shelf.key]}"),
            _told(visit, shelf, row, names, short=True),
        )
        for row in page.rows
    ]
    title = text(visit.lang, f"api.reads.{shelf.name}")
    return visit.page("shelf.html", title=title, cards=cards, next=page.next, further=after is not None)


def record_page(visit: Visit, name: str, key: str) -> Response:
    """One record and the events that made it. Raises NotFound, whether there is none or it is not theirs to see."""
    shelf = _shelf(name)
    row = row_of(shelf, _asked(visit), key)
    names = _named(visit, shelf, [row])
    looker = looker_of(visit)
    past = looker.past()
    events = [event for event, _ in zip(events_of(past, [key]), range(_EVENTS), strict=False)]
    opens = sights(looker, past, {event.position for event in events})
    story = [
        (
            visit.day(day_of(event.recorded_at, visit.zone)),
            type_in_words(visit.lang, NAME_OF[type(event.fact)]),
            entry_link(visit, event.position) if event.position in opens else "",
        )
        for event in events
    ]
    return visit.page(
        "record.html",
        kind=text(visit.lang, f"api.reads.{shelf.name}"),
        back=visit.url(f"records/{name}") if may_look(visit, shelf) else "",
        title=_title(visit, shelf, row, names),
        told=_told(visit, shelf, row, names),
        story=story,
    )


def add_records(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/records`, `/{ledger}/records/{name}` and `/{ledger}/records/{name}/{key}`."""

    @pages.get("/{ledger}/records")
    def index(request: Request, ledger: str) -> Response:
        return index_page(Visit(store, request, ledger))

    @pages.get("/{ledger}/records/{name}")
    def several(request: Request, ledger: str, name: str, after: str | None = None) -> Response:
        return list_page(Visit(store, request, ledger), name, after)

    @pages.get("/{ledger}/records/{name}/{key}")
    def single(request: Request, ledger: str, name: str, key: str) -> Response:
        return record_page(Visit(store, request, ledger), name, key)
