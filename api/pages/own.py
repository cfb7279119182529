"""One's own data on the pages: taking it away as a file, and having it deleted after a step that says what goes and stays."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.own_data.collect import own_data
from api.own_data.forgetting import Foreseen, foresee
from api.own_data.readable import as_zip
from api.pages import web_sessions
from api.pages.common import HEADERS, Visit, redirect
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.problems import status_of
from api.reading import READING
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.parties.commands import ErasePersonalData, ErasureCause
from ledger.parties.erasure import KEEPERS
from ledger.parties.facts import ErasureAsked
from ledger.parties.state import acts_for
from projections.books import queries as books

_TEXT = Annotated[str, Form()]
_MOST = 10**15
_SETTLED = ("released", "withdrawn", "reservations", "roles")


def may_take(visit: Visit, member: str) -> bool:
    """Whether who looks may take a member's data away: the member, their proxy, an administrator."""
    return visit.caller.signed_in and (
        acts_for(visit.view, visit.caller.actor, member) or visit.caller.holds(READING["member_data"].roles, member)
    )


def may_forget(visit: Visit, member: str) -> bool:
    """Whether who looks may have a member's data deleted: the member, their proxy, who keeps the register."""
    return visit.caller.signed_in and (
        acts_for(visit.view, visit.caller.actor, member) or visit.caller.holds(KEEPERS, member)
    )


def _confirming(visit: Visit, member: str, problem: NuanlinError | None = None) -> Response:
    """What goes, what stays, and the button; or what has to be put right first."""
    own = acts_for(visit.view, visit.caller.actor, member)
    foreseen = foresee(visit.store, visit.ledger, ErasePersonalData(subject=member), Actor(visit.caller.actor))
    shown = problem or foreseen.refusal
    return visit.page(
        "forget.html",
        200 if problem is None else status_of(problem),
        tab="me",
        member=member,
        name=labels(visit, [member], clear=True)[member],
        own=own,
        takes=may_take(visit, member),
        usable=books.hours_of(visit.store.database, visit.ledger, member).spendable,
        settled=_settled(foreseen),
        # Keepers may have a cause for which nothing stands in the way.
        blocked=own and foreseen.refusal is not None,
        sentence=_sentence(visit, shown),
        causes=get_args(ErasureCause),
    )


def _settled(foreseen: Foreseen) -> list[tuple[str, int]]:
    return [(name, count) for name in _SETTLED if (count := getattr(foreseen, name))]


def _sentence(visit: Visit, problem: NuanlinError | None) -> str:
    """One sentence for a refusal, with names and titles in place of ids."""
    if problem is None:
        return ""
    told: dict[str, Any] = dict(problem.details)
    if ward := told.get("ward"):
        told["ward"] = labels(visit, [str(ward)], clear=True)[str(ward)]
    if request_id := told.get("request"):
        row = books.request(visit.store.database, visit.ledger, str(request_id))
        told["request"] = titles_of(visit, [row])[str(request_id)] if row else request_id
    return formats.error(type(problem)(problem.code, **told), visit.lang)


def _decide(visit: Visit, member: str, cause: str, key: str) -> Response:
    actor = visit.caller.actor
    known: tuple[Any, ...] = get_args(ErasureCause)
    command = ErasePersonalData(subject=member, cause=cause if cause in known else "own_wish")  # type: ignore[arg-type]  # one of them
    # A key belongs to whoever sends it: nobody can use up another's.
    own_key = f"web:{actor}:{key[:100]}" if key else None
    try:
        need_proof(command, visit.caller)
        done = visit.store.application.execute(visit.ledger, command, actor=Actor(actor), key=own_key)
    except NuanlinError as problem:
        return _confirming(visit, member, problem)
    asked = isinstance(done.facts[-1], ErasureAsked)
    response = redirect(visit.url("forgotten", position=done.position, asked=int(asked) or None))
    if actor == member:
        response.delete_cookie(web_sessions.COOKIE, path="/", httponly=True, samesite="strict")
    return response


def add_own(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/members/{member}/data.zip` and `…/forget`, and `/{ledger}/forgotten`."""

    def visited(request: Request, ledger: str, member: str, *, takes: bool) -> Visit:
        """The visit of somebody who may; whether somebody is a member is nobody else's business."""
        visit = Visit(store, request, ledger)
        may = may_take if takes else may_forget
        if not may(visit, member) or books.member(store.database, ledger, member) is None:
            raise NotFound("no_such_member", member=member)
        return visit

    @pages.get("/{ledger}/members/{member}/data.zip")
    def take(request: Request, ledger: str, member: str) -> Response:
        visit = visited(request, ledger, member, takes=True)
        own = acts_for(visit.view, visit.caller.actor, member)
        if not own:
            visit.need_proof("take_data")
        data = own_data(store, ledger, member, by=visit.caller.actor, role="" if own else "administrator")
        number = data.member["short_number"]
        headers = {**HEADERS, "Cache-Control": "no-store"}
        headers["Content-Disposition"] = f'attachment; filename="nuanlin-{number}.zip"'
        return Response(as_zip(data, visit.zone), 200, headers, "application/zip")

    @pages.get("/{ledger}/members/{member}/forget")
    def ask(request: Request, ledger: str, member: str) -> Response:
        return _confirming(visited(request, ledger, member, takes=False), member)

    @pages.post("/{ledger}/members/{member}/forget")
    def forget(
        request: Request, ledger: str, member: str, sure: _TEXT = "", cause: _TEXT = "", csrf: _TEXT = "",
        key: _TEXT = "",
    ) -> Response:  # fmt: skip
        if not Visit(store, request, ledger).caller.signed_in:
            # Whoever pressed twice was signed out by the first press; what is answered is the same for any id.
            return redirect(f"/{ledger}/forgotten")
        visit = visited(request, ledger, member, takes=False)
        visit.check_form(csrf)
        if sure != "yes":
            return _confirming(visit, member, Refused("not_sure"))
        return _decide(visit, member, cause, key)

    @pages.get("/{ledger}/forgotten")
    def forgotten(request: Request, ledger: str, position: str = "", asked: str = "") -> Response:
        visit = Visit(store, request, ledger)
        at = int(position) if position.isascii() and position.isdecimal() and len(position) < len(str(_MOST)) else 0
        return visit.page("forgotten.html", tab="me", position=at, asked=asked == "1")
