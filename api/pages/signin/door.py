"""What every way in shares: the visit, the counts of tries, the cookies, and the session at the end."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages import web_sessions
from api.pages.common import Visit, default_ledger, local, redirect
from api.papers import qr
from api.settings import Settings
from api.signin import devices, happenings
from api.signin.delivery import Courier, delivery_of
from api.signin.rows import new_secret
from api.signin.strength import BEGIN
from api.signin.throttle import Bounds, Throttle, place_of
from api.store import Store
from ledger.errors import NotFound
from ledger.ids import PERSON, prefix_of
from ledger.journal.sql import Cursor

TICKET_COOKIE = "nuanlin_ticket"
"""Which code, or which second factor, a browser still owes; sent to `/sign-in` alone."""
_TICKET_SECONDS = 900


class Door:
    """The way in to a store's communities. One per running application."""

    def __init__(self, store: Store) -> None:
        self.store, self.throttle = store, Throttle(store)
        delivery = delivery_of(Settings())
        self.courier = None if delivery is None else Courier(store, delivery)

    def visited(self, request: Request, ledger: str) -> Visit:
        """The visit of the ledger named, or of the usual one; raises NotFound `no_such_ledger`."""
        wanted = ledger or default_ledger(self.store)
        if wanted is None:
            raise NotFound("no_such_ledger", ledger=ledger)
        return Visit(self.store, request, wanted)

    def known_device(self, visit: Visit, account: str) -> str:
        """The digest of this browser if this account was signed in to at it before; else ""."""
        return devices.known(self.store, visit.ledger, visit.request.cookies.get(devices.COOKIE, ""), account)

    def count(self, visit: Visit, what: str, bounds: Bounds, account: str, *, owner: str | None = None) -> None:
        """Count a try at an account; raises TooMany `too_many_tries`. `owner` is under what a browser is known for it
        where that differs: what somebody typed is counted as typed, or two numbers of one person would tell that they
        are one's."""
        client = visit.request.client
        place = place_of(client.host if client else None)
        device = self.known_device(visit, account if owner is None else owner)
        self.throttle.count(visit.ledger, what, bounds, place=place, account=account, device=device)

    # ---- tickets -----------------------------------------------------------------------------------------------------

    def ticket(self, visit: Visit) -> str:
        """The ticket that this browser holds for this ledger; "" without one."""
        ledger, _, ticket = visit.request.cookies.get(TICKET_COOKIE, "").rpartition(".")
        return ticket if ledger == visit.ledger and len(ticket) <= 100 else ""

    def with_ticket(self, visit: Visit, response: Response, ticket: str) -> Response:
        """The answer, with a ticket for the next step."""
        _set(visit, response, TICKET_COOKIE, f"{visit.ledger}.{ticket}", _TICKET_SECONDS, "/sign-in")
        return response

    # ---- the end -----------------------------------------------------------------------------------------------------

    def let_in(
        self, visit: Visit, actor: str, after: str, *, via: str, proof: str = "", account: str = "",
        claim: Callable[[Cursor], None] | None = None, answer: Callable[[], Response] | None = None,
    ) -> Response:  # fmt: skip
        """Begin a session under a fresh secret, in place of the one this browser had, and lead on to `after` or home.

        `claim` uses up what was shown, in the same transaction; `account` makes the browser known for it; `answer` makes
        what is sent in place of leading on.
        """
        agent = self._agent(visit)
        device = visit.request.cookies.get(devices.COOKIE, "")
        device = device if 20 <= len(device) <= 100 else new_secret()

        def all_at_once(cursor: Cursor) -> None:
            if claim is not None:
                claim(cursor)
            if account:
                devices.remember(self.store, cursor, visit.ledger, actor, account, device)
            if prefix_of(actor) == PERSON:
                happenings.note(self.store, cursor, visit.ledger, actor, f"by_{via}", agent=agent)

        session = web_sessions.begin(
            self.store, visit.ledger, actor, via=via, proof=proof, agent=agent, claim=all_at_once
        )
        for before in (visit.session, visit.beginning):
            if before is not None:
                web_sessions.end(self.store, before)
        visit.enter(session)
        response = redirect(local(after, home_of(visit, actor))) if answer is None else answer()
        _set(visit, response, web_sessions.COOKIE, session.cookie, session.lasts_seconds, "/")
        if account:
            _set(visit, response, devices.COOKIE, device, devices.DAYS * 24 * 3600, "/")
        return _without_ticket(visit, response)

    def let_begin(self, visit: Visit, actor: str, *, claim: Callable[[Cursor], None]) -> Response:
        """Lead somebody who holds an office to where they set their first password, by a session that is good for nothing
        else. Nothing is remembered of the browser."""
        agent = self._agent(visit)

        def all_at_once(cursor: Cursor) -> None:
            claim(cursor)
            happenings.note(self.store, cursor, visit.ledger, actor, f"by_{BEGIN}", agent=agent)

        session = web_sessions.begin(self.store, visit.ledger, actor, via=BEGIN, agent=agent, claim=all_at_once)
        for before in (visit.session, visit.beginning):
            if before is not None:
                web_sessions.end(self.store, before)
        response = redirect(visit.url("set-up"))
        _set(visit, response, web_sessions.COOKIE, session.cookie, session.lasts_seconds, "/")
        return _without_ticket(visit, response)

    @staticmethod
    def _agent(visit: Visit) -> str:
        return happenings.agent_of(visit.request.headers.get("user-agent", ""))


def picture_of(text: str) -> Markup:
    """The QR code of a secret, within the page: an address of its own would keep the secret somewhere."""
    return Markup(qr.svg(text))  # noqa: S704 - drawn by us, out of squares alone


def shown(visit: Visit, template: str, /, status: int = 200, **values: object) -> Response:
    """A page about signing in: never kept by the browser, whoever looks."""
    response = visit.page(template, status, **values)
    response.headers["Cache-Control"] = "no-store"
    return response


def home_of(visit: Visit, actor: str) -> str:
    """Where somebody lands after signing in: a member at their own statement."""
    return visit.url(f"members/{actor}") if prefix_of(actor) == PERSON else visit.url()


def _without_ticket(visit: Visit, response: Response) -> Response:
    if TICKET_COOKIE in visit.request.cookies:
        response.delete_cookie(TICKET_COOKIE, path="/sign-in", httponly=True, samesite="strict")
    return response


def _set(visit: Visit, response: Response, name: str, value: str, seconds: int, path: str) -> None:
    """A cookie that no script and no other site can use."""
    secure = visit.request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="strict", secure=secure)
