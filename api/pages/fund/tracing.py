"""One donation and what it paid for; one payment, its evidence, and the donations it came from."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit, redirect
from api.pages.fund.flow import Band, Drawn, Node, draw
from api.pages.fund.may import MONEY
from api.pages.fund.names import Items, category_name, donor_names, is_case, items_of, number_in, payees, purposes
from api.pages.fund.overview import story_of
from api.pages.fund.refunds import state_of_refund, told
from api.pages.links import entry_link, figure_link
from api.pages.naming import labels
from api.store import Store
from ledger.errors import NotFound
from ledger.parties.state import acts_for
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books import queries_tracing as tracing
from projections.books.engines import funds_tables as tables
from projections.books.queries_funds import fund_id
from projections.reading import Cells, listed, one

_ROWS, _DRAWN, _CASES = 30, 7, 30
_HIGH = 150
"""How high the money of these pictures is."""

Pairs = list[tuple[str, str | Markup]]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Part of a donation or of a payment: what it was for or who gave it, where it leads ("" nowhere), how much, and its tone in
    the picture."""

    what: str
    who: str
    href: str
    amount_fen: int
    figure: str
    tone: str


def fund_row(visit: Visit, slug: str) -> Cells:
    """A fund's row with its short name; raises NotFound `no_such_fund`."""
    row = one(visit.store.database, more.funds, visit.ledger, fund=fund_id(slug))
    if row is None:
        raise NotFound("no_such_fund", fund=slug)
    return {**row, "slug": row["fund"].removeprefix("fund_")}


# ---- a donation -------------------------------------------------------------------------------------------------------


def _spent(visit: Visit, slug: str, rows: list[Cells], items: Items) -> list[Part]:
    """The payments that took something out of a donation."""
    taken = [row for row in rows if row["amount_fen"]]
    grants = tracing.grants_of(visit.store.database, visit.ledger, {row["grant_id"] for row in taken})
    aims = purposes(visit, list(grants.values()))
    found: list[Part] = []
    for row in taken:
        grant = grants.get(row["grant_id"])
        paid = grant is not None and grant["paid"] is not None
        found.append(
            Part(
                what=aims[row["grant_id"]] if grant else visit.t("fund.past_refund"),
                who=f"{items.name(row['item'])} · {visit.day(grant['paid_day'])}" if grant and paid else "",
                href=visit.url(f"funds/{slug}/payments/{grant['paid']}") if grant and paid else "",
                amount_fen=row["amount_fen"], figure=f"allocation:{row['allocation_id']}:amount_fen",
                tone="out" if paid else "rest",
            )
        )  # fmt: skip
    return found


def _waiting(visit: Visit, lots: list[Cells], items: Items) -> list[Part]:
    """What of a donation still waits, by the item under which it does."""
    return [
        Part(
            what=visit.t("fund.waits", item=items.name(lot["item"])), who=visit.t("fund.waits_hint"), href="",
            amount_fen=lot["left_fen"], figure=f"lot:{lot['lot_id']}:left_fen", tone="left",
        )
        for lot in lots
        if lot["left_fen"]
    ]  # fmt: skip


def _star(visit: Visit, centre: str, parts: list[Part], more_fen: int, *, giving: bool) -> list[Drawn]:
    """One bar on the left and what it went to on the right; or, for what was `giving`, the other way round. With one
    part there is nothing to draw."""
    if len(parts) < 2 and not more_fen:
        return []
    big = sorted(parts, key=lambda part: -part.amount_fen)[:_DRAWN]
    rest_fen = more_fen + sum(part.amount_fen for part in parts) - sum(part.amount_fen for part in big)
    shown = [(part.what, part.amount_fen, part.tone) for part in big]
    if rest_fen > 0:
        shown.append((visit.t("fund.others"), rest_fen, "rest"))
    side = 0 if giving else 1
    nodes = [Node(key="it", label=centre, column=1 - side, tone="out" if giving else "got")]
    nodes += [Node(key=str(at), label=what, column=side, tone=tone) for at, (what, _fen, tone) in enumerate(shown)]
    ends = [(str(at), fen) for at, (_what, fen, _tone) in enumerate(shown)]
    return draw(nodes, [Band(key, "it", fen) if giving else Band("it", key, fen) for key, fen in ends], money=_HIGH)


def _may_see_refund(visit: Visit, row: Cells) -> bool:
    """Whether who looks may know that a refund was asked for: who handles or decides about money, and the donor."""
    if not visit.caller.signed_in:
        return False
    return visit.caller.holds(MONEY) or acts_for(visit.view, visit.caller.actor, row["donor"])


