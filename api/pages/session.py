"""Signing in and out. At this stage by an API token; the demo community also offers its cast by name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import tokens
from api.demo import SignIn, sign_ins, token_file
from api.pages import web_sessions
from api.pages.common import Visit, check_origin, default_ledger, local, redirect
from api.store import Store
from ledger.errors import NotFound, NotSignedIn
from ledger.ids import PERSON, prefix_of

_TEXT = Annotated[str, Form()]


def demo_people(store: Store, ledger: str) -> list[SignIn]:
    """The persons anybody may sign in as: only where the demo was filled into this very store, which left its file."""
    return sign_ins(store, ledger) if token_file(store).exists() else []


def home_of(visit: Visit, actor: str) -> str:
    """Where somebody lands after signing in: a member at their own statement."""
    return visit.url(f"members/{actor}") if prefix_of(actor) == PERSON else visit.url()


def add_session(pages: APIRouter, store: Store) -> None:
    """`/sign-in` and `/sign-out`."""

    def visited(request: Request, ledger: str) -> Visit:
        wanted = ledger or default_ledger(store)
        if wanted is None:
            raise NotFound("no_such_ledger", ledger=ledger)
        return Visit(store, request, wanted)

    def asked(visit: Visit, after: str, problem: NotSignedIn | None = None) -> Response:
        people = demo_people(store, visit.ledger)
        status = 200 if problem is None else problem.status
        return visit.page("sign_in.html", status, tab="me", people=people, after=after, problem=problem)

    def signed_in(visit: Visit, actor: str, after: str, *, via: str, proof: str = "") -> Response:
        if visit.session is not None:
            web_sessions.end(store, visit.session)
        session = web_sessions.begin(store, visit.ledger, actor, via=via, proof=proof)
        response = redirect(local(after, home_of(visit, actor)))
        response.set_cookie(
            web_sessions.COOKIE, session.cookie, max_age=web_sessions.DAYS * 24 * 3600, path="/", httponly=True,
            samesite="strict", secure=visit.request.url.scheme == "https",
        )  # fmt: skip
        return response

    @pages.get("/sign-in")
    def sign_in_form(request: Request, ledger: str = "", after: str = "") -> Response:
        return asked(visited(request, ledger), after)

    @pages.post("/sign-in")
    def sign_in(
        request: Request, ledger: _TEXT = "", token: _TEXT = "", person: _TEXT = "", after: _TEXT = ""
    ) -> Response:
        check_origin(request)
        visit = visited(request, ledger)
        if person:
            chosen = next((one for one in demo_people(store, visit.ledger) if one.member_id == person), None)
            if chosen is None:
                return asked(visit, after, NotSignedIn("bad_token"))
            return signed_in(visit, person, after, via="demo", proof=tokens.digest_of(chosen.token))
        try:
            actor = tokens.verify(store, visit.ledger, token.strip())
        except NotSignedIn as problem:
            return asked(visit, after, problem)
        return signed_in(visit, actor, after, via="token", proof=tokens.digest_of(token.strip()))

    @pages.post("/sign-out")
    def sign_out(request: Request, ledger: _TEXT = "", csrf: _TEXT = "") -> Response:
        visit = visited(request, ledger)
        visit.check_form(csrf)
        if visit.session is not None:
            web_sessions.end(store, visit.session)
        response = redirect(visit.url())
        response.delete_cookie(web_sessions.COOKIE, path="/", httponly=True, samesite="strict")
        return response
