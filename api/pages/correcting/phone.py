"""A new phone of one's own: the number, then the code that was sent to it. Only then does it count, and the old one no more.

Whether somebody else has that number is not said: a family may share one, and whoever has the code has the phone.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.correcting import held_of
from api.finding import plain_phone
from api.pages.common import Visit, redirect
from api.pages.signin.door import Door, shown
from api.people import mask_phone
from api.problems import status_of
from api.signin import codes
from api.signin.throttle import ANSWERS, CODES
from api.store import Store
from ledger.application import Actor
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import Conflict, NotFound, NotSignedIn, NuanlinError, Refused, TooMany
from ledger.parties.commands import CorrectDetails, PersonWords
from ledger.parties.phones import mark_of
from ledger.parties.state import acts_for

_TEXT = Annotated[str, Form()]
_TRIES = 5


def _page(
    door: Door, visit: Visit, member: str, problem: NuanlinError | None = None, *, phone: str = "", ticket: str = ""
) -> Response:
    """The box for the number, or with a ticket the box for the code."""
    over = problem is not None and problem.code == "code_over"
    here = visit.url(f"members/{member}/phone")
    return shown(
        visit,
        "correcting_phone.html",
        200 if problem is None else status_of(problem),
        tab="me",
        here=here,
        home=visit.url(f"members/{member}"),
        sends=door.courier is not None,
        now=mask_phone(held_of(visit.store, visit.ledger, member).say("phone")),
        phone=mask_phone(phone) if ticket else phone,
        ticket="" if over else ticket,
        over=over,
        minutes=codes.MINUTES,
        sentence="" if problem is None else formats.error(problem, visit.lang),
        switching=visit.url(f"members/{member}/phone", lang="en" if visit.lang == "zh" else "zh"),
    )


def _change(store: Store, visit: Visit, member: str, phone: str) -> None:
    """The same details with this phone, which is proved; tried anew where somebody corrects them in the same moment."""
    until_at = store.clock() + codes.MINUTES * MICROS_PER_MINUTE
    mark = mark_of(lambda purpose, text: store.vault.blind(visit.ledger, purpose, text), member, phone, until_at)
    for left in reversed(range(_TRIES)):
        held = held_of(store, visit.ledger, member)
        words = msgspec.convert({"name": "", **held.told, "phone": phone}, PersonWords)
        command = CorrectDetails(member_id=member, words=words, proof="code", seen=held.words, mark=mark)
        try:
            store.application.execute(visit.ledger, command, actor=Actor(visit.caller.actor))
        except Conflict:
            if not left:
                raise
        else:
            return


def add_correcting(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/members/{member}/phone` and `…/phone/code`."""
    door = Door(store)

    def visited(request: Request, ledger: str, member: str) -> Visit:
        """The visit of somebody whose affairs these are; raises NotFound `no_such_member`."""
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in or not acts_for(visit.view, visit.caller.actor, member):
            raise NotFound("no_such_member", member=member)
        return visit

    @pages.get("/{ledger}/members/{member}/phone")
    def number(request: Request, ledger: str, member: str) -> Response:
        visit = visited(request, ledger, member)
        visit.need_proof("phone")
        return _page(door, visit, member)

    @pages.post("/{ledger}/members/{member}/phone")
    def send(request: Request, ledger: str, member: str, phone: _TEXT = "", csrf: _TEXT = "") -> Response:
        visit = visited(request, ledger, member)
        visit.check_form(csrf)
        visit.need_proof("phone")
        if door.courier is None:
            raise NotFound("no_such_page")
        plain = plain_phone(phone)
        try:
            if not plain:
                raise Refused("phone_unreadable", field="phone")
            if plain == plain_phone(held_of(store, ledger, member).say("phone")):
                raise Refused("phone_same", field="phone")
            door.count(visit, "new_phones", CODES, visit.caller.actor)
            door.count(visit, "codes", CODES, codes.account_of(store, ledger, plain))
        except (Refused, TooMany) as problem:
            return _page(door, visit, member, problem, phone=phone)
        asked = codes.ask(store, ledger, plain)
        door.courier.take_new(ledger, visit.name, asked.phone, asked.code, visit.lang)
        return _page(door, visit, member, phone=asked.phone, ticket=asked.ticket)

    @pages.post("/{ledger}/members/{member}/phone/code")
    def code(
        request: Request, ledger: str, member: str, code: _TEXT = "", ticket: _TEXT = "", csrf: _TEXT = ""
    ) -> Response:
        visit = visited(request, ledger, member)
        visit.check_form(csrf)
        visit.need_proof("phone")
        known = codes.phone_of(store, ledger, ticket[:100])
        try:
            door.count(visit, "answers", ANSWERS, codes.account_of(store, ledger, known))
            phone = codes.in_hand(store, ledger, ticket[:100], code)
        except (NotSignedIn, TooMany) as problem:
            return _page(door, visit, member, problem, phone=known, ticket=ticket[:100])
        _change(store, visit, member, phone)
        home = visit.url(f"members/{member}", done="phone")
        if visit.session is None or visit.session.via != "code" or visit.caller.actor != member:
            return redirect(home)
        # Whoever came in by the old phone is out now, this browser as well: it has just shown the new one.
        return door.let_in(visit, member, home, via="code", account=codes.account_of(store, ledger, phone))
