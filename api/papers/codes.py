"""The number on a paper: a statement of this ledger, sealed by a key of the vault, so that it can be read back and checked.

Nothing is stored when a paper is printed. The number itself says of what the paper speaks (the entry that began it), as of
which entry of the ledger, for which days, and on which day it was printed; the last 64 bits are a keyed digest of the rest.
So nobody forges one, nobody finds another by counting on, a restart or another master key changes nothing (the key they
are made with outlives both, see `ledger.vault_keys`), and there is nothing to erase: the name is looked up in the vault when
somebody asks, and gone once it was destroyed there.

Letters are Crockford's base 32, in groups of four: read aloud and typed from paper without mistaking 0 for O or 1 for I.
"""

from __future__ import annotations

import base64
import hmac
from datetime import date, timedelta
from typing import Literal

import msgspec

from ledger.vault import Vault

PaperKind = Literal["certificate", "plaque", "unit_year", "disclosure"]
_KINDS: tuple[PaperKind, ...] = ("certificate", "plaque", "unit_year", "disclosure")
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u2013": ""})
_DIGEST_BYTES = 8
DAY_ZERO = date(2000, 1, 1)
"""No paper speaks of days before this one, nor of any later than 2179-06-06: a day has two bytes."""
_MOST_LETTERS = 64
_PURPOSE = "paper"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper says, without the figures, which follow from it.

    `subject`: the entry by which the member, plaque, unit or disclosure began · `position`: the ledger as of this entry ·
    `day`: printed on · `from_day`, `until_day`: the days it speaks of, both included.
    """

    kind: PaperKind
    subject: int
    position: int
    day: date
    from_day: date
    until_day: date


def number_of(vault: Vault, ledger: str, stated: Statement) -> str:
    """The number that goes on the paper, `9K2M-…`: 28 to 40 letters in groups of four."""
    body = _body(stated)
    bits = int.from_bytes(body + _digest(vault, ledger, body))
    count = -(-(len(body) + _DIGEST_BYTES) * 8 // 5)
    letters = "".join(_LETTERS[(bits >> (5 * at)) & 31] for at in range(count - 1, -1, -1))
    return "-".join(letters[at : at + 4] for at in range(0, count, 4))


def statement_of(vault: Vault, ledger: str, text: str) -> Statement | None:
    """What a number states; None where this ledger never gave it. Small and capital letters, spaces and dashes are the same."""
    letters = text.strip().upper().translate(_MISREAD)
    if not 0 < len(letters) <= _MOST_LETTERS or any(one not in _LETTERS for one in letters):
        return None
    bits = 0
    for one in letters:
        bits = bits << 5 | _LETTERS.index(one)
    size = len(letters) * 5 // 8
    if bits >> (8 * size) or size <= _DIGEST_BYTES:
        return None
    whole = bits.to_bytes(size)
    body, digest = whole[:-_DIGEST_BYTES], whole[-_DIGEST_BYTES:]
    if not hmac.compare_digest(digest, _digest(vault, ledger, body)):
        return None
    return _read(body)


def _digest(vault: Vault, ledger: str, body: bytes) -> bytes:
    told = vault.blind(ledger, _PURPOSE, body)
    return base64.urlsafe_b64decode(told + "==")[:_DIGEST_BYTES]


def _body(stated: Statement) -> bytes:
    """The kind plus one in a byte (so that no number begins with nothing), two counts, three days of two bytes each."""
    days = (stated.day, stated.from_day, stated.until_day)
    counts = _count(stated.subject) + _count(stated.position)
    return bytes([_KINDS.index(stated.kind) + 1]) + counts + b"".join(_day(one) for one in days)


def _read(body: bytes) -> Statement:
    kind = _KINDS[body[0] - 1]
    counts: list[int] = []
    value, shift = 0, 0
    for one in body[1:-6]:
        value |= (one & 127) << shift
        shift += 7
        if not one & 128:
            counts.append(value)
            value, shift = 0, 0
    starts = (len(body) - 6, len(body) - 4, len(body) - 2)
    day, from_day, until_day = (DAY_ZERO + timedelta(days=int.from_bytes(body[at : at + 2])) for at in starts)
    return Statement(
        kind=kind, subject=counts[0], position=counts[1], day=day, from_day=from_day, until_day=until_day
    )  # fmt: skip


def _count(value: int) -> bytes:
    """Seven bits a byte, the lowest first, the eighth where more follow."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _day(day: date) -> bytes:
    return (day - DAY_ZERO).days.to_bytes(2)
