"""Books of the engine `partners`: pairing, dual report, menu, drills, feedback, renewed plaques, blacklist and exit."""

from __future__ import annotations

from sqlalchemy import Table

from ledger.conduct import facts as conduct
from ledger.honours import facts as honour
from ledger.ids import prefix_of
from ledger.journal.recorded import Recorded
from ledger.partners import facts as partner
from projections.books.desk import Desk, on
from projections.books.engines.partners_tables import (
    blacklistings,
    drill_answers,
    drills,
    dual_reports,
    exits,
    feedback_sheets,
    menu,
    menu_orders,
    pairings,
    place_ties,
    plaque_renewals,
    unit_ties,
)

__all__ = [
    "blacklistings", "drill_answers", "drills", "dual_reports", "exits", "feedback_sheets", "menu", "menu_orders",
    "pairings", "place_ties", "plaque_renewals", "unit_ties",
]  # fmt: skip


# ---- pairing and dual report ---------------------------------------------------------------------------------------


def _tie(desk: Desk, unit: str, place: str, name: str, by: int, position: int) -> None:
    """Count a tie for both of its sides."""
    sides: tuple[tuple[Table, str, str], ...] = ((unit_ties, "unit", unit), (place_ties, "tied_place", place))
    for table, key, value in sides:
        sheet = desk.sheet(table)
        if sheet.get(value) is None:
            sheet.add(**{key: value}, number=position, paired=0, reported=0, version=position)
        row = sheet.edit(value)
        row[name] += by
        row["version"] = position


@on(partner.UnitPaired, begins="pairing_id", unit_ties="unit", place_ties="place")
def _paired(desk: Desk, e: Recorded, f: partner.UnitPaired) -> None:
    desk.sheet(pairings).add(
        pairing_id=f.pairing_id, number=e.position, unit=f.unit, place=f.place, paired_by=f.paired_by,
        day=f.day.isoformat(), status="open", version=e.position,
    )  # fmt: skip
    _tie(desk, f.unit, f.place, "paired", 1, e.position)


@on(partner.PairingEnded, pairings="pairing_id", unit_ties="unit", place_ties="place")
def _unpaired(desk: Desk, e: Recorded, f: partner.PairingEnded) -> None:
    desk.sheet(pairings).edit(f.pairing_id).update(
        status="ended", reason=f.reason, ended_day=f.day.isoformat(), version=e.position
    )
    _tie(desk, f.unit, f.place, "paired", -1, e.position)


@on(partner.DualReported, begins="report_id", unit_ties="unit", place_ties="place")
def _reported(desk: Desk, e: Recorded, f: partner.DualReported) -> None:
    desk.sheet(dual_reports).add(
        report_id=f.report_id, number=e.position, member=f.member_id, unit=f.unit, branch=f.branch, place=f.place,
        taken_by=f.taken_by, day=f.day.isoformat(), status="open", version=e.position,
    )  # fmt: skip
    _tie(desk, f.unit, f.place, "reported", 1, e.position)


@on(partner.DualReportEnded, dual_reports="report_id", unit_ties="unit", place_ties="place")
def _report_ended(desk: Desk, e: Recorded, f: partner.DualReportEnded) -> None:
    desk.sheet(dual_reports).edit(f.report_id).update(
        status="ended", reason=f.reason, ended_day=f.day.isoformat(), version=e.position
    )
    _tie(desk, f.unit, f.place, "reported", -1, e.position)


# ---- the menu ------------------------------------------------------------------------------------------------------


@on(partner.MenuOffered, begins="menu_id")
def _offered(desk: Desk, e: Recorded, f: partner.MenuOffered) -> None:
    desk.sheet(menu).add(
        menu_id=f.menu_id, number=e.position, unit=f.unit, name=f.name, category=f.category, place=f.place,
        at_once=f.at_once, orders=0, offered_by=f.offered_by, day=f.day.isoformat(), status="offered",
        version=e.position,
    )  # fmt: skip


@on(partner.MenuAdmitted, menu="menu_id")
def _admitted(desk: Desk, e: Recorded, f: partner.MenuAdmitted) -> None:
    desk.sheet(menu).edit(f.menu_id).update(status="admitted", admitted_by=f.admitted_by, version=e.position)


@on(partner.MenuWithdrawn, menu="menu_id")
def _withdrawn(desk: Desk, e: Recorded, f: partner.MenuWithdrawn) -> None:
    desk.sheet(menu).edit(f.menu_id).update(status="withdrawn", reason=f.reason, version=e.position)


