"""Photos in the vault: what shows work as done, beside the words about the same people and destroyed with them.

The journal holds the SHA-256 of a photo's bytes; the bytes lie here, encrypted under the key of the one whose they are, and
once more under a second's key where two people can be on it: with either key gone nobody opens it. A photo is kept before
the fact that names its digest; what never came to a fact is swept after a day.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select, update

from ledger.errors import Unusable
from ledger.journal.queries import rows_with_tags
from ledger.journal.rows import insert_missing, replace_rows
from ledger.journal.sql import Database
from ledger.sweeping import OLD_AT
from ledger.vault import Vault
from ledger.vault_keys import NONCE
from ledger.vault_tables import meta, photos

WHOLE, SMALL = "whole", "small"
_AT_ONCE = 500


class Photo(NamedTuple):
    """A photo as it is kept: its bytes, the same photo small, and the digest of the bytes."""

    body: bytes
    small: bytes
    sha256: str


class KeptPhoto(NamedTuple):
    """A photo with what it shows (an id), its digest, and when it was kept (microseconds UTC)."""

    about: str
    sha256: str
    kept_at: int
    body: bytes


class Photos:
    """The photos of one vault, by what they show (`about`, an id) and by their digests. Thread-safe."""

    def __init__(self, vault: Vault) -> None:
        self._vault, self._db = vault, vault.database
        c = photos.c
        here = (c.ledger == bindparam("l"), c.about == bindparam("a"), c.sha256 == bindparam("d"))
        self._one = {
            size: self._db.prepare(("photos.one", size), select(c.subject, c.second, column).where(*here))
            for size, column in ((WHOLE, c.sealed), (SMALL, c.small))
        }
        self._about = self._db.prepare(
            "photos.about", select(c.sha256).where(c.ledger == bindparam("l"), c.about == bindparam("a"))
        )
        # Whoever shows it again after a refusal begins the day anew, so that no sweep takes it from under the fact.
        self._again = self._db.prepare("photos.again", update(photos).where(*here).values(kept_at=bindparam("t")))
        either = (c.subject == bindparam("s")) | (c.second == bindparam("t"))
        self._of = self._db.prepare(
            "photos.of",
            select(c.about, c.sha256, c.kept_at)
            .where(c.ledger == bindparam("l"), either)
            .order_by(c.kept_at, c.about, c.sha256),
        )
        self._drop = self._db.prepare("photos.drop", delete(photos).where(*here, c.kept_at <= bindparam("u")))
        self._old = self._db.prepare(
            "photos.old",
            select(c.about, c.sha256, c.kept_at)
            .where(c.ledger == bindparam("l"), c.kept_at > bindparam("t"), c.kept_at <= bindparam("u"))
            .order_by(c.kept_at, c.about, c.sha256)
            .limit(bindparam("n")),
        )

    def keep(self, ledger: str, about: str, taken: Iterable[Photo], *, owners: tuple[str, ...], at: int) -> None:
        """Keep photos of one thing, all or none; `owners` are one or two subjects, `at` microseconds UTC.

        One that is kept already stays as it is. Raises Refused `words_erased` where an owner was erased.
        """
        subject, second = owners[0], next((one for one in owners[1:] if one != owners[0]), "")
        with self._vault.sealing(ledger, {one for one in (subject, second) if one}, at=at) as (cursor, keys):
            rows = []
            for photo in taken:
                sealed = [
                    _seal(
                        [keys[one] for one in (subject, second) if one],
                        plain,
                        _bound(ledger, about, photo.sha256, size),
                    )
                    for size, plain in ((WHOLE, photo.body), (SMALL, photo.small))
                ]
                rows.append((ledger, about, photo.sha256, subject, second, *sealed, at))
            insert_missing(self._db, cursor, photos, rows)
            for row in rows:
                values = {"l": ledger, "a": about, "d": row[2], "t": at}
                cursor.execute(self._again.text, tuple(values[name] for name in self._again.names))

    def read(self, ledger: str, about: str, sha256: str, *, size: str = WHOLE) -> bytes | None:
        """A photo's bytes; None where it is not kept here, or was destroyed. Raises Unusable `vault_damaged`."""
        with self._vault.opening() as (cursor, keys_of):
            ready = self._one[size]
            values = {"l": ledger, "a": about, "d": sha256}
            cursor.execute(ready.text, tuple(values[name] for name in ready.names))
            row = cursor.fetchone()
            if row is None:
                return None
            owners = [str(one) for one in row[:2] if one]
            keys = keys_of(ledger, set(owners))
        if not keys.keys() >= set(owners):
            return None
        return _open([keys[one] for one in owners], bytes(row[2]), _bound(ledger, about, sha256, size))

    def kept(self, ledger: str, about: str) -> frozenset[str]:
        """The digests of the photos of one thing that are kept here."""
        with self._db.reading() as cursor:
            cursor.execute(self._about.text, (ledger, about))
            return frozenset(str(row[0]) for row in cursor.fetchall())

    def of(self, ledger: str, subject: str) -> list[KeptPhoto]:
        """Every photo that goes with a subject, oldest first: what a person may take away."""
        values = {"l": ledger, "s": subject, "t": subject}
        with self._db.reading() as cursor:
            cursor.execute(self._of.text, tuple(values[name] for name in self._of.names))
            rows = [(str(row[0]), str(row[1]), int(row[2])) for row in cursor.fetchall()]
        return [KeptPhoto(*row, body) for row in rows if (body := self.read(ledger, row[0], row[1])) is not None]

    def sweep(self, journal: Database, ledger: str, now_at: int) -> int:
        """Drop what is older than a day and stands in no fact about the same thing; gives how many photos that were."""
        count, upto_at = 0, now_at - OLD_AT
        after_at = int.from_bytes(self._vault.note(_note(ledger)) or b"")
        while after_at < upto_at:
            rows, after_at = self._before(ledger, after_at, upto_at)
            orphans = [(about, sha256) for about, sha256 in rows if not _told(journal, ledger, about, sha256)]
            with self._db.writing() as cursor:
                for about, sha256 in orphans:
                    values = {"l": ledger, "a": about, "d": sha256, "u": upto_at}
                    cursor.execute(self._drop.text, tuple(values[name] for name in self._drop.names))
                replace_rows(self._db, cursor, meta, [(_note(ledger), after_at.to_bytes(8))])
            count += len(orphans)
        return count

    def _before(self, ledger: str, after_at: int, upto_at: int) -> tuple[list[tuple[str, str]], int]:
        """Photos kept after one moment, and up to which moment these are all there are."""
        values = {"l": ledger, "t": after_at, "u": upto_at, "n": _AT_ONCE}
        with self._db.reading() as cursor:
            cursor.execute(self._old.text, tuple(values[name] for name in self._old.names))
            rows = cursor.fetchall()
            if len(rows) == _AT_ONCE:
                # Those of the last moment may be cut off.
                upto_at = int(rows[-1][2])
                values.update(t=upto_at - 1, u=upto_at, n=2**31 - 1)
                cursor.execute(self._old.text, tuple(values[name] for name in self._old.names))
                rows += cursor.fetchall()
        return list(dict.fromkeys((str(row[0]), str(row[1])) for row in rows)), upto_at


