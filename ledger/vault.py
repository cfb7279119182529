"""People are not in the journal (design §1.7): names, phones, addresses, ID numbers and free text live here.

Each subject has a data key, wrapped by a master key that is outside any database. A document is the words of one
command as JSON, encrypted with AES-256-GCM under its subject's key. The event carries only a commitment: HMAC-SHA256
of the document under a random 256-bit opening that is encrypted along with it. Erasing destroys rows and key, so that the
opening is gone and the commitment says nothing any more; every seal over the event still holds.

The vault is written before the fact: an orphan row is harmless, and swept (`ledger.sweeping`). It is emptied after the
fact (`ledger.erasing`), and takes no more words of a subject from then on; a correction destroys what it corrects.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.errors import Refused, Unusable
from ledger.journal.rows import insert_missing, insert_rows, replace_rows
from ledger.journal.sql import Cursor, Database, Row, blocks
from ledger.vault_keys import (
    BLIND,
    EPOCH,
    NONCE,
    bound_to,
    check_of,
    derived,
    first_epoch,
    load_master_key,
    meta_value,
    next_epoch,
    not_older,
    unwrapped,
    wrapped,
)
from ledger.vault_tables import documents, erased, lookups, meta, metadata, photos, rows_with, subjects
from ledger.vault_words import Opened, SealedWords, as_text, bound, commit, looked_up
from ledger.veil import Veil

__all__ = ["Opened", "SealedWords", "Vault", "commit", "load_master_key", "metadata"]

SCRUB = "scrub"
_CACHED_KEYS = 50_000

WordsState = Literal["kept", "erased", "unknown"]
"""What became of the words behind a commitment."""


class _Known(NamedTuple):
    """Keys in memory, and the epoch of the vault they are right in."""

    epoch: bytes
    keys: dict[tuple[str, str], AESGCM]


class Vault:
    """Personal data and free text of all ledgers of one installation. Thread-safe.

    `master_key`: 32 bytes that live outside the database. Raises Unusable `vault_key_wrong` where the database was
    made under another key, `vault_key_changed` in any call after another process changed it.
    """

    def __init__(self, database: Database, master_key: bytes) -> None:
        self.database = self._db = d = database
        master = derived(master_key)
        self._wrap, self._check = master.wrap, master.check
        self._lock = Lock()
        if d.is_sqlite:
            # What is deleted is overwritten with zeros: keys above all.
            d.set_up("PRAGMA secure_delete=ON")
        epoch = select(meta.c.value).where(meta.c.name == bindparam("n"))
        self._sql_epoch = d.prepare("vault.epoch", epoch).text
        # PostgreSQL: writers of words share the row, an erasure waits for them and they for it. SQLite has one writer.
        self._sql_epoch_held = d.prepare("vault.epoch.held", epoch.with_for_update(read=True)).text
        self._get_lookup = d.prepare(
            "vault.lookup",
            select(lookups.c.subject).where(lookups.c.ledger == bindparam("l"), lookups.c.blind == bindparam("b")),
        )
        at_first, blind = self._begin(master.first_blind)
        self._known = _Known(at_first, {})
        self._blind_key = unwrapped(self._wrap, blind, BLIND)
        self.veil = Veil(self._blind_key)

    # ---- sealing and keeping -------------------------------------------------------------------------------------

    def seal(self, ledger: str, subject: str, words: msgspec.Struct) -> SealedWords:
        """Commit to words about a subject; nothing is written yet."""
        document = msgspec.json.encode(words)
        opening = os.urandom(32)
        return SealedWords(commit(opening, document), subject, document, opening, looked_up(msgspec.to_builtins(words)))

    def keep(self, ledger: str, sealed: Sequence[SealedWords], *, at: int) -> None:
        """Write sealed words, all in one transaction; call it before the facts that commit to them are appended.

        Raises Refused `words_erased` and writes nothing where one of the subjects was erased: whatever was decided
        before the erasure brings no words back after it.
        """
        if not sealed:
            return
        with self._lock, self._writing() as (cursor, known):
            keys = self._need_keys(cursor, known, ledger, {one.subject for one in sealed}, at)
            rows: list[Row] = []
            found: dict[Row, None] = {}
            for one in sealed:
                nonce = os.urandom(NONCE)
                tied = bound(ledger, one.subject, one.commitment)
                body = keys[one.subject].encrypt(nonce, one.opening + one.document, tied)
                rows.append((ledger, one.commitment, one.subject, nonce + body, at))
                for name, value in one.lookups:
                    found[(ledger, self.lookup_of(ledger, name, value), one.subject)] = None
            insert_rows(self._db, cursor, documents, rows)
            insert_missing(self._db, cursor, lookups, list(found))

    # ---- reading -------------------------------------------------------------------------------------------------

    def read(self, ledger: str, commitments: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents behind commitments, as plain values. What was erased (or never kept) is not in the answer."""
        wanted = sorted({one for one in commitments if one})
        if not wanted:
            return {}
        rows: list[Row] = []
        with self._reading() as (cursor, known):
            for part in blocks(wanted):
                cursor.execute(rows_with(self._db, documents, "commitment", len(part)), (ledger, *part))
                rows.extend(cursor.fetchall())
            keys, _ = self._find_keys(cursor, known, ledger, {str(row[2]) for row in rows})
        found: dict[str, dict[str, Any]] = {}
        for row in rows:
            if row[2] in keys:
                one = self._open(keys[row[2]], row)
                found[one.commitment] = msgspec.json.decode(one.document)
        return found

    def find(self, ledger: str, field: str, value: str) -> list[str]:
        """The subjects whose `name` or `phone` is exactly this, oldest first."""
        with self._reading() as (cursor, _):
            cursor.execute(self._get_lookup.text, (ledger, self.lookup_of(ledger, field, value)))
            return sorted({str(row[0]) for row in cursor.fetchall()})

    def state_of(self, ledger: str, commitments: Iterable[str]) -> dict[str, WordsState]:
        """For each commitment whether its words are `kept`, were `erased`, or are `unknown` here: lost, or never kept."""
        wanted = sorted({one for one in commitments if one})
        states: dict[str, WordsState] = dict.fromkeys(wanted, "unknown")
        if wanted:
            with self._reading() as (cursor, _):
                for part in blocks(wanted):
                    cursor.execute(rows_with(self._db, erased, "commitment", len(part)), (ledger, *part))
                    states.update((str(row[1]), "erased") for row in cursor.fetchall())
                    cursor.execute(rows_with(self._db, documents, "commitment", len(part)), (ledger, *part))
                    states.update((str(row[1]), "kept") for row in cursor.fetchall())
        return states

    def all_of(self, ledger: str, subject: str) -> list[Opened]:
        """Everything kept about a subject with its openings, oldest first: what a person may take away and show."""
        with self._reading() as (cursor, known):
            cursor.execute(rows_with(self._db, documents, "subject", 1), (ledger, subject))
            rows = cursor.fetchall()
            keys, _ = self._find_keys(cursor, known, ledger, {subject})
        if subject not in keys:
            return []
        return sorted((self._open(keys[subject], row) for row in rows), key=lambda one: (one.kept_at, one.commitment))

    # ---- erasing ---------------------------------------------------------------------------------------------------

    def erase(self, ledger: str, subject: str, *, note: tuple[str, bytes] | None = None) -> int:
        """Destroy a subject's documents, photos, look-ups and key for good; gives how many there were.

        From now on nothing is kept about the subject. `note` is a row of `vault_meta` written in the same transaction.
        """
        with self._lock, self._db.writing() as cursor:
            epoch = self._checked(meta_value(self._db, cursor, EPOCH, for_update=True))
            count = self._destroy(cursor, ledger, subject)
            replace_rows(self._db, cursor, subjects, [(ledger, subject, b"", 0)])
            after = next_epoch(epoch)
            noted: list[Row] = [(EPOCH, after), *([note] if note else [])]
            replace_rows(self._db, cursor, meta, [*noted, (SCRUB, b"")] if self._db.is_sqlite else noted)
        self._known = _Known(after, {})
        return count

    def _destroy(self, cursor: Cursor, ledger: str, subject: str) -> int:
        here = (documents.c.ledger == bindparam("l")) & (documents.c.subject == bindparam("s"))
        make: Any = sqlite.insert if self._db.is_sqlite else postgresql.insert
        marked = make(erased).from_select(
            ["ledger", "commitment"], select(documents.c.ledger, documents.c.commitment).where(here)
        )
        cursor.execute(self._db.prepare("vault.mark", marked.on_conflict_do_nothing()).text, (ledger, subject))
        count = 0
        for owner in (documents.c.subject, lookups.c.subject, photos.c.subject, photos.c.second):
            table = owner.table
            statement = delete(table).where(table.c.ledger == bindparam("l"), owner == bindparam("s"))
            cursor.execute(self._db.prepare(("vault.erase", table.name, owner.name), statement).text, (ledger, subject))
            count += 0 if table is lookups else cursor.rowcount
        return count

    def drop(
        self, ledger: str, commitments: Collection[str], *, note: tuple[str, bytes], corrected: bool = False
    ) -> int:
        """Delete documents that no fact commits to (any more), and the look-ups that only they gave; gives how many.

        The subjects keep their keys and their other words. `note` is a row of `vault_meta` written along with it. What was
        `corrected` says *erased* from now on, also where this vault never held it.
        """
        with self._lock, self._db.writing() as cursor:
            self._checked(meta_value(self._db, cursor, EPOCH, for_update=True))
            rows: list[Row] = []
            for part in blocks(sorted(commitments)):
                cursor.execute(rows_with(self._db, documents, "commitment", len(part)), (ledger, *part))
                rows.extend(cursor.fetchall())
            here = (documents.c.ledger == bindparam("l")) & (documents.c.commitment == bindparam("c"))
            gone = self._db.prepare("vault.drop", delete(documents).where(here)).text
            for row in rows:
                cursor.execute(gone, (ledger, row[1]))
            for subject in sorted({str(row[2]) for row in rows}):
                self._put_lookups(cursor, ledger, subject)
            insert_missing(self._db, cursor, erased, [(ledger, one) for one in commitments if corrected])
            replace_rows(self._db, cursor, meta, [note, *([(SCRUB, b"")] if rows and self._db.is_sqlite else [])])
        return len(rows)

    def _put_lookups(self, cursor: Cursor, ledger: str, subject: str) -> None:
        """Find a subject by its documents as they are now, and by nothing else."""
        cursor.execute(rows_with(self._db, documents, "subject", 1), (ledger, subject))
        rows = cursor.fetchall()
        keys, _ = self._find_keys(cursor, self._known, ledger, {subject})
        told = [looked_up(msgspec.json.decode(self._open(keys[subject], row).document)) for row in rows]
        here = (lookups.c.ledger == bindparam("l")) & (lookups.c.subject == bindparam("s"))
        cursor.execute(
            self._db.prepare(("vault.again", lookups.name), delete(lookups).where(here)).text, (ledger, subject)
        )
        blinds = {self.lookup_of(ledger, name, value) for one in told for name, value in one}
        insert_missing(self._db, cursor, lookups, [(ledger, blind, subject) for blind in blinds])

    def kept(self, ledger: str, after_at: int, upto_at: int, most: int) -> tuple[dict[str, int], int]:
        """Commitments of documents kept after one moment, with their moments (microseconds UTC), oldest first.

        About `most` of them, and up to which moment, at the latest `upto_at`, these are all there are.
        """
        c = documents.c
        ready = self._db.prepare(
            "vault.kept",
            select(c.commitment, c.kept_at)
            .where(c.ledger == bindparam("l"), c.kept_at > bindparam("a"), c.kept_at <= bindparam("u"))
            .order_by(c.kept_at)
            .limit(bindparam("n")),
        )
        values: dict[str, Any] = {"l": ledger, "a": after_at, "u": upto_at, "n": most}
        with self._reading() as (cursor, _):
            cursor.execute(ready.text, tuple(values[name] for name in ready.names))
            rows = cursor.fetchall()
            if len(rows) == most:
                # Those of the last moment may be cut off.
                upto_at = int(rows[-1][1])
                values.update(a=upto_at - 1, u=upto_at, n=2**31 - 1)
                cursor.execute(ready.text, tuple(values[name] for name in ready.names))
                rows += cursor.fetchall()
        return {str(commitment): int(at) for commitment, at in rows}, upto_at

    def scrub(self) -> bool:
        """After erasures cut off what SQLite's log still holds of them; False where a reader was in the way this time."""
        if not self._db.is_sqlite or self.note(SCRUB) is None:
            return True
        if not self._db.cut_log():
            return False
        with self._db.writing() as cursor:
            gone = self._db.prepare("vault.scrubbed", delete(meta).where(meta.c.name == bindparam("n")))
            cursor.execute(gone.text, (SCRUB,))
        return True

    # ---- what others derive and note -------------------------------------------------------------------------------

    def blind(self, ledger: str, purpose: str, value: bytes) -> str:
        """A keyed digest (128 bits) of something that must be recognised again but not guessed, such as a command key."""
        message = b"\x00".join((ledger.encode(), purpose.encode(), value))
        return as_text(hashlib.blake2b(message, key=self._blind_key, digest_size=16).digest())

    def lookup_of(self, ledger: str, field: str, value: str) -> str:
        """Under what a name or phone number is found."""
        return self.blind(ledger, "lookup:" + field, "".join(value.split()).casefold().encode())

    def note(self, name: str) -> bytes | None:
        """A row of `vault_meta`."""
        with self._reading() as (cursor, _):
            return meta_value(self._db, cursor, name)

    # ---- transactions and keys -------------------------------------------------------------------------------------

    @contextmanager
    def sealing(self, ledger: str, owners: set[str], *, at: int) -> Iterator[tuple[Cursor, Mapping[str, AESGCM]]]:
        """A transaction that writes, with the keys of these subjects; raises Refused `words_erased`, see `keep`."""
        with self._lock, self._writing() as (cursor, known):
            yield cursor, self._need_keys(cursor, known, ledger, owners, at)

    @contextmanager
    def opening(self) -> Iterator[tuple[Cursor, Callable[[str, set[str]], Mapping[str, AESGCM]]]]:
        """A transaction that reads, and what gives the keys that some subjects of a ledger have."""
        with self._reading() as (cursor, known):
            yield cursor, lambda ledger, wanted: self._find_keys(cursor, known, ledger, wanted)[0]

    @contextmanager
    def _writing(self) -> Iterator[tuple[Cursor, _Known]]:
        with self._db.writing() as cursor:
            cursor.execute(self._sql_epoch_held, (EPOCH,))
            yield cursor, self._known_at(cursor.fetchone(), settled=True)

    @contextmanager
    def _reading(self) -> Iterator[tuple[Cursor, _Known]]:
        with self._db.reading() as cursor:
            cursor.execute(self._sql_epoch, (EPOCH,))
            yield cursor, self._known_at(cursor.fetchone(), settled=False)

    def _known_at(self, row: Row | None, *, settled: bool) -> _Known:
        """The keys in memory as this transaction may use them: none from before an erasure, be it another process's.

        A reader may look at a moment that has passed: what it learns then is forgotten with it (unless `settled`).
        """
        epoch = bytes(row[0]) if row else None
        known = self._known
        if epoch == known.epoch:
            return known
        fresh = _Known(self._checked(epoch), {})
        if settled or not_older(fresh.epoch, known.epoch):
            self._known = fresh
        return fresh

    def _checked(self, epoch: bytes | None) -> bytes:
        if epoch is None or not hmac.compare_digest(check_of(epoch), self._check):
            raise Unusable("vault_key_changed")
        return epoch

    def _begin(self, first_blind: bytes) -> tuple[bytes, bytes]:
        """The epoch and the wrapped blind key, made where the vault is new; raises Unusable `vault_key_wrong`."""
        with self._db.writing() as cursor:
            before = meta_value(self._db, cursor, "key_check")  # as vaults were marked at first
            if before is not None and not hmac.compare_digest(before, self._check):
                raise Unusable("vault_key_wrong")
            if meta_value(self._db, cursor, EPOCH) is None:
                blind = wrapped(self._wrap, first_blind, BLIND)
                insert_missing(self._db, cursor, meta, [(BLIND, blind), (EPOCH, first_epoch(self._check))])
                gone = self._db.prepare("vault.scrubbed", delete(meta).where(meta.c.name == bindparam("n")))
                cursor.execute(gone.text, ("key_check",))
            epoch, kept = (meta_value(self._db, cursor, name) for name in (EPOCH, BLIND))
        if epoch is None or kept is None or not hmac.compare_digest(check_of(epoch), self._check):
            raise Unusable("vault_key_wrong")
        return epoch, kept

    def _need_keys(self, cursor: Cursor, known: _Known, ledger: str, wanted: set[str], at: int) -> Mapping[str, AESGCM]:
        keys, gone = self._find_keys(cursor, known, ledger, wanted)
        if gone:
            raise Refused("words_erased", subject=min(gone))
        rows: list[Row] = []
        for subject in sorted(wanted - keys.keys()):
            raw = os.urandom(32)
            rows.append((ledger, subject, wrapped(self._wrap, raw, bound_to(ledger, subject)), at))
            keys[subject] = AESGCM(raw)
        if rows:
            insert_missing(self._db, cursor, subjects, rows)
            if not self._db.is_sqlite:
                # Another process may have made a subject's key in the same moment: the one that is stored counts.
                again, _ = self._find_keys(cursor, _Known(known.epoch, {}), ledger, {str(row[1]) for row in rows})
                keys |= again
        return keys

    def _find_keys(
        self, cursor: Cursor, known: _Known, ledger: str, wanted: set[str]
    ) -> tuple[dict[str, AESGCM], set[str]]:
        """The keys of those subjects that have one, and those that were erased."""
        keys = {one: key for one in wanted if (key := known.keys.get((ledger, one))) is not None}
        gone: set[str] = set()
        for part in blocks(sorted(wanted - keys.keys())):
            cursor.execute(rows_with(self._db, subjects, "subject", len(part)), (ledger, *part))
            for _, subject, body, _ in cursor.fetchall():
                if not body:
                    gone.add(str(subject))
                    continue
                keys[subject] = AESGCM(unwrapped(self._wrap, bytes(body), bound_to(ledger, subject)))
                known.keys[(ledger, subject)] = keys[subject]
        if len(known.keys) > _CACHED_KEYS:
            known.keys.clear()
        return keys, gone

    def _open(self, key: AESGCM, row: Row) -> Opened:
        """A row of documents in clear; raises Unusable `vault_damaged`."""
        ledger, commitment, subject, sealed, kept_at = row
        body = bytes(sealed)
        try:
            plain = key.decrypt(body[:NONCE], body[NONCE:], bound(ledger, subject, commitment))
        except InvalidTag:
            raise Unusable("vault_damaged", commitment=commitment) from None
        if not hmac.compare_digest(commit(plain[:32], plain[32:]), commitment):
            raise Unusable("vault_damaged", commitment=commitment)
        return Opened(commitment, plain[:32], plain[32:], int(kept_at))
