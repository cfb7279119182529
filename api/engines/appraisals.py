"""How the engine `appraisals` is reached: panels, appraisals, rectification, trials, approval in levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Select, Table, bindparam, select

from api.reading import READ_ALL, Reads
from api.routes.asked import Asked
from api.routes.commands import Write
from api.routes.names import DayText, Who, whos
from api.routes.reads import Read
from api.shelves import Shelf
from api.store import Store
from ledger.appraisals import commands as do
from ledger.base import Command
from ledger.clock import day_of
from ledger.errors import NotFound
from ledger.trials import commands as trial
from projections.books import queries
from projections.books.engines.appraisals_tables import (
    appraisal_sheets,
    appraisals,
    approvals,
    panels,
    rectifications,
    standards,
    trials,
)
from projections.reading import fetch, listed, one

_APPRAISAL, _RECTIFICATION = "/appraisals/{appraisal_id}", "/rectifications/{rectification_id}"
_PANEL, _TRIAL, _APPROVAL = "/panels/{panel_id}", "/trials/{trial_id}", "/approvals/{approval_id}"

WRITES: tuple[Write, ...] = (
    Write("/panels", do.AppointPanel, "appraisals", location=_PANEL),
    Write(_PANEL + "/dissolve", do.DissolvePanel, "appraisals", "panel_id"),
    Write("/appraisals", do.OpenAppraisal, "appraisals", location=_APPRAISAL),
    Write(_APPRAISAL + "/sheets", do.ScoreAppraisal, "appraisals", location="/appraisal-sheets/{sheet_id}"),
    Write(_APPRAISAL + "/close", do.CloseAppraisal, "appraisals", "appraisal_id"),
    Write(_APPRAISAL + "/cancel", do.CancelAppraisal, "appraisals", "appraisal_id"),
    Write("/rectifications", do.OrderRectification, "appraisals", location=_RECTIFICATION),
    Write(_RECTIFICATION + "/report", do.ReportRectified, "appraisals", "rectification_id"),
    Write(_RECTIFICATION + "/accept", do.AcceptRectification, "appraisals", "rectification_id"),
    Write(_RECTIFICATION + "/fail", do.FailRectification, "appraisals", "rectification_id"),
    Write("/standards", trial.AdoptStandard, "trials", location="/standards/{standard_id}"),
    Write("/trials", trial.OpenTrial, "trials", location=_TRIAL),
    Write(_TRIAL + "/items", trial.TickItem, "trials", "trial_id"),
    Write(_TRIAL + "/extend", trial.ExtendTrial, "trials", "trial_id"),
    Write(_TRIAL + "/end", trial.EndTrial, "trials", "trial_id"),
    Write("/approvals", trial.ApplyForApproval, "trials", location=_APPROVAL),
    Write(_APPROVAL + "/approve", trial.ApproveLevel, "trials", "approval_id"),
    Write(_APPROVAL + "/reject", trial.RejectLevel, "trials", "approval_id"),
    Write(_APPROVAL + "/approver", trial.ReplaceApprover, "trials", "approval_id"),
    Write(_APPROVAL + "/withdraw", trial.WithdrawApproval, "trials", "approval_id"),
)

_PUBLIC = Reads(public=True)

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        name="panels",
        one="panel",
        table=panels,
        tag="appraisals",
        reads=_PUBLIC,
        about="Panels that appraise: who sits on them with which weight (party weight), and by which criteria "
        "(code most name).",
        parties=("appointed_by",),
        lists=("seats", "criteria"),
        filters=("rhythm", "status"),
    ),
    Shelf(
        name="appraisals",
        one="appraisal",
        table=appraisals,
        tag="appraisals",
        reads=_PUBLIC,
        about="Appraisals by subject and period, the newest first; a result is hundredths of a point of 100.",
        parties=("opened_by",),
        lists=("seats", "criteria"),
        filters=("subject", "panel_id", "period", "status"),
        order=(("number", True),),
    ),
    Shelf(
        name="appraisal_sheets",
        one="appraisal_sheet",
        table=appraisal_sheets,
        tag="appraisals",
        reads=Reads(roles=READ_ALL, own="the panelist"),
        about="Sheets as they were handed in, also those of appraisals under way.",
        own=("panelist",),
        parties=("panelist", "scored_by"),
        words=("words",),
        lists=("marks",),
        filters=("appraisal_id", "panelist"),
        missing="no_such_sheet_of_appraisal",
    ),
    Shelf(
        name="rectifications",
        one="rectification",
        table=rectifications,
        tag="appraisals",
        reads=_PUBLIC,
        about="What units and teams were ordered to put right, by when, and what came of it; the newest first.",
        own=("party",),
        parties=("party", "ordered_by", "reported_by", "judged_by"),
        words=("words", "report_words"),
        filters=("party", "status", "appraisal_id"),
        order=(("number", True),),
    ),
    Shelf(
        name="standards",
        one="standard",
        table=standards,
        tag="trials",
        reads=_PUBLIC,
        about="Checklists of service standards (code name) for pilots.",
        parties=("adopted_by",),
        lists=("checklist",),
        filters=("kind",),
    ),
    Shelf(
        name="trials",
        one="trial",
        table=trials,
        tag="trials",
        reads=_PUBLIC,
        about="Pilots: where, by which standard, until when, and how much of the checklist is met.",
        parties=("unit", "opened_by", "ended_by"),
        lists=("ticked",),
        filters=("place", "unit", "status", "kind", "standard_id"),
    ),
    Shelf(
        name="approvals",
        one="approval",
        table=approvals,
        tag="trials",
        reads=Reads(roles=READ_ALL, own="the applicant, and whoever decides at the level whose turn it is"),
        about="Applications on their way through the levels; with waiting_for, what waits for one's own decision.",
        own=("applicant", "waiting_for"),
        parties=("applicant", "waiting_for", "applied_by"),
        words=("words",),
        lists=("levels", "decided"),
        filters=("subject", "applicant", "status", "waiting_for"),
        order=(("number", True),),
    ),
)


class PublishedSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What one panelist gave: "criterion points", and their sum of `most`; it counts `weight` times."""

    sheet_id: str
    panelist: Who | None
    weight: int
    marks: list[str]
    total: int
    most: int


