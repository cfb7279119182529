"""Standing checks of service hours: one verifier, nights, days too full to be true, corrections upward."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import ClassVar

from ledger.audit.hints import Check, Hint, Kept, Look, Option, Rules, Seen, at_most_one_in
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.hours import facts as hours
from ledger.policy.facts import PolicySet


class OneVerifier(Check):
    """Nearly all of one volunteer's hours were verified by one person, though others verify at the same places."""

    NAME = "one_verifier"
    SEES = (hours.SessionVerified,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"sessions": 10, "minutes": 1_200, "percent": 80, "odds": 1_000}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._pairs: dict[tuple[str, str], Kept] = defaultdict(Kept)
        self._minutes: Counter[str] = Counter()
        self._at: dict[str, Counter[str]] = defaultdict(Counter)
        """By volunteer: sessions at each place."""
        self._there: Counter[tuple[str, str]] = Counter()
        self._mine: Counter[tuple[str, str, str]] = Counter()

    def see(self, seen: Seen) -> None:
        """Count who verified whose sessions, and where."""
        fact = seen.fact
        if not isinstance(fact, hours.SessionVerified) or not seen.counts:
            return
        place = fact.place or ""
        self._pairs[fact.volunteer, fact.verifier].add(seen.position, fact.minutes)
        self._minutes[fact.volunteer] += fact.minutes
        self._at[fact.volunteer][place] += 1
        self._mine[fact.volunteer, fact.verifier, place] += 1
        self._there[fact.verifier, place] += 1
        self._there["", place] += 1

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each such volunteer and verifier."""
        for (volunteer, verifier), kept in self._pairs.items():
            minutes, sessions = self._minutes[volunteer], sum(self._at[volunteer].values())
            if sessions < self.number("sessions") or minutes < self.number("minutes"):
                continue
            if kept.total * 100 < minutes * self.number("percent"):
                continue
            usual = self._usual(volunteer, verifier, sessions)
            odds = at_most_one_in(kept.count, sessions, usual.numerator, usual.denominator)
            if odds >= self.number("odds"):
                yield self.hint(
                    kept, who=volunteer, verifier=verifier, sessions=kept.count, of=sessions,
                    verified_minutes=kept.total, others_percent=int(usual * 100), odds=odds,
                )  # fmt: skip

    def _usual(self, volunteer: str, verifier: str, sessions: int) -> Fraction:
        """The share this verifier has of other volunteers' sessions at the same places, place by place.

        Where nobody else served, nothing is unusual: the share there is 1.
        """
        expected = Fraction(0)
        for place, count in self._at[volunteer].items():
            others = self._there["", place] - count
            theirs = self._there[verifier, place] - self._mine[volunteer, verifier, place]
            # One session more of each kind: a single one by somebody else is not yet a custom of the place.
            expected += count * (Fraction(theirs + 1, others + 2) if others else 1)
        return Fraction(expected, sessions)


class HoursAtNight(Check):
    """Sessions with times of day in the middle of the night, which nobody scanned in or out."""

    NAME = "hours_at_night"
    SEES = (hours.SessionRecorded,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {
        "from_hour": 23,
        "to_hour": 5,
        "minutes": 60,
        "sessions": 3,
        "scanned": 0,
    }

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._nights: dict[str, Kept] = defaultdict(Kept)
        self._windows: dict[date, tuple[int, int]] = {}

    def see(self, seen: Seen) -> None:
        """Measure how much of the session lies in the night."""
        fact = seen.fact
        if not isinstance(fact, hours.SessionRecorded) or fact.start_at is None or fact.end_at is None:
            return
        if not seen.counts or (fact.origin == "scanned" and not self.number("scanned")):
            return
        minutes = sum(
            max(0, min(end, fact.end_at) - max(start, fact.start_at)) // MICROS_PER_MINUTE
            for start, end in map(self._night, {fact.day - timedelta(days=1), fact.day, fact.last_day})
        )
        if minutes >= self.number("minutes"):
            self._nights[fact.volunteer].add(seen.position, minutes)

    def _night(self, evening: date) -> tuple[int, int]:
        """The instants between which it is night after that day's evening."""
        found = self._windows.get(evening)
        if found is None:
            start = at_time(evening, self.number("from_hour"), 0, self.zone)
            end = at_time(evening + timedelta(days=1), self.number("to_hour"), 0, self.zone)
            found = self._windows[evening] = (start, end)
        return found

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each volunteer with several such nights."""
        for who, kept in self._nights.items():
            if kept.count >= self.number("sessions"):
                yield self.hint(kept, who=who, sessions=kept.count, night_minutes=kept.total)


class ImplausibleDays(Check):
    """Verified totals of a day that few people reach, and many days in one month that reach the cap."""

    NAME = "implausible_days"
    SEES = (hours.SessionVerified, hours.SessionCorrected, PolicySet)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"minutes": 600, "days_at_cap": 10}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._rules = Rules()
        self._numbers: dict[str, int] = {}
        self._totals: dict[int, int] = {}
        """Minutes by volunteer and day, both in one number: one small entry per day of service."""

    def see(self, seen: Seen) -> None:
        """Add to the day of the service."""
        fact = seen.fact
        if isinstance(fact, PolicySet):
            self._rules.see(fact)
        elif isinstance(fact, hours.SessionVerified) and seen.counts:
            self._add(fact.volunteer, fact.day, fact.minutes)
        elif isinstance(fact, hours.SessionCorrected) and seen.counts:
            self._add(fact.volunteer, fact.day, fact.difference)

    def _add(self, volunteer: str, day: date, minutes: int) -> None:
        number = self._numbers.setdefault(volunteer, len(self._numbers))
        key = (number << 22) + day.toordinal()
        self._totals[key] = self._totals.get(key, 0) + minutes

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each long day, and one for each month of full ones."""
        names = list(self._numbers)
        full: dict[tuple[str, int, int], list[tuple[date, int]]] = defaultdict(list)
        for key in sorted(self._totals):
            minutes = self._totals[key]
            volunteer, day = names[key >> 22], date.fromordinal(key & ((1 << 22) - 1))
            if minutes >= self.number("minutes"):
                kept = Kept(*self._positions(look, volunteer, day))
                yield self.hint(kept, "long", who=volunteer, on_day=day, day_minutes=minutes)
            if minutes >= self._rules.number("hours.daily_cap_minutes", day):
                full[volunteer, day.year, day.month].append((day, minutes))
        for (volunteer, _, _), days in full.items():
            if len(days) >= self.number("days_at_cap"):
                kept = Kept(*(one for day, _ in days for one in self._positions(look, volunteer, day)))
                total = sum(minutes for _, minutes in days)
                yield self.hint(
                    kept, "cap", who=volunteer, days=len(days), first_day=days[0][0], last_day=days[-1][0],
                    total_minutes=total,
                )  # fmt: skip

    def _positions(self, look: Look, volunteer: str, day: date) -> Iterator[tuple[int, int]]:
        for one in look.events_about(hours.day_tag(volunteer, day)):
            if isinstance(one.fact, hours.SessionRecorded) and one.fact.day == day:
                yield one.position, one.fact.minutes


class UpwardCorrections(Check):
    """Sessions corrected upward by whoever had verified them: few eyes on minutes that were added later."""

    NAME = "upward_corrections"
    SEES = (hours.SessionCorrected,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"corrections": 3, "minutes": 240}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._upward: list[tuple[str, str, int, int]] = []

    def see(self, seen: Seen) -> None:
        """Keep the corrections upward; there are few."""
        fact = seen.fact
        if isinstance(fact, hours.SessionCorrected) and fact.difference > 0 and seen.counts:
            self._upward.append((fact.checker, fact.session_id, seen.position, fact.difference))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each person with several of them, or with many minutes."""
        by: dict[str, Kept] = defaultdict(Kept)
        for checker, session_id, position, minutes in self._upward:
            about = look.events_about(session_id)
            if any(isinstance(one.fact, hours.SessionVerified) and one.fact.verifier == checker for one in about):
                by[checker].add(position, minutes)
        for who, kept in by.items():
            if kept.count >= self.number("corrections") or kept.total >= self.number("minutes"):
                yield self.hint(kept, who=who, corrections=kept.count, added_minutes=kept.total)
