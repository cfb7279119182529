"""What moved between two positions."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from ledger.errors import Refused
from ledger.journal.tables import events
from projections.asof.past import Past
from projections.asof.rankings import rankings_as_of
from projections.asof.things import fund_account_as_of, requests_as_of
from projections.asof.totals import request_rows, stats_as_of
from projections.books import queries
from projections.books.queries import AsOf, Stats
from projections.books.tables import accounts, postings
from projections.reading import cursor_of, fetch, numbers_of

_ITEM_FIGURES = ("pledged", "received", "refunded", "available", "committed", "spent", "returned")
_CHUNK = 200


class TypeCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many events of one type lie in between, and the positions of the first and the last."""

    type: str
    events: int
    first: int
    last: int


class FundMove(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a fund's service item that changed, in fen; `figure` is its name for `why`."""

    fund: str
    item: str
    figure: str
    before: int
    after: int


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """What lies between two points: events behind the first up to the last, and the totals at both."""

    first: AsOf
    last: AsOf
    events: int
    types: list[TypeCount]
    before: Stats
    after: Stats
    funds: list[FundMove]


class AccountMove(msgspec.Struct, frozen=True, kw_only=True):
    """An account that had postings in between; `before` is 0 for one that had none yet."""

    account: str
    unit: str
    before: int
    after: int


class RequestMove(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose state changed; `before` is None for one posted in between."""

    request_id: str
    number: int
    before: str | None
    after: str


class RankMove(msgspec.Struct, frozen=True, kw_only=True):
    """A subject whose rank or value changed; ranks are None where it was not ranked."""

    subject: str
    rank_before: int | None
    rank_after: int | None
    before: int
    after: int


def diff(first: Past, last: Past) -> Diff:
    """Events by type, totals and funds' figures between two positions.

    One pass over the events in between (not their data), the cost of the totals at both ends, and of the accounts of
    those funds that were touched since. Raises Refused `moments_reversed`.
    """
    check_order(first, last)
    return Diff(
        first=first.point,
        last=last.point,
        events=last.position - first.position,
        types=types_between(first, last),
        before=stats_as_of(first),
        after=stats_as_of(last),
        funds=_fund_moves(first, last),
    )


def check_order(first: Past, last: Past) -> None:
    """Raises Refused `moments_reversed` where the first is later than the last."""
    if first.position > last.position:
        raise Refused("moments_reversed", first=first.position, last=last.position)


def accounts_moved(
    first: Past, last: Past, *, after: tuple[str, str] | None = None, limit: int = 50
) -> tuple[list[AccountMove], tuple[str, str] | None]:
    """Accounts with postings in between, in the database's order of names; with the account and unit to go on behind.

    Three look-ups per account that was touched since the first position.
    """
    check_order(first, last)
    found: list[AccountMove] = []
    while len(found) <= limit:
        rows = _accounts(first, last, after, _CHUNK)
        for account, unit, moved, before, now in rows:
            after = (account, unit)
            if moved is not None and moved > first.position:
                move = AccountMove(account=account, unit=unit, before=int(before or 0), after=int(now or 0))
                found.append(move)
        if len(rows) < _CHUNK:
            break
    page = found[:limit]
    return page, (page[-1].account, page[-1].unit) if len(found) > limit else None


def requests_moved(
    first: Past, last: Past, *, after: str | None = None, limit: int = 50
) -> tuple[list[RequestMove], str | None]:
    """Requests whose state changed, by number, with the cursor of what follows. The cost is that of their states at
    both ends (`requests_as_of`). Raises Refused `bad_cursor`."""
    check_order(first, last)
    behind = 0 if after is None else numbers_of(after, 1)[0]
    touched = [row for row in request_rows(last) if row["version"] > first.position and row["number"] > behind]
    before, now = requests_as_of(first, touched), requests_as_of(last, touched)
    found: list[RequestMove] = []
    for row in touched:
        then = before[row["request_id"]]["status"] if row["request_id"] in before else None
        state = now[row["request_id"]]["status"]
        if state != then:
            found.append(RequestMove(request_id=row["request_id"], number=row["number"], before=then, after=state))
    page = found[:limit]
    return page, cursor_of(page[-1].number) if len(found) > limit and page else None


def ranking_moved(first: Past, last: Past, measure: str, period: str = "all") -> list[RankMove]:
    """Who moved in a ranking, by the later rank; who fell out of it stands last. As dear as the ranking, twice.

    Raises as `rankings_as_of`.
    """
    check_order(first, last)
    old = {row.subject: row for row in rankings_as_of(first, measure, period).rows}
    new = {row.subject: row for row in rankings_as_of(last, measure, period).rows}
    found: list[RankMove] = []
    for subject in [*new, *(one for one in old if one not in new)]:
        was, now = old.get(subject), new.get(subject)
        move = RankMove(
            subject=subject,
            rank_before=was.rank if was else None,
            rank_after=now.rank if now else None,
            before=was.value if was else 0,
            after=now.value if now else 0,
        )
        if (move.rank_before, move.before) != (move.rank_after, move.after):
            found.append(move)
    return found


def types_between(first: Past, last: Past) -> list[TypeCount]:
    """How many events of each type lie behind the first position up to the last. One pass over those events."""

    def build() -> Select[Any]:
        c = events.c
        between = (c.ledger == bindparam("l"), c.position > bindparam("a"), c.position <= bindparam("b"))
        columns = (c.type, func.count(), func.min(c.position), func.max(c.position))
        return select(*columns).where(*between).group_by(c.type)

    with last.database.reading() as cursor:
        rows = fetch(last.database, cursor, "diff.types", build, l=last.ledger, a=first.position, b=last.position)
    found = [TypeCount(type=name, events=int(n), first=int(low), last=int(high)) for name, n, low, high in rows]
    return sorted(found, key=lambda one: one.type)


def _fund_moves(first: Past, last: Past) -> list[FundMove]:
    found: list[FundMove] = []
    for row in queries.funds(last.database, last.ledger):
        if max(row.fund["version"], *(item["version"] for item in row.items)) <= first.position:
            continue
        then, now = (fund_account_as_of(past, row.fund["fund"]) for past in (first, last))
        old = {item["item"]: item for item in then.items} if then else {}
        for item in now.items if now else []:
            for name in _ITEM_FIGURES:
                before, after = old.get(item["item"], {}).get(f"{name}_fen", 0), item[f"{name}_fen"]
                if before != after:
                    slug = row.fund["slug"]
                    figure = f"fund:{slug}:{item['item']}:{name}"
                    found.append(FundMove(fund=slug, item=item["item"], figure=figure, before=before, after=after))
    return found


def _accounts(first: Past, last: Past, after: tuple[str, str] | None, limit: int) -> list[Any]:
    values: dict[str, Any] = {
        "l": last.ledger,
        "a": first.position,
        "b": last.position,
        "one": 1,
        "skip": 0,
        "n": limit,
    }
    if after is not None:
        values["x"], values["y"] = after

    def build() -> Select[Any]:
        c = accounts.c
        columns = (_last(postings.c.position, "b"), _last(postings.c.balance, "a"), _last(postings.c.balance, "b"))
        chosen = select(c.account, c.unit, *columns).where(c.ledger == bindparam("l"), c.last_position > bindparam("a"))
        if after is not None:
            same = (c.account == bindparam("x")) & (c.unit > bindparam("y"))
            chosen = chosen.where((c.account > bindparam("x")) | same)
        return chosen.order_by(c.account, c.unit).limit(bindparam("n"))

    with last.database.reading() as cursor:
        return fetch(last.database, cursor, ("diff.accounts", after is None), build, **values)


def _last(column: ColumnElement[Any], bound: str) -> Any:
    """A column of an account's last posting up to a position."""
    return (
        select(column)
        .where(
            postings.c.ledger == accounts.c.ledger,
            postings.c.number == accounts.c.number,
            postings.c.position <= bindparam(bound),
        )
        .order_by(postings.c.position.desc(), postings.c.line.desc())
        .limit(bindparam("one"))
        .offset(bindparam("skip"))  # without one SQLAlchemy writes a nameless parameter for SQLite
        .correlate(accounts)
        .scalar_subquery()
    )
