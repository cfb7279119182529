"""For administrators: who of the staff can sign in, one-time links for them, and the end of their sign-ins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages import web_sessions
from api.pages.common import Visit, redirect
from api.pages.menu import administers
from api.pages.naming import labels
from api.pages.papers.sending import home_of
from api.pages.signin.door import Door, picture_of, shown
from api.problems import status_of
from api.signin import devices, happenings, links, passwords
from api.signin.rows import drop, found
from api.signin.strength import STAFF_ROLES
from api.store import Store
from ledger.errors import NotFound, NuanlinError
from ledger.ids import PERSON, prefix_of
from ledger.journal.sign_in_tables import sign_in_passwords, sign_in_recovery
from projections.books import tables
from projections.reading import many

_TEXT = Annotated[str, Form()]
_MOST = 200


def staff_of(store: Store, ledger: str) -> dict[str, list[str]]:
    """The members of the staff with their roles, by id."""
    rows = many(store.database, tables.roles, ledger, "role", sorted(STAFF_ROLES))
    found_roles: dict[str, list[str]] = {}
    for row in rows:
        if row["active"] and prefix_of(row["holder"]) == PERSON:
            roles = found_roles.setdefault(row["holder"], [])
            if row["role"] not in roles:
                roles.append(row["role"])
    return dict(sorted(found_roles.items())[:_MOST])


def _staff(visit: Visit, problem: NuanlinError | None = None) -> Response:
    store, ledger = visit.store, visit.ledger
    people = staff_of(store, ledger)
    ready = {row["actor"] for row in found(store, sign_in_passwords, ledger)}
    names = labels(visit, people, clear=True)
    between = visit.t("signin.staff.between")
    rows = [
        (one, names[one], between.join(visit.t(f"role.{role}") for role in roles), one in ready)
        for one, roles in people.items()
    ]
    return shown(
        visit,
        "signin_people.html",
        200 if problem is None else status_of(problem),
        tab="more",
        people=rows,
        me=visit.caller.actor,
        hours=links.HOURS,
        sentence="" if problem is None else formats.error(problem, visit.lang),
        done=visit.request.query_params.get("done", "") if visit.request.method == "GET" else "",
    )


def add_people(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/staff`, `…/staff/link` and `…/staff/end`."""
    store = door.store

    def administering(request: Request, ledger: str) -> Visit:
        """The visit of an administrator of the whole community: to all others there is no such page. Who keeps one
        place alone could otherwise sign in as somebody who keeps all of them."""
        visit = Visit(store, request, ledger)
        if not administers(visit):
            raise NotFound("no_such_page")
        return visit

    @pages.get("/{ledger}/staff")
    def staff(request: Request, ledger: str) -> Response:
        return _staff(administering(request, ledger))

    @pages.post("/{ledger}/staff/link")
    def link(request: Request, ledger: str, csrf: _TEXT = "", member: _TEXT = "") -> Response:
        visit = administering(request, ledger)
        visit.check_form(csrf)
        visit.need_proof("give_link")
        try:
            secret = links.create(store, ledger, member, by=visit.caller.actor)
        except NuanlinError as problem:
            return _staff(visit, problem)
        address = f"{home_of(request)}{visit.url('begin/' + secret)}"
        name = labels(visit, [member], clear=True)[member]
        return shown(
            visit,
            "signin_given.html",
            tab="more",
            name=name,
            address=address,
            hours=links.HOURS,
            code=picture_of(address),
        )

    @pages.post("/{ledger}/staff/end")
    def end(request: Request, ledger: str, csrf: _TEXT = "", member: _TEXT = "") -> Response:
        visit = administering(request, ledger)
        visit.check_form(csrf)
        visit.need_proof("end_sign_in")
        if member not in staff_of(store, ledger) and not passwords.has_password(store, ledger, member):
            raise NotFound("no_such_member", member=member)
        mine = {"ledger": ledger, "actor": member}
        with store.database.writing() as cursor:
            for table in (sign_in_passwords, sign_in_recovery):
                drop(store.database, cursor, table, mine)
            devices.forget(store, cursor, ledger, member)
            links.take_back(store, cursor, ledger, member)
            passwords.forget_tickets(store, cursor, ledger, member)
            web_sessions.end_all(store, cursor, ledger, member)
            happenings.note(store, cursor, ledger, member, "password_ended", by=visit.caller.actor)
        return redirect(visit.url("staff", done="ended"))
