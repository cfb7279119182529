"""All pages in one router, and the page that says what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.admin import add_admin
from api.pages.auditor import add_auditor
from api.pages.board import add_board
from api.pages.common import Visit, default_ledger, language, send
from api.pages.correcting import add_correcting
from api.pages.forms.engine import add_forms
from api.pages.fund import add_fund
from api.pages.hall import add_hall
from api.pages.handling import add_handling
from api.pages.home import add_home
from api.pages.member import add_member
from api.pages.more import add_more
from api.pages.opening import add_opening
from api.pages.own import add_own
from api.pages.papers import add_papers
from api.pages.partner import add_partner
from api.pages.records import add_records
from api.pages.resident import add_resident
from api.pages.signin import add_signin
from api.pages.volunteer import add_volunteer
from api.pages.wall import add_wall
from api.pages.worker import add_worker
from api.store import Store
from ledger.errors import NuanlinError

_PAGES = (
    add_signin, add_home, add_member, add_board, add_handling, add_fund, add_wall, add_opening, add_own, add_records,
    add_forms, add_more,
    add_partner,
    add_worker,
    add_volunteer,
    add_hall,
    add_papers,
    add_resident,
    add_auditor,
    add_admin,
    add_correcting,
)  # fmt: skip


def page_router(store: Store) -> APIRouter:
    """Every page of a store."""
    pages = APIRouter(include_in_schema=False)
    for add in _PAGES:
        add(pages, store)
    return pages


def problem_page(store: Store) -> Callable[[Request, NuanlinError, int], Response]:
    """What answers a page that was refused: one plain sentence, and the way back."""

    def answer(request: Request, problem: NuanlinError, status: int) -> Response:
        # Where the database fails, the frame around the page cannot be asked of it either.
        visit = None if problem.code == "store_failed" else _visit_of(store, request)
        values = {"status": status, "sentence": formats.error(problem, language(request))}
        if visit is not None:
            return visit.page("problem.html", status, values=values)
        frame = {"visit": None, "tab": "", "values": values}
        return send(request, language(request), "problem.html", frame, status=status)

    return answer


def _visit_of(store: Store, request: Request) -> Visit | None:
    """The visit of the ledger that the address names, or of the usual one; None in a store without any."""
    try:
        known = store.application.ledgers()
        named = request.url.path.split("/")[1]
        ledger = named if named in known else default_ledger(store)
        return None if ledger is None else Visit(store, request, ledger)
    except NuanlinError:
        return None
