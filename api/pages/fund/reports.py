"""What a fund told the public: its disclosures as pages and files, what was corrected and why, and what is overdue."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import HEADERS, Visit
from api.pages.fund.duty import duties
from api.pages.fund.names import Items, items_of, number_in
from api.pages.fund.report_files import as_paper, as_workbook
from api.pages.fund.report_shape import ITEM_COLUMNS, SUMS, Change, Item, Report, Version
from api.pages.fund.tracing import fund_row
from api.pages.links import looker_of
from api.pages.naming import labels
from api.store import Store
from api.texts import text
from ledger.disclosures import facts
from ledger.errors import NotFound
from projections.asof.past import events_of
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed, many, one

_ROWS = 30
_TELLS = frozenset({"treasurer", "host_charity"})
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def may_tell(visit: Visit) -> bool:
    """Whether who looks discloses and corrects: treasurers and the host charity."""
    return visit.caller.holds(_TELLS)


def kind_name(visit: Visit, kind: str) -> str:
    """What a kind of disclosure is called."""
    return text(visit.lang, f"sampling.value.kind_{kind}")


def _versions(visit: Visit, disclosure_id: str) -> list[facts.DisclosurePublished | facts.DisclosureCorrected]:
    past = looker_of(visit).past()
    told = (event.fact for event in events_of(past, [disclosure_id]))
    return [fact for fact in told if isinstance(fact, facts.DisclosurePublished | facts.DisclosureCorrected)]


def _positions(visit: Visit, disclosure_id: str) -> list[int]:
    return [event.position for event in events_of(looker_of(visit).past(), [disclosure_id])]


def _changes(visit: Visit, before: facts.FiguresFact, after: facts.FiguresFact, items: Items) -> list[Change]:
    """Which figures a correction changed, of the whole and of single items."""
    found = [
        Change(visit.t(f"fund.sum.{name}"), getattr(before, f"{name}_fen"), getattr(after, f"{name}_fen"))
        for name in SUMS
    ]
    old, new = ({row[0]: row[1:] for row in one.items} for one in (before, after))
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code, (0,) * len(ITEM_COLUMNS)), new.get(code, (0,) * len(ITEM_COLUMNS))
        found += [
            Change(f"{items.name(code)} · {visit.t(f'fund.sum.{name}')}", was[at], now[at])
            for at, name in enumerate(ITEM_COLUMNS)
        ]
    return [change for change in found if change.before_fen != change.after_fen]


def report_of(visit: Visit, slug: str, number: str) -> Report:
    """One disclosure with its figures, items and corrections. Raises NotFound `no_such_fund`, `no_such_disclosure`."""
    database, ledger, fund = visit.store.database, visit.ledger, fund_row(visit, slug)
    row = one(database, tables.disclosures, ledger, fund=fund["fund"], number=number_in(number))
    if row is None:
        raise NotFound("no_such_disclosure", disclosure=number)
    items = items_of(visit, fund["fund"])
    cells = many(database, tables.disclosure_items, ledger, "disclosure_id", [row["disclosure_id"]])
    told = _versions(visit, row["disclosure_id"])
    places = _positions(visit, row["disclosure_id"])
    names = labels(visit, [who for one_fact in told for who in (_teller(one_fact),)])
    versions = [
        Version(
            number=place, day=fact.day.isoformat(), who=names[_teller(fact)],
            reason=text(visit.lang, f"sampling.value.reason_{fact.reason}")
            if isinstance(fact, facts.DisclosureCorrected) else "",
            changes=_changes(visit, told[at - 1], fact, items) if at else [],
        )
        for at, (place, fact) in enumerate(zip(places, told, strict=True))
    ]  # fmt: skip
    return Report(
        fund=fund, row=row, kind=kind_name(visit, row["kind"]),
        items=[
            Item(cell["disclosed_id"], items.name(cell["item"]), [cell[f"{name}_fen"] for name in ITEM_COLUMNS])
            for cell in sorted(cells, key=lambda cell: items.rank(cell["item"]))
        ],
        versions=versions,
    )  # fmt: skip


def _teller(fact: facts.DisclosurePublished | facts.DisclosureCorrected) -> str:
    return fact.published_by if isinstance(fact, facts.DisclosurePublished) else fact.corrected_by


class Told(msgspec.Struct, frozen=True):
    """A disclosure in the list."""

    row: Cells
    kind: str


def reports_page(visit: Visit, slug: str, after: str | None) -> Response:
    """All disclosures of a fund, the newest first. Raises NotFound `no_such_fund`."""
    fund = fund_row(visit, slug)
    page = listed(
        visit.store.database, tables.disclosures, visit.ledger, where={"fund": fund["fund"]},
        order=(("number", True),), after=after, limit=_ROWS,
    )  # fmt: skip
    return visit.page(
        "fund_reports.html", tab="fund", fund=fund, next=page.next, tells=may_tell(visit),
        duty=next(one_duty for one_duty in duties(visit) if one_duty.fund == fund["fund"]),
        told=[Told(row, kind_name(visit, row["kind"])) for row in page.rows],
    )  # fmt: skip


def report_page(visit: Visit, slug: str, number: str) -> Response:
    """One disclosure. Raises NotFound `no_such_fund`, `no_such_disclosure`."""
    report = report_of(visit, slug, number)
    return visit.page(
        "fund_report.html", tab="fund", report=report, sums=SUMS, columns=ITEM_COLUMNS, tells=may_tell(visit)
    )


def _file(report: Report, kind: str, media: str, content: bytes) -> Response:
    name = f"{report.fund['slug']}-{report.row['from_day']}-{report.row['until_day']}.{kind}"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(content, 200, headers, media)


def add_reports(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/funds/{slug}/reports`, `…/reports/{number}`, and that as `…/report.xlsx` and `…/report.pdf`."""

    @pages.get("/{ledger}/funds/{slug}/reports")
    def several(request: Request, ledger: str, slug: str, after: str | None = None) -> Response:
        return reports_page(Visit(store, request, ledger), slug, after)

    @pages.get("/{ledger}/funds/{slug}/reports/{number}")
    def single(request: Request, ledger: str, slug: str, number: str) -> Response:
        return report_page(Visit(store, request, ledger), slug, number)

    @pages.get("/{ledger}/funds/{slug}/reports/{number}/report.xlsx")
    def workbook(request: Request, ledger: str, slug: str, number: str) -> Response:
        visit = Visit(store, request, ledger)
        report = report_of(visit, slug, number)
        return _file(report, "xlsx", _XLSX, as_workbook(visit, report))

    @pages.get("/{ledger}/funds/{slug}/reports/{number}/report.pdf")
    def paper(request: Request, ledger: str, slug: str, number: str) -> Response:
        visit = Visit(store, request, ledger)
        report = report_of(visit, slug, number)
        return _file(report, "pdf", "application/pdf", as_paper(visit, report))
