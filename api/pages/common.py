"""What every page needs to know of a visit: which ledger, which language, who looks, and how the page is sent."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api import formats
from api.pages import web_sessions
from api.pages.menu import Tab, tabs_of
from api.pages.rendering import render
from api.reading import READ_ALL
from api.security import Caller, roles_now
from api.settings import Settings
from api.signin import grave
from api.signin.links import may_begin
from api.signin.strength import BEGIN, may_be_here
from api.store import Store
from api.texts import LANGUAGES, known, language_of, text
from ledger.base import View
from ledger.clock import DEFAULT_ZONE, day_of
from ledger.errors import NotFound, NotYours
from ledger.parties.state import Roles, acts_for
from ledger.places.state import Opening
from projections.books import queries as books

if TYPE_CHECKING:
    from api.pages.resident.acting import Acting

LANGUAGE_COOKIE = "nuanlin_lang"
_YEAR_SECONDS = 365 * 24 * 3600

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
"""Nothing inline, nothing from elsewhere, in no other site's frame."""


def language(request: Request) -> str:
    """`?lang=`, then what was chosen before, then what the browser prefers; Chinese where nothing fits."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return language_of(request.headers.get("accept-language", ""))


class Visit:
    """One request for one page of one ledger. Raises NotFound `no_such_ledger`."""

    def __init__(self, store: Store, request: Request, ledger: str) -> None:
        # Asked first, so that guessing at addresses opens no ledger in memory.
        if ledger not in store.application.ledgers():
            raise NotFound("no_such_ledger", ledger=ledger)
        self.store, self.request, self.ledger = store, request, ledger
        self.lang = language(request)
        session = web_sessions.find(store, request.cookies.get(web_sessions.COOKIE, ""))
        self.view: View = store.application.view(ledger)
        ours = session is not None and session.ledger == ledger and may_be_here(self.view, session.actor, session.via)
        self.session = session if ours else None
        self.beginning = session if session is not None and not ours and self._begins(session) else None
        opened = self.view.state(Opening, "ledger").opened
        self.name = opened.name if opened else ledger
        self.zone = opened.zone if opened else DEFAULT_ZONE
        self.now_at = store.clock()

    def _begins(self, session: web_sessions.WebSession) -> bool:
        """Whether a session is for setting one's first password: of who still needs one."""
        here = session.ledger == self.ledger and session.via == BEGIN
        return here and may_begin(self.store, self.ledger, self.view, session.actor)

    def enter(self, session: web_sessions.WebSession) -> None:
        """From now on this is the visit of who has just signed in."""
        self.session, self.beginning = session, None
        for read_before in ("caller", "tabs"):
            self.__dict__.pop(read_before, None)

    @cached_property
    def caller(self) -> Caller:
        """Who looks, and the roles they hold now."""
        if self.session is None:
            return Caller("", Roles(tag=""))
        actor, proved = self.session.actor, grave.lately(self.session.via, self.session.proved_at, self.now_at)
        return Caller(actor, roles_now(self.view, actor), self.view, proved)

    @property
    def today(self) -> date:
        """The community's calendar day."""
        return day_of(self.now_at, self.zone)

    @cached_property
    def as_of(self) -> books.AsOf:
        """How far the journal is: what is shown is true of this position."""
        return books.as_of(self.store.database, self.ledger)

    def reads_affairs_of(self, member: str) -> bool:
        """Whether somebody's private affairs are open to who looks: one's own, a principal's, or by role."""
        if not self.caller.signed_in:
            return False
        return self.caller.holds(READ_ALL, member) or acts_for(self.view, self.caller.actor, member)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The main parts of the house that are open to who looks, at most five."""
        return tabs_of(self)

    @cached_property
    def acting(self) -> Acting | None:
        """For whom somebody acts, where they are anybody's proxy; see `api.pages.resident.acting`."""
        from api.pages.resident.acting import acting

        return acting(self)

    # ---- words -----------------------------------------------------------------------------------------------------

    def t(self, key: str, /, **figures: object) -> str:
        """A text of these pages."""
        return text(self.lang, f"pages.{key}", **figures)

    def a(self, key: str, /, **figures: object) -> str:
        """A text about the past and about what figures are made of."""
        return text(self.lang, f"asof.page.{key}", **figures)

    def p(self, key: str, /, **figures: object) -> str:
        """A text about one's own data and its deletion."""
        return text(self.lang, f"privacy.{key}", **figures)

    def known(self, key: str, otherwise: str) -> str:
        """A text of these pages where there is one: for words that people may also have entered themselves."""
        return self.t(key) if known(self.lang, f"pages.{key}") else otherwise

    def hours(self, minutes: int) -> str:
        """See `formats.hours`."""
        return formats.hours(minutes, self.lang)

    def yuan(self, amount_fen: int) -> str:
        """See `formats.yuan`."""
        return formats.yuan(amount_fen, self.lang)

    def day(self, value: date | str) -> str:
        """See `formats.day`."""
        return formats.day(value, self.lang)

    def day_at(self, at_micros: int) -> str:
        """The community's day at an instant, see `formats.day`."""
        return formats.day(day_of(at_micros, self.zone), self.lang)

    def instant(self, at_micros: int) -> str:
        """See `formats.instant`."""
        return formats.instant(at_micros, self.lang, self.zone)

    def deadline(self, at_micros: int) -> str:
        """See `formats.deadline`."""
        return formats.deadline(at_micros, self.lang, self.zone)

    def left(self, until_at: int) -> str:
        """See `formats.left`."""
        return formats.left(until_at, self.now_at, self.lang)

    def clock(self, at_micros: int) -> str:
        """See `formats.clock`."""
        return formats.clock(at_micros, self.zone)

    def span(self, start_at: int, end_at: int) -> str:
        """See `formats.span`."""
        return formats.span(start_at, end_at, self.zone)

    # ---- addresses ---------------------------------------------------------------------------------------------------

    def url(self, path: str = "", /, **query: object) -> str:
        """The address of a page of this ledger; parameters that are None or empty are left out."""
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return f"/{self.ledger}/{path}" + (f"?{urlencode(given)}" if given else "")

    def here(self, **changed: object) -> str:
        """This page's address with some parameters changed; None or empty takes one away."""
        query: dict[str, object] = {**self.request.query_params, **changed}
        query.pop("done", None) if "done" not in changed else None
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return self.request.url.path + (f"?{urlencode(given)}" if given else "")

    def sign_in_first(self, after: str | None = None) -> Response:
        """To the sign-in, and from there to `after`: this page unless said otherwise; who has a password to set first goes
        there."""
        if self.beginning is not None:
            return redirect(self.url("set-up"))
        where = {"ledger": self.ledger, "after": after or self.here(lang=None)}
        return redirect(f"/sign-in?{urlencode(where)}")

    # ---- forms -------------------------------------------------------------------------------------------------------

    def new_key(self) -> str:
        """A fresh key for a form: sent twice, it is decided once."""
        return secrets.token_urlsafe(16)

    def need_proof(self, act: grave.Act) -> None:
        """Ask who is signed in to show again that it is them before one of the acts that are no commands; raises
        ProofNeeded."""
        if not self.caller.proved:
            raise grave.ProofNeeded(keep=act in grave.KEPT)

    def check_form(self, csrf: str, *, beginning: bool = False) -> None:
        """Refuse a form that did not come from a page of ours, or with `beginning` from the one for a first password;
        raises NotYours `form_expired`."""
        check_origin(self.request)
        session = self.beginning if beginning else self.session
        if session is None or not hmac.compare_digest(session.csrf.encode(), csrf.encode()):
            raise NotYours("form_expired")

    # ---- sending -------------------------------------------------------------------------------------------------------

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """The page, with everything the frame around it shows."""
        frame = {"visit": self, "t": self.t, "a": self.a, "tab": "", "at": None, **values}
        return send(self.request, self.lang, template, frame, status=status, private=self.session is not None)


