"""A party's record of promises as its own page: every promise, what it still weighs today, and how to contest one."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.engines.resources import IntegrityRecord, PromiseShown, integrity
from api.pages.common import Visit
from api.pages.links import entry_link, figure_link
from api.pages.naming import labels
from api.paging import Paged
from api.routes.asked import Asked
from api.store import Store
from api.texts import text
from ledger.parties.state import acts_for
from ledger.policy.state import policy_of

_ROWS = 20
_WHOLE = 1_000
"""What a promise of today weighs, in thousandths."""


class Line(msgspec.Struct, frozen=True):
    """One promise: what it was, how it turned out (`tone` and words), when, and what it weighs; `contest` leads to the form,
    "" where there is nothing to contest."""

    what: str
    tone: str
    icon: str
    outcome: str
    day: str
    weight: Markup
    entry: Markup
    status: str
    contest: str


_LOOKS = {"kept": ("in", "check"), "broken": ("stop", "alert"), "undone": ("plain", "undo")}


def _line(visit: Visit, party: str, one: PromiseShown, *, own: bool) -> Line:
    tone, icon = _LOOKS[one.outcome]
    contest = ""
    if own and one.outcome == "broken" and not one.status:
        contest = visit.url("do/contest", party=party, promise=one.promise, about=one.about)
    figure = f"integrity:{party}:{one.promise}:{one.about}"
    share = visit.t("integrity.weighs", percent=-(-one.weight * 100 // _WHOLE))
    return Line(
        what=text(visit.lang, f"sampling.value.promise_{one.promise}"),
        tone=tone,
        icon=icon,
        outcome=visit.t(f"integrity.{one.outcome}"),
        day=visit.day(one.day),
        weight=figure_link(visit, figure, share),
        entry=entry_link(visit, one.position),
        status=visit.t(f"integrity.status_{one.status}") if one.status else "",
        contest=contest,
    )


def integrity_page(visit: Visit, party: str, after: str | None) -> Response:
    """The record of a party: for itself, and for those who read all. Raises NotFound, Refused `bad_cursor`."""
    asked = Asked(visit.store, visit.ledger, visit.caller, {"party": party}, visit.lang)
    found: IntegrityRecord = integrity(asked, Paged(cursor=after, limit=_ROWS))
    own = acts_for(visit.view, visit.caller.actor, party)
    days = policy_of(visit.view).number("integrity.half_life_days", visit.today)
    return visit.page(
        "integrity.html",
        tab="records",
        name=labels(visit, [party], clear=own or visit.caller.sees_names)[party],
        own=own,
        kept=figure_link(visit, f"integrity:{party}:kept", str(found.kept)),
        broken=figure_link(visit, f"integrity:{party}:broken", str(found.broken)),
        days=days,
        lines=[_line(visit, party, one, own=own) for one in found.entries],
        next=found.next,
    )


def add_integrity(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/integrity/{party}`."""

    @pages.get("/{ledger}/integrity/{party}")
    def record(request: Request, ledger: str, party: str, after: str | None = None) -> Response:
        return integrity_page(Visit(store, request, ledger), party, after)
