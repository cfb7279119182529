"""The tree over the events as they stand, hashed again and laid beside what was sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from ledger.audit.report import Report
from ledger.journal.sql import Row
from ledger.seal.merkle import HASH_BYTES, Frontier

LEAVES = "leaves"
_PART = 4_096

Sealed = Callable[[int, int], bytes]
"""(index, count) → the sealed leaf hashes from an index on, one behind the other; fewer where fewer are sealed."""


def nothing_sealed(_index: int, _count: int) -> bytes:
    """For journals without seals."""
    return b""


class Tree:
    """Hashes events in order and compares each leaf with the sealed one, so that an event that was touched has a name.

    `roots` holds the roots at the sizes that were asked for. Where events are missing, sealed leaves stand for them, so
    that what follows can still be compared; `whole` says whether it was the events alone.
    """

    def __init__(self, report: Report, sealed: Sealed, sizes: Iterable[int]) -> None:
        self._report, self._sealed = report, sealed
        self._sizes = sorted(set(sizes), reverse=True)
        self._frontier = Frontier()
        self.roots: dict[int, bytes] = {0: self._frontier.root()}
        self.whole = True
        self._beyond = 0
        """Leaves since the first that is missing and was never sealed: from there on no tree can be told."""

    @property
    def size(self) -> int:
        """How many leaves there are so far."""
        return self._frontier.size + self._beyond

    def add(self, rows: Sequence[Row]) -> None:
        """The next events without a gap: (position, recorded_at, type, tags, data)."""
        sha256 = hashlib.sha256
        hashes = [
            sha256(f"\0nuanlin/leaf/1\n{position}\n{name}\n{len(tags.encode())}\n{tags}\n".encode() + data).digest()
            for position, _, name, tags, data in rows
        ]
        self._compare(hashes)
        self._extend(hashes)

    def skip(self, count: int) -> None:
        """Events are missing here: the sealed leaves stand for them, if there are any."""
        self.whole = False
        end = self.size + count
        while self.size < end and not self._beyond:
            # A part at a time: a position may claim to lie as far away as it likes.
            stored = self._sealed(self.size, min(end - self.size, _PART))
            if not stored.strip(b"\0"):
                break
            self._extend(_cut(stored))
        self._beyond += end - self.size

    def root(self) -> bytes:
        """The root over all events; empty where some were missing."""
        return self._frontier.root() if self.whole else b""

    def _extend(self, hashes: Sequence[bytes]) -> None:
        if self._beyond:
            self._beyond += len(hashes)
            return
        start = 0
        while self._sizes and self._sizes[-1] <= self.size + len(hashes) - start:
            size = self._sizes.pop()
            if size > self.size:
                end = start + size - self.size
                self._frontier.extend(hashes[start:end])
                start = end
            if size == self.size:
                self.roots[size] = self._frontier.root()
        self._frontier.extend(hashes[start:])

    def _compare(self, hashes: Sequence[bytes]) -> None:
        stored = self._sealed(self.size, len(hashes))
        count = len(stored) // HASH_BYTES
        self._report.count(LEAVES, count)
        if b"".join(hashes[:count]) == stored:
            return
        for index, sealed in enumerate(_cut(stored)):
            if hashes[index] != sealed:
                self._report.find(self.size + index + 1, LEAVES, "leaf_differs")


def _cut(stored: bytes) -> list[bytes]:
    return [stored[i : i + HASH_BYTES] for i in range(0, len(stored), HASH_BYTES)]
