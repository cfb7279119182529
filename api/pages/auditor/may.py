"""Who the auditor's pages are for, and how work that takes longer is shown while it is done."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.audit import jobs
from api.pages.common import Visit
from api.reading import JOURNAL
from api.store import Store
from api.texts import known, text
from ledger.errors import NotYours

EVERY_SECONDS = 3
"""How often a page without scripts looks again."""


class Work(msgspec.Struct, frozen=True):
    """How far a piece of work is, in words: `running`, and what went wrong ("" nothing); `so_far` events of `total`."""

    running: bool
    trouble: str
    so_far: int
    total: int


def visited(store: Store, request: Request, ledger: str) -> Visit | Response:
    """Somebody who reads the whole journal; who is not signed in is led to where they can.

    Raises NotYours `not_for_your_roles`.
    """
    visit = Visit(store, request, ledger)
    if not visit.caller.signed_in:
        return visit.sign_in_first()
    need(visit)
    return visit


def need(visit: Visit) -> None:
    """Raises NotYours `not_for_your_roles` for whoever does not read the whole journal."""
    if not visit.caller.holds(JOURNAL):
        raise NotYours("not_for_your_roles", roles=", ".join(sorted(JOURNAL)))


def reads_journal(visit: Visit) -> bool:
    """Whether who looks reads the whole journal."""
    return visit.caller.signed_in and visit.caller.holds(JOURNAL)


def work_of(visit: Visit, state: jobs.State | None) -> Work:
    """How far a piece of work is, in the visitor's words."""
    if state is None:
        return Work(False, "", 0, 0)
    trouble = ""
    if state.status == "failed":
        key = f"errors.{state.code}"
        told = key if known(visit.lang, key) else "errors.audit_job_ended"
        trouble = text(visit.lang, told, **state.details)
    return Work(state.status == "running", trouble, state.done, state.total or 0)
