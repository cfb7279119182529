"""The quarter's sheet for a unit whose members report in at the community (M5): figures of the journal, fixed as a fact.

Nobody writes the figures: they are folded from what the members, their branches and the unit did.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Command, Decide, Fact, Scene, State, View
from ledger.checks import check_id
from ledger.errors import Conflict, Refused
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.deeds import Deeds, Quarter
from ledger.partners.guards import need_unit, not_for_own_unit
from ledger.partners.reporting import Reporters
from ledger.policy.state import SINCE_EVER


class Sheets(State, frozen=True, kw_only=True):
    """The sheets a unit was sent (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.FeedbackSent})
    sent: Mapping[str, facts.FeedbackSent] = msgspec.field(default_factory=dict)
    """quarter as "2026Q2" → its latest sheet"""

    def evolve(self, happened: Fact) -> Self:
        """The latest sheet of a quarter counts."""
        if isinstance(happened, facts.FeedbackSent):
            return replace(self, sent={**self.sent, f"{happened.year}Q{happened.quarter}": happened})
        return self


class SheetKnown(State, frozen=True, kw_only=True):
    """Whether an id names a sheet (tag: its id)."""

    known: bool = False

    def evolve(self, happened: Fact) -> Self:
        """An id is used once."""
        return replace(self, known=True) if isinstance(happened, facts.FeedbackSent) else self


def days_of_quarter(year: int, quarter: int) -> tuple[date, date]:
    """Its first and last day; raises Refused `bad_quarter`."""
    if not 1 <= quarter <= 4 or not SINCE_EVER.year <= year <= 9_999:
        raise Refused("bad_quarter", year=year, quarter=quarter)
    last = quarter * 3
    return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1])


def send_feedback(view: View, c: do.SendFeedback, scene: Scene) -> list[Fact]:
    """See `SendFeedback`; again only where the figures have moved since, as the next revision."""
    need_unit(view, c.unit)
    not_for_own_unit(view, scene, c.unit)
    from_day, until_day = days_of_quarter(c.year, c.quarter)
    if until_day >= scene.today:
        raise Refused("quarter_not_over", until_day=until_day.isoformat())
    if view.state(SheetKnown, check_id(c.feedback_id, "sheet")).known:
        raise Conflict("feedback_exists", sheet=c.feedback_id)
    earlier = view.state(Sheets, c.unit).sent.get(f"{c.year}Q{c.quarter}")
    sheet = facts.FeedbackSent(
        feedback_id=c.feedback_id,
        unit=c.unit,
        year=c.year,
        quarter=c.quarter,
        revision=1 if earlier is None else earlier.revision + 1,
        **_figures(view, c.unit, from_day, until_day),
        sent_by=scene.actor,
        day=scene.today,
    )
    if earlier is not None and _same_figures(earlier, sheet):
        raise Conflict("feedback_unchanged", sheet=earlier.feedback_id, revision=earlier.revision)
    return [sheet]


_FIGURES = (
    "members", "active_members", "minutes", "member_requests", "branch_requests", "unit_requests", "contributions",
    "calls_answered", "people_sent",
)  # fmt: skip


def _same_figures(one: facts.FeedbackSent, other: facts.FeedbackSent) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _FIGURES)


def _figures(view: View, unit: str, from_day: date, until_day: date) -> dict[str, int]:
    """The counts of a quarter by the names of the sheet; hours, requests and gifts are never added together."""
    name = f"{from_day.year}Q{(from_day.month + 2) // 3}"
    reports = view.state(Reporters, unit).within(from_day, until_day)
    members = [view.state(Deeds, one).in_quarter(name) for one in sorted({one.member_id for one in reports})]
    branches = [
        view.state(Deeds, one).in_quarter(name) for one in sorted({one.branch for one in reports if one.branch})
    ]
    own = view.state(Deeds, unit).in_quarter(name)
    return {
        "members": len(members),
        "active_members": sum(1 for one in members if one != Quarter()),
        "minutes": sum(one.minutes for one in members),
        "member_requests": sum(one.requests for one in members),
        "branch_requests": sum(one.requests for one in branches),
        "unit_requests": own.requests,
        "contributions": own.contributions,
        "calls_answered": own.calls_answered,
        "people_sent": own.people_sent,
    }


FEEDBACK_RULES: dict[type[Command], Decide] = {
    do.SendFeedback: send_feedback,
}
