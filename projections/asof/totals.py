"""A community's totals as of a position, and what stands behind each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from ledger.accounts import (
    ENDOWED,
    HONOUR,
    ISSUED,
    LAPSED,
    POOL,
    REDEEMED,
    committed,
    crossing_to,
    fund_item,
    source_of,
    spent,
)
from ledger.funds.commands import GENERAL
from ledger.journal.sql import blocks
from ledger.units import FEN, MINUTES
from projections.asof.past import Past, events_of
from projections.asof.things import requests_as_of
from projections.books import more_tables as more
from projections.books import queries
from projections.books.engines.funds_tables import fund_item_changes
from projections.books.engines.services_tables import service_reservations
from projections.books.queries import FundTotals, Minutes, Stats
from projections.books.tables import accounts, members, postings, reservations
from projections.reading import Cells, cells, fetch

_COMMON = (ISSUED, POOL, HONOUR, REDEEMED, LAPSED, ENDOWED)

_LEFT = frozenset({"party.member_left"})
_OPEN = "open"


def stats_as_of(past: Past, *, counted: tuple[int, Mapping[str, int]] | None = None) -> Stats:
    """The totals as of a position, in the shape of the live ones.

    `counted`: members and requests by state where they are known already (`steps`); few look-ups are left then.

    Now: as the live ones. Earlier: one pass over the rows of members, agreements, requests and open reservations; one
    look-up per event of each request begun by then and touched since; few look-ups per fund. Not by the journal.
    """
    live = queries.stats(past.database, past.ledger)
    if live.position == past.position:
        return live
    if counted is None:
        states = Counter(row["status"] for row in requests_as_of(past, request_rows(past)).values())
        counted = len(members_there(past)), states
    minutes = balances_then(past, [(account, MINUTES) for account in common_accounts(past)])
    held = sum(row["minutes"] for row in reservations_open(past))
    return Stats(
        ledger=past.ledger,
        position=past.position,
        events=past.position,
        members=counted[0],
        partners=len(partners_then(past)),
        requests=queries.by_state(counted[1]),
        minutes=Minutes(
            earned=-minutes.get((ISSUED, MINUTES), 0),
            spendable=-sum(minutes.values()) - held,
            held=held,
            pool=minutes.get((POOL, MINUTES), 0),
            honour=minutes.get((HONOUR, MINUTES), 0),
        ),
        funds=dict(_funds(past)),
    )


def common_accounts(past: Past) -> list[str]:
    """The accounts of minutes that no person stands behind, with what crossed to each other ledger and the sources of
    opening grants; with the members' usable and held ones they sum to zero. Two seeks by name."""

    def build() -> Select[Any]:
        c = accounts.c
        named = (c.account >= bindparam("a")) & (c.account < bindparam("b"))
        return select(c.account).where(c.ledger == bindparam("l"), c.unit == bindparam("u"), named).order_by(c.account)

    found = list(_COMMON)
    for stem in (crossing_to(""), source_of("")):
        with past.database.reading() as cursor:
            end = stem[:-1] + chr(ord(stem[-1]) + 1)
            rows = fetch(past.database, cursor, "asof.common", build, l=past.ledger, u=MINUTES, a=stem, b=end)
        found += [str(row[0]) for row in rows]
    return found


def members_there(past: Past) -> list[tuple[int, str]]:
    """Members who had joined and not left by then: (position of registration, id), in that order. One pass over members,
    and one look-up per member who left since."""

    def build() -> Select[Any]:
        c = members.c
        return select(c.registered, c.member_id, c.departed, c.version).where(
            c.ledger == bindparam("l"), c.registered <= bindparam("p")
        )

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.members", build, l=past.ledger, p=past.position)
    doubtful = [row[1] for row in rows if row[2] and row[3] > past.position]
    gone = {row[1] for row in rows if row[2] and row[3] <= past.position}
    gone |= {str(getattr(one.fact, "member_id", "")) for one in events_of(past, doubtful, stems=_LEFT)}
    return sorted((int(row[0]), str(row[1])) for row in rows if row[1] not in gone)


def partners_then(past: Past) -> dict[str, int]:
    """Units with an agreement that nobody had ended: the position of the earliest one that stood. One pass over agreements."""

    def build() -> Select[Any]:
        c = more.agreements.c
        return select(c.unit, c.number, c.status, c.version).where(
            c.ledger == bindparam("l"), c.number <= bindparam("p")
        )

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.agreements", build, l=past.ledger, p=past.position)
    found: dict[str, int] = {}
    for unit, number, status, version in sorted(rows, key=lambda row: -int(row[1])):
        # An agreement is touched twice: when it is signed and when it is ended.
        if status != "ended" or version > past.position:
            found[unit] = int(number)
    return found


def request_rows(past: Past) -> list[Cells]:
    """The present rows of all requests that had been posted by then, oldest first. One pass over requests."""
    table = more.requests

    def build() -> Select[Any]:
        return select(table).where(table.c.ledger == bindparam("l"), table.c.number <= bindparam("p"))

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.requests", build, l=past.ledger, p=past.position)
    return sorted((cells(table, row) for row in rows), key=lambda row: int(row["number"]))


