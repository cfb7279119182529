"""How often somebody may try. Counts are per address, and per account and address; never per account alone, since
then a stranger could shut its owner out. A known browser has a count of its own that no stranger can use up.
"""

from __future__ import annotations

import ipaddress
from typing import NoReturn

import msgspec
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ledger.errors import TooMany


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """`address`: for all accounts together, wide, since a whole house may share one; `account`: for one of them there."""

    address: str
    account: str
    known: str


CODES = Bounds(address="60/hour", account="6/hour", known="12/hour")
"""Codes that are asked for, by phone."""
ANSWERS = Bounds(address="300/hour", account="40/hour", known="60/hour")
PASSWORDS = Bounds(address="120/hour", account="10/15 minutes", known="30/15 minutes")
"""Passwords and second factors (choice): ten guesses in a quarter of an hour at passwords of ten letters."""


def place_of(host: str | None) -> str:
    """The address that tries are counted for: all of a household's IPv6 addresses (a /64) are one."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class Throttle:
    """Counts tries of one process in memory. Thread-safe."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._parsed: dict[str, RateLimitItem] = {}

    def count(self, what: str, bounds: Bounds, *, place: str, account: str, device: str = "") -> None:
        """Count a try at an account from a place, or from a known browser (`device`) instead; raises TooMany
        `too_many_tries` where it is one too many."""
        if device:
            self._hit(bounds.known, what, "device", device, account)
            return
        # What is one too many at this account does not use up what a whole house has.
        self._look(bounds.account, what, "account", place, account)
        self._hit(bounds.address, what, "address", place)
        self._hit(bounds.account, what, "account", place, account)

    def _look(self, bound: str, *key: str) -> None:
        if not self._limiter.test(self._item(bound), *key):
            self._refuse(bound)

    def _hit(self, bound: str, *key: str) -> None:
        if not self._limiter.hit(self._item(bound), *key):
            self._refuse(bound)

    def _item(self, bound: str) -> RateLimitItem:
        return self._parsed.setdefault(bound, parse(bound))

    def _refuse(self, bound: str) -> NoReturn:
        raise TooMany("too_many_tries", minutes=-(-self._item(bound).get_expiry() // 60))
