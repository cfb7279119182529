"""A witness that cannot be called calls: it fetches a ledger's checkpoint and proof, and brings back what it signed.

The address is that of the ledger's API, `https://host/api/v1/<ledger>`. Nothing that comes from there is trusted: what counts is
the log's signature and the proof.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from api.outgoing import Answer, Unreachable, call
from ledger.errors import Conflict, NotFound, NuanlinError, Refused, Unusable
from ledger.seal.notes import Checkpoint, checkpoint_of, from_base64, split_note
from ledger.seal.submission import MOST_HASHES
from ledger.seal.witness import Witness


class Visit(NamedTuple):
    """What a visit came to. `size`: of the checkpoint that was cosigned · `brought`: whether the ledger took the cosignature."""

    origin: str
    size: int
    brought: bool


def visit(witness: Witness, url: str) -> Visit:
    """Fetch, judge, cosign, bring back.

    Raises Unusable `ledger_unreachable`, Refused `ledger_answer_bad`, and what `Witness.add_checkpoint` raises. Where the
    ledger shows a smaller checkpoint than the last one cosigned, its own proof is asked for: if it connects the two, the ledger
    only lags or an old answer was kept somewhere, and Conflict `ledger_behind` says so; else the suspicion or proof stays.
    """
    note = _get(url, "/checkpoint").body
    new = _checkpoint(note)
    last = witness.watched(new.origin).last
    last_size = last.checkpoint.size if last else 0
    proof = _proof(url, last_size, new.size) if 0 < last_size < new.size else ()
    try:
        witness.add_checkpoint(min(last_size, new.size), proof, note)
    except Conflict as error:
        if last is not None and new.size < last_size:
            _look_into(witness, url, new, last_size, str(error.details.get("evidence", "")))
        raise
    return Visit(new.origin, new.size, _bring(witness, url, new))


def _look_into(witness: Witness, url: str, new: Checkpoint, last_size: int, finding: str) -> None:
    """A smaller checkpoint than the last: the tree's owner can connect the two, if it is the same history."""
    if not finding:
        # One that was cosigned before: it is the same history.
        raise Conflict("ledger_behind", size=new.size, last=last_size)
    if witness.evidence.get(finding).proven:
        raise Refused("two_roots", size=new.size, evidence=finding)
    try:
        proof = _proof(url, new.size, last_size)
    except NuanlinError:
        # It has no proof: the suspicion stays as it is.
        return
    verdict, further = witness.settle(finding, proof)
    if verdict == "connected":
        raise Conflict("ledger_behind", size=new.size, last=last_size)
    if verdict == "forked":
        raise Refused("bad_proof", reason="forked", evidence=further or "")


def _bring(witness: Witness, url: str, new: Checkpoint) -> bool:
    """Give the ledger its cosignature; whether it takes it is its own affair."""
    last = witness.watched(new.origin).last
    if last is None or last.checkpoint.size != new.size:
        return False
    try:
        return call("POST", f"{url}/cosignatures", last.note.encode()).status == 200
    except Unreachable:
        return False


def _checkpoint(note: bytes) -> Checkpoint:
    return checkpoint_of(split_note(note)[0])


def _get(url: str, path: str) -> Answer:
    try:
        answer = call("GET", url + path)
    except Unreachable as error:
        raise Unusable("ledger_unreachable", url=url, reason=error.reason) from error
    if answer.status == 404:
        raise NotFound("ledger_answer_bad", url=url, status=404)
    if answer.status != 200:
        raise Refused("ledger_answer_bad", url=url, status=answer.status)
    return answer


def _proof(url: str, old_size: int, new_size: int) -> tuple[bytes, ...]:
    answer = _get(url, f"/consistency?from={old_size}&to={new_size}")
    try:
        proof = tuple(from_base64(str(one)) for one in json.loads(answer.body)["proof"])
    except (ValueError, KeyError, TypeError):
        raise Refused("ledger_answer_bad", url=url, status=answer.status) from None
    if len(proof) > MOST_HASHES:
        raise Refused("ledger_answer_bad", url=url, status=answer.status)
    return proof
