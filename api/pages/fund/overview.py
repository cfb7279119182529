"""A fund's public account: what came in, what went out, what is left for which purpose, and every receipt and payment."""

from __future__ import annotations

from typing import Any

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.charts import share
from api.pages.common import Visit
from api.pages.fund.duty import duties
from api.pages.fund.flow import Band, Drawn, Node, draw
from api.pages.fund.names import Items, category_name, donor_names, is_case, item_name, payees, purposes
from api.pages.links import entry_link, figure_link, past_of
from api.pages.naming import labels
from api.store import Store
from ledger.errors import NotFound
from ledger.funds import facts
from ledger.funds.commands import GENERAL
from ledger.ids import PERSON, UNIT, prefix_of
from ledger.journal.queries import read_rows
from projections.asof.things import fund_as_of, page_of
from projections.books import queries as books
from projections.reading import Cells

_ROWS = 15
_SHOWN = 14
"""So many items have a bar of their own in the picture; the smaller ones are one bar together."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A service item: fen received, moved here, spent and left, and its bars in thousandths of the longest.

    `code` is "" for all help cases together, of which there are `cases`.
    """

    code: str
    name: str
    received_fen: int
    spent_fen: int
    free_fen: int
    bound_fen: int
    received_share: int = 0
    spent_share: int = 0
    cases: int = 0

    @property
    def left_fen(self) -> int:
        """What is left, granted or not."""
        return self.free_fen + self.bound_fen

    @property
    def moved_fen(self) -> int:
        """What came here from other items, less what went on to others."""
        return self.left_fen + self.spent_fen - self.received_fen


class Entry(msgspec.Struct, frozen=True):
    """A receipt or payment: who, when, how much, what it says, and the page that it opens to."""

    position: int
    who: str
    what: str
    day: str
    amount_fen: int
    reversed_fen: int
    pairs: list[tuple[str, str | Markup]]
    href: str


def _sums(name: str, rows: list[Cells], *, code: str, cases: int = 0) -> Item:
    def total(more: str, less: str) -> int:
        return sum(row[more] - row[less] for row in rows)

    return Item(
        code=code, name=name, received_fen=total("received_fen", "refunded_fen"),
        spent_fen=total("spent_fen", "returned_fen"), free_fen=sum(row["available_fen"] for row in rows),
        bound_fen=sum(row["committed_fen"] for row in rows), cases=cases,
    )  # fmt: skip


def _name_now(visit: Visit, row: Cells) -> str:
    """What an item is called; one that was ended says so."""
    name = item_name(visit, row)
    return visit.t("fund.ended_item", name=name) if row["ended_on"] else name


def service_items(visit: Visit, account: books.FundAccount) -> list[Item]:
    """A fund's items with their bars: its own in their order, then all help cases as one, then what is unrestricted."""
    cases = [row for row in account.items if is_case(row)]
    named = sorted(account.items, key=lambda row: (row["item"] == GENERAL, row["rank"]))
    found = [_sums(_name_now(visit, row), [row], code=row["item"]) for row in named if not is_case(row)]
    if cases:
        found.insert(len(found) - 1, _sums(visit.t("fund.case_items"), cases, code="", cases=len(cases)))
    quiet = {GENERAL, *(row["item"] for row in named if row["ended_on"])}
    shown = [one for one in found if one.code not in quiet or one.received_fen or one.spent_fen or one.left_fen]
    most = max((max(one.received_fen, one.spent_fen) for one in shown), default=0)
    return [
        msgspec.structs.replace(
            one, received_share=share(one.received_fen, most), spent_share=share(one.spent_fen, most)
        )
        for one in shown
    ]


