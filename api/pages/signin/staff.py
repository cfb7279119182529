"""Staff: the password, then the second factor or a recovery code."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.finding import plain_phone
from api.pages.common import Visit, check_origin, redirect
from api.pages.signin.choosing import step_address, switched
from api.pages.signin.door import Door, shown
from api.problems import status_of
from api.signin import passwords
from api.signin.throttle import PASSWORDS
from ledger.errors import NotSignedIn, NuanlinError, TooMany
from ledger.journal.sql import Cursor

_TEXT = Annotated[str, Form()]


def _page(
    visit: Visit, template: str, step: str, after: str, problem: NuanlinError | None = None, *, typed: str = ""
) -> Response:
    return shown(
        visit,
        template,
        200 if problem is None else status_of(problem),
        tab="me",
        after=after,
        typed=typed[:60],
        over=problem is not None and problem.code == "ticket_over",
        sentence="" if problem is None else formats.error(problem, visit.lang),
        back=step_address(visit, "" if step == "/staff" else "/staff", after),
        switch=switched(visit, step_address(visit, step, after)),
    )


def _as_typed(account: str) -> str:
    """A number or phone number however it is spelled."""
    plain = "".join(unicodedata.normalize("NFKC", account[:80]).split()).casefold()
    return plain_phone(plain) or plain


def add_staff(pages: APIRouter, door: Door) -> None:
    """`/sign-in/staff` and `/sign-in/second`."""
    store = door.store

    @pages.get("/sign-in/staff")
    def staff_form(request: Request, ledger: str = "", after: str = "") -> Response:
        return _page(door.visited(request, ledger), "signin_staff.html", "/staff", after)

    @pages.post("/sign-in/staff")
    def staff(
        request: Request, ledger: _TEXT = "", account: _TEXT = "", password: _TEXT = "", after: _TEXT = ""
    ) -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        actor = passwords.account_named(store, visit.ledger, account)
        try:
            door.count(visit, "passwords", PASSWORDS, _as_typed(account), owner=actor)
            passwords.check(store, visit.ledger, actor, password)
        except (NotSignedIn, TooMany) as problem:
            return _page(visit, "signin_staff.html", "/staff", after, problem, typed=account)
        ticket = passwords.begin(store, visit.ledger, actor)
        return door.with_ticket(visit, redirect(step_address(visit, "/second", after)), ticket)

    @pages.get("/sign-in/second")
    def second_form(request: Request, ledger: str = "", after: str = "") -> Response:
        visit = door.visited(request, ledger)
        try:
            passwords.waiting(store, visit.ledger, door.ticket(visit))
        except NotSignedIn:
            return redirect(step_address(visit, "/staff", after))
        return _page(visit, "signin_second.html", "/second", after)

    @pages.post("/sign-in/second")
    def second(request: Request, ledger: _TEXT = "", code: _TEXT = "", after: _TEXT = "") -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        ticket = door.ticket(visit)

        def claim(cursor: Cursor) -> None:
            passwords.use_ticket(store, cursor, visit.ledger, ticket)

        try:
            actor = passwords.waiting(store, visit.ledger, ticket)
            door.count(visit, "seconds", PASSWORDS, actor)
            known = bool(door.known_device(visit, actor))
            passwords.finish(store, visit.ledger, ticket, code, known=known)
            return door.let_in(visit, actor, after, via="password", account=actor, claim=claim)
        except (NotSignedIn, TooMany) as problem:
            return _page(visit, "signin_second.html", "/second", after, problem)
