"""What anybody may ask of the seals: checkpoints with their cosignatures, proofs, tiles and receipts.

Only `cosign` writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Column, bindparam, func, select
from sqlalchemy.sql.expression import ClauseElement

from ledger.clock import MICROS_PER_SECOND
from ledger.errors import NotFound, Refused
from ledger.journal.rows import replace_rows
from ledger.journal.sql import Cursor, Database, Row
from ledger.seal.keys import Keys
from ledger.seal.merkle import HASH_BYTES, SHA256, Hashing
from ledger.seal.notes import WITNESS, Verifier, read_line, split_note
from ledger.seal.reading import Journal
from ledger.seal.receipts import receipt_text
from ledger.seal.tables import seal_checkpoints, seal_cosignatures
from ledger.seal.tiles import WIDTH, Tiles

_c, _w = seal_checkpoints.c, seal_cosignatures.c
_ALL = 2**62


class Cosignature(NamedTuple):
    """What a witness signed of a checkpoint: the line as it stands in the note, and when (microseconds UTC)."""

    witness: str
    line: str
    at: int


class StoredCheckpoint(NamedTuple):
    """A checkpoint that was signed. `at`: when, microseconds UTC · `signed`: the note with the log's signature alone."""

    size: int
    root: bytes
    signed: str
    at: int
    cosignatures: tuple[Cosignature, ...]

    @property
    def note(self) -> str:
        """The note with the log's signature and those of the witnesses."""
        return self.signed + "".join(one.line for one in self.cosignatures)


