"""What another ledger's receipt proves: pure functions over the texts that the courier brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ledger.base import NAME_OF, Fact
from ledger.crossings import facts
from ledger.errors import Refused
from ledger.seal.notes import Verifier, from_base64
from ledger.seal.receipts import check_receipt

LOG = "log"


def check_vkey(vkey: str) -> str:
    """The public key of a ledger's seals, or "" where there is none; raises Refused `bad_key`."""
    if vkey and Verifier(vkey).kind != LOG:
        raise Refused("bad_key")
    return vkey


def check_proof(
    agreed: facts.CrossingAgreed, proof: str, record: str, kind: type[Fact], said: Mapping[str, object]
) -> None:
    """That the other ledger sealed a fact of this kind in which these fields say this; `proof` and `record` in base64.

    Where no key was agreed there is nothing to check, and nothing is taken. Raises Refused (`proof_missing`,
    `proof_without_key`, `proof_of_another`, and what `check_receipt` raises).
    """
    if not agreed.vkey:
        if proof or record:
            raise Refused("proof_without_key", peer=agreed.peer)
        return
    if not proof or not record:
        raise Refused("proof_missing", peer=agreed.peer)
    try:
        receipt, leaf_bytes = from_base64(proof), from_base64(record)
    except ValueError:
        raise Refused("bad_receipt", reason="base64") from None
    leaf = check_receipt(receipt, leaf_bytes, (Verifier(agreed.vkey),)).leaf
    if leaf.type_name != NAME_OF[kind]:
        raise Refused("proof_of_another", field="type")
    told = _fact(leaf.data)
    for name, value in said.items():
        if told.get(name) != value:
            raise Refused("proof_of_another", field=name)


def _fact(data: bytes) -> Mapping[str, Any]:
    """The fact in a record's stored bytes, as plain values."""
    try:
        stored = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("proof_of_another", field="data") from None
    told = stored.get("fact") if isinstance(stored, dict) else None
    return told if isinstance(told, dict) else {}
