"""From JSON to commands and back: body types made from the commands themselves, and what the edge does not let through.

One form for each kind of value, in both directions: an instant (`…_at`) is an RFC 3339 date-time (journal: microseconds),
a day is `2026-03-08`, money is whole fen, time given is whole minutes. Numbers stay within ±(2^53 − 1), which every JSON
reader can hold (RFC 7493).
"""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from ledger.base import Command
from ledger.clock import micros, moment
from ledger.errors import Refused

S = TypeVar("S", bound=msgspec.Struct)

MOST = 2**53 - 1
LONGEST, LONGEST_NAME = 4_000, 500
"""Letters of a text in `words`, and of any other: the latter stand in indexes, whose entries no database lets grow."""

WholeNumber = Annotated[int, Meta(ge=-MOST, le=MOST)]
Prose = Annotated[str, Meta(max_length=LONGEST)]
Text = Annotated[str, Meta(max_length=LONGEST_NAME)]
Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339, with an offset; answers are in UTC")]
Day = Annotated[date, Meta(description="a day of the community's calendar, YYYY-MM-DD")]

_DATES = (date, datetime)
"""Kept from import: under a frozen clock the names of the module are others."""
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FIELD = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_QUOTED = re.compile(r"`([^`]*)`")
_ENUM = re.compile(r"Invalid enum value '?(?P<given>.*?)'?$")

_CODES: tuple[tuple[str, str], ...] = (
    ("Expected `int`, got `float`", "not_a_whole_number"),
    ("Object missing required field", "field_missing"),
    ("Object contains unknown field", "field_unknown"),
    ("Invalid RFC3339 encoded datetime", "bad_instant"),
    ("Expected `datetime` with a timezone", "bad_instant"),
    ("Invalid RFC3339 encoded date", "bad_date"),
    ("Invalid enum value", "not_one_of"),
    ("Expected `int` <=", "number_out_of_range"),
    ("Expected `int` >=", "number_out_of_range"),
    ("Integer value out of range", "number_out_of_range"),
    ("Number out of range", "number_out_of_range"),
    ("Expected `str` of length <=", "text_too_long"),
    ("Expected `str` matching regex", "bad_shape"),
    ("Expected `", "bad_type"),
)
"""How the decoder's findings begin, and their codes here."""


def hint_for(name: str, hint: Any, *, prose: bool = False) -> Any:
    """The type of a field at the edge: the command's own, with bounds, and instants where the command has microseconds."""
    if get_origin(hint) in (Union, types.UnionType):
        return Union[tuple(hint_for(name, part) for part in get_args(hint))]  # noqa: UP007  # made from a list at run time
    if get_origin(hint) is tuple:
        item, *rest = get_args(hint)
        return types.GenericAlias(tuple, (hint_for(name, item), ...)) if rest == [...] else hint
    if get_origin(hint) is Literal:
        return hint
    if hint is int:
        return Instant if name.endswith("_at") else WholeNumber
    if hint is date:
        return Day
    if hint is str:
        return Prose if prose else Text
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return edge_type(hint, prose=name == "words")
    return hint


@lru_cache(maxsize=512)
def edge_type(
    kind: type[msgspec.Struct], leave_out: tuple[str, ...] = (), name: str = "", *, prose: bool = False
) -> type[msgspec.Struct]:
    """A struct as JSON may spell it: the same fields and defaults, less those that the caller does not state."""
    hints = get_type_hints(kind, include_extras=True)
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        if field.name in leave_out:
            continue
        hint = hint_for(field.name, hints[field.name], prose=prose)
        fields.append((field.name, hint) if field.required else (field.name, hint, _default(field)))
    made = msgspec.defstruct(
        name or kind.__name__, fields, kw_only=True, frozen=True, forbid_unknown_fields=True, module=kind.__module__
    )
    made.__doc__ = (kind.__doc__ or "").replace("(microseconds UTC)", "(RFC 3339)")
    return made


def _default(field: Any) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return msgspec.field(default_factory=field.default_factory)


def refusal(error: msgspec.ValidationError, *, where: str = "") -> Refused:
    """What the decoder found, as a refusal with a code and the path of the field."""
    match = _FIELD.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    code = next((code for start, code in _CODES if what.startswith(start)), "bad_value")
    quoted = _QUOTED.findall(what)
    if code == "bad_type" and quoted[-1] == "float" and "int" in quoted[0]:
        code = "not_a_whole_number"
    parts = [path.removeprefix(".")]
    if code in ("field_missing", "field_unknown") and quoted:
        parts.append(quoted[0])
    field = where + ".".join(part for part in parts if part)
    details: dict[str, object] = {"field": field or "$"}
    if code == "bad_type":
        details.update(expected=quoted[0] if quoted else "", got=quoted[1] if len(quoted) > 1 else "")
    elif code == "not_one_of" and (given := _ENUM.search(what)):
        details["given"] = given["given"][:60]
    elif code == "text_too_long":
        details["most"] = int(what.rpartition("<=")[2])
    elif code == "number_out_of_range":
        details["most"] = MOST
    return Refused(code, **details)


def check_texts(value: object, path: str = "") -> None:
    """Raises Refused `bad_characters` for control characters and marks that turn the direction of writing.

    Line breaks and tabs are let through below `words` only: there is prose, everywhere else there are names and ids.
    """
    if isinstance(value, str):
        for letter in value:
            control = unicodedata.category(letter) in ("Cc", "Cs") and not (letter in "\n\t\r" and ".words" in path)
            if control or letter in _BIDI:
                raise Refused("bad_characters", field=path.removeprefix("."))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            check_texts(part, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            check_texts(part, f"{path}[{index}]")


class Body:
    """Decodes the JSON body of one command. Made once at import: decoders made while time is frozen would break."""

    def __init__(self, command: type[Command], filled: tuple[str, ...], hidden: tuple[str, ...] = ()) -> None:
        self.command = command
        left_out = (*command.GENERATED, *filled, *hidden)
        self.type = edge_type(command, left_out, f"{command.__name__}Body")
        self.needed = any(field.required for field in msgspec.structs.fields(self.type))
        self.empty = not msgspec.structs.fields(self.type)
        self._decoder = msgspec.json.Decoder(self.type)

    def command_of(self, raw: bytes, path: Mapping[str, str]) -> Command:
        """The command that a body and the path's parameters spell.

        Raises Refused `malformed_json`, or a code per kind of bad field, with its path in `field`.
        """
        try:
            body = self._decoder.decode(raw or b"{}")
        except msgspec.ValidationError as error:
            raise refusal(error) from None
        except msgspec.DecodeError as error:
            raise Refused("malformed_json", reason=str(error)[:200]) from None
        fields: dict[str, Any] = msgspec.to_builtins(body, builtin_types=_DATES)
        fields.update(path)
        check_texts(fields)
        for name, value in fields.items():
            if isinstance(value, datetime):
                fields[name] = micros(value)
        return convert(fields, self.command)


def convert(fields: Mapping[str, object], kind: type[S], *, where: str = "", strict: bool = True) -> S:
    """Plain values as a struct; raises Refused with the path of the field."""
    try:
        return msgspec.convert(fields, kind, strict=strict, builtin_types=_DATES)
    except msgspec.ValidationError as error:
        raise refusal(error, where=where) from None


def instant(at_micros: int | None) -> Any:
    """Microseconds as an aware UTC datetime, which JSON shows as RFC 3339; None stays None."""
    return None if at_micros is None else moment(at_micros)
