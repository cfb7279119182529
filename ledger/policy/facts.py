"""Rules are facts: a value in force from a day on."""

from __future__ import annotations

from datetime import date

from ledger.base import Fact, fact

PolicyValue = int | str | bool | tuple[int | str, ...] | None


@fact("policy.set@1")
class PolicySet(Fact, frozen=True, kw_only=True):
    """From `from_day` on the named rule has this value; earlier days keep the rule they had."""

    name: str
    value: PolicyValue
    from_day: date

    def more_tags(self) -> tuple[str, ...]:
        """All rules of a ledger share one tag: a decision that read a rule fails when any rule moves."""
        return ("policy",)
