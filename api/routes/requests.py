"""Reads of requests, their history, and claims."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import bindparam, select

from api.paging import Paged, closed
from api.people import mask_numbers
from api.reading import ON_THE_BOARD, READING
from api.routes.asked import Asked
from api.routes.names import DayText, Documents, Who, whos, words_of
from api.routes.past import Then, past_of
from api.routes.reads import Read, pick
from api.wire import Instant, Text, instant
from ledger.errors import NotFound
from ledger.journal.tables import event_tags
from ledger.journal.tables import events as event_table
from ledger.requests.commands import RequestKind
from projections.asof.things import request_as_of
from projections.books import queries
from projections.reading import Cells, Filter

Status = Literal[
    "posted", "noticed", "published", "declined", "claimed", "fulfilled", "closed", "unmet", "withdrawn",
    "deliberated", "decided", "executed",
]  # fmt: skip


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A wish, order, need, listing, issue or project. Contacts are shown to who serves or holds it; `until_at` ends the lease."""

    request_id: str
    number: int
    kind: str
    status: str
    title: str
    detail: str
    name: str
    phone: str
    address: str
    requester: Who | None
    proxy: Who | None
    claimant: Who | None
    claim_id: str | None
    place: str | None
    category: str
    value_fen: int | None
    item: str | None
    quantity: int | None
    promised: int
    delivered: int
    channel: str
    point: str | None
    record: bool
    until_at: Instant | None
    priority: int
    reopened: int
    score: int | None
    explained: bool
    barrier: str | None
    reason: str | None
    posted_day: DayText
    published_day: DayText | None
    closed_day: DayText | None


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a request's story: what happened and when; `by` where the caller may know."""

    position: int
    at: Instant
    type: str
    by: Who | None


class RequestWhole(Request, frozen=True, kw_only=True):
    """A request with its story."""

    history: list[Happened]


R = TypeVar("R", bound=Request)


class Requests(msgspec.Struct, frozen=True, kw_only=True):
    """A page of requests."""

    requests: list[Request]
    next: str | None


class RequestsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which requests. With `board`, what can be claimed now, in the order of the board; else newest first."""

    board: bool = False
    status: Status | None = None
    kind: RequestKind | None = None
    place: Text | None = None
    category: Text | None = None
    requester: Text | None = None
    claimant: Text | None = None
    point: Text | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim. `status`: open, released, lapsed, fulfilled, closed, unmet, withdrawn."""

    claim_id: str
    number: int
    request_id: str
    claimant: str
    unit: str | None
    status: str
    until_at: Instant
    day: DayText
    reopened: int


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """A page of claims, newest first."""

    claims: list[Claim]
    next: str | None


class ClaimsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose claims: a member's, team's or unit's; one's own where none is named."""

    claimant: Text | None = None
    status: Literal["open", "released", "lapsed", "fulfilled", "closed", "unmet", "withdrawn"] | None = None


def _is_involved(asked: Asked, row: Cells) -> bool:
    """Whether the caller asked for it or holds it."""
    return asked.is_own(row["requester"]) or asked.is_own(row["claimant"])


def _request(
    kind: type[R], row: Cells, known: dict[Any, Who | None], said: Documents, *, clear: bool, **more: object
) -> R:  # fmt: skip
    words = said.get(row["words"], {})
    title, detail = str(words.get("title", "")), str(words.get("detail", ""))
    return pick(
        kind, row,
        requester=known[row["requester"]], proxy=known[row["proxy"]], claimant=known[row["claimant"]],
        title=title if clear else mask_numbers(title),
        detail=detail if clear else mask_numbers(detail),
        name=str(words.get("name", "")) if clear else "",
        phone=str(words.get("phone", "")) if clear else "",
        address=str(words.get("address", "")) if clear else "",
        **more,
    )  # fmt: skip


def _known(asked: Asked, rows: list[Cells]) -> dict[str | None, Who | None]:
    people = [row[name] for row in rows for name in ("requester", "proxy", "claimant")]
    return whos(asked, people, hide=True)


def requests(asked: Asked, query: RequestsQuery) -> Requests:
    """Requests: for anybody those that were on the board, for who serves or checks all, for oneself one's own."""
    roles = READING["requests"].roles
    own = asked.is_own(query.requester) or asked.is_own(query.claimant)
    status: Filter = "published" if query.board else query.status
    if not own and not asked.caller.holds(roles, query.place, query.requester, query.claimant):
        if query.requester is not None or (status is not None and status not in ON_THE_BOARD):
            return Requests(requests=[], next=None)
        status = status or ON_THE_BOARD
    page = queries.list_requests(
        asked.store.database, asked.ledger, status=status, kind=query.kind, place=query.place,
        category=query.category, requester=query.requester, claimant=query.claimant, point=query.point,
        board=query.board, after=query.after, limit=query.limit,
    )  # fmt: skip
    known, said = _known(asked, page.rows), words_of(asked, [row["words"] for row in page.rows])
    rows = [
        _request(
            Request, row, known, said, clear=asked.caller.sees_name_of(row["request_id"]) or _is_involved(asked, row)
        )
        for row in page.rows
    ]
    return Requests(requests=rows, next=closed(page.next))


