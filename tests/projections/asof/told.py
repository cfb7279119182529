"""A shelf that writes tags too, and what the books and boards said after every position of a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ledger.base import Fact, tags_of
from ledger.journal.recorded import Recorded
from ledger.journal.rows import insert_rows
from ledger.journal.sql import Database
from ledger.journal.tables import event_tags
from projections.asof.past import Past
from projections.boards import queries as boards
from projections.books import queries
from tests.projections.cast import MEMBERS
from tests.projections.shelf import CODEC, Shelf
from tests.projections.teller import recorded

MEASURES = ("volunteer_minutes", "unit_requests", "unit_donations", "kind_requests", "unit_goods:mask")
PERIODS = ("all", "2025-12", "2026")


def write(shelf: Shelf, facts: Sequence[Fact], ledger: str, *, after: int = 0) -> list[Recorded]:
    """Append facts with books, boards and tags."""
    events = recorded(list(facts), ledger, after=after)
    tagged = [msgspec.structs.replace(one, tags=tags_of(one.fact)) for one in events]
    shelf.write(tagged)
    rows = [(ledger, tag, one.position) for one in tagged for tag in one.tags]
    with shelf.database.writing() as cursor:
        insert_rows(shelf.database, cursor, event_tags, sorted(rows))
    return tagged


def past(database: Database, ledger: str, position: int) -> Past:
    """The ledger as of a position, with the stories' codec."""
    return Past(database, CODEC.decode, ledger, position)


class Answers(msgspec.Struct, frozen=True):
    """What the live queries said at one position."""

    statements: dict[str, Any]
    requests: dict[str, Any]
    fund: Any
    rankings: dict[tuple[str, str], Any]
    explained: dict[tuple[str, str, str], Any]
    stats: Any


def answers(database: Database, ledger: str, fund: str) -> Answers:
    """Ask everything of the present store."""
    rows = queries.list_requests(database, ledger, limit=10_000).rows
    account = queries.fund_account(database, ledger, fund)
    rankings = {
        (measure, period): msgspec.structs.replace(boards.rankings(database, ledger, measure, period), next=None)
        for measure in MEASURES
        for period in PERIODS
    }
    explained = {
        (measure, period, row.subject): boards.explain(database, ledger, measure, period, row.subject)
        for (measure, period), ranking in rankings.items()
        for row in ranking.rows
    }
    return Answers(
        statements={one: queries.statement(database, ledger, f"hours:{one}", limit=1000) for one in MEMBERS[:3]},
        requests={
            row["request_id"]: (
                row,
                queries.claims_on(database, ledger, row["request_id"]),
                queries.matches_of(database, ledger, request_id=row["request_id"], limit=1000).rows,
            )
            for row in rows
        },
        fund=None if account is None else _fund(database, ledger, account),
        rankings=rankings,
        explained=explained,
        stats=queries.stats(database, ledger),
    )


def _fund(database: Database, ledger: str, account: queries.FundAccount) -> Any:
    fund = account.fund["fund"]
    pages = (queries.receipts, queries.pledges, queries.grants)
    lists = [page(database, ledger, fund=fund, limit=10_000).rows for page in pages]
    payments = queries.payments(database, ledger, fund, limit=10_000).rows
    spending = queries.spending_by_category(database, ledger, fund)
    return account, *lists, payments, spending
