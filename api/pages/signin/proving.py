"""Before a grave act: show again that it is you, then go on with what was sent. What is grave stands in `api.signin.grave`.

What was sent is kept in the page that asks, as its sender's own hidden answers, and sent on by the browser itself (307): the
act is decided where it always is, with the key it already had. Nothing of it stays at the server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import formats
from api.finding import plain_phone
from api.pages import web_sessions
from api.pages.common import HEADERS, Visit, local, redirect
from api.pages.forms.posted import form_data
from api.pages.signin.door import Door, shown
from api.people import People, mask_phone
from api.problems import status_of
from api.signin import codes, second
from api.signin.grave import MINUTES, ProofNeeded
from api.signin.throttle import ANSWERS, CODES, PASSWORDS
from api.store import Store
from ledger.errors import NotFound, NotSignedIn, NotYours, NuanlinError
from projections.books import queries as books

_OURS = "proof."
"""How the names of our own boxes begin, among the answers that are kept."""
_MOST = 20_000


class Asking(msgspec.Struct, frozen=True):
    """What the page carries: where to go on, what was sent there (None: nothing, the page is asked for), and the ticket of a
    code on its way."""

    to: str
    kept: list[tuple[str, str]] | None
    ticket: str = ""


def _phone_of(visit: Visit) -> str:
    """The phone number of who is signed in, as the community has it; "" without one."""
    row = books.member(visit.store.database, visit.ledger, visit.caller.actor)
    words = People(visit.store, visit.ledger).words([row["words"]] if row else [])
    return plain_phone(str(next(iter(words.values()), {}).get("phone") or ""))


def _page(door: Door, visit: Visit, asking: Asking, problem: NuanlinError | None = None) -> Response:
    """The page that asks: staff for the second factor, others for a code that is sent on a press, or to scan their card anew."""
    staff = visit.session is not None and visit.session.via == "password"
    phone = "" if staff or door.courier is None else _phone_of(visit)
    response = shown(
        visit,
        "signin_prove.html",
        401 if problem is None else status_of(problem),
        tab="me",
        staff=staff,
        phone=mask_phone(phone) if phone else "",
        to=asking.to,
        kept=asking.kept,
        ticket=asking.ticket,
        minutes=MINUTES,
        sentence="" if problem is None else formats.error(problem, visit.lang),
        leave=visit.url(),
    )
    if visit.request.headers.get("hx-request") == "true":
        # In place of the piece of a page that asked; htmx shows nothing of a refusal.
        response.status_code = 200
        response.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return response


def _shows(door: Door, visit: Visit, session: web_sessions.WebSession, asking: Asking, code: str) -> None:
    """Take what was shown and note it; raises NotSignedIn (`bad_second`, `code_over`, `code_wrong`), TooMany."""
    store, ledger, actor = visit.store, visit.ledger, session.actor
    if session.via == "password":
        door.count(visit, "seconds", PASSWORDS, actor)
        use = second.use_recovery if second.looks_like_recovery(code) else second.use_code
        if not use(store, ledger, actor, code):
            raise NotSignedIn("bad_second")
        with store.database.writing() as cursor:
            web_sessions.prove(store, cursor, session)
        return
    phone = codes.phone_of(store, ledger, asking.ticket)
    door.count(visit, "answers", ANSWERS, codes.account_of(store, ledger, phone))
    if actor not in codes.answer(store, ledger, asking.ticket, code).all:
        raise NotSignedIn("code_over")
    with store.database.writing() as cursor:
        codes.redeem(store, cursor, ledger, asking.ticket)
        web_sessions.prove(store, cursor, session)


def _sent(door: Door, visit: Visit, asking: Asking) -> Asking:
    """The same with a code on its way; raises TooMany, NotFound where there is no phone to send one to."""
    phone = _phone_of(visit)
    if door.courier is None or not phone:
        raise NotFound("no_such_page")
    door.count(visit, "codes", CODES, codes.account_of(visit.store, visit.ledger, phone))
    asked = codes.ask(visit.store, visit.ledger, phone)
    door.courier.take(visit.ledger, visit.name, asked.phone, asked.code, visit.lang)
    return msgspec.structs.replace(asking, ticket=asked.ticket)


def _texts(data: FormData) -> list[tuple[str, str]]:
    return [(name, str(value)[:_MOST]) for name, value in data.multi_items()]


def _answered(door: Door, visit: Visit, data: FormData) -> Response:
    said = dict(_texts(data))
    visit.check_form(said.get("csrf", ""))
    session = visit.session
    assert session is not None
    kept = None if "proof.get" in said else [one for one in _texts(data) if not one[0].startswith(_OURS)]
    asking = Asking(local(said.get("proof.to", ""), visit.url()), kept, said.get("proof.ticket", "")[:100])
    if "proof.stay" in said:
        return _page(door, visit, asking)  # in the other language
    try:
        if "proof.send" in said:
            return _page(door, visit, _sent(door, visit, asking))
        _shows(door, visit, session, asking, said.get("proof.code", ""))
    except NuanlinError as problem:
        return _page(door, visit, asking, problem)
    if asking.kept is None:
        return redirect(asking.to)
    return RedirectResponse(asking.to, 307, {**HEADERS, "Cache-Control": "no-store"})


def add_proving(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/prove`."""

    @pages.get("/{ledger}/prove")
    def ask(request: Request, ledger: str, after: str = "") -> Response:
        visit = Visit(door.store, request, ledger)
        if visit.session is None:
            return visit.sign_in_first(visit.url())
        to = local(after, visit.url())
        return redirect(to) if visit.caller.proved else _page(door, visit, Asking(to, None))

    @pages.post("/{ledger}/prove")
    def prove(request: Request, ledger: str, data: FormData = Depends(form_data)) -> Response:
        return _answered(door, Visit(door.store, request, ledger), data)


Handler = Callable[[Request, Exception], Awaitable[Response]]


def asks_for_proof(store: Store) -> Handler:
    """What answers a grave act of who has shown nothing lately."""
    door = Door(store)

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProofNeeded)
        query = f"?{request.url.query}" if request.url.query else ""
        here = request.url.path + query
        # The form was read already, by the page that refused; this is what it read.
        data = await request.form() if request.method == "POST" and error.keep else None
        return await run_in_threadpool(_ask, door, request, here, data)

    return answer


def _ask(door: Door, request: Request, here: str, data: FormData | None) -> Response:
    visit = Visit(door.store, request, here.split("/")[1])
    if data is not None:
        # Only what one of our own forms sent is sent on: the page that asks carries the mark of our forms.
        with suppress(NotYours):
            visit.check_form(str(data.get("csrf", "")))
            return _page(door, visit, Asking(here, _texts(data)))
    return redirect(visit.url("prove", after=here if data is None else ""))


def install(app: FastAPI, store: Store) -> None:
    """Let the pages of an application ask."""
    app.add_exception_handler(ProofNeeded, asks_for_proof(store))
