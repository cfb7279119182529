"""What waits about requests: to be reviewed, to be given to somebody, to be hurried, and work for the community to accept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from api.finding import find_members
from api.pages.common import Visit
from api.pages.worker.desk import Action, Answers, Ask, Said, Source, Told, give, pairs
from api.people import mask_numbers
from ledger.base import Command
from ledger.errors import Refused
from ledger.ids import TEAM, UNIT, looks_like_id, prefix_of
from ledger.requests.commands import (
    AssignRequest,
    CloseRequest,
    DeclineRequest,
    EscalateRequest,
    PublishRequest,
    ReleaseClaim,
)
from ledger.requests.kinds import KINDS, kind_of
from projections.books import queries as books
from projections.books import tables
from projections.books.engines.requests_tables import progress
from projections.books.more_tables import requests
from projections.reading import Cells, cells, fetch, one

AHEAD_DAYS = 2
"""So many days before a request on the board is due it stands in the queue; before that it is the neighbours' to take."""
_LATEST = "9999-12-31"
_P, _R = progress.c, requests.c
_WATCHED = requests.outerjoin(progress, (_P.ledger == _R.ledger) & (_P.request_id == _R.request_id))
_DUE = progress.join(requests, (_P.ledger == _R.ledger) & (_P.request_id == _R.request_id))
_THERE = requests.alias("there")
_STANDING = select(_THERE.c.request_id).where(_THERE.c.ledger == bindparam("l"), _THERE.c.status == bindparam("s"))
"""The requests of a state, by the index that holds nothing else: read first, for a planner without statistics would go
through all requests there ever were."""
_HERE = (_R.ledger == bindparam("l"), _R.request_id.in_(_STANDING))
_NEAR = (_P.ledger == bindparam("l"), _P.request_id.in_(_STANDING))
_EXTRA = (
    "stage", "until_day", "overdue", "contact_until_day", "contacted_day", "at_place", "responsible", "late",
    "escalations", "rounds", "evidence",
)  # fmt: skip
_SHOWN: list[Any] = [requests, *(_P[name].label(f"p_{name}") for name in _EXTRA)]


def _read(visit: Visit, name: str, build: Callable[[], Select[Any]], **values: Any) -> list[Cells]:
    """Rows of requests with what is watched of them; `due_day` is the deadline of the stage where each stands."""
    database = visit.store.database
    with database.reading() as cursor:
        found = fetch(database, cursor, f"desk.{name}", build, l=visit.ledger, **values)
    width = len(requests.c)
    rows: list[Cells] = []
    for row in found:
        more = dict(zip(_EXTRA, row[width:], strict=True))
        told = {**cells(requests, row[:width]), **{f"p_{one}": value for one, value in more.items()}}
        told["due_day"] = more["until_day"] if more["stage"] == told["status"] else None
        rows.append(told)
    return rows


def _one(visit: Visit, key: str) -> Cells | None:
    def build() -> Select[Any]:
        return select(*_SHOWN).select_from(_WATCHED).where(_R.ledger == bindparam("l"), _R.request_id == bindparam("k"))

    rows = _read(visit, "request", build, k=key)
    return rows[0] if rows else None


def _that(status: str, fits: Callable[[Cells], bool] = lambda _row: True) -> Callable[[Visit, str], Cells | None]:
    """One request that still waits in that state."""

    def row(visit: Visit, key: str) -> Cells | None:
        found = _one(visit, key)
        return found if found is not None and found["status"] == status and fits(found) else None

    return row


