"""What is sealed of an event, byte for byte: leaf encoding, version 1.

    nuanlin/leaf/1 LF position LF type LF length of the tags in bytes LF tags LF data

Position and length are decimal numbers; type and tags (one a line, as the journal stores them) are UTF-8; data are the
exact stored bytes, which begin with the envelope and hold its 128 random bits of salt: without them nobody can guess a
leaf from its hash. Every part but the last ends where its length or the next line break says, so that no two
events share an encoding. The leaf's index in the tree is its position less one.

The encoding is never changed: another one would be version 2, with another first line (docs/seals.md).
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.errors import Refused

LARGEST_LEAF = 16 * 1024 * 1024
"""Bytes of the largest leaf that is read back; the largest event is far smaller. Choice."""

_HEAD = b"nuanlin/leaf/1"
_LARGEST_NUMBER = 2**63 - 1


class Leaf(NamedTuple):
    """A leaf read back: `tags` one a line, `data` the stored bytes of the event."""

    position: int
    type_name: str
    tags: str
    data: bytes


def leaf_of(position: int, type_name: str, tags: str, data: bytes) -> bytes:
    """The leaf of one event from the raw columns of its row."""
    raw = tags.encode()
    return b"nuanlin/leaf/1\n%d\n%b\n%d\n%b\n%b" % (position, type_name.encode(), len(raw), raw, data)


def read_leaf(leaf: bytes) -> Leaf:
    """The reverse of `leaf_of`; raises Refused `bad_leaf` for bytes that it never gives."""
    if len(leaf) > LARGEST_LEAF:
        raise Refused("bad_leaf")
    parts = leaf.split(b"\n", 4)
    if len(parts) != 5 or parts[0] != _HEAD:
        raise Refused("bad_leaf")
    try:
        position, type_name = whole_number(parts[1].decode("ascii")), parts[2].decode()
        end = whole_number(parts[3].decode("ascii"))
        tags, data = parts[4][:end].decode(), parts[4][end + 1 :]
    except ValueError:
        raise Refused("bad_leaf") from None
    if position < 1 or leaf_of(position, type_name, tags, data) != leaf:
        raise Refused("bad_leaf")
    return Leaf(position, type_name, tags, data)


def whole_number(text: str) -> int:
    """A number as these formats write it: ASCII digits, no sign, no leading zero, below 2^63; else a ValueError."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (text[0] == "0" and text != "0"):
        raise ValueError("not a whole number")
    value = int(text)
    if value > _LARGEST_NUMBER:
        raise ValueError("number too large")
    return value
