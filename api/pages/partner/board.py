"""The board as units look through it: one kind at a time, by class, place, deadline and value, claimed for one's unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.board import claimants_of
from api.pages.common import Visit
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.store import Store
from ledger.ids import UNIT, prefix_of
from ledger.partners.agreements import Agreements
from ledger.policy.state import policy_of
from ledger.requests.kinds import kind_of
from projections.books import queries as books
from projections.books import tables
from projections.books.queries_units_board import Wanted, units_board
from projections.reading import Filter, listed

KINDS = ("listing", "wish", "order", "issue", "need")
"""What a unit can take on; needs are answered with goods."""
DAYS = ("3", "7", "30")
BANDS: Mapping[str, tuple[int | None, int | None]] = {
    "to200": (None, 20_000), "to1000": (20_001, 100_000), "to5000": (100_001, 500_000), "above": (500_001, None),
}  # fmt: skip
"""What it is about worth, in fen (choice)."""
_ROWS, _CLASSES_FROM, _PLACES = 24, 200, 400
_WHOLE_PLACES = ("street", "community", "grid", "courtyard")


def units_of(visit: Visit) -> list[str]:
    """The units for which who looks speaks."""
    held = visit.caller.roles.held
    return sorted(scope for role, scope in held if role == "representative" and prefix_of(scope) == UNIT)


def signed_today(visit: Visit, units: list[str]) -> list[str]:
    """Of these, the units that have an agreement in force today."""
    return [one for one in units if visit.view.state(Agreements, one).valid_on(visit.today)]


def _choices(visit: Visit, kind: str, category: str) -> dict[str, list[tuple[str, str]]]:
    database, ledger = visit.store.database, visit.ledger
    waiting = units_board(database, ledger, Wanted(kind=kind), limit=_CLASSES_FROM).rows
    classes = sorted({row["category"] for row in waiting if row["category"]} | ({category} - {""}))
    kinds: dict[str, Filter] = {"kind": _WHOLE_PLACES}
    places = listed(
        database, tables.places, ledger, where=kinds, order=(("number", False),), after=None, limit=_PLACES
    ).rows
    return {
        "category": [(one, one) for one in classes],
        "place": [(row["place_id"], row["name"]) for row in places],
        "days": [(one, visit.t("partner.board.within", days=one)) for one in DAYS],
        "value": [(one, visit.t(f"partner.board.value_{one}")) for one in BANDS],
    }


def _days_left(visit: Visit, until_day: str | None) -> str:
    """By when it has to be taken, in words."""
    if until_day is None:
        return ""
    today = visit.today.isoformat()
    if until_day < today:
        return visit.t("partner.board.late")
    return visit.t(
        "partner.board.until_today" if until_day == today else "partner.board.until", day=visit.day(until_day)
    )


def _lease(visit: Visit, kind: str) -> str:
    """How long there is once it is taken."""
    stage = kind_of(kind).stage("claimed")
    days = policy_of(visit.view).number(stage.days_rule, visit.today) if stage is not None and stage.days_rule else 0
    return visit.t("partner.board.lease", days=days) if days else ""


def _wanted(visit: Visit, said: Mapping[str, str]) -> Wanted:
    """What the filters ask for; a value that is none of those offered asks for nothing."""
    database, ledger, place = visit.store.database, visit.ledger, said["place"]
    least, most = BANDS.get(said["value"], (None, None))
    last = visit.today + timedelta(days=int(said["days"])) if said["days"] in DAYS else None
    return Wanted(
        kind=said["kind"],
        category=said["category"],
        places=books.places_below(books.places(database, ledger), place) if place else None,
        until_day="" if last is None else last.isoformat(),
        least_fen=least,
        most_fen=most,
    )


def board_page(visit: Visit, said: Mapping[str, str], after: str | None) -> Response:
    """The board as the filters leave it. Raises Refused `bad_cursor`."""
    kind, units = said["kind"], units_of(visit)
    page = units_board(visit.store.database, visit.ledger, _wanted(visit, said), after=after, limit=_ROWS)
    able = units if kind != "listing" else signed_today(visit, units)
    as_units = [one for one in claimants_of(visit, kind) if one[0] in able] if able else []
    return visit.page(
        "partner_board.html",
        tab="units_board",
        rows=page.rows,
        titles=titles_of(visit, page.rows),
        names=labels(visit, [row["place"] for row in page.rows]),
        until={row["request_id"]: _days_left(visit, row["until_day"]) for row in page.rows},
        lease=_lease(visit, kind),
        kinds=[(one, visit.t(f"kind.{one}")) for one in KINDS],
        choices=_choices(visit, kind, said["category"]),
        chosen=said,
        as_units=as_units,
        units=units,
        unsigned=bool(units) and kind == "listing" and not able,
        more=page.next,
    )


def add_units_board(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/units-board`."""

    @pages.get("/{ledger}/units-board")
    def board(
        request: Request, ledger: str, kind: str = "", category: str = "", place: str = "", days: str = "",
        value: str = "", after: str | None = None,
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        chosen = kind if kind in KINDS else KINDS[0]
        said = {"kind": chosen, "category": category, "place": place, "days": days, "value": value}
        return board_page(visit, said, after or None)
