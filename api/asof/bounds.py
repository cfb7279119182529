"""What anybody may ask about the past, and what it may cost: few at a time, and no longer a span than can be read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.reading import MONEY, READ_ALL
from ledger.errors import Refused, TooMany

if TYPE_CHECKING:
    from api.asof.looking import Looker

LARGE = 20_000
"""Events that may be passed over for anybody at any time (choice): tens of milliseconds."""
_AT_ONCE = 2
_looking = threading.BoundedSemaphore(_AT_ONCE)


@contextmanager
def bounded(looker: Looker, events: int) -> Iterator[None]:
    """One of the few places for who passes over so many events; the community's own people, and few events, need none.

    A look at the past of a large ledger takes a second of the server, which all others miss. Raises TooMany `past_busy`.
    """
    if events <= LARGE or _is_staff(looker):
        yield
        return
    if not _looking.acquire(blocking=False):
        raise TooMany("past_busy")
    try:
        yield
    finally:
        _looking.release()


def check_span(looker: Looker, events: int) -> None:
    """Raises Refused `span_too_long` where somebody else than the community's own people compares moments far apart."""
    if abs(events) > LARGE and not _is_staff(looker):
        raise Refused("span_too_long", field="?to", most=LARGE)


def _is_staff(looker: Looker) -> bool:
    return looker.holds(READ_ALL | MONEY)
