"""One's own password: a new one, and new recovery codes. Both ask for the present password, and for the second factor where
it was last shown a while ago: before the form, so that no password typed is kept in a page."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages import web_sessions
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.signin.door import Door, shown
from api.problems import status_of
from api.signin import devices, happenings, passwords, second
from api.signin.throttle import PASSWORDS
from ledger.errors import NotFound, NotSignedIn, NuanlinError, Refused, TooMany

_TEXT = Annotated[str, Form()]


def _page(visit: Visit, template: str, problem: NuanlinError | None = None) -> Response:
    field = "" if problem is None else str(problem.details.get("field", "current"))
    return shown(
        visit,
        template,
        200 if problem is None else status_of(problem),
        tab="more",
        least=passwords.LEAST_LETTERS,
        field=field,
        left=second.recovery_left(visit.store, visit.ledger, visit.caller.actor),
        sentence="" if problem is None else formats.error(problem, visit.lang),
    )


def add_passwords(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/password` and `/{ledger}/recovery`."""
    store = door.store

    def visited(request: Request, ledger: str, act: Literal["password", "recovery"]) -> Visit:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in or not passwords.has_password(store, ledger, visit.caller.actor):
            raise NotFound("no_such_page")
        visit.need_proof(act)
        return visit

    def prove(visit: Visit, current: str) -> None:
        """Raises NotSignedIn `bad_current`, TooMany `too_many_tries`."""
        door.count(visit, "current", PASSWORDS, visit.caller.actor)
        try:
            passwords.check(store, visit.ledger, visit.caller.actor, current)
        except NotSignedIn:
            raise NotSignedIn("bad_current", field="current") from None

    @pages.get("/{ledger}/password")
    def form(request: Request, ledger: str) -> Response:
        return _page(visited(request, ledger, "password"), "signin_password.html")

    @pages.post("/{ledger}/password")
    def change(
        request: Request, ledger: str, csrf: _TEXT = "", current: _TEXT = "", password: _TEXT = "", again: _TEXT = ""
    ) -> Response:
        visit = visited(request, ledger, "password")
        visit.check_form(csrf)
        actor = visit.caller.actor
        try:
            prove(visit, current)
            if password != again:
                raise Refused("passwords_differ", field="again")
            hashed = passwords.hash_of(password, labels(visit, [actor], clear=True)[actor])
        except (NotSignedIn, Refused, TooMany) as problem:
            return _page(visit, "signin_password.html", problem)
        with store.database.writing() as cursor:
            passwords.change_password(store, cursor, ledger, actor, hashed)
            web_sessions.end_all(store, cursor, ledger, actor, but=visit.session)
            devices.forget(store, cursor, ledger, actor)
        return redirect(visit.url("sign-ins", done="password"))

    @pages.get("/{ledger}/recovery")
    def recovery_form(request: Request, ledger: str) -> Response:
        return _page(visited(request, ledger, "recovery"), "signin_renew.html")

    @pages.post("/{ledger}/recovery")
    def recovery(request: Request, ledger: str, csrf: _TEXT = "", current: _TEXT = "") -> Response:
        visit = visited(request, ledger, "recovery")
        visit.check_form(csrf)
        actor = visit.caller.actor
        try:
            prove(visit, current)
        except (NotSignedIn, TooMany) as problem:
            return _page(visit, "signin_renew.html", problem)
        with store.database.writing() as cursor:
            codes = second.new_recovery(store, cursor, ledger, actor)
            happenings.note(store, cursor, ledger, actor, "recovery_renewed")
        return shown(visit, "signin_recovery.html", tab="more", codes=codes, on=visit.url("sign-ins"), first=False)
