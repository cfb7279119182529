"""The follower that watches the clock: claims whose lease ran out lapse, reservations past their deadline are released,
and what else the engines say has come due.

A deadline holds by itself (nobody can fulfil a claim that ran out); this only enters that it has passed, so that the
board and the balances show it. What is due is read from the books, and decided like every other command: whoever was
first, a person or another process, has done it, and the late command is refused without harm.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, select

from api.engines import DUE
from api.store import Store
from ledger.application import OPERATOR, Actor, Order, Outcome
from ledger.errors import Conflict, NotFound, NuanlinError
from ledger.hours.commands import ExpireReservation
from ledger.requests.commands import LapseClaim
from projections.books.queries import leases_run_out
from projections.books.tables import reservations
from projections.reading import fetch

EVERY_SECONDS = 30
_AT_ONCE = 200
"""Commands per append; what is left waits for the next one."""

_log = structlog.get_logger("nuanlin.deadlines")


class Deadlines:
    """Call it as often as you like: it looks every `every_seconds` and enters what has come due in all ledgers."""

    def __init__(self, store: Store, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._store, self._every_seconds = store, every_seconds
        self._next_seconds = time.monotonic()

    def __call__(self) -> None:
        """Look, if it is time."""
        now_seconds = time.monotonic()
        if now_seconds >= self._next_seconds:
            self._next_seconds = now_seconds + self._every_seconds
            for ledger in self._store.application.ledgers():
                self.enter(ledger)

    def enter(self, ledger: str) -> int:
        """Enter what has come due in one ledger; gives how many deadlines that were."""
        entered = 0
        while True:
            answers = self._store.application.execute_many(ledger, self._due(ledger), actor=Actor(OPERATOR))
            now_entered = sum(_entered(ledger, answer) for answer in answers)
            entered += now_entered
            if not now_entered:
                return entered

    def _due(self, ledger: str) -> list[Order]:
        database, now_at = self._store.database, self._store.clock()
        overdue = leases_run_out(database, ledger, now_at, limit=_AT_ONCE)
        with database.reading() as cursor:
            rows = fetch(
                database, cursor, "reservations_run_out", _reservations, l=ledger, s="open", at=now_at, n=_AT_ONCE
            )
        return [
            *(Order(LapseClaim(request_id=request_id)) for request_id in overdue),
            *(Order(ExpireReservation(reservation_id=str(row[0]))) for row in rows),
            *(Order(command) for due in DUE for command in due(self._store, ledger, now_at)),
        ]


def _reservations() -> Select[Any]:
    c = reservations.c
    due = (c.ledger == bindparam("l"), c.status == bindparam("s"), c.until_at <= bindparam("at"))
    return select(c.reservation_id).where(*due).order_by(c.until_at).limit(bindparam("n"))


def _entered(ledger: str, answer: Outcome | NuanlinError) -> bool:
    """Whether it was; who came too late or too early is no news, everything else is."""
    if isinstance(answer, Outcome):
        return True
    if not isinstance(answer, Conflict | NotFound) and answer.code != "not_yet_due":
        _log.warning("deadline_not_entered", ledger=ledger, code=answer.code)
    return False
