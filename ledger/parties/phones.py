"""A phone that is proved: a mark that only a holder of the vault's key can make, once the code sent there was entered.

It names the member, the number and the minute until which it counts, so that it serves nobody else and nothing else.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

Blind = Callable[[str, bytes], str]
"""Purpose and text to a keyed digest."""

_PURPOSE = "proved_phone"


def plain(phone: str) -> str:
    """A phone number as it is compared: blanks never count, as in the vault's look-ups."""
    return "".join(phone.split())


def mark_of(blind: Blind, member_id: str, phone: str, until_at: int) -> str:
    """What shows until an instant (microseconds UTC) that this phone is in this member's hand."""
    text = "\n".join((member_id, plain(phone), str(until_at))).encode()
    return f"{until_at}.{blind(_PURPOSE, text)}"


def is_proved(blind: Blind, member_id: str, phone: str, mark: str, now_at: int) -> bool:
    """Whether a mark says so of this member and this number, and still counts."""
    until, _, _ = mark.partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) < 20) or int(until) <= now_at:
        return False
    return hmac.compare_digest(mark.encode(), mark_of(blind, member_id, phone, int(until)).encode())
