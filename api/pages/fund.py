"""A fund's public account: what came in, what went out, what is left for which purpose, and every receipt and payment."""

from __future__ import annotations

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.charts import share
from api.pages.common import Visit
from api.pages.links import entry_link, figure_link, past_of
from api.pages.naming import labels
from api.people import People, mask_name, mask_numbers
from api.store import Store
from ledger.errors import NotFound
from ledger.funds import facts
from ledger.funds.commands import ANONYMOUS, GENERAL
from ledger.ids import PERSON, UNIT, prefix_of
from ledger.journal.queries import read_rows
from projections.asof.things import fund_as_of, page_of
from projections.books import queries as books
from projections.reading import Cells

_ROWS = 15


class Item(msgspec.Struct, frozen=True):
    """A service item: fen received, spent and left, and its bars in thousandths of the longest."""

    code: str
    name: str
    received_fen: int
    spent_fen: int
    left_fen: int
    received_share: int
    spent_share: int


class Entry(msgspec.Struct, frozen=True):
    """A receipt or payment: who, when, how much, and what it opens to."""

    position: int
    who: str
    what: str
    day: str
    amount_fen: int
    reversed_fen: int
    pairs: list[tuple[str, str | Markup]]


def _items(visit: Visit, account: books.FundAccount) -> list[Item]:
    sums = [
        (row, row["received_fen"] - row["refunded_fen"], row["spent_fen"] - row["returned_fen"])
        for row in account.items
    ]
    shown = [one for one in sums if one[0]["item"] != GENERAL or one[1] or one[2]]
    most = max((max(received, spent) for _, received, spent in shown), default=0)
    named = sorted(shown, key=lambda one: (one[0]["item"] == GENERAL, one[0]["rank"]))
    return [
        Item(
            row["item"], item_name(visit, row), received, spent, row["available_fen"] + row["committed_fen"],
            share(received, most), share(spent, most),
        )
        for row, received, spent in named
    ]  # fmt: skip


def item_name(visit: Visit, row: Cells | None) -> str:
    """What a service item is called."""
    if row is None:
        return ""
    return row["name"] or (visit.t("fund.general") if row["item"] == GENERAL else row["item"])


def donor_name(visit: Visit, row: Cells, names: dict[str, str], hidden: set[str], words: dict[str, object]) -> str:
    """Who gave, only where they agreed to be named on this receipt (law: 慈善法 §82); `hidden` wish no trace of theirs."""
    open_to_all = row["named"] and not row["anonymous"]
    told = str(words.get("name", ""))
    if row["anonymous"] or row["donor"] in hidden or (row["donor"] == ANONYMOUS and not told):
        return visit.t("fund.anonymous")
    if row["donor"] == ANONYMOUS:
        return told if open_to_all else mask_name(told)
    if prefix_of(row["donor"]) == UNIT:
        return names[row["donor"]] if open_to_all else visit.t("fund.unnamed_unit")
    return names[row["donor"]]


def _receipts(visit: Visit, account: books.FundAccount, rows: list[Cells]) -> list[Entry]:
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    donors = [row["donor"] for row in rows if row["donor"] != ANONYMOUS]
    people = books.members_by_id(visit.store.database, visit.ledger, donors)
    hidden = {one for one, member in people.items() if member["donor_hidden"]}
    named = labels(visit, donors, clear=[one for one, member in people.items() if member["donor_named"]])
    masked = labels(visit, donors)
    items = {row["item"]: row for row in account.items}
    t = visit.t
    found: list[Entry] = []
    for row in rows:
        item = item_name(visit, items.get(row["item"]))
        pairs: list[tuple[str, str | Markup]] = [
            (t("fund.receipt_number"), entry_link(visit, row["number"])),
            (t("fund.method"), t(f"method.{row['method']}")),
            (t("fund.restricted_to"), item),
        ]
        if row["refunded_fen"]:
            refunded = figure_link(visit, f"receipt:{row['receipt_id']}:refunded_fen", visit.yuan(row["refunded_fen"]))
            pairs.append((t("fund.refunded"), Markup("{} · {}").format(refunded, t("reason." + row["reason"]))))
        # A person agrees twice: to be named as a donor at all, and on this receipt.
        names = named if row["named"] and not row["anonymous"] else masked
        who = donor_name(visit, row, names, hidden, words.get(row["words"], {}))
        found.append(Entry(row["number"], who, item, row["day"], row["amount_fen"], row["refunded_fen"], pairs))
    return found


