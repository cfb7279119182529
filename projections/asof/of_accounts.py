"""Figures of accounts and funds: their entries are postings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, select

from ledger.accounts import committed, fund_item, held, spent, usable
from ledger.journal.tables import events
from ledger.units import FEN, MINUTES
from projections.asof.figures import Entry, Opened, Question, made_of
from projections.asof.past import Past, stem
from projections.asof.totals import balances_then
from projections.books import queries
from projections.books.more_tables import grants
from projections.books.tables import accounts, postings
from projections.reading import cursor_of, fetch, numbers_of, one

_RECEIVED, _REFUNDED = "fund.donation_received", "fund.donation_refunded"
_PAID, _RETURNED = "fund.grant_paid", "fund.payment_returned"
_ITEM, _COMMITTED, _PLEDGED = "item", "committed", "pledged"
_COLUMNS: dict[str, tuple[str, int, frozenset[str]]] = {
    "received": (_ITEM, 1, frozenset({_RECEIVED})),
    "refunded": (_ITEM, -1, frozenset({_REFUNDED})),
    "returned": (_ITEM, 1, frozenset({_RETURNED})),
    "moved": (_ITEM, 1, frozenset({"fund.restriction_changed", "fund.help_case_closed"})),
    "income": (_ITEM, 1, frozenset({_RECEIVED, _REFUNDED})),
    "available": (_ITEM, 1, frozenset()),
    "committed": (_COMMITTED, 1, frozenset()),
    "spent": (_COMMITTED, -1, frozenset({_PAID})),
    "pledged": (_PLEDGED, 1, frozenset()),
}
"""Figures of a service item: the account, the sign, and the types of events that count (none: all)."""
ITEM_FIGURES = (*_COLUMNS, "expense", "balance")
FUND_FIGURES = ("income", "expense", "balance", "available", "committed", "pledged")
"""Of a whole fund: income is received less refunded, expense spent less returned, balance available and committed."""


def balance(asked: Question) -> Opened:
    """`balance:<account>:<unit>`: every posting of the account. Two look-ups, and one per entry shown."""
    account, unit = _account(asked)
    return opened_account(asked.past, account, unit)


def entries(asked: Question) -> Opened:
    """`entries:<account>:<unit>`: how many postings the account has, each counting 1. One pass over its postings."""
    account, unit = _account(asked)
    told = queries.statement(
        asked.past.database, asked.past.ledger, account, unit, limit=1, position=asked.past.position
    )
    turn = opened_account(asked.past, account, unit).turn

    def count(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        page, more = turn(after, limit)
        return [Entry(position=one.position, amount=1) for one in page], more

    return Opened(told.entries, "records", count)


def member_minutes(asked: Question, member: str, kind: str) -> Opened:
    """A member's usable or held minutes: the postings of that account, none where it never had one."""
    account = usable(member) if kind == "usable" else held(member)
    return opened_account(asked.past, account, MINUTES)


def fund(asked: Question) -> Opened:
    """`fund:<slug>:<figure>`, made of its items' figures, and `fund:<slug>:<item>:<figure>`, made of postings.

    A whole fund: few look-ups per item. An item: one pass over the account's postings for what counts by type
    (received, refunded, spent, returned, income), else two look-ups; and one per entry shown.
    """
    slug, _, rest = asked.rest.partition(":")
    item, _, name = rest.rpartition(":")
    row = queries.fund_account(asked.past.database, asked.past.ledger, slug)
    if row is None or row.fund["number"] > asked.past.position:
        raise asked.missing()
    slug, known = row.fund["slug"], [one["item"] for one in row.items]
    if not item:
        if name not in FUND_FIGURES:
            raise asked.missing()
        parts = [(f"fund:{slug}:{one}:{name}", _item(asked, row.fund["fund"], slug, one, name)) for one in known]
        return made_of([Entry(figure=figure, amount=part.value) for figure, part in parts if part.value], FEN)
    if item not in known or name not in ITEM_FIGURES:
        raise asked.missing()
    return _item(asked, row.fund["fund"], slug, item, name)


def spending(asked: Question) -> Opened:
    """`spending:<slug>:<item>:<category>`: what was paid for a category, less what came back; postings."""
    fund_id, item, category = _category(asked)
    return opened_account(asked.past, spent(fund_id, item, category), FEN)


def payments(asked: Question) -> Opened:
    """`payments:<slug>:<item>:<category>`: how many payments, each counting 1. One pass over the fund's grants."""
    fund_id, item, category = _category(asked)

    def build() -> Select[Any]:
        c = grants.c
        which = (c.fund == bindparam("f"), c.item == bindparam("i"), c.category == bindparam("c"))
        return select(c.paid).where(c.ledger == bindparam("l"), *which, c.paid <= bindparam("p")).order_by(c.paid)

    past = asked.past
    values = {"l": past.ledger, "f": fund_id, "i": item, "c": category, "p": past.position}
    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.payments", build, **values)
    return made_of([Entry(position=int(row[0]), amount=1) for row in rows], "payments")


