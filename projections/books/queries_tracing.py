"""Where a donation went, and what a payment came from: lots and allocations of the books."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, select

from ledger.journal.sql import Database
from projections.books import more_tables as more
from projections.books.engines import funds_tables as t
from projections.books.queries_funds import fund_id
from projections.reading import Cells, Filter, Page, fetch, listed, many

_OLDEST = (("number", False), ("allocation_id", False))
_MOST = 10_000
"""A receipt has as many lots as its money came back; more than these are not looked at."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """What a fund has told so far: its row and that of its disclosures, None before the first."""

    fund: Cells
    told: Cells | None


def lots_of(database: Database, ledger: str, receipt_id: str) -> list[Cells]:
    """The lots of a receipt, in the order in which they came to wait."""
    where: dict[str, Filter] = {"receipt_id": receipt_id}
    order = (("number", False), ("lot_id", False))
    return listed(database, t.lots, ledger, where=where, order=order, after=None, limit=_MOST).rows


def allocations_of(
    database: Database, ledger: str, *, receipt_id: str | None = None, grant_id: str | None = None,
    after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """What was allocated out of a receipt, or to a payment, oldest first; parts that were taken back have 0 fen."""
    where: dict[str, Filter] = {"receipt_id": receipt_id, "grant_id": grant_id}
    return listed(database, t.allocations, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def grants_of(database: Database, ledger: str, grant_ids: Iterable[str]) -> dict[str, Cells]:
    """Grants by id."""
    return {row["grant_id"]: row for row in many(database, more.grants, ledger, "grant_id", grant_ids)}


def receipts_of(database: Database, ledger: str, receipt_ids: Iterable[str]) -> dict[str, Cells]:
    """Receipts by id."""
    return {row["receipt_id"]: row for row in many(database, more.receipts, ledger, "receipt_id", receipt_ids)}


def waiting_fen(database: Database, ledger: str, fund: str) -> int:
    """What waits under all items of a fund: what its accounts hold, committed or not."""

    def build() -> Select[Any]:
        c = t.lots.c
        return select(func.sum(c.left_fen)).where(c.ledger == bindparam("l"), c.fund == bindparam("f"))

    with database.reading() as cursor:
        rows = fetch(database, cursor, "lots_waiting", build, l=ledger, f=fund_id(fund))
    return int(rows[0][0] or 0)


def duties(database: Database, ledger: str) -> list[Duty]:
    """What every fund has told, in the order of opening."""
    rows = listed(database, more.funds, ledger, where={}, order=(("number", False),), after=None, limit=_MOST).rows
    told = {
        row["fund"]: row for row in many(database, t.disclosure_duties, ledger, "fund", [row["fund"] for row in rows])
    }
    return [Duty(fund=row, told=told.get(row["fund"])) for row in rows]
