"""The vault's master key: where it lives, what is derived from it, and how it is changed.

The master key wraps; it encrypts no words itself. From it come the key that wraps subjects' keys and a fingerprint by
which a wrong key is noticed. The blind key (look-ups, command keys) was derived from the first master key and is itself
kept wrapped, so that it outlives the key it came from: what the journal holds of it can never be written again.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import bindparam, select, update

from ledger.errors import Unusable
from ledger.journal.rows import replace_rows
from ledger.journal.sql import Cursor, Database, Row
from ledger.vault_tables import meta, subjects

NONCE = 12
EPOCH, BLIND = "epoch", "blind_key"
"""Rows of `vault_meta`."""
_COUNTER, _MARK = 8, 16
_BLOCK = 500


class Master(NamedTuple):
    """What a master key gives: the wrapping key, the blind key of a vault that begins with it, and its fingerprint."""

    wrap: AESGCM
    first_blind: bytes
    check: bytes


def derived(master_key: bytes) -> Master:
    """What follows from 32 bytes; raises Unusable `vault_key_wrong` for another length."""
    if len(master_key) != 32:
        raise Unusable("vault_key_wrong")

    def derive(purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, None, b"nuanlin/vault/" + purpose).derive(master_key)

    return Master(AESGCM(derive(b"wrap")), derive(b"blind"), hashlib.sha256(derive(b"check")).digest())


def wrapped(wrap: AESGCM, raw: bytes, bound: str) -> bytes:
    """A key under the wrapping key, tied to what it is for."""
    nonce = os.urandom(NONCE)
    return nonce + wrap.encrypt(nonce, raw, bound.encode())


def unwrapped(wrap: AESGCM, body: bytes, bound: str) -> bytes:
    """The reverse; raises Unusable `vault_damaged`."""
    try:
        return wrap.decrypt(body[:NONCE], body[NONCE:], bound.encode())
    except InvalidTag:
        raise Unusable("vault_damaged", subject=bound.rpartition("\n")[2]) from None


def bound_to(ledger: str, subject: str) -> str:
    """What a subject's wrapped key is tied to."""
    return f"{ledger}\n{subject}"


# ---- the epoch -------------------------------------------------------------------------------------------------------
#
# One row that every transaction of a vault looks at: a counter of erasures, a random mark by which a vault put back from
# a copy differs from the one it replaces, and the fingerprint of the master key in use.


def first_epoch(check: bytes) -> bytes:
    """The epoch of a new vault."""
    return bytes(_COUNTER) + os.urandom(_MARK - _COUNTER) + check


def next_epoch(epoch: bytes, check: bytes | None = None) -> bytes:
    """The epoch after one more erasure, or under another master key."""
    counter = int.from_bytes(epoch[:_COUNTER]) + 1
    return counter.to_bytes(_COUNTER) + os.urandom(_MARK - _COUNTER) + (check or epoch[_MARK:])


def check_of(epoch: bytes) -> bytes:
    """The fingerprint of the master key in use."""
    return epoch[_MARK:]


def not_older(epoch: bytes, than: bytes) -> bool:
    """Whether an epoch is at least as late as another."""
    return epoch[:_COUNTER] >= than[:_COUNTER]


def meta_value(database: Database, cursor: Cursor, name: str, *, for_update: bool = False) -> bytes | None:
    """One row of `vault_meta`; on PostgreSQL `for_update` waits for whoever writes words and lets nobody begin to."""
    key = ("vault.meta", for_update)
    statement = select(meta.c.value).where(meta.c.name == bindparam("n"))
    ready = database.prepared(key) or database.prepare(key, statement.with_for_update() if for_update else statement)
    cursor.execute(ready.text, (name,))
    row = cursor.fetchone()
    return None if row is None else bytes(row[0])


# ---- another master key ----------------------------------------------------------------------------------------------


