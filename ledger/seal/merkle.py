"""The Merkle tree of RFC 6962 §2.1: hashing, roots, and proofs of inclusion and consistency, made and checked.

A leaf is hashed with 0x00 before it, a node with 0x01 before its two children, so that neither can pass for the other. A
tree of n leaves splits at the largest power of two below n. Hashes are 32 bytes; a proof is a list of them, lowest first.
Making a proof is left to whoever has the hashes: `inclusion_ranges` and `consistency_ranges` say which subtrees are in it.
Checking follows RFC 9162 §2.1.3.2 and §2.1.4.2, which needs no recursion and no tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from cryptography.hazmat.primitives import hashes

from ledger.errors import Refused

HASH_BYTES = 32

Range = tuple[int, int]
"""The leaves of a subtree: the first one's index, and the index after the last."""


class Hashing(NamedTuple):
    """A hash function of 32 bytes by its name, as trees use it."""

    name: str
    digest: Callable[[bytes], bytes]

    def leaf(self, leaf: bytes) -> bytes:
        """The hash of a leaf."""
        return self.digest(b"\x00" + leaf)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of a node over two subtrees."""
        return self.digest(b"\x01" + left + right)

    def layer(self, below: Sequence[bytes]) -> list[bytes]:
        """The nodes over an even number of hashes, two by two: a whole layer in one go."""
        if self.name == "sha256":
            sha256 = hashlib.sha256
            return [
                sha256(b"\x01" + left + right).digest() for left, right in zip(below[::2], below[1::2], strict=True)
            ]
        return [self.node(left, right) for left, right in zip(below[::2], below[1::2], strict=True)]

    @property
    def empty(self) -> bytes:
        """The root of the tree without leaves: the hash of nothing."""
        return self.digest(b"")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


SHA256 = Hashing("sha256", _sha256)
SM3 = Hashing("sm3", _sm3)
HASHINGS = {one.name: one for one in (SHA256, SM3)}
"""The hash functions of seals: SHA-256 always, SM3 (GB/T 32905) as a second root where it is wanted."""

EMPTY_ROOT = SHA256.empty


def leaf_hash(leaf: bytes) -> bytes:
    """The SHA-256 hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The SHA-256 hash of a node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: its size and the roots of its complete subtrees, largest first.

    `peaks` continues a tree from its stored edge; there is one for every bit of `size` that is set.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = (), hashing: Hashing = SHA256) -> None:
        assert len(peaks) == size.bit_count(), "a frontier has one peak for every bit of its size"
        self.size, self.peaks, self.hashing = size, list(peaks), hashing

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf by its hash."""
        self._push(leaf_hash, 0)

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add many leaves by their hashes: as large aligned subtrees as fit, each hashed layer by layer."""
        start, total = 0, len(leaf_hashes)
        while start < total:
            height = _height_that_fits(self.size, total - start)
            layer: Sequence[bytes] = leaf_hashes[start : start + (1 << height)]
            start += len(layer)
            while len(layer) > 1:
                layer = self.hashing.layer(layer)
            self._push(layer[0], height)

    def root(self) -> bytes:
        """The root of the tree so far."""
        return fold(self.peaks, self.hashing)

    def _push(self, subtree: bytes, height: int) -> None:
        """Add a complete subtree of 2^height leaves, where the size is a multiple of that."""
        above = self.size >> height
        while above & 1:
            subtree = self.hashing.node(self.peaks.pop(), subtree)
            above >>= 1
        self.peaks.append(subtree)
        self.size += 1 << height


def fold(peaks: Sequence[bytes], hashing: Hashing = SHA256) -> bytes:
    """The root over the complete subtrees of a tree, largest first."""
    if not peaks:
        return hashing.empty
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hashing.node(peak, root)
    return root


def root_of(leaf_hashes: Sequence[bytes], hashing: Hashing = SHA256) -> bytes:
    """The root of the tree over these leaf hashes."""
    frontier = Frontier(hashing=hashing)
    frontier.extend(leaf_hashes)
    return frontier.root()


# ---- which subtrees a proof is made of ----------------------------------------------------------------------------


