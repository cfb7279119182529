"""The journal as rows: postings, balances or events, with columns that are documented and have a version.

The columns are a contract (docs/exports.md): a change of meaning, or a column that goes, raises `VERSION`; new columns
are added at the end. What a column holds is told in both languages in the locale room `exports`. No name of a person is
in any of them: rows carry ids.

Postings are made from the facts, not read from the books, and so is the balance after each: books that were tampered
with show up as a difference. Balances are the books'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

import msgspec

from api.exports.journal_lines import CHUNK, Extract, Progress, Told, no_progress
from ledger.journal.codec import split_tags
from ledger.units import FEN, pieces_of

VERSION = 1

What = Literal["postings", "balances", "events"]
WHATS: tuple[What, ...] = get_args(What)

Kind = Literal["whole", "shown", "instant", "day", "word", "text"]
"""`shown`: a decimal number · `instant`: microseconds UTC · `word`: a text out of few · `text`: any other text."""

Cell = int | str | date | Decimal | None
Row = tuple[Cell, ...]

KEY_LETTERS = 12
"""How much of a command's key is shown: enough to see which facts came from one command."""


class Column(NamedTuple):
    """A column: its fixed name, what its cells are, and how many letters wide it is shown."""

    name: str
    kind: Kind
    width: int


COLUMNS: dict[What, tuple[Column, ...]] = {
    "postings": (
        Column("position", "whole", 10),
        Column("line", "whole", 6),
        Column("recorded_at", "instant", 20),
        Column("day", "day", 11),
        Column("type", "word", 26),
        Column("account", "word", 40),
        Column("unit", "word", 16),
        Column("amount", "whole", 12),
        Column("balance", "whole", 14),
        Column("amount_shown", "shown", 12),
        Column("balance_shown", "shown", 14),
        Column("shown_in", "word", 16),
        Column("by", "word", 32),
        Column("role", "word", 18),
        Column("behalf", "word", 32),
        Column("key", "text", 14),
        Column("subject", "text", 32),
    ),
    "balances": (
        Column("account", "text", 40),
        Column("unit", "word", 16),
        Column("balance", "whole", 14),
        Column("balance_shown", "shown", 14),
        Column("shown_in", "word", 16),
    ),
    "events": (
        Column("position", "whole", 10),
        Column("recorded_at", "instant", 20),
        Column("decided_at", "instant", 20),
        Column("day", "day", 11),
        Column("type", "word", 26),
        Column("by", "word", 32),
        Column("role", "word", 18),
        Column("behalf", "word", 32),
        Column("key", "text", 14),
        Column("tags", "text", 40),
        Column("fact", "text", 80),
    ),
}


class Wanted(NamedTuple):
    """Which rows: of what, of one account and those below it, with a day from `first_day` to `last_day` (both count)."""

    what: What = "postings"
    account: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of these rows."""
        return COLUMNS[self.what]

    @property
    def version(self) -> str:
        """Name and version of the columns: `postings/1`."""
        return f"{self.what}/{VERSION}"

    def is_of(self, account: str) -> bool:
        """Whether an account is the one that is wanted, or below it."""
        return self.account is None or account == self.account or account.startswith(self.account + ":")

    def is_on(self, day: date) -> bool:
        """Whether a day is within those that are wanted."""
        first, last = self.first_day, self.last_day
        return (first is None or day >= first) and (last is None or day <= last)


def rows(extract: Extract, wanted: Wanted = Wanted(), progress: Progress = no_progress) -> Iterator[list[Row]]:  # noqa: B008 - a tuple is never changed
    """The rows in the order of the journal (balances: of their accounts), some thousands at a time.

    Needs memory for one balance per account, however many postings there are.
    """
    batch: list[Row] = []
    for row in _EACH[wanted.what](extract, wanted, progress):
        batch.append(row)
        if len(batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def shown(amount: int, unit: str) -> Decimal:
    """An amount as people read it: fen as yuan with two decimals, everything else as it is."""
    return Decimal(amount).scaleb(-2) if unit == FEN else Decimal(amount)


def shown_in(unit: str) -> str:
    """What a shown amount counts: `yuan`, `minutes` … or the goods by their own name."""
    return "yuan" if unit == FEN else unit.removeprefix(pieces_of(""))


def _postings(extract: Extract, wanted: Wanted, progress: Progress) -> Iterator[Row]:
    balances: dict[tuple[str, str], int] = {}
    for told in extract.facts(progress):
        if not told.moved:
            continue
        inside = wanted.is_on(told.day)
        e = told.envelope
        behind = (e.by, e.role, e.behalf, e.key[:KEY_LETTERS], _subject(told))
        for line, (account, unit, amount) in enumerate(told.moved):
            balance = balances[account, unit] = balances.get((account, unit), 0) + amount
            if inside and wanted.is_of(account):
                yield (
                    told.position, line, told.recorded_at, told.day, told.type, account, unit, amount, balance,
                    shown(amount, unit), shown(balance, unit), shown_in(unit), *behind,
                )  # fmt: skip


def _balances(extract: Extract, wanted: Wanted, _progress: Progress) -> Iterator[Row]:
    for account, unit, balance in extract.balances():
        if wanted.is_of(account):
            yield account, unit, balance, shown(balance, unit), shown_in(unit)


def _events(extract: Extract, wanted: Wanted, progress: Progress) -> Iterator[Row]:
    encode = msgspec.json.Encoder().encode
    for told in extract.facts(progress):
        if wanted.is_on(told.day):
            e = told.envelope
            tags = " ".join(tag for tag in split_tags(told.tags) if not tag.startswith("key_"))
            yield (
                told.position, told.recorded_at, e.at, told.day, told.type, e.by, e.role, e.behalf,
                e.key[:KEY_LETTERS], tags, encode(told.fact).decode(),
            )  # fmt: skip


_EACH: dict[What, Callable[[Extract, Wanted, Progress], Iterator[Row]]] = {
    "postings": _postings,
    "balances": _balances,
    "events": _events,
}


def _subject(told: Told) -> str:
    """What the fact is about: the first of its tags (a session, a receipt, a grant, an offer, a member)."""
    first = told.tags.partition("\n")[0]
    return "" if first.startswith("key_") else first