def rekey(database: Database, old_key: bytes, new_key: bytes) -> int:
    """Wrap every subject's key anew, in one transaction: all or nothing. Gives how many there were.

    Run again after a crash it finds its work done and gives 0. Other processes that have the vault open notice at their
    next transaction and refuse to go on (Unusable `vault_key_changed`) until they are started with the new key. Raises
    Unusable (`vault_key_wrong`, `vault_damaged`).
    """
    old, new = derived(old_key), derived(new_key)
    with database.writing() as cursor:
        epoch = meta_value(database, cursor, EPOCH, for_update=True)
        blind = meta_value(database, cursor, BLIND)
        if epoch is None or blind is None or check_of(epoch) not in (old.check, new.check):
            raise Unusable("vault_key_wrong")
        if check_of(epoch) == new.check:
            return 0
        count = 0
        for rows in _in_blocks(database, cursor):
            fresh = [(ledger, subject, _again(old, new, ledger, subject, body)) for ledger, subject, body in rows]
            _put_keys(database, cursor, fresh)
            count += len(fresh)
        blind = wrapped(new.wrap, unwrapped(old.wrap, blind, BLIND), BLIND)
        replace_rows(database, cursor, meta, [(BLIND, blind), (EPOCH, next_epoch(epoch, new.check))])
    return count


def _again(old: Master, new: Master, ledger: str, subject: str, body: bytes) -> bytes:
    bound = bound_to(ledger, subject)
    return wrapped(new.wrap, unwrapped(old.wrap, body, bound), bound)


def _in_blocks(database: Database, cursor: Cursor) -> Iterator[list[tuple[str, str, bytes]]]:
    """Every subject that has a key, a few hundred at a time in the order of the primary key."""
    c = subjects.c
    later = (c.ledger > bindparam("a")) | ((c.ledger == bindparam("b")) & (c.subject > bindparam("s")))
    ready = database.prepare(
        "vault.rekey.read",
        select(c.ledger, c.subject, c.wrapped_key).where(later).order_by(c.ledger, c.subject).limit(bindparam("n")),
    )
    at: tuple[str, str] = ("", "")
    while True:
        values: dict[str, object] = {"a": at[0], "b": at[0], "s": at[1], "n": _BLOCK}
        cursor.execute(ready.text, tuple(values[name] for name in ready.names))
        rows = cursor.fetchall()
        if not rows:
            return
        at = (str(rows[-1][0]), str(rows[-1][1]))
        yield [(str(ledger), str(subject), bytes(body)) for ledger, subject, body in rows if body]


def _put_keys(database: Database, cursor: Cursor, rows: list[tuple[str, str, bytes]]) -> None:
    c = subjects.c
    here = (c.ledger == bindparam("l")) & (c.subject == bindparam("s"))
    ready = database.prepare("vault.rekey.put", update(subjects).where(here).values(wrapped_key=bindparam("k")))
    given: list[Row] = []
    for ledger, subject, body in rows:
        values = {"l": ledger, "s": subject, "k": body}
        given.append(tuple(values[name] for name in ready.names))
    cursor.executemany(ready.text, given)


# ---- the key's file --------------------------------------------------------------------------------------------------


def load_master_key(path: Path, *, create: bool) -> bytes:
    """The master key in a file (base64), made on first use if `create`; only its owner may read it.

    Raises Unusable `vault_key_missing` or `vault_key_wrong`.
    """
    if not path.exists():
        if not create:
            raise Unusable("vault_key_missing", file=path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_master_key(path, os.urandom(32))
        except FileExistsError:
            return load_master_key(path, create=False)
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        raise Unusable("vault_key_wrong", file=path.name) from None
    if len(key) != 32:
        raise Unusable("vault_key_wrong", file=path.name)
    return key


def write_master_key(path: Path, key: bytes) -> None:
    """A key in a new file that only its owner may read, whole and safely on disk; raises FileExistsError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a move, never takes the place of a key that somebody else made in this moment.
        os.link(part, path)
    finally:
        part.unlink()
