"""Where an auditor begins: how fresh the last seal is, what the checks found, and the ways on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.auditor.checkpoints import age_of
from api.pages.auditor.finding import last_findings
from api.pages.auditor.may import visited
from api.pages.common import Visit
from api.store import Store

WAYS = (
    ("replay", "clock"), ("checkpoints", "lock"), ("findings", "alert"), ("samples", "paper"), ("bundle", "unit"),
)  # fmt: skip


def desk_page(visit: Visit) -> Response:
    """The auditor's first page."""
    last = visit.store.seals.latest(visit.ledger)
    found = last_findings(visit)
    return visit.page(
        "auditor_desk.html",
        tab="audit",
        ways=[(key, icon, visit.url(key)) for key, icon in WAYS],
        last=last,
        age=age_of(visit, last) if last else "",
        unsealed=visit.as_of.position - (last.size if last else 0),
        found=found,
        hints=sum(len(check.hints) for check in found.checks) if found else 0,
    )


def add_desk(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/audit`."""

    @pages.get("/{ledger}/audit")
    def desk(request: Request, ledger: str) -> Response:
        visit = visited(store, request, ledger)
        return desk_page(visit) if isinstance(visit, Visit) else visit
