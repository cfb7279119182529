"""A log without a ledger behind it: leaves in memory, a key, and whatever history the story wants it to tell."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.seal.merkle import leaf_hash, prove_consistency, root_of
from ledger.seal.notes import WITNESS, Checkpoint, Signer, checkpoint_text, sign_note

ORIGIN = "nuanlin.example/xianghe"
EIGHT_O_CLOCK = 1_747_699_200
"""Seconds since the epoch."""


class Clock:
    """The time of the story, in microseconds; every look takes a second."""

    def __init__(self, seconds: int = EIGHT_O_CLOCK) -> None:
        self.seconds = seconds

    def __call__(self) -> int:
        self.seconds += 1
        return self.seconds * 1_000_000


@dataclass
class Log:
    """A log and its leaves. `signer`: whose key seals it, the operator's unless the story says otherwise."""

    signer: Signer = field(default_factory=lambda: Signer.from_seed(ORIGIN, b"\x01" * 32))
    leaves: list[bytes] = field(default_factory=list)

    def grow_to(self, size: int, what: str = "hours") -> Log:
        """Add leaves until there are so many; gives the log itself."""
        for number in range(len(self.leaves), size):
            self.leaves.append(leaf_hash(f"{what} {number}".encode()))
        return self

    def rewritten(self, position: int) -> Log:
        """The same log with another fact at this position and everything sealed again under the same key."""
        other = Log(self.signer, list(self.leaves))
        other.leaves[position - 1] = leaf_hash(b"something else")
        return other

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """What the log commits to at a size, its own by default."""
        until = len(self.leaves) if size is None else size
        return Checkpoint(self.signer.name, until, root_of(self.leaves[:until]))

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint at a size."""
        return sign_note(checkpoint_text(self.checkpoint(size)), self.signer)

    def proof(self, old_size: int, new_size: int | None = None) -> list[bytes]:
        """The consistency proof between two sizes."""
        return prove_consistency(old_size, self.leaves[:new_size]) if old_size else []


def witness_signer(name: str = "notary.example", seed: bytes = b"\x07") -> Signer:
    """The key of a witness."""
    return Signer.from_seed(name, seed * 32, WITNESS)
