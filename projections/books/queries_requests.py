"""Requests, the board, claims, goods on offer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from ledger.journal.sql import Database
from projections.books.more_tables import claims, matches, offers, requests
from projections.reading import Cells, Filter, Page, fetch, listed, many, one

_OLDEST, _NEWEST = (("number", False),), (("number", True),)
_BOARD = (("priority", True), ("number", False))


def request(database: Database, ledger: str, request_id: str) -> Cells | None:
    """One request's row, if posted; columns of `more_tables.requests`."""
    return one(database, requests, ledger, request_id=request_id)


def request_by_number(database: Database, ledger: str, number: int) -> Cells | None:
    """A request by the short number that people see: the position at which it was posted."""
    return one(database, requests, ledger, number=number)


def requests_by_id(database: Database, ledger: str, ids: list[str]) -> dict[str, Cells]:
    """The rows of some requests by id."""
    return {row["request_id"]: row for row in many(database, requests, ledger, "request_id", ids)}


def list_requests(
    database: Database,
    ledger: str,
    *,
    status: Filter = None,
    kind: Filter = None,
    place: Filter = None,
    category: Filter = None,
    claimant: Filter = None,
    requester: Filter = None,
    point: Filter = None,
    board: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Requests that pass all filters; each takes one value or several. Raises Refused `bad_cursor`.

    Newest first; with `board` as the board shows them: who was let down more often first, then who has waited longest.
    Quick by `status`, `requester`, `claimant` or `point`; the other filters look through what these leave.
    """
    where: dict[str, Filter] = {
        "status": status, "kind": kind, "place": place, "category": category, "claimant": claimant,
        "requester": requester, "point": point,
    }  # fmt: skip
    order = _BOARD if board else _NEWEST
    return listed(database, requests, ledger, where=where, order=order, after=after, limit=limit)


def board(
    database: Database,
    ledger: str,
    *,
    kind: Filter = None,
    place: Filter = None,
    category: Filter = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """What can be claimed now, in the order of the board."""
    return list_requests(
        database, ledger, status="published", kind=kind, place=place, category=category, board=True, after=after,
        limit=limit,
    )  # fmt: skip


def claim(database: Database, ledger: str, claim_id: str) -> Cells | None:
    """One claim's row, if made."""
    return one(database, claims, ledger, claim_id=claim_id)


def claims_of(
    database: Database, ledger: str, claimant: str, *, status: Filter = None, after: str | None = None, limit: int = 50
) -> Page:
    """The claims of a member, team or unit, newest first."""
    where: dict[str, Filter] = {"claimant": claimant, "status": status}
    return listed(database, claims, ledger, where=where, order=_NEWEST, after=after, limit=limit)


def claims_on(database: Database, ledger: str, request_id: str) -> list[Cells]:
    """Every claim there ever was on a request, in order."""
    where: dict[str, Filter] = {"request_id": request_id}
    return listed(database, claims, ledger, where=where, order=_OLDEST, after=None, limit=1000).rows


def leases_run_out(database: Database, ledger: str, now_at: int, *, limit: int = 100) -> list[str]:
    """Requests whose claim is open beyond its deadline (microseconds UTC), longest overdue first."""

    def build() -> Select[Any]:
        c = claims.c
        due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.until_at <= bindparam("at"))
        return select(c.request_id).where(*due).order_by(c.until_at).limit(bindparam("n"))

    with database.reading() as cursor:
        rows = fetch(database, cursor, "leases_run_out", build, l=ledger, s="open", at=now_at, n=limit)
    return [row[0] for row in rows]


def offer(database: Database, ledger: str, offer_id: str) -> Cells | None:
    """One offer's row, if made."""
    return one(database, offers, ledger, offer_id=offer_id)


def list_offers(
    database: Database, ledger: str, *, item: Filter = None, unit: Filter = None, after: str | None = None,
    limit: int = 50,
) -> Page:  # fmt: skip
    """Offers of goods, oldest first; `free` pieces can still be matched."""
    where = {"item": item, "unit": unit}
    return listed(database, offers, ledger, where=where, order=_OLDEST, after=after, limit=limit)


def matches_of(
    database: Database,
    ledger: str,
    *,
    offer_id: str | None = None,
    request_id: str | None = None,
    status: Filter = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Matches of an offer or of a need, oldest first."""
    where: dict[str, Filter] = {"offer_id": offer_id, "request_id": request_id, "status": status}
    return listed(database, matches, ledger, where=where, order=_OLDEST, after=after, limit=limit)
