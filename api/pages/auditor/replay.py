"""The replay console: the books as they were at any position or on any day, step by step, and what lies between two."""

from __future__ import annotations

from datetime import date

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.asof.happened import open_event
from api.asof.words import everybody_in, shown, type_in_words
from api.moments import moment_of
from api.pages.auditor.may import EVERY_SECONDS, visited
from api.pages.auditor.then import Figure, Then, then_of
from api.pages.common import Visit
from api.pages.links import looker_of
from api.pages.opening import words_of
from api.store import Store
from ledger.clock import day_of
from ledger.errors import Refused
from ledger.ids import looks_like_id
from ledger.journal.recorded import Recorded
from projections.asof.diff import check_order, types_between
from projections.asof.past import Past, event_at, events_at

_AROUND = 3
_STEPS = (1, 100, 1_000)
_MONTHS = 12
_KINDS = 12
MOST_BETWEEN = 10_000
"""Events between two moments up to which a page says of which types they were."""


class Neighbour(msgspec.Struct, frozen=True):
    """An event before or behind: its position and what it is called."""

    position: int
    what: str


class Told(msgspec.Struct, frozen=True):
    """The event at a position in words. `moved`: title, figure, amount in words."""

    what: str
    by: str
    role: str
    behalf: str
    fields: list[tuple[str, str]]
    moved: list[tuple[str, str, str]]


class Moved(msgspec.Struct, frozen=True):
    """A figure at two moments, and the change in words; `up` says which way."""

    title: str
    figure: str
    before: str
    after: str
    change: str
    up: bool


def moment(visit: Visit, text: str, field: str) -> Past | None:
    """The point that somebody named; None for nothing. One beyond the end is the end.

    Raises Refused `bad_moment`, NotFound `no_such_position`.
    """
    if not text.strip():
        return None
    try:
        when = moment_of(text, visit.zone)
    except ValueError:
        raise Refused("bad_moment", field=field, text=text[:40]) from None
    position = None if when.position is None else min(when.position, visit.as_of.position)
    return looker_of(visit).past(position=position, at=when.at)


def _ids(event: Recorded) -> list[str]:
    values = [event.envelope.by, event.envelope.behalf, *msgspec.structs.astuple(event.fact)]
    flat = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
    return [one for one in flat if isinstance(one, str) and looks_like_id(one)]


def told_of(visit: Visit, position: int) -> Told | None:
    """The event at a position in words; None where there is none (before the first)."""
    looker = looker_of(visit)
    event = event_at(looker.past(), position)
    if event is None:
        return None
    found = open_event(looker, position, visit.zone)
    words = words_of(visit, [*_ids(event), *everybody_in(one.figure for one in found.moved)])
    envelope = event.envelope
    return Told(
        what=type_in_words(visit.lang, found.type),
        by=words.who(envelope.by),
        role=words.role(envelope.role) if envelope.role else visit.a("own_affairs"),
        behalf=words.who(envelope.behalf) if envelope.behalf else "",
        fields=[(one.label, one.value) for one in words.fields_of(event, _said_fields(event))],
        moved=[(words.title(one.figure), one.figure, _signed(visit, one.unit, one.amount)) for one in found.moved],
    )


def _said_fields(event: Recorded) -> list[str]:
    """The fields that say something to people; ids only tie facts together, and the entry's own page has them."""
    return [name for name in event.fact.__struct_fields__ if not name.endswith("_id") or name == "member_id"]


def _signed(visit: Visit, unit: str, amount: int) -> str:
    told = shown(visit.lang, unit, amount)
    return f"+{told}" if amount > 0 else told


def _neighbours(visit: Visit, positions: range) -> list[Neighbour]:
    wanted = [one for one in positions if 0 < one <= visit.as_of.position]
    known = events_at(looker_of(visit).past(), wanted)
    return [Neighbour(one, type_in_words(visit.lang, known[one][1])) for one in wanted if one in known]


def _months(visit: Visit) -> list[tuple[str, str]]:
    """The ends of the last months since the ledger began: what they are called, and the day."""
    found: list[tuple[str, str]] = []
    began = day_of(looker_of(visit).past(position=1).point.at, visit.zone)
    year, month = visit.today.year, visit.today.month
    for _ in range(_MONTHS):
        last = date(year, month, 1).toordinal() - 1
        day = date.fromordinal(last)
        year, month = day.year, day.month
        if day < began:
            break
        found.append((visit.t("auditor.replay.end_of", year=year, month=month), day.isoformat()))
    return found


