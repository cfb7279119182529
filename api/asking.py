"""The API without HTTP: commands and reads by their names, for the command line and for tests.

The same tables, bodies, rights and answers as over HTTP. Values come as texts, as somebody types them; what kind of value a
field holds says its type.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from api import tokens
from api.endpoints import READS, WRITES
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.concealing import concealed
from api.routes.reads import JSON, Read, need_right, query_of
from api.routes.writes import BODIES, KEY, Written, parameters, written
from api.security import Caller, roles_now
from api.signin import grave
from api.store import Store
from api.texts import DEFAULT_LANGUAGE
from ledger.application import OPERATOR, Actor
from ledger.base import Command
from ledger.errors import NotFound, NuanlinError, Refused

_WRITES: Mapping[str, Write] = {write.command.NAME: write for write in WRITES}
_READS: Mapping[str, Read] = {read.name: read for read in READS if read.media == JSON}
_PLAIN = (str, date, datetime)


def write_named(name: str) -> Write:
    """A command's row in the table of writes; raises NotFound `no_such_command`."""
    if name not in _WRITES:
        raise NotFound("no_such_command", command=name)
    return _WRITES[name]


def read_named(name: str) -> Read:
    """A read by the name of its operation; raises NotFound `no_such_read`."""
    if name not in _READS:
        raise NotFound("no_such_read", read=name)
    return _READS[name]


def reads_by_name() -> Mapping[str, Read]:
    """Every read whose answer is JSON."""
    return _READS


def caller_with(store: Store, ledger: str, token: str | None) -> Caller:
    """Who asks: the holder of a token, or whoever runs the machine. Raises NotSignedIn `bad_token`."""
    actor = OPERATOR if token is None else tokens.verify(store, ledger, token)
    view = store.application.view(ledger)
    return Caller(actor, roles_now(view, actor), view)


def fields_of(write: Write) -> dict[str, tuple[Any, bool]]:
    """What a command asks for: by name the type of the value, and whether it must be there."""
    found: dict[str, tuple[Any, bool]] = dict.fromkeys(parameters(write.path), (str, True))
    body = BODIES[write.command.NAME].type
    hints = get_type_hints(body)
    found.update({field.name: (hints[field.name], field.required) for field in msgspec.structs.fields(body)})
    return found


def typed(write: Write, texts: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The fields of a command from texts: `words.title` reaches into a field, lists and objects are JSON.

    Raises Refused (`field_unknown`, `given_twice`, `bad_value`).
    """
    known = fields_of(write)
    found: dict[str, Any] = {}
    for name, value in texts:
        head, _, inner = name.partition(".")
        if head not in known:
            raise Refused("field_unknown", field=head)
        hint = known[head][0]
        into = found
        if inner:
            hint = next((get_type_hints(part).get(inner, str) for part in _leaves(hint) if _is_struct(part)), str)
            into = found.setdefault(head, {})
            head = inner
        if head in into:
            raise Refused("given_twice", field=name)
        into[head] = _value(name, hint, value)
    return found


def _leaves(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(leaf for part in get_args(hint) for leaf in _leaves(part))
    return _leaves(hint.__origin__) if hasattr(hint, "__metadata__") else (hint,)


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _value(name: str, hint: Any, text: str) -> Any:
    leaves = _leaves(hint)
    if any(leaf in _PLAIN or get_origin(leaf) is Literal for leaf in leaves) and int not in leaves:
        return text
    try:
        return json.loads(text)
    except ValueError:
        if any(leaf in _PLAIN for leaf in leaves):
            return text
        raise Refused("bad_value", field=name) from None


def do(
    store: Store, ledger: str, name: str, fields: Mapping[str, Any], caller: Caller, *, key: str | None = None
) -> Written:
    """Give a command by its name, as it would be given over HTTP; the operator says by `behalf` nobody else's affairs.

    Raises NotFound `no_such_command`, ProofNeeded where who is at a browser has to show again that it is them, and whatever
    the command is refused for.
    """
    write = write_named(name)
    path = {one: str(fields[one]) for one in parameters(write.path) if one in fields}
    missing = [one for one in parameters(write.path) if one not in path]
    if missing:
        raise Refused("field_missing", field=missing[0])
    body = {one: value for one, value in fields.items() if one not in path}
    command: Command = BODIES[name].command_of(msgspec.json.encode(body), path)
    if key is not None and KEY.fullmatch(key) is None:
        raise Refused("bad_idempotency_key")
    grave.need_proof(command, caller)
    scoped = None if key is None else f"{caller.actor}:{key}"
    try:
        outcome = store.application.execute(ledger, command, actor=Actor(caller.actor), key=scoped)
    except NuanlinError as refusal:
        raise concealed(Asked(store, ledger, caller, {}, DEFAULT_LANGUAGE), command) or refusal from None
    return written(write, outcome)


def see(store: Store, ledger: str, name: str, fields: Mapping[str, str], caller: Caller, lang: str) -> Any:
    """The answer of a read by its name, as plain values. Raises NotFound `no_such_read`, and what the read refuses."""
    read = read_named(name)
    wanted = parameters(read.path)
    missing = [one for one in wanted if one not in fields]
    if missing:
        raise Refused("field_missing", field=missing[0])
    asked = Asked(store, ledger, caller, {one: fields[one] for one in wanted}, lang)
    need_right(read, asked, fields.get("place"))
    query = query_of(read, [(one, value) for one, value in fields.items() if one not in wanted])
    return msgspec.to_builtins(read.handle(asked, query))
