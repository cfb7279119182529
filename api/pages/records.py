"""Everything the engines keep, in one plain manner: what there is, a list, one record with its figures and its events."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.asof.happened import sights
from api.asof.words import type_in_words
from api.engines import SHELVES
from api.pages.common import Visit
from api.pages.links import entry_link, looker_of
from api.pages.registers.due import add_due
from api.pages.registers.integrity import add_integrity
from api.pages.registers.mine import own_columns, own_page, own_shelves
from api.pages.registers.references import References, asked, title_of
from api.pages.registers.wording import Wording
from api.people import People, mask_numbers
from api.sampling.names import field_name
from api.shelves import Shelf, may_list, page_of, row_of
from api.store import Store
from api.texts import text
from ledger.base import NAME_OF
from ledger.clock import day_of
from ledger.errors import NotFound, NotYours
from projections.asof.past import events_of
from projections.reading import Cells, Page

_ROWS, _EVENTS = 30, 200
_BY_NAME = {shelf.name: shelf for shelf in SHELVES}


class Card(msgspec.Struct, frozen=True):
    """A record in a list: its name, where it leads, and what is said of it."""

    title: str
    href: str
    told: list[tuple[str, str | Markup]]


def may_look(visit: Visit, shelf: Shelf) -> bool:
    """Whether somebody may go through a whole shelf."""
    try:
        may_list(shelf, asked(visit), {})
    except NotYours:
        return False
    return True


def index_page(visit: Visit) -> Response:
    """What there is to look at: one's own first, then by subject what is open to who looks."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for shelf in SHELVES:
        if may_look(visit, shelf):
            told = text(visit.lang, f"api.reads.{shelf.name}")
            groups.setdefault(text(visit.lang, f"api.tags.{shelf.tag}"), []).append(
                (told, visit.url(f"records/{shelf.name}"))
            )
    mine = [
        (text(visit.lang, f"api.reads.{shelf.name}"), visit.url(f"records/{shelf.name}", own="yes"))
        for shelf in own_shelves(visit)
    ]
    return visit.page("records.html", tab="records", groups=groups, mine=mine, signed_in=visit.caller.signed_in)


def _shelf(name: str) -> Shelf:
    if name not in _BY_NAME:
        raise NotFound("no_such_page")
    return _BY_NAME[name]


def _page(visit: Visit, shelf: Shelf, own: str, after: str | None) -> tuple[Page, list[str], str]:
    """The rows, the columns by which some are one's own, and the one they are shown by ("" for all rows)."""
    whole = may_look(visit, shelf)
    columns = own_columns(visit, shelf) if visit.caller.signed_in and (own or not whole) else []
    if whole and not own:
        return page_of(shelf, asked(visit), {}, after=after, limit=_ROWS), [], ""
    if not visit.caller.signed_in or not shelf.own:
        may_list(shelf, asked(visit), {})
    column = own if own in columns else next(iter(columns), "")
    return own_page(visit, shelf, column, after=after, limit=_ROWS), columns, column


def list_page(visit: Visit, name: str, after: str | None, own: str = "") -> Response:
    """A page of a shelf's records, or of one's own. Raises NotFound `no_such_page`, NotYours, Refused `bad_cursor`."""
    shelf = _shelf(name)
    page, columns, column = _page(visit, shelf, own, after)
    refs = References(visit, shelf, page.rows)
    wording = Wording(visit, shelf, refs)
    cards = [
        Card(
            title_of(visit, shelf, row, refs),
            visit.url(f"records/{name}/{row[shelf.key]}"),
            wording.pairs(row, short=True),
        )
        for row in page.rows
    ]
    title = text(visit.lang, f"api.reads.{shelf.name}")
    return visit.page(
        "shelf.html",
        tab="records",
        title=title,
        cards=cards,
        next=page.next,
        further=after is not None,
        own=bool(own) or not may_look(visit, shelf),
        whole=visit.url(f"records/{name}") if own and may_look(visit, shelf) else "",
        ways=[(field_name(visit.lang, one), visit.here(own=one, after=None), one == column) for one in columns],
    )


def _written(visit: Visit, shelf: Shelf, row: Cells) -> list[tuple[str, str]]:
    """What people wrote, for who may read names and for the row's own."""
    own = any(row[name] and asked(visit).is_own(row[name]) for name in shelf.own)
    if not shelf.words or not (visit.caller.sees_names or own):
        return []
    documents = People(visit.store, visit.ledger).words(row[name] for name in shelf.words if row[name])
    return [
        (field_name(visit.lang, name), mask_numbers(str(said)))
        for document in documents.values()
        for name, said in document.items()
        if isinstance(said, str) and said
    ]


def record_page(visit: Visit, name: str, key: str) -> Response:
    """One record and the events that made it. Raises NotFound, whether there is none or it is not theirs to see."""
    shelf = _shelf(name)
    row = row_of(shelf, asked(visit), key)
    refs = References(visit, shelf, [row])
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
        tab="records",
        kind=text(visit.lang, f"api.reads.{shelf.name}"),
        back=visit.url(f"records/{name}") if may_look(visit, shelf) or visit.caller.signed_in else "",
        title=title_of(visit, shelf, row, refs),
        told=[*Wording(visit, shelf, refs).pairs(row), *_written(visit, shelf, row)],
        story=story,
    )


def add_records(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/records`, `/{ledger}/records/{name}` and `/{ledger}/records/{name}/{key}`; what is due; integrity records."""
    add_due(pages, store)
    add_integrity(pages, store)

    @pages.get("/{ledger}/records")
    def index(request: Request, ledger: str) -> Response:
        return index_page(Visit(store, request, ledger))

    @pages.get("/{ledger}/records/{name}")
    def several(request: Request, ledger: str, name: str, after: str | None = None, own: str = "") -> Response:
        return list_page(Visit(store, request, ledger), name, after, own)

    @pages.get("/{ledger}/records/{name}/{key}")
    def single(request: Request, ledger: str, name: str, key: str) -> Response:
        return record_page(Visit(store, request, ledger), name, key)
