"""Standing checks of payments: split, in the same hands, to somebody close, and figures that nature does not give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import ClassVar, NamedTuple

from ledger.audit.hints import Check, Hint, Kept, Look, Option, Seen, at_most_one_in
from ledger.audit.ties import TIE_FACTS, Ties
from ledger.base import Fact
from ledger.funds import facts as fund
from ledger.funds.commands import ANONYMOUS

GRANT_FACTS: tuple[type[Fact], ...] = (
    fund.GrantProposed, fund.GrantApproved, fund.GrantDeclined, fund.GrantCancelled, fund.GrantPaid,
)  # fmt: skip


class Payment(NamedTuple):
    """A grant that was paid, with all three pairs of eyes."""

    proposed: fund.GrantProposed
    approver: str
    paid: fund.GrantPaid

    @property
    def case(self) -> str:
        """Who was paid, as far as the journal tells: the payee, else fund, item and category."""
        return self.proposed.payee or "\n".join((self.paid.fund, self.paid.item, self.paid.category))


class Payments:
    """Puts payments together from their facts; remembers open grants only."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[fund.GrantProposed, str]] = {}

    def see(self, fact: Fact) -> Payment | None:
        """The payment that this fact completes."""
        match fact:
            case fund.GrantProposed():
                self._open[fact.grant_id] = (fact, "")
            case fund.GrantApproved() if fact.grant_id in self._open:
                self._open[fact.grant_id] = (self._open[fact.grant_id][0], fact.approver)
            case fund.GrantDeclined() | fund.GrantCancelled():
                self._open.pop(fact.grant_id, None)
            case fund.GrantPaid() if fact.grant_id in self._open:
                proposed, approver = self._open.pop(fact.grant_id)
                return Payment(proposed, approver, fact)
        return None


class _Near(NamedTuple):
    case: str
    limit: int
    day: date
    position: int
    amount: int
    counts: bool


class SplitPayments(Check):
    """Several payments just under a limit to one payee within days, which together would have been over it."""

    NAME = "split_payments"
    SEES = GRANT_FACTS
    DEFAULTS: ClassVar[Mapping[str, Option]] = {
        "limits_fen": (100_000, 500_000, 1_000_000, 5_000_000), "near_percent": 80, "days": 14, "payments": 2,
        "payments_unnamed": 3,
    }  # fmt: skip

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments = Payments()
        self._near: list[_Near] = []

    def see(self, seen: Seen) -> None:
        """Keep the payments that lie just under one of the limits."""
        payment = self._payments.see(seen.fact)
        if payment is None:
            return
        amount = payment.paid.amount_fen
        for limit in self.numbers("limits_fen"):
            if limit * self.number("near_percent") <= amount * 100 < limit * 100:
                case = payment.case if payment.proposed.payee else "\n" + payment.case
                self._near.append(_Near(case, limit, payment.paid.day, seen.position, amount, seen.counts))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each run of days."""
        for (case, limit), group in groupby(sorted(self._near), key=lambda one: one[:2]):
            least = self.number("payments_unnamed" if case.startswith("\n") else "payments")
            for run in _runs(list(group), self.number("days")):
                total = sum(one.amount for one in run)
                if len(run) >= least and total >= limit and any(one.counts for one in run):
                    kept = Kept(*((one.position, one.amount) for one in run))
                    yield self.hint(
                        kept, "case" if case.startswith("\n") else "", who=case.strip("\n").replace("\n", " / "),
                        payments=len(run), total_fen=total, limit_fen=limit,
                        first_day=run[0].day, last_day=run[-1].day,
                    )  # fmt: skip


def _runs(ordered: list[_Near], days: int) -> Iterator[list[_Near]]:
    """Cut payments in order of their days into runs of at most so many days, from the first on."""
    run: list[_Near] = []
    for one in ordered:
        if run and (one.day - run[0].day).days > days:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


class SameHands(Check):
    """One person who proposes or approves nearly everything that one payee gets, far more than elsewhere."""

    NAME = "same_hands"
    SEES = GRANT_FACTS
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"payments": 5, "percent": 80, "odds": 100}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments = Payments()
        self._pairs: dict[tuple[str, str, str], Kept] = defaultdict(Kept)
        self._of_payee: dict[str, int] = defaultdict(int)
        self._of_hand: dict[tuple[str, str], int] = defaultdict(int)
        self._all = 0

    def see(self, seen: Seen) -> None:
        """Count who proposed and approved for whom; every payment is part of what is usual."""
        payment = self._payments.see(seen.fact)
        if payment is None or not seen.counts:
            return
        self._all += 1
        hands = (("proposed", payment.proposed.proposer), ("approved", payment.approver))
        for hand in hands:
            self._of_hand[hand] += 1
        payee = payment.proposed.payee
        if payee:
            self._of_payee[payee] += 1
            for part, who in hands:
                self._pairs[part, who, payee].add(seen.position, payment.paid.amount_fen)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such person and payee."""
        for (part, who, payee), kept in self._pairs.items():
            of_payee, elsewhere = self._of_payee[payee], self._all - self._of_payee[payee]
            if kept.count < self.number("payments") or kept.count * 100 < of_payee * self.number("percent"):
                continue
            # One more of each: that somebody never handled another's case would make any payment a wonder.
            odds = at_most_one_in(kept.count, of_payee, self._of_hand[part, who] - kept.count + 1, elsewhere + 2)
            if elsewhere and odds >= self.number("odds"):
                yield self.hint(
                    kept, part, who=who, payee=payee, payments=kept.count, of=of_payee, total_fen=kept.total, odds=odds
                )  # fmt: skip


