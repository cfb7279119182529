"""Reads of the seals: the paths of c2sp.org/tlog-tiles for programs that know them, proofs in JSON, and receipts.

Checkpoints, proofs and hashes are for anybody: every event holds 128 random bits, so that its hash says nothing about it. A
record itself, and its receipt, are for whom it concerns.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.reading import JOURNAL
from api.routes.asked import Asked
from api.routes.reads import Plain, Read
from api.wire import Instant, instant
from ledger.errors import NotFound, Refused
from ledger.ids import PERSON, SERVICE, TEAM, UNIT, prefix_of
from ledger.journal.codec import split_tags
from ledger.seal.leaf import read_leaf, whole_number
from ledger.seal.notes import to_base64
from ledger.seal.seals import StoredCheckpoint
from ledger.seal.tiles import read_tile_path

_SHORT, _LONG = "public, max-age=1", "public, max-age=31536000, immutable"
_PARTIES = frozenset({PERSON, TEAM, UNIT, SERVICE})

Size = Annotated[int, Meta(ge=0, le=2**53 - 1, description="a size of the sealed tree: how many events it holds")]
Base64 = Annotated[str, Meta(description="standard base64", extra_json_schema={"contentEncoding": "base64"})]


class CheckpointsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Behind which size to begin, and how many."""

    after: Size = 0
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


class SealedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint: the root over the first `size` events, when it was signed, which witnesses signed it, and the signed
    note itself (c2sp.org/tlog-checkpoint)."""

    size: int
    root: Base64
    sealed_at: Instant
    witnesses: list[str]
    note: str


class Checkpoints(msgspec.Struct, frozen=True, kw_only=True):
    """Checkpoints, smallest first; `next` is the `after` of what follows, null at the end."""

    checkpoints: list[SealedCheckpoint]
    next: int | None


class Sizes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two sizes of the tree, the smaller first; the last sealed one where `to` is not given."""

    old_size: Size = msgspec.field(name="from")
    new_size: Size | None = msgspec.field(name="to", default=None)


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """That the tree of the new size begins with that of the old: roots and proof (RFC 6962 §2.1.2), lowest hash first."""

    old_size: int
    old_root: Base64
    new_size: int
    new_root: Base64
    proof: list[Base64]


class RecordReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt (c2sp.org/tlog-proof) and the exact bytes it is about: together they verify without us."""

    position: int
    proof: str
    record: Base64


def checkpoint(asked: Asked, _query: msgspec.Struct) -> Plain:
    """The last checkpoint as a signed note (c2sp.org/tlog-checkpoint), with the signatures of witnesses."""
    return Plain(body=_latest(asked).note.encode(), keep=_SHORT)


def checkpoints(asked: Asked, query: CheckpointsQuery) -> Checkpoints:
    """Every checkpoint that was ever signed, smallest first. Keep one: no history without it can be shown to you again."""
    found = asked.store.seals.listed(asked.ledger, after=query.after, limit=query.limit)
    shown = [
        SealedCheckpoint(
            size=one.size, root=to_base64(one.root), sealed_at=instant(one.at),
            witnesses=[each.witness for each in one.cosignatures], note=one.note,
        )
        for one in found
    ]  # fmt: skip
    return Checkpoints(checkpoints=shown, next=found[-1].size if len(found) == query.limit else None)


def consistency(asked: Asked, query: Sizes) -> Consistency:
    """The proof that the ledger was only added to between two sizes, which need not be those of checkpoints."""
    seals, ledger = asked.store.seals, asked.ledger
    old, new = query.old_size, _latest(asked).size if query.new_size is None else query.new_size
    proof = seals.consistency_proof(ledger, old, new)
    return Consistency(
        old_size=old, old_root=to_base64(seals.root_at(ledger, old)),
        new_size=new, new_root=to_base64(seals.root_at(ledger, new)), proof=[to_base64(one) for one in proof],
    )  # fmt: skip


def tile(asked: Asked, _query: msgspec.Struct) -> Plain:
    """Hashes of the tree (c2sp.org/tlog-tiles): level, then the tile's number as `x001/x234/067`, partial ones as `067.p/12`."""
    (level, number), width = read_tile_path(asked.path["level"], asked.path["tile"])
    return Plain(body=asked.store.seals.tile(asked.ledger, level, number, width), keep=_LONG)


def record_receipt(asked: Asked, _query: msgspec.Struct) -> RecordReceipt:
    """The receipt of one record, and the record; for whom it is about, who acted, who speaks for them, and auditors."""
    try:
        position = whole_number(asked.path["position"])
    except ValueError:
        raise Refused("bad_value", field="{position}") from None
    missing = NotFound("no_such_seal_receipt", position=position)
    try:
        record = asked.store.seals.record(asked.ledger, position)
    except NotFound:
        raise missing from None
    if not (asked.caller.holds(JOURNAL) or any(map(asked.is_own, _concerned(asked, record)))):
        raise missing
    proof = asked.store.seals.receipt(asked.ledger, position)
    return RecordReceipt(position=position, proof=proof, record=to_base64(record))


def _latest(asked: Asked) -> StoredCheckpoint:
    found = asked.store.seals.latest(asked.ledger)
    if found is None:
        raise NotFound("not_sealed_yet", position=1)
    return found


def _concerned(asked: Asked, record: bytes) -> set[str]:
    """The members, teams, units and services a record is about, who acted, and on whose behalf."""
    leaf = read_leaf(record)
    envelope, _ = asked.store.codec.decode(leaf.type_name, leaf.data)
    ids = {*split_tags(leaf.tags), envelope.by, envelope.behalf or ""}
    return {one for one in ids if prefix_of(one) in _PARTIES}


READS = (
    Read("/checkpoint", checkpoint, "seals", media="text/plain"),
    Read("/checkpoints", checkpoints, "seals", CheckpointsQuery),
    Read("/consistency", consistency, "seals", Sizes),
    Read("/tile/{level}/{tile}", tile, "seals", media="application/octet-stream"),
    Read("/receipts/{position}", record_receipt, "seals"),
)
