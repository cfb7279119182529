"""Who holds what where, and who may do what: the appointments, and the table of rights as people read it."""

from __future__ import annotations

from typing import get_args

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.asking import write_named
from api.pages.admin.forms import fund_names
from api.pages.admin.may import administering
from api.pages.common import Visit
from api.pages.naming import labels
from api.store import Store
from api.texts import text
from ledger.base import Right
from ledger.parties.commands import RoleName
from ledger.rights_table import RIGHTS
from projections.books import tables
from projections.reading import listed

_ROWS = 30
ROLES: tuple[str, ...] = get_args(RoleName)
_ORDER = ("community_worker", "administrator", "committee_member", "treasurer", "host_charity", "auditor")


class Held(msgspec.Struct, frozen=True):
    """One appointment: who, what, where ("" for the whole community), by whom, under which number, and who ends it how."""

    holder: str
    role: str
    where: str
    by: str
    position: int
    end: str


def _held(visit: Visit, role: str, after: str) -> Response:
    chosen = role if role in ROLES else ""
    page = listed(
        visit.store.database, tables.roles, visit.ledger, where={"active": 1, "role": chosen or None},
        order=(("version", True),), after=after or None, limit=_ROWS,
    )  # fmt: skip
    wanted = {one for row in page.rows for one in (row["holder"], row["granted_by"])}
    names = labels(visit, wanted, clear=True)
    scopes = labels(visit, {row["scope"] for row in page.rows if row["scope"]})
    scopes |= fund_names(visit)
    rows = [
        Held(
            names[row["holder"]], visit.t(f"role.{row['role']}"), scopes.get(row["scope"], ""),
            names.get(row["granted_by"], ""), int(row["version"]),
            "" if row["holder"] == visit.caller.actor else visit.url(
                "do/revoke-role", holder=row["holder"], role=row["role"], scope=row["scope"]
            ),
        )
        for row in page.rows
    ]  # fmt: skip
    picks = [("", visit.t("admin.roles.all")), *((one, visit.t(f"role.{one}")) for one in ROLES)]
    return visit.page("admin_roles.html", tab="admin", rows=rows, next=page.next, chosen=chosen, picks=picks)


def who(visit: Visit, right: Right) -> list[str]:
    """Who may give a command, in words."""
    if right == Right():
        return [visit.t("admin.rights.operator")]
    found = [visit.t(f"role.{role}") for role in _ORDER if role in right.roles]
    if right.own:
        found.append(visit.t("admin.rights.own"))
    if right.anybody:
        found.append(visit.t("admin.rights.anybody"))
    return found


def where(visit: Visit, right: Right) -> str:
    """Where a role held for one place counts, in words."""
    if not right.roles:
        return ""
    return visit.t("admin.rights.there" if right.at else "admin.rights.whole")


def _rights(visit: Visit, area: str) -> Response:
    by_area: dict[str, list[str]] = {}
    for name in RIGHTS:
        by_area.setdefault(write_named(name).tag, []).append(name)
    chosen = area if area in by_area else next(iter(by_area))
    between = visit.t("records.mark")
    rows = [
        (text(visit.lang, f"api.commands.{name}"), between.join(who(visit, RIGHTS[name])), where(visit, RIGHTS[name]))
        for name in by_area[chosen]
    ]
    picks = [(one, text(visit.lang, f"api.tags.{one}")) for one in by_area]
    return visit.page("admin_rights.html", tab="admin", rows=rows, picks=picks, chosen=chosen)


def add_roles(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/admin/roles` and `/{ledger}/admin/rights`."""

    @pages.get("/{ledger}/admin/roles")
    def roles(request: Request, ledger: str, role: str = "", after: str = "") -> Response:
        return _held(administering(store, request, ledger), role, after)

    @pages.get("/{ledger}/admin/rights")
    def rights(request: Request, ledger: str, area: str = "") -> Response:
        return _rights(administering(store, request, ledger), area)
