"""Words as they are sealed and opened: pure functions, which need no vault. Whoever holds a document and its opening can
show what an event commits to."""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple

LOOKED_UP = ("name", "phone")
"""The fields by which people are found."""


class SealedWords(NamedTuple):
    """Words ready to be kept: the commitment that goes into the event, and what the vault needs to write."""

    commitment: str
    subject: str
    document: bytes
    opening: bytes
    lookups: tuple[tuple[str, str], ...]


class Opened(NamedTuple):
    """A document with its opening: who holds both can show what was committed to, see `commit`."""

    commitment: str
    opening: bytes
    document: bytes
    kept_at: int


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def as_text(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()


def commit(opening: bytes, document: bytes) -> str:
    """The commitment to a document: unguessable without its opening, and binding."""
    return as_text(hmac.digest(opening, document, "sha256"))


def looked_up(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The names and phone numbers (field, value) by which a document is found."""
    return tuple((name, fields[name]) for name in LOOKED_UP if fields.get(name))


def bound(ledger: str, subject: str, commitment: str) -> bytes:
    """What a ciphertext is tied to, so that rows cannot be swapped."""
    return f"{ledger}\n{subject}\n{commitment}".encode()
