"""A figure opened to the entries behind it, and an entry opened: what happened, when, by which role, what it moved."""

from __future__ import annotations

import json

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.asof.happened import open_event, sights
from api.asof.looking import open_figure
from api.asof.words import Words, everybody_in, shown, type_in_words
from api.pages.common import Visit
from api.pages.links import looker_of, past_of
from api.pages.naming import labels
from api.store import Store
from ledger.clock import day_of
from ledger.errors import NotFound
from ledger.ids import looks_like_id
from ledger.journal.recorded import Recorded
from projections.asof.figures import Entry, Why
from projections.asof.past import event_at
from projections.asof.why import family_of

_ENTRIES = 50
_MOST = 15
"""Digits of a position; longer numbers are none."""


class Part(msgspec.Struct, frozen=True):
    """One line: what it is, where it leads ("" nowhere), when ("" unknown), the entry's number (0 for a figure), amount."""

    what: str
    href: str
    day: str
    position: int
    amount: str


class Parts(msgspec.Struct, frozen=True):
    """The lines of a page, whether they are figures rather than entries, and what they come to."""

    lines: list[Part]
    figures: bool
    total: str


def words_of(visit: Visit, ids: list[str]) -> Words:
    """Words with names as whoever looks may see them: their own and, for who reads all, everybody's in full."""
    clear = True if visit.caller.sees_names else [visit.caller.actor or None]
    return Words(visit.store, visit.ledger, visit.lang, visit.zone, labels(visit, ids, clear=clear))


def _parts(visit: Visit, told: Why, words: Words, at: int | None) -> Parts:
    looker = looker_of(visit)
    positions = {one.position for one in told.entries if one.position is not None}
    opens = sights(looker, looker.past(), positions)
    lines = [_part(visit, told, one, words, opens, at) for one in told.entries]
    total = shown(visit.lang, told.unit, sum(one.amount for one in told.entries))
    return Parts(lines, bool(told.entries) and all(one.position is None for one in told.entries), total)


def _part(visit: Visit, told: Why, one: Entry, words: Words, opens: set[int], at: int | None) -> Part:
    amount = shown(visit.lang, told.unit, one.amount)
    if one.amount > 0 and told.unit != "rank":
        amount = f"+{amount}"
    if one.type is None or one.position is None:
        what = words.title(one.figure) if one.figure else words.somebody
        return Part(what, visit.url("why", figure=one.figure, at=at) if one.figure else "", "", 0, amount)
    day = visit.day(day_of(one.at or 0, visit.zone))
    href = visit.url(f"event/{one.position}") if one.position in opens else ""
    return Part(type_in_words(visit.lang, one.type), href, day, one.position, amount)


def _home_of(visit: Visit, figure: str) -> str:
    """The page on which a figure of this family stands."""
    family, rest = family_of(figure)
    if family in ("fund", "spending", "payments", "receipt", "grant", "pledge"):
        slug = rest.partition(":")[0]
        return visit.url(f"funds/{slug}" if family in ("fund", "spending", "payments") else "funds")
    if family == "member" or (family == "balance" and rest.startswith("hours:mem_")):
        member = rest.split(":")[1 if family == "balance" else 0]
        return visit.url(f"members/{member}")
    if family in ("ranking", "rank", "records"):
        return visit.url("wall")
    if family == "request":
        return visit.url(f"requests/{rest.partition(':')[0]}")
    return visit.url()


def figure_page(visit: Visit, figure: str, at: str, after: str | None) -> Response:
    """Why a figure is what it is. Raises NotFound `no_such_figure`, Refused `bad_moment` and `bad_cursor`."""
    looker = looker_of(visit)
    past = past_of(visit, at)
    told = open_figure(looker, past or looker.past(), figure, after=after, limit=_ENTRIES, today=visit.today)
    words = words_of(visit, everybody_in([figure, *(one.figure for one in told.entries)]))
    position = told.as_of.position
    earlier = past is not None or position < visit.as_of.position
    return visit.page(
        "figure.html",
        tab="",
        figure=figure,
        title=words.title(figure),
        value=shown(visit.lang, told.unit, told.value),
        parts_made=_parts(visit, told, words, position if earlier else None),
        point=told.as_of,
        past=past,
        more=told.next,
        further=after is not None,
        home=_home_of(visit, figure),
    )


def event_page(visit: Visit, position: int) -> Response:
    """One entry. Raises NotFound `no_such_event`, whether there is none or it is not theirs to see."""
    looker = looker_of(visit)
    found = open_event(looker, position, visit.zone)
    event = event_at(looker.past(), position)
    if event is None:
        raise NotFound("no_such_event", position=position)
    named = [] if found.sight == "outline" else _ids(event)
    words = words_of(visit, [*named, *everybody_in(one.figure for one in found.moved)])
    fields = []
    if found.sight != "outline":
        # Whom it concerns reads who else took part by masked names, as in the statement.
        shown_fields = words.fields_of(event, event.fact.__struct_fields__)
        whole = found.sight == "whole"
        fields = [
            (one.label, one.value)
            for one in shown_fields
            if whole or not (one.name == "words" or one.name.endswith("_id"))
        ]
    neighbours = {one for one in (position - 1, position + 1) if 0 < one <= visit.as_of.position}
    opens = sights(looker, looker.past(), neighbours)
    return visit.page(
        "event.html",
        tab="",
        found=found,
        what=type_in_words(visit.lang, found.type),
        day=visit.day(found.day),
        by=words.who(event.envelope.by) if named else "",
        behalf=words.who(event.envelope.behalf) if named and event.envelope.behalf else "",
        role=words.role(found.role) if found.role else "",
        fields=fields,
        moved=[
            (
                words.title(one.figure),
                one.figure,
                ("+" if one.amount > 0 else "") + shown(visit.lang, one.unit, one.amount),
            )
            for one in found.moved
        ],
        story=[(type_in_words(visit.lang, one.type), one.position) for one in found.related],
        raw=json.dumps(found.fact, ensure_ascii=False, indent=1) if found.sight == "whole" else "",
        before=position - 1 if position - 1 in opens else 0,
        behind=position + 1 if position + 1 in opens else 0,
    )


def _ids(event: Recorded) -> list[str]:
    values = [event.envelope.by, event.envelope.behalf, *msgspec.structs.astuple(event.fact)]
    flat = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
    return [one for one in flat if isinstance(one, str) and looks_like_id(one)]


def add_opening(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/why` and `/{ledger}/event/{position}`."""

    @pages.get("/{ledger}/why")
    def why(request: Request, ledger: str, figure: str = "", at: str = "", after: str | None = None) -> Response:
        return figure_page(Visit(store, request, ledger), figure, at, after)

    @pages.get("/{ledger}/event/{position}")
    def event(request: Request, ledger: str, position: str) -> Response:
        visit = Visit(store, request, ledger)
        if not (position.isascii() and position.isdecimal() and len(position) <= _MOST):
            raise NotFound("no_such_event", position=position[:40])
        return event_page(visit, int(position))
