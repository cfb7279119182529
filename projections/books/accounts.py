"""Running balances: the part of the books that every quantity goes through, and the one that has to be fast."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from sqlalchemy import bindparam, func, select

from ledger.accounts import HONOUR, ISSUED, LAPSED, POOL, REDEEMED, Posting
from ledger.journal.sql import Row
from projections.books import tables
from projections.rows import Source, insert_rows, read_groups, replace_rows

_COMMON = frozenset({ISSUED, POOL, HONOUR, REDEEMED, LAPSED})
_USABLE, _HELD = "minutes:spendable", "minutes:held"
_KEEP = 100_000


def tally_of(account: str) -> str:
    """The total that an account belongs to: a member's usable or held minutes; "" for every other account."""
    if not account.startswith("hours:") or account in _COMMON:
        return ""
    return _HELD if account.endswith(":held") else _USABLE


class _Account:
    """One account in memory, with the lines of the batch."""

    __slots__ = ("balance", "before", "entries", "key", "lines", "number", "tally")

    def __init__(self, key: tuple[str, str], number: int, balance: int, entries: int) -> None:
        self.key, self.number, self.balance, self.entries = key, number, balance, entries
        self.before = balance
        self.tally = tally_of(key[0])
        self.lines: list[Row] = []

    def settle(self, ledger: str) -> Row:
        """The account's row after the batch; its lines are done with."""
        self.entries += len(self.lines)
        last_position = self.lines[-1][2]
        self.lines = []
        return (ledger, *self.key, self.number, self.balance, self.entries, last_position)


_number = attrgetter("number")


class Accounts:
    """The accounts of one ledger that are in use, and the postings of the batch."""

    __slots__ = ("_dirty", "_loaded", "_next", "_open", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: dict[tuple[str, str], _Account] = {}
        self._loaded: set[str] = set()
        self._dirty: list[_Account] = []
        self._next = 0

    def post(self, moved: Sequence[tuple[int, list[Posting]]]) -> dict[str, int]:
        """Book (position, postings) pairs, in order, and write them.

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
        return self._write()

    def _write(self) -> dict[str, int]:
        s = self._source
        lines: list[Row] = []
        new: list[Row] = []
        changed: list[Row] = []
        moved: dict[str, int] = {}
        for entry in sorted(self._dirty, key=_number):
            lines += entry.lines
            (changed if entry.entries else new).append(entry.settle(s.ledger))
            if entry.tally:
                moved[entry.tally] = moved.get(entry.tally, 0) + entry.balance - entry.before
                entry.before = entry.balance
        self._dirty.clear()
        insert_rows(s.database, s.cursor, tables.postings, lines)
        insert_rows(s.database, s.cursor, tables.accounts, sorted(new))
        replace_rows(s.database, s.cursor, tables.accounts, sorted(changed))
        if len(self._open) > _KEEP:
            self._open.clear()
            self._loaded.clear()
        return moved

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
