"""Printed cards: the page behind the code on one, and the desk where a community worker makes and ends them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import HEADERS, Visit, check_origin, redirect
from api.pages.naming import labels
from api.pages.papers.sending import home_of
from api.pages.signin.door import Door, picture_of, shown
from api.papers.cards import Card
from api.papers.cards import cards as cards_paper
from api.problems import status_of
from api.signin import cards
from api.signin.cards import Issued
from api.signin.rows import digest_of
from api.store import Store
from ledger.errors import NotFound, NotSignedIn, NuanlinError
from ledger.journal.sql import Cursor
from projections.books import queries as books

_TEXT = Annotated[str, Form()]
KEEPERS = frozenset({"community_worker", "administrator"})


def may_make_cards(visit: Visit, member: str) -> bool:
    """Whether who looks makes and ends cards for a member: who keeps the register where they live, and never one's own."""
    return visit.caller.signed_in and visit.caller.actor != member and visit.caller.holds(KEEPERS, member)


def address_of(visit: Visit, secret: str) -> str:
    """The whole address that a card's code holds."""
    return f"{home_of(visit.request)}{visit.url('card/' + secret)}"


def _held(visit: Visit, secret: str, problem: NuanlinError | None = None, member: str = "") -> Response:
    """The page that a scanned card opens: whose it is, and one press; or that it counts no more."""
    return shown(
        visit,
        "signin_card.html",
        200 if problem is None else status_of(problem),
        tab="me",
        name=labels(visit, [member])[member] if member else "",
        secret=secret,
        office=problem is not None and problem.code == "card_of_staff",
        sentence="" if problem is None else formats.error(problem, visit.lang),
    )


def _desk(visit: Visit, store: Store, member: str, problem: NuanlinError | None = None) -> Response:
    known = cards.listed(store, visit.ledger, member)
    now_at = visit.now_at
    names = labels(visit, [member, *(card.issued_by for card in known)], clear=True)
    return shown(
        visit,
        "signin_issue.html",
        200 if problem is None else status_of(problem),
        tab="me",
        member=member,
        name=names[member],
        names=names,
        current=next((one for one in known if one.revoked_at is None and one.expires_at > now_at), None),
        earlier=[one for one in known if one.revoked_at is not None or one.expires_at <= now_at][:10],
        sentence="" if problem is None else formats.error(problem, visit.lang),
        done=visit.request.query_params.get("done", "") if visit.request.method == "GET" else "",
    )


def _printed(visit: Visit, member: str, issued: Issued, shape: str) -> Response:
    """The new card: as a page to print, or as PDF in the size of a bank card."""
    row = books.member(visit.store.database, visit.ledger, member)
    number = books.short_number(row) if row else ""
    name, address = labels(visit, [member], clear=True)[member], address_of(visit, issued.secret)
    if shape == "pdf":
        paper = cards_paper(
            [Card(name=name, number=number, address=address)], community=visit.name, lang=visit.lang, sheet=False,
            made_at=visit.now_at,
        )  # fmt: skip
        headers = {**HEADERS, "Cache-Control": "no-store"}
        headers["Content-Disposition"] = f'attachment; filename="card-{number}.pdf"'
        return Response(paper.pdf(by_hand=True), 200, headers, "application/pdf")
    return shown(
        visit,
        "signin_printed.html", tab="me", member=member, name=name, number=number, until=issued.expires_at,
        code=picture_of(address),
    )  # fmt: skip


def add_cards(pages: APIRouter, door: Door) -> None:
    """`/{ledger}/card/{secret}` and `/{ledger}/members/{member}/card`, `…/card/end`."""
    store = door.store

    @pages.get("/{ledger}/card/{secret}")
    def scanned(request: Request, ledger: str, secret: str) -> Response:
        visit = Visit(store, request, ledger)
        try:
            return _held(visit, secret, member=cards.holder_of(store, ledger, secret))
        except NotSignedIn as problem:
            return _held(visit, "", problem)

    @pages.post("/{ledger}/card/{secret}")
    def enter(request: Request, ledger: str, secret: str) -> Response:
        check_origin(request)
        visit = Visit(store, request, ledger)

        def claim(cursor: Cursor) -> None:
            cards.use(store, cursor, ledger, secret)

        try:
            member = cards.holder_of(store, ledger, secret)
            return door.let_in(visit, member, "", via="card", proof=digest_of(secret), claim=claim)
        except NotSignedIn as problem:
            return _held(visit, "", problem)

    def at_the_desk(request: Request, ledger: str, member: str) -> Visit:
        """The visit of somebody who may make cards for this member; to all others there is no such page."""
        visit = Visit(store, request, ledger)
        if not may_make_cards(visit, member):
            raise NotFound("no_such_member", member=member)
        if books.member(store.database, ledger, member) is None:
            raise NotFound("no_such_member", member=member)
        return visit

    @pages.get("/{ledger}/members/{member}/card")
    def desk(request: Request, ledger: str, member: str) -> Response:
        return _desk(at_the_desk(request, ledger, member), store, member)

    @pages.post("/{ledger}/members/{member}/card")
    def issue(request: Request, ledger: str, member: str, csrf: _TEXT = "", shape: _TEXT = "") -> Response:
        visit = at_the_desk(request, ledger, member)
        visit.check_form(csrf)
        try:
            return _printed(visit, member, cards.issue(store, ledger, member, by=visit.caller.actor), shape)
        except NuanlinError as problem:
            return _desk(visit, store, member, problem)

    @pages.post("/{ledger}/members/{member}/card/end")
    def end(request: Request, ledger: str, member: str, csrf: _TEXT = "", number: _TEXT = "") -> Response:
        visit = at_the_desk(request, ledger, member)
        visit.check_form(csrf)
        cards.revoke(store, ledger, member, number, by=visit.caller.actor)
        return redirect(visit.url(f"members/{member}/card", done="ended"))