class CloseToPayee(Check):
    """Who proposed, approved or paid is tied to the payee."""

    NAME = "close_to_payee"
    SEES = (*GRANT_FACTS, *TIE_FACTS)

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments, self._ties = Payments(), Ties()
        self._found: dict[tuple[str, str, str, str], Kept] = defaultdict(Kept)

    def see(self, seen: Seen) -> None:
        """Compare each payment's hands with its payee, by the ties of that moment."""
        self._ties.see(seen.fact)
        payment = self._payments.see(seen.fact)
        if payment is None or not seen.counts or not payment.proposed.payee:
            return
        payee = payment.proposed.payee
        hands = (
            ("proposed", payment.proposed.proposer), ("approved", payment.approver), ("paid", payment.paid.payer)
        )  # fmt: skip
        for part, who in hands:
            by = self._ties.link(who, payee)
            if by:
                self._found[part, who, payee, by].add(seen.position, payment.paid.amount_fen)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such person and payee."""
        for (part, who, payee, by), kept in self._found.items():
            form = part if by in (who, payee) else f"{part}_shared"
            yield self.hint(kept, form, who=who, payee=payee, by=by, payments=kept.count, total_fen=kept.total)


class DonorLinked(Check):
    """A fund paid somebody who is tied to one of its recent donors (慈善法 §40: no donor benefits by their own gift)."""

    NAME = "donor_linked"
    SEES = (*GRANT_FACTS, *TIE_FACTS, fund.DonationReceived)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"days": 365}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments, self._ties = Payments(), Ties()
        self._given: dict[tuple[str, str], dict[str, tuple[date, int]]] = defaultdict(dict)
        """By fund and party: donors who are that party or belong to it, with their latest gift."""
        self._found: dict[tuple[str, str, str, str], Kept] = defaultdict(Kept)

    def see(self, seen: Seen) -> None:
        """Remember who gave; compare who is paid, by the ties of that moment."""
        fact = seen.fact
        self._ties.see(fact)
        if isinstance(fact, fund.DonationReceived) and fact.donor != ANONYMOUS:
            for party in {fact.donor} | self._ties.groups_of(fact.donor):
                self._given[fact.fund, party][fact.donor] = (fact.day, seen.position)
        payment = self._payments.see(fact)
        if payment is None or not seen.counts or not payment.proposed.payee:
            return
        payee = payment.proposed.payee
        tied: dict[str, tuple[str, int]] = {}
        for party in sorted(self._ties.near(payee) | self._ties.groups_of(payee)):
            for donor, (day, position) in self._given.get((payment.paid.fund, party), {}).items():
                if 0 <= (payment.paid.day - day).days <= self.number("days"):
                    tied.setdefault(donor, (party, position))
        for donor, (party, position) in tied.items():
            kept = self._found[payment.paid.fund, donor, payee, party]
            if not kept.count:
                kept.add(position, 0)
            kept.add(seen.position, payment.paid.amount_fen)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each donor and payee of a fund; the gift stands before the payments."""
        for (slug, donor, payee, by), kept in self._found.items():
            form = "same" if donor == payee else "" if by in (donor, payee) else "shared"
            yield self.hint(
                kept, form, donor=donor, payee=payee, by=by, fund=slug, payments=kept.count - 1, total_fen=kept.total
            )  # fmt: skip