def _story_of(visit: Visit, grant: Cells, upto: int) -> list[tuple[str, str | Markup]]:
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
    words = People(visit.store, visit.ledger).words(row["words"] for row in rows)
    names = labels(
        visit, [one for row in rows for one in (row["payee"], row["proposer"], row["approver"], row["payer"])]
    )
    items = {row["item"]: row for row in account.items}
    t = visit.t
    found: list[Entry] = []
    for row in rows:
        said = words.get(row["words"], {})
        purpose = mask_numbers(str(said.get("purpose", ""))) or category_name(visit, row["category"])
        payee = names.get(row["payee"] or "", "") or mask_name(str(said.get("payee", "")))
        eyes = t(
            "fund.eyes", proposer=names[row["proposer"]], approver=names[row["approver"]], payer=names[row["payer"]]
        )
        pairs: list[tuple[str, str | Markup]] = [
            (t("fund.for_item"), item_name(visit, items.get(row["item"]))),
            (t("fund.category"), category_name(visit, row["category"])),
            (t("fund.payee"), payee),
            (t("fund.three_eyes"), eyes),
            *_story_of(visit, row, upto),
        ]
        if row["returned_fen"]:
            returned = figure_link(visit, f"grant:{row['grant_id']}:returned_fen", visit.yuan(row["returned_fen"]))
            pairs.append((t("fund.came_back"), Markup("{} · {}").format(returned, t("reason." + row["reason"]))))
        shown = [pair for pair in pairs if pair[1]]
        item = item_name(visit, items.get(row["item"]))
        found.append(Entry(row["paid"], purpose, item, row["paid_day"], row["amount_fen"], row["returned_fen"], shown))
    return found


def category_name(visit: Visit, category: str) -> str:
    """A category of spending in words where it is one of ours, else as it was entered."""
    return visit.known(f"category.{category}", category)


def add_fund(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/funds` and `/{ledger}/funds/{slug}`."""

    @pages.get("/{ledger}/funds")
    def funds(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        return visit.page("funds.html", tab="fund", funds=books.funds(store.database, ledger))

    @pages.get("/{ledger}/funds/{slug}")
    def fund(
        request: Request, ledger: str, slug: str, receipts_after: str | None = None, payments_after: str | None = None,
        at: str = "",
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        past = past_of(visit, at)
        then = None if past is None else fund_as_of(past, slug)
        account = then.account if then is not None else None
        if past is None:
            account = books.fund_account(store.database, ledger, slug)
        if account is None:
            raise NotFound("no_such_fund", fund=slug)
        if then is None:
            receipts = books.receipts(store.database, ledger, fund=slug, after=receipts_after, limit=_ROWS)
            payments = books.payments(store.database, ledger, slug, after=payments_after, limit=_ROWS)
        else:
            receipts = page_of(then.receipts, "number", after=receipts_after, limit=_ROWS)
            payments = page_of(then.payments, "paid", after=payments_after, limit=_ROWS)
        upto = visit.as_of.position if past is None else past.position
        host = account.fund["host_charity"]
        people = [one for one in (host, account.fund["supervisor"]) if prefix_of(one) in (UNIT, PERSON)]
        return visit.page(
            "fund.html",
            tab="fund",
            account=account,
            items=_items(visit, account),
            receipts=_receipts(visit, account, receipts.rows),
            payments=_payments(visit, account, payments.rows, upto),
            at=None if past is None else past.position,
            point=None if past is None else past.point,
            more_receipts=receipts.next,
            more_payments=payments.next,
            host=labels(visit, people).get(host, host),
            many=len(books.funds(store.database, ledger)) > 1,
        )
