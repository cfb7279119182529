"""The simulated street: its clock, its chance, everybody on it, and how they act."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from api.simulation.naming import Naming
from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.base import Command
from ledger.clock import MICROS_PER_MINUTE, at_time
from ledger.errors import NuanlinError

T = TypeVar("T")
_MORNING, _DAY_MINUTES = 7, 14 * 60
_BATCH = 500


class Astray(Exception):
    """Something happened that must not: a refusal nobody expected, or none where there had to be one."""


class Moment:
    """The simulation's clock, microseconds UTC; no two looks give the same moment."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> int:
        """Now."""
        self.at += 1
        return self.at


class Street:
    """Everybody and everything that chapters act with. Lists keep their order, so that the seed alone chooses."""

    def __init__(
        self, store: Store, ledger: str, clock: Moment, seed: int, size: int, naming: Naming | None = None
    ) -> None:
        self.store, self.ledger, self.clock = store, ledger, clock
        self.naming = naming or Naming(named=False)
        self.rng = random.Random(seed)  # noqa: S311  # the same story for the same seed, nothing secret
        self.size = size
        """How many people the street shall have."""
        self.today = date.min
        self.day_number = 0
        """0 on the first day."""
        self.people: list[str] = []
        self.workers: list[str] = []
        """Community workers; the first is never somebody who acts in a chapter's own right."""
        self.treasurers: list[str] = []
        self.committee: list[str] = []
        """Seven members of the committee of the fund `nuanxing`."""
        self.supervisor = ""
        self.charity = ""
        self.units: list[str] = []
        self.speakers: dict[str, str] = {}
        """unit → the member who represents it"""
        self.teams: list[str] = []
        self.leaders: dict[str, str] = {}
        """team → the member who leads it"""
        self.street = ""
        self.communities: list[str] = []
        self.courtyards: list[str] = []
        self.buildings: list[str] = []
        self.home: dict[str, str] = {}
        """member → building"""
        self.fund = "nuanxing"
        self.items: tuple[str, ...] = ()
        self.given: Counter[str] = Counter()
        """Commands that were accepted, by name."""
        self.turned_down: Counter[str] = Counter()
        """Refusals by code, expected ones and those that chance brought about."""

    # ---- time --------------------------------------------------------------------------------------------------------

    def begin_day(self, today: date) -> None:
        """Morning of a day."""
        self.today = today
        self.clock.at = max(self.clock.at, at_time(today, _MORNING, 0))

    def pass_minutes(self, minutes: int) -> None:
        """Let time go by, but not into the night."""
        end = at_time(self.today, _MORNING, 0) + _DAY_MINUTES * MICROS_PER_MINUTE
        self.clock.at = min(max(self.clock.at, end - 1), self.clock.at + minutes * MICROS_PER_MINUTE)

    def every(self, days: int, offset: int = 0) -> bool:
        """Whether today is one of every so many days."""
        return self.day_number % days == offset % days

    # ---- chance ------------------------------------------------------------------------------------------------------

    def share(self, per_thousand: float) -> int:
        """How many such deeds there are today, at so many a day for every thousand people."""
        mean = per_thousand * len(self.people) / 1000
        whole = int(mean)
        return whole + (1 if self.rng.random() < mean - whole else 0)

    def one_of(self, some: Sequence[T]) -> T:
        """Anyone."""
        return some[self.rng.randrange(len(some))]

    def two_of(self, some: Sequence[T]) -> tuple[T, T]:
        """Two different ones."""
        first = self.rng.randrange(len(some))
        second = self.rng.randrange(len(some) - 1)
        return some[first], some[second + (second >= first)]

    def chance(self, of: float) -> bool:
        """True that often."""
        return self.rng.random() < of

    # ---- acting ------------------------------------------------------------------------------------------------------

    def do(self, command: Command, *, by: str) -> Outcome:
        """Give a command that must be accepted; raises Astray where it is not."""
        try:
            done = self.store.application.execute(self.ledger, command, actor=Actor(by))
        except NuanlinError as error:
            raise Astray(f"{self.today}: {command.NAME} was refused: {error.code} {error.details}") from error
        self.given[command.NAME] += 1
        return done

    def attempt(self, command: Command, *, by: str, unless: Iterable[str] = ()) -> Outcome | None:
        """Give a command that chance may make impossible: None where it is refused under one of these codes."""
        try:
            done = self.store.application.execute(self.ledger, command, actor=Actor(by))
        except NuanlinError as error:
            if error.code not in tuple(unless):
                raise Astray(f"{self.today}: {command.NAME} was refused: {error.code} {error.details}") from error
            self.turned_down[error.code] += 1
            return None
        self.given[command.NAME] += 1
        return done

    def refused(self, command: Command, code: str, *, by: str) -> None:
        """Try something wrong (a fault, a fraud), which must be refused under that code."""
        try:
            self.store.application.execute(self.ledger, command, actor=Actor(by))
        except NuanlinError as error:
            if error.code != code:
                raise Astray(f"{self.today}: {command.NAME} was refused as {error.code}, not {code}") from error
            self.turned_down[code] += 1
            return
        raise Astray(f"{self.today}: {command.NAME} was let through; it had to be refused as {code}")

    def do_all(self, commands: Sequence[Command], *, by: str = OPERATOR) -> list[Outcome]:
        """Give many commands of one actor, all of which must be accepted."""
        answers: list[Outcome] = []
        for start in range(0, len(commands), _BATCH):
            orders = [Order(command) for command in commands[start : start + _BATCH]]
            for order, answer in zip(
                orders, self.store.application.execute_many(self.ledger, orders, actor=Actor(by)), strict=True
            ):
                if isinstance(answer, NuanlinError):
                    raise Astray(f"{self.today}: {order.command.NAME} was refused: {answer.code}") from answer
                self.given[order.command.NAME] += 1
                answers.append(answer)
        return answers