def _tell(key: str) -> Callable[[Visit, Cells, Told], Said]:
    def tell(visit: Visit, row: Cells, told: Told) -> Said:
        words = told.words.get(row["words"], {})
        asker = str(words.get("name", "")) or told.names.get(row["requester"] or "", "")
        title = str(words.get("title", "")) or visit.t("board.number", number=row["number"])
        spoken = row["p_contact_until_day"] and not row["p_contacted_day"]
        return Said(
            visit.t(f"worker.title.{key}", kind=visit.t(f"kind.{row['kind']}"), title=title),
            pairs(
                visit,
                ("detail", mask_numbers(str(words.get("detail", "")))),
                ("asker", asker),
                ("place", told.names.get(row["place"] or "")),
                ("category", row["category"]),
                ("value", visit.yuan(row["value_fen"]) if row["value_fen"] else ""),
                ("claimant", told.names.get(row["claimant"] or "")),
                ("until", visit.deadline(row["until_at"]) if row["claimant"] and row["until_at"] else ""),
                ("not_spoken", visit.day(row["p_contact_until_day"]) if spoken and row["claimant"] else ""),
                ("responsible", told.names.get(row["p_responsible"] or "")),
                ("let_down", visit.t("worker.times", count=row["priority"]) if row["priority"] else ""),
                ("went_up", visit.t("worker.times", count=row["p_escalations"]) if row["p_escalations"] else ""),
            ),
        )

    return tell


def _leads(visit: Visit, row: Cells) -> str:
    return visit.url(f"requests/{row['request_id']}")


# ---- review --------------------------------------------------------------------------------------------------------

_REVIEWED = tuple(sorted(name for name, kind in KINDS.items() if kind.stages[0].mover == "reviewer"))
"""Kinds that a worker reviews; projects go to a meeting."""


def _of_kinds(status: str, kinds: tuple[str, ...]) -> Callable[[Visit, int], list[Cells]]:
    """The requests of these kinds that wait in that state, oldest first."""

    def build() -> Select[Any]:
        one_of = _R.kind.in_([bindparam(f"k{number}") for number in range(len(kinds))])
        return select(*_SHOWN).select_from(_WATCHED).where(*_HERE, one_of).order_by(_R.number).limit(bindparam("n"))

    named = {f"k{number}": name for number, name in enumerate(kinds)}
    return lambda visit, most: _read(visit, f"kinds.{status}", build, s=status, n=most, **named)


REVIEW = Source(
    name="review",
    icon="wish",
    table=requests,
    key="request_id",
    rows=_of_kinds("posted", _REVIEWED),
    row=_that("posted", lambda row: row["kind"] in _REVIEWED),
    tell=_tell("request"),
    story=("request_id",),
    due_column="due_day",
    hindered=lambda visit, row, _beside: "hindered.asker" if row["requester"] == visit.caller.actor else "",
    leads=_leads,
    actions=(
        Action(
            name="publish", letter="a", main=True,
            command=lambda _visit, row, _said: PublishRequest(request_id=row["request_id"]),
        ),
        Action(
            name="decline", letter="r",
            asks=(
                Ask(
                    name="reason", kind="choice", words="pages.declined.",
                    values=("not_ours", "over_ceiling", "duplicate", "improper", "already_met"),
                ),
            ),
            command=lambda _visit, row, said: give(
                DeclineRequest, request_id=row["request_id"], reason=said["reason"]
            ),
        ),
    ),
)  # fmt: skip


# ---- assigning and hurrying ----------------------------------------------------------------------------------------


def _soon(visit: Visit) -> str:
    return (visit.today + timedelta(days=AHEAD_DAYS)).isoformat()


def _to_assign(visit: Visit, most: int) -> list[Cells]:
    def build() -> Select[Any]:
        near = (_P.stage == bindparam("s"), _P.until_day <= bindparam("d"))
        near_ones = select(*_SHOWN).select_from(_DUE).where(*_NEAR, *near)
        return near_ones.order_by(_P.until_day, _R.number).limit(bindparam("n"))

    return _read(visit, "assign", build, s="published", d=_soon(visit), n=most)


def _to_hurry(visit: Visit, most: int) -> list[Cells]:
    def build() -> Select[Any]:
        silent = (_P.contacted_day.is_(None), _P.contact_until_day < bindparam("d"))
        silent_ones = select(*_SHOWN).select_from(_DUE).where(*_NEAR, *silent)
        return silent_ones.order_by(_P.contact_until_day, _R.number).limit(bindparam("n"))

    return _read(visit, "hurry", build, s="claimed", d=visit.today.isoformat(), n=most)


