"""A sample that nobody could know beforehand and everybody can draw again.

**Population** (ISA 530 §5; in China CSA 1314): the events that post something, each once, of one *family* of units: money
(`fen`), time (`minutes`), goods and other gifts in kind (`goods`). Hours, goods and money are never added together, so
a sample over several families is several samples, among which n is dealt in turn. The amount of an event is the
largest single amount it posts.

**Strata** (ISA 530, appendix 1: auditors direct more effort to larger items). First, every item of at least the sampling
interval is taken whole, "top stratum 100 %": the interval is the value that is left divided by the items that are left to
draw, formed anew after each item taken (the certainty items of sampling proportional to size). No more than n can be as large as
that, so the top stratum always fits. The rest falls into strata by fixed bounds: powers of ten of a yuan; 30 minutes, 1, 2, 4, 8
… hours; powers of ten of pieces. Of each of these at least two items are drawn where there are two, the others in
proportion to the stratum's value (method of Sainte-Laguë). Different goods have no common value: there strata count by
their number of events and nothing is large enough to be taken whole. All that is a choice; the reasons are in docs/sampling.md.

**Selection** (ISA 530, appendix 4 (a), random selection): within a stratum those with the smallest SHA-256 of

    nuanlin/sample/1 LF <seed> LF <ledger> LF <position in decimal>

are drawn. The seed is the root of a checkpoint over the events, so that whoever wrote them could not know what would be
looked at; sixteen random bytes in every event decide it. Only who recorded events and made many checkpoints in secret could
choose among their samples: `dice`, thrown by the auditor afterwards, ends that too; the seed is then `<root>+<dice>`.

The draw reads each event once and keeps no more than n of a stratum.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import heapq
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from ledger.accounts import postings
from ledger.audit.stream import CHUNK, raw_events
from ledger.base import Fact
from ledger.errors import Refused
from ledger.journal.codec import Codec
from ledger.journal.sql import Cursor, Database
from ledger.units import FEN, MINUTES

GOODS = "goods"
FAMILIES = (FEN, MINUTES, GOODS)
"""In this order n is dealt, and in this order a sample is shown."""
LEAST_OF_A_STRATUM = 2
"""So that something can be said of how much the items of a stratum differ (choice)."""
MOST = 10_000
"""The largest sample: beyond it an auditor reads everything."""

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_TEN_YUAN = tuple(10**power for power in range(2, 14))
_HALF_HOURS = (30, *(60 * 2**power for power in range(8)))
_TENS = tuple(10**power for power in range(1, 13))
_BOUNDS = {FEN: _TEN_YUAN, MINUTES: _HALF_HOURS}


class Sized(NamedTuple):
    """An item of the population: a position, the unit it posts and its amount, above zero."""

    position: int
    unit: str
    amount: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to draw. Positions are inclusive; `types` are stored names without their version, all where empty.

    `unit`: a family or a single unit; None deals n among the families. `whole_from`: an amount of `unit` from which on
    everything is taken, instead of the interval.
    """

    seed: str
    size: int
    first: int = 1
    upto: int
    unit: str | None = None
    types: frozenset[str] = frozenset()
    whole_from: int | None = None


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """Items of one family with amounts from `low` up to, not including, `below` (None: no bound above).

    `count` and `value` are of all its items, `taken` and `taken_value` of those drawn; `value` is None where amounts of
    different goods cannot be added. What is found in a stratum stands for it by `count / taken`.
    """

    family: str
    whole: bool
    low: int
    below: int | None
    count: int
    value: int | None
    taken: int
    taken_value: int | None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One item drawn: its stratum (an index into the sample's) and the digest that put it there, in hexadecimal."""

    position: int
    unit: str
    amount: int
    stratum: int
    digest: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A sample of one ledger: strata from the largest amounts down, items stratum by stratum in order of position."""

    ledger: str
    plan: Plan
    strata: tuple[Stratum, ...]
    chosen: tuple[Chosen, ...]


def seed_of(text: str, dice: str = "") -> str:
    """A seed as the digests take it: a root in hexadecimal or base64 becomes lower-case hexadecimal, else the text itself.

    Raises Refused `bad_seed` for nothing at all, or for characters that cannot be seen.
    """
    wanted = text.strip()
    if not wanted or not (wanted + dice).isprintable():
        raise Refused("bad_seed")
    root = root_in(wanted)
    seed = wanted if root is None else root.hex()
    return f"{seed}+{dice.strip()}" if dice.strip() else seed


def root_in(text: str) -> bytes | None:
    """The 32 bytes of a root that was written in hexadecimal or base64; None for any other text."""
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        root = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return root if len(root) == 32 else None


def digest_of(seed: str, ledger: str, position: int) -> bytes:
    """The 32 bytes by which items are ordered; see the head of this module."""
    return hashlib.sha256(f"nuanlin/sample/1\n{seed}\n{ledger}\n{position}".encode()).digest()


def family_of(unit: str) -> str:
    """Money, time, or one of the many units of gifts in kind."""
    return unit if unit in (FEN, MINUTES) else GOODS


def size_of(happened: Fact) -> tuple[str, int] | None:
    """The unit and amount of an event: the largest single amount it posts; None where it posts nothing."""
    rows = postings(happened)
    if not rows:
        return None
    _, unit, amount = max(rows, key=lambda row: abs(row[2]))
    return unit, abs(amount)


def population(
    database: Database, cursor: Cursor, codec: Codec, ledger: str, plan: Plan, *, chunk: int = CHUNK
) -> Iterator[Sized]:
    """The items that a plan draws from, in order of position."""
    for row in raw_events(database, cursor, ledger, upto=plan.upto, chunk=chunk):
        if row.position < plan.first or (plan.types and row.type.partition("@")[0] not in plan.types):
            continue
        found = size_of(codec.fact(row.type, row.data))
        if found is not None and plan.unit in (None, found[0], family_of(found[0])):
            yield Sized(row.position, *found)


def draw(items: Iterable[Sized], ledger: str, plan: Plan) -> Sample:
    """The sample of a population. Of `plan.size` items, or of all where there are fewer.

    Raises Refused: `bad_sample_size` (1 to `MOST`), `whole_without_unit`, `sample_too_small` where more items are to be
    taken whole than the sample holds.
    """
    if not 1 <= plan.size <= MOST:
        raise Refused("bad_sample_size", most=MOST)
    if plan.whole_from is not None and plan.unit in (None, GOODS):
        raise Refused("whole_without_unit")
    piles: dict[str, _Pile] = {}
    for item in items:
        family = family_of(item.unit)
        pile = piles.get(family)
        if pile is None:
            comparable = family != GOODS or plan.unit not in (None, GOODS)
            pile = piles[family] = _Pile(family, plan, ledger, comparable=comparable)
        pile.add(item)
    ordered = [piles[family] for family in FAMILIES if family in piles]
    shares = deal(plan.size, [pile.count for pile in ordered])
    strata: list[Stratum] = []
    chosen: list[Chosen] = []
    for pile, share in zip(ordered, shares, strict=True):
        for stratum, items_of_it in pile.drawn(share):
            chosen += [
                Chosen(
                    position=one.position, unit=one.unit, amount=one.amount, stratum=len(strata),
                    digest=digest_of(plan.seed, ledger, one.position).hex(),
                )
                for one in sorted(items_of_it)
            ]  # fmt: skip
            strata.append(stratum)
    return Sample(ledger=ledger, plan=plan, strata=tuple(strata), chosen=tuple(chosen))


def deal(size: int, counts: list[int]) -> list[int]:
    """Deal `size` items to families in turn; none gets more than it has, and what one cannot take goes to the others."""
    shares = [0] * len(counts)
    while size > 0 and shares != counts:
        for i, count in enumerate(counts):
            if size > 0 and shares[i] < count:
                shares[i] += 1
                size -= 1
    return shares


def allot(size: int, sizes: list[int], weights: list[int]) -> list[int]:
    """How many to draw of each stratum: they add up to `size`, or to all there is where that is less.

    Two of each (one where that is too many, then of the weightiest), the others one by one to whichever has the highest
    weight / (2 × drawn + 1) and is not exhausted.
    """
    drawn = [min(LEAST_OF_A_STRATUM, one) for one in sizes]
    if sum(drawn) > size:
        first = sorted(range(len(sizes)), key=lambda i: (-weights[i], i))[:size]
        drawn = [1 if i in first else 0 for i in range(len(sizes))]
    left = min(size, sum(sizes)) - sum(drawn)
    for _ in range(left):
        open_ones = [i for i in range(len(sizes)) if drawn[i] < sizes[i]]
        best = open_ones[0]
        for i in open_ones[1:]:
            if weights[i] * (2 * drawn[best] + 1) > weights[best] * (2 * drawn[i] + 1):
                best = i
        drawn[best] += 1
    return drawn


class _Heap:
    """One stratum while the journal is read: how much there is, and the n items with the smallest digests."""

    def __init__(self) -> None:
        self.count = self.value = 0
        self._kept: list[tuple[int, Sized]] = []

    def add(self, item: Sized, digest: int, most: int) -> None:
        """Count the item, and keep it if it is among the first."""
        self.count += 1
        self.value += item.amount
        entry = (-digest, item)
        if len(self._kept) < most:
            heapq.heappush(self._kept, entry)
        elif entry > self._kept[0]:
            heapq.heapreplace(self._kept, entry)

    def first(self, size: int, without: frozenset[int]) -> list[Sized]:
        """The first `size` items by digest, leaving out positions that were taken whole."""
        ordered = [item for _, item in sorted(self._kept, reverse=True) if item.position not in without]
        return ordered[:size]


class _Rest(NamedTuple):
    """What is left of a stratum without the items taken whole."""

    low: int
    below: int | None
    heap: _Heap
    items: int
    value: int


class _Pile:
    """One family while the journal is read."""

    def __init__(self, family: str, plan: Plan, ledger: str, *, comparable: bool) -> None:
        self.family, self._plan, self._ledger, self._comparable = family, plan, ledger, comparable
        self._bounds = _BOUNDS.get(family, _TENS)
        self._strata = [_Heap() for _ in range(len(self._bounds) + 1)]
        self._largest: list[tuple[int, int, Sized]] = []
        self.count = self._value = self._over = 0

    def add(self, item: Sized) -> None:
        """Put one item of the population into its stratum."""
        most = self._plan.size
        digest = int.from_bytes(digest_of(self._plan.seed, self._ledger, item.position))
        self._strata[bisect_right(self._bounds, item.amount)].add(item, digest, most)
        self.count += 1
        self._value += item.amount
        if self._comparable:
            entry = (item.amount, -item.position, item)
            if len(self._largest) < most:
                heapq.heappush(self._largest, entry)
            elif entry > self._largest[0]:
                heapq.heapreplace(self._largest, entry)
            if self._plan.whole_from is not None and item.amount >= self._plan.whole_from:
                self._over += 1

    def drawn(self, share: int) -> Iterator[tuple[Stratum, list[Sized]]]:
        """The strata from the largest amounts down, each with its items; empty ones are left out."""
        whole = self._whole(share)
        threshold = whole[-1].amount if whole else None
        if whole:
            value = sum(one.amount for one in whole)
            yield self._stratum(True, whole[-1].amount, None, (len(whole), value), (len(whole), value)), whole
        taken = frozenset(one.position for one in whole)
        rest: list[_Rest] = []
        for i, heap in reversed(list(enumerate(self._strata))):
            inside = [one for one in whole if bisect_right(self._bounds, one.amount) == i]
            count, value = heap.count - len(inside), heap.value - sum(one.amount for one in inside)
            if count:
                low = self._bounds[i - 1] if i else 1
                above = self._bounds[i] if i < len(self._bounds) else None
                below = threshold if threshold is not None and (above is None or threshold < above) else above
                rest.append(_Rest(low, below, heap, count, value))
        weights = [one.value if self._comparable else one.items for one in rest]
        for one, size in zip(rest, allot(share - len(whole), [one.items for one in rest], weights), strict=True):
            items = one.heap.first(size, taken)
            drawn = len(items), sum(item.amount for item in items)
            yield self._stratum(False, one.low, one.below, (one.items, one.value), drawn), items

    def _whole(self, share: int) -> list[Sized]:
        """What is taken whole, largest first. Equal amounts are taken together or not at all."""
        largest = [item for _, _, item in sorted(self._largest, reverse=True)]
        least = self._plan.whole_from
        if least is not None:
            if self._over > share:
                raise Refused("sample_too_small", whole=self._over, size=share)
            return [item for item in largest if item.amount >= least]
        left, taken = self._value, 0
        while taken < min(share, len(largest)) and largest[taken].amount * (share - taken) >= left:
            left -= largest[taken].amount
            taken += 1
        return largest[:taken]

    def _stratum(
        self, whole: bool, low: int, below: int | None, there: tuple[int, int], drawn: tuple[int, int]
    ) -> Stratum:
        comparable = self._comparable
        return Stratum(
            family=self.family, whole=whole, low=low, below=below, count=there[0], taken=drawn[0],
            value=there[1] if comparable else None, taken_value=drawn[1] if comparable else None,
        )  # fmt: skip
