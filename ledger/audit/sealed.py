"""What was sealed, laid beside what is there: signatures, roots, older checkpoints, witnesses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ledger.audit.report import Report
from ledger.audit.tree import Sealed, Tree
from ledger.errors import NuanlinError, Refused
from ledger.journal.sql import Cursor, Database
from ledger.seal.merkle import HASH_BYTES
from ledger.seal.notes import Checkpoint, Verifier, add_lines, checkpoint_of, open_note
from ledger.seal.tables import seal_checkpoints, seal_cosignatures, seal_tiles
from ledger.seal.tiles import WIDTH, Tiles

CHECKPOINTS, SIGNATURES, CONSISTENCY, WITNESSES, TILES = (
    "checkpoints", "signatures", "consistency", "witnesses", "tiles",
)  # fmt: skip
MOST_UNSEALED = 1_000
"""As many events as the sealer lets stand unsealed (docs/seals.md)."""


class Trust(NamedTuple):
    """What the auditor brings along and does not take from us: keys, and notes kept from earlier visits or by others.

    `logs`: public keys of the ledger's log · `witnesses`, and how many of them must have cosigned the last checkpoint ·
    `older`: texts of signed checkpoints.
    """

    logs: Sequence[Verifier]
    witnesses: Sequence[Verifier] = ()
    need_witnesses: int = 0
    older: Sequence[str | bytes] = ()
    pinned: bool = False
    """Whether the auditor brought the keys, and so may expect that the ledger is sealed."""


class Kept(NamedTuple):
    """A stored checkpoint: as its row says, and the note itself with its cosignatures."""

    size: int
    root: bytes
    note: str


def kept_checkpoints(database: Database, cursor: Cursor, ledger: str) -> list[Kept]:
    """Every checkpoint that is stored, smallest first, each with the cosignatures that came for it."""
    c, w = seal_checkpoints.c, seal_cosignatures.c
    lines: dict[int, list[str]] = {}
    read = select(w.size, w.line).where(w.ledger == bindparam("l")).order_by(w.size, w.witness)
    cursor.execute(database.prepare("audit.cosignatures", read).text, (ledger,))
    for size, line in cursor.fetchall():
        lines.setdefault(int(size), []).append(line)
    read = select(c.size, c.root, c.note).where(c.ledger == bindparam("l")).order_by(c.size)
    cursor.execute(database.prepare("audit.checkpoints", read).text, (ledger,))
    return [
        Kept(int(size), bytes(root), _with(note, lines.get(int(size), []))) for size, root, note in cursor.fetchall()
    ]


def _with(note: str, lines: list[str]) -> str:
    try:
        return add_lines(note, lines) if lines else note
    except Refused:
        return note


def sealed_leaves(database: Database, cursor: Cursor, ledger: str, size: int) -> Sealed:
    """The stored leaf hashes of the first `size` events. What a tile lacks is zeros, and so differs from every event."""
    c = seal_tiles.c
    within = (c.number >= bindparam("a"), c.number <= bindparam("z"))
    read = select(c.number, c.hashes).where(
        c.ledger == bindparam("l"), c.hash == bindparam("h"), c.level == bindparam("v"), *within
    )
    text = database.prepare("audit.leaves", read).text

    def leaves(index: int, count: int) -> bytes:
        end = min(index + count, size)
        if index >= end:
            return b""
        first, last = index // WIDTH, (end - 1) // WIDTH
        cursor.execute(text, (ledger, "sha256", 0, first, last))
        rows: dict[int, bytes] = {int(number): bytes(found) for number, found in cursor.fetchall()}
        whole = b"".join(rows.get(number, b"").ljust(WIDTH * HASH_BYTES, b"\0") for number in range(first, last + 1))
        return whole[(index - first * WIDTH) * HASH_BYTES : (end - first * WIDTH) * HASH_BYTES]

    return leaves


def sizes_of(kept: Iterable[Kept], older: Sequence[str | bytes]) -> set[int]:
    """The sizes at which roots will be compared."""
    sizes = {one.size for one in kept}
    for note in older:
        checkpoint = _read(note)
        if checkpoint is not None:
            sizes.add(checkpoint.size)
    return sizes


def check_kept(kept: Sequence[Kept], tree: Tree, trust: Trust, report: Report) -> None:
    """Every stored checkpoint is signed by a pinned key, says what its row says, and is the root of the events' tree."""
    for one in kept:
        report.count(SIGNATURES)
        try:
            opened = open_note(one.note, trust.logs)
            checkpoint = checkpoint_of(opened.text)
        except Refused as refusal:
            report.find(one.size, SIGNATURES, refusal.code)
            continue
        report.count(CHECKPOINTS)
        if checkpoint.origin not in opened.signed_by:
            report.find(one.size, SIGNATURES, "other_log", origin=checkpoint.origin)
        if (checkpoint.size, checkpoint.root) != (one.size, one.root):
            report.find(one.size, CHECKPOINTS, "checkpoint_differs", size=checkpoint.size)
        if checkpoint.size > tree.size:
            report.find(tree.size + 1, CHECKPOINTS, "tail_missing", size=checkpoint.size)
        elif tree.roots.get(checkpoint.size) != checkpoint.root:
            report.find(checkpoint.size, CHECKPOINTS, "root_differs", size=checkpoint.size)


