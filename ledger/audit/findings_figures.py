"""Standing checks of figures: rounder than others', digits that nature does not give, the same twice."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from typing import ClassVar

from ledger.audit.findings_payments import GRANT_FACTS, Payments
from ledger.audit.hints import Check, Figure, Hint, Kept, Look, Option, Seen, at_most_one_in
from ledger.clock import MICROS_PER_DAY
from ledger.funds import facts as fund
from ledger.funds.commands import ANONYMOUS
from ledger.hours import facts as hours
from ledger.partners import facts as partner


class RoundNumbers(Check):
    """A person's or a fund's figures are round far more often than those of all others of the same kind.

    Judged against the others' own share, since people agree on round sums and meet for whole hours anyway.
    """

    NAME = "round_numbers"
    SEES = (*GRANT_FACTS, hours.SessionRecorded)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"cases": 20, "odds": 10_000, "round_fen": 10_000, "round_minutes": 60}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments = Payments()
        self._cases: dict[tuple[str, str], int] = defaultdict(int)
        self._round: dict[tuple[str, str], Kept] = defaultdict(Kept)

    def see(self, seen: Seen) -> None:
        """Count all figures and the round ones, by who stated them. Scanned sessions state nothing."""
        fact, payment = seen.fact, self._payments.see(seen.fact)
        if not seen.counts:
            return
        if payment is not None:
            amount, whole = payment.paid.amount_fen, self.number("round_fen")
            self._count("proposer", payment.proposed.proposer, seen.position, amount, whole)
            self._count("fund", payment.paid.fund, seen.position, amount, whole)
        elif isinstance(fact, hours.SessionRecorded) and fact.origin != "scanned":
            self._count("recorder", fact.recorder, seen.position, fact.minutes, self.number("round_minutes"))

    def _count(self, kind: str, who: str, position: int, amount: int, whole: int) -> None:
        for one in (who, ""):
            self._cases[kind, one] += 1
            if amount % whole == 0:
                self._round[kind, one].add(position, amount)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such person or fund."""
        for (kind, who), of in self._cases.items():
            kept = self._round.get((kind, who))
            if not who or kept is None or of < self.number("cases"):
                continue
            others = self._cases[kind, ""] - of
            theirs = self._round[kind, ""].count - kept.count
            if others < self.number("cases"):
                continue
            # One more round and one more other case: a share of none would make any single one a wonder.
            odds = at_most_one_in(kept.count, of, theirs + 1, others + 2)
            if odds >= self.number("odds"):
                yield self.hint(
                    kept, kind, who=who, cases=kept.count, of=of, percent=kept.count * 100 // of,
                    others_percent=theirs * 100 // others, odds=odds,
                )  # fmt: skip


_BENFORD = (301, 176, 125, 97, 79, 67, 58, 51, 46)
"""Thousandths in which the digits 1 … 9 lead, by Benford's law."""


