"""Reads of funds: the public account of every yuan, receipts, payments, and what only who handles money sees."""

from __future__ import annotations

from typing import Literal

import msgspec

from api.paging import Paged, closed
from api.routes.asked import Asked
from api.routes.names import DayText, Who, whos
from api.routes.past import Then, past_of
from api.routes.reads import Read, pick
from api.wire import Text
from ledger.errors import NotFound
from projections.asof.things import fund_as_of
from projections.books import queries
from projections.reading import Cells


class FundItem(msgspec.Struct, frozen=True, kw_only=True):
    """One service item of a fund, in fen: received − refunded + moved − spent + returned = available + committed.

    `moved_fen`: what came from other items with donors' consent and out of closed help cases, less what went there.
    """

    item: str
    name: str
    pledged_fen: int
    received_fen: int
    refunded_fen: int
    available_fen: int
    committed_fen: int
    spent_fen: int
    returned_fen: int
    moved_fen: int


class Fund(msgspec.Struct, frozen=True, kw_only=True):
    """A fund's totals in fen: received less refunds, spent less returns, and what is left."""

    fund: str
    slug: str
    name: str
    purpose: str
    host_charity: str
    opened_on: DayText
    received_fen: int
    spent_fen: int
    balance_fen: int
    available_fen: int
    committed_fen: int
    pledged_fen: int


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What an item of a fund paid for a category, less what came back."""

    item: str
    category: str
    spent_fen: int
    payments: int


class FundWhole(Fund, frozen=True, kw_only=True):
    """A fund's public account: every service item, and spending by category."""

    items: list[FundItem]
    spending: list[Spending]


class Funds(msgspec.Struct, frozen=True, kw_only=True):
    """All funds, in the order of opening."""

    funds: list[Fund]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A donation that came in. The donor is null unless they agreed to be named (慈善法 §82)."""

    receipt_id: str
    number: int
    fund: str
    item: str
    amount_fen: int
    refunded_fen: int
    method: str
    day: DayText
    donor: Who | None
    anonymous: bool
    receipt_waived: bool


class Receipts(msgspec.Struct, frozen=True, kw_only=True):
    """A page of receipts, newest first."""

    receipts: list[Receipt]
    next: str | None


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that was paid. Who received it is not public."""

    grant_id: str
    fund: str
    item: str
    category: str
    amount_fen: int
    returned_fen: int
    paid_day: DayText | None


class Payments(msgspec.Struct, frozen=True, kw_only=True):
    """A page of payments, the latest first."""

    payments: list[Payment]
    next: str | None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant. `status`: proposed, approved, declined, cancelled, paid, returned."""

    grant_id: str
    fund: str
    item: str
    category: str
    amount_fen: int
    returned_fen: int
    status: str
    payee: Who | None
    proposer: Who | None
    approver: Who | None
    payer: Who | None
    reason: str | None
    proposed_day: DayText
    paid_day: DayText | None


class Grants(msgspec.Struct, frozen=True, kw_only=True):
    """A page of grants, newest first."""

    grants: list[Grant]
    next: str | None


class GrantsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which grants."""

    status: Literal["proposed", "approved", "declined", "cancelled", "paid", "returned"] | None = None


class ReceiptsQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which service item."""

    item: Text | None = None


class Pledge(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of money; `open_fen` is still to come. `status`: open, met, withdrawn."""

    pledge_id: str
    fund: str
    donor: Who | None
    item: str
    amount_fen: int
    open_fen: int
    status: str
    day: DayText


class Pledges(msgspec.Struct, frozen=True, kw_only=True):
    """A page of pledges, newest first."""

    pledges: list[Pledge]
    next: str | None


def _totals(account: queries.FundAccount) -> dict[str, object]:
    names = ("received_fen", "spent_fen", "balance_fen", "available_fen", "committed_fen", "pledged_fen")
    return {name: getattr(account, name) for name in names}


def _moved_fen(item: Cells) -> int:
    flowed = item["received_fen"] - item["refunded_fen"] - item["spent_fen"] + item["returned_fen"]
    return int(item["available_fen"] + item["committed_fen"] - flowed)


