"""Places with their collection points and who answers for them; fund items, services and need groups."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.admin.items import items_page, own_items
from api.pages.admin.may import administering
from api.pages.common import Visit
from api.pages.naming import labels
from api.store import Store
from api.texts import text
from projections.books import queries as books
from projections.books.engines.requests_tables import duties, profiles
from projections.books.engines.services_tables import need_groups, services
from projections.reading import Cells, listed, many

_ROWS, _FEW = 30, 20
_OLDEST = (("number", False),)
_NEWEST = (("number", True),)


def _places(visit: Visit, after: str, duties_after: str) -> Response:
    database, ledger = visit.store.database, visit.ledger
    places = books.places(database, ledger)
    names = {row["place_id"]: row["name"] for row in places}
    points = books.intake_points(database, ledger, after=after or None, limit=_ROWS)
    held = listed(database, duties, ledger, where={"active": 1}, order=_NEWEST, after=duties_after or None, limit=_ROWS)
    people = labels(visit, [row["member_id"] for row in held.rows], clear=True)
    kinds = Counter(str(row["kind"]) for row in places)
    stated = many(database, profiles, ledger, "place_id", names)
    return visit.page(
        "admin_places.html", tab="admin",
        kinds=[(visit.t(f"worker.tree.kind.{kind}"), count) for kind, count in kinds.items()],
        classes=_classes(stated), points=points, names=names,
        channels={row["channel"]: visit.t(f"admin.channel.{row['channel']}") for row in points.rows},
        duties=[(row, names.get(row["place_id"], ""), people[row["member_id"]]) for row in held.rows],
        duties_next=held.next,
    )  # fmt: skip


def _classes(stated: list[Cells]) -> list[tuple[str, int]]:
    """The community's own words for kinds of courtyard, and how many places each has."""
    return sorted(Counter(str(row["label"]) for row in stated if row["label"]).items())


def _funds(visit: Visit) -> list[tuple[str, str, list[Cells]]]:
    """Every fund with the service items that are open: slug, name, items in their order."""
    accounts = books.funds(visit.store.database, visit.ledger)
    return [
        (one.fund["slug"], one.fund["name"], [row for row in own_items(one.items) if not row["ended_on"]])
        for one in accounts
    ]


def _withdrawn(visit: Visit) -> list[tuple[str, str, Cells]]:
    """The services that were withdrawn last: name, provider, row."""
    page = listed(
        visit.store.database, services, visit.ledger, where={"status": "withdrawn"}, order=_NEWEST, after=None,
        limit=_FEW,
    )  # fmt: skip
    who = labels(visit, [row["provider"] for row in page.rows], clear=True)
    return [(row["name"], who[row["provider"]], row) for row in page.rows]


def _lists(visit: Visit, after: str) -> Response:
    database, ledger = visit.store.database, visit.ledger
    offered = listed(
        database, services, ledger, where={"status": "offered"}, order=_NEWEST, after=after or None, limit=_ROWS
    )
    providers = labels(visit, [row["provider"] for row in offered.rows], clear=True)
    groups = listed(database, need_groups, ledger, where={}, order=_OLDEST, after=None, limit=_ROWS)
    declared: list[dict[str, Any]] = [
        {
            "id": row["service_id"], "number": row["number"], "name": row["name"], "provider": providers[row["provider"]],
            "charge": text(visit.lang, f"sampling.value.charge_{row['charge']}"), "takes": visit.hours(row["minutes"]),
            "price": visit.yuan(row["price_fen"]) if row["price_fen"] else "", "reserved": row["reserved"],
        }
        for row in offered.rows
    ]  # fmt: skip
    return visit.page(
        "admin_lists.html", tab="admin", funds=_funds(visit),
        services=declared, services_next=offered.next, groups=groups.rows,
        withdrawn=[] if after else _withdrawn(visit),
    )  # fmt: skip


def add_lists(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin/places`, `/{ledger}/admin/lists` and `/{ledger}/admin/lists/{fund}`."""

    @pages.get("/{ledger}/admin/places")
    def places(request: Request, ledger: str, after: str = "", duties_after: str = "") -> Response:
        return _places(administering(store, request, ledger), after, duties_after)

    @pages.get("/{ledger}/admin/lists")
    def lists(request: Request, ledger: str, after: str = "") -> Response:
        return _lists(administering(store, request, ledger), after)

    @pages.get("/{ledger}/admin/lists/{fund}")
    def items(request: Request, ledger: str, fund: str) -> Response:
        return items_page(administering(store, request, ledger), fund)
