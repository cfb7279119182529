"""A witness: it cosigns a log's checkpoint only if that grew out of the last one it cosigned (c2sp.org/tlog-witness).

All it has is a folder: `witness.key` (its secret key, 0600), `witness.db` (SQLite: whom it watches, and every checkpoint it
cosigned, one root for each size), and `evidence/`. It knows nothing of Nuanlin's ledgers and needs none of their files.

A checkpoint is on the disk before its cosignature leaves: whoever kills the witness at any moment finds it, when it
starts again, unable to sign another history. The whole of looking, judging and writing is one transaction that locks
the file, so that threads and processes at once make no difference.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.clock import MICROS_PER_SECOND, Clock, system_clock
from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.seal.comparing import Verdict, compare
from ledger.seal.evidence import Evidence, Finding, Kept
from ledger.seal.files import write_new
from ledger.seal.merkle import EMPTY_ROOT
from ledger.seal.notes import (
    LOG,
    WITNESS,
    Checkpoint,
    Signer,
    Verifier,
    checkpoint_of,
    from_base64,
    open_note,
    split_note,
    to_base64,
)
from ledger.seal.submission import Submission

KEY_FILE, MEMORY_FILE, EVIDENCE_FOLDER = "witness.key", "witness.db", "evidence"

_VERSION = 1
_WAIT_SECONDS = 10.0
_TABLES = f"""
CREATE TABLE IF NOT EXISTS watched (origin TEXT NOT NULL, vkey TEXT NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (origin, vkey)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cosigned (origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL, note TEXT NOT NULL,
  seconds INTEGER NOT NULL, PRIMARY KEY (origin, size)) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""
# The primary key allows one root for each size, whatever the program may think; a root is never updated.
_LAST = "SELECT size, root, note, seconds FROM cosigned WHERE origin = ? ORDER BY size DESC LIMIT 1"
_AT_SIZE = "SELECT size, root, note, seconds FROM cosigned WHERE origin = ? AND size = ?"
_KEEP = """INSERT INTO cosigned (origin, size, root, note, seconds) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (origin, size) DO UPDATE SET note = excluded.note, seconds = excluded.seconds"""


class Cosigned(NamedTuple):
    """A checkpoint as the witness signed it: the note with its cosignature, and when, in seconds since the epoch."""

    checkpoint: Checkpoint
    note: str
    seconds: int


class Watched(NamedTuple):
    """A log that is watched, under the keys it may sign with, and the last checkpoint cosigned, if there is one."""

    origin: str
    vkeys: tuple[str, ...]
    last: Cosigned | None


class _Turned(NamedTuple):
    """A submission turned away: with which error, given the id of what was kept of it, and what is to be kept."""

    error: Callable[[str], NuanlinError]
    finding: Finding | None = None


class Witness:
    """A witness over its folder; every method may be called by several threads and processes at once."""

    def __init__(self, folder: Path, signer: Signer, clock: Clock = system_clock) -> None:
        self.folder, self._signer, self._clock = folder, signer, clock
        self.evidence = Evidence(folder / EVIDENCE_FOLDER)
        self._memory = folder / MEMORY_FILE

    @classmethod
    def make(cls, folder: Path, name: str, *, clock: Clock = system_clock) -> Self:
        """A new witness with a key of its own; `name` should be an address without its scheme, `witness.example`.

        Raises Conflict `witness_has_key` where the folder has one, and Refused `bad_key` for a name that cannot be one.
        """
        signer = Signer(name, Ed25519PrivateKey.generate(), WITNESS)
        folder.mkdir(parents=True, exist_ok=True)
        # The memory comes first: a key that is there says that a memory must be there too.
        with closing(sqlite3.connect(folder / MEMORY_FILE, timeout=_WAIT_SECONDS)) as database:
            database.executescript(_TABLES)
        try:
            write_new(folder / KEY_FILE, signer.skey + "\n", mode=0o600)
        except FileExistsError:
            raise Conflict("witness_has_key", folder=str(folder)) from None
        return cls(folder, signer, clock)

    @classmethod
    def open(cls, folder: Path, *, clock: Clock = system_clock) -> Self:
        """The witness of a folder.

        Raises NotFound `no_witness_here` without a key, Unusable `witness_key_wrong` for one that cannot be read, and
        `witness_memory_missing` where there is a key but no memory: a witness that forgot would sign any history.
        """
        try:
            signer = Signer.from_skey((folder / KEY_FILE).read_text("utf-8").strip())
        except FileNotFoundError:
            raise NotFound("no_witness_here", folder=str(folder)) from None
        except (Refused, UnicodeDecodeError):
            raise Unusable("witness_key_wrong", file=str(folder / KEY_FILE)) from None
        if signer.kind != WITNESS:
            raise Unusable("witness_key_wrong", file=str(folder / KEY_FILE))
        witness = cls(folder, signer, clock)
        with witness._database() as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            raise Unusable("witness_memory_unusable", reason=f"version {version}")
        return witness

    @property
    def name(self) -> str:
        """The name it signs under."""
        return self._signer.name

    @property
    def vkey(self) -> str:
        """Its public key, for whoever checks its cosignatures."""
        return self._signer.vkey

    def trust(self, vkey: str, *, also: bool = False) -> Watched:
        """Watch the log of this key from now on; its origin is the key's name.

        With `also` a log that is watched gets one more key, should it change its own; without, a key of the same name is taken
        for another log's. Raises Refused `bad_key` for what is no vkey of a log, Conflict `log_has_key`.
        """
        verifier = Verifier(vkey)
        if verifier.kind != LOG:
            raise Refused("bad_key")
        with self._transaction() as database:
            others = "SELECT count(*) FROM watched WHERE origin = ? AND vkey <> ?"
            if not also and database.execute(others, (verifier.name, vkey)).fetchone() != (0,):
                raise Conflict("log_has_key", origin=verifier.name)
            values = (verifier.name, vkey, self._clock())
            database.execute("INSERT INTO watched VALUES (?, ?, ?) ON CONFLICT DO NOTHING", values)
        return self.watched(verifier.name)

    def logs(self) -> list[Watched]:
        """All logs it watches, by origin."""
        with self._database() as database:
            origins = [str(row[0]) for row in database.execute("SELECT DISTINCT origin FROM watched ORDER BY origin")]
        return [self.watched(origin) for origin in origins]

    def watched(self, origin: str) -> Watched:
        """One log that it watches; raises NotFound `unknown_log`."""
        with self._database() as database:
            rows = database.execute(
                "SELECT vkey FROM watched WHERE origin = ? ORDER BY since, vkey", (origin,)
            ).fetchall()
            if not rows:
                raise NotFound("unknown_log", origin=origin[:200])
            return Watched(origin, tuple(str(row[0]) for row in rows), _read(database, origin, _LAST, (origin,)))

    def add_checkpoint(self, old_size: int, proof: Sequence[bytes], note: str | bytes) -> str:
        """The cosignature line for a signed checkpoint; it is remembered before this returns.

        `old_size`: the size of the last checkpoint this witness cosigned, as the caller believes · `proof`: from that size.

        Raises, in the order in which the specification asks: Refused `bad_note` (malformed), NotFound `unknown_log`,
        Refused `bad_signature`, `old_size_too_large`, Conflict `witness_at_other_size` with that `size`, Refused
        `false_empty_root`, `two_roots`, `bad_proof`. Where something was kept as evidence the error's `evidence` is its id.
        """
        origin = split_note(note)[0].partition("\n")[0]
        verifiers = [Verifier(vkey) for vkey in self.watched(origin).vkeys]
        text = open_note(note, verifiers).text
        new = checkpoint_of(text)
        with self._transaction() as database:
            turned = self._judge(database, Submission(old_size, tuple(proof), _bytes(note)), new)
            if turned is None:
                seconds = self._clock() // MICROS_PER_SECOND
                line = self._signer.line(text, seconds=seconds)
                kept = text + "\n" + _lines_of(note, verifiers) + line
                database.execute(_KEEP, (origin, new.size, to_base64(new.root), kept, seconds))
                return line
        raise turned.error(self._keep(turned.finding))

    def findings(self) -> list[Kept]:
        """All evidence, oldest first; a suspicion counts as connected where the checkpoint was cosigned later, too."""
        found = []
        with self._database() as database:
            for one in self.evidence.listed():
                later = _read(database, one.origin, _AT_SIZE, (one.origin, one.other_size))
                joined = not one.proven and later is not None and to_base64(later.checkpoint.root) == one.other_root
                found.append(one._replace(connected=one.connected or joined))
        return found

    def settle(self, finding_id: str, proof: Sequence[bytes]) -> tuple[Verdict, str | None]:
        """What a proof that came later makes of a finding, and the id of a further finding where it convicts the log.

        A proof that connects the two checkpoints is put beside them. Raises NotFound `no_such_finding`.
        """
        folder = self.evidence.get(finding_id).folder
        other_note = (folder / "other.note").read_text("utf-8")
        other = checkpoint_of(split_note(other_note)[0])
        known_file = folder / "known.note"
        if not known_file.exists():
            return "false_empty", None
        known_note = known_file.read_text("utf-8")
        known = checkpoint_of(split_note(known_note)[0])
        verdict = compare(known, other, proof)
        if verdict == "connected":
            self.evidence.dispel(finding_id, proof)
        if verdict != "forked":
            return verdict, None
        further = Finding("forked", known.origin, known, known_note, other, other_note, tuple(proof))
        return verdict, self._keep(further) or None

    def _judge(self, database: sqlite3.Connection, asked: Submission, new: Checkpoint) -> _Turned | None:
        """Why a checkpoint gets no cosignature, in the order of the specification; None where it gets one."""
        last = _read(database, new.origin, _LAST, (new.origin,))
        same = _read(database, new.origin, _AT_SIZE, (new.origin, new.size))
        last_size = last.checkpoint.size if last else 0
        note, proof = asked.note.decode(), asked.proof
        finding = _finding(last, same, new, note)
        if asked.old_size > new.size:
            return _Turned(lambda kept: Refused("old_size_too_large", size=new.size, evidence=kept), finding)
        if asked.old_size != last_size:
            return _Turned(lambda kept: Conflict("witness_at_other_size", size=last_size, evidence=kept), finding)
        if new.size == 0 and new.root != EMPTY_ROOT:
            return _Turned(lambda kept: Refused("false_empty_root", evidence=kept), finding)
        if finding is not None:
            return _Turned(lambda kept: Refused("two_roots", size=new.size, evidence=kept), finding)
        if proof and (last_size == 0 or new.size == last_size):
            return _Turned(lambda kept: Refused("bad_proof", reason="length", evidence=kept))
        verdict = compare(last.checkpoint, new, proof) if last else "connected"
        if last is None or verdict in ("same", "connected"):
            return None
        finding = Finding(verdict, new.origin, last.checkpoint, last.note, new, note, proof)
        return _Turned(lambda kept: Refused("bad_proof", reason=verdict, evidence=kept), finding)

    def _keep(self, finding: Finding | None) -> str:
        """Keep a finding, if there is one; gives its id, empty where nothing was kept."""
        if finding is None:
            return ""
        keys = {"log": self.watched(finding.origin).vkeys, "witness": (self.vkey,)}
        try:
            return self.evidence.keep(finding, at=self._clock(), keys=keys) or ""
        except OSError as error:
            raise Unusable("evidence_unwritable", reason=error.strerror or str(error)) from error

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """The memory, opened for one piece of work; raises Unusable where it cannot be."""
        if not self._memory.is_file():
            raise Unusable("witness_memory_missing", file=str(self._memory))
        try:
            # mode=rw: never makes an empty one, should the file vanish this very moment.
            where = f"{self._memory.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(where, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
                # EXTRA: the folder too is on the disk before a commit returns (SQLite, PRAGMA synchronous).
                database.execute("PRAGMA synchronous = EXTRA")
                yield database
        except sqlite3.Error as error:
            raise Unusable("witness_memory_unusable", reason=str(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The memory, locked from before the first look until what was written is on the disk."""
        with self._database() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


def _bytes(note: str | bytes) -> bytes:
    return note.encode() if isinstance(note, str) else note


def _lines_of(note: str | bytes, verifiers: Sequence[Verifier]) -> str:
    """The signature lines of these keys, which are all that is worth remembering of a note's."""
    keys = {(one.name, one.key_id) for one in verifiers}
    return "".join(one.line for one in split_note(note)[1] if (one.name, one.key_id) in keys)


def _read(database: sqlite3.Connection, origin: str, query: str, values: tuple[object, ...]) -> Cosigned | None:
    row = database.execute(query, values).fetchone()
    if row is None:
        return None
    size, root, note, seconds = row
    return Cosigned(Checkpoint(origin, int(size), from_base64(root)), str(note), int(seconds))


def _finding(last: Cosigned | None, same: Cosigned | None, new: Checkpoint, note: str) -> Finding | None:
    """What the checkpoint shows beside those remembered, before any proof is looked at."""
    if new.size == 0 and new.root != EMPTY_ROOT:
        return Finding("false_empty", new.origin, None, "", new, note)
    if same is not None:
        if same.checkpoint.root == new.root:
            return None
        return Finding("two_roots", new.origin, same.checkpoint, same.note, new, note)
    if last is not None and new.size < last.checkpoint.size:
        return Finding("older", new.origin, last.checkpoint, last.note, new, note)
    return None
