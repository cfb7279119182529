"""Browsers at which somebody signed in before: strangers' tries at the account do not hold them up."""

from __future__ import annotations

from api.signin.rows import digest_of, drop, found, put
from api.store import Store
from ledger.clock import MICROS_PER_DAY
from ledger.journal.sign_in_tables import sign_in_devices
from ledger.journal.sql import Cursor

COOKIE = "nuanlin_device"
DAYS = 180


def remember(store: Store, cursor: Cursor, ledger: str, actor: str, account: str, secret: str) -> None:
    """Know the browser with this secret again; `account` is under what its owner signs in (a blind phone, or an id)."""
    mine = {"ledger": ledger, "digest": digest_of(secret), "actor": actor}
    drop(store.database, cursor, sign_in_devices, mine)
    too_old_at = store.clock() - DAYS * MICROS_PER_DAY
    drop(store.database, cursor, sign_in_devices, {"ledger": ledger, "actor": actor}, before=("seen_at", too_old_at))
    put(store.database, cursor, sign_in_devices, **mine, account=account, seen_at=store.clock())


def known(store: Store, ledger: str, secret: str, account: str) -> str:
    """The digest of a browser at which this account was signed in to before; "" for a strange one."""
    if not secret or len(secret) > 100:
        return ""
    rows = found(store, sign_in_devices, ledger, digest=digest_of(secret))
    since_at = store.clock() - DAYS * MICROS_PER_DAY
    return next((row["digest"] for row in rows if row["account"] == account and row["seen_at"] >= since_at), "")


def forget(store: Store, cursor: Cursor, ledger: str, actor: str) -> None:
    """Know no browser of theirs any more."""
    drop(store.database, cursor, sign_in_devices, {"ledger": ledger, "actor": actor})
