"""The rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self, cast

import msgspec

from ledger.base import Fact, State, View
from ledger.errors import Unusable
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
    "privacy.erasers": 1,
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
