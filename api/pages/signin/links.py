"""Where a new password and an authenticator are set: behind a one-time link, or behind a session that is good for nothing
else, of who holds an office and has no password yet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages import web_sessions
from api.pages.common import Visit, check_origin, redirect
from api.pages.naming import labels
from api.pages.signin.door import Door, picture_of, shown
from api.problems import status_of
from api.signin import devices, links, passwords, second
from api.signin.links import FIRST, Link
from api.signin.throttle import PASSWORDS
from ledger.errors import NotSignedIn, NuanlinError, Refused, TooMany

_TEXT = Annotated[str, Form()]


def _begun(visit: Visit, link: Link, where: str, problem: NuanlinError | None = None, **typed: str) -> Response:
    """The first half (who, and a password), or the second (the authenticator) once the first is done; `where` is the
    page's address within the ledger."""
    pending = None if isinstance(problem, Refused) else link.pending
    field = str(problem.details.get("field", "")) if problem is not None else ""
    name = pending.name if pending else ""
    if link.actor != FIRST:
        name = labels(visit, [link.actor], clear=True)[link.actor]
    code = second.address_of(pending.totp, name=name, community=visit.name) if pending else ""
    return shown(
        visit,
        "signin_link.html",
        200 if problem is None else status_of(problem),
        tab="me",
        first=link.actor == FIRST,
        name=name,
        where=where,
        csrf=visit.beginning.csrf if link.own and visit.beginning else "",
        minutes=links.BEGIN_MINUTES,
        least=passwords.LEAST_LETTERS,
        totp=_spaced(pending.totp) if pending else "",
        code=picture_of(code) if code else "",
        address=code,
        field=field,
        typed={"name": "", "phone": "", **typed},
        sentence="" if problem is None else formats.error(problem, visit.lang),
    )


def _spaced(totp: str) -> str:
    return " ".join(totp[start : start + 4] for start in range(0, len(totp), 4))


def _enter(visit: Visit, link: Link, where: str, typed: dict[str, str]) -> Response:
    """Keep the first half; `typed` holds password, again, name and phone."""
    name, phone = typed.get("name", ""), typed.get("phone", "")
    try:
        if typed["password"] != typed["again"]:
            raise Refused("passwords_differ", field="again")
        links.enter(visit.store, visit.ledger, link, password=typed["password"], name=name, phone=phone)
    except Refused as problem:
        return _begun(visit, link, where, problem, name=name[:80], phone=phone[:40])
    return redirect(visit.url(where))


def _finish(door: Door, visit: Visit, link: Link, where: str, code: str) -> Response:
    """Set both, and let in: under a fresh secret, and whoever else was in as this member is out, as with any new password."""
    store, ledger = visit.store, visit.ledger
    try:
        door.count(visit, "links", PASSWORDS, link.digest)
        actor, codes = links.complete(store, ledger, link, code)
    except (NotSignedIn, TooMany) as problem:
        return _begun(visit, link, where, problem)
    with store.database.writing() as cursor:
        web_sessions.end_all(store, cursor, ledger, actor)
        devices.forget(store, cursor, ledger, actor)
        passwords.forget_tickets(store, cursor, ledger, actor)

    def told() -> Response:
        return shown(visit, "signin_recovery.html", tab="me", codes=codes, on=visit.url(), first=True)

    return door.let_in(visit, actor, "", via="password", account=actor, answer=told)


def add_links(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/begin/{secret}` and `…/finish`; `/{ledger}/set-up` and `…/finish`."""
    store = door.store

    @pages.get("/{ledger}/begin/{secret}")
    def begin_form(request: Request, ledger: str, secret: str) -> Response:
        visit = Visit(store, request, ledger)
        return _begun(visit, links.look(store, ledger, secret), f"begin/{secret}")

    @pages.post("/{ledger}/begin/{secret}")
    def begin(
        request: Request, ledger: str, secret: str, name: _TEXT = "", phone: _TEXT = "", password: _TEXT = "",
        again: _TEXT = "",
    ) -> Response:  # fmt: skip
        check_origin(request)
        visit = Visit(store, request, ledger)
        typed = {"password": password, "again": again, "name": name, "phone": phone}
        return _enter(visit, links.look(store, ledger, secret), f"begin/{secret}", typed)

    @pages.post("/{ledger}/begin/{secret}/finish")
    def finish(request: Request, ledger: str, secret: str, code: _TEXT = "") -> Response:
        check_origin(request)
        visit = Visit(store, request, ledger)
        return _finish(door, visit, links.look(store, ledger, secret), f"begin/{secret}", code)

    def own_link(visit: Visit) -> Link:
        assert visit.beginning is not None
        return links.look(store, visit.ledger, visit.beginning.secret, own=True)

    @pages.get("/{ledger}/set-up")
    def set_up_form(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        if visit.beginning is None:
            return redirect(f"/sign-in?ledger={ledger}")
        return _begun(visit, own_link(visit), "set-up")

    @pages.post("/{ledger}/set-up")
    def set_up(request: Request, ledger: str, csrf: _TEXT = "", password: _TEXT = "", again: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf, beginning=True)
        return _enter(visit, own_link(visit), "set-up", {"password": password, "again": again})

    @pages.post("/{ledger}/set-up/finish")
    def set_up_finish(request: Request, ledger: str, csrf: _TEXT = "", code: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf, beginning=True)
        return _finish(door, visit, own_link(visit), "set-up", code)
