"""All postings as a plain-text journal that `hledger check --strict` accepts, with every balance asserted at its end.

One transaction per fact that moves something: its day, its position as code, its stored type name as description. The
day is that of the deed, or the community's calendar day of the record where a fact has none. Fen become `CNY` with two
decimals and minutes `min`; every other unit is a quoted commodity of its own. The assertions are the balances of our
books as of the same position, so that the other program checks ours. It is written as it is read: a million events
need no more memory than a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple, TextIO

from sqlalchemy import bindparam, select

from ledger.accounts import Posting, postings
from ledger.base import Fact
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import events, ledgers
from ledger.places.facts import LedgerOpened
from ledger.units import FEN, MINUTES
from projections.books.tables import accounts

_CHUNK = 2_000
_ASSERTED_TOGETHER = 200
"""Accounts per transaction of assertions."""

_PLAIN = {FEN: "CNY", MINUTES: "min"}
_NOT_IN_NAMES = frozenset("%:;\"'=@{}[]*!|#~<>^`$\\?")
_NOT_IN_SYMBOLS = frozenset('%";')
_LOOSE_BLANK = re.compile("^ | $|(?<= ) ")
"""Two blanks end a name; one between words is part of it."""


class Written(NamedTuple):
    """What an export came to: the position it reflects, and how many transactions and accounts it holds."""

    position: int
    transactions: int
    accounts: int


def account_name(account: str) -> str:
    """Our account as an account of the journal: the same parts between colons, and no two of ours ever become one.

    What another program could take for its own signs, blanks at the ends and second blanks become `%` and the
    hexadecimal UTF-8 bytes; a part without any letter becomes a single `%`.
    """
    return ":".join(_LOOSE_BLANK.sub("%20", _escaped(part, _NOT_IN_NAMES)) for part in account.split(":"))


def commodity(unit: str) -> str:
    """Our unit as a commodity: `CNY` for fen, `min` for minutes, else in quotation marks."""
    plain = _PLAIN.get(unit)
    return plain or '"' + _escaped(unit, _NOT_IN_SYMBOLS) + '"'


def quantity(amount: int, unit: str) -> str:
    """An amount with its commodity: `CNY 1234.50`, `-90 min`."""
    if unit != FEN:
        return f"{amount} {commodity(unit)}"
    yuan, fen = divmod(abs(amount), 100)
    return f"CNY {'-' if amount < 0 else ''}{yuan}.{fen:02d}"


def write_journal(
    database: Database,
    codec: Codec,
    ledger: str,
    out: TextIO,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Written:
    """Write the journal of one ledger, from one consistent state of the database; nothing but a heading if it is empty.

    `progress` is told how many events of how many are done. Raises UnknownFact for a fact this program does not know.
    """
    with database.reading() as cursor:
        head = _head(database, cursor, ledger)
        book = _Book(out)
        out.write(f"; nuanlin {ledger}, position {head}\n\n")
        zone = DEFAULT_ZONE
        for position, recorded_at, name, data in _events(database, cursor, ledger, head):
            happened = codec.fact(name, bytes(data))
            if isinstance(happened, LedgerOpened):
                zone = happened.zone
            moved = postings(happened)
            if moved:
                book.enter(_day(happened, recorded_at, zone), position, name, moved)
            if position % _CHUNK == 0:
                progress(position, head)
        book.assert_balances(_balances(database, cursor, ledger))
        progress(head, head)
    return Written(head, book.transactions, len(book.names))


class _Book:
    """The journal under way: what was declared already, and the last day."""

    def __init__(self, out: TextIO) -> None:
        self._write = out.write
        self.names: dict[str, str] = {}
        self._units: set[str] = set()
        self._last_day = ""
        self.transactions = 0

    def enter(self, day: str, position: int, name: str, moved: list[Posting]) -> None:
        """One fact; accounts and commodities are declared before their first use."""
        lines = [f"{day} ({position}) {name}\n"]
        for account, unit, amount in moved:
            lines.append(f"    {self._name(account, unit)}  {quantity(amount, unit)}\n")
        lines.append("\n")
        self._write("".join(lines))
        self._last_day = max(self._last_day, day)
        self.transactions += 1

    def _name(self, account: str, unit: str) -> str:
        if unit not in self._units:
            self._units.add(unit)
            sample = "CNY 1000.00" if unit == FEN else f"1000. {commodity(unit)}"
            self._write(f"commodity {sample}\n\n")
        name = self.names.get(account)
        if name is None:
            name = self.names[account] = account_name(account)
            self._write(f"account {name}\n\n")
        return name

    def assert_balances(self, balances: Iterator[tuple[str, str, int]]) -> None:
        """What every account has to come to, after everything else: on the last day, at the end of the file."""
        for count, (account, unit, balance) in enumerate(balances):
            if count % _ASSERTED_TOGETHER == 0:
                self._write(f"\n{self._last_day} balances\n")
            self._write(f"    {self._name(account, unit)}  {quantity(0, unit)} = {quantity(balance, unit)}\n")


def _escaped(text: str, signs: frozenset[str]) -> str:
    """The text with these signs, and whatever cannot be seen, as bytes."""
    return "".join(
        letter if letter.isprintable() and letter not in signs else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in text
    ) or "%"  # fmt: skip


def _day(happened: Fact, recorded_at: int, zone: str) -> str:
    day = getattr(happened, "day", None)
    return (day if isinstance(day, date) else day_of(recorded_at, zone)).isoformat()


def _head(database: Database, cursor: Cursor, ledger: str) -> int:
    statement = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))
    cursor.execute(database.prepare("export.head", statement).text, (ledger,))
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _events(database: Database, cursor: Cursor, ledger: str, head: int) -> Iterator[tuple[int, int, str, Any]]:
    statement = (
        select(events.c.position, events.c.recorded_at, events.c.type, events.c.data)
        .where(events.c.ledger == bindparam("l"), events.c.position > bindparam("a"))
        .order_by(events.c.position)
        .limit(bindparam("n"))
    )
    text = database.prepare("export.events", statement).text
    after = 0
    while after < head:
        cursor.execute(text, (ledger, after, _CHUNK))
        rows = cursor.fetchall()
        for position, recorded_at, name, data in rows:
            yield int(position), int(recorded_at), name, data
        after = int(rows[-1][0])


def _balances(database: Database, cursor: Cursor, ledger: str) -> Iterator[tuple[str, str, int]]:
    statement = (
        select(accounts.c.account, accounts.c.unit, accounts.c.balance)
        .where(accounts.c.ledger == bindparam("l"))
        .order_by(accounts.c.account, accounts.c.unit)
    )
    cursor.execute(database.prepare("export.balances", statement).text, (ledger,))
    while rows := cursor.fetchmany(_CHUNK):
        for account, unit, balance in rows:
            yield account, unit, int(balance)
