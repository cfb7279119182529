"""Dual report (双报到, M5): a party member at work in a unit reports in at the community where they live, too.

What they do there counts for themselves; their unit hears of it once a quarter (`feedback`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Command, Decide, Fact, Scene, State, View
from ledger.checks import check_id
from ledger.conduct.state import check_may_act
from ledger.errors import Conflict, NotFound, Refused
from ledger.ids import TEAM, prefix_of
from ledger.parties.facts import MemberRegistered
from ledger.parties.state import Standing, need_member, need_party
from ledger.partners import commands as do
from ledger.partners import facts
from ledger.partners.guards import need_unit
from ledger.places.state import need_place

COMMUNITY = "community"


class ReportOf(State, frozen=True, kw_only=True):
    """Where a party member reports (tag: the member's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {MemberRegistered, facts.DualReported, facts.DualReportEnded}
    )
    party_member: bool = False
    held: facts.DualReported | None = None

    def evolve(self, happened: Fact) -> Self:
        """Follows the report until it ends."""
        match happened:
            case MemberRegistered():
                return replace(self, party_member=happened.party_member)
            case facts.DualReported():
                return replace(self, held=happened)
            case facts.DualReportEnded():
                return replace(self, held=None)
        return self


class Report(State, frozen=True, kw_only=True):
    """Whether an id names a report (tag: its id)."""

    known: bool = False

    def evolve(self, happened: Fact) -> Self:
        """An id is used once."""
        return replace(self, known=True) if isinstance(happened, facts.DualReported) else self


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One report, as the unit's sheet needs it."""

    member_id: str
    branch: str | None = None
    from_day: date
    until_day: date | None = None
    """The day it ended; None while it goes on."""


class Reporters(State, frozen=True, kw_only=True):
    """Who ever reported in from a unit (tag: the unit's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset({facts.DualReported, facts.DualReportEnded})
    reports: Mapping[str, Reported] = msgspec.field(default_factory=dict)
    """report id → report"""

    def evolve(self, happened: Fact) -> Self:
        """Adds reports and their ends."""
        match happened:
            case facts.DualReported():
                one = Reported(member_id=happened.member_id, branch=happened.branch, from_day=happened.day)
                return replace(self, reports={**self.reports, happened.report_id: one})
            case facts.DualReportEnded() if (begun := self.reports.get(happened.report_id)) is not None:
                one = replace(begun, until_day=happened.day)
                return replace(self, reports={**self.reports, happened.report_id: one})
        return self

    def within(self, from_day: date, until_day: date) -> list[Reported]:
        """The reports that held on one of these days at least."""
        return [
            one
            for one in self.reports.values()
            if one.from_day <= until_day and (one.until_day is None or one.until_day >= from_day)
        ]


def _check_branch(view: View, branch: str, unit: str) -> None:
    """A branch is a team of the unit; raises NotFound `no_such_team`, Refused `branch_of_another_unit`."""
    if prefix_of(branch) != TEAM:
        raise NotFound("no_such_team", party=branch)
    need_party(view, branch)
    if view.state(Standing, branch).unit != unit:
        raise Refused("branch_of_another_unit", branch=branch, unit=unit)


def report_in(view: View, c: do.ReportIn, scene: Scene) -> list[Fact]:
    """See `ReportIn`; at one community at a time."""
    need_member(view, c.member_id)
    reported = view.state(ReportOf, c.member_id)
    if not reported.party_member:
        raise Refused("not_a_party_member", member=c.member_id)
    if reported.held is not None:
        raise Conflict("already_reported", report=reported.held.report_id)
    need_unit(view, c.unit)
    check_may_act(view, c.unit, scene.today)
    if c.branch is not None:
        _check_branch(view, c.branch, c.unit)
    if need_place(view, c.place).kind != COMMUNITY:
        raise Refused("not_a_community", place=c.place)
    if view.state(Report, check_id(c.report_id, "dual")).known:
        raise Conflict("report_exists", report=c.report_id)
    return [
        facts.DualReported(
            report_id=c.report_id,
            member_id=c.member_id,
            unit=c.unit,
            branch=c.branch,
            place=c.place,
            taken_by=scene.actor,
            day=scene.today,
        )
    ]


def end_report(view: View, c: do.EndReport, scene: Scene) -> list[Fact]:
    """See `EndReport`; also for somebody who left the community."""
    held = view.state(ReportOf, c.member_id).held
    if held is None:
        raise NotFound("no_report", member=c.member_id)
    return [_ended(held, c.reason, scene)]


def report_of_who_left(view: View, member_id: str, scene: Scene) -> list[Fact]:
    """A member who leaves the community reports no more."""
    held = view.state(ReportOf, member_id).held
    return [] if held is None else [_ended(held, "left", scene)]


def reports_to_unit(view: View, unit: str, scene: Scene) -> list[Fact]:
    """Nobody reports in from a unit that left the partnership; in the order of report ids."""
    ended: list[Fact] = []
    for report_id, one in sorted(view.state(Reporters, unit).reports.items()):
        held = None if one.until_day else view.state(ReportOf, one.member_id).held
        if held is not None and held.report_id == report_id:
            ended.append(_ended(held, "unit_left", scene))
    return ended


def _ended(held: facts.DualReported, reason: str, scene: Scene) -> facts.DualReportEnded:
    return facts.DualReportEnded(
        report_id=held.report_id,
        member_id=held.member_id,
        unit=held.unit,
        place=held.place,
        reason=reason,
        day=scene.today,
    )


REPORTING_RULES: dict[type[Command], Decide] = {
    do.ReportIn: report_in,
    do.EndReport: end_report,
}
