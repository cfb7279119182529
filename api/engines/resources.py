"""How the engine `resources` is reached: what could be given, suggestions, deals, and records of integrity."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select

from api.paging import Paged, closed
from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.names import DayText, Who, whos
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from api.wire import Text
from ledger.base import Command, View
from ledger.clock import day_of
from ledger.conduct.state import may_act
from ledger.errors import NotFound
from ledger.integrity import commands as integrity_of
from ledger.integrity.promises import day_in
from ledger.parties.state import Standing
from ledger.requests.kinds import KINDS
from ledger.resources import commands as do
from ledger.resources.suggesting import NOWHERE, Have, Need, suggest
from projections.asof.of_integrity import record_of, zone_of
from projections.asof.past import past_at
from projections.asof.things import page_of
from projections.books import queries
from projections.books.engines.resources_tables import contests, deals, resources
from projections.books.more_tables import requests
from projections.reading import Cells, fetch, listed

_DEAL, _CONTEST = "/deals/{deal_id}", "/contests/{contest_id}"

WRITES: tuple[Write, ...] = (
    Write("/resources", do.ListResource, "resources", location="/resources/{resource_id}"),
    Write("/resources/{resource_id}/withdraw", do.WithdrawResource, "resources", "resource_id"),
    Write("/deals", do.ProposeDeal, "resources", location=_DEAL),
    Write(_DEAL + "/accept", do.AcceptDeal, "resources", "deal_id"),
    Write(_DEAL + "/decline", do.DeclineDeal, "resources", "deal_id"),
    Write(_DEAL + "/deliveries", do.DeliverDeal, "resources", "deal_id"),
    Write(_DEAL + "/fail", do.FailDeal, "resources", "deal_id"),
    Write(_DEAL + "/default", do.DefaultDeal, "resources", "deal_id"),
    Write(_DEAL + "/project", do.MakeProjectOfDeal, "resources", "deal_id"),
    Write("/contests", integrity_of.ContestRecord, "integrity", location=_CONTEST),
    Write(_CONTEST + "/uphold", integrity_of.UpholdRecord, "integrity", "contest_id"),
    Write(_CONTEST + "/strike", integrity_of.StrikeRecord, "integrity", "contest_id"),
)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="resources",
        one="resource",
        table=resources,
        tag="resources",
        reads=Reads(public=True),
        about="What parties could give: goods, venues, skills, land and time, and how much of it is free.",
        parties=("owner",),
        filters=("owner", "kind", "item", "category", "place", "status"),
    ),
    Shelf(
        name="deals",
        one="deal",
        table=deals,
        tag="resources",
        reads=Reads(roles=READ_ALL, own="either side"),
        about="Resources for needs, and resources for services in return, from proposal to settlement or default.",
        own=("owner", "partner"),
        parties=("owner", "partner"),
        lists=("accepted", "broken_by"),
        filters=("owner", "partner", "resource_id", "request_id", "project", "status"),
    ),
    Shelf(
        name="contests",
        one="contest",
        table=contests,
        tag="integrity",
        reads=Reads(roles=READ_ALL, own="the party"),
        about="Entries of integrity records that their party contested, and what came of it.",
        own=("party",),
        parties=("party",),
        words=("words", "judged_words"),
        filters=("party", "status"),
    ),
)


# ---- suggestions ---------------------------------------------------------------------------------------------------------

_MOST_NEEDS, _MOST_RESOURCES = 200, 1_000
"""How many of the oldest are looked at; a need that is asked for by its id is looked at in any case."""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a resource for a need. `fits`: the same item or the same category; `steps` through the tree of places
    from one to the other, null where one of them says no place; `wait_days` until it can be had; `whole`: covers it alone.
    `number` is the position at which the resource was listed."""

    request_id: str
    resource_id: str
    number: int
    owner: Who | None
    item: str
    measure: str
    quantity: int
    fits: str
    steps: int | None
    wait_days: int
    whole: bool


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """What to propose, oldest need first: the same for the same lists, and never more than there is."""

    suggestions: list[Suggestion]


class SuggestionsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which need, or of which resource."""

    request_id: Text | None = None
    resource_id: Text | None = None


def _need(row: Cells) -> Need:
    pieces = KINDS[row["kind"]].pieces
    wanting = (row["quantity"] or 0) - row["promised"] - row["delivered"] if pieces else 1
    item = row["item"] if pieces else None
    return Need(row["request_id"], row["number"], item, row["category"], wanting, row["place"])


def _have(row: Cells) -> Have:
    until = None if row["until_day"] is None else date.fromisoformat(row["until_day"])
    return Have(
        row["resource_id"], row["number"], row["item"], row["measure"], row["category"], row["free"], row["place"],
        date.fromisoformat(row["from_day"]), until,
    )  # fmt: skip


def _oldest(store: Store, ledger: str, table: Any, status: str, most: int) -> list[Cells]:
    order = (("number", False),)
    page = listed(store.database, table, ledger, where={"status": status}, order=order, after=None, limit=most)
    return page.rows


def _needs(store: Store, ledger: str, request_id: str | None) -> list[Cells]:
    """Requests on the board that resources can meet; listings are claimed by units instead."""
    rows = _oldest(store, ledger, requests, "published", _MOST_NEEDS)
    if request_id is not None and all(row["request_id"] != request_id for row in rows):
        row = queries.request(store.database, ledger, request_id)
        rows += [row] if row is not None and row["status"] == "published" else []
    return [row for row in rows if not KINDS[row["kind"]].agreement]


def _can_give(view: View, owner: str, today: date) -> bool:
    """Whether an owner is here and may take on something new, so that what is suggested can also be agreed."""
    return not view.state(Standing, owner).left and may_act(view, owner, today)


def suggestions(asked: Asked, query: SuggestionsQuery) -> Suggestions:
    """Which resources fit which needs on the board: by class, place, time and quantity, each choice explained."""
    store, ledger = asked.store, asked.ledger
    needs = _needs(store, ledger, query.request_id)
    listed_now = _oldest(store, ledger, resources, "listed", _MOST_RESOURCES)
    today, view = _today(store, ledger, store.clock()), store.application.view(ledger)
    able = {owner for owner in {row["owner"] for row in listed_now} if _can_give(view, owner, today)}
    rows = {row["resource_id"]: row for row in listed_now if row["owner"] in able}
    parents = {row["place_id"]: row["parent"] for row in queries.places(store.database, ledger)}
    found = suggest(map(_need, needs), map(_have, rows.values()), parents, today)
    wanted = [
        one
        for one in found
        if query.request_id in (None, one.request_id) and query.resource_id in (None, one.resource_id)
    ]
    known = whos(asked, [rows[one.resource_id]["owner"] for one in wanted], hide=True)
    return Suggestions(
        suggestions=[
            Suggestion(
                request_id=one.request_id,
                resource_id=one.resource_id,
                number=rows[one.resource_id]["number"],
                owner=known[rows[one.resource_id]["owner"]],
                item=rows[one.resource_id]["item"],
                measure=rows[one.resource_id]["measure"],
                quantity=one.quantity,
                fits=one.fits,
                steps=None if one.steps == NOWHERE else one.steps,
                wait_days=one.wait_days,
                whole=one.whole,
            )
            for one in wanted
        ]
    )


# ---- integrity -----------------------------------------------------------------------------------------------------------


class PromiseShown(msgspec.Struct, frozen=True, kw_only=True):
    """One promise and how it turned out. `weight` today, in thousandths, halves with every half-life (policy
    `integrity.half_life_days`); what is contested or struck weighs nothing. `position` opens to what happened. What was
    promised again about the same thing has a number behind `about`: `req_1.2`."""

    promise: str
    about: str
    outcome: str
    status: str
    day: DayText
    weight: int
    position: int


class IntegrityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A party's record: how many promises count as kept and as broken, what they weigh today, and the list they come from."""

    party_id: str
    party: Who | None
    kept: int
    broken: int
    kept_weight: int
    broken_weight: int
    entries: list[PromiseShown]
    next: str | None


def integrity(asked: Asked, query: Paged) -> IntegrityRecord:
    """A party's promises kept and broken, newest first; sums are never shown without the list."""
    party = asked.path["party"]
    missing = NotFound("no_such_subject", subject=party)
    asked.need_own(party, READ_ALL, missing)
    store = asked.store
    if not store.application.view(asked.ledger).state(Standing, party).kind:
        raise missing
    past = past_at(store.database, store.codec.decode, asked.ledger)
    today, zone = _today(store, asked.ledger, store.clock()), zone_of(past)
    record = record_of(past, party, today)
    weighing = [one for one in record if one.weight]
    kept = [one.weight for one in weighing if one.line.promise.outcome == "kept"]
    broken = [one.weight for one in weighing if one.line.promise.outcome == "broken"]
    rows: list[Cells] = [{"position": one.position, "record": one} for one in reversed(record)]
    page = page_of(rows, "position", after=query.after, limit=query.limit)
    shown = [row["record"] for row in page.rows]
    known = whos(asked, [party])
    return IntegrityRecord(
        party_id=party,
        party=known[party],
        kept=len(kept),
        broken=len(broken),
        kept_weight=sum(kept),
        broken_weight=sum(broken),
        entries=[
            PromiseShown(
                promise=one.line.promise.kind,
                about=one.line.promise.about,
                outcome=one.line.promise.outcome,
                status=one.line.status,
                day=day_in(one.line.promise, zone).isoformat(),
                weight=one.weight,
                position=one.position,
            )
            for one in shown
        ],
        next=closed(page.next),
    )


READS: tuple[Read, ...] = (
    Read("/suggestions", suggestions, "resources", SuggestionsQuery, reads=Reads(public=True)),
    Read("/parties/{party}/integrity", integrity, "integrity", Paged, reads=Reads(roles=READ_ALL, own="the party")),
)

FIGURES: dict[str, dict[str, str]] = {
    "Suggestion": dict.fromkeys(("quantity", "steps", "wait_days"), "event {number}"),
    "IntegrityRecord": {
        name: f"integrity:{{party_id}}:{name}" for name in ("kept", "broken", "kept_weight", "broken_weight")
    },
    "PromiseShown": {"weight": "integrity:{party_id}:{promise}:{about}"},
}


# ---- what comes due ------------------------------------------------------------------------------------------------------

_AT_ONCE = 200


def _today(store: Store, ledger: str, now_at: int) -> date:
    return day_of(now_at, queries.zone_of(store.database, ledger))


def _overdue() -> Select[Any]:
    c = deals.c
    due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.due_day < bindparam("d"))
    return select(c.deal_id).where(*due).order_by(c.due_day, c.number).limit(bindparam("n"))


def deals_overdue(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Deals whose due day has passed."""
    day = _today(store, ledger, now_at).isoformat()
    with store.database.reading() as cursor:
        rows = fetch(store.database, cursor, "deals_overdue", _overdue, l=ledger, s="agreed", d=day, n=_AT_ONCE)
    return [do.DefaultDeal(deal_id=str(row[0])) for row in rows]


DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (deals_overdue,)
