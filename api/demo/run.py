"""How the demo hands its commands in: in batches, each under a fixed key, so that filling twice adds nothing.

Ids are random as everywhere. What a later command needs of an earlier one's ids it takes from the answer, and a
repeated key gives the first answer: so a second filling names the same ids, and one that was cut short goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from api.demo.data import PlacesList, load
from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command, Fact
from ledger.clock import at_time, day_of
from ledger.errors import NuanlinError
from ledger.places.commands import AddPlace, OpenLedger
from ledger.places.facts import PlaceAdded
from ledger.places.state import Opening
from projections.books.queries import as_of

F = TypeVar("F", bound=Fact)

Progress = Callable[[int, int], None]
"""Told after every batch: commands answered so far, and of how many in all."""
Keyed = tuple[str, Command]
"""A command with the end of its key."""

_BATCH = 250


class Run:
    """One filling of one ledger. `street` is its root place; days count back from the day the demo was begun."""

    def __init__(self, store: Store, ledger: str, progress: Progress | None, total: int) -> None:
        self._store, self._ledger = store, ledger
        self._progress, self._total, self._done = progress, total, 0
        texts = load("places", PlacesList)
        opening = store.application.view(ledger).state(Opening, "ledger").opened
        if opening is None:
            self.one(OPERATOR, "ledger", OpenLedger(name=texts.ledger))
            opening = store.application.view(ledger).state(Opening, "ledger").opened
        else:
            self._count(1)
        assert opening is not None
        self.zone = opening.zone
        # The ledger may be older than the demo, and a later run falls on a later day: the demo's own first fact
        # says what "today" is in all that follows, so that no key ever comes with another body.
        first = self.one(OPERATOR, "street", AddPlace(kind="street", name=texts.street))
        begun_at = as_of(store.database, ledger, position=first.position).at
        self.today = day_of(begun_at, self.zone)
        self.street = made(first, PlaceAdded).place_id

    def ago(self, days: int) -> date:
        """The day so many days before the demo was begun."""
        return self.today - timedelta(days=days)

    def at(self, day: date, hour: int, minute: int) -> int:
        """The instant of a wall-clock time, in microseconds UTC."""
        return at_time(day, hour, minute, self.zone)

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
            answers.extend(_accepted(self._store.application.execute_many(self._ledger, part, actor=Actor(actor))))
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
