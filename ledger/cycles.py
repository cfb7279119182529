"""Python's search for cycles, put off while many small values are made that hold none (facts, rows, tuples)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def search_seldom() -> None:
    """Let Python look for cycles less often: facts and states cannot form any, and the search costs a command a tenth
    of its time (measured). For processes that keep a store open."""
    gc.set_threshold(50_000, 20, 50)


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Measured: the search took a quarter of the time of a rebuild and of an import, and found nothing.

    It is the whole process that does not search meanwhile; where several threads ask, it starts again at the latest
    when the first of them is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
