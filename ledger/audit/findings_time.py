"""Standing checks of when: entered long after, clocks set back, done too fast, waking after a long sleep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import ClassVar

from ledger.accounts import postings
from ledger.audit.hints import Check, Hint, Kept, Look, Option, Seen
from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY, MICROS_PER_SECOND
from ledger.funds import facts as fund
from ledger.hours import facts as hours
from ledger.ids import PERSON, prefix_of
from ledger.partners import facts as partner
from ledger.requests import facts as request


class BackDated(Check):
    """Many entries of one person about days long past (补录), by who vouches for them or who entered them."""

    NAME = "back_dated"
    SEES = (hours.SessionRecorded, fund.DonationReceived, fund.GrantPaid, partner.PartnerContributed)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"days": 30, "entries": 10}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._late: dict[tuple[str, str], Kept] = defaultdict(Kept)
        self._all: dict[tuple[str, str], int] = defaultdict(int)

    def see(self, seen: Seen) -> None:
        """Compare the day of the deed with the day of the decision."""
        if not seen.counts:
            return
        match seen.fact:
            case hours.SessionRecorded(day=day, guarantor=guarantor, recorder=recorder):
                form, who = "hours", guarantor or recorder
            case fund.DonationReceived(day=day) | fund.GrantPaid(day=day):
                form, who = "money", seen.envelope.by
            case partner.PartnerContributed(day=day):
                form, who = "goods", seen.envelope.by
            case _:
                return
        self._all[form, who] += 1
        days = (seen.day - day).days
        if days >= self.number("days"):
            self._late[form, who].add(seen.position, days)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such person; the entries about the oldest days are named."""
        for (form, who), kept in self._late.items():
            if kept.count >= self.number("entries"):
                yield self.hint(kept, form, who=who, entries=kept.count, of=self._all[form, who], days=kept.most)


class ClockSetBack(Check):
    """Decisions dated well before what already stood in the journal: a machine's clock ran behind, or was set back."""

    NAME = "clock_set_back"
    SEES = None
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"seconds": 300}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._behind: dict[str, Kept] = defaultdict(Kept)

    def see(self, seen: Seen) -> None:
        """Compare the moment of the decision with the latest one before it."""
        behind = seen.recorded_at - seen.envelope.at
        if seen.counts and behind >= self.number("seconds") * MICROS_PER_SECOND:
            self._behind[seen.envelope.by].add(seen.position, behind // MICROS_PER_SECOND)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each actor."""
        for who, kept in self._behind.items():
            yield self.hint(kept, who=who, events=kept.count, seconds=kept.most)


class QuickClaims(Check):
    """Claims of one party that were done within seconds of being claimed, or closed within seconds of being done.

    Records of the past, whose facts come from one command, do not count.
    """

    NAME = "quick_claims"
    SEES = (
        request.RequestClaimed, request.RequestFulfilled, request.RequestClosed, request.RequestUnmet,
        request.ClaimReleased, request.ClaimLapsed, request.RequestWithdrawn,
    )  # fmt: skip
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"done_seconds": 120, "closed_seconds": 10, "claims": 3}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._last: dict[str, tuple[int, str]] = {}
        self._quick: dict[tuple[str, str], Kept] = defaultdict(Kept)
        self._all: dict[tuple[str, str], int] = defaultdict(int)

    def see(self, seen: Seen) -> None:
        """Measure from claimed to done, and from done to closed; open ones are remembered."""
        match seen.fact:
            case request.RequestClaimed(request_id=request_id):
                self._last[request_id] = (seen.envelope.at, seen.envelope.key)
            case request.RequestFulfilled(request_id=request_id, claimant=claimant):
                self._measure("done", request_id, claimant, seen)
                self._last[request_id] = (seen.envelope.at, seen.envelope.key)
            case request.RequestClosed(request_id=request_id, claimant=claimant):
                self._measure("closed", request_id, claimant or "", seen)
                self._last.pop(request_id, None)
            case (
                request.RequestUnmet()
                | request.ClaimReleased()
                | request.ClaimLapsed()
                | request.RequestWithdrawn() as f
            ):
                self._last.pop(f.request_id, None)
            case _:
                return

    def _measure(self, form: str, request_id: str, claimant: str, seen: Seen) -> None:
        last = self._last.get(request_id)
        if last is None or last[1] == seen.envelope.key or not claimant or not seen.counts:
            return
        self._all[form, claimant] += 1
        if seen.envelope.at - last[0] <= self.number(f"{form}_seconds") * MICROS_PER_SECOND:
            self._quick[form, claimant].add(seen.position)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each claimant with several."""
        for (form, who), kept in self._quick.items():
            if kept.count >= self.number("claims"):
                seconds = self.number(f"{form}_seconds")
                yield self.hint(kept, form, who=who, claims=kept.count, of=self._all[form, who], seconds=seconds)


_MOVES: tuple[type[Fact], ...] = (
    hours.SessionVerified, hours.SessionCorrected, hours.HoursGiven, hours.HoursDonated, hours.PoolGranted,
    hours.HoursReserved, hours.HoursReleased, hours.HoursRedeemed, hours.HoursLapsed, fund.DonationReceived,
    fund.DonationRefunded, fund.GrantApproved, fund.GrantCancelled, fund.PaymentReturned,
)  # fmt: skip
_NOT_SPENDING = (hours.SessionCorrected, hours.HoursLapsed, hours.HoursRedeemed)
"""What takes from an account without its holder having spent: corrections, lapse, and the end of a reservation."""


class DormantWaking(Check):
    """An account in which nothing moved for very long, and from which something then leaves."""

    NAME = "dormant_waking"
    SEES = _MOVES
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"days": 365, "minutes": 60, "fen": 10_000}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._last: dict[str, tuple[int, int]] = {}
        self._found: list[Hint] = []

    def see(self, seen: Seen) -> None:
        """Compare with the last movement of each account of a member or a fund."""
        for account, _unit, amount in postings(seen.fact):
            kind, _, holder = account.partition(":")
            if kind == "fund" or (kind == "hours" and prefix_of(holder) == PERSON):
                self._move(account.removesuffix(":held").removesuffix(":committed"), kind, amount, seen)

    def _move(self, account: str, kind: str, amount: int, seen: Seen) -> None:
        last_at, last = self._last.get(account, (seen.recorded_at, seen.position))
        self._last[account] = (seen.recorded_at, seen.position)
        days = (seen.recorded_at - last_at) // MICROS_PER_DAY
        if days < self.number("days") or not seen.counts or isinstance(seen.fact, _NOT_SPENDING):
            return
        if kind == "hours" and -amount >= self.number("minutes"):
            kept = Kept((last, 0), (seen.position, -amount))
            who = account.partition(":")[2]
            self._found.append(self.hint(kept, "hours", who=who, days=days, spent_minutes=-amount))
        elif kind == "fund" and -amount >= self.number("fen"):
            kept = Kept((last, 0), (seen.position, -amount))
            _, slug, item = account.split(":", 2)
            self._found.append(self.hint(kept, "fund", fund=slug, item=item, days=days, spent_fen=-amount))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each waking."""
        yield from self._found