def fund_flow(visit: Visit, items: list[Item]) -> list[Drawn]:
    """From donations over service items to what was paid, is approved, and is left."""
    t = visit.t
    ranked = sorted(items, key=lambda one: -max(one.received_fen, one.spent_fen + one.left_fen))
    kept = {id(one) for one in (ranked if len(ranked) <= _SHOWN else ranked[: _SHOWN - 1])}
    nodes = [
        Node(key="in", label=t("fund.donations"), column=0, tone="got"),
        Node(key="moved", label=t("fund.moved_in"), column=0, tone="rest"),
    ]
    bands: list[Band] = []
    rest = Node(key="rest", label=t("fund.other_items", count=len(items) - len(kept)), column=1, tone="got")
    for number, one in enumerate(items):
        key = f"item{number}" if id(one) in kept else rest.key
        if key != rest.key:
            nodes.append(Node(key=key, label=one.name, column=1, tone="got"))
        bands += [
            Band("in", key, one.received_fen), Band("moved", key, one.moved_fen), Band(key, "out", one.spent_fen),
            Band(key, "bound", one.bound_fen), Band(key, "left", one.free_fen), Band(key, "on", -one.moved_fen),
        ]  # fmt: skip
    nodes += [
        rest,
        Node(key="out", label=t("fund.out"), column=2, tone="out"),
        Node(key="bound", label=t("fund.committed"), column=2, tone="wait"),
        Node(key="left", label=t("fund.free"), column=2, tone="left"),
        Node(key="on", label=t("fund.moved_on"), column=2, tone="rest"),
    ]
    return draw(nodes, _together(bands))


def _together(bands: list[Band]) -> list[Band]:
    """Bands between the same two bars as one."""
    sums: dict[tuple[str, str], int] = {}
    for one in bands:
        if one.amount_fen > 0:
            sums[one.source, one.target] = sums.get((one.source, one.target), 0) + one.amount_fen
    return [Band(source, target, amount) for (source, target), amount in sums.items()]


def _receipts(visit: Visit, account: books.FundAccount, rows: list[Cells]) -> list[Entry]:
    items, donors, t = Items(visit, account.items), donor_names(visit, rows), visit.t
    found: list[Entry] = []
    for row in rows:
        item = items.name(row["item"])
        pairs: list[tuple[str, str | Markup]] = [
            (t("fund.receipt_number"), entry_link(visit, row["number"])),
            (t("fund.method"), t(f"method.{row['method']}")),
            (t("fund.restricted_to"), item),
        ]
        if row["refunded_fen"]:
            refunded = figure_link(visit, f"receipt:{row['receipt_id']}:refunded_fen", visit.yuan(row["refunded_fen"]))
            pairs.append((t("fund.refunded"), Markup("{} · {}").format(refunded, t("reason." + row["reason"]))))
        href = visit.url(f"funds/{account.fund['slug']}/donations/{row['number']}")
        found.append(
            Entry(
                row["number"], donors[row["receipt_id"]], item, row["day"], row["amount_fen"], row["refunded_fen"],
                pairs, href,
            )
        )  # fmt: skip
    return found


def story_of(visit: Visit, grant: Cells, upto: int) -> list[tuple[str, str | Markup]]:
    """Every position of a grant by then: proposed, approved, paid, returned."""
    with visit.store.database.reading() as cursor:
        query = DCBQuery(items=[DCBQueryItem(tags=[grant["grant_id"]])])
        rows = read_rows(visit.store.database, cursor, visit.ledger, query, 0, None)
    told = [(int(p), visit.store.codec.fact(kind, bytes(data))) for p, kind, _tags, data in rows]
    keys = {
        facts.GrantProposed: "proposed", facts.GrantApproved: "approved", facts.GrantPaid: "paid",
        facts.PaymentReturned: "returned",
    }  # fmt: skip
    return [
        (visit.t(f"fund.step_{keys[type(fact)]}"), entry_link(visit, position))
        for position, fact in told
        if type(fact) in keys and position <= upto
    ]