def split(count: int) -> int:
    """The largest power of two below `count`, for a count above 1: where a tree of that many leaves divides."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose roots prove a leaf's place in a tree, lowest first (RFC 6962 §2.1.1); `index` below `size`."""
    low, high = 0, size
    path: list[Range] = []
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return path[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[Range]:
    """The subtrees whose roots prove that one tree begins with another, lowest first (RFC 6962 §2.1.2).

    None where the old tree is empty or the same; `old_size` at most `new_size`.
    """
    if old_size in (0, new_size):
        return []
    low, high = 0, new_size
    path: list[Range] = []
    while high != old_size:
        middle = low + split(high - low)
        if old_size <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    if low:
        # The rest of the old tree is a subtree of its own; where it is the whole old tree, its root is known.
        path.append((low, high))
    return path[::-1]


def complete_subtrees(start: int, end: int) -> list[Range]:
    """A range that a tree splits into, cut into complete subtrees, largest first.

    `start` is a multiple of every power of two up to the range's length, as the ranges above always are.
    """
    parts: list[Range] = []
    while start < end:
        length = 1 << (end - start).bit_length() - 1
        parts.append((start, start + length))
        start += length
    return parts


def prove_inclusion(index: int, leaf_hashes: Sequence[bytes], hashing: Hashing = SHA256) -> list[bytes]:
    """The inclusion proof of one leaf among these."""
    return [root_of(leaf_hashes[a:b], hashing) for a, b in inclusion_ranges(index, len(leaf_hashes))]


def prove_consistency(old_size: int, leaf_hashes: Sequence[bytes], hashing: Hashing = SHA256) -> list[bytes]:
    """The proof that the tree over these leaves begins with the tree over the first `old_size` of them."""
    return [root_of(leaf_hashes[a:b], hashing) for a, b in consistency_ranges(old_size, len(leaf_hashes))]


# ---- checking -----------------------------------------------------------------------------------------------------


def check_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes, hashing: Hashing = SHA256
) -> None:
    """That the leaf is in the tree of that size and root, at that index; raises Refused `bad_proof`."""
    if not 0 <= index < size:
        _refuse("index")
    _check_lengths([leaf_hash, root, *proof])
    at, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            _refuse("length")
        if at & 1 or at == last:
            found = hashing.node(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hashing.node(found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        _refuse("length")
    if found != root:
        _refuse("root")


def check_consistency(
    old_size: int,
    old_root: bytes,
    new_size: int,
    new_root: bytes,
    proof: Sequence[bytes],
    hashing: Hashing = SHA256,
) -> None:
    """That the new tree begins with the old one, leaf for leaf; raises Refused `bad_proof`.

    From the empty tree, and from a tree to itself, the proof is empty.
    """
    if not 0 <= old_size <= new_size:
        _refuse("index")
    _check_lengths([old_root, new_root, *proof])
    if old_size in (0, new_size):
        if proof:
            _refuse("length")
        if old_root != (new_root if old_size == new_size else hashing.empty):
            _refuse("root")
        return
    _check_growth(old_size, old_root, new_size, new_root, list(proof), hashing)


def _check_growth(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: list[bytes], hashing: Hashing
) -> None:
    if old_size.bit_count() == 1:
        # The old tree is a complete subtree of the new one: its root is where both paths begin.
        path.insert(0, old_root)
    if not path:
        _refuse("length")
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            _refuse("length")
        if at & 1 or at == last:
            old_found, new_found = hashing.node(sibling, old_found), hashing.node(sibling, new_found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new_found = hashing.node(new_found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        _refuse("length")
    if old_found != old_root or new_found != new_root:
        _refuse("root")


def _check_lengths(found: Sequence[bytes]) -> None:
    if any(len(one) != HASH_BYTES for one in found):
        _refuse("hash")


def _refuse(reason: str) -> NoReturn:
    raise Refused("bad_proof", reason=reason)


def _height_that_fits(size: int, left: int) -> int:
    """The height of the largest complete subtree that may come next: aligned to the size, and of at most `left` leaves."""
    height = left.bit_length() - 1
    if size:
        height = min(height, (size & -size).bit_length() - 1)
    return height
