"""From a file and its mapping to typed rows and refusals: what each row says, and why one could not be read.

One bad row yields refusals and never stops a good one. A file that cannot be understood as a whole raises instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from api.imports.checks import RowError, Values, settle
from api.imports.columns import ColumnUnderstanding
from api.imports.folding import Cell, CellError, Value, as_text, is_blank, squeezed
from api.imports.identity import Identities
from api.imports.mapping import Mapping
from api.imports.plan import Plan, plan
from api.imports.records import why_no_record
from api.imports.sheet import Row


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A good row. `identity` is the same whenever the row is met again; `content` changes when anything in it does.

    Both are hashes or references of possibly personal data; give `understand` a secret key before they are stored.
    """

    number: int
    values: dict[str, Value]
    identity: str
    content: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a row is refused: the heading of the column to look at, a code, and the cell as text."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read, with every reason."""

    number: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no record of its own: blank, total, note, repeated_heading, or duplicate of one before it."""

    number: int
    why: str


Outcome = ReadRow | RefusedRow | SkippedRow


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole sheet read."""

    plan: Plan
    rows: list[ReadRow] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    @property
    def columns(self) -> list[ColumnUnderstanding]:
        """How each column was understood."""
        return self.plan.columns

    @property
    def duplicates(self) -> int:
        """Rows that repeat one before them under the same reference."""
        return sum(row.why == "duplicate" for row in self.skipped)

    @property
    def read(self) -> int:
        """Records met: good, refused, and repeated ones; not blank rows, totals and notes."""
        return len(self.rows) + len({refusal.row for refusal in self.refused}) + self.duplicates


def understand(path: Path, kind: str, mapping: Mapping | None = None, *, today: date, key: bytes = b"") -> Reading:
    """Read a whole file. `today` bounds its days; `key` is a secret for identities that are to be stored.

    Raises `SheetError` and `MapError` for what concerns the file as a whole.
    """
    reading = Reading(plan(path, kind, mapping, today=today, key=key))
    for outcome in walk(reading.plan):
        if isinstance(outcome, ReadRow):
            reading.rows.append(outcome)
        elif isinstance(outcome, RefusedRow):
            reading.refused.extend(outcome.refusals)
        else:
            reading.skipped.append(outcome)
    return reading


def walk(told: Plan) -> Iterator[Outcome]:
    """Every row below the heading, in order; again from the top each time it is called."""
    identities = Identities(told.kind, told.mapping, told.key)
    seen: dict[str, str] = {}
    numbering, headings, reported = told.numbering, told.headings, told.report_row is not None
    for row in told.sheet.rows[told.position + 1 :]:
        if why := why_no_record(row, numbering, headings):
            yield SkippedRow(row.number, why)
            continue
        values, refusals = _values_of(row, told)
        stated = tuple(as_text(_at(row, index)).strip() for index in told.identity_columns)
        if stated and not any(stated) and not refusals:
            refusals = [Refusal(row.number, told.column_at(told.identity_columns[0]), "missing")]
        if refusals:
            yield RefusedRow(row.number, tuple(refusals))
            continue
        number = told.original_number(row) if reported else row.number
        identity = identities.of(number, values, stated)
        before = seen.get(identity.text)
        if before is None:
            if identity.may_repeat:
                seen[identity.text] = identity.content
            yield ReadRow(row.number, values, identity.text, identity.content)
        elif before == identity.content:
            yield SkippedRow(row.number, "duplicate")
        else:
            yield RefusedRow(row.number, (_duplicate(row, told, identity.field),))


def _duplicate(row: Row, told: Plan, field_name: str | None) -> Refusal:
    if field_name is not None:
        column = told.column_of(field_name)
        index = column.index if column else 0
        return Refusal(row.number, told.heading_for(field_name), "duplicate_reference", as_text(_at(row, index)))
    index = told.identity_columns[0] if told.identity_columns else 0
    return Refusal(row.number, told.column_at(index), "duplicate_reference", as_text(_at(row, index)))


def _values_of(row: Row, told: Plan) -> tuple[Values, list[Refusal]]:
    values: Values = dict(told.constants)
    refusals: list[Refusal] = []
    tried: set[str] = set()
    for column, name, parse in told.parsers:
        cell = _stated_value(told.mapping, name, _at(row, column.index))
        if is_blank(cell):
            continue
        tried.add(name)
        try:
            _not_merged(row, column, name, told)
            values[name] = parse(cell)
        except CellError as error:
            refusals.append(
                Refusal(row.number, column.heading or column.letter, error.code, as_text(_at(row, column.index))[:200])
            )
    refusals.extend(
        Refusal(row.number, told.heading_for(name), "missing") for name in _missing(told, tried | set(values))
    )
    if not refusals:
        try:
            settle(told.kind.name, values)
        except RowError as error:
            look_at = told.column_of(error.field)
            shown = as_text(_at(row, look_at.index))[:200] if look_at else ""
            refusals.append(Refusal(row.number, told.heading_for(error.field), error.code, shown))
    return values, refusals


def _at(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else None


def _stated_value(mapping: Mapping, name: str, cell: Cell) -> Cell:
    """The cell, or what the map says its words mean for this field."""
    table = mapping.values.get(name)
    if not table:
        return cell
    try:
        found: Cell = table.get(squeezed(as_text(cell)), cell)
    except CellError:
        return cell
    return found


def _not_merged(row: Row, column: ColumnUnderstanding, name: str, told: Plan) -> None:
    """An amount or a number of things merged over several rows is one for all of them, or one each: nobody can tell."""
    if told.kind.fields[name].type in ("fen", "count") and (row.number, column.index) in told.sheet.filled:
        raise CellError("merged_amount")


def _missing(told: Plan, there: set[str]) -> Iterator[str]:
    for name in told.kind.required:
        if name not in there:
            yield name
    for group in told.kind.one_of:
        if not any(there.issuperset(way) for way in group):
            names = [name for way in group for name in way if name not in there]
            yield next((name for name in names if told.column_of(name)), names[0])
