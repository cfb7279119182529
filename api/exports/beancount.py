"""All postings as a ledger that beancount loads without an error, with every balance asserted on the day after the last.

One transaction per fact that moves something: its day, its stored type name as narration, its position as metadata and
as link (`^p12`), and a link to what it is about (`^grant_…`), so that one finds what belongs together.

**Accounts.** The root says what an account means (see `root_of`); every part of our name follows as a component of its
own. A component of beancount begins with a capital or a digit and holds letters, digits and hyphens, so that a small
first letter becomes its capital, `_` a hyphen, and everything else that does not fit (and the letter X itself, and a
capital at the front) an `X` with two hexadecimal digits for each of its bytes in UTF-8. An empty part is a single `X`.
`spent:fund_nuanxing:meals:大米` is `Expenses:Spent:Fund-nuanxing:Meals:XE5XA4XA7XE7XB1XB3`. `our_account` goes back.

**Commodities.** `CNY` (fen, with two decimals), `MIN`, `VENUE-MIN`, `PROJECTS`, `HOUSEHOLDS`; goods are `PCS-1`, `PCS-2` … in the
order in which the journal first speaks of them, which never changes. `name` in the metadata of `open` and `commodity`
is our own name; a backslash in it, and what cannot be seen, is written as in JSON.

**Balances.** Beancount takes an account's balance with those below it, so that this sum is what is asserted, exactly
(`~ 0`: its usual tolerance would let a fen slip). Assertions hold at the start of a day: theirs is the day after the last.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TextIO

from api.exports.hledger import yuan
from api.exports.journal_lines import Progress, Told, Written, extracted, no_progress
from ledger import accounts as chart
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database
from ledger.units import FEN, MINUTES, VENUE_MINUTES, pieces_of

OPENED = "1900-01-01"
"""When accounts open: before every day that a deed can have (1990, `SINCE_EVER`), since deeds are entered out of order."""

_PLAIN = {
    FEN: "CNY",
    MINUTES: "MIN",
    VENUE_MINUTES: "VENUE-MIN",
    chart.PROJECTS: "PROJECTS",
    chart.HOUSEHOLDS: "HOUSEHOLDS",
}
_ROOTS = {
    "hours": "Assets",
    "fund": "Assets",
    "offer": "Assets",
    "promised": "Assets",
    "resource": "Assets",
    "deal": "Assets",
    "community": "Assets",
    "households": "Assets",
    "crossing": "Assets",
    "spent": "Expenses",
    "received": "Expenses",
    "donor": "Income",
    "giver": "Income",
    "census": "Income",
    "pledge": "Equity",
    "pledged": "Equity",
}
_ROOTS_OF_WHOLE = {
    chart.ISSUED: "Income",
    chart.ENDOWED: "Income",
    chart.REDEEMED: "Expenses",
    chart.LAPSED: "Expenses",
}
_FITS = re.compile(r"[A-WYZa-z0-9]")
_LINK = re.compile(r"[A-Za-z0-9\-_/.]+")
_ESCAPE = re.compile(r"X([0-9A-F]{2})")


def root_of(account: str) -> str:
    """`Assets`, `Income`, `Expenses` or `Equity`, by what the account means; `Equity` for one our chart does not know.

    Assets are what somebody has and may still use: members' minutes, the pool, a fund's money (also what is approved and
    not yet paid), goods on their way, what the community was given. Income is where it comes from (issued hours,
    what was put into sources, donors, givers), expenses where it went. Promises of money are Equity on both sides: no
    fund may count them. Nothing is a liability: a right to minutes is told from the side of the member who has it.
    """
    return _ROOTS_OF_WHOLE.get(account) or _ROOTS.get(account.partition(":")[0], "Equity")


def account_name(account: str) -> str:
    """Our account as one of beancount; no two of ours ever become one, and what is below stays below."""
    return ":".join([root_of(account), *(_component(part) for part in account.split(":"))])


def our_account(name: str) -> str:
    """The reverse of `account_name`."""
    return ":".join(_part(component) for component in name.split(":")[1:])


def write_beancount(
    database: Database,
    codec: Codec,
    ledger: str,
    out: TextIO,
    progress: Progress = no_progress,
    *,
    position: int | None = None,
    cursor: Cursor | None = None,
) -> Written:
    """Write the ledger for beancount, now or as of a position; nothing but its options if it is empty.

    All of it is one state of the database: that of the open `cursor`, where one is given. `progress` is told how many
    events of how many are done. Raises UnknownFact for a fact this program does not know, NotFound `no_such_position`,
    Unusable `books_being_rebuilt` and `event_missing`.
    """
    with extracted(database, codec, ledger, position=position, cursor=cursor) as extract:
        book = _Book(out)
        out.write(f'option "title" {_string(f"nuanlin {ledger}, position {extract.position}")}\n')
        out.write('option "operating_currency" "CNY"\n\n')
        for told in extract.facts(progress):
            if told.moved:
                book.enter(told)
        book.assert_balances(extract.balances())
        return Written(extract.position, book.transactions, len(book.names))


class _Book:
    """The ledger under way: what was opened already, and the last day."""

    def __init__(self, out: TextIO) -> None:
        self._write = out.write
        self.names: dict[str, str] = {}
        self._symbols: dict[str, str] = {}
        self._counted = Counter[str]()
        self._last_day = date.min
        self.transactions = 0

    def enter(self, told: Told) -> None:
        """One fact; accounts and commodities are declared before it."""
        lines = [f"{told.day.isoformat()} * {_string(told.type)} {_links(told)}\n  position: {told.position}\n"]
        for account, unit, amount in told.moved:
            lines.append(f"  {self._name(account)}  {self._quantity(amount, unit)}\n")
        lines.append("\n")
        self._write("".join(lines))
        self._last_day = max(self._last_day, told.day)
        self.transactions += 1

    def assert_balances(self, balances: Iterator[tuple[str, str, int]]) -> None:
        """What every account has to come to with all below it, at the start of the day after the last."""
        totals: dict[tuple[str, str], int] = {}
        for account, unit, balance in balances:
            totals[self._name(account), unit] = balance
        for (name, unit), balance in list(totals.items()):
            above = name
            while ":" in (above := above.rpartition(":")[0]):
                if (above, unit) in totals:
                    totals[above, unit] += balance
        if totals:
            day = (self._last_day + timedelta(days=1)).isoformat()
            for (name, unit), total in totals.items():
                number, symbol = self._quantity(total, unit).split(" ")
                self._write(f"{day} balance {name}  {number} ~ 0 {symbol}\n")

    def _name(self, account: str) -> str:
        name = self.names.get(account)
        if name is None:
            name = self.names[account] = account_name(account)
            self._write(f"{OPENED} open {name}\n  name: {_string(account)}\n\n")
        return name

    def _quantity(self, amount: int, unit: str) -> str:
        symbol = self._symbols.get(unit) or self._declare(unit)
        return f"{yuan(amount) if unit == FEN else amount} {symbol}"

    def _declare(self, unit: str) -> str:
        kind = "PCS" if unit.startswith(pieces_of("")) else "UNIT"
        symbol = _PLAIN.get(unit)
        if symbol is None:
            self._counted[kind] += 1
            symbol = f"{kind}-{self._counted[kind]}"
        self._symbols[unit] = symbol
        self._write(f"{OPENED} commodity {symbol}\n  name: {_string(unit)}\n\n")
        return symbol


def _links(told: Told) -> str:
    """Links to the position and to what the fact is about: the first of its tags."""
    subject = told.tags.partition("\n")[0]
    return f"^p{told.position} ^{subject}" if _LINK.fullmatch(subject) else f"^p{told.position}"


def _component(part: str) -> str:
    if not part:
        return "X"
    first, rest = part[0], part[1:]
    if "a" <= first <= "z" and first != "x":
        head = first.upper()
    else:
        head = first if "0" <= first <= "9" else _bytes(first)
    return head + "".join("-" if one == "_" else one if _FITS.fullmatch(one) else _bytes(one) for one in rest)


def _bytes(letter: str) -> str:
    return "".join(f"X{byte:02X}" for byte in letter.encode())


def _part(component: str) -> str:
    if component == "X":
        return ""
    head, rest = component[0], component[1:]
    if head == "X":
        head, rest = "", component
    return _unescaped(head.lower() + rest.replace("-", "_"))


def _unescaped(text: str) -> str:
    raw = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return raw.encode("latin-1").decode()


def _string(text: str) -> str:
    """A string for beancount, which reads a doubled backslash as one."""
    seen = "".join(one if one.isprintable() and one != "\\" else json.dumps(one)[1:-1] for one in text)
    return '"' + seen.replace("\\", "\\\\").replace('"', '\\"') + '"'
