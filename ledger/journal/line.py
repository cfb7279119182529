"""A line at a counter: callers wait, and whoever finds nobody serving serves everybody who waits.

The way both commands and appends are taken together: no thread of its own, one caller at a time leads, the next leader
is the one who waits longest, and plain locks wake the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class _Ticket(Generic[T]):
    __slots__ = ("error", "item", "leads", "wake")

    def __init__(self, item: T) -> None:
        self.item = item
        self.leads = False
        self.error: BaseException | None = None
        self.wake = Lock()
        self.wake.acquire()


class Line(Generic[T]):
    """`serve` is given all items that wait, in the order they came, by one thread at a time."""

    def __init__(self, serve: Callable[[list[T]], None]) -> None:
        self._serve = serve
        self._mutex = Lock()
        self._waiting: list[_Ticket[T]] = []
        self._led = False
        self._last = 1

    def join(self, item: T) -> None:
        """Wait until the item was served, by this thread or another. Raises what `serve` raised, if it did."""
        ticket = _Ticket(item)
        with self._mutex:
            self._waiting.append(ticket)
            lead = not self._led
            self._led = True
        if not lead:
            ticket.wake.acquire()
            lead = ticket.leads
        if lead:
            self._lead()
        if ticket.error is not None:
            raise ticket.error

    def _lead(self) -> None:
        # Those who were served together a moment ago come back together: without letting them in, the first would be
        # served alone, at the price of a whole commit. Nobody waits who was alone before.
        for _ in range(self._last - 1):
            if len(self._waiting) >= self._last:
                break
            time.sleep(0)
        with self._mutex:
            batch, self._waiting = self._waiting, []
        self._last = len(batch)
        error: BaseException | None = None
        try:
            self._serve([ticket.item for ticket in batch])
        except BaseException as raised:
            error = raised
            raise
        finally:
            with self._mutex:
                heir = self._waiting[0] if self._waiting else None
                if heir is None:
                    self._led = False
                else:
                    heir.leads = True
            if heir is not None:
                heir.wake.release()
            for ticket in batch:
                ticket.error = error
                ticket.wake.release()
