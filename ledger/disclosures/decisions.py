"""Decisions about disclosures: nobody states a figure; they are those of the fund's facts."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.checks import check_id
from ledger.disclosures import commands as do
from ledger.disclosures import facts
from ledger.disclosures.due import FINAL
from ledger.disclosures.state import Disclosed, Disclosing, figures, need_disclosure, total
from ledger.errors import Conflict, Refused
from ledger.funds.state import need_fund


def declare_emergency(view: View, c: do.DeclareEmergency, scene: Scene) -> list[Fact]:
    """See `DeclareEmergency`; it ends sooner than it was declared to only where its days so far were told."""
    fund, _ = need_fund(view, c.fund)
    if fund.closed:
        raise Refused("fund_closed", fund=fund.tag)
    if c.until_day < scene.today:
        raise Refused("emergency_over", until_day=c.until_day.isoformat())
    told = view.state(Disclosing, fund.tag)
    held = told.emergency
    if held is not None and c.until_day < held.until_day and max(held.day, told.begins()) < scene.today:
        raise Refused("emergency_untold", until_day=held.until_day.isoformat())
    return [
        facts.EmergencyDeclared(fund=fund.tag, until_day=c.until_day, declared_by=scene.actor, day=scene.today)
    ]  # fmt: skip


def publish_disclosure(view: View, c: do.PublishDisclosure, scene: Scene) -> list[Fact]:
    """See `PublishDisclosure`; only whole days, from where the last one ended, and after the final one only if
    money moved once more."""
    fund, _ = need_fund(view, c.fund)
    told = view.state(Disclosing, fund.tag)
    if view.state(Disclosed, check_id(c.disclosure_id, "disc")).fund:
        raise Conflict("disclosure_exists", disclosure=c.disclosure_id)
    from_day, until_day = told.begins(), c.until_day or scene.today - timedelta(days=1)
    if told.last is not None and told.last.kind == FINAL and not told.untold(until_day):
        raise Conflict("final_disclosed", fund=fund.tag)
    if until_day >= scene.today:
        raise Refused("period_not_over", until_day=until_day.isoformat())
    if until_day < from_day:
        raise Refused("nothing_to_disclose", from_day=from_day.isoformat())
    kind = "emergency" if told.in_emergency(until_day) else "periodic"
    if told.closed_on is not None and told.closed_on <= until_day:
        kind = FINAL
    end = until_day.isoformat()
    before = total(period.flows for period in told.periods)
    during = total(flows for day, flows in sorted(told.days.items()) if day <= end)
    return [
        facts.DisclosurePublished(
            disclosure_id=c.disclosure_id, fund=fund.tag, kind=kind, from_day=from_day, until_day=until_day,
            published_by=scene.actor, day=scene.today, **msgspec.structs.asdict(figures(before, during)),
        )
    ]  # fmt: skip


def correct_disclosure(view: View, c: do.CorrectDisclosure, scene: Scene) -> list[Fact]:
    """See `CorrectDisclosure`; refused where the figures are still those that were told."""
    told, at = need_disclosure(view, c.disclosure_id)
    period = told.periods[at]
    now = figures(total(one.flows for one in told.periods[:at]), period.flows)
    if period.said == now:
        raise Refused("figures_unchanged", disclosure=c.disclosure_id)
    return [
        facts.DisclosureCorrected(
            disclosure_id=c.disclosure_id, fund=told.tag, from_day=period.from_day, until_day=period.until_day,
            reason=c.reason, corrected_by=scene.actor, day=scene.today,
            **msgspec.structs.asdict(now),
        )
    ]  # fmt: skip


RULES: dict[type[Command], Decide] = {
    do.DeclareEmergency: declare_emergency,
    do.PublishDisclosure: publish_disclosure,
    do.CorrectDisclosure: correct_disclosure,
}
