"""A made-up community's year: members serve, give each other hours, fill the pool, and ask for things and get them.

Facts are made here, not decided: deciding ten million commands takes hours. What the rules demand is kept by
construction (nobody gives what they have not got, one session per member and day, leases that do not run out), and
`tests/benchmarks` decides a generated ledger again, command by command, and wants the same facts.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ledger.actors import OPERATOR
from ledger.base import Fact
from ledger.clock import MICROS_PER_DAY, MICROS_PER_MINUTE, start_of_day
from ledger.hours.facts import HoursDonated, HoursGiven, SessionRecorded, SessionVerified
from ledger.requests import facts as request

BEGAN = date(2025, 1, 1)
"""The day on which everybody is registered; the year begins two weeks later."""
_FIRST_DAY = BEGAN + timedelta(days=14)
_DAYS = 365
_LEASE = 7 * MICROS_PER_DAY
_SOON = 3 * MICROS_PER_DAY
_ENTERED_WITHIN_DAYS = 5
_TRIES = 8
_REQUESTS_AT_ONCE = 64
_SESSIONS, _GIFTS, _DONATIONS = 0.62, 0.84, 0.87
"""Of a hundred acts 62 are sessions, 22 gifts, 3 for the pool, and 13 a step in the life of a request."""

_WORKER = "community_worker"
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _LETTERS for low in _LETTERS]


class Ids:
    """Ids like those of `ledger.ids`, ordered by time too, but the same for the same seed."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def new(self, prefix: str, at: int) -> str:
        """A fresh id made at a moment (microseconds UTC)."""
        number = (at // 1000) << 80 | self._dice.getrandbits(80)
        pairs = _PAIRS
        return f"{prefix}_" + "".join([pairs[(number >> shift) & 1023] for shift in range(120, -1, -10)])


class Person:
    """A member as far as the rules care: what may be given, the last day of service, whether a request is held."""

    __slots__ = ("busy", "id", "last_day", "place", "team", "unit", "usable")

    def __init__(self, member_id: str, place: str | None, team: str | None, unit: str | None) -> None:
        self.id, self.place, self.team, self.unit = member_id, place, team, unit
        self.usable = self.last_day = 0
        self.busy = False


class Happening(NamedTuple):
    """The facts of one command: decided when (microseconds UTC), by whom, in which role."""

    at: int
    by: str
    role: str
    facts: tuple[Fact, ...]


class _Asked:
    """A request on its way."""

    __slots__ = ("by", "claim", "holder", "posted", "status")

    def __init__(self, by: Person, posted: request.RequestPosted) -> None:
        self.by, self.posted, self.status = by, posted, "posted"
        self.claim: request.RequestClaimed | None = None
        self.holder: Person | None = None


class Year:
    """One year of a community. `seal` takes a requester's id to the commitment of what they ask for."""

    def __init__(self, people: Sequence[Person], seed: int, seal: Callable[[str], str]) -> None:
        self._people, self._seal = people, seal
        self._dice = random.Random(seed)
        self._ids = Ids(self._dice)
        self._waiting: deque[_Asked] = deque()
        self._held: deque[_Asked] = deque()
        self._at_once = max(1, min(_REQUESTS_AT_ONCE, len(people) // 4))
        self._at = self._tomorrow = 0
        self._today = _FIRST_DAY

    def happenings(self, events: int) -> Iterator[Happening]:
        """What happens, in order, spread over the year: exactly that many facts."""
        begin, done = start_of_day(_FIRST_DAY), 0
        self._tomorrow = begin + MICROS_PER_DAY
        while done < events:
            self._at = begin + _DAYS * MICROS_PER_DAY * done // events
            while self._at >= self._tomorrow:
                self._today += timedelta(days=1)
                self._tomorrow += MICROS_PER_DAY
            happening = self._next(events - done)
            done += len(happening.facts)
            yield happening

    def _next(self, room: int) -> Happening:
        if self._is_urgent():
            return self._step()
        chance = self._dice.random()
        if chance >= _DONATIONS:
            return self._step()
        if chance >= _SESSIONS or room < 2:
            gift = self._gift(to_pool=chance >= _GIFTS)
            if gift is not None:
                return gift
        found = self._session() if room > 1 else None
        found = found or self._gift(to_pool=False)
        # Somebody has hours, or everybody's days are free; with no room for a session a request moves on.
        return found or self._step()

    def _anybody(self) -> Person:
        return self._people[int(self._dice.random() * len(self._people))]

    # ---- hours ---------------------------------------------------------------------------------------------------

    def _session(self) -> Happening | None:
        """Service of one of the last days, entered and verified by a worker from a list."""
        yesterday = self._today.toordinal() - 1
        person = next((one for one in (self._anybody() for _ in range(_TRIES)) if one.last_day < yesterday), None)
        if person is None:
            return None
        number = self._dice.randint(max(person.last_day + 1, yesterday - _ENTERED_WITHIN_DAYS), yesterday)
        person.last_day = number
        day, minutes = date.fromordinal(number), 30 * self._dice.randint(1, 8)
        start_at = end_at = None
        if number % 2:
            start_at = start_of_day(day) + self._dice.randint(8, 18) * 60 * MICROS_PER_MINUTE
            end_at = start_at + minutes * MICROS_PER_MINUTE
        recorded = SessionRecorded(
            session_id=self._ids.new("ses", self._at), volunteer=person.id, day=day, last_day=day, start_at=start_at,
            end_at=end_at, minutes=minutes, origin="attested", place=person.place, team=person.team, unit=person.unit,
            recorder=OPERATOR,
        )  # fmt: skip
        verified = SessionVerified(
            session_id=recorded.session_id, volunteer=person.id, day=day, minutes=minutes, credited=minutes,
            origin="attested", verifier=OPERATOR, place=person.place, team=person.team, unit=person.unit,
        )  # fmt: skip
        person.usable += minutes
        return Happening(self._at, OPERATOR, _WORKER, (recorded, verified))

    def _gift(self, *, to_pool: bool) -> Happening | None:
        """Some of what somebody has, to another member or to the pool."""
        giver = next((one for one in (self._anybody() for _ in range(_TRIES)) if one.usable), None)
        if giver is None:
            return None
        minutes = self._dice.randint(1, min(giver.usable, 120))
        given: Fact
        if to_pool:
            given = HoursDonated(giver=giver.id, minutes=minutes)
        else:
            receiver = self._other_than(giver)
            receiver.usable += minutes
            given = HoursGiven(giver=giver.id, receiver=receiver.id, minutes=minutes)
        giver.usable -= minutes
        return Happening(self._at, giver.id, "", (given,))

    def _other_than(self, person: Person) -> Person:
        while True:
            other = self._anybody()
            if other is not person:
                return other

    # ---- requests ------------------------------------------------------------------------------------------------

    def _is_urgent(self) -> bool:
        """Whether the oldest lease ends soon."""
        first = self._held[0].claim if self._held else None
        return first is not None and first.until_at - self._at < _SOON

    def _step(self) -> Happening:
        """The next step of a request: of the oldest lease if it ends soon, of a new one while there are few."""
        if self._is_urgent():
            return self._fulfil(self._held.popleft())
        if len(self._waiting) + len(self._held) < self._at_once:
            return self._post()
        if not self._waiting or (self._held and self._dice.random() < 0.25):
            return self._fulfil(self._held.popleft())
        asked = self._waiting.popleft()
        match asked.status:
            case "posted":
                return self._publish(asked)
            case "published":
                return self._claim(asked)
        return self._close(asked)

    def _post(self) -> Happening:
        by = self._anybody()
        posted = request.RequestPosted(
            request_id=self._ids.new("req", self._at), kind="wish", requester=by.id, place=by.place,
            value_fen=100 * self._dice.randint(10, 500), channel="online", day=self._today, words=self._seal(by.id),
        )  # fmt: skip
        self._waiting.append(_Asked(by, posted))
        return Happening(self._at, by.id, "", (posted,))

    def _publish(self, asked: _Asked) -> Happening:
        asked.status = "published"
        self._waiting.append(asked)
        fact = request.RequestPublished(request_id=asked.posted.request_id, reviewer=OPERATOR, day=self._today)
        return Happening(self._at, OPERATOR, _WORKER, (fact,))

    def _claim(self, asked: _Asked) -> Happening:
        holder = self._other_than(asked.by)
        while holder.busy:
            holder = self._other_than(asked.by)
        holder.busy, asked.holder = True, holder
        asked.claim = request.RequestClaimed(
            request_id=asked.posted.request_id, claim_id=self._ids.new("claim", self._at), claimant=holder.id,
            unit=holder.unit, claimed_by=holder.id, until_at=self._at + _LEASE, day=self._today,
        )  # fmt: skip
        self._held.append(asked)
        return Happening(self._at, holder.id, "", (asked.claim,))

    def _fulfil(self, asked: _Asked) -> Happening:
        assert asked.claim is not None
        assert asked.holder is not None
        asked.holder.busy, asked.status = False, "fulfilled"
        self._waiting.append(asked)
        claim = asked.claim
        fact = request.RequestFulfilled(
            request_id=claim.request_id, claim_id=claim.claim_id, claimant=claim.claimant, day=self._today
        )
        return Happening(self._at, claim.claimant, "", (fact,))

    def _close(self, asked: _Asked) -> Happening:
        assert asked.claim is not None
        claim, posted = asked.claim, asked.posted
        fact = request.RequestClosed(
            request_id=posted.request_id, kind=posted.kind, claim_id=claim.claim_id, claimant=claim.claimant,
            unit=claim.unit, requester=asked.by.id, place=posted.place, score=self._dice.randint(3, 5),
            closed_by=asked.by.id, day=self._today,
        )  # fmt: skip
        return Happening(self._at, asked.by.id, "", (fact,))