class PublishedSheets(msgspec.Struct, frozen=True, kw_only=True):
    """How an appraisal came to its result, hundredths of a point of 100."""

    appraisal_id: str
    result_hundredths: int
    grade: str
    sheets: list[PublishedSheet]


def published_sheets(asked: Asked, _query: msgspec.Struct) -> PublishedSheets:
    """The sheets behind a published result; while an appraisal is under way nobody is swayed by the others' sheets."""
    database, ledger, key = asked.store.database, asked.ledger, asked.path["appraisal_id"]
    row = one(database, appraisals, ledger, appraisal_id=key)
    if row is None or row["status"] != "closed":
        raise NotFound("no_result_published", appraisal=key)
    order = (("number", False),)
    page = listed(
        database, appraisal_sheets, ledger, where={"appraisal_id": key}, order=order, after=None, limit=row["sheets"]
    )
    known = whos(asked, [sheet["panelist"] for sheet in page.rows], hide=True)
    sheets = [
        PublishedSheet(
            sheet_id=sheet["sheet_id"],
            panelist=known.get(sheet["panelist"]),
            weight=sheet["weight"],
            marks=sheet["marks"].split("\n"),
            total=sheet["total"],
            most=sheet["most"],
        )
        for sheet in page.rows
    ]
    return PublishedSheets(
        appraisal_id=key, result_hundredths=row["result_hundredths"], grade=row["grade"], sheets=sheets
    )


class UnjudgedRectification(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported put right, and by when it was to be. `number` is the position of the order."""

    rectification_id: str
    number: int
    party: Who | None
    matter: str
    due_day: DayText
    reported_day: DayText


class UnjudgedRectifications(msgspec.Struct, frozen=True, kw_only=True):
    """Reports that nobody has accepted or found insufficient although the day has passed, the longest overdue first, 200 at
    most."""

    rectifications: list[UnjudgedRectification]


def unjudged_rectifications(asked: Asked, _query: msgspec.Struct) -> UnjudgedRectifications:
    """What was reported put right and still waits, after its day, for somebody to look: it does not end by itself."""
    store, ledger = asked.store, asked.ledger
    ids = _ids_past(store, ledger, store.clock(), rectifications, "reported", "due_day")
    found = (one(store.database, rectifications, ledger, rectification_id=key) for key in ids)
    rows = [row for row in found if row is not None and row["status"] == "reported"]
    known = whos(asked, [row["party"] for row in rows], hide=True)
    return UnjudgedRectifications(
        rectifications=[
            UnjudgedRectification(
                rectification_id=row["rectification_id"],
                number=row["number"],
                party=known.get(row["party"]),
                matter=row["matter"],
                due_day=row["due_day"],
                reported_day=row["reported_day"],
            )
            for row in rows
        ]
    )


READS: tuple[Read, ...] = (
    Read(_APPRAISAL + "/sheets", published_sheets, "appraisals", reads=_PUBLIC),
    Read("/unjudged-rectifications", unjudged_rectifications, "appraisals", reads=_PUBLIC),
)

FIGURES: dict[str, dict[str, str]] = {
    "PublishedSheets": {"result_hundredths": "appraisal:{appraisal_id}:result_hundredths"},
    "PublishedSheet": {name: f"sheet:{{sheet_id}}:{name}" for name in ("weight", "total", "most")},
}

_AT_ONCE = 200


def _ids_past(store: Store, ledger: str, now_at: int, table: Table, status: str, day: str) -> list[str]:
    """Ids of rows of a status whose day has passed, the longest ago first."""
    columns = table.c
    key = columns[[column.name for column in table.primary_key.columns][1]]

    def build() -> Select[Any]:
        due = (columns.ledger == bindparam("l"), columns.status == bindparam("s"), columns[day] < bindparam("today"))
        return select(key).where(*due).order_by(columns[day], columns.number).limit(bindparam("n"))

    today = day_of(now_at, queries.zone_of(store.database, ledger)).isoformat()
    with store.database.reading() as cursor:
        name = f"due.{table.name}"
        rows = fetch(store.database, cursor, name, build, l=ledger, s=status, today=today, n=_AT_ONCE)
    return [str(row[0]) for row in rows]


def overdue_rectifications(store: Store, ledger: str, now_at: int) -> list[Command]:
    """What was to be put right by yesterday and was not reported."""
    ids = _ids_past(store, ledger, now_at, rectifications, "ordered", "due_day")
    return [do.FailRectification(rectification_id=key, cause="overdue") for key in ids]


def appraisals_past_their_day(store: Store, ledger: str, now_at: int) -> list[Command]:
    """Appraisals that take no more sheets: they come to their result, or to none."""
    ids = _ids_past(store, ledger, now_at, appraisals, "open", "until_day")
    return [do.CloseAppraisal(appraisal_id=key) for key in ids]


DUE: tuple[Callable[[Store, str, int], list[Command]], ...] = (overdue_rectifications, appraisals_past_their_day)
