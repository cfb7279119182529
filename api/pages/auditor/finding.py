"""What the standing checks found, as of the last time somebody had them look; they look again when asked to."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api.audit import jobs
from api.audit.results import FINDINGS, Check, Findings
from api.pages.auditor.may import need, visited, work_of
from api.pages.common import Visit, redirect
from api.store import Store
from api.texts import text
from ledger.errors import NotFound

_TEXT = Annotated[str, Form()]
_HINTS, _POSITIONS = 30, 12

FIRST, WORTH, OFTEN = "first", "worth", "often"
WEIGHT: dict[str, str] = {
    "split_payments": FIRST, "same_hands": WORTH, "close_to_payee": FIRST, "donor_linked": FIRST, "giver_linked": FIRST,
    "wishes_under_ceiling": WORTH, "round_numbers": OFTEN, "first_digits": OFTEN, "duplicates": WORTH,
    "one_verifier": WORTH, "upward_corrections": FIRST, "hours_at_night": OFTEN, "implausible_days": WORTH,
    "scanned_by_others": WORTH, "back_dated": OFTEN, "clock_set_back": FIRST, "quick_claims": WORTH,
    "dormant_waking": WORTH, "circular_gifts": FIRST,
}  # fmt: skip
"""How soon hints of a check deserve a look (choice): where somebody could have gained by their own hand first, where an
honest explanation is the usual one last. It says nothing about whether anybody did wrong."""
_ORDER = (FIRST, WORTH, OFTEN)


class Sheet(msgspec.Struct, frozen=True):
    """A check with what it found, ready to be shown."""

    check: Check
    weight: str
    title: str
    looks: str
    cannot: str


def last_findings(visit: Visit) -> Findings | None:
    """What was found last; None where nobody looked yet, or it was not kept."""
    file = jobs.result_of(jobs.folder_of(visit.store, visit.ledger, "findings"), FINDINGS)
    try:
        return msgspec.json.decode(file.read_bytes(), type=Findings) if file else None
    except (OSError, msgspec.MsgspecError):
        return None


def _sheet(visit: Visit, check: Check) -> Sheet:
    told = [text(visit.lang, f"sampling.check.{check.name}.{part}") for part in ("title", "looks", "cannot")]
    return Sheet(check, WEIGHT.get(check.name, WORTH), told[0], told[1], told[2])


def findings_page(visit: Visit) -> Response:
    """All checks: those that found something first, the weightiest on top."""
    found = last_findings(visit)
    sheets = [_sheet(visit, check) for check in found.checks] if found else []
    hits = sorted((one for one in sheets if one.check.hints), key=lambda one: _ORDER.index(one.weight))
    state = jobs.state_of(jobs.folder_of(visit.store, visit.ledger, "findings"))
    return visit.page(
        "auditor_findings.html",
        tab="audit",
        found=found,
        hits=hits,
        quiet=[one for one in sheets if not one.check.hints],
        hints=sum(len(one.check.hints) for one in hits),
        checks=len(WEIGHT),
        since=visit.as_of.position - found.position if found else 0,
        work=work_of(visit, state),
    )


def check_page(visit: Visit, name: str, after: str) -> Response:
    """One check with its hints, a page of them, each with its events. Raises NotFound `no_such_page`."""
    found = last_findings(visit)
    check = next((one for one in found.checks if one.name == name), None) if found else None
    if found is None or check is None:
        raise NotFound("no_such_page")
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0
    return visit.page(
        "auditor_check.html",
        tab="audit",
        found=found,
        sheet=_sheet(visit, check),
        hints=check.hints[begin : begin + _HINTS],
        begin=begin,
        next=begin + _HINTS if begin + _HINTS < len(check.hints) else None,
        few=_POSITIONS,
    )


def add_finding(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/findings`, `…/findings/{name}`, and looking again (POST)."""

    @pages.get("/{ledger}/findings")
    def findings(request: Request, ledger: str) -> Response:
        visit = visited(store, request, ledger)
        return findings_page(visit) if isinstance(visit, Visit) else visit

    @pages.post("/{ledger}/findings")
    def look_again(request: Request, ledger: str, csrf: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        need(visit)
        jobs.begin(store, ledger, "findings")
        return redirect(visit.url("findings"))

    @pages.get("/{ledger}/findings/{name}")
    def check(request: Request, ledger: str, name: str, after: str = "") -> Response:
        visit = visited(store, request, ledger)
        return check_page(visit, name, after) if isinstance(visit, Visit) else visit
