"""Python's search for cycles, put off while many small values are made that hold none (facts, rows, tuples)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
