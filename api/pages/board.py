"""The board of requests, and each of them as a story with its number and what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import Visit, redirect
from api.pages.happenings import titles_of
from api.pages.links import figure_link, sentence
from api.pages.naming import labels
from api.pages.photos import proof_of
from api.pages.resident.stages import stages_of
from api.pages.resident.ways import ways_of
from api.pages.stories import story_of
from api.people import People, mask_name, mask_numbers
from api.problems import status_of
from api.reading import ON_THE_BOARD, READ_ALL
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.base import Command
from ledger.errors import NotFound, NuanlinError
from ledger.ids import PERSON, TEAM, UNIT, prefix_of
from ledger.parties.state import Standing, works_for
from ledger.requests.commands import ClaimRequest
from ledger.rights_table import WORKER
from projections.books import queries as books
from projections.reading import Cells

KINDS = ("wish", "order", "need", "listing", "issue", "project")
_ROWS = 24
_CATEGORIES_FROM = 200
"""So many requests of the board are looked through for the categories that can be chosen."""

_TEXT = Annotated[str, Form()]


def claimants_of(visit: Visit, kind: str) -> list[tuple[str, str]]:
    """As whom somebody may claim: themselves, their team, teams they lead and units they speak for; (id, label)."""
    actor = visit.caller.actor
    if prefix_of(actor) != PERSON:
        return []
    speaks_for = sorted(scope for role, scope in visit.caller.roles.held if role in ("team_leader", "representative"))
    team = visit.view.state(Standing, actor).team
    ids = dict.fromkeys([actor, *([team] if team else []), *speaks_for])
    if kind == "listing":
        ids = dict.fromkeys(one for one in ids if prefix_of(one) == UNIT)
    names = labels(visit, [one for one in ids if one != actor])
    shown = [(one, visit.t("board.as_myself") if one == actor else names[one]) for one in ids]
    return [(one, name) for one, name in shown if prefix_of(one) in (PERSON, TEAM, UNIT)]


def may_see(visit: Visit, row: Cells) -> bool:
    """What was never on the board, or was taken back, is seen by the one who asked and by those who read all."""
    if row["status"] in ON_THE_BOARD or visit.caller.holds(READ_ALL, row["request_id"]):
        return True
    return any(visit.reads_affairs_of(party) for party in (row["requester"], row["claimant"]) if party)


def asked_by(visit: Visit, row: Cells, words: dict[str, object]) -> str:
    """The one who asked, masked unless who looks may know."""
    name = str(words.get("name", ""))
    clear = bool(row["requester"]) and visit.reads_affairs_of(row["requester"])
    if name:
        return name if clear else mask_name(name)
    if row["requester"] is None:
        return ""
    return labels(visit, [row["requester"]], clear=clear)[row["requester"]]


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: value and label."""
    database, ledger = visit.store.database, visit.ledger
    found = {row["category"] for row in books.board(database, ledger, limit=_CATEGORIES_FROM).rows if row["category"]}
    found.add(visit.request.query_params.get("category", ""))
    states = ("published", "claimed", "fulfilled", "closed", "unmet")
    return {
        "kind": [(one, visit.t(f"kind.{one}")) for one in KINDS],
        "status": [(one, visit.t(f"status.{one}")) for one in states],
        "place": [
            (row["place_id"], row["name"]) for row in books.places(database, ledger) if row["kind"] != "building"
        ],
        "category": [(one, one) for one in sorted(found) if one],
    }


def _lead(visit: Visit) -> Markup:
    """How many wait and how many came true."""
    counts = books.stats(visit.store.database, visit.ledger).requests
    shown = {
        "open": figure_link(visit, "stats.requests.published", str(counts["published"])),
        "done": figure_link(visit, "stats.requests.closed", str(counts["closed"])),
    }
    return sentence(visit, "board.lead", shown)


def _quantities(visit: Visit, row: Cells) -> Markup:
    """How much of an item is asked for, promised and delivered."""
    names = ("quantity", "promised", "delivered")
    links = {name: figure_link(visit, f"request:{row['request_id']}:{name}", str(row[name] or 0)) for name in names}
    return sentence(visit, "request.quantities", {"item": row["item"] or "", **links})


def board_page(visit: Visit, *, kind: str, status: str, place: str, category: str, after: str | None) -> Response:
    """The board as the filters leave it."""
    store, ledger = visit.store, visit.ledger
    chosen = status if status in ON_THE_BOARD else "published"
    below = books.places_below(books.places(store.database, ledger), place) if place else None
    page = books.list_requests(
        store.database, ledger, status=chosen, kind=kind or None, place=below, category=category or None,
        board=chosen == "published", after=after, limit=_ROWS,
    )  # fmt: skip
    words = People(store, ledger).words(row["words"] for row in page.rows)
    named = labels(visit, [one for row in page.rows for one in (row["place"], row["claimant"], row["requester"])])
    return visit.page(
        "board.html",
        tab="board",
        rows=page.rows,
        titles=titles_of(visit, page.rows),
        names=named,
        askers={
            row["request_id"]: mask_name(str(words.get(row["words"], {}).get("name", "")))
            or named.get(row["requester"] or "", "")
            for row in page.rows
        },
        leases={row["request_id"]: visit.left(row["until_at"]) for row in page.rows if row["until_at"]},
        claimants={one: claimants_of(visit, one) for one in KINDS if visit.caller.signed_in},
        choices=_choices(visit),
        chosen={"kind": kind, "status": chosen, "place": place, "category": category},
        lead=_lead(visit),
        more=page.next,
    )


