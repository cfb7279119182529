"""Each cell of a register in words: amounts, days, states, names; never a code, an id or another language's word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Integer

from api.asof.words import shown
from api.pages.common import Visit
from api.pages.links import figure_link
from api.pages.registers.references import TITLES, References
from api.sampling.names import field_name
from api.shelves import Shelf, columns_of
from api.texts import known, text
from ledger.ids import looks_like_id
from ledger.units import FEN, MINUTES, VENUE_MINUTES
from projections.asof.of_things import thing_of
from projections.columns import UNIT as UNIT_OF
from projections.reading import Cells

_PLACES = frozenset({"number", "version", "over"})
"""Columns that say nothing by themselves: a position, and whether a share has to be exceeded (told with the share)."""
_PLAIN = frozenset(
    {
        *TITLES, "label", "office", "item", "back_item", "matter", "ground", "vkey", "year", "from_time",
        "to_time", "start_time",
    }
)  # fmt: skip
"""Columns that hold what somebody wrote, or a time or a year as everybody reads it."""
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LETTERS = 12
_SHORT = 6


class Wording:
    """Says the cells of a shelf's rows in the language of a visit."""

    def __init__(self, visit: Visit, shelf: Shelf, refs: References) -> None:
        self.visit, self.shelf, self.refs = visit, shelf, refs
        self._lists: dict[str, Callable[[Cells, str], str | Markup]] = {
            "seats": self._seat, "criteria": self._criterion, "marks": self._mark, "checklist": self._item_of_a_list,
            "ticked": self._ticked, "levels": self._level, "decided": self._decision, "evidence": self._digest,
            "sha256": self._digest,
        }  # fmt: skip

    def pairs(self, row: Cells, *, short: bool = False) -> list[tuple[str, str | Markup]]:
        """What a record says, label and value, in the order of its columns; `short` for a list."""
        found: list[tuple[str, str | Markup]] = []
        columns = columns_of(self.shelf)
        if short:
            # What a list says of each record has to fit: its state first, no long lists, no name a second time.
            columns = [one for one in columns if one.name not in TITLES and not self._is_list(one.name)]
            columns.sort(key=lambda one: one.name != "status")
        for column in columns:
            if column.name in _PLACES or self._is_key(column.name):
                continue
            value = self.value(column, row)
            if value:
                found.append((field_name(self.visit.lang, column.name), value))
        return found[:_SHORT] if short else found

    def value(self, column: Any, row: Cells) -> str | Markup:
        """A cell in words; "" for what says nothing."""
        name, value = column.name, row[column.name]
        if value is None or value == "" or name in self.shelf.words:
            return ""
        if type(column.type) is Integer:
            return self.visit.t("records.yes") if value else ""
        if isinstance(value, int):
            return self._number(column, row, value)
        if name == "day" or name.endswith(("_day", "_on")):
            return self.visit.day(value)
        told = [self._one(name, row, one) for one in value.split("\n")] if self._is_list(name) else None
        if told is not None:
            return escape(self.visit.t("records.mark")).join(one for one in told if one)
        return self._one(name, row, value)

    # ---- one value -------------------------------------------------------------------------------------------------------

    def _is_key(self, name: str) -> bool:
        return name == self.shelf.key and name not in ("request_id", "place_id")

    def _is_list(self, name: str) -> bool:
        return name in self.shelf.lists or name == "evidence"

    def _one(self, name: str, row: Cells, value: str) -> str | Markup:
        if name in self._lists:
            return self._lists[name](row, value)
        if name == "fund":
            return self.refs.fund(value)
        if name in ("item", "to_item") and self._fund_of(row):
            return self.refs.item(self._fund_of(row), value)
        if name == "category":
            return self.visit.known(f"category.{value}", value)
        if name == "barrier":
            return self._word(name, value) or self.visit.known(f"barrier.{value}", self.visit.t("barrier.stated"))
        if name == "period":
            return self._period(value)
        if name == "majority":
            return self._line("more_than", part=value) if row.get("over") else value
        if name in ("peer", "here"):
            return value.partition("_")[2]
        if name in _PLAIN:
            return value
        if looks_like_id(value) and "_" in value and (said := self.refs.known(value)) is not None:
            return said
        return self._word(name, value) or self._unsaid(value)

    def _word(self, name: str, value: str) -> str:
        """A state in words: as this register says it, else as all do; "" where there are none."""
        for key in (f"sampling.register.{self.shelf.name}.{name}_{value}", f"sampling.value.{name}_{value}"):
            if known(self.visit.lang, key):
                return text(self.visit.lang, key)
        return ""

    def _unsaid(self, value: str) -> str:
        """What has no words is left out rather than shown as a machine writes it."""
        return "" if _CODE.fullmatch(value) or looks_like_id(value) else value

    def _fund_of(self, row: Cells) -> str:
        told = row.get("fund") or self.refs.rows.get(row.get("disclosure_id") or "", {}).get("fund")
        return str(told or "")

    def _period(self, value: str) -> str:
        year, _, rest = value.partition("-")
        if not rest:
            return self.visit.t("wall.year", year=year)
        if rest.startswith("Q"):
            return self.visit.t("wall.quarter", year=year, quarter=rest[1:])
        return self.visit.t("wall.month", year=year, month=int(rest)) if rest.isdecimal() else value

    def _number(self, column: Any, row: Cells, value: int) -> str | Markup:
        visit = self.visit
        if column.name.endswith("_at"):
            return visit.instant(value) if value else ""
        unit = column.info.get(UNIT_OF)
        if unit is None:
            return f"{value:,}"
        if not value:
            return ""
        told = shown(visit.lang, unit, value) if unit in (FEN, MINUTES, VENUE_MINUTES) else f"{value:,}"
        figure = f"{thing_of(self.shelf.table)}:{row[self.shelf.key]}:{column.name}"
        return figure_link(visit, figure, told)

    # ---- lists -------------------------------------------------------------------------------------------------------------

    def _line(self, key: str, /, **parts: object) -> str:
        return text(self.visit.lang, f"sampling.line_of.{key}", **parts)

    def _who(self, identifier: str) -> str:
        return self.refs.names.get(identifier) or self.visit.t("somebody.unknown")

    def _seat(self, _row: Cells, one: str) -> str:
        party, _, weight = one.partition(" ")
        return self._line("party", who=self._who(party), weight=weight)

    def _criterion(self, _row: Cells, one: str) -> str:
        """`code most name` of appraisals, `name most` of calls."""
        parts = one.split(" ", 2)
        name, most = (parts[2], parts[1]) if len(parts) > 2 else one.rsplit(" ", 1)
        return self._line("criterion", name=name, most=most)

    def _mark(self, row: Cells, one: str) -> str:
        code, _, points = one.partition(" ")
        criteria = str(self.refs.rows.get(row["appraisal_id"], {}).get("criteria", ""))
        named = {line.split(" ", 2)[0]: line.split(" ", 2)[2] for line in criteria.split("\n") if line.count(" ") > 1}
        return self._line("mark", name=str(named.get(code, "")), points=points).strip()

    def _item_of_a_list(self, _row: Cells, one: str) -> str:
        return one.partition(" ")[2]

    def _ticked(self, row: Cells, code: str) -> str:
        checklist = str(self.refs.rows.get(row["standard_id"], {}).get("checklist", ""))
        return dict(line.split(" ", 1) for line in checklist.split("\n") if " " in line).get(code, "")

    def _level(self, _row: Cells, one: str) -> str:
        approver, _, name = one.partition(" ")
        return self._line("level", name=name, who=self._who(approver))

    def _decision(self, _row: Cells, one: str) -> str:
        day, _, who = one.partition(" ")
        return self._line("decision", day=self.visit.day(day), who=self._who(who)) if who else ""

    def _digest(self, _row: Cells, one: str) -> str:
        return self._line("fingerprint", digest=one[:_LETTERS]) if _DIGEST.fullmatch(one) else ""
