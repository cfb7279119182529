"""What an audit counted and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CHECKS = (
    "order", "schema", "tags", "times", "keys", "double_entries", "floors", "rules", "leaves", "signatures", "checkpoints",
    "consistency", "witnesses", "tiles", "tag_index", "words", "erased", "projections",
)  # fmt: skip
"""All checks, in the order in which they are told."""

MOST_NAMED = 100
"""So many findings of one check are named one by one; of the rest their number is told. A history that was shifted by
one event differs everywhere."""


class Finding(NamedTuple):
    """Something that is not as it has to be. `position` is that of the event concerned, 0 where it is none in particular.

    The sentence for people is in the locale files under `audit.finding.<code>`, with these figures.
    """

    position: int
    check: str
    code: str
    figures: Mapping[str, object] = {}


class Report:
    """Counts by check, and findings in the order they were made."""

    def __init__(self) -> None:
        self.events = 0
        self.root = b""
        """The tree's root over all events; empty where they are not contiguous."""
        self.checks: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.unnamed: dict[str, int] = {}
        """How many findings of a check there are beyond those that are named."""
        self._named: dict[str, int] = {}

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def count(self, check: str, times: int = 1) -> None:
        """Say that a check was made so many times."""
        self.checks[check] = self.checks.get(check, 0) + times

    def find(self, position: int, check: str, code: str, **figures: object) -> None:
        """Name something found."""
        self.add(Finding(position, check, code, figures))

    def add(self, finding: Finding) -> None:
        """Take over a finding."""
        named = self._named.get(finding.check, 0)
        if named < MOST_NAMED:
            self._named[finding.check] = named + 1
            self.findings.append(finding)
        else:
            self.unnamed[finding.check] = self.unnamed.get(finding.check, 0) + 1

    def take(self, other: Report) -> None:
        """Take over what another report of the same ledger counted and found."""
        for check, times in other.checks.items():
            self.count(check, times)
        for one in other.findings:
            self.add(one)
        for check, times in other.unnamed.items():
            self.unnamed[check] = self.unnamed.get(check, 0) + times
