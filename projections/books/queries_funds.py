"""Funds by restriction, receipts, grants and payments; agreements, contributions, call-outs and plaques of units."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, select

from ledger.journal.sql import Database
from projections.books import more_tables as more
from projections.reading import Cells, Filter, Page, fetch, listed, many, one

_OLDEST, _NEWEST = (("number", False),), (("number", True),)


class FundAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A fund's public account in fen: received less refunds, spent less returns, available, committed, still pledged.

    `fund` is its row with `slug`; `items` the rows of its service items in the order shown, the unrestricted one first.
    """

    fund: Cells
    items: list[Cells]
    received_fen: int
    spent_fen: int
    available_fen: int
    committed_fen: int
    pledged_fen: int

    @property
    def balance_fen(self) -> int:
        """What is left, granted or not."""
        return self.available_fen + self.committed_fen


def fund_id(slug: str) -> str:
    """The id in facts and accounts of a fund named by its slug or by its id."""
    return slug if slug.startswith("fund_") else f"fund_{slug}"


def funds(database: Database, ledger: str) -> list[FundAccount]:
    """All funds of a ledger, in the order of opening."""
    rows = listed(database, more.funds, ledger, where={}, order=_OLDEST, after=None, limit=10_000).rows
    items: dict[str, list[Cells]] = {row["fund"]: [] for row in rows}
    for item in many(database, more.fund_items, ledger, "fund", items):
        items[item["fund"]].append(item)
    return [account_from(row, items[row["fund"]]) for row in rows]


def fund_account(database: Database, ledger: str, slug: str) -> FundAccount | None:
    """One fund's account, by slug or id; None if there is no such fund."""
    row = one(database, more.funds, ledger, fund=fund_id(slug))
    return None if row is None else account_from(row, many(database, more.fund_items, ledger, "fund", [row["fund"]]))


def account_from(row: Cells, items: list[Cells]) -> FundAccount:
    """A fund's account out of its row and the rows of its service items."""

    def total(*names: str) -> int:
        return sum(item[name] for item in items for name in names)

    return FundAccount(
        fund={**row, "slug": row["fund"].removeprefix("fund_"), "committee": row["committee"].split("\n")},
        items=sorted(items, key=lambda item: (item["rank"], item["item"])),
        received_fen=total("received_fen") - total("refunded_fen"),
        spent_fen=total("spent_fen") - total("returned_fen"),
        available_fen=total("available_fen"),
        committed_fen=total("committed_fen"),
        pledged_fen=total("pledged_fen"),
    )


