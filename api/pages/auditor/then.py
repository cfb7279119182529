"""The books as they were at a position, ready to be shown: every figure with its name, so that it opens to its entries."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from api.audit import jobs
from api.audit.results import COUNTED, HEADS
from api.pages.common import Visit
from api.pages.links import looker_of
from api.pages.naming import labels
from api.pages.wall import measure_name, shown_value
from api.store import Store
from ledger.errors import NuanlinError
from projections.asof.past import Past
from projections.asof.rankings import rankings_as_of
from projections.asof.steps import Steps, Stood, mark_of
from projections.asof.totals import stats_as_of
from projections.boards.measures import measure_of
from projections.boards.queries import followed_to, rankings
from projections.books import queries as books
from projections.books.queries import Stats

SMALL = 20_000
"""Events up to which the totals of any moment are counted from the rows for each page."""

_steps: dict[str, tuple[int, Steps]] = {}
_lock = threading.Lock()


class Figure(msgspec.Struct, frozen=True):
    """A figure: what it is called, its value in words, its name for `why`, and the value as it is."""

    label: str
    shown: str
    figure: str
    value: int


class Place(msgspec.Struct, frozen=True):
    """A row of a ranking: who, with how much, and the figure's name; "" where it may not be opened."""

    who: str
    value: str
    figure: str


class Board(msgspec.Struct, frozen=True):
    """The head of a ranking."""

    name: str
    places: list[Place]


class FundThen(msgspec.Struct, frozen=True):
    """A fund with its figures: income, expense, balance."""

    name: str
    figures: list[Figure]


class Then(msgspec.Struct, frozen=True):
    """Everything that is shown of a moment. `counting`: members, requests and rankings are being counted just now."""

    hours: list[Figure]
    people: list[Figure]
    requests: list[Figure]
    funds: list[FundThen]
    boards: list[Board]
    counting: bool

    @property
    def figures(self) -> list[Figure]:
        """All figures that two moments are compared by."""
        return [*self.hours, *self.people, *self.requests, *(one for fund in self.funds for one in fund.figures)]


def _kept_steps(store: Store, ledger: str) -> Steps | None:
    """What was counted last, whoever's process did; read once per result."""
    folder = jobs.folder_of(store, ledger, "counting")
    try:
        file = jobs.result_of(folder, COUNTED)
        stamp = file.stat().st_mtime_ns if file else 0
    except OSError:
        return None
    if file is None:
        return None
    with _lock:
        kept = _steps.get(str(folder))
        if kept is not None and kept[0] == stamp:
            return kept[1]
        try:
            steps = msgspec.msgpack.decode(file.read_bytes(), type=Steps)
        except (OSError, msgspec.MsgspecError):
            return None
        _steps[str(folder)] = (stamp, steps)
    return steps


def _steps_at(visit: Visit, position: int) -> Steps | None:
    """The steps that cover a position; where there are none yet, somebody is sent to count them."""
    steps = _kept_steps(visit.store, visit.ledger)
    if steps is not None and position <= steps.position <= visit.as_of.position:
        there = looker_of(visit).past()._replace(position=steps.position)
        if mark_of(there) == steps.mark:
            return steps
    try:
        jobs.begin(visit.store, visit.ledger, "counting")
    except NuanlinError:
        return None  # busy with something else: the next look sends somebody again
    return None


def _stats(visit: Visit, past: Past) -> tuple[Stats, bool]:
    """The totals, and whether members and requests are known."""
    head = visit.as_of.position
    if past.position == head or head <= SMALL:
        return stats_as_of(past), True
    steps = _steps_at(visit, past.position)
    if steps is None:
        return stats_as_of(past, counted=(0, {})), False
    counted = steps.counted(past.position)
    return stats_as_of(past, counted=(counted.members, counted.requests)), True


def _stood(visit: Visit, past: Past, measure: str, first: int) -> list[Stood]:
    """The head of a ranking; nobody where it is not known."""
    database, ledger, head = visit.store.database, visit.ledger, visit.as_of.position
    if past.position == head:
        if followed_to(database, ledger) < head:
            visit.store.catch_up(ledger)
        return [Stood(one.subject, one.value) for one in rankings(database, ledger, measure, limit=first).rows]
    if head <= SMALL:
        if followed_to(database, ledger) < past.position:
            visit.store.catch_up(ledger)
        return [Stood(one.subject, one.value) for one in rankings_as_of(past, measure, limit=first).rows]
    steps = _steps_at(visit, past.position)
    return steps.head(measure, past.position)[:first] if steps else []


def _boards(visit: Visit, past: Past) -> list[Board]:
    found = {measure: _stood(visit, past, measure, first) for measure, first in HEADS.items()}
    subjects = {one.subject for rows in found.values() for one in rows}
    # Who wishes to be on no wall is on none of an earlier day either: consent is always that of today.
    people = books.members_by_id(visit.store.database, visit.ledger, [one for one in subjects if one[:4] == "mem_"])
    hidden = {one for one, row in people.items() if row["wall_hidden"]}
    names = labels(visit, subjects, clear=True)
    return [
        Board(
            measure_name(visit, measure),
            [
                Place(
                    names[one.subject], shown_value(visit, measure_of(measure).unit, one.value),
                    f"ranking:{measure}:all:{one.subject}",
                )
                for one in rows
                if one.subject not in hidden
            ],
        )
        for measure, rows in found.items()
    ]  # fmt: skip


def then_of(visit: Visit, past: Past, *, with_boards: bool = True) -> Then:
    """The books as of a position. Look-ups by index; what none answers comes from what was counted once (`steps`)."""
    stats, known = _stats(visit, past)

    def figure(key: str, name: str, value: int, say: Callable[[int], str] = "{:,}".format) -> Figure:
        return Figure(visit.t(f"auditor.figure.{key}"), say(value), name, value)

    minutes = stats.minutes
    hours = [
        figure(name, f"stats.minutes.{name}", getattr(minutes, name), visit.hours)
        for name in ("earned", "spendable", "held", "pool")
    ]
    people = [figure("partners", "stats.partners", stats.partners)]
    requests: list[Figure] = []
    if known:
        people.insert(0, figure("members", "stats.members", stats.members))
        requests = [
            Figure(visit.t(f"status.{state}"), f"{count:,}", f"stats.requests.{state}", count)
            for state, count in stats.requests.items()
        ]
    names = {one.fund["slug"]: str(one.fund["name"]) for one in books.funds(visit.store.database, visit.ledger)}
    funds = [
        FundThen(
            names[slug],
            [
                figure("income", f"fund:{slug}:income", one.received_fen, visit.yuan),
                figure("expense", f"fund:{slug}:expense", one.spent_fen, visit.yuan),
                figure("balance", f"fund:{slug}:balance", one.balance_fen, visit.yuan),
            ],
        )
        for slug, one in stats.funds.items()
    ]
    boards = _boards(visit, past) if with_boards and known else []
    return Then(hours, people, requests, funds, boards, not known)
