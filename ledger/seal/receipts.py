"""A receipt: that one record stands in the sealed ledger, as a c2sp.org/tlog-proof text that anybody can check offline.

    c2sp.org/tlog-proof@v1
    index 73893
    hash of the sibling … one a line, lowest first, in base64

    the checkpoint, with its signatures

Beside it belongs the record itself, the exact bytes of the leaf. Whoever holds both needs the public keys of log and
witnesses, and nobody's word. What is read here may come from anybody: limits first, one spelling for everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from ledger.errors import Refused
from ledger.seal.leaf import Leaf, read_leaf, whole_number
from ledger.seal.merkle import HASH_BYTES, check_inclusion, leaf_hash
from ledger.seal.notes import LARGEST_NOTE, Checkpoint, Verifier, checkpoint_of, from_base64, open_note, to_base64

LARGEST_RECEIPT = LARGEST_NOTE + 8 * 1024
"""Bytes of the largest receipt that is read: the largest note, and 63 hashes before it."""
_HEAD = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63


class Receipt(NamedTuple):
    """A receipt taken apart; nothing in it has been checked. `leaf_index`: position less one."""

    leaf_index: int
    proof: tuple[bytes, ...]
    note: str


class Proven(NamedTuple):
    """What a receipt that holds proves: this record is in the ledger that this checkpoint commits to.

    `cosigned`: when each of the known witnesses signed that checkpoint, seconds since the epoch.
    """

    leaf: Leaf
    checkpoint: Checkpoint
    cosigned: dict[str, int]


def receipt_text(index: int, proof: Sequence[bytes], note: str) -> str:
    """The text of a receipt; `note`: the checkpoint with its signature lines."""
    return "\n".join([_HEAD, f"index {index}", *map(to_base64, proof), "", note])


def read_receipt(text: str | bytes) -> Receipt:
    """Take a receipt apart; raises Refused `bad_receipt` with its `reason`. An `extra` line is passed over."""
    try:
        raw = text.encode() if isinstance(text, str) else text
        if len(raw) > LARGEST_RECEIPT:
            _refuse("size")
        head, found, note = raw.decode().partition("\n\n")
    except UnicodeError:
        _refuse("utf8")
    first, *lines = head.split("\n")
    if first != _HEAD or not found:
        _refuse("form")
    try:
        if lines and lines[0].startswith("extra "):
            from_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            _refuse("form")
        index = whole_number(lines.pop(0).removeprefix("index "))
        proof = tuple(from_base64(line) for line in lines)
    except ValueError:
        _refuse("base64")
    if len(proof) > _MOST_HASHES or any(len(one) != HASH_BYTES for one in proof):
        _refuse("hashes")
    return Receipt(index, proof, note)


def check_receipt(text: str | bytes, record: bytes, verifiers: Sequence[Verifier]) -> Proven:
    """That this record is in the ledger: signatures first, then the proof.

    `record`: the leaf's exact bytes · `verifiers`: the log's key, and those of witnesses to look for. Raises Refused
    `bad_receipt`, `bad_leaf`, `bad_note`, `bad_signature` (also where the key is not that of the log the checkpoint names)
    or `bad_proof`.
    """
    receipt = read_receipt(text)
    leaf = read_leaf(record)
    opened = open_note(receipt.note, verifiers)
    checkpoint = checkpoint_of(opened.text)
    if checkpoint.origin not in opened.signed_by:
        raise Refused("bad_signature", name=checkpoint.origin)
    if leaf.position != receipt.leaf_index + 1:
        raise Refused("bad_proof", reason="index")
    check_inclusion(receipt.leaf_index, checkpoint.size, leaf_hash(record), receipt.proof, checkpoint.root)
    return Proven(leaf, checkpoint, opened.cosigned)


def _refuse(reason: str) -> NoReturn:
    raise Refused("bad_receipt", reason=reason)
