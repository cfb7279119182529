"""People are not in the journal (design §1.7): names, phones, addresses, ID numbers and free text live here.

Each subject has a data key, wrapped by a master key that is outside any database. A document is the words of one
command as JSON, encrypted with AES-256-GCM under its subject's key. The event carries only a commitment: HMAC-SHA256
of the document under a random 256-bit opening that is encrypted along with it. Erasing destroys rows and key, so that the
opening is gone and the commitment says nothing any more; every seal over the event still holds.

The vault is written before the fact: an orphan row is harmless.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from ledger.errors import Unusable
from ledger.journal.rows import insert_missing, insert_rows
from ledger.journal.sql import Cursor, Database, Row, blocks

metadata = MetaData()
"""Tables of the vault's own database."""

_meta = Table(
    "vault_meta", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False)
)
_subjects = Table(
    "vault_subjects",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
_documents = Table(
    "vault_documents",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("commitment", Text, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
_lookups = Table(
    "vault_lookups",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("blind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
)
"""Blind index: who has this name or phone number, by a keyed digest of it."""

LOOKED_UP = ("name", "phone")
_S = TypeVar("_S", bound=msgspec.Struct)
_NONCE = 12
_CACHED_KEYS = 50_000


class SealedWords(NamedTuple):
    """Words ready to be kept: the commitment that goes into the event, and what the vault needs to write."""

    commitment: str
    subject: str
    document: bytes
    opening: bytes
    lookups: tuple[tuple[str, str], ...]


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _text(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()


def commit(opening: bytes, document: bytes) -> str:
    """The commitment to a document: unguessable without its opening, and binding."""
    return _text(hmac.digest(opening, document, "sha256"))


class Vault:
    """Personal data and free text of all ledgers of one installation.

    `master_key`: 32 bytes that live outside the database. Raises Unusable `vault_key_wrong` where the database was
    made under another key.
    """

    def __init__(self, database: Database, master_key: bytes) -> None:
        self._db = database
        derive = _derive(master_key)
        self._wrap, self._blind_key, check = AESGCM(derive(b"wrap")), derive(b"blind"), derive(b"check")
        self._keys: dict[tuple[str, str], AESGCM] = {}
        self._lock = Lock()
        d = database
        self._sql_meta = d.prepare("vault.meta", select(_meta.c.value).where(_meta.c.name == bindparam("n")))
        self._put_meta = d.prepare("vault.meta.put", insert(_meta))
        self._get_lookup = d.prepare(
            "vault.lookup",
            select(_lookups.c.subject).where(_lookups.c.ledger == bindparam("l"), _lookups.c.blind == bindparam("b")),
        )
        self._check_key(hashlib.sha256(check).digest())

    # ---- sealing and keeping -------------------------------------------------------------------------------------

    def seal(self, ledger: str, subject: str, words: msgspec.Struct) -> SealedWords:
        """Commit to words about a subject; nothing is written yet."""
        document = msgspec.json.encode(words)
        opening = os.urandom(32)
        fields = msgspec.to_builtins(words)
        lookups = tuple((name, fields[name]) for name in LOOKED_UP if fields.get(name))
        return SealedWords(commit(opening, document), subject, document, opening, lookups)

    def keep(self, ledger: str, sealed: Sequence[SealedWords], *, at: int) -> None:
        """Write sealed words, all in one transaction; call it before the facts that commit to them are appended."""
        if not sealed:
            return
        with self._lock, self._db.writing() as cursor:
            keys = self._need_keys(cursor, ledger, {one.subject for one in sealed}, at)
            documents: list[Row] = []
            lookups: dict[Row, None] = {}
            for one in sealed:
                nonce = os.urandom(_NONCE)
                body = keys[one.subject].encrypt(nonce, one.opening + one.document, _bound(ledger, one))
                documents.append((ledger, one.commitment, one.subject, nonce + body))
                for name, value in one.lookups:
                    lookups[(ledger, self._blind(ledger, name, value), one.subject)] = None
            insert_rows(self._db, cursor, _documents, documents)
            insert_missing(self._db, cursor, _lookups, list(lookups))

    # ---- reading -------------------------------------------------------------------------------------------------

    def read(self, ledger: str, commitments: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents behind commitments, as plain values. What was erased (or never kept) is not in the answer."""
        wanted = sorted({one for one in commitments if one})
        if not wanted:
            return {}
        rows: list[Row] = []
        with self._db.reading() as cursor:
            for part in blocks(wanted):
                cursor.execute(self._some_documents(len(part)), (ledger, *part))
                rows.extend(cursor.fetchall())
            keys = self._find_keys(cursor, ledger, {str(row[1]) for row in rows})
        found: dict[str, dict[str, Any]] = {}
        for commitment, subject, body in rows:
            key = keys.get(subject)
            if key is None:
                continue
            opening, document = self._open(key, ledger, commitment, subject, bytes(body))
            if not hmac.compare_digest(commit(opening, document), commitment):
                raise Unusable("vault_damaged", commitment=commitment)
            found[commitment] = msgspec.json.decode(document)
        return found

    def find(self, ledger: str, field: str, value: str) -> list[str]:
        """The subjects whose `name` or `phone` is exactly this, oldest first."""
        with self._db.reading() as cursor:
            return sorted(self._subjects_of(cursor, ledger, self._blind(ledger, field, value)))

    def erase(self, ledger: str, subject: str) -> int:
        """Destroy a subject's documents, look-ups and key; gives how many documents there were."""
        with self._lock, self._db.writing() as cursor:
            count = 0
            for table in (_documents, _lookups, _subjects):
                statement = delete(table).where(table.c.ledger == bindparam("l"), table.c.subject == bindparam("s"))
                cursor.execute(self._db.prepare(("vault.erase", table.name), statement).text, (ledger, subject))
                count += cursor.rowcount if table is _documents else 0
            self._keys.pop((ledger, subject), None)
        return count

    def blind(self, ledger: str, purpose: str, value: bytes) -> str:
        """A keyed digest (128 bits) of something that must be recognised again but not guessed, such as a command key."""
        message = b"\x00".join((ledger.encode(), purpose.encode(), value))
        return _text(hashlib.blake2b(message, key=self._blind_key, digest_size=16).digest())

    # ---- keys ----------------------------------------------------------------------------------------------------

    def _blind(self, ledger: str, field: str, value: str) -> str:
        return self.blind(ledger, "lookup:" + field, "".join(value.split()).casefold().encode())

    def _check_key(self, fingerprint: bytes) -> None:
        with self._db.writing() as cursor:
            cursor.execute(self._sql_meta.text, ("key_check",))
            row = cursor.fetchone()
            if row is None:
                cursor.execute(self._put_meta.text, ("key_check", fingerprint))
            elif not hmac.compare_digest(bytes(row[0]), fingerprint):
                raise Unusable("vault_key_wrong")

    def _need_keys(self, cursor: Cursor, ledger: str, subjects: set[str], at: int) -> Mapping[str, AESGCM]:
        keys = self._find_keys(cursor, ledger, subjects)
        rows: list[Row] = []
        for subject in sorted(subjects - keys.keys()):
            raw = os.urandom(32)
            nonce = os.urandom(_NONCE)
            wrapped = nonce + self._wrap.encrypt(nonce, raw, f"{ledger}\n{subject}".encode())
            rows.append((ledger, subject, wrapped, at))
            keys[subject] = AESGCM(raw)
        if rows:
            insert_missing(self._db, cursor, _subjects, rows)
            if not self._db.is_sqlite:
                # Another process may have made a subject's key in the same moment: the one that is stored counts.
                keys |= self._find_keys(cursor, ledger, {str(row[1]) for row in rows}, remember=False)
        return keys

    def _find_keys(
        self, cursor: Cursor, ledger: str, subjects: set[str], *, remember: bool = True
    ) -> dict[str, AESGCM]:
        """The keys of those subjects that have one; not to be remembered where they may yet be rolled back."""
        keys = {one: key for one in subjects if (key := self._keys.get((ledger, one))) is not None}
        for part in blocks(sorted(subjects - keys.keys())):
            cursor.execute(self._some_subjects(len(part)), (ledger, *part))
            for subject, wrapped in cursor.fetchall():
                body = bytes(wrapped)
                try:
                    raw = self._wrap.decrypt(body[:_NONCE], body[_NONCE:], f"{ledger}\n{subject}".encode())
                except InvalidTag:
                    raise Unusable("vault_damaged", subject=subject) from None
                keys[subject] = AESGCM(raw)
                if remember:
                    self._keys[(ledger, subject)] = keys[subject]
        if len(self._keys) > _CACHED_KEYS:
            self._keys.clear()
        return keys

    def _open(self, key: AESGCM, ledger: str, commitment: str, subject: str, body: bytes) -> tuple[bytes, bytes]:
        bound = f"{ledger}\n{subject}\n{commitment}".encode()
        try:
            plain = key.decrypt(body[:_NONCE], body[_NONCE:], bound)
        except InvalidTag:
            raise Unusable("vault_damaged", commitment=commitment) from None
        return plain[:32], plain[32:]

    def _subjects_of(self, cursor: Cursor, ledger: str, blind: str) -> set[str]:
        cursor.execute(self._get_lookup.text, (ledger, blind))
        return {str(row[0]) for row in cursor.fetchall()}

    def _some_documents(self, size: int) -> str:
        names: list[BindParameter[str]] = [bindparam(f"c{i}") for i in range(size)]
        statement = select(_documents.c.commitment, _documents.c.subject, _documents.c.sealed).where(
            _documents.c.ledger == bindparam("l"), _documents.c.commitment.in_(names)
        )
        return (
            self._db.prepared(("vault.documents", size)) or self._db.prepare(("vault.documents", size), statement)
        ).text

    def _some_subjects(self, size: int) -> str:
        names: list[BindParameter[str]] = [bindparam(f"s{i}") for i in range(size)]
        statement = select(_subjects.c.subject, _subjects.c.wrapped_key).where(
            _subjects.c.ledger == bindparam("l"), _subjects.c.subject.in_(names)
        )
        return (
            self._db.prepared(("vault.subjects", size)) or self._db.prepare(("vault.subjects", size), statement)
        ).text


def _bound(ledger: str, one: SealedWords) -> bytes:
    """What a ciphertext is tied to, so that rows cannot be swapped."""
    return f"{ledger}\n{one.subject}\n{one.commitment}".encode()


def _derive(master_key: bytes):  # type: ignore[no-untyped-def]  # a closure from purpose to 32 bytes
    if len(master_key) != 32:
        raise Unusable("vault_key_wrong")
    return lambda purpose: HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nuanlin/vault/" + purpose).derive(
        master_key
    )


def load_master_key(path: Path, *, create: bool) -> bytes:
    """The master key in a file (base64), made on first use if `create`; only its owner may read it.

    Raises Unusable `vault_key_missing` or `vault_key_wrong`.
    """
    if not path.exists():
        if not create:
            raise Unusable("vault_key_missing", file=path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            handle = os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)
        except FileExistsError:
            return load_master_key(path, create=False)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        raise Unusable("vault_key_wrong", file=path.name) from None
    if len(key) != 32:
        raise Unusable("vault_key_wrong", file=path.name)
    return key