def may_close(visit: Visit, row: Cells) -> bool:
    """Whether who looks confirms the work: the one who asked, their proxy, for a listing any community worker."""
    actor, requester = visit.caller.actor, row["requester"]
    if row["status"] != "fulfilled" or not visit.caller.signed_in or requester is None:
        return False
    own = actor == requester or requester in visit.caller.roles.principals
    return own or (row["kind"] == "listing" and visit.caller.holds(WORKER, row["request_id"]))


def _contact(visit: Visit, row: Cells, words: Mapping[str, object], *, mine: bool) -> list[str]:
    """How to reach the one who asked: for themselves, for workers, and for whoever holds the request, while they hold it."""
    requester = row["requester"]
    holds = mine and row["status"] in ("claimed", "fulfilled")
    if not (
        holds or visit.caller.holds(READ_ALL, row["request_id"]) or (requester and visit.reads_affairs_of(requester))
    ):
        return []
    return [str(words[one]) for one in ("phone", "address") if words.get(one)]


def request_page(
    visit: Visit, request_id: str, *, problem: NuanlinError | None = None, trying: str = "claim"
) -> Response:
    """One request as a story; with `problem`, why what was tried was refused. Raises NotFound `no_such_request`."""
    row = books.request(visit.store.database, visit.ledger, request_id)
    if row is None or not may_see(visit, row):
        raise NotFound("no_such_request", request=request_id)
    words = People(visit.store, visit.ledger).words([row["words"]]).get(row["words"], {})
    signed_in, claimant = visit.caller.signed_in, row["claimant"]
    mine = bool(claimant) and signed_in and works_for(visit.view, visit.caller.actor, claimant)
    return visit.page(
        "request.html",
        200 if problem is None else status_of(problem),
        tab="board",
        row=row,
        quantities=_quantities(visit, row),
        title=titles_of(visit, [row])[request_id],
        detail=mask_numbers(str(words.get("detail", ""))),
        asker=asked_by(visit, row, words),
        contact=_contact(visit, row, words, mine=mine),
        names=labels(visit, [row["place"], row["claimant"]], clear=[visit.caller.actor or None]),
        lease=visit.left(row["until_at"]) if row["until_at"] and row["status"] == "claimed" else "",
        claimants=claimants_of(visit, row["kind"]) if signed_in else [],
        story=story_of(visit, row),
        stages=stages_of(visit, row),
        ways=ways_of(visit, row),
        proof=proof_of(visit, row),
        mine=mine,
        closing=may_close(visit, row),
        trying=trying,
        done=visit.request.query_params.get("done", "") if problem is None else "",
        problem=problem,
        sentence=formats.error(problem, visit.lang) if problem else "",
        key=visit.new_key(),
    )


def decide(visit: Visit, command: Command, form: Mapping[str, str], *, trying: str, done: str) -> Response:
    """Give the command of a form on a request's page, once per key; then that page again, with what came of it.

    `form` holds `request_id`, `csrf` and `key`. Raises NotYours `form_expired`.
    """
    ledger, request_id = visit.ledger, form["request_id"]
    if not visit.caller.signed_in:
        return visit.sign_in_first(visit.url(f"requests/{request_id}"))
    visit.check_form(form["csrf"])
    # A key belongs to whoever sends it: nobody can use up another's.
    own_key = f"web:{visit.caller.actor}:{form['key'][:100]}" if form["key"] else None
    try:
        need_proof(command, visit.caller)
        visit.store.application.execute(ledger, command, actor=Actor(visit.caller.actor), key=own_key)
    except NuanlinError as problem:
        return request_page(visit, request_id, problem=problem, trying=trying)
    return redirect(visit.url(f"requests/{request_id}", done=done))


def add_board(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/board` and `/{ledger}/requests/{request_id}` with its claim."""

    @pages.get("/{ledger}/board")
    def board(
        request: Request, ledger: str, kind: str = "", status: str = "published", place: str = "", category: str = "",
        after: str | None = None,
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        return board_page(visit, kind=kind, status=status, place=place, category=category, after=after)

    @pages.get("/{ledger}/requests/{request_id}")
    def story(request: Request, ledger: str, request_id: str) -> Response:
        return request_page(Visit(store, request, ledger), request_id)

    @pages.post("/{ledger}/requests/{request_id}/claim")
    def claim(
        request: Request, ledger: str, request_id: str, claimant: _TEXT = "", csrf: _TEXT = "", key: _TEXT = ""
    ) -> Response:
        visit = Visit(store, request, ledger)
        command = ClaimRequest(request_id=request_id, claimant=claimant or visit.caller.actor)
        form = {"request_id": request_id, "csrf": csrf, "key": key}
        return decide(visit, command, form, trying="claim", done="claimed")
