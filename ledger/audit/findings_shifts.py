"""Standing check of shifts: check-ins that were not given by the one who came.

That a code was shown is checked by whoever holds the vault's key, and a replay cannot repeat it. What a replay can tell is
by whose hand a check-in was given, and when: so this looks at the hands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import ClassVar

from ledger.audit.hints import Check, Hint, Kept, Look, Option, Seen
from ledger.shifts.facts import CheckedIn


class ScannedByOthers(Check):
    """One person's hand checked in several others, who have phones or neighbours of their own."""

    NAME = "scanned_by_others"
    SEES = (CheckedIn,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"scans": 10, "members": 3}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._scans: dict[str, Kept] = defaultdict(Kept)
        self._members: dict[str, set[str]] = defaultdict(set)

    def see(self, seen: Seen) -> None:
        """Keep check-ins by another hand."""
        fact = seen.fact
        if isinstance(fact, CheckedIn) and seen.counts and seen.envelope.by != fact.member:
            self._scans[seen.envelope.by].add(seen.position)
            self._members[seen.envelope.by].add(fact.member)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such hand."""
        for who, kept in self._scans.items():
            members = len(self._members[who])
            if kept.count >= self.number("scans") and members >= self.number("members"):
                yield self.hint(kept, who=who, scans=kept.count, persons=members)
