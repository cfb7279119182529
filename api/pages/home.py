"""Home: what a community has done together, what happened lately, and the ways to everything else."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.asof.happened import sights
from api.pages.common import Visit, default_ledger, language, redirect, send
from api.pages.happenings import latest, titles_of
from api.pages.links import figure_link, looker_of, sentence
from api.pages.rendering import big
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


def _counted(visit: Visit, stats: books.Stats) -> list[tuple[str, str, str, str | Markup, str]]:
    """The community in figures: drawing, where the label leads, the figure's name, how it is shown, the label."""
    under_way = sum(stats.requests.get(state, 0) for state in OPEN_STATES)
    received = visit.yuan(sum(one.received_fen for one in stats.funds.values()))
    closed = visit.url("board", status="closed")
    partners = visit.url("wall", measure="unit_requests")
    t = visit.t
    return [
        ("people", visit.url("wall"), "stats.members", f"{stats.members:,}", t("home.members")),
        ("heart", closed, "stats.requests.closed", f"{stats.requests['closed']:,}", t("home.fulfilled")),
        ("wish", visit.url("board"), "stats.requests.open", f"{under_way:,}", t("home.open")),
        ("unit", partners, "stats.partners", f"{stats.partners:,}", t("home.partners")),
        ("fund", visit.url("funds"), "stats.income", big(received), t("home.received")),
    ]


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
        news = latest(visit, _NEWS)
        looker = looker_of(visit)
        minutes = stats.minutes
        spent = visit.yuan(sum(one.spent_fen for one in stats.funds.values()))
        return visit.page(
            "home.html",
            tab="home",
            stats=stats,
            banked_more=sentence(
                visit,
                "home.banked_more",
                {
                    "usable": figure_link(visit, "stats.minutes.spendable", visit.hours(minutes.spendable)),
                    "pool": figure_link(visit, "stats.minutes.pool", visit.hours(minutes.pool)),
                },
            ),
            counted=_counted(visit, stats),
            spent=sentence(visit, "home.spent", {"spent": figure_link(visit, "stats.expense", spent)}),
            opens=sights(looker, looker.past(), {one.position for one in news}),
            funds=books.funds(database, ledger),
            wishes=wishes,
            titles=titles_of(visit, wishes),
            places=names,
            news=news,
        )
