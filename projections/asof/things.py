"""Requests and funds as they were: their own events replayed, or their present rows where nothing touched them since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Select, Table, bindparam, select

from ledger.registry import NAME_OF
from projections.asof.past import Past, event_at, events_of
from projections.asof.scratch import replayed
from projections.books import more_tables as more
from projections.books import queries
from projections.books.queries_funds import account_from
from projections.reading import Cells, Page, cursor_of, fetch, numbers_of

_REQUEST = ("requests", "claims", "matches")
_FUND = ("funds", "fund_items", "pledges", "receipts", "grants")
_BLOCK = 256


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a thing's story: position, moment (microseconds UTC), stored type name, and who acted."""

    position: int
    at: int
    type: str
    by: str


class RequestThen(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it was: its row, every claim and match by then (oldest first), and its story."""

    row: Cells
    claims: list[Cells]
    matches: list[Cells]
    steps: list[Step]


class FundThen(msgspec.Struct, frozen=True, kw_only=True):
    """A fund as it was: account, and all receipts, pledges, grants (newest first) and payments (latest first)."""

    account: queries.FundAccount
    receipts: list[Cells]
    pledges: list[Cells]
    grants: list[Cells]

    @property
    def payments(self) -> list[Cells]:
        """The grants that had been paid, the latest payment first."""
        paid = [row for row in self.grants if row["paid"] is not None]
        return sorted(paid, key=lambda row: -row["paid"])

    @property
    def spending(self) -> list[Cells]:
        """What was paid per item and category, less what came back, with the number of payments."""
        sums: dict[tuple[str, str], Cells] = {}
        for row in self.payments:
            item, category = row["item"], row["category"]
            entry = sums.setdefault(
                (item, category), {"item": item, "category": category, "spent_fen": 0, "payments": 0}
            )
            entry["spent_fen"] += row["amount_fen"] - row["returned_fen"]
            entry["payments"] += 1
        return [sums[key] for key in sorted(sums)]


def request_as_of(past: Past, request_id: str) -> RequestThen | None:
    """A request as of a position; None where it had not been posted.

    Costs one look-up per event of this request, whatever the journal.
    """
    story = list(events_of(past, [request_id]))
    scratch = replayed(past, story, *_REQUEST)
    row = scratch.row("requests", request_id)
    if row is None:
        return None
    steps = [
        Step(position=one.position, at=one.recorded_at, type=NAME_OF[type(one.fact)], by=one.envelope.by)
        for one in story
    ]
    return RequestThen(
        row=row,
        claims=_by(scratch.rows("claims"), "number"),
        matches=_by(scratch.rows("matches"), "number"),
        steps=steps,
    )


def request_id_of(past: Past, text: str) -> str | None:
    """The id of a request by its id or by the number that people see (the position of its posting); None for neither."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return text
    found = event_at(past, int(text))
    request_id = getattr(found.fact, "request_id", None) if found else None
    row = queries.request(past.database, past.ledger, request_id) if request_id else None
    return request_id if row is not None and row["number"] == int(text) else None


def requests_as_of(past: Past, rows: Iterable[Cells]) -> dict[str, Cells]:
    """Requests as of a position by id, out of their present rows; those that had not been posted are left out.

    What nothing touched since is taken as it stands; the events of the others are replayed, one look-up per event.
    """
    known = [row for row in rows if row["number"] <= past.position]
    found = {row["request_id"]: row for row in known if row["version"] <= past.position}
    moved = [row["request_id"] for row in known if row["version"] > past.position]
    for start in range(0, len(moved), _BLOCK):
        part = moved[start : start + _BLOCK]
        scratch = replayed(past, events_of(past, part), *_REQUEST)
        found.update((one, row) for one in part if (row := scratch.row("requests", one)) is not None)
    return found


def fund_account_as_of(past: Past, slug: str) -> queries.FundAccount | None:
    """A fund's account as of a position, by slug or id; None where it had not been opened.

    Costs as much as reading it now where nothing touched it since; else one look-up per event of this fund.
    """
    account = queries.fund_account(past.database, past.ledger, slug)
    if account is not None and all(row["version"] <= past.position for row in (account.fund, *account.items)):
        return account
    then = fund_as_of(past, slug)
    return None if then is None else then.account


def fund_as_of(past: Past, slug: str) -> FundThen | None:
    """A fund with its receipts, pledges, grants and payments as of a position; None where it had not been opened.

    Costs one look-up per event of this fund, its pledges and grants, whatever the journal.
    """
    fund = queries.fund_id(slug)
    tags = [fund, *_ids(past, more.pledges, "pledge_id", fund), *_ids(past, more.grants, "grant_id", fund)]
    scratch = replayed(past, events_of(past, tags), *_FUND)
    row = scratch.row("funds", fund)
    if row is None:
        return None
    items = [item for item in scratch.rows("fund_items") if item["fund"] == fund]
    newest = {name: _by(scratch.rows(name), "number")[::-1] for name in ("receipts", "pledges", "grants")}
    return FundThen(account=account_from(row, items), **newest)


def page_of(rows: Sequence[Cells], column: str, *, after: str | None, limit: int) -> Page:
    """A page of rows in memory, by a falling whole-number column, with the cursors of the live lists.

    Raises Refused `bad_cursor`.
    """
    last = numbers_of(after, 1)[0] if after is not None else None
    left = [row for row in rows if last is None or row[column] < last]
    page = left[:limit]
    return Page(page, cursor_of(page[-1][column]) if len(left) > limit and page else None)


def _by(rows: list[Cells], column: str) -> list[Cells]:
    return sorted(rows, key=lambda row: int(row[column]))


def _ids(past: Past, table: Table, column: str, fund: str) -> list[str]:
    """What began under a fund by then: events of pledges and proposals carry no tag of the fund."""

    def build() -> Select[tuple[str]]:
        by_then = (table.c.fund == bindparam("f"), table.c.number <= bindparam("p"))
        return select(table.c[column]).where(table.c.ledger == bindparam("l"), *by_then)

    with past.database.reading() as cursor:
        rows = fetch(past.database, cursor, ("asof.ids", table.name), build, l=past.ledger, f=fund, p=past.position)
    return [row[0] for row in rows]
