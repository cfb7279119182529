"""Balances, also as of any position or moment, statements, and the totals of a community."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, select

from ledger.accounts import HONOUR, ISSUED, POOL, held, usable
from ledger.errors import NotFound
from ledger.funds.commands import GENERAL
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import events, followers, ledgers
from ledger.units import MINUTES
from projections.books.books import REBUILDING
from projections.books.more_tables import fund_items
from projections.books.tables import accounts, postings, tallies
from projections.reading import cursor_of, fetch, numbers_of

REQUEST_STATES = ("posted", "published", "declined", "claimed", "fulfilled", "closed", "unmet", "withdrawn")
LATER_STATES = ("noticed", "deliberated", "decided", "executed")
"""States that only some kinds of request pass through: counted where there are any."""


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A point of the journal: a position, and when its event was recorded (microseconds UTC; 0 before the first)."""

    position: int
    at: int


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What an account holds of a unit."""

    account: str
    unit: str
    balance: int


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One posting: amount and running balance in the account's unit, with the event it comes from.

    `type` is the event's stored type name and `data` its stored bytes, for the codec.
    """

    position: int
    line: int
    amount: int
    balance: int
    type: str
    recorded_at: int
    data: bytes


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an account, newest first; `next` is the cursor of older lines, None at the beginning of the account."""

    account: str
    unit: str
    balance: int
    entries: int
    lines: list[StatementLine]
    next: str | None


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """A member's minutes: `spendable` now, `held` for services under way."""

    spendable: int
    held: int


class Minutes(msgspec.Struct, frozen=True, kw_only=True):
    """A community's minutes. `earned` is all verified service with corrections, never lowered by spending."""

    earned: int
    spendable: int
    held: int
    pool: int
    honour: int


class FundTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Fen: received less refunds, spent less returns, what is left (also what is granted and not yet paid).

    `restricted` is what is left per service item, without the unrestricted `general`.
    """

    received_fen: int
    spent_fen: int
    balance_fen: int
    restricted: dict[str, int]


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of a ledger at one position; the shape is a contract of the command line."""

    ledger: str
    position: int
    events: int
    members: int
    partners: int
    requests: dict[str, int]
    minutes: Minutes
    funds: dict[str, FundTotals]


def as_of(database: Database, ledger: str, *, position: int | None = None, at: int | None = None) -> AsOf:
    """The point of the journal at a position, at a moment (the last event recorded by then), or now.

    Raises NotFound `no_such_position` for one outside the journal.
    """
    with database.reading() as cursor:
        head = _head(database, cursor, ledger)
        if at is not None:
            position = _position_at(database, cursor, ledger, at)
        elif position is None:
            position = head
        if not 0 <= position <= head:
            raise NotFound("no_such_position", position=position, head=head)
        rows = fetch(database, cursor, "as_of", _recorded_at, l=ledger, p=position)
    return AsOf(position=position, at=int(rows[0][0]) if rows else 0)


def position_at(database: Database, ledger: str, at: int) -> int:
    """The last position recorded at or before a moment (microseconds UTC); 0 if there was none. One index look-up."""
    with database.reading() as cursor:
        return _position_at(database, cursor, ledger, at)


def balance_of(database: Database, ledger: str, account: str, unit: str, *, position: int | None = None) -> int:
    """An account's balance now, or after the event at a position; 0 for an account without postings by then.

    One index look-up now; as of a position one more, whatever the length of the account.
    """
    with database.reading() as cursor:
        return _balance(database, cursor, ledger, account, unit, position)


def hours_of(database: Database, ledger: str, member: str, *, position: int | None = None) -> Hours:
    """A member's usable and reserved minutes, now or as of a position."""
    with database.reading() as cursor:
        return Hours(
            spendable=_balance(database, cursor, ledger, usable(member), MINUTES, position),
            held=_balance(database, cursor, ledger, held(member), MINUTES, position),
        )


def balances(database: Database, ledger: str, *, position: int | None = None) -> list[Balance]:
    """All accounts that had a posting by then, sorted by name and unit, now or as of a position.

    One statement; as of a position it costs one index look-up per account of the ledger (on SQLite 6 µs, cold some 40),
    however many postings there are.
    """
    with database.reading() as cursor:
        if position is None:
            rows = fetch(database, cursor, "balances", _all_balances, l=ledger)
        else:
            rows = fetch(database, cursor, "balances.as_of", _all_balances_as_of, l=ledger, p=position, one=1, skip=0)
    known = sorted(row for row in rows if row[2] is not None)
    return [Balance(account=name, unit=unit, balance=int(balance)) for name, unit, balance in known]