def check_origin(request: Request) -> None:
    """Refuse a form that another site sent; raises NotYours `form_expired`. Old browsers that say nothing pass; one that
    hides where the form comes from (`null`) has to say otherwise that it is one of ours."""
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin not in (None, "null") and origin.partition("://")[2] != request.headers.get("host"):
        raise NotYours("form_expired")
    if fetched not in (None, "same-origin", "none") or (origin == "null" and fetched is None):
        raise NotYours("form_expired")


def send(
    request: Request, lang: str, template: str, values: Mapping[str, Any], *, status: int = 200, private: bool = False
) -> Response:
    """A rendered template under the headers of every page; remembers a language that was chosen by `?lang=`."""
    headers = {
        **HEADERS, "Content-Language": lang, "Cache-Control": "no-store" if private else "private, no-cache",
    }  # fmt: skip
    response = HTMLResponse(render(template, {"lang": lang, **values}), status, headers)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, lang, max_age=_YEAR_SECONDS, httponly=True, samesite="lax", path="/")
    return response


def redirect(address: str) -> Response:
    """Go on to a page of ours after a form (303: the page is asked for, the form is not sent again)."""
    return RedirectResponse(address, 303, {**HEADERS, "Cache-Control": "no-store"})


def local(address: str, otherwise: str) -> str:
    """An address only if it is one of ours; a form could otherwise send people anywhere."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours and not urlsplit(address).netloc else otherwise


def default_ledger(store: Store) -> str | None:
    """The ledger that an address without one means: the configured one if it exists, else the first; None without any."""
    known = store.application.ledgers()
    wanted = Settings().ledger
    return wanted if wanted in known else next(iter(known), None)