def check_sealed(kept: Sequence[Kept], size: int, tree: Tree, trust: Trust, report: Report) -> None:
    """The stored tree ends where the last checkpoint does; and, where keys were published, nearly all events are sealed."""
    last = max((one.size for one in kept), default=0)
    if size != last:
        report.find(max(min(size, last), 0) + 1, TILES, "sealed_differs", size=size, last=last)
    if trust.pinned and (tree.size > last + MOST_UNSEALED or tree.size > last == 0):
        report.find(last + 1, CHECKPOINTS, "unsealed", first=last + 1, last=tree.size)


def check_older(tree: Tree, trust: Trust, report: Report) -> None:
    """The history goes on from every checkpoint that the auditor brought along."""
    origins = {one.name for one in trust.logs}
    for note in trust.older:
        report.count(CONSISTENCY)
        try:
            checkpoint = checkpoint_of(open_note(note, trust.logs).text)
        except Refused as refusal:
            report.find(0, CONSISTENCY, refusal.code)
            continue
        size = checkpoint.size
        if checkpoint.origin not in origins:
            report.find(0, CONSISTENCY, "other_log", origin=checkpoint.origin)
        elif size > tree.size:
            report.find(tree.size + 1, CONSISTENCY, "older_is_longer", size=size)
        elif tree.roots.get(size) != checkpoint.root:
            report.find(size, CONSISTENCY, "rewritten", size=size)


def check_witnesses(kept: Sequence[Kept], trust: Trust, report: Report) -> None:
    """Enough of the auditor's witnesses cosigned the last checkpoint; if not, the finding is at the first event they have
    not vouched for."""
    if not trust.witnesses:
        return
    upto, on_last = 0, 0
    for one in reversed(kept):
        try:
            cosigned = open_note(one.note, [*trust.logs, *trust.witnesses]).cosigned
        except Refused as refusal:
            report.find(one.size, WITNESSES, refusal.code)
            continue
        report.count(WITNESSES, len(cosigned))
        if one is kept[-1]:
            on_last = len(cosigned)
        if len(cosigned) >= trust.need_witnesses:
            upto = one.size
            break
    if not kept or upto < kept[-1].size:
        report.find(upto + 1, WITNESSES, "too_few", found=on_last, need=trust.need_witnesses, upto=upto)


def check_tiles(database: Database, cursor: Cursor, ledger: str, size: int, tree: Tree, report: Report) -> None:
    """The stored tree's own upper hashes give the root of the events, so that its proofs will hold."""
    if not size:
        return
    report.count(TILES)
    try:
        root = Tiles(database, ledger, cursor).root_at(size)
    except NuanlinError as error:
        report.find(size, TILES, error.code)
        return
    if size > tree.size:
        report.find(tree.size + 1, TILES, "tail_missing", size=size)
    elif tree.roots.get(size) != root:
        report.find(size, TILES, "tiles_differ", size=size)


def _read(note: str | bytes) -> Checkpoint | None:
    """The checkpoint a note speaks of, whoever signed it; None for what is no checkpoint (it is judged later)."""
    try:
        text = note.decode() if isinstance(note, bytes) else note
        return checkpoint_of(text.partition("\n\n")[0] + "\n")
    except (Refused, UnicodeError):
        return None
