"""Standing checks between people: gifts that come back, goods that stay in the family, wishes just under the ceiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from ledger.audit.hints import Check, Hint, Kept, Look, Option, Rules, Seen
from ledger.audit.ties import TIE_FACTS, Ties
from ledger.clock import MICROS_PER_DAY
from ledger.hours import facts as hours
from ledger.partners import facts as partner
from ledger.policy.facts import PolicySet
from ledger.requests import facts as request

_WISH = "wish"


class CircularGifts(Check):
    """Gifts of hours that come back to where they started, among few persons within weeks."""

    NAME = "circular_gifts"
    SEES = (hours.HoursGiven,)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"days": 60, "minutes": 60, "persons": 4}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._given: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
        """By giver and receiver: moment, position and minutes of the latest gift that is large enough."""
        self._found: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)

    def see(self, seen: Seen) -> None:
        """Look for a way from the receiver back to the giver among the gifts of the last weeks."""
        fact = seen.fact
        if not isinstance(fact, hours.HoursGiven) or fact.minutes < self.number("minutes"):
            return
        since = seen.recorded_at - self.number("days") * MICROS_PER_DAY
        way = self._way(fact.receiver, fact.giver, since, self.number("persons") - 1, (fact.giver,))
        self._given[fact.giver][fact.receiver] = (seen.recorded_at, seen.position, fact.minutes)
        if way and seen.counts:
            ring = self._found[tuple(sorted({fact.giver, fact.receiver, *(one for one, _, _ in way)}))]
            ring.update({position: minutes for _, position, minutes in way})
            ring[seen.position] = fact.minutes

    def _way(self, start: str, end: str, since: int, steps: int, passed: tuple[str, ...]) -> list[tuple[str, int, int]]:
        """The shortest-lived way found first: (giver, position, minutes) of each gift; nothing where there is none."""
        recent = self._given.get(start)
        if recent is None or steps <= 0:
            return []
        for receiver in [one for one, (at, _, _) in recent.items() if at < since]:
            del recent[receiver]
        if end in recent:
            return [(start, recent[end][1], recent[end][2])]
        for receiver, (_, position, minutes) in list(recent.items()):
            if receiver not in passed:
                rest = self._way(receiver, end, since, steps - 1, (*passed, start))
                if rest:
                    return [(start, position, minutes), *rest]
        return []

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each ring of people."""
        for people, gifts in self._found.items():
            kept = Kept(*gifts.items())
            first, *others = people
            yield self.hint(
                kept, who=first, others=" ".join(others), persons=len(people), gifts=kept.count,
                given_minutes=kept.total,
            )  # fmt: skip


class WishesUnderCeiling(Check):
    """One requester's wishes, several within weeks, each valued just under the ceiling of a wish or right at it."""

    NAME = "wishes_under_ceiling"
    SEES = (request.RequestPosted, PolicySet)
    DEFAULTS: ClassVar[Mapping[str, Option]] = {"near_percent": 90, "days": 60, "wishes": 3}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._rules = Rules()
        self._near: dict[str, list[tuple[date, int, int, bool]]] = defaultdict(list)

    def see(self, seen: Seen) -> None:
        """Keep the wishes that are worth nearly as much as a wish may be on its day."""
        fact = seen.fact
        if isinstance(fact, PolicySet):
            self._rules.see(fact)
        elif isinstance(fact, request.RequestPosted) and fact.kind == _WISH and fact.requester and fact.value_fen:
            ceiling = self._rules.number("requests.wish_ceiling_fen", fact.day)
            if ceiling * self.number("near_percent") <= fact.value_fen * 100 <= ceiling * 100:
                self._near[fact.requester].append((fact.day, seen.position, fact.value_fen, seen.counts))

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each run of weeks of a requester."""
        for who, wishes in self._near.items():
            run: list[tuple[date, int, int, bool]] = []
            for one in [*sorted(wishes), None]:
                if one is not None and (not run or (one[0] - run[0][0]).days <= self.number("days")):
                    run.append(one)
                    continue
                if len(run) >= self.number("wishes") and any(counts for *_, counts in run):
                    kept = Kept(*((position, value) for _, position, value, _ in run))
                    yield self.hint(
                        kept, who=who, wishes=kept.count, total_fen=kept.total, first_day=run[0][0], last_day=run[-1][0]
                    )  # fmt: skip
                run = [one] if one is not None else []


class GiverLinked(Check):
    """Goods went to a request whose requester is tied to the unit that gave them."""

    NAME = "giver_linked"
    SEES = (request.RequestPosted, partner.MatchDelivered, *TIE_FACTS)

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        super().__init__(zone, options)
        self._ties = Ties()
        self._asked: dict[str, str] = {}
        self._found: dict[tuple[str, str, str], Kept] = defaultdict(Kept)

    def see(self, seen: Seen) -> None:
        """Compare giver and requester at each delivery, by the ties of that moment."""
        fact = seen.fact
        self._ties.see(fact)
        if isinstance(fact, request.RequestPosted) and fact.item and fact.requester:
            self._asked[fact.request_id] = fact.requester
        elif isinstance(fact, partner.MatchDelivered) and seen.counts:
            requester = self._asked.get(fact.request_id)
            by = self._ties.link(fact.unit, requester) if requester else ""
            if requester and by:
                self._found[fact.unit, requester, by].add(seen.position, fact.quantity)

    def hints(self, look: Look) -> Iterator[Hint]:
        """One for each giver and requester."""
        for (unit, requester, by), kept in self._found.items():
            form = "" if by in (unit, requester) else "shared"
            yield self.hint(kept, form, giver=unit, who=requester, by=by, deliveries=kept.count)