@on(partner.MenuOrdered, menu="menu_id")
def _ordered(desk: Desk, e: Recorded, f: partner.MenuOrdered) -> None:
    row = desk.sheet(menu).edit(f.menu_id)
    row["orders"] += 1
    row["version"] = e.position
    desk.sheet(menu_orders).add(
        request_id=f.request_id, number=e.position, menu_id=f.menu_id, unit=f.unit, requester=f.requester,
        place=f.place, day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


# ---- drills --------------------------------------------------------------------------------------------------------


@on(partner.DrillCalled, begins="callout_id")
def _called(desk: Desk, e: Recorded, f: partner.DrillCalled) -> None:
    desk.sheet(drills).add(
        callout_id=f.callout_id, number=e.position, level=f.level, place=f.place, called_at=f.called_at,
        called_by=f.called_by, answers=0, people=0, words=f.words, version=e.position,
    )  # fmt: skip


@on(partner.DrillAnswered, drills="callout_id")
def _answered(desk: Desk, e: Recorded, f: partner.DrillAnswered) -> None:
    desk.sheet(drill_answers).add(
        callout_id=f.callout_id, number=e.position, unit=f.unit, level=f.level, people=f.people,
        response_minutes=f.response_minutes, answered_by=f.answered_by, day=f.day.isoformat(),
    )  # fmt: skip
    row = desk.sheet(drills).edit(f.callout_id)
    row["answers"] += 1
    row["people"] += f.people
    row["version"] = e.position


@on(partner.DrillEnded, drills="callout_id")
def _ended(desk: Desk, e: Recorded, f: partner.DrillEnded) -> None:
    desk.sheet(drills).edit(f.callout_id).update(ended_by=f.ended_by, version=e.position)


# ---- feedback and plaques ------------------------------------------------------------------------------------------


@on(partner.FeedbackSent, begins="feedback_id")
def _sent(desk: Desk, e: Recorded, f: partner.FeedbackSent) -> None:
    desk.sheet(feedback_sheets).add(
        feedback_id=f.feedback_id, number=e.position, unit=f.unit, year=f.year, quarter=f.quarter,
        revision=f.revision, members=f.members, active_members=f.active_members, minutes=f.minutes,
        member_requests=f.member_requests, branch_requests=f.branch_requests, unit_requests=f.unit_requests,
        contributions=f.contributions, calls_answered=f.calls_answered, people_sent=f.people_sent, sent_by=f.sent_by,
        day=f.day.isoformat(), version=e.position,
    )  # fmt: skip


@on(honour.PlaqueRenewed, plaques="plaque_id")
def _renewed(desk: Desk, e: Recorded, f: honour.PlaqueRenewed) -> None:
    desk.plaques.edit(f.plaque_id).update(tier=f.tier, until_day=f.until_day.isoformat(), version=e.position)
    desk.sheet(plaque_renewals).add(
        request_id=f.request_id, number=e.position, plaque_id=f.plaque_id, unit=f.unit, tier=f.tier,
        renewed_by=f.renewed_by, day=f.day.isoformat(), until_day=f.until_day.isoformat(), version=e.position,
    )  # fmt: skip


# ---- blacklist and exit --------------------------------------------------------------------------------------------


@on(conduct.PartyBlacklisted, begins="blacklisting_id")
def _blacklisted(desk: Desk, e: Recorded, f: conduct.PartyBlacklisted) -> None:
    desk.sheet(blacklistings).add(
        blacklisting_id=f.blacklisting_id, number=e.position, party=f.party, kind=prefix_of(f.party), reason=f.reason,
        ground=f.ground, until_day=f.until_day.isoformat() if f.until_day else None, listed_by=f.listed_by, day=f.day.isoformat(),
        status="listed", words=f.words, version=e.position,
    )  # fmt: skip


@on(conduct.BlacklistLifted, blacklistings="blacklisting_id")
def _lifted(desk: Desk, e: Recorded, f: conduct.BlacklistLifted) -> None:
    desk.sheet(blacklistings).edit(f.blacklisting_id).update(
        status="lifted", lifted_by=f.lifted_by, lifted_day=f.day.isoformat(), lift_reason=f.reason, version=e.position
    )


@on(conduct.PartnerExited, begins="exit_id")
def _exited(desk: Desk, e: Recorded, f: conduct.PartnerExited) -> None:
    desk.sheet(exits).add(
        exit_id=f.exit_id, number=e.position, unit=f.unit, reason=f.reason, exited_by=f.exited_by,
        day=f.day.isoformat(), version=e.position,
    )  # fmt: skip
