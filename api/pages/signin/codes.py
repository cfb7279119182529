"""By phone: the number, then the code; then, where a family shares the phone, who it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.finding import plain_phone
from api.pages.common import Visit, check_origin, redirect
from api.pages.naming import labels
from api.pages.signin.choosing import chosen, step_address, switched
from api.pages.signin.door import Door, shown
from api.people import mask_phone
from api.problems import status_of
from api.signin import codes
from api.signin.codes import Proved
from api.signin.throttle import ANSWERS, CODES
from ledger.errors import NotFound, NotSignedIn, NuanlinError, Refused, TooMany
from ledger.journal.sql import Cursor

_TEXT = Annotated[str, Form()]


def _asked(visit: Visit, phone: str, after: str, problem: NuanlinError | None = None) -> Response:
    """The page for the code. It says the same whether or not the number is anybody's."""
    return shown(
        visit,
        "signin_code.html",
        200 if problem is None else status_of(problem),
        tab="me",
        phone=mask_phone(phone),
        minutes=codes.MINUTES,
        after=after,
        over=problem is not None and problem.code == "code_over",
        sentence="" if problem is None else formats.error(problem, visit.lang),
        again=step_address(visit, "", after),
        switch=switched(visit, step_address(visit, "/code", after)),
    )


def _enter(door: Door, visit: Visit, proved: Proved, member: str, ticket: str, after: str) -> Response:
    def claim(cursor: Cursor) -> None:
        codes.redeem(door.store, cursor, visit.ledger, ticket)

    if member in proved.beginners:
        return door.let_begin(visit, member, claim=claim)
    return door.let_in(visit, member, after, via="code", account=proved.account, claim=claim)


def _who(visit: Visit, proved: Proved, after: str) -> Response:
    return shown(
        visit,
        "signin_who.html",
        tab="me",
        people=list(labels(visit, proved.all, numbered=True).items()),
        staff=step_address(visit, "/staff", after) if proved.staff else "",
        after=after,
        switch=switched(visit, step_address(visit, "/who", after)),
    )


def add_codes(pages: APIRouter, door: Door) -> None:
    """`/sign-in/phone`, `/sign-in/code` and `/sign-in/who`."""
    store = door.store

    @pages.post("/sign-in/phone")
    def phone(request: Request, ledger: _TEXT = "", phone: _TEXT = "", after: _TEXT = "") -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        if door.courier is None:
            raise NotFound("no_such_page")
        plain = plain_phone(phone)
        try:
            if not plain:
                raise Refused("phone_unreadable", field="phone")
            door.count(visit, "codes", CODES, codes.account_of(store, visit.ledger, plain))
        except (Refused, TooMany) as problem:
            return chosen(door, visit, after, problem=problem, field="phone", typed=phone)
        asked = codes.ask(store, visit.ledger, plain)
        door.courier.take(visit.ledger, visit.name, asked.phone, asked.code, visit.lang)
        return door.with_ticket(visit, redirect(step_address(visit, "/code", after)), asked.ticket)

    @pages.get("/sign-in/code")
    def code_form(request: Request, ledger: str = "", after: str = "") -> Response:
        visit = door.visited(request, ledger)
        known = codes.phone_of(store, visit.ledger, door.ticket(visit))
        return _asked(visit, known, after) if known else redirect(step_address(visit, "", after))

    @pages.post("/sign-in/code")
    def code(request: Request, ledger: _TEXT = "", code: _TEXT = "", after: _TEXT = "") -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        ticket = door.ticket(visit)
        known = codes.phone_of(store, visit.ledger, ticket)
        try:
            door.count(visit, "answers", ANSWERS, codes.account_of(store, visit.ledger, known))
            proved = codes.answer(store, visit.ledger, ticket, code)
            if len(proved.all) == 1 and not proved.staff:
                return _enter(door, visit, proved, proved.all[0], ticket, after)
        except (NotSignedIn, TooMany) as problem:
            return _asked(visit, known, after, problem)
        return redirect(step_address(visit, "/who", after))

    @pages.get("/sign-in/who")
    def who_form(request: Request, ledger: str = "", after: str = "") -> Response:
        visit = door.visited(request, ledger)
        try:
            return _who(visit, codes.proved(store, visit.ledger, door.ticket(visit)), after)
        except NotSignedIn:
            return redirect(step_address(visit, "", after))

    @pages.post("/sign-in/who")
    def who(request: Request, ledger: _TEXT = "", person: _TEXT = "", after: _TEXT = "") -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        ticket = door.ticket(visit)
        try:
            proved = codes.proved(store, visit.ledger, ticket)
            if person not in proved.all:
                return _who(visit, proved, after)
            return _enter(door, visit, proved, person, ticket, after)
        except NotSignedIn as problem:
            return _asked(visit, "", after, problem)
