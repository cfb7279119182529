"""Lives the years: day by day, chapter by chapter, with the followers at night and the checks every month."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from api.deadlines import Deadlines
from api.settings import Settings
from api.simulation.chapters import CHAPTERS
from api.simulation.checks import Checks
from api.simulation.naming import Naming
from api.simulation.settling import settle
from api.simulation.street import Moment, Street
from api.store import Store
from ledger.clock import at_time, day_of, system_clock
from ledger.errors import Conflict
from ledger.places.state import Opening
from projections.books import queries

BEGAN = date(2023, 1, 1)
_MONTH_DAYS = 30
_NIGHT_HOUR = 22
"""By then whatever happens on a day has happened."""

Progress = Callable[[int, int], None]
"""Told after every day: how many are lived, of how many."""


class Lived(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation came to. `violated` is empty where all is well."""

    seed: int
    people: int
    days: int
    events: int
    commands: dict[str, int]
    """Accepted commands by name."""
    refusals: dict[str, int]
    """Refused ones by code: faults and frauds that had to be, and what chance made impossible."""
    deadlines: int
    """Commands that followers gave because something had come due."""
    looked: dict[str, int]
    """How often each invariant was looked at."""
    violated: list[str]
    seconds: float


def over_by(until: int) -> date:
    """The last day that is over at an instant."""
    today = day_of(until)
    return today if at_time(today, _NIGHT_HOUR, 0) <= until else today - timedelta(days=1)


def _begins(days: int, last: date) -> date:
    """`BEGAN`, or the first day of the latest year from which so many days are over by the last one."""
    began = BEGAN
    while began + timedelta(days=days - 1) > last:
        began = date(began.year - 1, 1, 1)
    return began


def live(
    settings: Settings,
    ledger: str,
    *,
    people: int,
    days: int,
    seed: int,
    began: date | None = None,
    until: int | None = None,
    rules: bool = True,
    named: bool = False,
    progress: Progress = lambda _day, _of: None,
) -> Lived:
    """Live `days` days of a street of `people` in a ledger that does not exist yet; gives what it came to.

    Nothing is dated ahead: of the days from `began` on, only those are lived that are over `until` then (now, where
    nothing is said; microseconds UTC). Where no beginning is stated there is one early enough for all of them.
    `named`: people, places and wishes are called as the invented cast of `words.toml`.
    Raises Conflict `ledger_open` where the ledger exists, and Astray where the ledger answers otherwise than it must.
    """
    started = time.monotonic()
    last = over_by(system_clock() if until is None else until)
    if began is None:
        began = _begins(days, last)
    days = min(days, max(0, (last - began).days + 1))
    clock = Moment()
    clock.at = at_time(began, 6, 0)
    with Store.open(settings, clock=clock) as store:
        if store.application.view(ledger).state(Opening, "ledger").opened is not None:
            raise Conflict("ledger_open")
        street = Street(store, ledger, clock, seed, people, Naming(named=named))
        street.begin_day(began)
        settle(street)
        chapters = [chapter() for chapter in CHAPTERS]
        for chapter in chapters:
            chapter.begin(street)
        checks, follower, entered = Checks(store, ledger), Deadlines(store), 0
        for number in range(days):
            street.day_number = number
            street.begin_day(began + timedelta(days=number))
            for chapter in chapters:
                chapter.day(street, street.today)
                street.pass_minutes(20)
            entered += follower.enter(ledger)
            store.catch_up(ledger)
            if number % _MONTH_DAYS == _MONTH_DAYS - 1 or number == days - 1:
                checks.monthly(street.today.isoformat())
            progress(number + 1, days)
        checks.at_the_end(rules=rules)
        return Lived(
            seed=seed,
            people=people,
            days=days,
            events=queries.stats(store.database, ledger).events,
            commands=dict(sorted(street.given.items())),
            refusals=dict(sorted(street.turned_down.items())),
            deadlines=entered,
            looked=dict(checks.looked),
            violated=checks.violated,
            seconds=round(time.monotonic() - started, 1),
        )
