"""A grant before it is paid: who proposed it, what speaks for it, what its item holds, and who else may decide."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit, redirect
from api.pages.fund.may import COMMITTEE, MONEY, TREASURER, why_not
from api.pages.fund.names import Items, category_name, number_in, payees, purposes
from api.pages.fund.overview import story_of
from api.pages.fund.reporting import kept_photos
from api.pages.fund.tracing import Pairs, evidence_of, fund_row
from api.pages.naming import labels
from api.people import People
from api.store import Store
from api.texts import text
from ledger.base import Command
from ledger.errors import NotFound
from ledger.funds.commands import ApproveGrant, CancelGrant, PayGrant
from ledger.funds.interest import has_interest
from ledger.funds.shapes import case_of
from ledger.funds.state import beneficiary_of
from ledger.parties.state import Standing
from ledger.proposals.commands import AcceptMilestone
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, one


class Seat(msgspec.Struct, frozen=True):
    """A member of the committee, and why they may not approve: `proposer`, `tied`, `left`, or "" where they may."""

    name: str
    hindrance: str
    me: bool


class Act(msgspec.Struct, frozen=True):
    """Something that may be done with a grant: its form, label, and why the ledger would refuse it now, if so."""

    label: str
    href: str
    refusal: str
    main: bool


def _seats(visit: Visit, committee: list[str], row: Cells) -> list[Seat]:
    view, names = visit.view, labels(visit, committee, clear=True)
    helped = [who for who in (row["payee"], beneficiary_of(view, row["item"])) if who]
    found: list[Seat] = []
    for who in committee:
        hindrance = ""
        if who == row["proposer"]:
            hindrance = "proposer"
        elif any(has_interest(view, who, other) for other in helped):
            hindrance = "tied"
        elif view.state(Standing, who).left:
            hindrance = "left"
        found.append(Seat(names[who], hindrance, who == visit.caller.actor))
    return found


def _acts(visit: Visit, row: Cells, stage: Cells | None) -> list[Act]:
    """What who looks may try, by their roles and the grant's state."""
    grant_id, caller = row["grant_id"], visit.caller
    tries: list[tuple[str, Command, bool]] = []
    if row["status"] == "proposed" and caller.holds(COMMITTEE):
        tries = [("approve", ApproveGrant(grant_id=grant_id), True)]
    elif row["status"] == "approved":
        if stage is not None and stage["status"] == "reported" and caller.holds(COMMITTEE):
            tries.append(("accept", AcceptMilestone(grant_id=grant_id), True))
        if caller.holds(TREASURER):
            tries.append(("pay", PayGrant(grant_id=grant_id), True))
        if caller.holds(COMMITTEE | TREASURER):
            tries.append(("cancel-grant", CancelGrant(grant_id=grant_id, reason="not_needed"), False))
    found = [
        Act(
            visit.t(f"fund.act.{name.replace('-', '_')}"), visit.url(f"do/{name}", grant_id=grant_id),
            why_not(visit, command), main,
        )
        for name, command, main in tries
    ]  # fmt: skip
    if row["status"] == "proposed" and caller.holds(COMMITTEE):
        # Who may not approve because the money is short may still say no; so this asks only whether they may judge.
        own = row["proposer"] == caller.actor
        refusal = text(visit.lang, "errors.proposer_is_approver") if own else ""
        found.append(Act(visit.t("fund.act.decline"), visit.url("do/decline", grant_id=grant_id), refusal, False))
    return found


def _case_pairs(visit: Visit, item: str) -> Pairs:
    """The help case behind an item, for who decides about money."""
    case_id = case_of(item)
    row = one(visit.store.database, tables.help_cases, visit.ledger, case_id=case_id) if case_id else None
    if row is None:
        return []
    words = People(visit.store, visit.ledger).words([row["words"]]).get(row["words"], {})
    who = labels(visit, [row["beneficiary"]], clear=True)[row["beneficiary"]]
    pairs: Pairs = [(visit.t("fund.case_title"), row["title"]), (visit.t("fund.case_who"), who)]
    pairs.append((visit.t("fund.case_need"), visit.yuan(row["need_fen"])))
    if words.get("situation"):
        pairs.append((visit.t("fund.case_situation"), str(words["situation"])))
    return pairs


def grant_page(visit: Visit, slug: str, number: str) -> Response:
    """A grant by the number of its proposal, for who decides about money, as over the API; paid ones lead to the page
    that everybody sees. Raises NotFound `no_such_fund`, `no_such_grant`."""
    fund = fund_row(visit, slug)
    row = one(visit.store.database, more.grants, visit.ledger, fund=fund["fund"], number=number_in(number))
    if row is not None and row["paid"] is not None:
        return redirect(visit.url(f"funds/{fund['slug']}/payments/{row['paid']}"))
    if row is None or not visit.caller.holds(MONEY):
        raise NotFound("no_such_grant", grant=number)
    account = books.fund_account(visit.store.database, visit.ledger, fund["fund"])
    assert account is not None, "a grant is of a fund that was opened"
    t, items = visit.t, Items(visit, account.items)
    sums = next((cells for cells in account.items if cells["item"] == row["item"]), None)
    free_fen = sums["available_fen"] if sums else 0
    names = labels(visit, [row["proposer"], row["approver"]], clear=True)
    stage = one(visit.store.database, tables.milestones, visit.ledger, grant_id=row["grant_id"])
    stages, digests = evidence_of(visit, row["grant_id"])
    pairs: Pairs = [
        (t("fund.proposed_by"), t("fund.by_on", who=names[row["proposer"]], day=visit.day(row["proposed_day"]))),
        (t("fund.for_item"), items.name(row["item"])),
        (t("fund.category"), category_name(visit, row["category"])),
        (t("fund.payee"), payees(visit, [row], clear=True)[row["grant_id"]] or t("fund.nobody_named")),
    ]
    if row["approver"]:
        pairs.append((t("fund.eye_approver"), names[row["approver"]]))
    if row["reason"]:
        pairs.append((t("fund.reason"), text(visit.lang, f"sampling.value.reason_{row['reason']}")))
    report = ""
    if stage is not None and stage["words"]:
        told = People(visit.store, visit.ledger).words([stage["words"]]).get(stage["words"], {})
        report = str(told.get("text", ""))
    return visit.page(
        "fund_grant.html", tab="committee", fund=fund, row=row, purpose=purposes(visit, [row])[row["grant_id"]],
        pairs=pairs, case=_case_pairs(visit, row["item"]), stages=stages, digests=digests, report=report,
        photos=kept_photos(visit, stage),
        free_fen=free_fen, after_fen=free_fen - row["amount_fen"] if row["status"] == "proposed" else free_fen,
        seats=_seats(visit, account.fund["committee"], row), acts=_acts(visit, row, stage),
        steps=story_of(visit, row, visit.as_of.position), item=items.name(row["item"]),
    )  # fmt: skip


def add_grant(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/funds/{slug}/grants/{number}`."""

    @pages.get("/{ledger}/funds/{slug}/grants/{number}")
    def grant(request: Request, ledger: str, slug: str, number: str) -> Response:
        return grant_page(Visit(store, request, ledger), slug, number)
