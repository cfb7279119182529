"""Refunds that were asked for: what waits for a second person and until when, and what became of it for the donor."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from api.pages.common import Visit
from api.pages.forms.form import Answers
from api.pages.fund.form_choices import reason
from api.pages.naming import labels
from ledger.clock import day_of
from ledger.policy.state import policy_of
from projections.books import more_tables as more
from projections.books import queries as books
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, listed, many, one

_ROWS = 20


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A refund that waits: since which day, how many days ago, and by which day the community's rule wants an answer."""

    row: Cells
    day: date
    age: int
    due: date
    own: bool
    """Whether who looks asked for it: somebody else decides."""

    def left(self, today: date) -> int:
        """Days until the answer is due; negative where it is late."""
        return (self.due - today).days


def asked_of(visit: Visit, row: Cells) -> Asked:
    """A row of the register of refunds as it waits."""
    zone = books.zone_of(visit.store.database, visit.ledger)
    day = day_of(row["asked_at"], zone)
    days = policy_of(visit.view).number("funds.refund_days", day)
    return Asked(
        row=row, day=day, age=(visit.today - day).days, due=day + timedelta(days=days),
        own=row["asked_by"] == visit.caller.actor,
    )  # fmt: skip


def waiting_refunds(visit: Visit, funds: list[str] | None = None) -> list[tuple[Asked, Cells]]:
    """Refunds that wait for a second person, who has waited longest first, each with its receipt."""
    page = listed(
        visit.store.database, tables.refunds, visit.ledger,
        where={"status": "asked"} if funds is None else {"status": "asked", "fund": sorted(funds)},
        order=(("number", False),), after=None, limit=_ROWS,
    )  # fmt: skip
    ids = [row["receipt_id"] for row in page.rows]
    receipts = {
        row["receipt_id"]: row for row in many(visit.store.database, more.receipts, visit.ledger, "receipt_id", ids)
    }
    return [(asked_of(visit, row), receipts[row["receipt_id"]]) for row in page.rows]


def due_chip(visit: Visit, asked: Asked) -> tuple[str, str, str]:
    """How urgent it is: tone, icon and words."""
    left, day = asked.left(visit.today), visit.day(asked.due)
    if left < 0:
        return ("stop", "alert", visit.t("fund.refund_late", days=-left, day=day))
    if asked.own:
        return ("plain", "person", visit.t("fund.refund_own", day=day))
    return ("wait", "wait", visit.t("fund.refund_due_today" if left == 0 else "fund.refund_due", day=day))


def due_today(visit: Visit, waiting: list[tuple[Asked, Cells]]) -> int:
    """How many of them have to be answered today or are late."""
    return sum(asked.left(visit.today) <= 0 for asked, _ in waiting)


def state_of_refund(visit: Visit, receipt_id: str) -> Cells | None:
    """What was asked for last about a receipt; None where nobody asked."""
    return one(visit.store.database, tables.refunds, visit.ledger, receipt_id=receipt_id)


def told(visit: Visit, row: Cells) -> tuple[str, str]:
    """A refund's state in one sentence, and the tone it is said in."""
    figures = {"amount": visit.yuan(row["amount_fen"]), "reason": reason(visit, row["reason"])}
    if row["status"] == "asked":
        asked = asked_of(visit, row)
        return visit.t("fund.refund_waits", day=visit.day(asked.day), due=visit.day(asked.due), **figures), "wait"
    day = visit.day(row["decided_on"])
    if row["status"] == "declined":
        return visit.t("fund.refund_declined", day=day, why=reason(visit, row["why_not"]), **figures), "plain"
    return visit.t("fund.refund_made", day=day, **figures), "good"


def about_refund(visit: Visit, answers: Answers) -> list[tuple[str, str]]:
    """What was asked for, by whom, since when, and until when it is to be answered."""
    row = state_of_refund(visit, answers.get("receipt_id", ""))
    if row is None or row["status"] != "asked":
        return []
    asked, t = asked_of(visit, row), visit.t
    who = labels(visit, [row["asked_by"]], clear=True)[row["asked_by"]]
    return [
        (t("fund.refund_amount"), visit.yuan(row["amount_fen"])), (t("fund.reason"), reason(visit, row["reason"])),
        (t("fund.refund_asked_by"), t("fund.refund_asked_on", who=who, day=visit.day(asked.day), days=asked.age)),
        (t("fund.refund_answer"), visit.day(asked.due)),
    ]  # fmt: skip
