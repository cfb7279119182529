"""Who is told that a journal has moved: one look at the journals for all screens of a process, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from weakref import WeakKeyDictionary, WeakSet

import structlog

_log = structlog.get_logger("nuanlin.hall")

EVERY_SECONDS, ALIVE_SECONDS, LIFE_SECONDS = 2.0, 15.0, 300.0
MOST_LISTENERS, MOST_EACH = 200, 50
"""A look at most so often; a sign of life; a stream's length, after which the screen asks again (it carries the last id);
listeners of one process, and those of one address among them. All are choices."""
_RETRY_MILLIS = 5_000

_ALL: WeakSet[Screens] = WeakSet()


class _Listener:
    """One open stream."""

    __slots__ = ("ledger", "over", "place", "woken")

    def __init__(self, ledger: str, place: str) -> None:
        self.ledger, self.place, self.woken, self.over = ledger, place, asyncio.Event(), False


class _Round:
    """What belongs to one event loop: its listeners, what they were told last, and the task that looks."""

    def __init__(self) -> None:
        self.listeners: set[_Listener] = set()
        self.known: dict[str, str] = {}
        self.looking: asyncio.Task[None] | None = None


class Screens:
    """The listeners of a process. `look(ledger)` gives a short text that differs when there is something new; it runs in a
    thread and may raise NuanlinError."""

    def __init__(
        self, look: Callable[[str], str], *, every_seconds: float = EVERY_SECONDS, most: int = MOST_LISTENERS,
        most_each: int = MOST_EACH,
        alive_seconds: float = ALIVE_SECONDS, life_seconds: float = LIFE_SECONDS,
    ) -> None:  # fmt: skip
        self._look, self._every_seconds, self._most, self._most_each = look, every_seconds, most, most_each
        self._alive_seconds, self._life_seconds = alive_seconds, life_seconds
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()
        self._over = False
        _ALL.add(self)

    @property
    def listening(self) -> int:
        """How many streams are open."""
        return sum(len(one.listeners) for one in list(self._rounds.values()))

    @property
    def closed(self) -> bool:
        """Whether nobody more is let in: the bound is reached, or the server stops."""
        return self._over or self.listening >= self._most

    def closed_to(self, place: str) -> bool:
        """Whether nobody more is let in from this address, so that there is room for others."""
        theirs = (one for ours in list(self._rounds.values()) for one in ours.listeners if one.place == place)
        return sum(1 for _ in theirs) >= self._most_each

    def end(self) -> None:
        """End every stream, for good; to be called in the loop that serves them."""
        self._over = True
        for one in list(self._rounds.values()):
            _end(one.listeners)

    async def stream(self, ledger: str, now: str, seen: str, place: str = "") -> AsyncIterator[str]:
        """The event stream of one screen: `now` is how far the journal is, `seen` what the screen shows, `place` where it is."""
        loop = asyncio.get_running_loop()
        ours = self._rounds.setdefault(loop, _Round())
        me, told = _Listener(ledger, place), seen
        ours.listeners.add(me)
        until = loop.time() + self._life_seconds
        try:
            ours.known.setdefault(ledger, now)
            if ours.looking is None or ours.looking.done():
                ours.looking = loop.create_task(self._keep_looking(ours))
            yield f"retry: {_RETRY_MILLIS}\n: {now}\n\n"
            if now != told:
                told = now
                yield _moved(now)
            while not me.over and not self._over and (left := until - loop.time()) > 0:
                try:
                    await asyncio.wait_for(me.woken.wait(), min(self._alive_seconds, left))
                except TimeoutError:
                    # The comment is for what stands between; the event is for the screen, which sees no comments.
                    yield ": alive\nevent: alive\ndata: 1\n\n"
                    continue
                me.woken.clear()
                at = ours.known.get(ledger, told)
                if at != told and not me.over:
                    told = at
                    yield _moved(at)
        finally:
            ours.listeners.discard(me)

    async def _keep_looking(self, ours: _Round) -> None:
        """Look as long as anybody listens; whose ledger cannot be read is let go, and asks again by itself."""
        while ours.listeners and not self._over:
            await asyncio.sleep(self._every_seconds)
            wanted = {one.ledger for one in ours.listeners}
            for gone in ours.known.keys() - wanted:
                del ours.known[gone]
            for ledger in wanted:
                theirs = [one for one in ours.listeners if one.ledger == ledger]
                try:
                    at = await asyncio.to_thread(self._look, ledger)
                except Exception as error:  # noqa: BLE001  # whatever keeps a ledger from being read; it is told and tried again
                    _log.warning("hall_cannot_look", ledger=ledger, error=type(error).__name__)
                    _end(theirs)
                    continue
                if ours.known.get(ledger) != at:
                    ours.known[ledger] = at
                    for one in theirs:
                        one.woken.set()
        ours.known.clear()


def _end(listeners: set[_Listener] | list[_Listener]) -> None:
    for one in list(listeners):
        one.over = True
        one.woken.set()


def _moved(at: str) -> str:
    return f"id: {at}\nevent: moved\ndata: {at}\n\n"


def end_streams() -> None:
    """End the streams of every application of this process, so that a server that stops need not wait for its screens."""
    for one in list(_ALL):
        one.end()
