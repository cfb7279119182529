"""Where somebody is signed in, by what they can sign in, and what happened around it: theirs to see and to end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api.pages import web_sessions
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.signin.door import Door, shown
from api.signin import cards, devices, happenings, links, passwords, second
from api.store import Store

_TEXT = Annotated[str, Form()]


def _mine(visit: Visit, store: Store) -> Response:
    actor, ledger = visit.caller.actor, visit.ledger
    known = [
        one for one in cards.listed(store, ledger, actor) if one.revoked_at is None and one.expires_at > visit.now_at
    ]
    happened = happenings.latest(store, ledger, actor)
    staff = passwords.has_password(store, ledger, actor)
    here = "" if visit.session is None else visit.session.number
    return shown(
        visit,
        "signin_mine.html",
        tab="more",
        sessions=sorted(web_sessions.listed(store, ledger, actor)[:30], key=lambda one: one.number != here),
        cards=known,
        staff=staff,
        recovery_left=second.recovery_left(store, ledger, actor) if staff else 0,
        happened=happened,
        names=labels(visit, {actor, *(one.by for one in happened), *(one.issued_by for one in known)}),
        me=actor,
        done=visit.request.query_params.get("done", ""),
    )


def add_mine(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/sign-ins`, `…/end`, `…/end-others` and `…/end-card`."""
    store = door.store

    @pages.get("/{ledger}/sign-ins")
    def mine(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        if visit.session is None:
            return visit.sign_in_first(visit.url("sign-ins"))
        return _mine(visit, store)

    @pages.post("/{ledger}/sign-ins/end")
    def end(request: Request, ledger: str, csrf: _TEXT = "", number: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        web_sessions.end_one(store, ledger, visit.caller.actor, number)
        return redirect(visit.url("sign-ins", done="one"))

    @pages.post("/{ledger}/sign-ins/end-others")
    def end_others(request: Request, ledger: str, csrf: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        actor = visit.caller.actor
        with store.database.writing() as cursor:
            web_sessions.end_all(store, cursor, ledger, actor, but=visit.session)
            devices.forget(store, cursor, ledger, actor)
            links.take_back(store, cursor, ledger, actor)
            passwords.forget_tickets(store, cursor, ledger, actor)
            happenings.note(store, cursor, ledger, actor, "others_ended")
        return redirect(visit.url("sign-ins", done="others"))

    @pages.post("/{ledger}/sign-ins/end-card")
    def end_card(request: Request, ledger: str, csrf: _TEXT = "", number: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        by_this_card = visit.session is not None and visit.session.via == "card"
        cards.revoke(store, ledger, visit.caller.actor, number, by=visit.caller.actor)
        return redirect(f"/sign-in?ledger={ledger}" if by_this_card else visit.url("sign-ins", done="card"))
