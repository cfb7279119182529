"""The first page: by phone, by card, as staff; by an API token, and in the demo as one of its cast. And the way out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats, tokens
from api.demo import SignIn, sign_ins, token_file
from api.pages import web_sessions
from api.pages.common import Visit, check_origin, redirect
from api.pages.signin.door import Door, shown
from api.problems import status_of
from api.store import Store
from ledger.errors import NotSignedIn, NuanlinError

_TEXT = Annotated[str, Form()]


def demo_people(store: Store, ledger: str) -> list[SignIn]:
    """The persons anybody may sign in as: only where the demo was filled into this very store, which left its file."""
    return sign_ins(store, ledger) if token_file(store).exists() else []


def step_address(visit: Visit, step: str, after: str = "", **more: str) -> str:
    """The address of a step of signing in (`/sign-in/code`), with the ledger and where to go on to afterwards."""
    given = {"ledger": visit.ledger, "after": after, **more}
    return f"/sign-in{step}?{urlencode({name: value for name, value in given.items() if value})}"


def switched(visit: Visit, address: str) -> str:
    """The same page in the other language, also where this one answers a form."""
    other = "en" if visit.lang == "zh" else "zh"
    return f"{address}{'&' if '?' in address else '?'}lang={other}"


def chosen(
    door: Door, visit: Visit, after: str, *, problem: NuanlinError | None = None, field: str = "", typed: str = ""
) -> Response:
    """The first page; with what went wrong at a field of it (`phone`, `token`)."""
    return shown(
        visit,
        "signin_choose.html",
        200 if problem is None else status_of(problem),
        tab="me",
        people=demo_people(door.store, visit.ledger),
        after=after,
        by_phone=door.courier is not None,
        sentence=_sentence(visit, problem),
        field=field,
        typed=typed[:40],
        staff=step_address(visit, "/staff", after),
        switch=switched(visit, step_address(visit, "", after)),
    )


def _sentence(visit: Visit, problem: NuanlinError | None) -> str:
    if problem is None:
        return ""
    # A program's token is not what people call it.
    return visit.t("signin.choose.bad_token") if problem.code == "bad_token" else formats.error(problem, visit.lang)


def add_choosing(pages: APIRouter, door: Door) -> None:
    """`/sign-in` and `/sign-out`."""
    store = door.store

    @pages.get("/sign-in")
    def sign_in_form(request: Request, ledger: str = "", after: str = "") -> Response:
        return chosen(door, door.visited(request, ledger), after)

    @pages.post("/sign-in")
    def sign_in(
        request: Request, ledger: _TEXT = "", token: _TEXT = "", person: _TEXT = "", after: _TEXT = ""
    ) -> Response:
        check_origin(request)
        visit = door.visited(request, ledger)
        if person:
            known = next((one for one in demo_people(store, visit.ledger) if one.member_id == person), None)
            if known is None:
                return chosen(door, visit, after, problem=NotSignedIn("bad_token"), field="token")
            return door.let_in(visit, person, after, via="demo", proof=tokens.digest_of(known.token))
        try:
            actor = tokens.verify(store, visit.ledger, token.strip())
        except NotSignedIn as problem:
            return chosen(door, visit, after, problem=problem, field="token")
        return door.let_in(visit, actor, after, via="token", proof=tokens.digest_of(token.strip()))

    @pages.post("/sign-out")
    def sign_out(request: Request, ledger: _TEXT = "", csrf: _TEXT = "") -> Response:
        visit = door.visited(request, ledger)
        visit.check_form(csrf, beginning=visit.beginning is not None)
        session = visit.session or visit.beginning
        if session is not None:
            web_sessions.end(store, session)
        response = redirect(visit.url())
        response.delete_cookie(web_sessions.COOKIE, path="/", httponly=True, samesite="strict")
        # Pages that the browser keeps whole for its Back button would still show whose they were (on a shared computer).
        response.headers["Clear-Site-Data"] = '"cache"'
        return response
