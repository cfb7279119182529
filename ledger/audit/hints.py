"""What a standing check is, and what it has to say: hints that point at positions and accuse nobody.

A check sees the facts it asks for in order, keeps as little as it can, and says at the end what is worth a look. It states
figures and leaves judgement to a person: everything a check finds can have a good reason, and each says what it cannot tell.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import ClassVar, NamedTuple

import msgspec

from ledger.base import Fact
from ledger.clock import day_of
from ledger.errors import Refused
from ledger.journal.recorded import Envelope, Recorded
from ledger.policy.facts import PolicySet
from ledger.policy.state import DEFAULTS, Policy

Option = int | tuple[int, ...]
Figure = int | str | date
SHOWN = 50
"""How many positions one hint names at most; `count` says how many there are."""


class Seen(NamedTuple):
    """A fact as a check sees it. `counts`: it lies in the period that is looked at; earlier ones are background."""

    position: int
    recorded_at: int
    envelope: Envelope
    fact: Fact
    day: date
    """The community's day on which it was decided."""
    counts: bool


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """Something worth a look.

    `positions`: at least one and at most `SHOWN`, in order; `count`: how many there are. `form` tells the sentences of a
    check apart. `figures` explain it: minutes end in `_minutes`, fen in `_fen`, days in `_day`; ids name parties.
    """

    check: str
    form: str = ""
    positions: tuple[int, ...]
    count: int
    figures: Mapping[str, Figure]


class Look:
    """How a check looks things up after it has seen everything: the events about a tag, in order."""

    def __init__(self, events_about: Callable[[str], list[Recorded]], zone: str) -> None:
        self.events_about, self.zone = events_about, zone


class Check:
    """One standing check. Options are whole numbers; `DEFAULTS` are the house's (choice), to be set otherwise per run."""

    NAME: ClassVar[str]
    SEES: ClassVar[tuple[type[Fact], ...] | None] = ()
    """The types of facts it has to see; None for all."""
    DEFAULTS: ClassVar[Mapping[str, Option]] = {}

    def __init__(self, zone: str, options: Mapping[str, Option] | None = None) -> None:
        unknown = sorted(set(options or ()) - set(self.DEFAULTS))
        if unknown:
            raise Refused(
                "no_such_check_option", check=self.NAME, name=unknown[0], known=", ".join(sorted(self.DEFAULTS)) or "-"
            )
        self.zone = zone
        self.options: dict[str, Option] = {**self.DEFAULTS, **(options or {})}

    def number(self, name: str) -> int:
        """An option that is one whole number."""
        value = self.options[name]
        return value[0] if isinstance(value, tuple) else value

    def numbers(self, name: str) -> tuple[int, ...]:
        """An option that is a list of whole numbers."""
        value = self.options[name]
        return value if isinstance(value, tuple) else (value,)

    def see(self, seen: Seen) -> None:
        """Take one fact in."""

    def hints(self, look: Look) -> Iterator[Hint]:
        """What is worth a look, in any order."""
        yield from ()

    def hint(self, kept: Kept, form: str = "", /, **figures: Figure) -> Hint:
        """A hint at what was kept."""
        return Hint(check=self.NAME, form=form, positions=kept.positions, count=kept.count, figures=figures)


class Kept:
    """The weightiest of many positions, with their number and the sum of their weights: memory does not grow with them."""

    __slots__ = ("_heap", "count", "total")

    def __init__(self, *weighed: tuple[int, int]) -> None:
        self.count = self.total = 0
        self._heap: list[tuple[int, int]] = []
        for position, weight in weighed:
            self.add(position, weight)

    def add(self, position: int, weight: int = 1) -> None:
        """Count one more; of equal weights the earlier is kept."""
        self.count += 1
        self.total += weight
        if len(self._heap) < SHOWN:
            heapq.heappush(self._heap, (weight, -position))
        elif (weight, -position) > self._heap[0]:
            heapq.heapreplace(self._heap, (weight, -position))

    @property
    def positions(self) -> tuple[int, ...]:
        """Those kept, in order."""
        return tuple(sorted(-position for _, position in self._heap))

    @property
    def most(self) -> int:
        """The largest weight, 0 where nothing was kept."""
        return max((weight for weight, _ in self._heap), default=0)


class Rules:
    """The community's rules as they come into force, for checks whose limit is the community's own."""

    def __init__(self) -> None:
        self._policy = Policy(tag="policy")

    def see(self, fact: PolicySet) -> None:
        """Take one rule in."""
        self._policy = self._policy.evolve(fact)

    def number(self, name: str, day: date) -> int:
        """The rule in force on a day; what a new ledger starts with where none had come into force."""
        if name in self._policy.values and any(since <= day for since, _ in self._policy.values[name]):
            return self._policy.number(name, day)
        value = DEFAULTS[name]
        return value if isinstance(value, int) else 0


def day_seen(at: int, zone: str) -> date:
    """The community's day of an instant."""
    return day_of(at, zone)


def at_most_one_in(hits: int, of: int, chance: int, against: int) -> int:
    """How unlikely so many hits are by chance: at most one in this many (a whole number, 1 where it is no wonder).

    `hits` of `of` independent cases that each have the probability `chance / against`. The bound of Chernoff and
    Hoeffding, ((k/np)^k ((n-k)/(n(1-p)))^(n-k))^-1, in whole numbers; it never overstates. It also holds where the cases have
    different probabilities with that mean (Hoeffding 1963, theorem 1). Beyond `_MOST_CASES` cases the same shares of so many
    are judged, which only makes it weaker; more than `_MOST_ODDS` is not said.
    """
    if of <= 0 or hits * against <= of * chance:
        return 1
    if chance <= 0 or hits > of:
        return _MOST_ODDS
    if of > _MOST_CASES:
        hits, of = hits * _MOST_CASES // of, _MOST_CASES
    if against > _PARTS:
        chance, against = -(-chance * _PARTS // against), _PARTS
    if hits * against <= of * chance:
        return 1
    misses, miss = of - hits, against - chance
    odds = (hits**hits * misses**misses * against**of) // (of**of * chance**hits * miss**misses)
    return int(min(max(odds, 1), _MOST_ODDS))


_MOST_CASES, _PARTS, _MOST_ODDS = 2_000, 10_000, 10**9
