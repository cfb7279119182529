"""The tree's hashes as tiles (c2sp.org/tlog-tiles): 256 hashes a row, and only every eighth layer of the tree is kept.

Level 0 holds leaf hashes; each hash of level n + 1 is the root over one full tile of level n. The last tile of each level
is partial. From them come the root at any size that was ever reached, and every proof.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from ledger.errors import NotFound, Unusable
from ledger.journal.sql import Cursor, Database
from ledger.seal.leaf import whole_number
from ledger.seal.merkle import (
    HASH_BYTES,
    SHA256,
    Hashing,
    Range,
    complete_subtrees,
    consistency_ranges,
    fold,
    inclusion_ranges,
    root_of,
)
from ledger.seal.tables import seal_tiles

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes of a full tile."""
_LEVELS = 8
"""No tree of fewer than 2^63 leaves has a tile above the eighth level."""

Tile = tuple[int, int]
"""A tile's place: its level and its number within the level."""

_ELEMENT = re.compile(r"[0-9]{3}")


def tiles_of(size: int) -> list[tuple[Tile, int]]:
    """The last tile of each level, where it is partial, in a tree of that size; with how many hashes it holds."""
    found: list[tuple[Tile, int]] = []
    for level in range(_LEVELS):
        count = size >> (HEIGHT * level)
        if width := count % WIDTH:
            found.append(((level, count // WIDTH), width))
    return found


class Tiles:
    """The tree of one ledger as its rows hold it, read through a cursor; `fresh` are tiles that are not written yet.

    Raises Unusable `seal_broken` where a hash is asked for that no row holds.
    """

    def __init__(
        self,
        database: Database,
        ledger: str,
        cursor: Cursor,
        hashing: Hashing = SHA256,
        fresh: Mapping[Tile, bytes] | None = None,
    ) -> None:
        self._ledger, self._cursor, self._hashing = ledger, cursor, hashing
        self._read: dict[Tile, bytes] = dict(fresh or {})
        c = seal_tiles.c
        here = (c.ledger == bindparam("l")) & (c.hash == bindparam("h"))
        place = (c.level == bindparam("v")) & (c.number == bindparam("n"))
        self._one = database.prepare("seal.tile", select(c.hashes).where(here, place)).text

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile, as many as its row has; none where there is no row."""
        place = (level, number)
        if place not in self._read:
            self._cursor.execute(self._one, (self._ledger, self._hashing.name, level, number))
            row = self._cursor.fetchone()
            self._read[place] = bytes(row[0]) if row else b""
        return self._read[place]

    def hashes(self, level: int, number: int, start: int, end: int) -> list[bytes]:
        """Some hashes of a tile, by their place in it."""
        raw = self.tile(level, number)
        if len(raw) < end * HASH_BYTES:
            raise Unusable("seal_broken", ledger=self._ledger, position=(number * WIDTH + start << HEIGHT * level) + 1)
        return [raw[at : at + HASH_BYTES] for at in range(start * HASH_BYTES, end * HASH_BYTES, HASH_BYTES)]

    def leaf_hashes(self, start: int, end: int) -> list[bytes]:
        """The hashes of leaves by their indexes."""
        found: list[bytes] = []
        for number in range(start // WIDTH, -(-end // WIDTH)):
            first = number * WIDTH
            found += self.hashes(0, number, max(start - first, 0), min(end - first, WIDTH))
        return found

    def root_at(self, size: int) -> bytes:
        """The root of the tree over the first `size` leaves."""
        return self._root((0, size))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """That the leaf is in the tree of that size; `index` below `size`."""
        assert 0 <= index < size, "a leaf outside the tree has no place in it"
        return [self._root(part) for part in inclusion_ranges(index, size)]

    def consistency_proof(self, old_size: int, new_size: int) -> list[bytes]:
        """That the tree of the new size begins with that of the old size, which is no larger."""
        assert 0 <= old_size <= new_size, "a tree does not shrink"
        return [self._root(part) for part in consistency_ranges(old_size, new_size)]

    def _root(self, part: Range) -> bytes:
        return fold([self._subtree(*one) for one in complete_subtrees(*part)], self._hashing)

    def _subtree(self, start: int, end: int) -> bytes:
        """The root of a complete subtree: over those hashes of one tile that span it."""
        level = ((end - start).bit_length() - 1) // HEIGHT
        first, last = start >> HEIGHT * level, end >> HEIGHT * level
        number = first // WIDTH
        return root_of(self.hashes(level, number, first - number * WIDTH, last - number * WIDTH), self._hashing)


class Edge:
    """The growing right edge of a tree: of each level the hashes in its last tile, as long as that is partial."""

    def __init__(self, size: int, partial: Mapping[Tile, Sequence[bytes]], hashing: Hashing = SHA256) -> None:
        self.size, self.hashing = size, hashing
        self._open: list[list[bytes]] = [[] for _ in range(_LEVELS)]
        for (level, _), found in partial.items():
            self._open[level] = list(found)

    @classmethod
    def at(cls, size: int, tiles: Tiles, hashing: Hashing = SHA256) -> Edge:
        """The edge of the stored tree at a size."""
        partial = {(level, number): tiles.hashes(level, number, 0, n) for (level, number), n in tiles_of(size)}
        return cls(size, partial, hashing)

    def extended(self, leaf_hashes: Sequence[bytes]) -> tuple[Edge, dict[Tile, bytes]]:
        """The edge with further leaves, and every tile that differs by them: the full ones and the partial ones."""
        grown = Edge(self.size, {(level, 0): found for level, found in enumerate(self._open)}, self.hashing)
        changed: dict[Tile, bytes] = {}
        start = 0
        while start < len(leaf_hashes):
            room = WIDTH - len(grown._open[0])
            part = leaf_hashes[start : start + room]
            start += len(part)
            grown._open[0] += part
            grown.size += len(part)
            grown._close_full_tiles(changed)
        for (level, number), _ in tiles_of(grown.size):
            if grown.size >> HEIGHT * level != self.size >> HEIGHT * level:
                changed[level, number] = b"".join(grown._open[level])
        return grown, changed

    def _close_full_tiles(self, changed: dict[Tile, bytes]) -> None:
        for level, found in enumerate(self._open):
            if len(found) < WIDTH:
                break
            number = (self.size >> HEIGHT * (level + 1)) - 1
            changed[level, number] = b"".join(found)
            self._open[level + 1].append(root_of(found, self.hashing))
            self._open[level] = []

    def root(self) -> bytes:
        """The root of the tree: each level's hashes and, at their right, the root of what is below them and not full."""
        root = b""
        for found in self._open:
            over = [*found, root] if root else found
            if over:
                root = root_of(over, self.hashing)
        return root or self.hashing.empty


# ---- the paths of c2sp.org/tlog-tiles -------------------------------------------------------------------------------


def tile_path(number: int) -> str:
    """A tile's number as path: three digits an element, all but the last behind an `x`."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def read_tile_path(level: str, path: str) -> tuple[Tile, int]:
    """The tile that a request's path asks for, and how many of its hashes; raises NotFound `no_such_tile`."""
    number, dot, width = path.partition(".p/")
    try:
        at, count = whole_number(level), whole_number(width) if dot else WIDTH
        digits = "".join(_element(part) for part in _elements(number))
        found = int(digits)
    except ValueError:
        raise NotFound("no_such_tile") from None
    if at >= _LEVELS or tile_path(found) != number or not 0 < count < WIDTH + (not dot) or found >= 1 << 56:
        raise NotFound("no_such_tile")
    return (at, found), count


def _elements(number: str) -> list[str]:
    *upper, last = number.split("/")
    if not all(part.startswith("x") for part in upper):
        raise ValueError("an element without its x")
    return [*(part[1:] for part in upper), last]


def _element(part: str) -> str:
    if _ELEMENT.fullmatch(part) is None:
        raise ValueError("not three digits")
    return part
