"""Can two signed checkpoints of one log belong to one history? What their texts and a proof between them show.

The log signs `size` and `root`. One history has one root for each size, so that two roots of one size convict whoever
signed both: nothing else is needed, and nobody can forge it. Between two sizes a consistency proof decides. It may show the
opposite of what it was sent for: a path that does lead to the larger signed root, but from another beginning than the
smaller signed one, can only have been made from a tree that was rewritten. A path that leads nowhere shows nothing:
anybody can send one along with a checkpoint that is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ledger.errors import Refused
from ledger.seal.merkle import EMPTY_ROOT, HASH_BYTES, check_consistency, consistency_ranges, node_hash, split
from ledger.seal.notes import Checkpoint

Verdict = Literal["same", "connected", "undecided", "unconnected", "two_roots", "forked", "false_empty"]
"""same: one size, one root · connected: the larger begins with the smaller · undecided: there is no proof to go by ·
unconnected: the proof leads nowhere · two_roots: one size, two roots · forked: the proof shows another beginning than the
one signed · false_empty: a root for the tree without leaves that it cannot have."""

PROVEN: frozenset[str] = frozenset({"two_roots", "forked", "false_empty"})
"""The verdicts that convict the log: anybody with its public key can see it for themselves."""


def compare(one: Checkpoint, other: Checkpoint, proof: Sequence[bytes] | None = None) -> Verdict:
    """What two checkpoints of one origin show, with the consistency proof between their sizes if there is one.

    Their signatures must have been checked before.
    """
    assert one.origin == other.origin, "two logs have nothing to be compared"
    old, new = sorted((one, other), key=lambda checkpoint: checkpoint.size)
    if any(checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT for checkpoint in (old, new)):
        return "false_empty"
    if old.size == new.size:
        return "same" if old.root == new.root else "two_roots"
    if old.size == 0:
        return "connected"
    if proof is None:
        return "undecided"
    try:
        check_consistency(old.size, old.root, new.size, new.root, proof)
    except Refused:
        shown = beginning_shown(old, new, proof)
        return "unconnected" if shown in (None, old.root) else "forked"
    return "connected"


def beginning_shown(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> bytes | None:
    """The root that the first `old.size` leaves of the new tree have, as the proof shows it; None if it leads elsewhere.

    Where the old size is a power of two, a proof (RFC 6962 §2.1.2) leaves the old root out and cannot show another one;
    one that names it all the same, as its first hash, is understood.
    """
    ranges = consistency_ranges(old.size, new.size)
    if any(len(one) != HASH_BYTES for one in proof):
        return None
    if old.size.bit_count() == 1:
        ranges = [(0, old.size), *ranges]
        proof = [old.root, *proof] if len(proof) == len(ranges) - 1 else proof
    if len(proof) != len(ranges):
        return None
    known = dict(zip(ranges, proof, strict=True))

    def root(low: int, high: int) -> bytes:
        found = known.get((low, high))
        if found is not None:
            return found
        middle = low + split(high - low)
        return node_hash(root(low, middle), root(middle, high))

    return root(0, old.size) if root(0, new.size) == new.root else None
