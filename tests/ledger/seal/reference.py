"""RFC 6962 §2.1 word for word, slow and recursive: what our tree is compared with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from ledger.journal.sql import Database

Digest = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def k_of(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(entries: Sequence[bytes], digest: Digest = sha256) -> bytes:
    """The Merkle Tree Hash over entries."""
    n = len(entries)
    if n == 0:
        return digest(b"")
    if n == 1:
        return digest(b"\x00" + entries[0])
    k = k_of(n)
    return digest(b"\x01" + mth(entries[:k], digest) + mth(entries[k:], digest))


def path(m: int, entries: Sequence[bytes], digest: Digest = sha256) -> list[bytes]:
    """The Merkle audit path of the entry with index m."""
    n = len(entries)
    if n == 1:
        return []
    k = k_of(n)
    if m < k:
        return [*path(m, entries[:k], digest), mth(entries[k:], digest)]
    return [*path(m - k, entries[k:], digest), mth(entries[:k], digest)]


def proof(m: int, entries: Sequence[bytes], digest: Digest = sha256) -> list[bytes]:
    """The Merkle consistency proof between the first m entries and all of them; nothing where m is 0."""
    return subproof(m, entries, True, digest) if m else []


def subproof(m: int, entries: Sequence[bytes], whole: bool, digest: Digest) -> list[bytes]:
    """SUBPROOF of the RFC."""
    n = len(entries)
    if m == n:
        return [] if whole else [mth(entries, digest)]
    k = k_of(n)
    if m <= k:
        return [*subproof(m, entries[:k], whole, digest), mth(entries[k:], digest)]
    return [*subproof(m - k, entries[k:], False, digest), mth(entries[:k], digest)]


def leaves_of(database: Database, ledger: str) -> list[bytes]:
    """The leaves of a ledger by plain SQL, put together as docs/seals.md says."""
    with database.reading() as cursor:
        cursor.execute("SELECT ledger, position, type, tags, data FROM events ORDER BY position")
        rows: list[Any] = [row[1:] for row in cursor.fetchall() if row[0] == ledger]
    found = []
    for position, kind, tags, data in rows:
        raw = tags.encode()
        head = f"nuanlin/leaf/1\n{position}\n{kind}\n{len(raw)}\n".encode()
        found.append(head + raw + b"\n" + bytes(data))
    return found
