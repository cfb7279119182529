"""The follower that seals: it hashes the journal's rows into tiles and signs checkpoints, and signs nothing it has not checked.

One step takes up to 1,000 events. Tiles, checkpoint and position are written in one small transaction, in which the row of
`followers` is the lock; reading and hashing are done before, so that writers hardly notice. The tree is therefore never
larger than its last checkpoint, and a sealer that is killed anywhere goes on exactly after it.

Before it signs, a step has seen: the events that stand in the last tile hash to it; the stored hashes give the root of the
last checkpoint, which its own key has signed; the new tree begins with the old one. Otherwise it stops with Unusable
`seal_broken`, `journal_went_back` or `seal_key_wrong`, and only people can help.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from ledger.clock import MICROS_PER_SECOND, Clock
from ledger.errors import NuanlinError, Refused, Unusable
from ledger.journal.rows import insert_missing, insert_rows, replace_rows
from ledger.journal.sql import Cursor, Database
from ledger.journal.tables import followers, ledgers
from ledger.seal.keys import Keys
from ledger.seal.merkle import SHA256, Hashing, check_consistency
from ledger.seal.notes import Checkpoint, checkpoint_of, checkpoint_text, from_base64, open_note, sign_note, to_base64
from ledger.seal.reading import FOLLOWER, Journal
from ledger.seal.tables import seal_checkpoints, seal_tiles
from ledger.seal.tiles import WIDTH, Edge, Tile, Tiles

BATCH = 1_000
"""Events of one step: so many are sealed at once however young they are. Choice (design §1.8)."""
AGE_SECONDS = 10
"""An event is sealed at the latest so long after it was recorded. Choice (design §1.8)."""
_LOOK_SECONDS = 1
_PAUSE_SECONDS = 30


class _Growth(NamedTuple):
    """What one step adds to one tree."""

    hashing: Hashing
    before: Edge
    after: Edge
    tiles: dict[Tile, bytes]


class Sealer:
    """Seals all ledgers of a database. `second`: a further hash function whose root every checkpoint then names too."""

    def __init__(self, database: Database, keys: Keys, clock: Clock, *, second: Hashing | None = None) -> None:
        self._db, self._keys, self._clock = database, keys, clock
        self._hashings = (SHA256, second) if second else (SHA256,)
        self._lock = threading.Lock()
        self._looked_at, self._rest = 0, 0
        here = (followers.c.ledger == bindparam("l")) & (followers.c.name == bindparam("n"))
        d = database
        self._position = d.prepare("seal.lock", select(followers.c.position).where(here).with_for_update())
        self._move = d.prepare("seal.move", update(followers).where(here).values(position=bindparam("p")))
        ours = (followers.c.ledger == ledgers.c.ledger) & (followers.c.name == bindparam("n"))
        self._heads = d.prepare(
            "seal.behind",
            select(ledgers.c.ledger, ledgers.c.head, followers.c.position).select_from(
                ledgers.outerjoin(followers, ours)
            ),
        )

    def behind(self) -> dict[str, int]:
        """How many events of each ledger are not sealed; less than none where the journal went back."""
        return {ledger: head - sealed for ledger, (head, sealed) in self._positions().items() if head != sealed}

    def follow(self) -> None:
        """Seal what is due; for a thread that every commit wakes. Looks once a second at most, and rests after a failure."""
        now = self._clock()
        if 0 <= now - self._looked_at < self._rest:
            return
        self._looked_at, self._rest = now, _PAUSE_SECONDS * MICROS_PER_SECOND
        failures: list[NuanlinError] = []
        for ledger in self.behind():
            try:
                self.catch_up(ledger)
            except NuanlinError as error:
                # A ledger that cannot be sealed keeps no other from it.
                failures.append(error)
        if failures:
            raise failures[0]
        self._rest = _LOOK_SECONDS * MICROS_PER_SECOND

    def catch_up(self, ledger: str | None = None, *, force_checkpoint: bool = False) -> None:
        """Seal what is due of one ledger or of all; with `force_checkpoint` everything there is now, however young."""
        for one, (head, _) in self._positions().items():
            if ledger in (None, one):
                # Not what comes meanwhile: writers that never rest would have every few events sealed by themselves.
                while self.step(one, force_checkpoint=force_checkpoint) and self._positions()[one][1] < head:
                    pass

    def step(self, ledger: str, *, force_checkpoint: bool = False) -> int:
        """Hash up to 1,000 events of a ledger and sign the tree, if they are due; gives how many events.

        Raises Unusable `journal_went_back`, `seal_broken`, `seal_key_missing` or `seal_key_wrong`; then nothing was signed.
        """
        with self._lock:
            while (done := self._step(ledger, force=force_checkpoint)) is None:
                # Another process sealed meanwhile: look again at what is left.
                continue
            return done

    def _positions(self) -> dict[str, tuple[int, int]]:
        """Of each ledger the last position, and the last one that is sealed."""
        with self._db.reading() as cursor:
            cursor.execute(self._heads.text, (FOLLOWER,))
            return {str(ledger): (int(head), int(sealed or 0)) for ledger, head, sealed in cursor.fetchall()}

    # ---- one step ----------------------------------------------------------------------------------------------------

    def _step(self, ledger: str, *, force: bool) -> int | None:
        """None where somebody else was first."""
        checkpoint: Checkpoint | None = None
        with self._db.reading() as cursor:
            journal = Journal(self._db, cursor, ledger)
            size, head = journal.sealed_to(FOLLOWER), journal.head()
            if head < size:
                raise Unusable("journal_went_back", ledger=ledger, head=head, sealed=size)
            if head == size or not (force or self._is_due(journal, size, head)):
                return 0
            growths = self._lagging(cursor, journal, size)
            if not growths:
                until = min(head, size + BATCH)
                growths = [self._grow(cursor, journal, one, size, until) for one in self._hashings]
                checkpoint = self._checkpoint(cursor, journal, growths)
        return growths[0].after.size - growths[0].before.size if self._write(ledger, growths, checkpoint) else None

    def _is_due(self, journal: Journal, size: int, head: int) -> bool:
        if head - size >= BATCH:
            return True
        return self._clock() - journal.recorded_at(size + 1) >= AGE_SECONDS * MICROS_PER_SECOND

    def _lagging(self, cursor: Cursor, journal: Journal, size: int) -> list[_Growth]:
        """The next piece of a second tree that was begun later than the first: it is caught up before both go on."""
        for hashing in self._hashings[1:]:
            at = journal.sealed_to(_follower(hashing))
            if at > size:
                raise Unusable("seal_broken", ledger=journal.ledger, position=size)
            if at < size:
                return [self._grow(cursor, journal, hashing, at, min(size, at + BATCH))]
        return []

    def _grow(self, cursor: Cursor, journal: Journal, hashing: Hashing, size: int, until: int) -> _Growth:
        """A tree with the events up to `until`, after those in its last tile were read again and hash to it."""
        tiles = Tiles(self._db, journal.ledger, cursor, hashing)
        first = (size - 1) // WIDTH * WIDTH if size else 0
        known = tiles.leaf_hashes(first, size)
        found = [hashing.leaf(leaf) for leaf in journal.leaves(first + 1, until)]
        for index, (old, new) in enumerate(zip(known, found, strict=False), start=first):
            if old != new:
                raise Unusable("seal_broken", ledger=journal.ledger, position=index + 1)
        before = Edge.at(size, tiles, hashing)
        return _Growth(hashing, before, *before.extended(found[len(known) :]))

    # ---- what is signed ----------------------------------------------------------------------------------------------

    def _checkpoint(self, cursor: Cursor, journal: Journal, growths: Sequence[_Growth]) -> Checkpoint:
        """The checkpoint after this step, once it is sure that it continues the last one that was signed."""
        signed = self._last_signed(journal, growths[0].before.size)
        roots = {SHA256.name: signed.root, **_second_roots(signed)} if signed else {}
        for growth in growths:
            self._check_growth(cursor, journal.ledger, growth, roots.get(growth.hashing.name))
        first, *more = growths
        lines = tuple(f"{one.hashing.name} {to_base64(one.after.root())}" for one in more)
        return Checkpoint(self._keys.origin(journal.ledger), first.after.size, first.after.root(), lines)

    def _last_signed(self, journal: Journal, size: int) -> Checkpoint | None:
        """The last checkpoint, which our key has signed and which is of this size; None where nothing was sealed."""
        last = journal.last_checkpoint()
        if last is None and size == 0:
            return None
        broken = Unusable("seal_broken", ledger=journal.ledger, position=size)
        if last is None or last.size != size:
            raise broken
        try:
            checkpoint = checkpoint_of(open_note(last.note, [self._keys.signer(journal.ledger).verifier()]).text)
        except Refused as refusal:
            if refusal.code == "bad_signature":
                raise Unusable("seal_key_wrong", file=self._keys.file) from None
            raise broken from None
        if checkpoint[:3] != (self._keys.origin(journal.ledger), last.size, last.root):
            raise broken
        return checkpoint

    def _check_growth(self, cursor: Cursor, ledger: str, growth: _Growth, signed_root: bytes | None) -> None:
        """That a tree begins with the one that was signed; a second tree's older root may never have been signed."""
        old, new = growth.before.size, growth.after.size
        tiles = Tiles(self._db, ledger, cursor, growth.hashing, fresh=growth.tiles)
        proof = tiles.consistency_proof(old, new)
        try:
            for root in {signed_root or growth.before.root(), growth.before.root()}:
                check_consistency(old, root, new, growth.after.root(), proof, growth.hashing)
        except Refused:
            raise Unusable("seal_broken", ledger=ledger, position=old) from None

    def _write(self, ledger: str, growths: Sequence[_Growth], checkpoint: Checkpoint | None) -> bool:
        """Tiles, checkpoint and positions at once; nothing, and False, where a position has moved meanwhile."""
        names = [_follower(one.hashing) for one in growths]
        with self._db.writing() as cursor:
            insert_missing(self._db, cursor, followers, [(ledger, name, 0) for name in names])
            for name, growth in sorted(zip(names, growths, strict=True)):
                cursor.execute(self._position.text, (ledger, name))
                row = cursor.fetchone()
                if row is None or row[0] != growth.before.size:
                    return False
            for name, growth in zip(names, growths, strict=True):
                rows = [(ledger, growth.hashing.name, *place, raw) for place, raw in sorted(growth.tiles.items())]
                replace_rows(self._db, cursor, seal_tiles, rows)
                values = {"l": ledger, "n": name, "p": growth.after.size}
                cursor.execute(self._move.text, tuple(values[one] for one in self._move.names))
            if checkpoint is not None:
                note = sign_note(checkpoint_text(checkpoint), self._keys.signer(ledger))
                row = (ledger, checkpoint.size, checkpoint.root, note, self._clock())
                insert_rows(self._db, cursor, seal_checkpoints, [row])
        return True


def _follower(hashing: Hashing) -> str:
    """The name of a tree's row in `followers`."""
    return FOLLOWER if hashing == SHA256 else f"{FOLLOWER}.{hashing.name}"


def _second_roots(checkpoint: Checkpoint) -> dict[str, bytes]:
    """The roots that a checkpoint of ours names in its further lines, by hash function."""
    return {name: from_base64(root) for name, _, root in (line.partition(" ") for line in checkpoint.extensions)}