def reservations_open(past: Past) -> list[Cells]:
    """Reservations of hours and of services that held minutes, oldest first, as their present rows. One pass over each."""

    def build() -> Select[Any]:
        c = reservations.c
        # A reservation is touched twice: when it is made and when it is settled, each time whole.
        standing = (c.status == bindparam("s")) | (c.version > bindparam("q"))
        return select(reservations).where(c.ledger == bindparam("l"), c.number <= bindparam("p"), standing)

    with past.database.reading() as cursor:
        p = past.position
        rows = fetch(past.database, cursor, "asof.reservations", build, l=past.ledger, p=p, q=p, s=_OPEN)
    held = [cells(reservations, row) for row in rows] + _services_held(past)
    return sorted(held, key=lambda row: int(row["number"]))


def _services_held(past: Past) -> list[Cells]:
    """Reservations of services that were neither settled nor cancelled and cost minutes."""

    def build() -> Select[Any]:
        c = service_reservations.c
        standing = c.closed.is_(None) | (c.closed > bindparam("q"))
        begun = (c.ledger == bindparam("l"), c.number <= bindparam("p"), c.minutes > bindparam("z"))
        return select(service_reservations).where(*begun, standing)

    with past.database.reading() as cursor:
        p = past.position
        rows = fetch(past.database, cursor, "asof.service_reservations", build, l=past.ledger, p=p, q=p, z=0)
    return [cells(service_reservations, row) for row in rows]


def balances_then(past: Past, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Balances of some (account, unit) pairs; those without a posting by then are left out. Two look-ups each."""
    pairs = set(wanted)
    names = sorted({account for account, _ in pairs})
    found: dict[tuple[str, str], int] = {}
    with past.database.reading() as cursor:
        for part in blocks(names):

            def build(part: Sequence[str] = part) -> Select[Any]:
                return _balances(len(part))

            values: dict[str, Any] = {f"a{i}": name for i, name in enumerate(part)}
            values.update(l=past.ledger, p=past.position, one=1, skip=0)
            rows = fetch(past.database, cursor, ("asof.balances", len(part)), build, **values)
            for account, unit, balance in rows:
                if balance is not None and (account, unit) in pairs:
                    found[account, unit] = int(balance)
    return found


def _funds(past: Past) -> list[tuple[str, FundTotals]]:
    """Every fund opened by then, from the balances of its accounts."""
    known = [one for one in queries.funds(past.database, past.ledger) if one.fund["number"] <= past.position]
    return [(one.fund["slug"], _fund(past, one)) for one in sorted(known, key=lambda one: str(one.fund["fund"]))]


def _fund(past: Past, now: queries.FundAccount) -> FundTotals:
    fund = now.fund["fund"]
    kept = {row["item"]: (fund_item(fund, row["item"]), committed(fund, row["item"])) for row in now.items}
    promised = {item: f"pledge:{fund}:{item}" for item in kept}
    paid = [
        spent(fund, row["item"], row["category"])
        for row in queries.spending_by_category(past.database, past.ledger, fund)
    ]
    names = [*(one for pair in kept.values() for one in pair), *promised.values(), *paid]
    then = {account: fen for (account, _), fen in balances_then(past, [(name, FEN) for name in names]).items()}
    # An item that the fund did not name at its opening begins with its name, or the first money or promise for it.
    later = _named_later(past, fund)
    begun = [
        row["item"]
        for row in now.items
        if (row["rank"] and later.get(row["item"], 0) <= past.position)
        or row["item"] == GENERAL
        or then.keys() & {*kept[row["item"]], promised[row["item"]]}
    ]
    rest = {item: sum(then.get(name, 0) for name in kept[item]) for item in begun}
    balance, spending = sum(rest.values()), sum(then.get(name, 0) for name in paid)
    rest.pop(GENERAL, None)
    return FundTotals(received_fen=balance + spending, spent_fen=spending, balance_fen=balance, restricted=rest)


def _named_later(past: Past, fund: str) -> dict[str, int]:
    """The items whose first name came after the opening, with the position from which they have had one."""

    def build() -> Select[Any]:
        c, i = fund_item_changes.c, more.fund_items.c
        same = (i.ledger == c.ledger) & (i.fund == c.fund) & (i.item == c.item) & (i.rank == c.number)
        here = (c.ledger == bindparam("l"), c.fund == bindparam("f"))
        return select(c.item, c.number).select_from(fund_item_changes.join(more.fund_items, same)).where(*here)

    with past.database.reading() as cursor:
        return {
            str(item): int(number)
            for item, number in fetch(past.database, cursor, "asof.items", build, l=past.ledger, f=fund)
        }


def _balances(size: int) -> Select[Any]:
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
    some = accounts.c.account.in_([bindparam(f"a{i}") for i in range(size)])
    return select(accounts.c.account, accounts.c.unit, last).where(accounts.c.ledger == bindparam("l"), some)


def by_channel(past: Past) -> dict[str, int]:
    """How many requests had come in over each channel. One pass over requests."""

    def build() -> Select[Any]:
        c = more.requests.c
        by_then = (c.ledger == bindparam("l"), c.number <= bindparam("p"))
        return select(c.channel, func.count()).where(*by_then).group_by(c.channel)

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.channels", build, l=past.ledger, p=past.position)
    return {channel: int(count) for channel, count in rows}
