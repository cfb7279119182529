"""Running balances: the part of the books that every quantity goes through, and the one that has to be fast."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from sqlalchemy import bindparam, func, select

from ledger.accounts import ENDOWED, HONOUR, ISSUED, LAPSED, POOL, REDEEMED, Posting, source_of
from ledger.journal.sql import Row
from projections.books import tables
from projections.rows import Source, insert_rows, read_groups, replace_rows

_COMMON = frozenset({ISSUED, POOL, HONOUR, REDEEMED, LAPSED, ENDOWED})
_SOURCES = source_of("")
_USABLE, _HELD = "minutes:spendable", "minutes:held"
_KEEP = 100_000


def tally_of(account: str) -> str:
    """The total that an account belongs to: a member's usable or held minutes; "" for every other account."""
    if not account.startswith("hours:") or account in _COMMON or account.startswith(_SOURCES):
        return ""
    return _HELD if account.endswith(":held") else _USABLE


class _Account:
    """One account in memory, with the lines of the batch; `stored` tells whether the database has its row."""

    __slots__ = ("balance", "before", "entries", "key", "last_position", "lines", "number", "stored", "tally")

    def __init__(self, key: tuple[str, str], number: int, balance: int, entries: int) -> None:
        self.key, self.number, self.balance, self.entries = key, number, balance, entries
        self.before = balance
        self.last_position = 0
        self.stored = entries > 0
        self.tally = tally_of(key[0])
        self.lines: list[Row] = []

    def turn_over(self) -> list[Row]:
        """The lines of the batch, which are counted and done with."""
        lines, self.lines = self.lines, []
        self.entries += len(lines)
        self.last_position = lines[-1][2]
        return lines

    def row(self, ledger: str) -> Row:
        """The account's row as it stands."""
        return (ledger, *self.key, self.number, self.balance, self.entries, self.last_position)


_number = attrgetter("number")


class Accounts:
    """The accounts of one ledger that are in use, and the postings of the batch."""

    __slots__ = ("_dirty", "_loaded", "_next", "_open", "_source", "_waiting")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: dict[tuple[str, str], _Account] = {}
        self._loaded: set[str] = set()
        self._dirty: list[_Account] = []
        self._waiting: set[_Account] = set()
        self._next = 0

    def post(self, moved: Sequence[tuple[int, list[Posting]]], *, settle: bool = True) -> dict[str, int]:
        """Book (position, postings) pairs, in order, and write them; balances may wait in memory unless `settle`.

        Gives by how much the totals moved, with 0 for one that was only touched.
        """
        open_, dirty, ledger = self._open, self._dirty, self._source.ledger
        known = False
        for position, rows in moved:
            line = 0
            for account, unit, amount in rows:
                entry = open_.get((account, unit))
                if entry is None:
                    if not known:
                        # The first one that is not in memory: now all of the batch are asked for at once.
                        self._load({name for _, others in moved for name, of, _ in others if (name, of) not in open_})
                        known = True
                    entry = open_.get((account, unit)) or self._begin((account, unit))
                lines = entry.lines
                if not lines:
                    dirty.append(entry)
                balance = entry.balance = entry.balance + amount
                lines.append((ledger, entry.number, position, line, amount, balance))
                line += 1  # noqa: SIM113 - enumerate costs 0.1 of the 1.4 µs of this loop, the hottest there is
        return self._write(settle=settle)

    def _write(self, *, settle: bool) -> dict[str, int]:
        s = self._source
        lines: list[Row] = []
        moved: dict[str, int] = {}
        for entry in sorted(self._dirty, key=_number):
            lines += entry.turn_over()
            if entry.tally:
                moved[entry.tally] = moved.get(entry.tally, 0) + entry.balance - entry.before
                entry.before = entry.balance
        self._waiting.update(self._dirty)
        self._dirty.clear()
        insert_rows(s.database, s.cursor, tables.postings, lines)
        if settle or len(self._waiting) > _KEEP:
            self._settle()
        return moved

    def _settle(self) -> None:
        """Write the balances that moved."""
        s = self._source
        new: list[Row] = []
        changed: list[Row] = []
        for entry in self._waiting:
            (changed if entry.stored else new).append(entry.row(s.ledger))
            entry.stored = True
        self._waiting.clear()
        insert_rows(s.database, s.cursor, tables.accounts, sorted(new))
        replace_rows(s.database, s.cursor, tables.accounts, sorted(changed))
        if len(self._open) > _KEEP:
            self._open.clear()
            self._loaded.clear()

    def _load(self, names: set[str]) -> None:
        s = self._source
        missing = names - self._loaded
        if not missing:
            return
        for row in read_groups(s.database, s.cursor, tables.accounts, "account", s.ledger, missing):
            _, account, unit, number, balance, entries, _ = row
            self._open[account, unit] = _Account((account, unit), number, balance, entries)
        self._loaded |= missing

    def _begin(self, key: tuple[str, str]) -> _Account:
        if not self._next:
            self._next = self._highest() + 1
        entry = self._open[key] = _Account(key, self._next, 0, 0)
        self._next += 1
        return entry

    def _highest(self) -> int:
        """The last number given. Every account has a posting, and postings are clustered by the number."""
        s = self._source
        postings = tables.postings
        highest = select(func.max(postings.c.number)).where(postings.c.ledger == bindparam("l"))
        s.cursor.execute(s.database.prepare("accounts.highest", highest).text, (s.ledger,))
        row = s.cursor.fetchone()
        return int(row[0] or 0) if row else 0
