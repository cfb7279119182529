"""Short words for the few portable kinds of columns, so that a table of a projection reads like its list of fields."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text
from sqlalchemy.schema import SchemaItem

from ledger.journal.tables import metadata

UNIT = "unit"
"""Where a column keeps the unit of its figures."""


def key(name: str) -> Column[str]:
    """A text that is part of the primary key."""
    return Column(name, Text, primary_key=True)


def number_key(name: str) -> Column[int]:
    """A whole number that is part of the primary key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def text(name: str) -> Column[str]:
    """A text, "" where there is none."""
    return Column(name, Text, nullable=False)


def maybe(name: str) -> Column[str]:
    """An id, a day (ISO) or another text that may be missing."""
    return Column(name, Text)


def number(name: str, unit: str = "") -> Column[int]:
    """A whole number: minutes, fen, pieces, a position, or microseconds UTC (`…_at`).

    With a unit it is a figure of its row, which opens to the events behind it (`projections.asof.of_things`).
    """
    return Column(name, BigInteger, nullable=False, info={UNIT: unit} if unit else {})


def maybe_number(name: str, unit: str = "") -> Column[int]:
    """A whole number that may be missing."""
    return Column(name, BigInteger, info={UNIT: unit} if unit else {})


def flag(name: str) -> Column[int]:
    """Yes (1) or no (0): no two databases store a truth value alike."""
    return Column(name, Integer, nullable=False)


def table(name: str, *items: SchemaItem) -> Table:
    """A table of one projection, keyed by `ledger` first; on SQLite clustered by its whole key."""
    return Table(name, metadata, key("ledger"), *items, sqlite_with_rowid=False)
