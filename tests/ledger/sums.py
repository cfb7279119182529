"""What a story comes to in the accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ledger.accounts import postings
from ledger.base import Fact


def balances(story: Iterable[Fact]) -> dict[tuple[str, str], int]:
    """The balance of every account and unit that is not zero, after all these facts."""
    sums: Counter[tuple[str, str]] = Counter()
    for happened in story:
        for account, unit, amount in postings(happened):
            sums[account, unit] += amount
    return {key: amount for key, amount in sums.items() if amount}