def opened_account(
    past: Past, account: str, unit: str, *, sign: int = 1, stems: frozenset[str] = frozenset()
) -> Opened:
    """The postings of an account as entries, in order; with `stems` only those of events of these types."""
    row = one(past.database, accounts, past.ledger, account=account, unit=unit)
    number = int(row["number"]) if row else 0

    def turn(after: str | None, limit: int) -> tuple[list[Entry], str | None]:
        behind = (0, -1) if after is None else numbers_of(after, 2)
        found: list[tuple[int, int, int]] = []
        while len(found) <= limit:
            rows = _postings(past, number, behind, limit + 1)
            found += [(p, i, amount) for p, i, amount, name in rows if not stems or stem(name) in stems]
            if len(rows) <= limit:
                break
            behind = (rows[-1][0], rows[-1][1])
        page = [Entry(position=p, amount=sign * amount) for p, _, amount in found[:limit]]
        more = cursor_of(found[limit - 1][0], found[limit - 1][1]) if len(found) > limit else None
        return page, more

    if stems:
        sums = _sums(past, number)
        return Opened(sign * sum(fen for name, fen in sums if stem(name) in stems), unit, turn)
    balances = balances_then(past, [(account, unit)])
    return Opened(sign * balances.get((account, unit), 0), unit, turn)


def _item(asked: Question, fund_id: str, slug: str, item: str, name: str) -> Opened:
    past = asked.past
    if name == "balance":
        parts = [(f"fund:{slug}:{item}:{one}", _item(asked, fund_id, slug, item, one)) for one in FUND_FIGURES[3:5]]
    elif name == "expense":
        categories = [
            row["category"]
            for row in queries.spending_by_category(past.database, past.ledger, fund_id)
            if row["item"] == item
        ]
        parts = [
            (f"spending:{slug}:{item}:{one}", opened_account(past, spent(fund_id, item, one), FEN))
            for one in categories
        ]
    else:
        where, sign, stems = _COLUMNS[name]
        account = {
            _ITEM: fund_item(fund_id, item), _COMMITTED: committed(fund_id, item), _PLEDGED: f"pledge:{fund_id}:{item}",
        }[where]  # fmt: skip
        return opened_account(past, account, FEN, sign=sign, stems=stems)
    return made_of([Entry(figure=figure, amount=part.value) for figure, part in parts if part.value], FEN)


def _account(asked: Question) -> tuple[str, str]:
    """The account and unit of a name; either may hold colons, so the books are asked where one ends."""
    parts = asked.rest.split(":")
    for cut in range(len(parts) - 1, 0, -1):
        account, unit = ":".join(parts[:cut]), ":".join(parts[cut:])
        if one(asked.past.database, accounts, asked.past.ledger, account=account, unit=unit) is not None:
            return account, unit
    raise asked.missing()


def _category(asked: Question) -> tuple[str, str, str]:
    slug, _, rest = asked.rest.partition(":")
    item, _, category = rest.partition(":")
    fund_id = queries.fund_id(slug)
    account = spent(fund_id, item, category)
    if not category or one(asked.past.database, accounts, asked.past.ledger, account=account, unit=FEN) is None:
        raise asked.missing()
    return fund_id, item, category


def _postings(past: Past, number: int, behind: tuple[int, ...], limit: int) -> list[tuple[int, int, int, str]]:
    def build() -> Select[Any]:
        c, e = postings.c, events.c
        of_event = (e.ledger == c.ledger) & (e.position == c.position)
        later = (c.position > bindparam("q")) | (c.line > bindparam("i"))
        here = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position >= bindparam("a"), later)
        return (
            select(c.position, c.line, c.amount, e.type)
            .select_from(postings.join(events, of_event))
            .where(*here, c.position <= bindparam("p"))
            .order_by(c.position, c.line)
            .limit(bindparam("limit"))
        )

    values = {"a": behind[0], "q": behind[0], "i": behind[1], "p": past.position, "limit": limit}
    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.postings", build, l=past.ledger, n=number, **values)
    return [(int(position), int(line), int(amount), str(name)) for position, line, amount, name in rows]


def _sums(past: Past, number: int) -> list[tuple[str, int]]:
    """What an account got by each type of event."""

    def build() -> Select[Any]:
        c, e = postings.c, events.c
        of_event = (e.ledger == c.ledger) & (e.position == c.position)
        here = (c.ledger == bindparam("l"), c.number == bindparam("n"), c.position <= bindparam("p"))
        joined = postings.join(events, of_event)
        return select(e.type, func.sum(c.amount)).select_from(joined).where(*here).group_by(e.type)

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, "asof.sums", build, l=past.ledger, n=number, p=past.position)
    return [(str(name), int(amount)) for name, amount in rows]
