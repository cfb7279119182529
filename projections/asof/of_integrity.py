"""A party's record of integrity as of a position: the entries with the events that made them, and its sums as figures.

Nothing is kept for it: the record is read off the party's own events, like the decisions read it. Costs one look-up per
event of the party that can show a promise kept or broken.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.base import NAME_OF, fold
from ledger.clock import day_of
from ledger.integrity.promises import PROMISING
from ledger.integrity.state import Entry as Line
from ledger.integrity.state import Integrity, enter
from ledger.policy.state import Policy
from projections.asof.figures import Entry, Opened, Question, made_of
from projections.asof.past import Past, events_of, stem
from projections.books import queries

_STEMS = frozenset(stem(NAME_OF[kind]) for kind in Integrity.CONCERNS or PROMISING)


class Record(NamedTuple):
    """A line of a record: the position that says how the promise turned out, and its weight on a day in thousandths."""

    position: int
    line: Line
    weight: int


def today_of(past: Past) -> date:
    """The community's day of the past's last event."""
    return day_of(past.point.at, zone_of(past))


def zone_of(past: Past) -> str:
    """The community's time zone."""
    return queries.zone_of(past.database, past.ledger)


def record_of(past: Past, party: str, today: date) -> list[Record]:
    """The lines of a party's record, oldest first, weighed on a day by the half-life then in force."""
    entries: dict[str, Line] = {}
    positions: dict[str, int] = {}
    for event in events_of(past, [party], stems=_STEMS):
        touched = enter(entries, party, event.fact)
        if type(event.fact) in PROMISING:
            positions.update(dict.fromkeys(touched, event.position))
    rules = Policy(tag="policy")
    for event in events_of(past, ["policy"]):
        rules = fold(rules, event.fact)
    half_life_days, zone = rules.number("integrity.half_life_days", today), zone_of(past)
    lines = [Record(positions[key], line, line.weight(today, half_life_days, zone)) for key, line in entries.items()]
    return sorted(lines, key=lambda one: one.position)


def integrity(asked: Question) -> Opened:
    """`integrity:<party>:kept` and `:broken` count entries, `:kept_weight` and `:broken_weight` add up what they weigh;
    `integrity:<party>:<promise>:<about>` is the weight of one entry. What is contested, struck or too old counts nowhere."""
    party, _, name = asked.rest.partition(":")
    record = record_of(asked.past, party, asked.today or today_of(asked.past))
    outcome, _, weighed = name.partition("_")
    if outcome in ("kept", "broken") and weighed in ("", "weight"):
        mine = [one for one in record if one.line.promise.outcome == outcome and one.weight]
        parts = [Entry(position=one.position, amount=one.weight if weighed else 1) for one in mine]
        return made_of(parts, "thousandths" if weighed else "promises")
    found = [one for one in record if one.line.promise.key == name]
    if not found:
        raise asked.missing()
    return made_of([Entry(position=one.position, amount=one.weight) for one in found if one.weight], "thousandths")