class Seals:
    """The seals of all ledgers of a database."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db, self._keys = database, keys

    # ---- keys and checkpoints ----------------------------------------------------------------------------------------

    def origin(self, ledger: str) -> str:
        """The name of a ledger's log, which is the first line of its checkpoints and its key's name."""
        return self._keys.origin(ledger)

    def vkey(self, ledger: str) -> str:
        """The public key to give to others. Raises Unusable `seal_key_missing` or `seal_key_wrong`."""
        return self._keys.signer(ledger).vkey

    def verifier(self, ledger: str) -> Verifier:
        """What checks a ledger's checkpoints, by the key in this installation's file."""
        return self._keys.signer(ledger).verifier()

    def latest(self, ledger: str) -> StoredCheckpoint | None:
        """The last checkpoint; None where nothing was sealed."""
        largest = select(func.max(_c.size)).where(_c.ledger == bindparam("m")).scalar_subquery()
        with self._db.reading() as cursor:
            found = self._found(cursor, ledger, "seals.latest", _c.size == largest, ledger)
        return found[0] if found else None

    def at_size(self, ledger: str, size: int) -> StoredCheckpoint | None:
        """The checkpoint of exactly that size, if one was signed."""
        with self._db.reading() as cursor:
            found = self._found(cursor, ledger, "seals.size", _c.size == bindparam("s"), size)
        return found[0] if found else None

    def listed(self, ledger: str, *, after: int = 0, limit: int = -1) -> list[StoredCheckpoint]:
        """The checkpoints of more than `after` leaves, smallest first; at most `limit` of them where it is not negative."""
        most = limit if limit >= 0 else _ALL
        with self._db.reading() as cursor:
            return self._found(cursor, ledger, "seals.listed", _c.size > bindparam("s"), after, limit=most)

    def before(self, ledger: str, size: int, *, limit: int) -> list[StoredCheckpoint]:
        """The last checkpoints of fewer than `size` leaves, the largest first."""
        query = (
            select(_c.size)
            .where(_c.ledger == bindparam("l"), _c.size < bindparam("s"))
            .order_by(_c.size.desc())
            .limit(bindparam("n"))
        )
        with self._db.reading() as cursor:
            cursor.execute(self._db.prepare("seals.before", query).text, (ledger, size, limit))
            sizes = [int(row[0]) for row in cursor.fetchall()]
            if not sizes:
                return []
            found = self._found(
                cursor, ledger, "seals.listed", _c.size > bindparam("s"), sizes[-1] - 1, limit=len(sizes)
            )
        return found[::-1]

    def cosign(self, ledger: str, size: int, line: str, witness: Verifier) -> int:
        """Keep a witness's signature line under a checkpoint, once it is checked; gives the time in it, microseconds UTC.

        A later one of the same witness replaces it. Raises NotFound `no_such_checkpoint`, Refused `bad_note` or
        `bad_signature`.
        """
        stored = self.at_size(ledger, size)
        if stored is None:
            raise NotFound("no_such_checkpoint", size=size)
        given = read_line(line)
        if (given.name, given.key_id, witness.kind) != (witness.name, witness.key_id, WITNESS):
            raise Refused("bad_signature", name=witness.name)
        seconds = witness.check(split_note(stored.signed)[0], given.signature)
        assert seconds is not None, "a witness signs with a time"
        at = seconds * MICROS_PER_SECOND
        with self._db.writing() as cursor:
            replace_rows(self._db, cursor, seal_cosignatures, [(ledger, size, witness.name, line, at)])
        return at

    # ---- proofs ------------------------------------------------------------------------------------------------------

    def root_at(self, ledger: str, size: int, hashing: Hashing = SHA256) -> bytes:
        """The root over the first `size` events; raises NotFound `not_sealed_yet`."""
        with self._tiles(ledger, size, hashing) as tiles:
            return tiles.root_at(size)

    def inclusion_proof(self, ledger: str, index: int, size: int) -> list[bytes]:
        """The proof that a leaf is in the tree of that size; raises NotFound `not_sealed_yet`."""
        if not 0 <= index < size:
            raise NotFound("not_sealed_yet", position=index + 1)
        with self._tiles(ledger, size) as tiles:
            return tiles.inclusion_proof(index, size)

    def consistency_proof(self, ledger: str, old_size: int, new_size: int) -> list[bytes]:
        """The proof that the tree of the new size begins with that of the old; raises NotFound `not_sealed_yet`, Refused
        `sizes_reversed`."""
        if not 0 <= old_size <= new_size:
            raise Refused("sizes_reversed")
        with self._tiles(ledger, new_size) as tiles:
            return tiles.consistency_proof(old_size, new_size)

    def tile(self, ledger: str, level: int, number: int, width: int = WIDTH) -> bytes:
        """The first `width` hashes of a tile; raises NotFound `no_such_tile` where there are not so many."""
        with self._db.reading() as cursor:
            raw = Tiles(self._db, ledger, cursor).tile(level, number)[: width * HASH_BYTES]
        if len(raw) < width * HASH_BYTES:
            raise NotFound("no_such_tile")
        return raw

    # ---- receipts ----------------------------------------------------------------------------------------------------

    def receipt(self, ledger: str, position: int) -> str:
        """The receipt of one record, a c2sp.org/tlog-proof text.

        It speaks of the last checkpoint that witnesses have cosigned, if one covers the record, else of the last one: what
        others have seen says more. Raises NotFound `no_such_position` or `not_sealed_yet`.
        """
        with self._db.reading() as cursor:
            head = Journal(self._db, cursor, ledger).head()
            if not 1 <= position <= head:
                raise NotFound("no_such_position", position=position, head=head)
            checkpoint = self._covering(cursor, ledger, position)
            if checkpoint is None:
                raise NotFound("not_sealed_yet", position=position)
            proof = Tiles(self._db, ledger, cursor).inclusion_proof(position - 1, checkpoint.size)
        return receipt_text(position - 1, proof, checkpoint.note)

    def record(self, ledger: str, position: int) -> bytes:
        """The exact bytes of a record's leaf, which a receipt is about; raises NotFound `no_such_position`."""
        with self._db.reading() as cursor:
            journal = Journal(self._db, cursor, ledger)
            head = journal.head()
            if not 1 <= position <= head:
                raise NotFound("no_such_position", position=position, head=head)
            return journal.leaves(position, position)[0]

    # ---- rows --------------------------------------------------------------------------------------------------------

    def _covering(self, cursor: Cursor, ledger: str, position: int) -> StoredCheckpoint | None:
        cosigned = select(func.max(_w.size)).where(_w.ledger == bindparam("m"), _w.size >= bindparam("p"))
        largest = select(func.max(_c.size)).where(_c.ledger == bindparam("n"), _c.size >= bindparam("q"))
        wanted = func.coalesce(cosigned.scalar_subquery(), largest.scalar_subquery())
        asked = (ledger, position, ledger, position)
        found = self._found(cursor, ledger, "seals.covering", _c.size == wanted, *asked)
        return found[0] if found else None

    def _found(
        self, cursor: Cursor, ledger: str, key: str, which: Any, *given: object, limit: int = 1
    ) -> list[StoredCheckpoint]:
        """Checkpoints by size, with what witnesses signed of them."""
        columns = (_c.size, _c.root, _c.note, _c.at)
        rows = self._rows(cursor, key, _select(columns, _c.ledger, which, _c.size), ledger, *given, limit)
        if not rows:
            return []
        between = _w.size.between(bindparam("a"), bindparam("b"))
        lines = _select((_w.size, _w.witness, _w.line, _w.at), _w.ledger, between, _w.size, _w.witness)
        cosigned: dict[int, list[Cosignature]] = {}
        for size, *rest in self._rows(cursor, "seals.lines", lines, ledger, rows[0][0], rows[-1][0], _ALL):
            cosigned.setdefault(int(size), []).append(Cosignature(*rest))
        return [
            StoredCheckpoint(int(size), bytes(root), note, int(at), tuple(cosigned.get(int(size), ())))
            for size, root, note, at in rows
        ]

    def _rows(self, cursor: Cursor, key: str, statement: ClauseElement, *given: object) -> list[Row]:
        cursor.execute(self._db.prepare(key, statement).text, given)
        return cursor.fetchall()

    @contextmanager
    def _tiles(self, ledger: str, size: int, hashing: Hashing = SHA256) -> Iterator[Tiles]:
        """The tiles of a tree that was sealed at least up to that size."""
        with self._db.reading() as cursor:
            last = Journal(self._db, cursor, ledger).last_checkpoint()
            if last is None or not 0 <= size <= last.size:
                raise NotFound("not_sealed_yet", position=size)
            yield Tiles(self._db, ledger, cursor, hashing)


def _select(columns: Sequence[Column[Any]], owner: Column[Any], which: Any, *order: Column[Any]) -> ClauseElement:
    """Rows of one ledger: its slug is bound first, the limit last."""
    return select(*columns).where(owner == bindparam("l"), which).order_by(*order).limit(bindparam("z"))


def any_checkpoint(database: Database) -> bool:
    """Whether anything was ever signed in a database: then a missing key is an error, not a new beginning."""
    with database.reading() as cursor:
        cursor.execute(database.prepare("seals.any", select(_c.size).limit(bindparam("z"))).text, (1,))
        return cursor.fetchone() is not None