def statement(
    database: Database,
    ledger: str,
    account: str,
    unit: str = MINUTES,
    *,
    after: str | None = None,
    limit: int = 50,
    position: int | None = None,
) -> Statement:
    """A page of an account's postings, newest first, now or as of a position. No postings by then: an empty page.

    Costs the same for an account with 100 lines and one with 100,000; as of a position its lines by then are counted.
    Raises Refused `bad_cursor`.
    """
    empty = Statement(account=account, unit=unit, balance=0, entries=0, lines=[], next=None)
    with database.reading() as cursor:
        found = fetch(database, cursor, "statement.account", _account, l=ledger, a=account, u=unit)
        if not found:
            return empty
        number, balance, entries = found[0]
        values: dict[str, Any] = {"l": ledger, "n": number, "limit": limit + 1}
        behind = None if after is None else numbers_of(after, 2)
        if position is not None:
            entries = _entries_by(database, cursor, ledger, number, position)
            balance = _balance(database, cursor, ledger, account, unit, position)
            # The first line behind the end of that position.
            behind = min(behind or (position + 1, 0), (position + 1, 0))
        if behind is not None:
            values["p"], values["i"] = behind
            rows = fetch(database, cursor, "statement.older", lambda: _lines(older=True), **values)
        else:
            rows = fetch(database, cursor, "statement.newest", lambda: _lines(older=False), **values)
    lines = [
        StatementLine(position=p, line=i, amount=a, balance=b, type=t or "", recorded_at=at or 0, data=bytes(d or b""))
        for p, i, a, b, t, at, d in rows[:limit]
    ]
    more = cursor_of(lines[-1].position, lines[-1].line) if len(rows) > limit and lines else None
    return Statement(account=account, unit=unit, balance=balance, entries=entries, lines=lines, next=more)


def stats(database: Database, ledger: str) -> Stats:
    """The totals of a ledger, read in one consistent look; `msgspec.to_builtins` gives the contract's shape.

    `members` are those who have not left, `partners` the units with an agreement that nobody ended.
    """
    with database.reading() as cursor:
        head = _head(database, cursor, ledger)
        totals = _totals(database, cursor, ledger)
        items = fetch(database, cursor, "stats.items", _fund_items, l=ledger)
        issued, pool, honour = (
            _balance(database, cursor, ledger, account, MINUTES, None) for account in (ISSUED, POOL, HONOUR)
        )
    return Stats(
        ledger=ledger,
        position=head,
        events=head,
        members=totals.get("members", 0),
        partners=totals.get("partners", 0),
        requests=by_state({state: totals.get(f"request:{state}", 0) for state in (*REQUEST_STATES, *LATER_STATES)}),
        minutes=Minutes(
            earned=-issued,
            spendable=totals.get("minutes:spendable", 0),
            held=totals.get("minutes:held", 0),
            pool=pool,
            honour=honour,
        ),
        funds=_fund_totals(items),
    )


def by_state(counted: Mapping[str, int]) -> dict[str, int]:
    """How many requests are in each state; states of some kinds only where there are any."""
    later = {state: counted[state] for state in LATER_STATES if counted.get(state)}
    return {**{state: counted.get(state, 0) for state in REQUEST_STATES}, **later}


def totals(database: Database, ledger: str) -> dict[str, int]:
    """Every total by name: `members`, `teams`, `units`, `partners`, `request:<state>`, `channel:<channel>` …"""
    with database.reading() as cursor:
        return _totals(database, cursor, ledger)


def rebuilding(database: Database, ledger: str) -> int | None:
    """How far a rebuild of the books is that has not ended; None when the books are whole."""
    with database.reading() as cursor:
        rows = fetch(database, cursor, "rebuilding", _follower, l=ledger, n=REBUILDING)
    return int(rows[0][0]) if rows else None


def _fund_totals(rows: list[Any]) -> dict[str, FundTotals]:
    sums: dict[str, list[int]] = {}
    restricted: dict[str, dict[str, int]] = {}
    for fund, item, received, refunded, available, committed, spent, returned in rows:
        slug = fund.removeprefix("fund_")
        entry = sums.setdefault(slug, [0, 0, 0])
        entry[0] += received - refunded
        entry[1] += spent - returned
        entry[2] += available + committed
        left = restricted.setdefault(slug, {})
        if item != GENERAL:
            left[item] = available + committed
    return {
        slug: FundTotals(received_fen=received, spent_fen=spent, balance_fen=left, restricted=restricted[slug])
        for slug, (received, spent, left) in sums.items()
    }


