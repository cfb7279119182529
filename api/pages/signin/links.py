"""One-time links: the page where a new password and an authenticator are set."""

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


def _begun(visit: Visit, link: Link, secret: str, problem: NuanlinError | None = None, **typed: str) -> Response:
    """The first half (who, and a password), or the second (the authenticator) once the first is done."""
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
        secret=secret,
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


def add_links(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/begin/{secret}` and `…/finish`."""
    store = door.store

    @pages.get("/{ledger}/begin/{secret}")
    def begin_form(request: Request, ledger: str, secret: str) -> Response:
        visit = Visit(store, request, ledger)
        return _begun(visit, links.look(store, ledger, secret), secret)

    @pages.post("/{ledger}/begin/{secret}")
    def begin(
        request: Request, ledger: str, secret: str, name: _TEXT = "", phone: _TEXT = "", password: _TEXT = "",
        again: _TEXT = "",
    ) -> Response:  # fmt: skip
        check_origin(request)
        visit = Visit(store, request, ledger)
        link = links.look(store, ledger, secret)
        try:
            if password != again:
                raise Refused("passwords_differ", field="again")
            links.enter(store, ledger, link, password=password, name=name, phone=phone)
        except Refused as problem:
            return _begun(visit, link, secret, problem, name=name[:80], phone=phone[:40])
        return redirect(visit.url(f"begin/{secret}"))

    @pages.post("/{ledger}/begin/{secret}/finish")
    def finish(request: Request, ledger: str, secret: str, code: _TEXT = "") -> Response:
        check_origin(request)
        visit = Visit(store, request, ledger)
        link = links.look(store, ledger, secret)
        try:
            door.count(visit, "links", PASSWORDS, link.digest)
            actor, codes = links.complete(store, ledger, link, code)
        except (NotSignedIn, TooMany) as problem:
            return _begun(visit, link, secret, problem)
        # As with any new password: whoever else was in is out.
        with store.database.writing() as cursor:
            web_sessions.end_all(store, cursor, ledger, actor)
            devices.forget(store, cursor, ledger, actor)
            passwords.forget_tickets(store, cursor, ledger, actor)

        def told() -> Response:
            return shown(visit, "signin_recovery.html", tab="me", codes=codes, on=visit.url(), first=True)

        return door.let_in(visit, actor, "", via="password", account=actor, answer=told)
