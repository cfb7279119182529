"""What each fund still has to tell the public, and by when; what is late is said in plain words."""

from __future__ import annotations

from datetime import date

import msgspec

from api.engines.funds_reads import DisclosureDue, disclosures_due
from api.pages.common import Visit
from api.paging import NoQuery
from api.routes.asked import Asked


class Duty(msgspec.Struct, frozen=True):
    """When a fund has to tell more: in words, with a tone (`bad`, `wait`, `good`), and whether that day has passed."""

    fund: str
    name: str
    words: str
    tone: str
    overdue: bool

    @property
    def slug(self) -> str:
        """The fund's short name."""
        return self.fund.removeprefix("fund_")


def duties(visit: Visit) -> list[Duty]:
    """The duty of every fund, in the order of opening."""
    asked = Asked(visit.store, visit.ledger, visit.caller, {}, visit.lang)
    return [_duty(visit, one) for one in disclosures_due(asked, NoQuery()).disclosures_due]


def _duty(visit: Visit, due: DisclosureDue) -> Duty:
    told = visit.t("fund.told_until", day=visit.day(due.told_until)) if due.told_until else visit.t("fund.told_nothing")
    if due.due_day is None:
        return Duty(due.fund, due.name, visit.t("fund.told_all"), "good", False)
    day, left = visit.day(due.due_day), (date.fromisoformat(due.due_day) - visit.today).days
    if due.overdue:
        return Duty(due.fund, due.name, visit.t("fund.overdue", told=told, day=day, days=-left), "bad", True)
    key = "fund.due_emergency" if due.emergency else "fund.due"
    return Duty(due.fund, due.name, visit.t(key, told=told, day=day), "wait" if due.emergency else "good", False)
