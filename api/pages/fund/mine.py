"""A donor's own page: what they gave and where it went, what they promised, and what they are asked to agree to."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.charts import share
from api.pages.common import Visit
from api.pages.fund.names import Items, items_of
from api.pages.fund.refunds import told
from api.pages.naming import labels
from api.store import Store
from api.texts import text
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.parties.state import Standing
from ledger.units import FEN
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed, many

_ROWS, _FEW = 20, 20


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """A donation of one's own: its receipt, what it was for, and how much of it was paid out already, in fen."""

    row: Cells
    slug: str
    fund: str
    item: str
    paid_fen: int
    waits_fen: int
    paid_share: int
    refund: tuple[str, str] | None = None
    """What became of a refund that was asked for, in words with their tone; None where none was, or the money is back."""


def parties_of(visit: Visit) -> list[tuple[str, str]]:
    """As whom somebody gives: themselves, whose proxy they are, teams they lead and units they speak for; (id, name)."""
    actor = visit.caller.actor
    if prefix_of(actor) != PERSON:
        return []
    speaks = sorted(scope for role, scope in visit.caller.roles.held if role in ("team_leader", "representative"))
    others = [
        one for one in (*sorted(visit.caller.roles.principals), *speaks) if prefix_of(one) in (PERSON, TEAM, UNIT)
    ]
    still = [one for one in dict.fromkeys(others) if not visit.view.state(Standing, one).left]
    names = labels(visit, still, clear=True)
    return [(actor, visit.t("fund.myself")), *((one, names[one]) for one in still)]


class _Funds:
    """Names of funds and their items, each fund looked up once."""

    def __init__(self, visit: Visit) -> None:
        self._visit, self._items = visit, dict[str, Items]()
        database = visit.store.database
        self.names = {one.fund["fund"]: str(one.fund["name"]) for one in books.funds(database, visit.ledger)}

    def item(self, fund: str, code: str) -> str:
        if fund not in self._items:
            self._items[fund] = items_of(self._visit, fund)
        return self._items[fund].name(code)


def _gifts(visit: Visit, rows: list[Cells], funds: _Funds) -> list[Gift]:
    waits: dict[str, int] = {}
    lots = many(visit.store.database, tables.lots, visit.ledger, "receipt_id", [row["receipt_id"] for row in rows])
    for lot in lots:
        waits[lot["receipt_id"]] = waits.get(lot["receipt_id"], 0) + lot["left_fen"]
    asked = {
        one["receipt_id"]: told(visit, one)
        for one in many(
            visit.store.database, tables.refunds, visit.ledger, "receipt_id", [row["receipt_id"] for row in rows]
        )
        if one["status"] != "made"
    }
    found: list[Gift] = []
    for row in rows:
        kept, waiting = row["amount_fen"] - row["refunded_fen"], waits.get(row["receipt_id"], 0)
        found.append(
            Gift(
                row=row, slug=row["fund"].removeprefix("fund_"), fund=funds.names[row["fund"]],
                item=funds.item(row["fund"], row["item"]), paid_fen=kept - waiting, waits_fen=waiting,
                paid_share=share(kept - waiting, kept), refund=asked.get(row["receipt_id"]),
            )
        )  # fmt: skip
    return found


def mine_page(visit: Visit, party: str, after: str | None) -> Response:
    """Somebody's own donations; of a party that is not theirs there is no such page."""
    parties = parties_of(visit)
    known = dict(parties)
    who = party if party in known else visit.caller.actor
    database, ledger, funds = visit.store.database, visit.ledger, _Funds(visit)
    receipts = books.receipts(database, ledger, donor=who, after=after, limit=_ROWS)
    pledges = books.pledges(database, ledger, donor=who, status="open", limit=_FEW)
    changes = listed(
        database, tables.restriction_changes, ledger, where={"donor": who, "status": "asked"},
        order=(("number", True),), after=None, limit=_FEW,
    )  # fmt: skip
    asked = [
        {
            **row,
            "fund_name": funds.names[row["fund"]],
            "from_item": funds.item(row["fund"], row["item"]),
            "into_item": funds.item(row["fund"], row["to_item"]),
            "why": text(visit.lang, f"sampling.value.reason_{row['reason']}"),
        }
        for row in changes.rows
    ]
    promised = [
        {**row, "fund_name": funds.names[row["fund"]], "item_name": funds.item(row["fund"], row["item"])}
        for row in pledges.rows
    ]
    return visit.page(
        "fund_mine.html", tab="my-donations", parties=parties, who=who, gifts=_gifts(visit, receipts.rows, funds),
        given_fen=-books.balance_of(database, ledger, f"donor:{who}", FEN), next=receipts.next,
        promised=promised, asked=asked, named=_named(visit, who),
    )  # fmt: skip


def _named(visit: Visit, who: str) -> bool | None:
    """Whether a person agreed to be named as a donor; None for organisations."""
    if prefix_of(who) != PERSON:
        return None
    member = books.member(visit.store.database, visit.ledger, who)
    return bool(member and member["donor_named"])


def add_mine(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/my-donations`."""

    @pages.get("/{ledger}/my-donations")
    def mine(request: Request, ledger: str, party: str = "", after: str | None = None) -> Response:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first(visit.url("my-donations"))
        return mine_page(visit, party, after)
