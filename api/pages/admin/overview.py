"""The first page of administration: whether the house is in order, and where everything is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.admin.checks import BAD, GOOD, WAIT, checks
from api.pages.admin.may import administering
from api.pages.common import Visit
from api.store import Store

WAYS = (
    ("policy", "book", "admin/policy"),
    ("roles", "people", "admin/roles"),
    ("staff", "key", "staff"),
    ("places", "place", "admin/places"),
    ("lists", "paper", "admin/lists"),
    ("tokens", "lock", "admin/tokens"),
    ("seal", "plaque", "admin/seal-key"),
    ("rights", "check", "admin/rights"),
    ("tree", "unit", "tree"),
    ("people", "person", "people"),
    ("import", "in", "import"),
    ("print", "print", "print"),
)
"""The parts of administration: key below `pages.admin.way`, icon, path."""


def overview(visit: Visit) -> Response:
    """The state of the house in one sentence, and the parts of administration."""
    found = checks(visit)
    wrong = [one for one in found if one.state != GOOD]
    worst = BAD if any(one.state == BAD for one in wrong) else WAIT if wrong else GOOD
    count = sum(one.state == worst for one in wrong)
    ways = [
        (visit.url(path), icon, visit.t(f"admin.way.{key}"), visit.t(f"admin.way_hint.{key}"))
        for key, icon, path in WAYS
    ]
    return visit.page(
        "admin_overview.html", tab="admin", worst=worst, wrong=wrong, count=count, looked=len(found), ways=ways
    )


def add_overview(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin`."""

    @pages.get("/{ledger}/admin")
    def first(request: Request, ledger: str) -> Response:
        return overview(administering(store, request, ledger))