def _silent(visit: Visit, key: str) -> Cells | None:
    row = _that("claimed", lambda row: bool(row["p_contact_until_day"]) and not row["p_contacted_day"])(visit, key)
    return row if row is not None and row["p_contact_until_day"] < visit.today.isoformat() else None


def party_of(visit: Visit, text: str) -> str:
    """The member, team or unit that somebody typed: a short number, phone or name, or the exact name of a team or unit.

    Raises Refused `desk_nobody`, `desk_several`.
    """
    said, database, ledger = text.strip(), visit.store.database, visit.ledger
    if prefix_of(said) in (TEAM, UNIT) and looks_like_id(said) and books.names_of(database, ledger, [said]):
        return said
    found = find_members(visit.store, ledger, said) if said else []
    for table, key in ((tables.units, "unit_id"), (tables.teams, "team_id")):
        row = one(database, table, ledger, name=said) if said else None
        found += [str(row[key])] if row is not None else []
    if not found:
        raise Refused("desk_nobody", field="owner")
    if len(found) > 1:
        raise Refused("desk_several", field="owner", count=len(found))
    return found[0]


def _assign(visit: Visit, row: Cells, said: Answers) -> Command:
    try:
        due_day = date.fromisoformat(said.get("due_day", ""))
    except ValueError:
        raise Refused("desk_bad_day", field="due_day") from None
    return AssignRequest(request_id=row["request_id"], owner=party_of(visit, said.get("owner", "")), due_day=due_day)


def _goes_up(_visit: Visit, row: Cells) -> bool:
    return kind_of(row["kind"]).escalates


_ESCALATE = Action(
    name="escalate", letter="e", when=_goes_up,
    asks=(Ask(name="reason", kind="choice", values=("beyond_means", "not_competent", "urgent")),),
    command=lambda _visit, row, said: give(EscalateRequest, request_id=row["request_id"], reason=said["reason"]),
)  # fmt: skip

ASSIGN = Source(
    name="assign",
    icon="person",
    table=requests,
    key="request_id",
    rows=_to_assign,
    row=_that("published"),
    tell=_tell("request"),
    story=("request_id",),
    due_column="due_day",
    leads=_leads,
    actions=(
        Action(
            name="assign", letter="a", main=True,
            when=lambda _visit, row: bool(kind_of(row["kind"]).claimants),
            asks=(Ask(name="owner", kind="party"), Ask(name="due_day", kind="day")), command=_assign,
        ),
        _ESCALATE,
    ),
)  # fmt: skip

HURRY = Source(
    name="hurry",
    icon="wait",
    table=requests,
    key="request_id",
    rows=_to_hurry,
    row=_silent,
    tell=_tell("request"),
    story=("request_id",),
    due_column="p_contact_until_day",
    leads=_leads,
    actions=(
        Action(
            name="take_back", letter="r",
            command=lambda _visit, row, _said: ReleaseClaim(request_id=row["request_id"], claimant=row["claimant"]),
        ),
        _ESCALATE,
    ),
)  # fmt: skip


# ---- the community's own work --------------------------------------------------------------------------------------

_OURS = tuple(sorted(name for name, kind in KINDS.items() if kind.from_workers))
_SCORES = ("5", "4", "3", "2", "1")


ACCEPT = Source(
    name="accept",
    icon="check",
    table=requests,
    key="request_id",
    rows=_of_kinds("fulfilled", _OURS),
    row=_that("fulfilled", lambda row: row["kind"] in _OURS),
    tell=_tell("request"),
    story=("request_id",),
    due_column="due_day",
    hindered=lambda visit, row, _beside: "hindered.part" if row["claimant"] == visit.caller.actor else "",
    leads=_leads,
    actions=(
        Action(
            name="accept", letter="a", main=True,
            asks=(Ask(name="score", kind="choice", words="pages.worker.score.", values=_SCORES),),
            command=lambda _visit, row, said: CloseRequest(
                request_id=row["request_id"], requester=row["requester"] or "", score=int(said["score"])
            ),
        ),
    ),
)  # fmt: skip

SOURCES = (REVIEW, ASSIGN, HURRY, ACCEPT)
