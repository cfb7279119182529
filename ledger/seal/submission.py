"""What a log sends a witness, byte for byte as c2sp.org/tlog-witness has it: the body of `add-checkpoint`.

    old SIZE LF, then one line of base64 for each hash of the proof, an empty line, the checkpoint as a signed note

The same bytes travel in a file where no network reaches. They may come from anybody: limits come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from ledger.errors import Refused
from ledger.seal.leaf import whole_number
from ledger.seal.merkle import HASH_BYTES
from ledger.seal.notes import LARGEST_NOTE, from_base64, to_base64

MOST_HASHES = 63
"""Lines of a consistency proof, as the specification has it: no tree of up to 2^63 leaves needs more."""
LARGEST_BODY = LARGEST_NOTE + 45 * MOST_HASHES + 32
"""Bytes of the largest body that is read."""

_OLD = "old "
_ROOTS = re.compile(rb"[0-9]{1,19} [A-Za-z0-9+/]{43}=\n[0-9]{1,19} [A-Za-z0-9+/]{43}=")


class Submission(NamedTuple):
    """A checkpoint for a witness: `old_size` is the size the witness is believed to have signed last."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


def submission_text(old_size: int, proof: Sequence[bytes], note: str) -> str:
    """The body of `add-checkpoint`."""
    assert len(proof) <= MOST_HASHES, "no tree needs a longer proof"
    return f"{_OLD}{old_size}\n{proof_text(proof)}\n{note}"


def read_submission(body: bytes) -> Submission:
    """A body read back; the note in it stays unread. Raises Refused `bad_submission` with its `reason`."""
    if len(body) > LARGEST_BODY:
        _refuse("size")
    head, found, note = body.partition(b"\n\n")
    if not found:
        _refuse("form")
    old_size, proof = _read_head(head)
    if old_size is None:
        _refuse("old_size")
    return Submission(old_size, proof, note)


def is_submission(content: bytes) -> bool:
    """Whether a file holds such a body rather than a bare checkpoint."""
    return content.startswith(_OLD.encode()) and b"\n\n" in content


def proof_text(proof: Sequence[bytes]) -> str:
    """The lines of a proof: one hash each, in base64."""
    return "".join(to_base64(one) + "\n" for one in proof)


def read_proof(content: bytes) -> tuple[bytes, ...]:
    """The hashes of a proof's file: lines of base64, alone, below the two roots as `seal proof` prints them, or at the head
    of a whole body of `add-checkpoint`. Raises Refused `bad_submission`."""
    if len(content) > LARGEST_BODY:
        _refuse("size")
    head, _, rest = content.partition(b"\n\n")
    if _ROOTS.fullmatch(head):
        head = rest
    head = head.rstrip(b"\n")
    return _read_head(head)[1] if head else ()


def _read_head(head: bytes) -> tuple[int | None, tuple[bytes, ...]]:
    """The old size, if the first line tells it, and the proof."""
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        _refuse("ascii")
    old_size = None
    if lines[0].startswith(_OLD):
        try:
            old_size = whole_number(lines.pop(0).removeprefix(_OLD))
        except ValueError:
            _refuse("old_size")
    if len(lines) > MOST_HASHES:
        _refuse("proof_length")
    try:
        proof = tuple(from_base64(line) for line in lines)
    except ValueError:
        _refuse("base64")
    if any(len(one) != HASH_BYTES for one in proof):
        _refuse("hash")
    return old_size, proof


def _refuse(reason: str) -> NoReturn:
    raise Refused("bad_submission", reason=reason)
