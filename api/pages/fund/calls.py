"""Calls for proposals and what was proposed: everybody sees criteria, judges, points and awards; plans are for those who
judge, decide, or proposed."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.fund.may import COMMITTEE, MONEY, why_not
from api.pages.fund.names import items_of, number_in
from api.pages.links import looker_of
from api.pages.naming import labels
from api.people import People
from api.points import all_have_judged, sees_points
from api.store import Store
from ledger.errors import NotFound
from ledger.funds.interest import has_interest
from ledger.parties.state import Standing, acts_for, works_for
from ledger.proposals.commands import AwardProposal
from ledger.proposals.state import Proposal
from projections.asof.past import event_at
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed, many, one

_ROWS, _MOST = 30, 200


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """A judge of a proposal: points given, or None with the reason: not for these eyes yet (`judged`), tied to the
    applicant, gone, or not yet."""

    name: str
    points: int | None
    judged: bool
    tied: bool
    gone: bool
    me: bool


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a proposal: what is to be reached by when for how much, how far it is, and its grant's pages."""

    name: str
    due_day: str
    amount_fen: int
    status: str
    href: str
    grant_id: str
    reports: bool


def criteria_of(row: Cells) -> list[tuple[str, int]]:
    """The criteria of a call with their most points."""
    found = []
    for line in row["criteria"].split("\n"):
        name, _, most = line.rpartition(" ")
        found.append((name, int(most)))
    return found


def row_by_number(visit: Visit, number: str, table: Any, field: str, missing: str) -> Cells:
    """A row by the number that people see: its first entry names its id. Raises NotFound with the code `missing`."""
    at = number_in(number)
    found = event_at(looker_of(visit).past(), at)
    key = getattr(found.fact, field, None) if found else None
    row = one(visit.store.database, table, visit.ledger, **{field: key}) if isinstance(key, str) else None
    if row is None or row["number"] != at:
        raise NotFound(missing, number=number)
    return row


def call_by_number(visit: Visit, number: str) -> Cells:
    """A call by its number; raises NotFound."""
    return row_by_number(visit, number, tables.calls_for_proposals, "call_id", "no_such_call_for_proposals")


def proposal_by_number(visit: Visit, number: str) -> Cells:
    """A proposal by its number; raises NotFound."""
    return row_by_number(visit, number, tables.proposals, "proposal_id", "no_such_proposal")


def is_over(visit: Visit, call: Cells) -> bool:
    """Whether the last day of a call has passed."""
    return visit.today.isoformat() > str(call["until_day"])


def points_in_percent(call: Cells, proposal: Cells) -> int:
    """The points of a proposal as hundredths of what its judges could give."""
    most = sum(points for _name, points in criteria_of(call)) * proposal["scores"]
    return int(proposal["points"]) * 100 // most if most else 0


def _fund_row(visit: Visit, fund: str) -> Cells:
    row = one(visit.store.database, more.funds, visit.ledger, fund=fund)
    assert row is not None, "a call names a fund that was opened"
    return {**row, "slug": fund.removeprefix("fund_")}


def calls_page(visit: Visit, after: str | None) -> Response:
    """All calls, the newest first."""
    page = listed(
        visit.store.database, tables.calls_for_proposals, visit.ledger, where={}, order=(("number", True),),
        after=after, limit=_ROWS,
    )  # fmt: skip
    funds = {row.fund["fund"]: row.fund["name"] for row in books.funds(visit.store.database, visit.ledger)}
    actor = visit.caller.actor
    calls = [
        {
            **row,
            "fund_name": funds[row["fund"]],
            "over": is_over(visit, row),
            "judge": actor in row["judges"].split("\n"),
        }
        for row in page.rows
    ]
    return visit.page("fund_calls.html", tab="calls", calls=calls, next=page.next, opens=visit.caller.holds(OPENS))


OPENS = frozenset({"committee_member", "host_charity", "community_worker"})
"""Who calls for proposals."""


def _all_judged(visit: Visit, call: Cells) -> bool:
    applicants = listed(
        visit.store.database, tables.proposals, visit.ledger, where={"call_id": call["call_id"], "status": "submitted"},
        order=(("number", False),), after=None, limit=_MOST,
    )  # fmt: skip
    return applicants.next is None and all(all_have_judged(visit.view, row["proposal_id"]) for row in applicants.rows)


def call_page(visit: Visit, number: str, after: str | None) -> Response:
    """One call with its proposals, the best first. Raises NotFound."""
    call = call_by_number(visit, number)
    fund = _fund_row(visit, call["fund"])
    # The order would tell points that are not told yet.
    best = (("points", True),) if _all_judged(visit, call) else ()
    page = listed(
        visit.store.database, tables.proposals, visit.ledger, where={"call_id": call["call_id"]},
        order=(*best, ("number", False)), after=after, limit=_ROWS,
    )  # fmt: skip
    judges = call["judges"].split("\n")
    names = labels(visit, [*judges, *(row["applicant"] for row in page.rows)], clear=visit.caller.sees_names)
    proposals = [
        {
            **row,
            "who": names[row["applicant"]],
            "percent": points_in_percent(call, row),
            "open": points_open(visit, row),
        }
        for row in page.rows
    ]
    return visit.page(
        "fund_call.html", tab="calls", call=call, fund=fund, criteria=criteria_of(call), over=is_over(visit, call),
        item=items_of(visit, call["fund"]).name(call["item"]), judges=[names[one_judge] for one_judge in judges],
        is_judge=visit.caller.actor in judges, proposals=proposals, next=page.next,
    )  # fmt: skip