def replay_page(visit: Visit, position: str, day: str) -> Response:
    """A moment. Raises Refused `bad_moment`, NotFound `no_such_position`."""
    past = moment(visit, day, "day") or moment(visit, position, "position") or looker_of(visit).past()
    here, head = past.position, visit.as_of.position
    point = past.point
    around = [*range(here - _AROUND, here), *range(here + 1, here + _AROUND + 1)]
    near = _neighbours(visit, range(min(around), max(around) + 1))
    then = then_of(visit, past)
    return visit.page(
        "auditor_replay.html",
        tab="audit",
        here=here,
        head=head,
        point=point,
        day=day_of(point.at, visit.zone).isoformat() if point.at else "",
        today=visit.today.isoformat(),
        told=told_of(visit, here),
        earlier=[one for one in near if one.position < here],
        later=[one for one in near if one.position > here],
        then=then,
        steps=[(by, max(here - by, 0), min(here + by, head)) for by in _STEPS],
        months=_months(visit),
        every=EVERY_SECONDS,
    )


def _moves(before: Then, after: Then) -> list[tuple[str, Figure | None, Figure]]:
    """Figures by their names at both moments, under the heading each stands under; those that are not at the first are new."""
    old = {one.figure: one for one in before.figures}
    groups = [("hours", after.hours), ("people", after.people), ("requests", after.requests)]
    found = [(head, old.get(one.figure), one) for head, figures in groups for one in figures]
    return found + [(fund.name, old.get(one.figure), one) for fund in after.funds for one in fund.figures]


def _said(visit: Visit, figure: str, value: int) -> str:
    """A value of a figure in words."""
    if figure.startswith("stats.minutes."):
        return visit.hours(value)
    return visit.yuan(value) if figure.startswith("fund:") else f"{value:,}"


def difference_page(visit: Visit, first: str, last: str) -> Response:
    """What lies between two moments. Raises Refused `bad_moment` and `moments_reversed`, NotFound `no_such_position`."""
    begin = moment(visit, first, "from")
    end = moment(visit, last, "to") or looker_of(visit).past()
    begin = begin or end._replace(position=max(end.position - MOST_BETWEEN // 10, 0))
    check_order(begin, end)
    before, after = then_of(visit, begin, with_boards=False), then_of(visit, end, with_boards=False)
    pairs = [(head, old.value if old else 0, now) for head, old, now in _moves(before, after)]
    moved: dict[str, list[Moved]] = {}
    for head, was, now in pairs:
        if was != now.value:
            line = Moved(
                now.label, now.figure, _said(visit, now.figure, was), now.shown,
                ("+" if now.value > was else "") + _said(visit, now.figure, now.value - was), now.value > was,
            )  # fmt: skip
            moved.setdefault(head, []).append(line)
    events = end.position - begin.position
    types = types_between(begin, end) if events <= MOST_BETWEEN else []
    return visit.page(
        "auditor_difference.html",
        tab="audit",
        first=begin.point,
        last=end.point,
        events=events,
        moved=moved,
        same=sum(was == now.value for _, was, now in pairs),
        types=[(type_in_words(visit.lang, one.type), one) for one in sorted(types, key=lambda one: -one.events)],
        few=_KINDS,
        most=MOST_BETWEEN,
        counting=before.counting or after.counting,
        every=EVERY_SECONDS,
    )


def add_replay(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/replay` and `/{ledger}/replay/difference`."""

    @pages.get("/{ledger}/replay")
    def replay(request: Request, ledger: str, position: str = "", day: str = "") -> Response:
        visit = visited(store, request, ledger)
        return replay_page(visit, position, day) if isinstance(visit, Visit) else visit

    @pages.get("/{ledger}/replay/difference")
    def difference(request: Request, ledger: str, to: str = "") -> Response:
        visit = visited(store, request, ledger)
        if not isinstance(visit, Visit):
            return visit
        return difference_page(visit, request.query_params.get("from", ""), to)