class FirstDigits(Check):
    """First digits of a fund's payments against Benford's law.

    Only for `cases` payments and more whose amounts spread over two powers of ten (Nigrini 2012): fewer, or amounts of a
    narrow range, do not follow the law anyway. `chi_thousandths`: χ² with 8 degrees of freedom; 26.125 is passed by chance
    once in a thousand.
    """

    NAME = "first_digits"
    SEES = (fund.GrantPaid,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"cases": 300, "spread": 100, "chi_thousandths": 26_125}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._digits: dict[str, list[Kept]] = {}
        self._range: dict[str, tuple[int, int]] = {}

    def see(self, seen: Seen) -> None:
        """Sort a payment by its first digit."""
        fact = seen.fact
        if isinstance(fact, fund.GrantPaid) and seen.counts:
            digits = self._digits.setdefault(fact.fund, [Kept() for _ in _BENFORD])
            digits[int(str(fact.amount_fen)[0]) - 1].add(seen.position, fact.amount_fen)
            low, high = self._range.get(fact.fund, (fact.amount_fen, fact.amount_fen))
            self._range[fact.fund] = (min(low, fact.amount_fen), max(high, fact.amount_fen))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such fund, at the payments with the digit that is most too frequent."""
        for slug, digits in self._digits.items():
            cases = sum(one.count for one in digits)
            low, high = self._range[slug]
            if cases < self.number("cases") or high < low * self.number("spread"):
                continue
            chi = sum(
                (1_000 * one.count - cases * law) ** 2 // (cases * law)
                for one, law in zip(digits, _BENFORD, strict=True)
            )
            if chi >= self.number("chi_thousandths"):
                over = [1_000 * one.count - cases * law for one, law in zip(digits, _BENFORD, strict=True)]
                digit = over.index(max(over))
                yield self.hint(
                    digits[digit], fund=slug, cases=cases, chi_thousandths=chi, digit=digit + 1,
                    found=digits[digit].count, expected=cases * _BENFORD[digit] // 1_000,
                )  # fmt: skip


class Duplicates(Check):
    """The same amount between the same parties on the same day, recorded within some weeks of one another.

    Small sums repeat by nature (bus fares, meals): payments and donations count from `fen` on, gifts and sessions from
    `minutes` on.
    """

    NAME = "duplicates"
    SEES = (*GRANT_FACTS, fund.DonationReceived, hours.HoursGiven, hours.SessionRecorded, partner.PartnerContributed)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"days": 90, "fen": 10_000, "minutes": 30}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._payments = Payments()
        self._recent: OrderedDict[tuple[object, ...], tuple[int, bool, Kept, str, dict[str, Figure]]] = OrderedDict()
        self._found: list[Hint] = []

    def see(self, seen: Seen) -> None:
        """Look for the same among what was recorded lately; what is older is let go."""
        self._forget(seen.recorded_at - self.number("days") * MICROS_PER_DAY)
        told = self._told(seen)
        if told is None:
            return
        key, form, figures = told
        whole = (form, *key)
        _, counted, kept, _, _ = self._recent.pop(whole, (0, False, Kept(), form, figures))
        kept.add(seen.position)
        self._recent[whole] = (seen.recorded_at, counted or seen.counts, kept, form, figures)

    def _told(self, seen: Seen) -> tuple[tuple[object, ...], str, dict[str, Figure]] | None:
        """What must be the same, the form of the hint, and its figures."""
        payment = self._payments.see(seen.fact)
        least_fen, least = self.number("fen"), self.number("minutes")
        if payment is not None:
            paid = payment.paid
            if paid.amount_fen < least_fen:
                return None
            figures: dict[str, Figure] = {"who": payment.case.replace("\n", " / "), "amount_fen": paid.amount_fen}
            return (payment.case, paid.amount_fen, paid.day), "payment", {**figures, "on_day": paid.day}
        match seen.fact:
            case fund.DonationReceived(donor=donor, amount_fen=amount, day=day) as f if (
                donor != ANONYMOUS and amount >= least_fen
            ):
                figures = {"who": donor, "amount_fen": amount, "on_day": day}
                return (donor, f.fund, f.item, amount, day), "donation", figures
            case hours.HoursGiven(giver=giver, receiver=receiver, minutes=minutes) if minutes >= least:
                figures = {"who": giver, "receiver": receiver, "given_minutes": minutes, "on_day": seen.day}
                return (giver, receiver, minutes, seen.day), "gift", figures
            case hours.SessionRecorded(start_at=None, volunteer=volunteer, minutes=minutes, day=day) as f if (
                minutes >= least
            ):
                figures = {"who": volunteer, "recorded_minutes": minutes, "on_day": day}
                return (volunteer, minutes, day, f.place, f.organiser, f.recorder), "session", figures
            case partner.PartnerContributed(unit=unit, quantity=quantity, day=day) as f:
                figures = {"who": unit, "quantity": quantity, "item": f.item or f.kind, "on_day": day}
                return (unit, f.kind, f.item, quantity, day, f.place), "contribution", figures
        return None

    def _forget(self, before: int) -> None:
        while self._recent:
            key, (recorded_at, counts, kept, form, figures) = next(iter(self._recent.items()))
            if recorded_at >= before:
                return
            del self._recent[key]
            self._keep(counts, kept, form, figures)

    def _keep(self, counts: bool, kept: Kept, form: str, figures: dict[str, Figure]) -> None:
        if counts and kept.count > 1:
            self._found.append(self.hint(kept, form, times=kept.count, **figures))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each that came more than once."""
        for _, counts, kept, form, figures in self._recent.values():
            self._keep(counts, kept, form, figures)
        self._recent.clear()
        yield from self._found