def _head(database: Database, cursor: Cursor, ledger: str) -> int:
    build = select(ledgers.c.head).where(ledgers.c.ledger == bindparam("l"))
    rows = fetch(database, cursor, "head", lambda: build, l=ledger)
    return int(rows[0][0]) if rows else 0


def _position_at(database: Database, cursor: Cursor, ledger: str, at: int) -> int:
    rows = fetch(database, cursor, "position_at", _last_by, l=ledger, at=at, one=1)
    return int(rows[0][0]) if rows else 0


def _balance(database: Database, cursor: Cursor, ledger: str, account: str, unit: str, position: int | None) -> int:
    rows = fetch(database, cursor, "statement.account", _account, l=ledger, a=account, u=unit)
    if not rows:
        return 0
    if position is None:
        return int(rows[0][1])
    rows = fetch(database, cursor, "balance.as_of", _balance_as_of, l=ledger, n=rows[0][0], p=position, one=1)
    return int(rows[0][0]) if rows else 0


def _entries_by(database: Database, cursor: Cursor, ledger: str, number: int, position: int) -> int:
    def build() -> Select[Any]:
        c = postings.c
        by_then = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position <= bindparam("p"))
        return select(func.count()).where(*by_then)

    return int(fetch(database, cursor, "entries.as_of", build, l=ledger, n=number, p=position)[0][0])


def _totals(database: Database, cursor: Cursor, ledger: str) -> dict[str, int]:
    build = select(tallies.c.name, tallies.c.value).where(tallies.c.ledger == bindparam("l"))
    return {name: int(value) for name, value in fetch(database, cursor, "totals", lambda: build, l=ledger)}


def _recorded_at() -> Select[Any]:
    return select(events.c.recorded_at).where(events.c.ledger == bindparam("l"), events.c.position == bindparam("p"))


def _follower() -> Select[Any]:
    return select(followers.c.position).where(followers.c.ledger == bindparam("l"), followers.c.name == bindparam("n"))


def _last_by() -> Select[Any]:
    by_then = (events.c.ledger == bindparam("l"), events.c.recorded_at <= bindparam("at"))
    newest = (events.c.recorded_at.desc(), events.c.position.desc())
    return select(events.c.position).where(*by_then).order_by(*newest).limit(bindparam("one"))


def _account() -> Select[Any]:
    return select(accounts.c.number, accounts.c.balance, accounts.c.entries).where(
        accounts.c.ledger == bindparam("l"), accounts.c.account == bindparam("a"), accounts.c.unit == bindparam("u")
    )


def _balance_as_of() -> Select[Any]:
    c = postings.c
    by_then = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position <= bindparam("p"))
    return select(c.balance).where(*by_then).order_by(c.position.desc(), c.line.desc()).limit(bindparam("one"))


def _all_balances() -> Select[Any]:
    return select(accounts.c.account, accounts.c.unit, accounts.c.balance).where(accounts.c.ledger == bindparam("l"))


def _all_balances_as_of() -> Select[Any]:
    last = (
        select(postings.c.balance)
        .where(
            postings.c.ledger == accounts.c.ledger,
            postings.c.number == accounts.c.number,
            postings.c.position <= bindparam("p"),
        )
        .order_by(postings.c.position.desc(), postings.c.line.desc())
        .limit(bindparam("one"))
        .offset(bindparam("skip"))  # without one SQLAlchemy writes a nameless parameter for SQLite
        .correlate(accounts)
        .scalar_subquery()
    )
    return select(accounts.c.account, accounts.c.unit, last).where(accounts.c.ledger == bindparam("l"))


def _lines(*, older: bool) -> Select[Any]:
    of_event = (events.c.ledger == postings.c.ledger) & (events.c.position == postings.c.position)
    build = (
        select(
            postings.c.position, postings.c.line, postings.c.amount, postings.c.balance, events.c.type,
            events.c.recorded_at, events.c.data,
        )
        .select_from(postings.outerjoin(events, of_event))
        .where(postings.c.ledger == bindparam("l"), postings.c.number == bindparam("n"))
    )  # fmt: skip
    if older:
        behind = (postings.c.position < bindparam("p")) | (postings.c.line < bindparam("i"))
        build = build.where(postings.c.position <= bindparam("p"), behind)
    return build.order_by(postings.c.position.desc(), postings.c.line.desc()).limit(bindparam("limit"))


def _fund_items() -> Select[Any]:
    c = fund_items.c
    return (
        select(
            c.fund, c.item, c.received_fen, c.refunded_fen, c.available_fen, c.committed_fen, c.spent_fen,
            c.returned_fen,
        )
        .where(c.ledger == bindparam("l"))
        .order_by(c.fund, c.rank, c.item)
    )  # fmt: skip