def _receipt_pairs(visit: Visit, row: Cells, items: Items) -> Pairs:
    t = visit.t
    pairs: Pairs = [
        (t("fund.receipt_number"), entry_link(visit, row["number"])),
        (t("fund.received_on"), visit.day(row["day"])),
        (t("fund.method"), t(f"method.{row['method']}")),
        (t("fund.restricted_to"), items.name(row["item"])),
    ]
    if row["receipt_waived"]:
        pairs.append((t("fund.receipt"), t("fund.receipt_waived")))
    if row["refunded_fen"]:
        shown = figure_link(visit, f"receipt:{row['receipt_id']}:refunded_fen", visit.yuan(row["refunded_fen"]))
        pairs.append((t("fund.refunded"), Markup("{} · {}").format(shown, t("reason." + row["reason"]))))
    return pairs


def donation_page(visit: Visit, slug: str, number: str, after: str | None) -> Response:
    """One donation, by its receipt's number. Raises NotFound `no_such_fund`, `no_such_receipt`."""
    database, ledger, fund = visit.store.database, visit.ledger, fund_row(visit, slug)
    row = one(database, more.receipts, ledger, fund=fund["fund"], number=number_in(number))
    if row is None:
        raise NotFound("no_such_receipt", receipt=number)
    items = items_of(visit, fund["fund"])
    page = tracing.allocations_of(database, ledger, receipt_id=row["receipt_id"], after=after, limit=_ROWS)
    lots = tracing.lots_of(database, ledger, row["receipt_id"])
    spent, waiting = _spent(visit, fund["slug"], page.rows, items), _waiting(visit, lots, items)
    left_fen = sum(lot["left_fen"] for lot in lots)
    paid_fen = row["amount_fen"] - row["refunded_fen"] - left_fen
    further_fen = paid_fen - sum(part.amount_fen for part in spent)
    ends = [*spent, *waiting]
    if row["refunded_fen"]:
        ends.append(
            Part(
                what=visit.t("fund.refunded"), who="", href="", amount_fen=row["refunded_fen"],
                figure=f"receipt:{row['receipt_id']}:refunded_fen", tone="rest",
            )
        )  # fmt: skip
    handles = visit.caller.roles.has("treasurer")
    refund = state_of_refund(visit, row["receipt_id"]) if _may_see_refund(visit, row) else None
    return visit.page(
        "fund_donation.html", tab="fund", fund=fund, row=row, donor=donor_names(visit, [row])[row["receipt_id"]],
        pairs=_receipt_pairs(visit, row, items), ends=ends, paid_fen=paid_fen, left_fen=left_fen,
        further_fen=max(0, further_fen), next=page.next,
        drawings=_star(visit, visit.t("fund.this_donation"), ends, max(0, further_fen), giving=False),
        handles=handles, refund=refund, told=told(visit, refund) if refund else None,
        own=refund is not None and refund["asked_by"] == visit.caller.actor,
    )  # fmt: skip


# ---- a payment --------------------------------------------------------------------------------------------------------


def _sources(visit: Visit, slug: str, rows: list[Cells]) -> list[Part]:
    """The donations that a payment came from."""
    taken = [row for row in rows if row["amount_fen"]]
    receipts = tracing.receipts_of(visit.store.database, visit.ledger, {row["receipt_id"] for row in taken})
    donors = donor_names(visit, list(receipts.values()))
    found: list[Part] = []
    for row in taken:
        receipt = receipts.get(row["receipt_id"])
        number = visit.t("line.number_of", position=f"{receipt['number']:,}") if receipt else ""
        found.append(
            Part(
                what=donors[row["receipt_id"]] if receipt else visit.t("fund.past_return"),
                who=visit.t("fund.receipt_of", number=number, day=visit.day(receipt["day"])) if receipt else "",
                href=visit.url(f"funds/{slug}/donations/{receipt['number']}") if receipt else "",
                amount_fen=row["amount_fen"], figure=f"allocation:{row['allocation_id']}:amount_fen", tone="got",
            )
        )  # fmt: skip
    return found


def evidence_of(visit: Visit, grant_id: str) -> tuple[Pairs, list[str]]:
    """What was to be reached before a grant was paid, and the fingerprints of what was shown for it; nothing for a
    grant that no proposal stands behind."""
    row = one(visit.store.database, tables.milestones, visit.ledger, grant_id=grant_id)
    if row is None:
        return [], []
    t, names = visit.t, labels(visit, [row["applicant"], row["reported_by"], row["accepted_by"]])
    proposal = one(visit.store.database, tables.proposals, visit.ledger, proposal_id=row["proposal_id"])
    pairs: Pairs = []
    if proposal is not None:
        link = Markup('<a href="{}">{}</a>').format(visit.url(f"proposals/{proposal['number']}"), proposal["title"])
        pairs.append((t("fund.proposal"), link))
    pairs += [(t("fund.stage"), row["name"]), (t("fund.stage_due"), visit.day(row["due_day"]))]
    if row["reported_on"]:
        told = t("fund.by_on", who=names[row["reported_by"]], day=visit.day(row["reported_on"]))
        pairs.append((t("fund.stage_reported"), told))
    if row["accepted_on"]:
        told = t("fund.by_on", who=names[row["accepted_by"]], day=visit.day(row["accepted_on"]))
        pairs.append((t("fund.stage_accepted"), told))
    return pairs, (row["evidence"] or "").split()


