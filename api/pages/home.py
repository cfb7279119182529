"""Home: what a community has done together, what happened lately, and the ways to everything else."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit, default_ledger, language, redirect, send
from api.pages.happenings import latest, titles_of
from api.pages.web_sessions import COOKIE
from api.store import Store
from api.texts import LANGUAGES, text
from projections.books import queries as books

_NEWS, _WISHES = 8, 4
OPEN_STATES = ("published", "claimed", "fulfilled")


_BEGINNINGS = ("demo", "open", "members")
"""What fills an empty store; each is a sentence and a command among the texts."""


def welcome(request: Request) -> Response:
    """The page of a store without any ledger: how one begins, in both languages, since nobody has chosen one yet."""
    lang = language(request)
    ordered = [lang, *(one for one in LANGUAGES if one != lang)]
    ways = [
        {
            "lang": one,
            "title": text(one, "pages.welcome.title"),
            "lead": text(one, "pages.welcome.lead"),
            "commands": [
                (text(one, f"pages.welcome.{key}"), text(one, f"pages.commands.{key}")) for key in _BEGINNINGS
            ],
        }
        for one in ordered
    ]
    return send(request, lang, "welcome.html", {"visit": None, "tab": "", "ways": ways})


def add_home(pages: APIRouter, store: Store) -> None:
    """`/` and `/{ledger}/`."""

    @pages.get("/")
    def front(request: Request) -> Response:
        signed_in_at = request.cookies.get(COOKIE, "").rpartition(".")[0]
        known = store.application.ledgers()
        ledger = signed_in_at if signed_in_at in known else default_ledger(store)
        if ledger is None:
            return welcome(request)
        query = f"?{request.url.query}" if request.url.query else ""
        return redirect(f"/{ledger}/{query}")

    @pages.get("/{ledger}/")
    def home(request: Request, ledger: str) -> Response:
        visit = Visit(store, request, ledger)
        database = store.database
        stats = books.stats(database, ledger)
        wishes = books.board(database, ledger, limit=_WISHES).rows
        names = books.names_of(database, ledger, [row["place"] for row in wishes if row["place"]])
        return visit.page(
            "home.html",
            tab="home",
            stats=stats,
            open_count=sum(stats.requests.get(state, 0) for state in OPEN_STATES),
            received_fen=sum(one.received_fen for one in stats.funds.values()),
            spent_fen=sum(one.spent_fen for one in stats.funds.values()),
            funds=books.funds(database, ledger),
            wishes=wishes,
            titles=titles_of(visit, wishes),
            places=names,
            news=latest(visit, _NEWS),
        )
