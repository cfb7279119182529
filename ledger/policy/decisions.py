"""The one decision about rules: from which day on a rule has another value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from ledger.base import Command, Decide, Fact, Scene, View
from ledger.errors import Refused
from ledger.policy import commands as do
from ledger.policy import facts
from ledger.policy.facts import PolicyValue
from ledger.units import DAY_MINUTES, MAX_FEN, MAX_MINUTES

_Check = Callable[[PolicyValue], bool]


def _whole(least: int, most: int) -> _Check:
    """A whole number in these bounds, both included."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _or_none(check: _Check) -> _Check:
    """The same, or None where there shall be no such limit."""
    return lambda value: value is None or check(value)


def _one_of(*words: str) -> _Check:
    return lambda value: isinstance(value, str) and value in words


def _rising(value: PolicyValue) -> bool:
    """One to five thresholds for one to five stars, each higher than the one before."""
    if not isinstance(value, tuple) or not 1 <= len(value) <= 5:
        return False
    if not all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in value):
        return False
    return all(low < high for low, high in pairwise(map(int, value)))


def _tiers(value: PolicyValue) -> bool:
    """Accepted listings that bronze, silver and gold ask for: at least one, and never fewer for a higher tier."""
    if not isinstance(value, tuple) or len(value) != 3:
        return False
    if not all(isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= _MANY for one in value):
        return False
    return list(value) == sorted(value, key=int)


def _grades(value: PolicyValue) -> bool:
    """From how many points of 100 on an appraisal is passed, good and excellent."""
    return _rising(value) and isinstance(value, tuple) and len(value) == 3 and int(value[-1]) <= 100


def _days(value: PolicyValue) -> bool:
    """Days as YYYY-MM-DD."""
    return isinstance(value, tuple) and all(_is_day(one) for one in value)


def _is_day(text: int | str) -> bool:
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def _part(value: PolicyValue) -> bool:
    """A fraction above nothing and up to the whole: numerator and denominator."""
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        return False
    return 0 < int(value[0]) <= int(value[1]) <= 1_000


_MANY = 1_000_000_000
_YEARS = 36_600
"""Beyond a century a number of days is a slip of the pen (choice)."""

