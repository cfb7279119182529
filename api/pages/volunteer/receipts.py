"""The receipt of an entry: the proof, to be kept, that it stands in the sealed ledger, and how anybody checks it."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.asof.words import type_in_words
from api.pages.common import HEADERS, Visit
from api.routes.asked import Asked
from api.routes.seals import RecordReceipt, record_receipt
from api.store import Store
from ledger.errors import NotFound
from ledger.seal.leaf import read_leaf
from ledger.seal.notes import Checkpoint, checkpoint_of, split_note, to_base64
from ledger.seal.receipts import read_receipt

_MOST = 15


class _Nothing(msgspec.Struct):
    """No query."""


def _receipt(visit: Visit, position: str) -> RecordReceipt | None:
    """The receipt, None while the entry is not sealed; the same rights as over the API.

    Raises NotFound `no_such_seal_receipt`, whether there is none or it is not theirs to see.
    """
    if not (position.isascii() and position.isdecimal() and len(position) <= _MOST):
        raise NotFound("no_such_seal_receipt", position=position[:40])
    if not visit.caller.signed_in:
        raise NotFound("no_such_seal_receipt", position=int(position))
    asked = Asked(visit.store, visit.ledger, visit.caller, {"position": position}, visit.lang)
    try:
        return record_receipt(asked, _Nothing())
    except NotFound as problem:
        if problem.code != "not_sealed_yet":
            raise
        return None


def _checkpoint(proof: str) -> Checkpoint:
    text, _ = split_note(read_receipt(proof).note)
    return checkpoint_of(text)


def receipt_page(visit: Visit, position: str) -> Response:
    """What the receipt says in words, and the two files that prove it."""
    found = _receipt(visit, position)
    number = int(position)
    values: dict[str, Any] = {"position": number, "found": found, "root": "", "size": 0, "what": "", "hashes": 0}
    if found is not None:
        checkpoint = _checkpoint(found.proof)
        leaf = read_leaf(base64.b64decode(found.record))
        values |= {
            "root": to_base64(checkpoint.root), "size": checkpoint.size, "what": type_in_words(visit.lang, leaf.type_name),
            "hashes": len(read_receipt(found.proof).proof),
        }  # fmt: skip
    return visit.page("volunteer_receipt.html", tab="me", **values)


def _file(visit: Visit, position: str, kind: str) -> Response:
    found = _receipt(visit, position)
    if found is None:
        raise NotFound("not_sealed_yet", position=int(position))
    body = found.proof.encode() if kind == "tlog-proof" else base64.b64decode(found.record)
    headers = {**HEADERS, "Cache-Control": "no-store"}
    headers["Content-Disposition"] = f'attachment; filename="{visit.ledger}-{int(position)}.{kind}"'
    return Response(body, 200, headers, "application/octet-stream")


def add_receipts(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/receipts/{position}`, `…/proof` and `…/record`."""

    @pages.get("/{ledger}/receipts/{position}")
    def receipt(request: Request, ledger: str, position: str) -> Response:
        return receipt_page(Visit(store, request, ledger), position)

    @pages.get("/{ledger}/receipts/{position}/proof")
    def proof(request: Request, ledger: str, position: str) -> Response:
        return _file(Visit(store, request, ledger), position, "tlog-proof")

    @pages.get("/{ledger}/receipts/{position}/record")
    def record(request: Request, ledger: str, position: str) -> Response:
        return _file(Visit(store, request, ledger), position, "record")
