"""Reads of the past: what lies between two moments, why a figure is what it is, and one event opened."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.asof import happened
from api.asof.bounds import check_span
from api.asof.looking import Looker, open_figure
from api.moments import moment_of
from api.paging import Paged, closed
from api.routes.asked import Asked
from api.routes.journal import zone_of
from api.routes.names import DayText, Who, whos
from api.routes.past import PagedThen, past_of
from api.routes.reads import Read
from api.wire import Instant, instant
from ledger.clock import day_of
from ledger.errors import Refused
from projections.asof import diff as diffs
from projections.asof.past import Past
from projections.books import queries
from projections.books.queries import Stats

Point = Annotated[
    str,
    Meta(
        min_length=1, max_length=40, description="a position, a day (its end) or an RFC 3339 date-time",
        examples=["1234", "2026-03-08"],
    ),
]  # fmt: skip


_BETWEEN = "\x7f"
"""Between account and unit in a cursor: a character that neither holds."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A point of the journal: a position, and when its event was recorded; null before the first."""

    position: int
    at: Instant | None


class EntryOf(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a figure: the event that added `amount`, or the figure that contributes it, or both. `opens` says
    whether the event can be opened by the caller (`/events/{position}`)."""

    amount: int
    position: int | None
    figure: str | None
    day: DayText | None
    type: str | None
    opens: bool


class WhyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as of a position: the amounts of the entries over all pages add up exactly to its value."""

    figure: str
    value: int
    unit: str
    as_of: Moment
    entries: list[EntryOf]
    next: str | None


class Span(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}
):
    """From which point to which: events behind the first, up to the last."""

    first: Point
    last: Point


