"""The desks of those who decide about money: what waits for the committee, and for the treasurer."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.common import Visit
from api.pages.fund.calls import is_over
from api.pages.fund.duty import duties
from api.pages.fund.form_choices import reason
from api.pages.fund.may import COMMITTEE, MONEY, TREASURER
from api.pages.fund.names import Items, known_donors, purposes
from api.pages.fund.refunds import due_chip, due_today, waiting_refunds
from api.pages.naming import labels
from api.store import Store
from ledger.errors import NotYours
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed, many

_ROWS, _FEW = 20, 10


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits: what it is, what is said of it, where it leads, how much, and a chip (tone, icon, words)."""

    what: str
    said: str
    href: str
    amount_fen: int
    chip: tuple[str, str, str] | None = None


class Names:
    """The funds of a ledger with their items, looked up once."""

    def __init__(self, visit: Visit) -> None:
        self.accounts = {one.fund["fund"]: one for one in books.funds(visit.store.database, visit.ledger)}
        self._items = {fund: Items(visit, one.items) for fund, one in self.accounts.items()}

    def fund(self, fund: str) -> str:
        """A fund's name."""
        return str(self.accounts[fund].fund["name"])

    def item(self, fund: str, code: str) -> str:
        """A service item's name."""
        return self._items[fund].name(code)

    def free_fen(self, fund: str, code: str) -> int:
        """What may be granted of an item."""
        return next((row["available_fen"] for row in self.accounts[fund].items if row["item"] == code), 0)


def _grants(visit: Visit, names: Names, rows: list[Cells], chip: dict[str, tuple[str, str, str]]) -> list[Waiting]:
    aims = purposes(visit, rows)
    who = labels(visit, [row["proposer"] for row in rows], clear=True)
    return [
        Waiting(
            what=aims[row["grant_id"]], amount_fen=row["amount_fen"], chip=chip.get(row["grant_id"]),
            href=visit.url(f"funds/{row['fund'].removeprefix('fund_')}/grants/{row['number']}"),
            said=visit.t(
                "fund.desk_grant", fund=names.fund(row["fund"]), item=names.item(row["fund"], row["item"]),
                who=who[row["proposer"]], day=visit.day(row["proposed_day"]),
            ),
        )
        for row in rows
    ]  # fmt: skip


def _to_approve(visit: Visit, names: Names, rows: list[Cells]) -> list[Waiting]:
    chips: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        if row["proposer"] == visit.caller.actor:
            chips[row["grant_id"]] = ("plain", "person", visit.t("fund.chip_own"))
        elif names.free_fen(row["fund"], row["item"]) < row["amount_fen"]:
            chips[row["grant_id"]] = ("stop", "alert", visit.t("fund.chip_short"))
    return _grants(visit, names, rows, chips)


def _to_pay(visit: Visit, names: Names, rows: list[Cells]) -> list[Waiting]:
    """Approved grants; those bound to a stage that is not accepted yet, or that who looks may not pay, say so."""
    stages = {
        one["grant_id"]: one
        for one in many(
            visit.store.database, tables.milestones, visit.ledger, "grant_id", [r["grant_id"] for r in rows]
        )
    }
    chips: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        stage = stages.get(row["grant_id"])
        if stage is not None and stage["status"] != "accepted":
            chips[row["grant_id"]] = ("wait", "wait", visit.t("fund.chip_stage"))
        elif visit.caller.actor in (row["proposer"], row["approver"]):
            chips[row["grant_id"]] = ("plain", "person", visit.t("fund.chip_hands"))
        else:
            chips[row["grant_id"]] = ("in", "check", visit.t("fund.chip_ready"))
    return _grants(visit, names, rows, chips)


def _calls(visit: Visit, names: Names, funds: list[str]) -> list[Waiting]:
    """The latest calls of some funds, with how many proposals they have."""
    page = listed(
        visit.store.database, tables.calls_for_proposals, visit.ledger, where={"fund": sorted(funds)},
        order=(("number", True),), after=None, limit=_FEW,
    )  # fmt: skip
    found: list[Waiting] = []
    for row in page.rows:
        over = is_over(visit, row)
        chip = ("calm", "check", visit.t("fund.call_over")) if over else ("in", "wait", visit.t("fund.call_open"))
        said = visit.t(
            "fund.desk_call", fund=names.fund(row["fund"]), day=visit.day(row["until_day"]), count=row["proposals"]
        )
        left_fen = row["budget_fen"] - row["awarded_fen"]
        found.append(
            Waiting(
                what=row["title"], said=said, href=visit.url(f"calls/{row['number']}"), amount_fen=left_fen, chip=chip
            )
        )
    return found


def _reported(visit: Visit) -> list[Waiting]:
    """Stages of proposals that were reported and not accepted yet."""
    page = listed(
        visit.store.database, tables.milestones, visit.ledger, where={"status": "reported"},
        order=(("number", False),), after=None, limit=_ROWS,
    )  # fmt: skip
    grants = {
        row["grant_id"]: row
        for row in many(visit.store.database, more.grants, visit.ledger, "grant_id", [r["grant_id"] for r in page.rows])
    }
    who = labels(visit, [row["applicant"] for row in page.rows], clear=True)
    found: list[Waiting] = []
    for row in page.rows:
        grant = grants[row["grant_id"]]
        if grant["status"] != "approved":
            continue
        said = visit.t("fund.desk_stage", who=who[row["applicant"]], day=visit.day(row["reported_on"]))
        href = visit.url(f"funds/{grant['fund'].removeprefix('fund_')}/grants/{grant['number']}")
        found.append(Waiting(what=row["name"], said=said, href=href, amount_fen=row["amount_fen"]))
    return found


