"""Every figure that the live store shows, by its name: what `why` must open, and to what."""

from __future__ import annotations

from sqlalchemy import Table

from ledger.journal.sql import Database
from projections.asof.of_things import THINGS, thing_of
from projections.boards import queries as boards
from projections.books import engines, queries, tables
from projections.books import more_tables as more
from projections.reading import Cells, listed

TABLES: dict[str, tuple[Table, str, str]] = {
    "request": (more.requests, "request_id", "number"),
    "claim": (more.claims, "claim_id", "number"),
    "offer": (more.offers, "offer_id", "number"),
    "unit": (tables.units, "unit_id", "number"),
    "callout": (more.callouts, "callout_id", "number"),
    "receipt": (more.receipts, "receipt_id", "number"),
    "grant": (more.grants, "grant_id", "number"),
    "pledge": (more.pledges, "pledge_id", "number"),
    "session": (tables.sessions, "session_id", "number"),
    "correction": (tables.corrections, "correction_id", "number"),
    "reservation": (tables.reservations, "reservation_id", "number"),
    "certificate": (tables.certificates, "certificate_id", "number"),
    "member": (tables.members, "member_id", "registered"),
    **{
        thing_of(table): (table, [column.name for column in table.primary_key.columns][1], "number")
        for table in engines.TABLES
        if thing_of(table) in THINGS
    },
}


def rows(database: Database, ledger: str, table: Table, order: str) -> list[Cells]:
    """Every row of a table."""
    return listed(database, table, ledger, where={}, order=((order, False),), after=None, limit=10**6).rows


def figures(database: Database, ledger: str) -> dict[str, int]:
    """All figures of the present store."""
    found = {**_stats(database, ledger), **_funds(database, ledger), **_rankings(database, ledger)}
    for one in queries.balances(database, ledger):
        found[f"balance:{one.account}:{one.unit}"] = one.balance
        told = queries.statement(database, ledger, one.account, one.unit, limit=1)
        found[f"entries:{one.account}:{one.unit}"] = told.entries
    for kind, (table, key, order) in TABLES.items():
        for row in rows(database, ledger, table, order):
            for name, (column, _) in THINGS[kind].figures.items():
                found[f"{kind}:{row[key]}:{name}"] = row[column] or 0
    for row in rows(database, ledger, tables.members, "registered"):
        hours = queries.hours_of(database, ledger, row["member_id"])
        found[f"member:{row['member_id']}:usable"] = hours.spendable
        found[f"member:{row['member_id']}:held"] = hours.held
        waiting = queries.sessions_of(
            database, ledger, row["member_id"], status=("recorded", "endorsed"), limit=1000
        ).rows
        found[f"member:{row['member_id']}:waiting"] = sum(one["minutes"] for one in waiting)
        found[f"member:{row['member_id']}:stars"] = sum(
            1 for hours_needed in (1, 5, 20) if row["earned_minutes"] >= hours_needed * 60
        )
    for row in rows(database, ledger, tables.intake_points, "number"):
        found[f"intake:{row['point_id']}:requests"] = row["requests"]
    for row in rows(database, ledger, tables.teams, "number"):
        found[f"team:{row['team_id']}:members"] = row["members"]
    return found


def _stats(database: Database, ledger: str) -> dict[str, int]:
    stats = queries.stats(database, ledger)
    found = {f"stats.{name}": getattr(stats, name) for name in ("members", "partners", "events", "position")}
    found |= {f"stats.requests.{state}": count for state, count in stats.requests.items()}
    found["stats.requests.open"] = sum(stats.requests[one] for one in ("published", "claimed", "fulfilled"))
    names = ("earned", "spendable", "held", "pool", "honour")
    found |= {f"stats.minutes.{name}": getattr(stats.minutes, name) for name in names}
    found |= {f"stats.channels.{name}": count for name, count in queries.channels(database, ledger).items()}
    found["stats.income"] = sum(fund.received_fen for fund in stats.funds.values())
    found["stats.expense"] = sum(fund.spent_fen for fund in stats.funds.values())
    found["stats.followed"] = boards.followed_to(database, ledger)
    return found


def _funds(database: Database, ledger: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for account in queries.funds(database, ledger):
        slug = account.fund["slug"]
        found |= {
            f"fund:{slug}:income": account.received_fen,
            f"fund:{slug}:expense": account.spent_fen,
            f"fund:{slug}:balance": account.balance_fen,
            f"fund:{slug}:available": account.available_fen,
            f"fund:{slug}:committed": account.committed_fen,
            f"fund:{slug}:pledged": account.pledged_fen,
        }
        for row in account.items:
            item = f"fund:{slug}:{row['item']}"
            names = ("pledged", "received", "refunded", "available", "committed", "spent", "returned")
            found |= {f"{item}:{name}": row[f"{name}_fen"] for name in names}
            found[f"{item}:income"] = row["received_fen"] - row["refunded_fen"]
            found[f"{item}:expense"] = row["spent_fen"] - row["returned_fen"]
            found[f"{item}:balance"] = row["available_fen"] + row["committed_fen"]
        for row in queries.spending_by_category(database, ledger, slug):
            found[f"spending:{slug}:{row['item']}:{row['category']}"] = row["spent_fen"]
            found[f"payments:{slug}:{row['item']}:{row['category']}"] = row["payments"]
    return found


def _rankings(database: Database, ledger: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for measure in boards.measures_in_use(database, ledger):
        for period in boards.periods_in_use(database, ledger, measure):
            for row in boards.rankings(database, ledger, measure, period).rows:
                name = f"{measure}:{period}:{row.subject}"
                found |= {f"ranking:{name}": row.value, f"rank:{name}": row.rank, f"records:{name}": row.positions}
    return found
