"""What must hold whatever happens: asked every month, and in full at the end."""

from __future__ import annotations

from collections import Counter, defaultdict

from api.store import Store
from ledger.audit.auditing import audit
from ledger.audit.sealed import Trust
from ledger.errors import Unusable
from projections.books import queries
from projections.rebuild import compare

_NEVER_BELOW_ZERO = ("fund:", "offer:", "promised:", "hours:pool", "hours:redeemed", "hours:lapsed", "hours:source:")


def _of_a_member(account: str) -> bool:
    return account.startswith("hours:mem_")


class Checks:
    """Counts what was looked at, and keeps what was found violated."""

    def __init__(self, store: Store, ledger: str) -> None:
        self._store, self._ledger = store, ledger
        self.looked: Counter[str] = Counter()
        self.violated: list[str] = []

    def monthly(self, when: str) -> None:
        """Balances: every unit sums to zero, and what cannot be owed is not owed."""
        sums: dict[str, int] = defaultdict(int)
        balances = queries.balances(self._store.database, self._ledger)
        for row in balances:
            sums[row.unit] += row.balance
            if row.balance < 0 and row.account.startswith(_NEVER_BELOW_ZERO):
                self._violate(f"{when}: {row.account} holds {row.balance} {row.unit}")
            if row.account.endswith((":held", ":committed")) and row.balance < 0:
                self._violate(f"{when}: {row.account} holds {row.balance} {row.unit}")
        for unit, total in sums.items():
            if total:
                self._violate(f"{when}: all accounts together hold {total} {unit}")
        self.looked["balances"] += len(balances)
        self._totals(when, {row.account: row.balance for row in balances})

    def _totals(self, when: str, balances: dict[str, int]) -> None:
        """What is told of the whole agrees with its accounts."""
        stats = queries.stats(self._store.database, self._ledger)
        for slug, fund in stats.funds.items():
            self.looked["funds"] += 1
            held = sum(amount for account, amount in balances.items() if account.startswith(f"fund:fund_{slug}:"))
            if not fund.balance_fen == fund.received_fen - fund.spent_fen == held:
                self._violate(f"{when}: the fund {slug} says {fund.balance_fen} and holds {held} fen")
        owned = sum(amount for account, amount in balances.items() if _of_a_member(account))
        self.looked["minutes"] += 1
        if owned != stats.minutes.spendable + stats.minutes.held:
            self._violate(f"{when}: members hold {owned} minutes, the totals say otherwise")

    def at_the_end(self, *, rules: bool = True) -> None:
        """The journal replays to the same books and boards, and every decision in it was legal."""
        store, ledger = self._store, self._ledger
        store.catch_up(ledger)
        for difference in compare(store.database, store.codec.decode, ledger):
            self._violate(f"{difference.table}: {difference.live_rows} rows, replayed {difference.rebuilt_rows}")
        self.looked["tables"] += 1
        trust = Trust(logs=[])
        try:
            trust = Trust(logs=[store.seals.verifier(ledger)])
        except Unusable:
            self._violate("the ledger's seal has no key")
        report, _ = audit(store.database, store.codec, ledger, trust, rules=rules)
        self.looked.update(report.checks)
        for finding in report.findings:
            self._violate(f"audit: {finding}")

    def _violate(self, what: str) -> None:
        if len(self.violated) < 100:
            self.violated.append(what)
