"""The tree of places: who answers for each, and what is open or late there and below."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from sqlalchemy import Select, bindparam, case, func, select
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.pages.worker.desk import OFFICE, holds_somewhere
from api.store import Store
from ledger.errors import NotFound
from projections.books import queries as books
from projections.books.engines.requests_tables import duties, profiles, progress
from projections.books.more_tables import requests
from projections.reading import Cells, fetch, many

_OPEN = ("claimed", "fulfilled", "posted", "published")


class Below(msgspec.Struct, frozen=True):
    """A place with what there is to know of it and all below. `duties` are office and name."""

    place: Cells
    href: str
    duties: list[tuple[str, str]]
    open: int
    late: int
    inner: int


def need_office(visit: Visit) -> Response | None:
    """None for workers and administrators, of whichever place; the way to sign in. Raises NotFound for others."""
    if not visit.caller.signed_in:
        return visit.sign_in_first()
    if not holds_somewhere(visit, OFFICE):
        raise NotFound("no_such_page")
    return None


def open_by_place(visit: Visit) -> tuple[Counter[str], Counter[str]]:
    """Requests under way by the place where each is, and how many of them are late; "" for none in particular."""

    def build() -> Select[Any]:
        r, p = requests.c, progress.c
        watched = requests.outerjoin(progress, (p.ledger == r.ledger) & (p.request_id == r.request_id))
        late = case(((p.stage == r.status) & (p.until_day < bindparam("d")), bindparam("one")), else_=bindparam("zero"))
        inner = requests.alias("inner_ones")
        states = inner.c.status.in_([bindparam(f"s{number}") for number in range(len(_OPEN))])
        # First those under way, by the index of states: the others are most of all requests there ever were.
        under_way = select(inner.c.request_id).where(inner.c.ledger == bindparam("l"), states)
        there = select(r.place, func.count(), func.sum(late)).select_from(watched)
        return there.where(r.ledger == bindparam("l"), r.request_id.in_(under_way)).group_by(r.place)

    given = {f"s{number}": name for number, name in enumerate(_OPEN)}
    database = visit.store.database
    with database.reading() as cursor:
        rows = fetch(
            database, cursor, "desk.tree", build, l=visit.ledger, d=visit.today.isoformat(), one=1, zero=0, **given
        )
    return Counter({row[0] or "": int(row[1]) for row in rows}), Counter({row[0] or "": int(row[2]) for row in rows})


def _added_up(places: list[Cells], found: Counter[str]) -> Counter[str]:
    """Figures of each place with those of all places below; parents stand before children."""
    whole = Counter(found)
    for row in reversed(places):
        if row["parent"]:
            whole[row["parent"]] += whole[row["place_id"]]
    return whole


def _duties(visit: Visit, place_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    rows = many(visit.store.database, duties, visit.ledger, "place_id", place_ids)
    active = sorted((row for row in rows if row["active"]), key=lambda row: int(row["number"]))
    names = labels(visit, [row["member_id"] for row in active], clear=visit.caller.sees_names)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in active:
        found[row["place_id"]].append((row["office"], names[row["member_id"]]))
    return found


def tree_page(visit: Visit, place_id: str) -> Response:
    """One place (or the top), the way up, and what is right below it. Raises NotFound `no_such_place`."""
    places = books.places(visit.store.database, visit.ledger)
    known = {row["place_id"]: row for row in places}
    if place_id and place_id not in known:
        raise NotFound("no_such_place", place=place_id)
    children = [row for row in places if (row["parent"] or "") == place_id]
    inner = Counter(row["parent"] or "" for row in places)
    counted, late = (_added_up(places, found) for found in open_by_place(visit))
    shown = [row["place_id"] for row in children] + ([place_id] if place_id else [])
    answering = _duties(visit, shown)
    chain: list[Cells] = []
    step = known.get(place_id)
    while step is not None:
        chain.insert(0, step)
        step = known.get(step["parent"] or "")
    profile = many(visit.store.database, profiles, visit.ledger, "place_id", [place_id]) if place_id else []
    return visit.page(
        "worker_tree.html", tab="work",
        place=known.get(place_id), chain=chain[:-1], duties=answering.get(place_id, []),
        households=profile[0]["households"] if profile else 0,
        open=counted[place_id] if place_id else sum(counted[row["place_id"]] for row in children) + counted[""],
        late=late[place_id] if place_id else sum(late[row["place_id"]] for row in children) + late[""],
        below=[
            Below(
                row, visit.url(f"tree/{row['place_id']}"), answering.get(row["place_id"], []),
                counted[row["place_id"]], late[row["place_id"]], inner[row["place_id"]],
            )
            for row in children
        ],
        appoints=bool(place_id) and visit.caller.holds(OFFICE, place_id),
    )  # fmt: skip


def add_tree(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/tree` and `/{ledger}/tree/{place_id}`."""

    @pages.get("/{ledger}/tree")
    def top(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        return need_office(visit) or tree_page(visit, "")

    @pages.get("/{ledger}/tree/{place_id}")
    def place(request: Request, ledger: str, place_id: str) -> Response:
        visit = Visit(store, request, ledger)
        return need_office(visit) or tree_page(visit, place_id)
