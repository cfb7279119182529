"""How the demo hands its commands in: in batches, each under a fixed key, so that filling twice adds nothing.

Ids are random as everywhere. What a later command needs of an earlier one's ids it takes from the answer, and a
repeated key gives the first answer: so a second filling names the same ids, and one that was cut short goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from api.demo.data import PlacesList, load
from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command, Fact
from ledger.clock import DEFAULT_ZONE, at_time, day_of
from ledger.errors import NuanlinError
from ledger.places.commands import AddPlace, OpenLedger
from ledger.places.facts import PlaceAdded
from ledger.places.state import Opening
from ledger.shifts.codes import code_of, step_of
from projections.books.queries import as_of

F = TypeVar("F", bound=Fact)

Progress = Callable[[int, int], None]
"""Told after every batch: commands answered so far, and of how many in all."""
Keyed = tuple[str, Command]
"""A command with the end of its key."""

_BATCH = 250
DAYS_BEFORE = 9
"""So many days before it is looked at first, a community that the demo opens itself begins to live."""
_FOUNDED_HOUR = 8


class Run:
    """One filling of one ledger. `street` is its root place; days count back from the day the demo was begun.

    `lived`: the demo opened the ledger itself, some days before `today`, so that what takes days has happened in it.
    A ledger that somebody else opened begins to live today, for no journal goes back in time.
    """

    def __init__(self, store: Store, ledger: str, progress: Progress | None, total: int) -> None:
        self._store, self._ledger = store, ledger
        self._progress, self._total, self._done = progress, total, 0
        self._moment_at: int | None = None
        self.lived = True
        texts = load("places", PlacesList)
        first = self._open(texts.ledger)
        opening = store.application.view(ledger).state(Opening, "ledger").opened
        assert opening is not None
        self.zone = opening.zone
        root = self.one(OPERATOR, "street", AddPlace(kind="street", name=texts.street))
        # The ledger may be older than the demo, and a later run falls on a later day: the demo's own first fact
        # says what "today" is in all that follows, so that no key ever comes with another body.
        begun_on = day_of(self._recorded_at(first or root), self.zone)
        self.today = begun_on + timedelta(days=DAYS_BEFORE if self.lived else 0)
        self.street = made(root, PlaceAdded).place_id

    def _open(self, name: str) -> Outcome | None:
        """Open the ledger as if some days ago; None where somebody else opened it."""
        new = self._store.application.view(self._ledger).state(Opening, "ledger").opened is None
        begins_on = day_of(self._store.clock()) - timedelta(days=DAYS_BEFORE)
        self._moment_at = at_time(begins_on, _FOUNDED_HOUR, 0, DEFAULT_ZONE)
        try:
            opened = self.one(OPERATOR, "ledger", OpenLedger(name=name))
        except NuanlinError:
            if new:
                raise
            self.lived, self._moment_at = False, None
            self._count(1)
            return None
        self._moment_at = self._recorded_at(opened)
        return opened

    def _recorded_at(self, outcome: Outcome) -> int:
        return as_of(self._store.database, self._ledger, position=outcome.position).at

    # ---- time --------------------------------------------------------------------------------------------------------

    def be(self, days_ago: int, hour: int, minute: int = 0) -> None:
        """Let what follows happen at that time of a day before today; never earlier than what came before."""
        if self.lived:
            moment_at = self.at(self.ago(days_ago), hour, minute)
            assert self._moment_at is not None
            assert self._moment_at <= moment_at
            self._moment_at = moment_at

    def be_now(self) -> None:
        """Let what follows happen when it is handed in."""
        self._moment_at = None

    def code(self, shift_id: str) -> str:
        """What the screen of a shift shows at this moment."""
        shown_at = self._store.clock() if self._moment_at is None else self._moment_at
        return code_of(partial(self._store.vault.blind, self._ledger), shift_id, step_of(shown_at))

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """The application's clock stands at the moment in which the demo is."""
        application, moment_at = self._store.application, self._moment_at
        usual = application.clock
        if moment_at is not None:
            application.clock = lambda: moment_at
        try:
            yield
        finally:
            application.clock = usual

    def ago(self, days: int) -> date:
        """The day so many days before the demo was begun."""
        return self.today - timedelta(days=days)

    def at(self, day: date, hour: int, minute: int) -> int:
        """The instant of a wall-clock time, in microseconds UTC."""
        return at_time(day, hour, minute, self.zone)

    # ---- acting ------------------------------------------------------------------------------------------------------

    def one(self, actor: str, key: str, command: Command) -> Outcome:
        """Hand one command in; gives the first answer where it was handed in before. Raises what it is refused with."""
        return self.many(actor, [(key, command)])[0]

    def many(self, actor: str, commands: Iterable[Keyed]) -> list[Outcome]:
        """Hand in many commands of one actor, a few hundred to a transaction; gives their answers in order.

        Raises the first refusal. What was legal before it stays, as in an interrupted run.
        """
        orders = [Order(command, f"demo:{key}") for key, command in commands]
        answers: list[Outcome] = []
        for start in range(0, len(orders), _BATCH):
            part = orders[start : start + _BATCH]
            with self._clock():
                given = self._store.application.execute_many(self._ledger, part, actor=Actor(actor))
            answers.extend(_accepted(given))
            self._count(len(part))
        return answers

    def _count(self, answered: int) -> None:
        self._done += answered
        if self._progress is not None:
            self._progress(self._done, self._total)


def _accepted(answers: Sequence[Outcome | NuanlinError]) -> list[Outcome]:
    accepted: list[Outcome] = []
    for answer in answers:
        if isinstance(answer, NuanlinError):
            raise answer
        accepted.append(answer)
    return accepted


def made(outcome: Outcome, kind: type[F]) -> F:
    """The first fact of that kind in an answer; there must be one."""
    return next(fact for fact in outcome.facts if isinstance(fact, kind))