def request(asked: Asked, query: Then) -> RequestWhole:
    """One request with its story, by id; also as of then, for who may read it now: what was taken back stays hidden."""
    missing = NotFound("no_such_request", request=asked.path["request_id"])
    row = queries.request(asked.store.database, asked.ledger, asked.path["request_id"])
    if row is None:
        raise missing
    all_of_it = asked.caller.holds(READING["request"].roles, row["request_id"]) or _is_involved(asked, row)
    if row["status"] not in ON_THE_BOARD and not all_of_it:
        raise missing
    said, past = words_of(asked, [row["words"]]), past_of(asked, query)
    history = _history(asked, row["request_id"], None if past is None else past.position)
    clear = asked.caller.sees_name_of(row["request_id"]) or _is_involved(asked, row)
    if past is not None:
        then = request_as_of(past, row["request_id"])
        if then is None or (then.row["status"] not in ON_THE_BOARD and not all_of_it):
            raise missing
        row = then.row
    return _request(RequestWhole, row, _known(asked, [row]), said, clear=clear, history=history)


def _history(asked: Asked, request_id: str, upto: int | None) -> list[Happened]:
    c, database = event_table.c, asked.store.database
    ask = database.prepared("api.history") or database.prepare(
        "api.history",
        select(c.position, c.recorded_at, c.type, c.tags, c.data)
        .select_from(
            event_tags.join(event_table, (event_tags.c.ledger == c.ledger) & (event_tags.c.position == c.position))
        )
        .where(event_tags.c.ledger == bindparam("l"), event_tags.c.tag == bindparam("t"))
        .order_by(event_tags.c.position)
        .limit(bindparam("n")),
    )
    with database.reading() as cursor:
        cursor.execute(ask.text, (asked.ledger, request_id, 1_000))
        found = [(str(row[2]), asked.store.codec.recorded(asked.ledger, *row)) for row in cursor.fetchall()]
    found = [(name, one) for name, one in found if upto is None or one.position <= upto]
    known = whos(asked, [one.envelope.by for _, one in found], hide=True)
    return [
        Happened(position=one.position, at=instant(one.recorded_at), type=name, by=known[one.envelope.by])
        for name, one in found
    ]


def claims(asked: Asked, query: ClaimsQuery) -> Claims:
    """Claims of a member, team or unit."""
    claimant = query.claimant or asked.caller.actor
    asked.need_own(claimant, READING["claims"].roles, NotFound("no_such_member", member=claimant))
    page = queries.claims_of(
        asked.store.database, asked.ledger, claimant, status=query.status, after=query.after, limit=query.limit
    )
    return Claims(claims=[pick(Claim, row) for row in page.rows], next=closed(page.next))


READS = (
    Read("/requests", requests, "requests", RequestsQuery),
    Read("/requests/{request_id}", request, "requests", Then, watched="request_id"),
    Read("/claims", claims, "requests", ClaimsQuery),
)