def need_fund(asked: Asked) -> queries.FundAccount:
    """The fund of the path, by id or short name; raises NotFound `no_such_fund`."""
    account = queries.fund_account(asked.store.database, asked.ledger, asked.path["fund"])
    if account is None:
        raise NotFound("no_such_fund", fund=asked.path["fund"])
    return account


def funds(asked: Asked, _query: msgspec.Struct) -> Funds:
    """All funds with their totals."""
    found = queries.funds(asked.store.database, asked.ledger)
    return Funds(funds=[pick(Fund, account.fund, **_totals(account)) for account in found])


def fund(asked: Asked, query: Then) -> FundWhole:
    """A fund's public account, by id or short name; also as of then."""
    past = past_of(asked, query)
    if past is None:
        account = need_fund(asked)
        spending = queries.spending_by_category(asked.store.database, asked.ledger, account.fund["fund"])
    else:
        then = fund_as_of(past, asked.path["fund"])
        if then is None:
            raise NotFound("no_such_fund", fund=asked.path["fund"])
        account, spending = then.account, then.spending
    return pick(
        FundWhole, account.fund, **_totals(account),
        items=[pick(FundItem, item, moved_fen=_moved_fen(item)) for item in account.items],
        spending=[pick(Spending, row) for row in spending],
    )  # fmt: skip


def receipts(asked: Asked, query: ReceiptsQuery) -> Receipts:
    """What came in, newest first. Donors are named who agreed to it; who handles money sees them all."""
    fund_id = need_fund(asked).fund["fund"]
    page = queries.receipts(
        asked.store.database, asked.ledger, fund=fund_id, item=query.item, after=query.after, limit=query.limit
    )
    shown = [row for row in page.rows if asked.caller.sees_names or (row["named"] and not row["anonymous"])]
    known = whos(asked, [row["donor"] for row in shown], consent="donor", hide=True)
    named = {row["receipt_id"]: known[row["donor"]] for row in shown}
    rows = [pick(Receipt, row, donor=named.get(row["receipt_id"])) for row in page.rows]
    return Receipts(receipts=rows, next=closed(page.next))


def payments(asked: Asked, query: Paged) -> Payments:
    """What was paid out, the latest first."""
    fund_id = need_fund(asked).fund["fund"]
    page = queries.payments(asked.store.database, asked.ledger, fund_id, after=query.after, limit=query.limit)
    return Payments(payments=[pick(Payment, row) for row in page.rows], next=closed(page.next))


def grants(asked: Asked, query: GrantsQuery) -> Grants:
    """Grants with who proposed, approved and paid."""
    fund_id = need_fund(asked).fund["fund"]
    page = queries.grants(
        asked.store.database, asked.ledger, fund=fund_id, status=query.status, after=query.after, limit=query.limit
    )
    roles = ("payee", "proposer", "approver", "payer")
    known = whos(asked, [row[role] for row in page.rows for role in roles])
    rows = [pick(Grant, row, **{role: known[row[role]] for role in roles}) for row in page.rows]
    return Grants(grants=rows, next=closed(page.next))


def pledges(asked: Asked, query: Paged) -> Pledges:
    """Promises of money: never part of a balance."""
    fund_id = need_fund(asked).fund["fund"]
    page = queries.pledges(asked.store.database, asked.ledger, fund=fund_id, after=query.after, limit=query.limit)
    known = whos(asked, [row["donor"] for row in page.rows])
    return Pledges(
        pledges=[pick(Pledge, row, donor=known[row["donor"]]) for row in page.rows], next=closed(page.next)
    )  # fmt: skip


READS = (
    Read("/funds", funds, "funds"),
    Read("/funds/{fund}", fund, "funds", Then),
    Read("/funds/{fund}/donations", receipts, "funds", ReceiptsQuery),
    Read("/funds/{fund}/payments", payments, "funds", Paged),
    Read("/funds/{fund}/grants", grants, "funds", GrantsQuery),
    Read("/funds/{fund}/pledges", pledges, "funds", Paged),
)
