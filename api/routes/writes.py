"""The one endpoint behind every row of the table of writes.

Idempotency: the caller's key is scoped to the actor, so that two callers never meet in one key. The same key and body
gives the first answer again, read from the facts, with `Idempotent-Replayed: true`.

If-Match: the version of a record is the position of the last fact that carries its id. That no later fact carries it is
a condition of the append itself, checked under the ledger's lock, so that nobody slips in between (412 `version_moved`).
A repeated key still gets its first answer, although the record has moved on by then. Without If-Match the decision's own
conditions protect the rest: what a decision looked at has not moved when its facts are appended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from api.endpoints import WRITES
from api.routes.asked import Asked, asked_of
from api.routes.categories import check_category
from api.routes.commands import Write
from api.routes.concealing import concealed
from api.versions import etag_of, seen_version
from api.wire import Body
from ledger.application import Actor, Outcome
from ledger.base import NAME_OF
from ledger.errors import Conflict, NotSignedIn, NuanlinError, Refused
from ledger.journal.queries import last_position
from ledger.places.commands import OpenLedger

BASE = "/api/v1/{ledger}"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
_PARAMETER = re.compile(r"\{(\w+)\}")


class Event(msgspec.Struct, frozen=True):
    """One fact that the command led to."""

    type: str
    position: int


class Written(msgspec.Struct, frozen=True):
    """The answer to a write: the position of its last fact, the ids that were made, its facts, and whether it is a repeat."""

    position: int
    ids: dict[str, str]
    events: list[Event]
    repeated: bool


def parameters(path: str) -> tuple[str, ...]:
    """The names in braces of a path."""
    return tuple(_PARAMETER.findall(path))


BODIES: dict[str, Body] = {
    write.command.NAME: Body(write.command, parameters(write.path), write.hidden) for write in WRITES
}
"""The decoders of all bodies by command name, built at import."""


async def raw_body(request: Request) -> bytes:
    """The bytes of the body as they came."""
    return await request.body()


def key_of(request: Request, actor: str) -> str:
    """The idempotency key, scoped to the actor; raises Refused `idempotency_key_missing`, `bad_idempotency_key`."""
    given = request.headers.get("idempotency-key")
    if given is None:
        raise Refused("idempotency_key_missing")
    if KEY.fullmatch(given) is None:
        raise Refused("bad_idempotency_key")
    return f"{actor}:{given}"


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def ids_of(write: Write, outcome: Outcome) -> dict[str, str]:
    """The ids that were made, as the facts carry them, so that a repeat gives the first ones."""
    found: dict[str, str] = {}
    for name in write.command.GENERATED:
        value = next((value for fact in outcome.facts if (value := getattr(fact, name, None))), None)
        if value is not None:
            found[name] = value
    return found


def written(write: Write, outcome: Outcome) -> Written:
    """What a command came to, for its caller. The facts of one command stand next to each other in the journal."""
    first = outcome.position - len(outcome.facts) + 1
    events = [Event(NAME_OF[type(fact)], first + number) for number, fact in enumerate(outcome.facts)]
    return Written(outcome.position, ids_of(write, outcome), events, outcome.repeated)


def _answer(write: Write, asked: Asked, outcome: Outcome) -> Response:
    told = written(write, outcome)
    headers = {"Nuanlin-Position": str(told.position)}
    if write.location and told.ids:
        headers["Location"] = BASE.format(ledger=asked.ledger) + write.location.format(**told.ids)
    if write.watched:
        headers["ETag"] = etag_of(told.position)
    if told.repeated:
        headers["Idempotent-Replayed"] = "true"
    status = 201 if write.command.GENERATED else 200
    return Response(msgspec.json.encode(told), status, headers, "application/json")


def _unmoved(asked: Asked, tag: str, if_match: str | None) -> tuple[str, int] | None:
    """The condition that an If-Match header makes; raises Conflict `version_moved` for a version that never was."""
    version = seen_version(if_match)
    if version is None:
        return None
    if version > last_position(asked.store.database, asked.ledger, tag):
        raise Conflict("version_moved")
    return tag, version


def _asker(write: Write) -> Callable[[Request], Asked]:
    """Who asks, looked at before the body is read: a stranger's is not waited for, nor held in memory."""

    def asker(request: Request) -> Asked:
        asked = asked_of(request, may_be_new=write.command is OpenLedger)
        if not asked.caller.signed_in:
            raise NotSignedIn("token_missing")
        return asked

    return asker


def _execute(write: Write, request: Request, asked: Asked, raw: bytes) -> Response:
    key = key_of(request, asked.caller.actor)
    if raw and not _is_json(request):
        raise Refused("not_json")
    command = BODIES[write.command.NAME].command_of(raw, asked.path)
    unmoved = None
    if write.watched:
        unmoved = _unmoved(asked, asked.path[write.watched], request.headers.get("if-match"))
    check_category(asked, command)
    actor = Actor(asked.caller.actor)
    try:
        outcome = asked.store.application.execute(asked.ledger, command, actor=actor, key=key, unmoved=unmoved)
    except NuanlinError as refusal:
        raise concealed(asked, command) or refusal from None
    return _answer(write, asked, outcome)


def _endpoint(write: Write) -> Callable[..., Any]:
    asker = Depends(_asker(write))

    def endpoint(request: Request, asked: Asked = asker, raw: bytes = Depends(raw_body)) -> Response:
        return _execute(write, request, asked, raw)

    endpoint.__name__ = write.command.NAME
    endpoint.__doc__ = write.command.__doc__
    return endpoint


def add_writes(app: FastAPI) -> None:
    """All writes as routes of the application itself, which alone knows all methods of a path."""
    for write in WRITES:
        app.add_api_route(
            BASE + write.path, _endpoint(write), methods=["POST"], name=write.command.NAME, include_in_schema=False
        )
