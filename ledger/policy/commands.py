"""Commands of policy."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.base import Command
from ledger.policy.facts import PolicyValue


class SetPolicy(Command, frozen=True, kw_only=True):
    """Put a rule in force from a day on (default: today); never retroactive."""

    NAME: ClassVar[str] = "set_policy"
    name: str
    value: PolicyValue
    from_day: date | None = None
