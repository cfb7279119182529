"""Two ledgers and what they have for each other, as the stories tell it; and seals of the other ledger, made by hand."""

from __future__ import annotations

from ledger.base import Fact
from ledger.crossings import facts
from ledger.journal.codec import Codec, join_tags
from ledger.journal.recorded import Envelope
from ledger.seal.leaf import leaf_of
from ledger.seal.merkle import leaf_hash
from ledger.seal.notes import Checkpoint, Signer, checkpoint_text, sign_note, to_base64
from ledger.seal.receipts import receipt_text
from tests.ledger.cast import CHEN, LI, WANG

HERE, THERE = "peer_fangxing", "peer_xianghe"
COURIER = "svc_courier"
PARCEL = "cross_1"
ABROAD = "mem_abroad"
"""Somebody whom only the other ledger knows."""
SIGNER = Signer.from_seed("nuanlin/xianghe", bytes(range(32)))
ANOTHER = Signer.from_seed("nuanlin/xianghe", bytes(32))


def agreed(*, vkey: str = "", limit_minutes: int | None = None) -> facts.CrossingAgreed:
    """Hours may cross to and from 祥和."""
    return facts.CrossingAgreed(
        peer=THERE, here=HERE, vkey=vkey, courier=COURIER, limit_minutes=limit_minutes, agreed_by=CHEN
    )


ENDED = facts.CrossingEnded(peer=THERE, ended_by=CHEN)


def sent(minutes: int = 30, *, giver: str = WANG, transfer_id: str = PARCEL) -> facts.HoursSent:
    """王阿姨 sent minutes to somebody of 祥和."""
    return facts.HoursSent(
        transfer_id=transfer_id, peer=THERE, giver=giver, receiver=ABROAD, minutes=minutes, courier=COURIER
    )


def sent_there(minutes: int = 30, *, receiver: str = LI) -> facts.HoursSent:
    """Somebody of 祥和 sent minutes to 李师傅, as it stands in the journal over there."""
    return facts.HoursSent(
        transfer_id=PARCEL, peer=HERE, giver=ABROAD, receiver=receiver, minutes=minutes, courier=COURIER
    )


def arrived(minutes: int = 30, *, receiver: str = LI, peer: str = THERE) -> facts.HoursArrived:
    """Minutes came."""
    return facts.HoursArrived(transfer_id=PARCEL, peer=peer, receiver=receiver, minutes=minutes, carried_by=COURIER)


def turned_away(minutes: int = 30, *, peer: str = THERE, reason: str = "no_such_member") -> facts.HoursTurnedAway:
    """Minutes came and were not taken."""
    return facts.HoursTurnedAway(
        transfer_id=PARCEL, peer=peer, receiver=ABROAD, minutes=minutes, reason=reason, carried_by=COURIER
    )


def sealed(fact: Fact, signer: Signer = SIGNER) -> dict[str, str]:
    """The receipt and the record of a fact that is the first of a sealed ledger."""
    envelope = Envelope(at=1, by=COURIER, role="", behalf=None, key="k", body="b", salt=bytes(16))
    name, data = Codec().encode(envelope, fact)
    record = leaf_of(1, name, join_tags(["t"]), data)
    note = sign_note(checkpoint_text(Checkpoint(signer.name, 1, leaf_hash(record))), signer)
    return {"proof": to_base64(receipt_text(0, [], note).encode()), "record": to_base64(record)}