def receipts(
    database: Database, ledger: str, *, fund: str | None = None, donor: str | None = None, item: Filter = None,
    after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """Donations that came in, newest first. A donor is shown only where `named` is 1 and `anonymous` 0 (慈善法 §82)."""
    where: dict[str, Filter] = {"fund": fund_id(fund) if fund else None, "donor": donor, "item": item}
    return listed(database, more.receipts, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def receipt(database: Database, ledger: str, receipt_id: str) -> Cells | None:
    """One receipt's row, if issued."""
    return one(database, more.receipts, ledger, receipt_id=receipt_id)


def payments(database: Database, ledger: str, fund: str, *, after: str | None = None, limit: int = 50) -> Page:
    """Grants of a fund that were paid, the latest payment first; what came back of each is in `returned_fen`."""
    where: dict[str, Filter] = {"fund": fund_id(fund)}
    order = (("paid", True),)
    return listed(database, more.grants, ledger, where=where, order=order, after=after, limit=limit, present="paid")


def grants(
    database: Database, ledger: str, *, fund: str | None = None, status: Filter = None, after: str | None = None,
    limit: int = 50,
) -> Page:  # fmt: skip
    """Grants in the order of proposal, newest first."""
    where: dict[str, Filter] = {"fund": fund_id(fund) if fund else None, "status": status}
    return listed(database, more.grants, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def grant(database: Database, ledger: str, grant_id: str) -> Cells | None:
    """One grant's row, if proposed."""
    return one(database, more.grants, ledger, grant_id=grant_id)


def pledges(
    database: Database, ledger: str, *, fund: str | None = None, donor: str | None = None, status: Filter = None,
    after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """Promises of money, newest first."""
    where: dict[str, Filter] = {"fund": fund_id(fund) if fund else None, "donor": donor, "status": status}
    return listed(database, more.pledges, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def pledge(database: Database, ledger: str, pledge_id: str) -> Cells | None:
    """One pledge's row, if made."""
    return one(database, more.pledges, ledger, pledge_id=pledge_id)


def spending_by_category(database: Database, ledger: str, fund: str) -> list[Cells]:
    """What a fund paid per `item` and `category`, less what came back (`spent_fen`), with the number of `payments`."""

    def build() -> Select[Any]:
        c = more.grants.c
        return (
            select(c.item, c.category, func.sum(c.amount_fen - c.returned_fen), func.count())
            .where(c.ledger == bindparam("l"), c.fund == bindparam("f"), c.paid.is_not(None))
            .group_by(c.item, c.category)
        )

    with database.reading() as cursor:
        rows = fetch(database, cursor, "spending_by_category", build, l=ledger, f=fund_id(fund))
    found = [{"item": i, "category": c, "spent_fen": int(fen), "payments": int(n)} for i, c, fen, n in rows]
    return sorted(found, key=lambda row: (row["item"], row["category"]))


def agreements(
    database: Database, ledger: str, *, unit: str | None = None, tier: Filter = None, level: Filter = None,
    status: Filter = None, after: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """Agreements in the order of signing; one that is signed may have run out by `until_day`."""
    where: dict[str, Filter] = {"unit": unit, "tier": tier, "level": level, "status": status}
    return listed(database, more.agreements, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def agreement(database: Database, ledger: str, agreement_id: str) -> Cells | None:
    """One agreement's row, if signed."""
    return one(database, more.agreements, ledger, agreement_id=agreement_id)


def contributions(
    database: Database, ledger: str, *, unit: str | None = None, kind: Filter = None, after: str | None = None,
    limit: int = 50,
) -> Page:  # fmt: skip
    """What units gave beside money, newest first; kinds and items are never added together."""
    where: dict[str, Filter] = {"unit": unit, "kind": kind}
    return listed(database, more.contributions, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def plaques(
    database: Database, ledger: str, *, unit: str | None = None, current: bool | None = None, after: str | None = None,
    limit: int = 50,
) -> Page:  # fmt: skip
    """Plaques, newest first: those that hang (`current=True`), those revoked (False), or both.

    Whether a current one has run out (`until_day`) is a question of the day on which one asks.
    """
    where: dict[str, Filter] = {"unit": unit}
    column = "revoked_day"
    return listed(
        database, more.plaques, ledger, where=where, order=_NEWEST, after=after, limit=limit,
        present=column if current is False else None, absent=column if current else None,
    )  # fmt: skip


def plaque(database: Database, ledger: str, plaque_id: str) -> Cells | None:
    """One plaque's row, if awarded."""
    return one(database, more.plaques, ledger, plaque_id=plaque_id)


def callouts(database: Database, ledger: str, *, after: str | None = None, limit: int = 50) -> Page:
    """Call-outs, newest first, with how many units answered."""
    return listed(database, more.callouts, ledger, where={}, order=_NEWEST, after=after, limit=limit)


def callout(database: Database, ledger: str, callout_id: str) -> Cells | None:
    """One call-out's row, if called."""
    return one(database, more.callouts, ledger, callout_id=callout_id)


def call_answers(database: Database, ledger: str, callout_id: str) -> list[Cells]:
    """The answers to a call-out, in order."""
    where: dict[str, Filter] = {"callout_id": callout_id}
    return listed(database, more.call_answers, ledger, where=where, order=_OLDEST, after=None, limit=10_000).rows
