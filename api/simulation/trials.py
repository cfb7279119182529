"""A courtyard on trial: a checklist of 24 items, three months, and four levels that approve in order."""

from __future__ import annotations

from datetime import date

from api.simulation.appraisals import register_unit
from api.simulation.street import Street
from ledger.application import OPERATOR
from ledger.ids import new_id
from ledger.policy.commands import SetPolicy
from ledger.trials.commands import AdoptStandard, ApplyForApproval, ApproveLevel, EndTrial, Level, OpenTrial, TickItem
from ledger.trials.templates import ready_made

_LEVELS = 4


class Trials:
    """One pilot after another, each in some courtyard."""

    def __init__(self) -> None:
        self.speaks: dict[str, str] = {}
        self.company = ""
        self.levels: list[str] = []
        self.standard = ""
        self.trial = ""
        self.ends_on = date.min
        self.open_items: list[str] = []

    def begin(self, street: Street) -> None:
        """The company, three who look at its work, and the standard."""
        self.company = register_unit(
            street, self.speaks, street.naming.name("company", 2, "Company on trial"), "property_service"
        )
        self.levels = [
            self.company,
            *(
                register_unit(
                    street, self.speaks, street.naming.name("approver", n - 2, f"Level {n}"), "party_organisation"
                )
                for n in range(2, _LEVELS + 1)
            ),
        ]
        self.standard = new_id("std")
        named = street.naming.name("standard", 0, "24 items")
        adopted = AdoptStandard(standard_id=self.standard, kind="professional", name=named)
        street.do(adopted, by=street.workers[0])
        street.do(SetPolicy(name="trials.approval_levels", value=_LEVELS), by=OPERATOR)

    def day(self, street: Street, today: date) -> None:
        """An item now and then, and at the end all there is to an end."""
        worker = street.one_of(street.workers)
        if not self.trial:
            if today.day == 3:
                self._begin_trial(street, today, worker)
            return
        if self.open_items and street.chance(0.4):
            street.do(TickItem(trial_id=self.trial, item=self.open_items.pop()), by=worker)
        passed = EndTrial(trial_id=self.trial, outcome="passed")
        if today >= self.ends_on:
            self._end(street, passed, worker)
        elif street.every(30):
            street.refused(passed, "trial_still_running", by=worker)

    def _begin_trial(self, street: Street, today: date, worker: str) -> None:
        self.trial, place = new_id("trial"), street.one_of(street.courtyards)
        begun = OpenTrial(
            trial_id=self.trial, standard_id=self.standard, place=place, unit=self.company, begins_on=today
        )
        self.ends_on = street.do(begun, by=worker).facts[0].ends_on  # type: ignore[attr-defined]  # a trial that was opened
        self.open_items = [code for code, _ in ready_made()["professional"]]

    def _end(self, street: Street, passed: EndTrial, worker: str) -> None:
        if self.open_items:
            street.refused(passed, "checklist_incomplete", by=worker)
            street.do(EndTrial(trial_id=self.trial, outcome="failed"), by=worker)
        else:
            street.refused(passed, "approval_missing", by=worker)
            self._approve(street, worker)
            street.do(passed, by=worker)
        self.trial = ""

    def _approve(self, street: Street, worker: str) -> None:
        """Four levels say yes, in order; who tries to go first may not."""
        approval = new_id("apv")
        levels = tuple(
            Level(name=street.naming.name("level", n - 1, f"Level {n}"), approver=one)
            for n, one in enumerate(self.levels, start=1)
        )
        matter = street.naming.name("approved", 0, "Acceptance")
        asked = ApplyForApproval(
            approval_id=approval, subject=self.trial, applicant=self.company, matter=matter, levels=levels
        )
        street.do(asked, by=worker)
        last = ApproveLevel(approval_id=approval, level=_LEVELS)
        street.refused(last, "level_out_of_order", by=self.speaks[self.levels[-1]])
        for level, approver in enumerate(self.levels, start=1):
            street.do(ApproveLevel(approval_id=approval, level=level), by=self.speaks[approver])