class PagedSpan(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A page of what lies between two points."""

    first: Point
    last: Point


class RankingSpan(
    PagedSpan, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}
):
    """Between two points, in which ranking."""

    measure: Annotated[str, Meta(max_length=200)]
    period: Annotated[str, Meta(max_length=20)] = "all"


class TypeCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many events of one type, and the positions of the first and the last."""

    type: str
    events: int
    first: int
    last: int


class FigureMove(msgspec.Struct, frozen=True, kw_only=True):
    """A fund's figure that changed, in fen; `figure` opens with `/why`."""

    figure: str
    before: int
    after: int


class Difference(msgspec.Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """What lies between two points: events by type, the totals at both, and the funds' figures that changed."""

    first: Moment
    last: Moment
    events: int
    types: list[TypeCount]
    before: Stats
    after: Stats
    funds: list[FigureMove]


class AccountMove(msgspec.Struct, frozen=True, kw_only=True):
    """An account with postings in between; its figure opens with `/why`."""

    account: str
    unit: str
    before: int
    after: int
    change: int
    figure: str


class AccountMoves(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the accounts that moved."""

    accounts: list[AccountMove]
    next: str | None


class RequestMove(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose state changed; `before` is null for one posted in between."""

    request_id: str
    number: int
    before: str | None
    after: str


class RequestMoves(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the requests whose state changed, by number."""

    requests: list[RequestMove]
    next: str | None


class RankMove(msgspec.Struct, frozen=True, kw_only=True):
    """Who moved in a ranking; ranks are null where not ranked. `subject` as in the ranking itself."""

    subject: Who | None
    rank_before: int | None
    rank_after: int | None
    before: int
    after: int


class RankMoves(msgspec.Struct, frozen=True, kw_only=True):
    """A page of who moved in a ranking, by the later rank."""

    measure: str
    period: str
    moves: list[RankMove]
    next: str | None


class MovedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What an event added to a figure."""

    figure: str
    unit: str
    amount: int


class RelatedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Another event of the same story."""

    position: int
    type: str


class OpenedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `sight`: whole (auditors), own (whom it concerns), outline (position, day, type, public amounts)."""

    position: int
    day: DayText
    type: str
    sight: str
    recorded_at: Instant | None
    by: str | None
    role: str | None
    behalf: str | None
    fact: dict[str, Any] | None
    tags: list[str]
    related: list[RelatedEvent]
    moved: list[MovedFigure]


def looker_of(asked: Asked) -> Looker:
    """Who asks, for rights to figures and events."""
    return Looker(asked.store, asked.ledger, asked.caller)


def moment_named(asked: Asked, text: str, field: str) -> Past:
    """A point that a person wrote. Raises Refused `bad_moment`, NotFound `no_such_position`."""
    try:
        when = moment_of(text, zone_of(asked))
    except ValueError:
        raise Refused("bad_moment", field=field, text=text) from None
    return looker_of(asked).past(position=when.position, at=when.at)


def moment(point: queries.AsOf) -> Moment:
    """A point of the journal as answers show it."""
    return Moment(position=point.position, at=instant(point.at) if point.position else None)


def why_figure(asked: Asked, query: PagedThen) -> WhyPage:
    """Why a figure is what it is: the events, or the figures, that add up to it. Rights are those of the figure itself."""
    looker = looker_of(asked)
    past = past_of(asked, query) or looker.past()
    zone = zone_of(asked)
    today = day_of(asked.store.clock(), zone)
    told = open_figure(looker, past, asked.path["figure"], after=query.after, limit=query.limit, today=today)
    opens = happened.sights(looker, past, {one.position for one in told.entries if one.position is not None})
    entries = [
        EntryOf(
            amount=one.amount, position=one.position, figure=one.figure,
            day=None if one.at is None else day_of(one.at, zone).isoformat(), type=one.type, opens=one.position in opens,
        )
        for one in told.entries
    ]  # fmt: skip
    return WhyPage(
        figure=told.figure, value=told.value, unit=told.unit, as_of=moment(told.as_of), entries=entries,
        next=closed(told.next),
    )  # fmt: skip


def event(asked: Asked, _query: msgspec.Struct) -> OpenedEvent:
    """One event: whole for auditors and administrators; for whom it concerns without other people's ids; else its outline."""
    text = asked.path["position"]
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Refused("bad_value", field="{position}")
    found = happened.open_event(looker_of(asked), int(text), zone_of(asked))
    return OpenedEvent(
        position=found.position, day=found.day.isoformat(), type=found.type, sight=found.sight,
        recorded_at=instant(found.at), by=found.by, role=found.role, behalf=found.behalf, fact=found.fact,
        tags=found.tags,
        related=[RelatedEvent(position=one.position, type=one.type) for one in found.related],
        moved=[MovedFigure(figure=one.figure, unit=one.unit, amount=one.amount) for one in found.moved],
    )  # fmt: skip


def diff(asked: Asked, query: Span) -> Difference:
    """What lies between two moments: events by type, totals before and after, and the funds' figures that changed."""
    first, last = _ends(asked, query)
    found = diffs.diff(first, last)
    return Difference(
        first=moment(found.first), last=moment(found.last), events=found.events, before=found.before, after=found.after,
        types=[TypeCount(type=one.type, events=one.events, first=one.first, last=one.last) for one in found.types],
        funds=[FigureMove(figure=one.figure, before=one.before, after=one.after) for one in found.funds],
    )  # fmt: skip


def diff_accounts(asked: Asked, query: PagedSpan) -> AccountMoves:
    """The accounts that moved between two moments, with both balances."""
    first, last = _ends(asked, query)
    after = None
    if query.after is not None:
        account, gap, unit = query.after.partition(_BETWEEN)
        if not gap:
            raise Refused("bad_cursor", field="?cursor")
        after = (account, unit)
    rows, more = diffs.accounts_moved(first, last, after=after, limit=query.limit)
    moves = [
        AccountMove(
            account=one.account, unit=one.unit, before=one.before, after=one.after, change=one.after - one.before,
            figure=f"balance:{one.account}:{one.unit}",
        )
        for one in rows
    ]  # fmt: skip
    return AccountMoves(accounts=moves, next=closed(_BETWEEN.join(more)) if more else None)


def diff_requests(asked: Asked, query: PagedSpan) -> RequestMoves:
    """The requests whose state changed between two moments."""
    rows, more = diffs.requests_moved(*_ends(asked, query), after=query.after, limit=query.limit)
    moves = [
        RequestMove(request_id=one.request_id, number=one.number, before=one.before, after=one.after) for one in rows
    ]
    return RequestMoves(requests=moves, next=closed(more))


def diff_ranking(asked: Asked, query: RankingSpan) -> RankMoves:
    """Who moved in a ranking between two moments; people as in the ranking: named who agreed, masked else, or left out."""
    begin = _place(query.after)
    first, last = _ends(asked, query)
    looker_of(asked).need_boards(last)
    rows = diffs.ranking_moved(first, last, query.measure, query.period)
    people = queries.members_by_id(asked.store.database, asked.ledger, [one.subject for one in rows])
    if not asked.caller.sees_names:
        hidden = {one for one, row in people.items() if row["wall_hidden"] and not asked.is_own(one)}
        rows = [row for row in rows if row.subject not in hidden]
    shown = rows[begin : begin + query.limit]
    known = whos(asked, [row.subject for row in shown], consent="wall", hide=True)
    moves = [
        RankMove(
            subject=known[one.subject], rank_before=one.rank_before, rank_after=one.rank_after, before=one.before,
            after=one.after,
        )
        for one in shown
    ]  # fmt: skip
    more = str(begin + query.limit) if begin + query.limit < len(rows) else None
    return RankMoves(measure=query.measure, period=query.period, moves=moves, next=closed(more))


def _place(after: str | None) -> int:
    """How many rows were shown before; raises Refused `bad_cursor`."""
    if after is None:
        return 0
    if not (after.isascii() and after.isdecimal() and len(after) <= 9):
        raise Refused("bad_cursor", field="?cursor")
    return int(after)


def _ends(asked: Asked, query: Span | PagedSpan) -> tuple[Past, Past]:
    """The two moments. Raises Refused `span_too_long` where they are too far apart for whoever asks."""
    first, last = moment_named(asked, query.first, "?from"), moment_named(asked, query.last, "?to")
    check_span(looker_of(asked), last.position - first.position)
    return first, last


READS = (
    Read("/why/{figure}", why_figure, "journal", PagedThen),
    Read("/events/{position}", event, "journal"),
    Read("/diff", diff, "journal", Span),
    Read("/diff/accounts", diff_accounts, "journal", PagedSpan),
    Read("/diff/requests", diff_requests, "journal", PagedSpan),
    Read("/diff/ranking", diff_ranking, "boards", RankingSpan),
)
