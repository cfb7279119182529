"""How a read becomes an endpoint: token, rights, query, answer, ETag. The reads themselves are in the area files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec
from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse

from api.asof.bounds import bounded
from api.asof.looking import Looker
from api.paging import NoQuery
from api.reading import READING, Reads
from api.routes.asked import Asked, asked_of
from api.versions import etag_of, is_unchanged
from api.wire import check_texts, convert, instant
from ledger.errors import NotFound, NotSignedIn, NotYours, Refused
from ledger.journal.queries import last_position
from projections.boards.queries import followed_to
from projections.books import queries

S = TypeVar("S", bound=msgspec.Struct)
BASE = "/api/v1/{ledger}"
JSON = "application/json"


class Streamed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is sent piece by piece while it is made, up to a position of the journal."""

    name: str
    position: int
    media: str
    pieces: Iterator[bytes]


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """A text or bytes in the format of others, as they are; `keep` is what caches are told (Cache-Control)."""

    body: bytes
    keep: str


class Read(msgspec.Struct, frozen=True):
    """One read: `handle(asked, query)` gives a struct of type `answer`. `watched`: the path parameter an ETag speaks of.

    A read of another `media` type than JSON answers with a file, `Streamed`, or with something short, `Plain`. `reads`
    says who may, where the table of reading rights does not.
    """

    path: str
    handle: Callable[[Asked, Any], msgspec.Struct]
    tag: str
    query: type[msgspec.Struct] = NoQuery
    watched: str = ""
    media: str = JSON
    reads: Reads | None = None

    @property
    def rights(self) -> Reads:
        """Who may read it."""
        return READING[self.name] if self.reads is None else self.reads

    @property
    def name(self) -> str:
        """The name of the operation, as in the table of reading rights."""
        return self.handle.__name__

    @property
    def answer(self) -> type[msgspec.Struct]:
        """The type of the answer, as the handler declares it."""
        kind: type[msgspec.Struct] = get_type_hints(self.handle)["return"]
        return kind

    @property
    def route(self) -> str:
        """The path for the router: an account, a figure and a tile's number may hold slashes."""
        path = self.path
        for name in ("account", "figure", "tile"):
            path = path.replace(f"{{{name}}}", f"{{{name}:path}}")
        return BASE + path


def pick(kind: type[S], row: dict[str, Any], **more: Any) -> S:
    """A row of the books as a struct of the API: its fields by name, `_at` as instants, flags as truth values."""
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for name, hint in hints.items():
        value = more[name] if name in more else row[name]
        if name.endswith("_at") and isinstance(value, int):
            value = instant(value)
        elif hint is bool:
            value = bool(value)
        values[name] = value
    return kind(**values)


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def wait_for(asked: Asked, position: int | None) -> None:
    """Let the boards catch up to a position that the caller has written; raises NotFound `no_such_position`."""
    if position is None:
        return
    head = queries.as_of(asked.store.database, asked.ledger).position
    if position > head:
        raise NotFound("no_such_position", position=position, head=head)
    if followed_to(asked.store.database, asked.ledger) < position:
        asked.store.catch_up(asked.ledger)


def need_right(read: Read, asked: Asked, place: str | None = None) -> None:
    """Refuse who may certainly not read this; whose own affairs it is, the handler asks.

    A role held for one place reads what is there, and lists that are asked for by such a `place`.
    """
    reads = read.rights
    if reads.public:
        return
    if not asked.caller.signed_in:
        raise NotSignedIn("token_missing")
    if not reads.own and not asked.caller.holds(reads.roles, place, *asked.path.values()):
        raise NotYours("not_for_your_roles", roles=", ".join(sorted(reads.roles)))


def query_of(read: Read, pairs: Iterable[tuple[str, str]]) -> msgspec.Struct:
    """The parameters behind the question mark; each at most once, and `null` is no way to leave one out."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise Refused("given_twice", field=f"?{name}")
        given[name] = value
    check_texts(given, "?")
    query = convert(given, read.query, where="?", strict=False)
    fields = {field.encode_name: field.name for field in msgspec.structs.fields(read.query)}
    for name, text in given.items():
        value = getattr(query, fields[name])
        if value is None:
            raise Refused("bad_value", field=f"?{name}")
        if isinstance(value, datetime) and ":" not in text:
            # A bare number would be taken for seconds since 1970.
            raise Refused("bad_instant", field=f"?{name}")
    return query


def _read(read: Read, request: Request) -> Response:
    asked = asked_of(request)
    need_right(read, asked, request.query_params.get("place"))
    query = query_of(read, request.query_params.multi_items())
    headers = {"Vary": "Authorization, Accept-Language"}
    if read.watched:
        # The version first: it may only be older than what is shown, see `api.versions`.
        version = last_position(asked.store.database, asked.ledger, asked.path[read.watched])
        answer = _answered(read, asked, query)
        headers |= {"ETag": etag_of(version), "Cache-Control": "private, no-cache"}
        if is_unchanged(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(None, 304, headers)
    else:
        answer = _answered(read, asked, query)
    if isinstance(answer, Plain):
        return Response(answer.body, 200, {"Cache-Control": answer.keep}, read.media)
    if isinstance(answer, Streamed):
        headers |= {"Nuanlin-Position": str(answer.position)}
        headers |= {"Content-Disposition": f'attachment; filename="{answer.name}"'}
        return StreamingResponse(answer.pieces, 200, headers, answer.media)
    return Response(msgspec.json.encode(answer), 200, headers, JSON)


def _answered(read: Read, asked: Asked, query: msgspec.Struct) -> msgspec.Struct:
    """The answer, within the bounds of what looks at the past. `why_figure` keeps them by itself: as its pages do."""
    then = any(getattr(query, name, None) is not None for name in ("position", "at"))
    if read.name == "why_figure" or not (then or read.name.startswith("diff")):
        return read.handle(asked, query)
    head = queries.as_of(asked.store.database, asked.ledger).position
    with bounded(Looker(asked.store, asked.ledger, asked.caller), head):
        return read.handle(asked, query)


def _endpoint(read: Read) -> Callable[..., Response]:
    def endpoint(request: Request) -> Response:
        return _read(read, request)

    endpoint.__name__ = read.name
    endpoint.__doc__ = read.handle.__doc__
    return endpoint


def add_reads(app: FastAPI, reads: tuple[Read, ...]) -> None:
    """These reads as routes of the application itself, which alone knows all methods of a path."""
    for read in reads:
        app.add_api_route(read.route, _endpoint(read), methods=["GET"], name=read.name, include_in_schema=False)
