"""What hours are for: giving, the pool, services of neighbours and units, and kin."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.naming import labels
from api.store import Store
from api.texts import text
from ledger.errors import NotFound
from ledger.hours.state import Terms
from ledger.parties.state import acts_for
from ledger.services.decisions import cost_minutes
from projections.books import queries as books
from projections.books.engines.services_tables import kin_ties, service_reservations, services
from projections.reading import Cells, Page, listed, many, one

_NEWEST = (("number", True),)
_ROWS = 20


def need_own(visit: Visit, member: str) -> Cells:
    """A member whose affairs are those of who looks; for everybody else there is none. Raises NotFound."""
    row = books.member(visit.store.database, visit.ledger, member)
    if row is None or not visit.caller.signed_in or not acts_for(visit.view, visit.caller.actor, member):
        raise NotFound("no_such_member", member=member)
    return row


def service_row(visit: Visit, service_id: str) -> Cells | None:
    """One service; services are public."""
    return one(visit.store.database, services, visit.ledger, service_id=service_id)


def cost_of(visit: Visit, row: Cells) -> int:
    """What a service costs in minutes today."""
    return cost_minutes(visit.view, row["charge"], row["minutes"], visit.today)


def reservation_row(visit: Visit, reservation_id: str) -> Cells | None:
    """A reservation of a service, for whose affair it is."""
    row = one(visit.store.database, service_reservations, visit.ledger, reservation_id=reservation_id)
    return row if row is not None and visit.reads_affairs_of(row["member"]) else None


def _offered(visit: Visit, after: str | None) -> Page:
    return listed(
        visit.store.database, services, visit.ledger, where={"status": "offered"}, order=_NEWEST, after=after,
        limit=_ROWS,
    )  # fmt: skip


def _reserved(visit: Visit, member: str) -> list[Cells]:
    page = listed(
        visit.store.database, service_reservations, visit.ledger,
        where={"member": member, "status": ("reserved", "performed")}, order=_NEWEST, after=None, limit=_ROWS,
    )  # fmt: skip
    return page.rows


def use_page(visit: Visit, member: str, after: str | None) -> Response:
    """What can be done with hours, and what is under way."""
    need_own(visit, member)
    database, ledger = visit.store.database, visit.ledger
    offered = _offered(visit, after)
    reserved = [] if after else _reserved(visit, member)
    plain = [] if after else books.reservations_of(database, ledger, member, status="open", limit=_ROWS).rows
    named = many(database, services, ledger, "service_id", [row["service_id"] for row in reserved])
    parties = [row["provider"] for row in [*offered.rows, *reserved, *plain]]
    return visit.page(
        "volunteer_use.html",
        tab="me",
        member=member,
        own=visit.caller.actor == member,
        name=labels(visit, [member], clear=True)[member],
        hours=books.hours_of(database, ledger, member),
        offered=offered.rows,
        charges={one: text(visit.lang, f"sampling.value.charge_{one}") for one in ("free", "low_cost", "paid")},
        costs={row["service_id"]: cost_of(visit, row) for row in offered.rows},
        reserved=reserved,
        plain=plain,
        called={row["service_id"]: row["name"] for row in named},
        names=labels(visit, [*parties, *(row["place"] for row in offered.rows)]),
        more=offered.next,
        further=after is not None,
        kin=bool(visit.view.state(Terms, member).kin),
    )


def kin_rows(visit: Visit, member: str) -> list[Cells]:
    """Ties of kin in which a member is either of the two and which nobody ended, newest first."""
    found: dict[str, Cells] = {}
    for column in ("member", "kin"):
        page = listed(
            visit.store.database, kin_ties, visit.ledger,
            where={column: member, "status": ("proposed", "registered")}, order=_NEWEST, after=None, limit=_ROWS,
        )  # fmt: skip
        found |= {row["kin_id"]: row for row in page.rows}
    return sorted(found.values(), key=lambda row: -int(row["number"]))


def kin_page(visit: Visit, member: str) -> Response:
    """Who is kin, who said so, and whose word is still awaited."""
    need_own(visit, member)
    rows = kin_rows(visit, member)
    other = {row["kin_id"]: row["kin"] if row["member"] == member else row["member"] for row in rows}
    return visit.page(
        "volunteer_kin.html",
        tab="me",
        member=member,
        own=visit.caller.actor == member,
        rows=rows,
        other=other,
        relations={row["relation"]: text(visit.lang, f"sampling.value.relation_{row['relation']}") for row in rows},
        names=labels(visit, list(other.values()), clear=visit.caller.sees_names, numbered=True),
    )


def add_using(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/members/{member}/use` and `…/kin`."""

    @pages.get("/{ledger}/members/{member}/use")
    def use(request: Request, ledger: str, member: str, after: str | None = None) -> Response:
        return use_page(Visit(store, request, ledger), member, after)

    @pages.get("/{ledger}/members/{member}/kin")
    def kin(request: Request, ledger: str, member: str) -> Response:
        return kin_page(Visit(store, request, ledger), member)
