"""A party's record of kept and broken promises: a list, weighed by age, of which entries can be contested.

The weight of an entry halves with every half-life that passed (policy `integrity.half_life_days`), in whole thousandths;
after ten of them it is nothing. There is no score apart from the list: whoever shows the sums shows the entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, NamedTuple, Self

import msgspec
from msgspec.structs import replace

from ledger.base import Fact, State, View
from ledger.errors import Conflict, NotFound, Refused
from ledger.integrity import facts
from ledger.integrity.promises import GIVING, PROMISING, Promise, day_in, given_anew, promises_of
from ledger.policy.state import policy_of

WHOLE = 1_000
"""The weight of an entry of today, in thousandths."""
_SILENT = ("contested", "struck")
_JUDGED = ("contested", "upheld")


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a record."""

    promise: Promise
    status: str = ""
    """"" · contested · upheld · struck; what is contested or struck does not count."""
    over: bool = False
    """The same was promised anew since: how that turns out is an entry of its own."""

    @property
    def counts(self) -> bool:
        """Whether it is weighed."""
        return self.status not in _SILENT

    def weight(self, today: date, half_life_days: int, zone: str) -> int:
        """Its weight today in thousandths, 0 where it does not count."""
        age = max(0, (today - day_in(self.promise, zone)).days)
        return WHOLE >> min(age // half_life_days, WHOLE.bit_length()) if self.counts else 0


class Weighed(NamedTuple):
    """What a record comes to on a day: how many entries still weigh something, and the weights in thousandths."""

    entries: int
    kept: int
    broken: int


_MARKS = {facts.RecordContested: "contested", facts.RecordUpheld: "upheld", facts.RecordStruck: "struck"}


def waits(entry: Entry | None) -> bool:
    """Whether an entry is a broken promise whose contest can be decided: what was kept since cannot be struck."""
    return entry is not None and entry.promise.outcome == "broken" and entry.status == "contested"


def _mark(entries: dict[str, Entry], happened: facts.RecordContested | facts.RecordUpheld | facts.RecordStruck) -> str:
    key = f"{happened.promise}:{happened.about}"
    entry = entries.get(key)
    if entry is None or not (waits(entry) or isinstance(happened, facts.RecordContested)):
        return ""
    entries[key] = replace(entry, status=_MARKS[type(happened)])
    return key


def _last(entries: Mapping[str, Entry], key: str) -> tuple[str, int]:
    """The key of the last entry of a promise that was given several times, and how many there are; the second and later
    ones are numbered."""
    nth, last = 1, key
    while (numbered := f"{key}.{nth + 1}") in entries:
        nth, last = nth + 1, numbered
    return last, nth


def enter(entries: dict[str, Entry], party: str, happened: Fact) -> list[str]:
    """Bring a party's entries, by the promise's key and oldest first, up to a fact; gives the keys of those it touched.

    The same promise about the same thing stands once, as it last turned out; where it was given anew (a request claimed
    again, a measure taken over with a later day), what came of it before stands beside it.
    """
    if isinstance(happened, facts.RecordContested | facts.RecordUpheld | facts.RecordStruck):
        marked = _mark(entries, happened)
        return [marked] if marked else []
    who, given = given_anew(happened)
    if who == party:
        last, _ = _last(entries, given)
        if last not in entries:
            return []
        entries[last] = replace(entries[last], over=True)
        return [last]
    return [_turn_out(entries, promise) for promise in promises_of(happened) if promise.party == party]


def _turn_out(entries: dict[str, Entry], promise: Promise) -> str:
    """Enter how a promise turned out; gives its key."""
    last, nth = _last(entries, promise.key)
    if last in entries and entries[last].over:
        last, nth = f"{promise.key}.{nth + 1}", nth + 1
    before = entries.pop(last, None)
    if promise.outcome != "undone":
        # What turned out anew was not struck; a contest that goes on, or was decided, still holds.
        same = before is not None and before.status in _JUDGED and before.promise.outcome == promise.outcome
        about = promise.about if nth == 1 else f"{promise.about}.{nth}"
        status = before.status if same and before is not None else ""
        entries[last] = Entry(promise=replace(promise, about=about), status=status)
    return last


class Integrity(State, frozen=True, kw_only=True):
    """The record of a member, team or unit (tag: the party's id)."""

    LONG: ClassVar[bool] = True
    CONCERNS: ClassVar[frozenset[type[Fact]] | None] = frozenset(
        {*PROMISING, *GIVING, facts.RecordContested, facts.RecordUpheld, facts.RecordStruck}
    )
    entries: Mapping[str, Entry] = msgspec.field(default_factory=dict)
    """By the promise's key, see `enter`."""

    def evolve(self, happened: Fact) -> Self:
        """Follows promises kept, broken and undone, and contests."""
        entries = dict(self.entries)
        return replace(self, entries=entries) if enter(entries, self.tag, happened) else self

    def weighed(self, today: date, half_life_days: int, zone: str) -> Weighed:
        """What it comes to on that day."""
        count = kept = broken = 0
        for entry in self.entries.values():
            weight = entry.weight(today, half_life_days, zone)
            count += weight > 0
            if entry.promise.outcome == "kept":
                kept += weight
            else:
                broken += weight
        return Weighed(count, kept, broken)


class Contest(State, frozen=True, kw_only=True):
    """A contested entry (tag: the contest's id)."""

    raised: facts.RecordContested | None = None
    judged: bool = False

    def evolve(self, happened: Fact) -> Self:
        """Follows the contest to its decision."""
        match happened:
            case facts.RecordContested():
                return replace(self, raised=happened)
            case facts.RecordUpheld() | facts.RecordStruck():
                return replace(self, judged=True)
        return self


def need_contest(view: View, contest_id: str, party: str) -> facts.RecordContested:
    """A party's contest that waits for its decision; raises NotFound `no_such_contest`, Conflict `contest_judged`."""
    contest = view.state(Contest, contest_id)
    if contest.raised is None or contest.raised.party != party:
        raise NotFound("no_such_contest", contest=contest_id)
    if contest.judged:
        raise Conflict("contest_judged", contest=contest_id)
    return contest.raised


def check_keeps_word(view: View, party: str, today: date, zone: str) -> None:
    """Refuse a new claim of a party that broke too many promises; raises Refused `integrity_too_low`.

    Only where policy `integrity.claims_below` names a percentage (default: none), and never on fewer entries than
    `integrity.least_entries`: the kept share of all weights is below it. The refusal names the sums; the list is open.
    """
    rules = policy_of(view)
    below = rules.number_or_none("integrity.claims_below", today)
    if below is None:
        return
    half_life_days = rules.number("integrity.half_life_days", today)
    record = view.state(Integrity, party).weighed(today, half_life_days, zone)
    if record.entries < rules.number("integrity.least_entries", today):
        return
    if record.kept * 100 < below * (record.kept + record.broken):
        share = record.kept * 100 // (record.kept + record.broken)
        raise Refused("integrity_too_low", party=party, entries=record.entries, share=share, below=below)