def _told(journal: Database, ledger: str, about: str, sha256: str) -> bool:
    """Whether a fact about the same thing names the photo."""
    with journal.reading() as cursor:
        rows = rows_with_tags(journal, cursor, ledger, [about])
    mark = f'"{sha256}"'.encode()
    return any(mark in bytes(row[-1]) for row in rows)


def _bound(ledger: str, about: str, sha256: str, size: str) -> bytes:
    """What a ciphertext is tied to, so that rows cannot be swapped."""
    return f"photo\n{ledger}\n{about}\n{sha256}\n{size}".encode()


def _seal(keys: list[AESGCM], plain: bytes, tied: bytes) -> bytes:
    """Under one key after the other."""
    for key in keys:
        nonce = os.urandom(NONCE)
        plain = nonce + key.encrypt(nonce, plain, tied)
    return plain


def _open(keys: list[AESGCM], sealed: bytes, tied: bytes) -> bytes:
    try:
        for key in reversed(keys):
            sealed = key.decrypt(sealed[:NONCE], sealed[NONCE:], tied)
    except InvalidTag:
        raise Unusable("vault_damaged", commitment=tied.decode().split("\n")[3]) from None
    return sealed


def _note(ledger: str) -> str:
    return f"photos_swept_upto:{ledger}"