def _cases(visit: Visit, names: Names, funds: list[str]) -> list[Waiting]:
    """Help cases of some funds that are open, the newest first."""
    page = listed(
        visit.store.database, tables.help_cases, visit.ledger, where={"status": "open"},
        order=(("number", True),), after=None, limit=_ROWS,
    )  # fmt: skip
    who = labels(visit, [row["beneficiary"] for row in page.rows], clear=True)
    return [
        Waiting(
            what=row["title"], amount_fen=row["need_fen"], href=visit.url("do/close-case", case_id=row["case_id"]),
            said=visit.t("fund.desk_case", fund=names.fund(row["fund"]), who=who[row["beneficiary"]]),
        )
        for row in page.rows
        if row["fund"] in funds
    ]  # fmt: skip


def _refunds(visit: Visit, names: Names, funds: list[str] | None = None) -> tuple[list[Waiting], int]:
    """Refunds that wait for a second person, and how many of them have to be answered by today."""
    waits = waiting_refunds(visit, funds)
    who = known_donors(visit, [receipt for _, receipt in waits])
    rows = [
        Waiting(
            what=visit.t("fund.desk_refund_of", who=who[receipt["donor"]], number=f"{receipt['number']:,}"),
            amount_fen=asked.row["amount_fen"], chip=due_chip(visit, asked),
            href=visit.url(f"funds/{receipt['fund'].removeprefix('fund_')}/donations/{receipt['number']}#refund"),
            said=visit.t(
                "fund.desk_refund", fund=names.fund(receipt["fund"]), reason=reason(visit, asked.row["reason"]),
                day=visit.day(asked.day), days=asked.age,
            ),
        )
        for asked, receipt in waits
    ]  # fmt: skip
    return rows, due_today(visit, waits)


def committee_page(visit: Visit, after: str | None) -> Response:
    """What waits for the members of committees, of all funds they may look into."""
    names, actor = Names(visit), visit.caller.actor
    page = books.grants(visit.store.database, visit.ledger, status="proposed", after=after, limit=_ROWS)
    own = [fund for fund, one in names.accounts.items() if actor in one.fund["committee"]]
    funds = own or list(names.accounts)
    refunds, refunds_due = _refunds(visit, names, funds)
    return visit.page(
        "fund_committee.html", tab="committee", refunds=refunds, refunds_due=refunds_due,
        grants=_to_approve(visit, names, page.rows), next=page.next,
        calls=_calls(visit, names, funds), stages=_reported(visit), cases=_cases(visit, names, funds),
        duties=[one for one in duties(visit) if one.fund in funds], decides=visit.caller.holds(COMMITTEE),
        seats=[names.fund(fund) for fund in own],
    )  # fmt: skip


def treasury_page(visit: Visit, after: str | None) -> Response:
    """What waits for the treasurer: money to pay, promises to meet, reports due."""
    names = Names(visit)
    page = books.grants(visit.store.database, visit.ledger, status="approved", after=after, limit=_ROWS)
    pledged = books.pledges(visit.store.database, visit.ledger, status="open", limit=_FEW).rows
    who = labels(visit, [row["donor"] for row in pledged], clear=True)
    pledges = [
        Waiting(
            what=who[row["donor"]], amount_fen=row["open_fen"],
            said=visit.t(
                "fund.desk_pledge", fund=names.fund(row["fund"]), item=names.item(row["fund"], row["item"]),
                day=visit.day(row["day"]),
            ),
            href=visit.url("do/receive-pledge", pledge_id=row["pledge_id"]),
        )
        for row in pledged
    ]  # fmt: skip
    refunds, refunds_due = _refunds(visit, names)
    return visit.page(
        "fund_treasury.html", tab="treasury", refunds=refunds, refunds_due=refunds_due,
        grants=_to_pay(visit, names, page.rows), next=page.next, pledges=pledges,
        duties=duties(visit), funds=[one.fund for one in names.accounts.values()],
    )  # fmt: skip


def add_desks(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/committee` and `/{ledger}/treasury`."""

    def visited(request: Request, ledger: str, roles: frozenset[str]) -> Visit | Response:
        """Somebody with one of these roles; who is not signed in is led to where they can."""
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first()
        if not visit.caller.holds(roles):
            raise NotYours("not_for_your_roles", roles=", ".join(sorted(roles)))
        return visit

    @pages.get("/{ledger}/committee")
    def committee(request: Request, ledger: str, after: str | None = None) -> Response:
        visit = visited(request, ledger, MONEY)
        return committee_page(visit, after) if isinstance(visit, Visit) else visit

    @pages.get("/{ledger}/treasury")
    def treasury(request: Request, ledger: str, after: str | None = None) -> Response:
        visit = visited(request, ledger, TREASURER | {"host_charity"})
        return treasury_page(visit, after) if isinstance(visit, Visit) else visit
