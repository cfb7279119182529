"""The mapping file: how one community's headings, values, dates and units are to be understood (TOML).

kind = "donations"              # optional: refuse to be used for another kind
ignore = ["Remarks"]            # columns that are left out on purpose
create = ["unit", "fund"]       # what the importer may add when it meets a new name; handed through

[sheet]      name = "2024"  heading_row = 3  fill_down = ["Name"]
[columns]    "Heading" = "field"  "Other" = ["title", "item"]  "" = "ref"     # "" is the column without a heading
[values.FIELD]  "as written" = "value"  "" = "for an empty cell"  "x" = ""    # "" as the value: counts as empty
[formats]    date = ["%d/%m/%Y"]  drop_seconds = true
[units]      minutes = "hour" | "minute"  money = "yuan" | "wan" | "fen"
[constants]  field = value
[identity]   columns = ["Receipt"] | "row" | "content"  unique = false
[limits]     quantity = 5000
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from api.imports.kinds import UNITS, Kind
from api.imports.problems import MapError
from api.imports.words import folded

_TABLES: Final = ("sheet", "columns", "values", "formats", "units", "constants", "identity", "limits")
_KEYS: Final[dict[str, type]] = {"kind": str, "ignore": list, "create": list, **dict.fromkeys(_TABLES, dict)}
_CREATE: Final = ("member", "team", "unit", "item", "fund", "place")
_UNITS: Final = {"minutes": UNITS["minutes"], "money": UNITS["fen"]}
_LIMITS: Final = ("quantity",)
_LINE: Final = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file as read, headings and values folded; an empty one leaves everything to the usual headings."""

    columns: Table[str, tuple[str, ...]] = field(default_factory=dict)
    """Heading → the fields its cells go to."""
    headings: Table[str, str] = field(default_factory=dict)
    """Folded heading → as the map writes it."""
    values: Table[str, Table[str, Any]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    drop_seconds: bool = False
    units: Table[str, str] = field(default_factory=dict)
    """`minutes` → hour or minute; `money` → yuan, wan or fen."""
    constants: Table[str, Any] = field(default_factory=dict)
    identity: str = "ref"
    """`ref`: the kind's own reference, else the content; `columns`, `row`, `content`."""
    identity_columns: tuple[str, ...] = ()
    unique: bool = True
    limits: Table[str, int] = field(default_factory=dict)
    sheet: str | None = None
    heading_row: int | None = None
    fill_down: tuple[str, ...] = ()
    ignore: frozenset[str] = frozenset()
    create: tuple[str, ...] = ()
    kind: str | None = None

    def unit_of(self, field_type: str) -> str | None:
        """The unit stated for fields of this type (`minutes` or `fen`)."""
        return self.units.get({"fen": "money"}.get(field_type, field_type))


def load_map(path: Path) -> Mapping:
    """The mapping file. Raises `MapError`: map_missing, file_locked, map_unreadable, and those of `read_map`."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise MapError("map_missing", file=path.name) from None
    except OSError as error:
        raise MapError("file_locked", file=path.name) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = _LINE.search(str(error))
        raise MapError("map_unreadable", file=path.name, line=int(line[1]) if line else 1) from error
    return read_map(told)


def read_map(told: dict[str, Any]) -> Mapping:
    """The mapping that a table says. Raises `MapError`: unknown_key, wrong_type, unknown_choice, heading_twice."""
    _known("", told, _KEYS)
    sheet = _known("sheet", told.get("sheet", {}), {"name": str, "heading_row": int, "fill_down": list})
    formats = _known("formats", told.get("formats", {}), {"date": list, "drop_seconds": bool})
    identity = _known("identity", told.get("identity", {}), {"columns": object, "unique": bool})
    units = _known("units", told.get("units", {}), dict.fromkeys(_UNITS, str))
    for name, unit in units.items():
        _among(f"units.{name}", unit, _UNITS[name])
    for name in _texts("create", told.get("create", [])):
        _among("create", name, _CREATE)
    limits = _known("limits", told.get("limits", {}), dict.fromkeys(_LIMITS, int))
    rule, identity_columns = _identity(identity)
    columns = _columns(told.get("columns", {}))
    return Mapping(
        columns=columns,
        headings={folded(heading): heading for heading in told.get("columns", {})},
        values=_values(told.get("values", {})),
        dates=_date_formats(formats.get("date", [])),
        drop_seconds=formats.get("drop_seconds", False),
        units=units,
        constants={name: _scalar(f"constants.{name}", value) for name, value in told.get("constants", {}).items()},
        identity=rule,
        identity_columns=identity_columns,
        unique=identity.get("unique", True),
        limits=limits,
        sheet=sheet.get("name"),
        heading_row=_positive("sheet.heading_row", sheet.get("heading_row")),
        fill_down=tuple(folded(name) for name in _texts("sheet.fill_down", sheet.get("fill_down", []))),
        ignore=frozenset(folded(name) for name in _texts("ignore", told.get("ignore", []))),
        create=_texts("create", told.get("create", [])),
        kind=told.get("kind"),
    )


def check_map(mapping: Mapping, kind: Kind) -> None:
    """See that it speaks of this kind. Raises `MapError`: map_for_other_kind, unknown_field, constant_and_column."""
    if mapping.kind is not None and mapping.kind != kind.name:
        raise MapError("map_for_other_kind", kind=mapping.kind, asked=kind.name)
    mapped = [name for fields in mapping.columns.values() for name in fields]
    for name in (*mapped, *mapping.values, *mapping.constants):
        if name not in kind.fields:
            raise MapError("unknown_field", field=name, kind=kind.name, known=", ".join(kind.fields))
    for name in mapping.constants:
        if name in mapped:
            raise MapError("constant_and_column", field=name)


def _columns(told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    for heading, fields in told.items():
        if folded(heading) in columns:
            raise MapError("heading_twice", heading=heading)
        columns[folded(heading)] = (fields,) if isinstance(fields, str) else _texts(f"columns.{heading}", fields)
    return columns


def _values(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    for name, table in told.items():
        _of_type(f"values.{name}", table, dict)
    return {
        name: {folded(word): _scalar(f"values.{name}.{word}", value) for word, value in table.items()}
        for name, table in told.items()
    }


def _identity(told: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    columns = told.get("columns")
    if columns is None:
        return "ref", ()
    if isinstance(columns, str):
        return _among("identity.columns", columns, ("row", "content")), ()
    return "columns", tuple(folded(name) for name in _texts("identity.columns", columns))


def _date_formats(told: Any) -> tuple[str, ...]:
    formats = _texts("formats.date", told)
    for form in formats:
        sample = datetime(2001, 2, 3, 16, 5, 6)  # noqa: DTZ001 - it is only written and read back
        try:
            read_back = datetime.strptime(sample.strftime(form), form).date()  # noqa: DTZ007 - as above
        except ValueError:
            read_back = None
        if read_back != sample.date():
            raise MapError("bad_date_format", format=form)
    return formats


def _known(where: str, told: Any, keys: Table[str, type]) -> dict[str, Any]:
    found: dict[str, Any] = _of_type(where, told, dict)
    for key, value in found.items():
        name = f"{where}.{key}" if where else key
        if key not in keys:
            raise MapError("unknown_key", key=name, known=", ".join(keys))
        _of_type(name, value, keys[key])
    return found


def _of_type(where: str, value: Any, wanted: type) -> Any:
    # In Python a bool is an int; in a mapping file it is a slip.
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise MapError("wrong_type", key=where, wanted=_PLAIN.get(wanted, wanted.__name__))
    return value


_PLAIN: Final = {str: "text", int: "a whole number", bool: "true or false", list: "a list of texts", dict: "a table"}


def _texts(where: str, told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(item, str) for item in told):
        raise MapError("wrong_type", key=where, wanted=_PLAIN[list])
    return tuple(told)


def _scalar(where: str, value: Any) -> Any:
    if not isinstance(value, str | int | date):
        raise MapError("wrong_type", key=where, wanted="a text, a whole number, true, false or a date")
    return value


def _positive(where: str, value: int | None) -> int | None:
    if value is not None and value < 1:
        raise MapError("wrong_type", key=where, wanted="a whole number from 1")
    return value


def _among(where: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise MapError("unknown_choice", key=where, value=value, known=", ".join(choices))
    return value