CHECKS: dict[str, _Check] = {
    "hours.daily_cap_minutes": _whole(0, DAY_MINUTES),
    "hours.entry_working_days": _whole(0, 249),
    "hours.verifiers": _whole(1, 2),
    "hours.overdraft_minutes": _whole(0, MAX_MINUTES),
    "hours.storage_cap_minutes": _or_none(_whole(0, MAX_MINUTES)),
    "hours.overflow_to": _one_of("pool", "honour"),
    "hours.expiry_months": _or_none(_whole(1, 1_200)),
    "hours.reservation_days": _whole(1, _YEARS),
    "requests.wish_ceiling_fen": _whole(0, MAX_FEN),
    "requests.open_claims": _whole(0, _MANY),
    "requests.open_claims_of_units": _whole(0, _MANY),
    "requests.lease_days": _whole(1, _YEARS),
    "requests.reopen_below": _whole(1, 6),
    "requests.reopen_days": _whole(0, _YEARS),
    "requests.quantity_limit": _whole(1, _MANY),
    "funds.committee_least": _whole(1, 99),
    "partners.quantity_limit": _whole(1, _MANY),
    "honours.star_hours": _rising,
    "honours.tier_listings": _tiers,
    "honours.plaque_months": _whole(1, 1_200),
    "calendar.holidays": _days,
    "privacy.erasers": _whole(1, 2),
    "shifts.ahead_days": _whole(1, 366),
    "shifts.notice_minutes": _whole(0, 31 * DAY_MINUTES),
    "shifts.early_minutes": _whole(0, DAY_MINUTES),
    "shifts.late_minutes": _whole(0, DAY_MINUTES),
    "privacy.guardian_consent": _whole(0, 1),
    "hours.gifts_to": _one_of("anybody", "kin"),
    "hours.pool_reserve_minutes": _whole(0, MAX_MINUTES),
    "services.low_cost_percent": _whole(1, 100),
    "services.reservation_days": _whole(1, _YEARS),
    "conduct.appeal_days": _whole(0, _YEARS),
    "requests.notice_days": _whole(0, _YEARS),
    "requests.review_days": _or_none(_whole(0, _YEARS)),
    "requests.board_days": _or_none(_whole(0, _YEARS)),
    "requests.contact_days": _or_none(_whole(0, _YEARS)),
    "requests.confirm_days": _or_none(_whole(0, _YEARS)),
    "requests.warn_days": _or_none(_whole(0, _YEARS)),
    "requests.evidence": _whole(0, 99),
    "requests.issue_review_days": _or_none(_whole(0, _YEARS)),
    "requests.issue_assign_days": _or_none(_whole(0, _YEARS)),
    "requests.issue_days": _whole(1, _YEARS),
    "requests.issue_confirm_days": _or_none(_whole(0, _YEARS)),
    "requests.issue_warn_days": _or_none(_whole(0, _YEARS)),
    "requests.issue_evidence": _whole(0, 99),
    "requests.project_deliberate_days": _or_none(_whole(0, _YEARS)),
    "requests.project_decide_days": _or_none(_whole(0, _YEARS)),
    "requests.project_execute_days": _or_none(_whole(0, _YEARS)),
    "requests.project_appraise_days": _or_none(_whole(0, _YEARS)),
    "requests.project_warn_days": _or_none(_whole(0, _YEARS)),
    "funds.refund_approvers": _whole(1, 2),
    "funds.refund_days": _whole(1, _YEARS),
    "funds.fee_percent": _or_none(_whole(0, 100)),
    "funds.disclosure_months": _whole(1, 120),
    "funds.final_months": _whole(1, 120),
    "funds.emergency_days": _whole(1, _YEARS),
    "votes.quorum": _part,
    "votes.majority": _part,
    "votes.major_majority": _part,
    "votes.days": _whole(1, _YEARS),
    "projects.yearly_quota": _whole(0, _MANY),
    "projects.appraisals_least": _whole(0, _MANY),
    "projects.satisfied_from": _whole(1, 5),
    "resources.delivery_days": _whole(1, _YEARS),
    "integrity.half_life_days": _whole(1, _YEARS),
    "integrity.claims_below": _or_none(_whole(1, 100)),
    "integrity.least_entries": _whole(1, _MANY),
    "appraisals.monthly_seats": _or_none(_whole(2, 50)),
    "appraisals.quarterly_seats": _or_none(_whole(2, 50)),
    "appraisals.days": _whole(1, 366),
    "appraisals.quorum_percent": _whole(1, 100),
    "appraisals.grades": _grades,
    "appraisals.rectification_days": _whole(1, _YEARS),
    "appraisals.failures": _whole(0, 99),
    "trials.extensions": _whole(0, 99),
    "trials.approval_levels": _whole(0, 9),
}
"""What each rule may be; every rule of `DEFAULTS` and `LATER` has its check, and these pass (tested)."""


def set_policy(_view: View, c: do.SetPolicy, scene: Scene) -> list[Fact]:
    """See `SetPolicy`; what was decided before keeps the rule it was decided by."""
    if c.name not in CHECKS:
        raise Refused("no_such_policy", name=c.name)
    if not CHECKS[c.name](c.value):
        raise Refused("bad_policy_value", name=c.name)
    from_day = c.from_day or scene.today
    if from_day < scene.today:
        raise Refused("retroactive_policy", from_day=from_day.isoformat())
    return [facts.PolicySet(name=c.name, value=c.value, from_day=from_day)]


RULES: dict[type[Command], Decide] = {do.SetPolicy: set_policy}
