"""How often somebody may try. Counts are per address, and per account and address; never per account alone, since
then a stranger could shut its owner out. A known browser has a count of its own that no stranger can use up.

Counts stand in the main database, so that a restart, or a second process beside this one, gives nobody more tries.
"""

from __future__ import annotations

import ipaddress
from typing import NoReturn

import msgspec
from sqlalchemy import bindparam, select

from api.signin.rows import change, drop
from api.store import Store
from ledger.clock import MICROS_PER_MINUTE
from ledger.errors import TooMany
from ledger.journal.rows import insert_missing
from ledger.journal.sign_in_tables import sign_in_tries
from ledger.journal.sql import Cursor


class Bound(msgspec.Struct, frozen=True):
    """At most so many tries within any so many minutes."""

    most: int
    minutes: int


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """`address`: for all accounts together, wide, since a whole house may share one; `account`: for one of them there."""

    address: Bound
    account: Bound
    known: Bound


CODES = Bounds(address=Bound(60, 60), account=Bound(6, 60), known=Bound(12, 60))
"""Codes that are asked for, by phone."""
ANSWERS = Bounds(address=Bound(300, 60), account=Bound(40, 60), known=Bound(60, 60))
PASSWORDS = Bounds(address=Bound(120, 60), account=Bound(10, 15), known=Bound(30, 15))
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
    """Counts the tries of a ledger in its store. Any number of threads and processes may count at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, ledger: str, what: str, bounds: Bounds, *, place: str, account: str, device: str = "") -> None:
        """Count a try at an account from a place, or from a known browser (`device`) instead; raises TooMany
        `too_many_tries` where it is one too many."""
        if device:
            wanted: list[tuple[Bound, tuple[str, ...]]] = [(bounds.known, ("device", device, account))]
        else:
            # The account comes first: what is one too many at it does not use up what a whole house has. And whoever
            # counts takes these rows in this order, so that two never wait for each other.
            wanted = [(bounds.account, ("account", place, account)), (bounds.address, ("address", place))]
        now_at = self._store.clock()
        with self._store.database.writing() as cursor:
            drop(self._store.database, cursor, sign_in_tries, {"ledger": ledger}, before=("until_at", now_at))
            rows = [(bound, self._digest(ledger, what, *key)) for bound, key in wanted]
            tries = [self._look(cursor, ledger, digest, bound, now_at) for bound, digest in rows]
            for (bound, digest), earlier in zip(rows, tries, strict=True):
                until_at = now_at + bound.minutes * MICROS_PER_MINUTE
                change(
                    self._store.database, cursor, sign_in_tries, {"ledger": ledger, "digest": digest},
                    tries=" ".join(map(str, [*earlier, now_at])), until_at=until_at,
                )  # fmt: skip

    def _look(self, cursor: Cursor, ledger: str, digest: str, bound: Bound, now_at: int) -> list[int]:
        """The tries that still count, under the row's lock: whoever counts the same waits here. Raises TooMany."""
        database = self._store.database
        until_at = now_at + bound.minutes * MICROS_PER_MINUTE
        insert_missing(database, cursor, sign_in_tries, [(ledger, digest, "", until_at)])
        c = sign_in_tries.c
        # SQLite has locked the whole file by now, and knows no such words.
        ready = database.prepare(
            "sign_in.tries",
            select(c.tries).where(c.ledger == bindparam("l"), c.digest == bindparam("d")).with_for_update(),
        )
        cursor.execute(ready.text, (ledger, digest))
        row = cursor.fetchone()
        since_at = now_at - bound.minutes * MICROS_PER_MINUTE
        earlier = [at for at in map(int, str(row[0] if row else "").split()) if at > since_at]
        if len(earlier) >= bound.most:
            _refuse(bound)
        return earlier

    def _digest(self, ledger: str, *key: str) -> str:
        """What a count is kept under: neither addresses nor accounts can be read, or guessed back, from the table."""
        return self._store.vault.blind(ledger, "sign_in_tries", "\n".join(key).encode())


def _refuse(bound: Bound) -> NoReturn:
    raise TooMany("too_many_tries", minutes=bound.minutes)