def _payments(visit: Visit, account: books.FundAccount, rows: list[Cells], upto: int) -> list[Entry]:
    names = labels(visit, [one for row in rows for one in (row["proposer"], row["approver"], row["payer"])])
    items, aims, paid_to, t = Items(visit, account.items), purposes(visit, rows), payees(visit, rows), visit.t
    found: list[Entry] = []
    for row in rows:
        eyes = t(
            "fund.eyes", proposer=names[row["proposer"]], approver=names[row["approver"]], payer=names[row["payer"]]
        )
        item = items.name(row["item"])
        pairs: list[tuple[str, str | Markup]] = [
            (t("fund.for_item"), item),
            (t("fund.category"), category_name(visit, row["category"])),
            (t("fund.payee"), paid_to[row["grant_id"]]),
            (t("fund.three_eyes"), eyes),
            *story_of(visit, row, upto),
        ]
        if row["returned_fen"]:
            returned = figure_link(visit, f"grant:{row['grant_id']}:returned_fen", visit.yuan(row["returned_fen"]))
            pairs.append((t("fund.came_back"), Markup("{} · {}").format(returned, t("reason." + row["reason"]))))
        shown = [pair for pair in pairs if pair[1]]
        href = visit.url(f"funds/{account.fund['slug']}/payments/{row['paid']}")
        found.append(
            Entry(
                row["paid"], aims[row["grant_id"]], item, row["paid_day"], row["amount_fen"], row["returned_fen"], shown,
                href,
            )
        )  # fmt: skip
    return found


def _lists(visit: Visit, slug: str, receipts_after: str | None, payments_after: str | None, at: str) -> dict[str, Any]:
    """The account with a page of its receipts and payments, now or as of the past. Raises NotFound `no_such_fund`."""
    database, ledger, past = visit.store.database, visit.ledger, past_of(visit, at)
    then = None if past is None else fund_as_of(past, slug)
    account = then.account if then is not None else None
    if past is None:
        account = books.fund_account(database, ledger, slug)
    if account is None:
        raise NotFound("no_such_fund", fund=slug)
    if then is None:
        receipts = books.receipts(database, ledger, fund=slug, after=receipts_after, limit=_ROWS)
        payments = books.payments(database, ledger, slug, after=payments_after, limit=_ROWS)
    else:
        receipts = page_of(then.receipts, "number", after=receipts_after, limit=_ROWS)
        payments = page_of(then.payments, "paid", after=payments_after, limit=_ROWS)
    upto = visit.as_of.position if past is None else past.position
    items = service_items(visit, account)
    return {
        "account": account, "items": items, "drawings": fund_flow(visit, items),
        "receipts": _receipts(visit, account, receipts.rows),
        "payments": _payments(visit, account, payments.rows, upto),
        "more_receipts": receipts.next, "more_payments": payments.next,
        "at": None if past is None else past.position, "point": None if past is None else past.point,
        "moved": any(one.moved_fen for one in items),
    }  # fmt: skip


def _host(visit: Visit, account: books.FundAccount) -> str:
    host = account.fund["host_charity"]
    people = [one for one in (host, account.fund["supervisor"]) if prefix_of(one) in (UNIT, PERSON)]
    return str(labels(visit, people).get(host, host))


def add_overview(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/funds` and `/{ledger}/funds/{slug}`."""

    @pages.get("/{ledger}/funds")
    def funds(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        late = {one.fund: one for one in duties(visit)}
        return visit.page("funds.html", tab="fund", funds=books.funds(store.database, ledger), duties=late)

    @pages.get("/{ledger}/funds/{slug}")
    def fund(
        request: Request, ledger: str, slug: str, receipts_after: str | None = None, payments_after: str | None = None,
        at: str = "",
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        shown = _lists(visit, slug, receipts_after, payments_after, at)
        account: books.FundAccount = shown["account"]
        told = duties(visit)
        return visit.page(
            "fund.html",
            tab="fund",
            host=_host(visit, account),
            many=len(told) > 1,
            duty=next(one for one in told if one.fund == account.fund["fund"]),
            first=receipts_after is None and payments_after is None,
            **shown,
        )