# ---- a proposal -------------------------------------------------------------------------------------------------------


def sees_plan(visit: Visit, call: Cells, row: Cells) -> bool:
    """Whether the plan is open to who looks: judges, who decides about money, and the applicant's own."""
    if not visit.caller.signed_in:
        return False
    own = acts_for(visit.view, visit.caller.actor, row["applicant"]) or visit.caller.actor == row["submitted_by"]
    return own or visit.caller.holds(MONEY) or visit.caller.actor in call["judges"].split("\n")


def points_open(visit: Visit, row: Cells) -> bool:
    """Whether who looks may read the points of a proposal."""
    return sees_points(visit.view, row["proposal_id"], visit.caller.actor, visit.caller.holds)


def judges_of(visit: Visit, call: Cells, row: Cells) -> list[Judge]:
    """Every judge with the points given, or why there are none."""
    totals, ids = visit.view.state(Proposal, row["proposal_id"]).totals, call["judges"].split("\n")
    names = labels(visit, ids, clear=visit.caller.sees_names)
    opened = points_open(visit, row)
    return [
        Judge(
            name=names[who], points=totals.get(who) if opened or who == visit.caller.actor else None,
            judged=who in totals, me=who == visit.caller.actor,
            tied=who == row["submitted_by"] or has_interest(visit.view, who, row["applicant"]),
            gone=visit.view.state(Standing, who).left,
        )
        for who in ids
    ]  # fmt: skip


def _stages(visit: Visit, call: Cells, row: Cells) -> list[Stage]:
    """What was proposed; after the award, how far each part is."""
    kept = many(visit.store.database, tables.milestones, visit.ledger, "proposal_id", [row["proposal_id"]])
    slug, actor = call["fund"].removeprefix("fund_"), visit.caller.actor
    if not kept:
        submitted = visit.view.state(Proposal, row["proposal_id"]).submitted
        planned = submitted.milestones if submitted else ()
        return [
            Stage(name=name, due_day=day, amount_fen=fen, status="", href="", grant_id="", reports=False)
            for name, fen, day in planned
        ]
    grants = {
        one_row["grant_id"]: one_row
        for one_row in many(visit.store.database, more.grants, visit.ledger, "grant_id", [m["grant_id"] for m in kept])
    }
    works = visit.caller.signed_in and works_for(visit.view, actor, row["applicant"])
    found: list[Stage] = []
    for stage in sorted(kept, key=lambda one_row: one_row["number"]):
        grant = grants[stage["grant_id"]]
        paid = grant["paid"] is not None
        status = grant["status"] if grant["status"] in ("paid", "returned", "cancelled") else stage["status"]
        inner = visit.caller.holds(MONEY)
        href = visit.url(f"funds/{slug}/payments/{grant['paid']}") if paid else ""
        if not paid and inner:
            href = visit.url(f"funds/{slug}/grants/{grant['number']}")
        found.append(
            Stage(
                name=stage["name"], due_day=stage["due_day"], amount_fen=stage["amount_fen"], status=status, href=href,
                grant_id=stage["grant_id"], reports=works and status in ("agreed", "reported"),
            )
        )  # fmt: skip
    return found


def proposal_page(visit: Visit, number: str) -> Response:
    """One proposal: what is to be done, what the judges said, and what became of it. Raises NotFound."""
    row = proposal_by_number(visit, number)
    call = one(visit.store.database, tables.calls_for_proposals, visit.ledger, call_id=row["call_id"])
    assert call is not None, "a proposal answers a call"
    plan = ""
    if sees_plan(visit, call, row):
        plan = str(People(visit.store, visit.ledger).words([row["words"]]).get(row["words"], {}).get("text", ""))
    who = labels(visit, [row["applicant"], row["submitted_by"]], clear=visit.caller.sees_names)
    member = visit.caller.holds(COMMITTEE)
    award = AwardProposal(proposal_id=row["proposal_id"])
    return visit.page(
        "fund_proposal.html", tab="calls", row=row, call=call, fund=_fund_row(visit, call["fund"]), plan=plan,
        who=who[row["applicant"]], percent=points_in_percent(call, row), judges=judges_of(visit, call, row),
        points_open=points_open(visit, row),
        stages=_stages(visit, call, row), over=is_over(visit, call), awards=member and row["status"] == "submitted",
        why_not=why_not(visit, award) if member and row["status"] == "submitted" else "",
    )  # fmt: skip


def add_calls(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/calls`, `/{ledger}/calls/{number}` and `/{ledger}/proposals/{number}`."""

    @pages.get("/{ledger}/calls")
    def calls(request: Request, ledger: str, after: str | None = None) -> Response:
        return calls_page(Visit(store, request, ledger), after)

    @pages.get("/{ledger}/calls/{number}")
    def call(request: Request, ledger: str, number: str, after: str | None = None) -> Response:
        return call_page(Visit(store, request, ledger), number, after)

    @pages.get("/{ledger}/proposals/{number}")
    def proposal(request: Request, ledger: str, number: str) -> Response:
        return proposal_page(Visit(store, request, ledger), number)
