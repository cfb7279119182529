"""The companies that keep courtyards: appraised every month by four and every quarter by five, put right or barred."""

from __future__ import annotations

from datetime import date, timedelta

from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.appraisals.commands import (
    AcceptRectification,
    AppointPanel,
    CloseAppraisal,
    Criterion,
    FailRectification,
    Mark,
    OpenAppraisal,
    OrderRectification,
    ReportRectified,
    Rhythm,
    ScoreAppraisal,
    Seat,
)
from ledger.conduct.commands import BlacklistParty
from ledger.ids import new_id
from ledger.parties.commands import GrantRole, PartyKind, RegisterMember, RegisterUnit
from ledger.trials.commands import ApplyForApproval, Level

_MOVED_ON = ("rectification_moved_on", "rectification_overdue", "rectification_not_reported")


def register_unit(street: Street, speaks: dict[str, str], name: str, kind: PartyKind) -> str:
    """A unit with somebody who speaks for it; gives its id."""
    unit, speaker = new_id("unit"), new_id("mem")
    street.do(RegisterUnit(unit_id=unit, kind=kind, name=name), by=OPERATOR)
    street.do(RegisterMember(member_id=speaker), by=OPERATOR)
    street.do(GrantRole(holder=speaker, role="representative", scope=unit), by=OPERATOR)
    speaks[unit] = speaker
    return unit


class Appraisals:
    """Two companies, and five who judge them."""

    def __init__(self) -> None:
        self.companies: list[str] = []
        self.judges: list[str] = []
        self.speaks: dict[str, str] = {}
        self.panels: dict[str, str] = {}
        self.orders: list[tuple[str, str, bool]] = []
        """(rectification, company, whether reported)"""

    def begin(self, street: Street) -> None:
        """Companies and judges register; panels of four and of five are named."""
        companies = [street.naming.name("company", n, f"Company {n}") for n in range(2)]
        judging = [street.naming.name("judge", n, f"Judge {n}") for n in range(5)]
        self.companies = [register_unit(street, self.speaks, name, "property_service") for name in companies]
        self.judges = [register_unit(street, self.speaks, name, "party_organisation") for name in judging]
        for rhythm, judges in (("monthly", self.judges[:4]), ("quarterly", self.judges)):
            self.panels[rhythm] = self._panel(street, rhythm, judges)  # type: ignore[arg-type]  # one of two rhythms

    def _panel(self, street: Street, rhythm: Rhythm, judges: list[str]) -> str:
        panel = new_id("panel")
        named = AppointPanel(
            panel_id=panel,
            name=street.naming.name("panel", len(self.panels), f"Panel {rhythm}"),
            rhythm=rhythm,
            seats=tuple(Seat(party=judge, weight=1 + number) for number, judge in enumerate(judges)),
            criteria=(
                Criterion(code="hygiene", name=street.naming.name("criterion", 0, "Hygiene"), most=60),
                Criterion(code="order", name=street.naming.name("criterion", 1, "Order"), most=40),
            ),
        )
        street.do(named, by=street.workers[0])
        return panel

    def day(self, street: Street, today: date) -> None:
        """Appraised at the end of a month and of a quarter, put right day by day."""
        worker, other = street.two_of(street.workers)
        if today.day == 27:
            for company in self.companies:
                self._appraise(street, "monthly", company, f"{today:%Y-%m}", worker)
        if today.day == 26 and today.month % 3 == 0:
            for company in self.companies:
                self._appraise(street, "quarterly", company, f"{today.year}-Q{today.month // 3}", worker)
        self._put_right(street, worker, other)

    def _appraise(self, street: Street, rhythm: str, company: str, period: str, worker: str) -> None:
        appraisal = new_id("apr")
        until = street.today + timedelta(days=2)
        opened = OpenAppraisal(
            appraisal_id=appraisal, panel_id=self.panels[rhythm], subject=company, period=period, until_day=until
        )
        street.do(opened, by=worker)
        judges = self.judges[: 4 if rhythm == "monthly" else 5]
        for judge in judges:
            if street.chance(0.97):
                street.do(self._sheet(street, appraisal, judge), by=self.speaks[judge])
            else:
                # Somebody does not come: the follower closes it after its day, without them.
                street.refused(CloseAppraisal(appraisal_id=appraisal), "panelists_missing", by=worker)
                return
        street.refused(self._sheet(street, appraisal, judges[0]), "already_scored", by=self.speaks[judges[0]])
        street.refused(self._sheet(street, appraisal, judges[0]), "not_on_the_panel", by=self.speaks[company])
        result = street.do(CloseAppraisal(appraisal_id=appraisal), by=worker).facts[0]
        if getattr(result, "grade", "") == "failed":
            rectification = new_id("rec")
            due = street.today + timedelta(days=street.rng.randrange(5, 20))
            order = OrderRectification(
                rectification_id=rectification,
                party=company,
                matter=street.naming.said("matter", "Drains"),
                appraisal_id=appraisal,
                due_day=due,
            )
            street.do(order, by=worker)
            self.orders.append((rectification, company, False))

    def _sheet(self, street: Street, appraisal: str, judge: str) -> ScoreAppraisal:
        marks = (Mark(code="hygiene", points=street.rng.randrange(20, 61)), Mark(code="order", points=20))
        return ScoreAppraisal(appraisal_id=appraisal, panelist=judge, marks=marks)

    def _put_right(self, street: Street, worker: str, other: str) -> None:
        waiting: list[tuple[str, str, bool]] = []
        for rectification, company, reported in self.orders:
            if not reported and street.chance(0.1):
                told = ReportRectified(rectification_id=rectification, party=company, evidence="0" * 64)
                done = street.attempt(told, by=self.speaks[company], unless=_MOVED_ON)
                if done is not None:
                    waiting.append((rectification, company, True))
            elif reported and street.chance(0.5):
                judged = AcceptRectification(rectification_id=rectification)
                street.refused(judged, "not_allowed", by=self.speaks[company])
                if street.chance(0.6):
                    street.do(judged, by=other)
                else:
                    street.do(FailRectification(rectification_id=rectification, cause="insufficient"), by=other)
            else:
                waiting.append((rectification, company, reported))
        self.orders = waiting
        if street.every(30):
            self._blacklist(street, worker)

    def _blacklist(self, street: Street, worker: str) -> None:
        for company in self.companies:
            until = street.today + timedelta(days=60)
            barred = BlacklistParty(party=company, reason="rectification_failed", until_day=until)
            listed = street.attempt(barred, by=worker, unless=("too_few_failures", "already_blacklisted"))
            if listed is not None:
                level = Level(name=street.naming.name("level", 0, "Own"), approver=company)
                matter = street.naming.name("approved", 1, "More work")
                asked = ApplyForApproval(subject=company, applicant=company, matter=matter, levels=(level,))
                street.refused(asked, "blacklisted", by=self.speaks[company])