def payment_page(visit: Visit, slug: str, number: str, after: str | None) -> Response:
    """One payment, by the number of its entry. Raises NotFound `no_such_fund`, `no_such_grant`."""
    database, ledger, fund = visit.store.database, visit.ledger, fund_row(visit, slug)
    row = one(database, more.grants, ledger, fund=fund["fund"], paid=number_in(number))
    if row is None:
        raise NotFound("no_such_grant", grant=number)
    t, items = visit.t, items_of(visit, fund["fund"])
    names = labels(visit, [row["proposer"], row["approver"], row["payer"]])
    page = tracing.allocations_of(database, ledger, grant_id=row["grant_id"], after=after, limit=_ROWS)
    sources = _sources(visit, fund["slug"], page.rows)
    covered_fen = row["amount_fen"] - row["returned_fen"]
    further_fen = max(0, covered_fen - sum(part.amount_fen for part in sources)) if page.next or after else 0
    purpose = purposes(visit, [row])[row["grant_id"]]
    pairs: Pairs = [
        (t("fund.paid_on"), visit.day(row["paid_day"])),
        (t("fund.for_item"), items.name(row["item"])),
        (t("fund.category"), category_name(visit, row["category"])),
        (t("fund.payee"), payees(visit, [row])[row["grant_id"]]),
    ]
    if row["returned_fen"]:
        shown = figure_link(visit, f"grant:{row['grant_id']}:returned_fen", visit.yuan(row["returned_fen"]))
        pairs.append((t("fund.came_back"), Markup("{} · {}").format(shown, t("reason." + row["reason"]))))
    stages, digests = evidence_of(visit, row["grant_id"])
    eyes = [(t(f"fund.eye_{role}"), names[row[role]]) for role in ("proposer", "approver", "payer") if row[role]]
    return visit.page(
        "fund_payment.html", tab="fund", fund=fund, row=row, purpose=purpose,
        pairs=[pair for pair in pairs if pair[1]], eyes=eyes, steps=story_of(visit, row, visit.as_of.position),
        stages=stages, digests=digests, sources=sources, further_fen=further_fen, next=page.next,
        drawings=_star(visit, t("fund.this_payment"), sources, further_fen, giving=True),
        covered_fen=covered_fen, handles=visit.caller.roles.has("treasurer"),
    )  # fmt: skip


# ---- finding, and help cases ------------------------------------------------------------------------------------------


def find_page(visit: Visit, slug: str, number: str) -> Response:
    """The way to a donation by its receipt's number, as people have it on paper: with or without commas and `V`-like
    letters around it."""
    fund = fund_row(visit, slug)
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdecimal())
    row = None
    if digits and len(digits) <= 15:
        row = one(visit.store.database, more.receipts, visit.ledger, fund=fund["fund"], number=int(digits))
    if row is not None:
        return redirect(visit.url(f"funds/{fund['slug']}/donations/{row['number']}"))
    return visit.page("fund_find.html", 404 if number else 200, tab="fund", fund=fund, number=number[:20])


def cases_page(visit: Visit, slug: str, after: str | None) -> Response:
    """The help cases of a fund, without anybody's name: only what came in for each, went out, and is left."""
    database, ledger, fund = visit.store.database, visit.ledger, fund_row(visit, slug)
    page = listed(
        database, tables.help_cases, ledger, where={"fund": fund["fund"]}, order=(("number", True),), after=after,
        limit=_CASES,
    )  # fmt: skip
    account = books.fund_account(database, ledger, fund["fund"])
    sums = {row["item"]: row for row in (account.items if account else ()) if is_case(row)}
    empty = dict.fromkeys(
        ("received_fen", "refunded_fen", "spent_fen", "returned_fen", "available_fen", "committed_fen"), 0
    )
    cases = [(row, sums.get(row["item"], empty)) for row in page.rows]
    return visit.page("fund_cases.html", tab="fund", fund=fund, cases=cases, next=page.next)


def add_tracing(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/funds/{slug}/donations`, `…/donations/{number}`, `…/payments/{number}` and `…/cases`."""

    @pages.get("/{ledger}/funds/{slug}/donations")
    def find(request: Request, ledger: str, slug: str, number: str = "") -> Response:
        return find_page(Visit(store, request, ledger), slug, number)

    @pages.get("/{ledger}/funds/{slug}/donations/{number}")
    def donation(request: Request, ledger: str, slug: str, number: str, after: str | None = None) -> Response:
        return donation_page(Visit(store, request, ledger), slug, number, after)

    @pages.get("/{ledger}/funds/{slug}/payments/{number}")
    def payment(request: Request, ledger: str, slug: str, number: str, after: str | None = None) -> Response:
        return payment_page(Visit(store, request, ledger), slug, number, after)

    @pages.get("/{ledger}/funds/{slug}/cases")
    def cases(request: Request, ledger: str, slug: str, after: str | None = None) -> Response:
        return cases_page(Visit(store, request, ledger), slug, after)
