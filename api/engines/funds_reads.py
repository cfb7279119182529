"""Where every yuan went and came from, and which disclosures are due."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from api.paging import NoQuery, Paged, closed
from api.reading import MONEY, Reads
from api.routes.asked import Asked
from api.routes.journal import zone_of
from api.routes.names import DayText
from api.routes.reads import Read, pick
from ledger.clock import day_of
from ledger.disclosures.due import Told, due_day
from ledger.errors import NotFound
from ledger.policy.state import policy_of
from projections.books import queries, queries_tracing


class TracedLot(msgspec.Struct, frozen=True, kw_only=True):
    """Part of a receipt as it waits, or waited, for its turn under an item: what came in, came back, or was moved."""

    lot_id: str
    item: str
    amount_fen: int
    left_fen: int


class TracedPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a payment took out of a receipt. `category` is null where it covers a refund of the past."""

    allocation_id: str
    receipt_id: str
    grant_id: str
    item: str
    amount_fen: int
    category: str | None
    paid_day: DayText | None
    received_day: DayText | None


class DonationTrace(msgspec.Struct, frozen=True, kw_only=True):
    """What a donation paid for: first in, first out within its restriction. Who received it is not public."""

    receipt_id: str
    fund: str
    item: str
    amount_fen: int
    refunded_fen: int
    lots: list[TracedLot]
    allocations: list[TracedPart]
    next: str | None


class GrantSources(msgspec.Struct, frozen=True, kw_only=True):
    """Which donations a payment came from; they add up to what was paid less what came back."""

    grant_id: str
    fund: str
    item: str
    status: str
    amount_fen: int
    returned_fen: int
    allocations: list[TracedPart]
    next: str | None


class DisclosureDue(msgspec.Struct, frozen=True, kw_only=True):
    """When a fund has to tell more; null after its final disclosure."""

    fund: str
    name: str
    told_until: DayText | None
    emergency: bool
    closed_on: DayText | None
    due_day: DayText | None
    overdue: bool


class DisclosuresDue(msgspec.Struct, frozen=True, kw_only=True):
    """Every fund, in the order of opening."""

    disclosures_due: list[DisclosureDue]


def _allocations(asked: Asked, rows: list[dict[str, Any]]) -> list[TracedPart]:
    database, ledger = asked.store.database, asked.ledger
    rows = [row for row in rows if row["amount_fen"]]
    paid = queries_tracing.grants_of(database, ledger, {row["grant_id"] for row in rows})
    received = queries_tracing.receipts_of(database, ledger, {row["receipt_id"] for row in rows})
    return [
        pick(
            TracedPart, row,
            category=paid.get(row["grant_id"], {}).get("category"),
            paid_day=paid.get(row["grant_id"], {}).get("paid_day"),
            received_day=received.get(row["receipt_id"], {}).get("day"),
        )
        for row in rows
    ]  # fmt: skip


def donation_trace(asked: Asked, query: Paged) -> DonationTrace:
    """What a donation paid for, and what of it still waits."""
    database, ledger, receipt_id = asked.store.database, asked.ledger, asked.path["receipt_id"]
    row = queries.receipt(database, ledger, receipt_id)
    if row is None:
        raise NotFound("no_such_receipt", receipt=receipt_id)
    page = queries_tracing.allocations_of(
        database, ledger, receipt_id=receipt_id, after=query.after, limit=query.limit
    )  # fmt: skip
    return pick(
        DonationTrace, row, lots=[pick(TracedLot, lot) for lot in queries_tracing.lots_of(database, ledger, receipt_id)],
        allocations=_allocations(asked, page.rows), next=closed(page.next),
    )  # fmt: skip


_SPENT = frozenset({"paid", "returned"})


def grant_sources(asked: Asked, query: Paged) -> GrantSources:
    """Which donations a payment came from."""
    database, ledger, grant_id = asked.store.database, asked.ledger, asked.path["grant_id"]
    row = queries.grant(database, ledger, grant_id)
    if row is None or not (row["status"] in _SPENT or asked.caller.holds(MONEY)):
        # What is asked for and what was declined concerns nobody but those who decide about money.
        raise NotFound("no_such_grant", grant=grant_id)
    page = queries_tracing.allocations_of(database, ledger, grant_id=grant_id, after=query.after, limit=query.limit)
    return pick(GrantSources, row, allocations=_allocations(asked, page.rows), next=closed(page.next))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def disclosures_due(asked: Asked, _query: NoQuery) -> DisclosuresDue:
    """When each fund has to tell more, by the rules in force, and which are overdue."""
    policy = policy_of(asked.store.application.view(asked.ledger))
    today = day_of(asked.store.clock(), zone_of(asked))
    found = []
    for duty in queries_tracing.duties(asked.store.database, asked.ledger):
        row = duty.told or {}
        told = Told(
            opened_on=date.fromisoformat(duty.fund["opened_on"]), until_day=_day(row.get("told_until")),
            final=bool(row.get("final")), closed_on=_day(row.get("closed_on")),
            emergency_from=_day(row.get("emergency_from")), emergency_until=_day(row.get("emergency_until")),
        )  # fmt: skip
        due = due_day(told, policy, today)
        found.append(
            DisclosureDue(
                fund=duty.fund["fund"], name=duty.fund["name"], told_until=row.get("told_until"),
                emergency=told.in_emergency(today), closed_on=row.get("closed_on"),
                due_day=None if due is None else due.isoformat(), overdue=due is not None and due < today,
            )
        )  # fmt: skip
    return DisclosuresDue(disclosures_due=found)


_PUBLIC = Reads(public=True)
_SOURCES = Reads(public=True, roles=MONEY, own="grants that were not paid: who decides about money")

READS = (
    Read("/donations/{receipt_id}/trace", donation_trace, "funds", Paged, reads=_PUBLIC),
    Read("/grants/{grant_id}/sources", grant_sources, "funds", Paged, reads=_SOURCES),
    Read("/disclosures-due", disclosures_due, "disclosures", reads=_PUBLIC),
)

FIGURES: dict[str, dict[str, str]] = {
    "TracedLot": {name: f"lot:{{lot_id}}:{name}" for name in ("amount_fen", "left_fen")},
    "TracedPart": {"amount_fen": "allocation:{allocation_id}:amount_fen"},
    "DonationTrace": {name: f"receipt:{{receipt_id}}:{name}" for name in ("amount_fen", "refunded_fen")},
    "GrantSources": {name: f"grant:{{grant_id}}:{name}" for name in ("amount_fen", "returned_fen")},
}
