"""The kinds of sheets and their fields (`kinds.toml`), as dumb data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from api.imports.folding import Value
from api.imports.problems import MapError
from api.imports.words import folded

UNITS: Final[dict[str, tuple[str, ...]]] = {"minutes": ("hour", "minute"), "fen": ("yuan", "wan", "fen")}
"""The units a column may be in, by the type of its field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `headings` are as people write them; `known_by` maps a folded heading to the unit it says, or None."""

    name: str
    type: str
    required: bool
    headings: tuple[str, ...]
    known_by: Mapping[str, str | None]
    choices: Mapping[str, Value]
    default: Value | None
    limit: int | None
    negative: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet. `identity` and `one_of` as `kinds.toml` explains them."""

    name: str
    fields: Mapping[str, Field]
    identity: tuple[str, ...]
    one_of: tuple[tuple[tuple[str, ...], ...], ...]
    required: tuple[str, ...]
    """The fields without which a row is refused."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))


def kind_names() -> tuple[str, ...]:
    """The kinds there are, in the order of the file."""
    return tuple(name for name, entry in _table().items() if "fields" in entry)


def running_number_headings() -> frozenset[str]:
    """Folded headings of columns that merely count rows."""
    return frozenset(folded(heading) for heading in _table()["running_number"]["headings"])


@cache
def kind_named(name: str) -> Kind:
    """The kind of this name. Raises `MapError("unknown_kind")`."""
    if name not in kind_names():
        raise MapError("unknown_kind", kind=name, known=", ".join(kind_names()))
    entry = _table()[name]
    fields = {field: _field(field, told) for field, told in entry["fields"].items()}
    return Kind(
        name=name,
        fields=fields,
        identity=tuple(entry["identity"]),
        one_of=tuple(tuple(tuple(way.split("+")) for way in group) for group in entry.get("one_of", ())),
        required=tuple(field for field, told in fields.items() if told.required),
    )


def _field(name: str, told: dict[str, Any]) -> Field:
    known: dict[str, str | None] = {folded(heading): None for heading in told["headings"]}
    with_unit = [(unit, heading) for unit in UNITS.get(told["type"], ()) for heading in told.get(unit, ())]
    known.update({folded(heading): unit for unit, heading in with_unit})
    return Field(
        name=name,
        type=told["type"],
        required=told.get("required", False),
        headings=(*told["headings"], *(heading for _, heading in with_unit)),
        known_by=known,
        choices=_choices(told["type"], told.get("choices", {})),
        default=told.get("default"),
        limit=told.get("limit"),
        negative=told.get("negative", False),
    )


def _choices(kind: str, told: dict[str, list[str]]) -> dict[str, Value]:
    choices: dict[str, Value] = {}
    for name, words in told.items():
        value: Value = name == "true" if kind == "bool" else int(name) if kind == "score" else name
        choices |= {folded(word): value for word in words}
        if kind == "choice":
            choices[folded(name)] = value
    return choices
