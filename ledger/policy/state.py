"""The rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self, cast

import msgspec

from ledger.base import Fact, State, View
from ledger.errors import Refused, Unusable
from ledger.policy.facts import PolicySet, PolicyValue

SINCE_EVER = date(1990, 1, 1)

DEFAULTS: dict[str, PolicyValue] = {
    "hours.daily_cap_minutes": 480,
    "hours.entry_working_days": 10,
    "hours.verifiers": 1,
    "hours.overdraft_minutes": 0,
    "hours.storage_cap_minutes": None,
    "hours.overflow_to": "pool",
    "hours.expiry_months": None,
    "hours.reservation_days": 30,
    "requests.wish_ceiling_fen": 50_000,
    "requests.open_claims": 3,
    "requests.open_claims_of_units": 1_000,
    "requests.lease_days": 7,
    "requests.reopen_below": 3,
    "requests.reopen_days": 30,
    "requests.quantity_limit": 1_000_000,
    "funds.committee_least": 5,
    "partners.quantity_limit": 1_000_000,
    "honours.star_hours": (100, 300, 600, 1_000, 1_500),
    "honours.plaque_months": 24,
    "calendar.holidays": (),
}
"""What a new ledger starts with: domain.md §2; each becomes a fact when the ledger opens."""

LATER: dict[str, PolicyValue] = {
    "honours.tier_listings": (1, 1, 1),
    "privacy.erasers": 1,
    "shifts.ahead_days": 14,
    "shifts.notice_minutes": 1_440,
    "shifts.early_minutes": 30,
    "shifts.late_minutes": 60,
    "privacy.guardian_consent": 0,
    "hours.gifts_to": "anybody",
    "hours.pool_reserve_minutes": 0,
    "services.low_cost_percent": 50,
    "services.reservation_days": 30,
    "conduct.appeal_days": 30,
    "requests.notice_days": 0,
    "requests.review_days": None,
    "requests.board_days": None,
    "requests.contact_days": None,
    "requests.confirm_days": None,
    "requests.warn_days": None,
    "requests.evidence": 0,
    "requests.issue_review_days": 1,
    "requests.issue_assign_days": 1,
    "requests.issue_days": 5,
    "requests.issue_confirm_days": 7,
    "requests.issue_warn_days": 1,
    "requests.issue_evidence": 1,
    "requests.project_deliberate_days": None,
    "requests.project_decide_days": None,
    "requests.project_execute_days": None,
    "requests.project_appraise_days": None,
    "requests.project_warn_days": None,
    "funds.refund_approvers": 1,
    "funds.refund_days": 15,
    "funds.fee_percent": 10,
    "funds.disclosure_months": 3,
    "funds.final_months": 3,
    "funds.emergency_days": 5,
    "votes.quorum": (2, 3),
    "votes.majority": (1, 2),
    "votes.major_majority": (3, 4),
    "votes.days": 7,
    "projects.yearly_quota": 1,
    "projects.appraisals_least": 1,
    "projects.satisfied_from": 3,
    "resources.delivery_days": 30,
    "integrity.half_life_days": 365,
    "integrity.claims_below": None,
    "integrity.least_entries": 3,
    "appraisals.monthly_seats": 4,
    "appraisals.quarterly_seats": 5,
    "appraisals.days": 92,
    "appraisals.quorum_percent": 50,
    "appraisals.grades": (60, 75, 90),
    "appraisals.rectification_days": 184,
    "appraisals.failures": 2,
    "trials.extensions": 2,
    "trials.approval_levels": 0,
}
"""Rules that came after the first ledgers were opened: what holds where no fact ever set them."""


class Policy(State, frozen=True, kw_only=True):
    """Every rule's values with the day each came into force (tag `policy`)."""

    LONG: ClassVar[bool] = True
    values: Mapping[str, tuple[tuple[date, PolicyValue], ...]] = msgspec.field(default_factory=dict)

    def evolve(self, happened: Fact) -> Self:
        """Adds a rule's new value."""
        if not isinstance(happened, PolicySet):
            return self
        history = (*self.values.get(happened.name, ()), (happened.from_day, happened.value))
        return msgspec.structs.replace(self, values={**self.values, happened.name: history})

    def value(self, name: str, today: date) -> PolicyValue:
        """The rule in force on that day; the latest fact wins among those that had begun."""
        for from_day, value in reversed(self.values.get(name, ())):
            if from_day <= today:
                return value
        if name in LATER:
            return LATER[name]
        raise Unusable("policy_missing", name=name)

    def number(self, name: str, today: date) -> int:
        """A rule that is a whole number."""
        return cast(int, self.value(name, today))

    def number_or_none(self, name: str, today: date) -> int | None:
        """A rule that is a whole number, or None where there is no such limit."""
        return cast("int | None", self.value(name, today))

    def text(self, name: str, today: date) -> str:
        """A rule that is one of several words."""
        return cast(str, self.value(name, today))


def policy_of(view: View) -> Policy:
    """The ledger's rules."""
    return view.state(Policy, "policy")


def plausible_day(day: date | None, today: date) -> date:
    """The stated day, today where none is stated; raises Refused `implausible_date` before 1990 and in the future."""
    stated = day or today
    if stated < SINCE_EVER or stated > today:
        raise Refused("implausible_date", day=stated.isoformat())
    return stated
