"""Running balances: the part of the books that every quantity goes through, and the one that has to be fast."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from ledger.accounts import HONOUR, ISSUED, LAPSED, POOL, REDEEMED, Posting
from ledger.journal.sql import Row
from projections.books import tables
from projections.rows import Source, insert_rows, read_groups, replace_rows

_COMMON = frozenset({ISSUED, POOL, HONOUR, REDEEMED, LAPSED})
_USABLE, _HELD = "minutes:spendable", "minutes:held"
_KEEP = 100_000

# An account in memory is a list, since nothing else is as quick to change.
_NUMBER, _BALANCE, _ENTRIES, _LAST, _BEFORE, _TALLY = range(6)
_Account = list[int]
_TALLIES = ("", _USABLE, _HELD)


def tally_of(account: str) -> str:
    """The total that an account belongs to: a member's usable or held minutes; "" for every other account."""
    if not account.startswith("hours:") or account in _COMMON:
        return ""
    return _HELD if account.endswith(":held") else _USABLE


class Accounts:
    """The accounts of one ledger that are in use, and the postings of the batch."""

    __slots__ = ("_dirty", "_fresh", "_loaded", "_next", "_open", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: dict[tuple[str, str], _Account] = {}
        self._loaded: set[str] = set()
        self._dirty: dict[tuple[str, str], _Account] = {}
        self._fresh: set[tuple[str, str]] = set()
        self._next = 0

    def post(self, moved: Sequence[tuple[int, list[Posting]]]) -> None:
        """Book (position, postings) pairs, in order, and write the lines; balances wait for `settle`."""
        open_, dirty = self._open, self._dirty
        self._load({account for _, rows in moved for account, unit, _ in rows if (account, unit) not in open_})
        lines: list[Row] = []
        ledger = self._source.ledger
        for position, rows in moved:
            for line, (account, unit, amount) in enumerate(rows):
                key = (account, unit)
                entry = open_.get(key)
                if entry is None:
                    entry = self._begin(key)
                balance = entry[_BALANCE] = entry[_BALANCE] + amount
                entry[_ENTRIES] += 1
                entry[_LAST] = position
                dirty[key] = entry
                lines.append((ledger, entry[_NUMBER], position, line, amount, balance))
        lines.sort()
        insert_rows(self._source.database, self._source.cursor, tables.postings, lines)

    def settle(self) -> dict[str, int]:
        """Write the balances that moved; gives by how much the totals moved, with 0 for one that was only touched."""
        ledger = self._source.ledger
        new: list[Row] = []
        changed: list[Row] = []
        moved: dict[str, int] = {}
        for key, entry in self._dirty.items():
            number, balance, entries, last, before, tally = entry
            row = (ledger, *key, number, balance, entries, last)
            (new if key in self._fresh else changed).append(row)
            if tally:
                name = _TALLIES[tally]
                moved[name] = moved.get(name, 0) + balance - before
                entry[_BEFORE] = balance
        for rows, put in ((new, insert_rows), (changed, replace_rows)):
            rows.sort()
            put(self._source.database, self._source.cursor, tables.accounts, rows)
        self._dirty.clear()
        self._fresh.clear()
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
            _, account, unit, number, balance, entries, last = row
            self._open[account, unit] = [number, balance, entries, last, balance, _TALLIES.index(tally_of(account))]
        self._loaded |= missing

    def _begin(self, key: tuple[str, str]) -> _Account:
        if not self._next:
            self._next = self._highest() + 1
        entry = [self._next, 0, 0, 0, 0, _TALLIES.index(tally_of(key[0]))]
        self._next += 1
        self._open[key] = entry
        self._fresh.add(key)
        return entry

    def _highest(self) -> int:
        """The last number given. Every account has a posting, and postings are clustered by the number."""
        s = self._source
        postings = tables.postings
        highest = select(func.max(postings.c.number)).where(postings.c.ledger == bindparam("l"))
        s.cursor.execute(s.database.prepare("accounts.highest", highest).text, (s.ledger,))
        row = s.cursor.fetchone()
        return int(row[0] or 0) if row else 0
