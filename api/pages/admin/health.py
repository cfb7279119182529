"""`/{ledger}/admin/health`: what was looked at, in words and colour, and what to do about it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.admin.checks import checks
from api.pages.admin.may import administering
from api.store import Store


def add_health(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin/health`."""

    @pages.get("/{ledger}/admin/health")
    def health(request: Request, ledger: str) -> Response:
        visit = administering(store, request, ledger)
        return visit.page("admin_health.html", tab="admin", checks=checks(visit), now=visit.instant(visit.now_at))
