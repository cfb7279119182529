"""The scoring sheet of a judge: one box for each criterion of the call, and who may not judge is told why."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api import formats
from api.pages.common import Visit, redirect
from api.pages.forms.posted import form_data
from api.pages.fund.calls import criteria_of, proposal_by_number, sees_plan
from api.pages.fund.may import why_not
from api.pages.naming import labels
from api.people import People
from api.problems import status_of
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.errors import NotYours, NuanlinError, Refused
from ledger.proposals.commands import ScoreProposal
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, one

_DIGITS = 4


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion on the sheet: its name and most points, what was typed, and what is wrong with it."""

    name: str
    most: int
    typed: str
    wrong: str


def _boxes(visit: Visit, criteria: list[tuple[str, int]], typed: list[str], *, checked: bool) -> list[Box]:
    found: list[Box] = []
    for (name, most), said in zip(criteria, typed, strict=True):
        fits = said.isascii() and said.isdecimal() and len(said) <= _DIGITS and int(said) <= most
        wrong = visit.t("fund.bad_points", name=name, most=most) if checked and not fits else ""
        found.append(Box(name=name, most=most, typed=said, wrong=wrong))
    return found


def _call_of(visit: Visit, row: Cells) -> Cells:
    call = one(visit.store.database, tables.calls_for_proposals, visit.ledger, call_id=row["call_id"])
    assert call is not None, "a proposal answers a call"
    return call


def _sheet(visit: Visit, row: Cells, boxes: list[Box], *, key: str, problem: NuanlinError | None = None) -> Response:
    """The sheet; where the ledger would refuse any points of this judge, the reason instead of the boxes."""
    call = _call_of(visit, row)
    nothing = ScoreProposal(proposal_id=row["proposal_id"], points=tuple(0 for _ in boxes))
    plan = ""
    if sees_plan(visit, call, row):
        plan = str(People(visit.store, visit.ledger).words([row["words"]]).get(row["words"], {}).get("text", ""))
    wrong = any(box.wrong for box in boxes)
    status = 422 if wrong else 200 if problem is None else status_of(problem)
    return visit.page(
        "fund_score.html", status, tab="calls", row=row, call=call, boxes=boxes, plan=plan, key=key, wrong=wrong,
        who=labels(visit, [row["applicant"]], clear=visit.caller.sees_names)[row["applicant"]],
        refusal=why_not(visit, nothing), sentence=formats.error(problem, visit.lang) if problem else "",
    )  # fmt: skip


def _visited(store: Store, request: Request, ledger: str, number: str) -> tuple[Visit, Cells]:
    """The visit of a judge of this proposal; raises NotFound, NotYours `not_a_judge`."""
    visit = Visit(store, request, ledger)
    row = proposal_by_number(visit, number)
    if visit.caller.signed_in and visit.caller.actor not in _call_of(visit, row)["judges"].split("\n"):
        raise NotYours("not_a_judge", call=row["call_id"])
    return visit, row


def _give(visit: Visit, row: Cells, said: list[str], key: str) -> Response:
    boxes = _boxes(visit, criteria_of(_call_of(visit, row)), said, checked=True)
    if any(box.wrong for box in boxes):
        return _sheet(visit, row, boxes, key=key, problem=Refused("bad_proposal_points", criteria=len(boxes)))
    command = ScoreProposal(proposal_id=row["proposal_id"], points=tuple(int(box.typed) for box in boxes))
    actor = visit.caller.actor
    try:
        own_key = f"web:{actor}:{key[:100]}" if key else None
        need_proof(command, visit.caller)
        visit.store.application.execute(visit.ledger, command, actor=Actor(actor), key=own_key)
    except NuanlinError as problem:
        return _sheet(visit, row, boxes, key=visit.new_key(), problem=problem)
    return redirect(visit.url(f"proposals/{row['number']}", done="scored"))


def add_scoring(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/proposals/{number}/score`."""

    @pages.get("/{ledger}/proposals/{number}/score")
    def sheet(request: Request, ledger: str, number: str) -> Response:
        visit, row = _visited(store, request, ledger, number)
        if not visit.caller.signed_in:
            return visit.sign_in_first()
        criteria = criteria_of(_call_of(visit, row))
        return _sheet(visit, row, _boxes(visit, criteria, [""] * len(criteria), checked=False), key=visit.new_key())

    @pages.post("/{ledger}/proposals/{number}/score")
    def score(request: Request, ledger: str, number: str, data: Annotated[FormData, Depends(form_data)]) -> Response:
        visit, row = _visited(store, request, ledger, number)
        visit.check_form(str(data.get("csrf", "")))
        count = len(criteria_of(_call_of(visit, row)))
        said = [str(data.get(f"points-{at}", "")).strip() for at in range(1, count + 1)]
        return _give(visit, row, said, str(data.get("key", "")))
