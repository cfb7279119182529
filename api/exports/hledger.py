"""All postings as a plain-text journal that `hledger check --strict` accepts, with every balance asserted at its end.

One transaction per fact that moves something: its day, its position as code, its stored type name as description. The
day is that of the deed, or the community's calendar day of the record where a fact has none. Fen become `CNY` with two
decimals and minutes `min`; every other unit is a quoted commodity of its own. The assertions are the balances of our
books as of the same position, so that the other program checks ours. It is written as it is read: a million events
need no more memory than a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from api.exports.journal_lines import Progress, Written, extracted, no_progress
from ledger.accounts import Posting
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database
from ledger.units import FEN, MINUTES

_ASSERTED_TOGETHER = 200
"""Accounts per transaction of assertions."""

_PLAIN = {FEN: "CNY", MINUTES: "min"}
_NOT_IN_NAMES = frozenset("%:;\"'=@{}[]*!|#~<>^`$\\?")
_NOT_IN_SYMBOLS = frozenset('%";')
_LOOSE_BLANK = re.compile("^ | $|(?<= ) ")
"""Two blanks end a name; one between words is part of it."""


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
    return f"CNY {yuan(amount)}"


def yuan(amount_fen: int) -> str:
    """Fen as the yuan of plain-text journals: `-1234.50`."""
    whole, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole}.{fen:02d}"


def write_journal(
    database: Database,
    codec: Codec,
    ledger: str,
    out: TextIO,
    progress: Progress = no_progress,
    *,
    position: int | None = None,
    cursor: Cursor | None = None,
) -> Written:
    """Write the journal of one ledger, now or as of a position; nothing but a heading if it is empty.

    All of it is one state of the database: that of the open `cursor`, where one is given. `progress` is told how many
    events of how many are done. Raises UnknownFact for a fact this program does not know, NotFound `no_such_position`,
    Unusable `books_being_rebuilt`.
    """
    with extracted(database, codec, ledger, position=position, cursor=cursor) as extract:
        book = _Book(out)
        out.write(f"; nuanlin {ledger}, position {extract.position}\n\n")
        for told in extract.facts(progress):
            if told.moved:
                book.enter(told.day.isoformat(), told.position, told.type, told.moved)
        book.assert_balances(extract.balances())
        return Written(extract.position, book.transactions, len(book.names))


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
