"""Checkpoints for everybody: the list, and each one verified in the page, by the server and by the browser for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.auditor.may import reads_journal
from api.pages.common import Visit, check_origin
from api.problems import status_of
from api.settings import Settings
from api.store import Store
from api.witnessing import witnesses_of
from ledger.clock import MICROS_PER_SECOND
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.seal.comparing import PROVEN, Verdict, compare
from ledger.seal.leaf import whole_number
from ledger.seal.merkle import check_consistency
from ledger.seal.notes import Verifier, checkpoint_of, open_note, split_note, to_base64
from ledger.seal.seals import Seals, StoredCheckpoint

_ROWS = 8
_TEXT = Annotated[str, Form()]
_LONGEST = 64 * 1024


class Tested(msgspec.Struct, frozen=True):
    """One thing that the server tested: what (a key below `pages.auditor.seal.check.`), whether it holds."""

    key: str
    holds: bool


class Signed(msgspec.Struct, frozen=True):
    """A signature of a witness: who, when, and whether its key is known here and the signature holds."""

    name: str
    at: int
    known: bool
    holds: bool


class Row(msgspec.Struct, frozen=True):
    """A checkpoint of the list: whether everything that the server tested holds, and how many witnesses signed."""

    size: int
    at: int
    root: str
    holds: bool
    witnesses: int


def _holds(test: Callable[[], object]) -> bool:
    try:
        test()
    except NuanlinError:
        return False
    return True


def _verifier(store: Store, ledger: str) -> Verifier | None:
    """The ledger's own key; None where its file is gone."""
    try:
        return store.seals.verifier(ledger)
    except NuanlinError:
        return None


def tested(
    seals: Seals, ledger: str, verifier: Verifier | None, one: StoredCheckpoint, last: StoredCheckpoint
) -> list[Tested]:
    """What the server can test of a checkpoint: the signature, the root from the stored hashes, that the last one goes on
    from it."""

    def signature() -> None:
        if verifier is None:
            raise Refused("bad_signature", name=ledger)
        opened = checkpoint_of(open_note(one.signed, [verifier]).text)
        if (opened.origin, opened.size, opened.root) != (verifier.name, one.size, one.root):
            raise Refused("bad_note", reason="checkpoint")

    def root() -> None:
        if seals.root_at(ledger, one.size) != one.root:
            raise Refused("bad_proof", reason="root")

    def grown() -> None:
        proof = seals.consistency_proof(ledger, one.size, last.size)
        check_consistency(one.size, one.root, last.size, last.root, proof)

    each = (("signature", signature), ("root", root), ("grown", grown))
    return [Tested(key, _holds(test)) for key, test in each]


def _witnesses(visit: Visit, one: StoredCheckpoint) -> list[Signed]:
    settings = visit.store.settings or Settings()
    known = {each.name: each.verifier for each in witnesses_of(settings)}
    text = split_note(one.signed)[0]
    found = []
    for line in one.cosignatures:
        verifier = known.get(line.witness)
        signature = split_note(f"{text}\n{line.line}")[1][0].signature

        def test(verifier: Verifier | None = verifier, signature: bytes = signature) -> None:
            if verifier is not None:
                verifier.check(text, signature)

        found.append(Signed(line.witness, line.at, verifier is not None, verifier is not None and _holds(test)))
    return found


def age_of(visit: Visit, last: StoredCheckpoint) -> str:
    """How long ago a checkpoint was signed, in words."""
    seconds = max(visit.now_at - last.at, 0) // MICROS_PER_SECOND
    if seconds < 60:
        return visit.t("auditor.seal.ago_seconds", count=seconds)
    if seconds < 3600:
        return visit.t("auditor.seal.ago_minutes", count=seconds // 60)
    if seconds < 48 * 3600:
        return visit.t("auditor.seal.ago_hours", count=seconds // 3600)
    return visit.t("auditor.seal.ago_days", count=f"{seconds // 86400:,}")


def list_page(visit: Visit, before: str) -> Response:
    """The checkpoints, newest first. Raises Refused `bad_cursor`."""
    seals, ledger = visit.store.seals, visit.ledger
    last = seals.latest(ledger)
    try:
        size = whole_number(before) if before else 2**53
    except ValueError:
        raise Refused("bad_cursor", cursor=before[:40]) from None
    found = seals.before(ledger, size, limit=_ROWS + 1)
    verifier = _verifier(visit.store, ledger)
    rows = []
    for one in found[:_ROWS]:
        assert last is not None, "where there are checkpoints, there is a last one"
        holds = all(test.holds for test in tested(seals, ledger, verifier, one, last))
        rows.append(Row(one.size, one.at, one.root.hex(), holds, len(one.cosignatures)))
    return visit.page(
        "auditor_checkpoints.html",
        tab="audit",
        last=last,
        age=age_of(visit, last) if last else "",
        unsealed=visit.as_of.position - (last.size if last else 0),
        rows=rows,
        next=found[_ROWS - 1].size if len(found) > _ROWS else None,
        vkey=verifier.vkey if verifier else "",
        kept="",
        inside=reads_journal(visit),
    )


def one_page(visit: Visit, text: str) -> Response:
    """One checkpoint with everything that can be tested. Raises NotFound `no_such_checkpoint`."""
    try:
        size = whole_number(text)
    except ValueError:
        raise NotFound("no_such_checkpoint", size=text[:40]) from None
    seals, ledger = visit.store.seals, visit.ledger
    one, last = seals.at_size(ledger, size), seals.latest(ledger)
    if one is None or last is None:
        raise NotFound("no_such_checkpoint", size=size)
    verifier = _verifier(visit.store, ledger)
    previous = seals.before(ledger, size, limit=1)
    following = seals.listed(ledger, after=size, limit=1)
    return visit.page(
        "auditor_checkpoint.html",
        tab="audit",
        one=one,
        last=last,
        root=to_base64(one.root),
        hex=one.root.hex(),
        tests=tested(seals, ledger, verifier, one, last),
        witnesses=_witnesses(visit, one),
        vkey=verifier.vkey if verifier else "",
        previous=previous[0].size if previous else 0,
        following=following[0].size if following else 0,
        age=age_of(visit, one),
        inside=reads_journal(visit),
    )


class Compared(msgspec.Struct, frozen=True):
    """A kept checkpoint beside the ledger of today: how many entries it sealed with which root, and which root the first as
    many entries have here; "" where there are not so many."""

    verdict: Verdict
    size: int
    root: str
    root_here: str

    @property
    def kind(self) -> str:
        """`good`, `bad` or `open`, as the page shows it."""
        return "bad" if self.verdict in PROVEN else "good" if self.verdict in ("same", "connected") else "open"

    @property
    def shorter(self) -> bool:
        """Whether the ledger of today has fewer entries than were sealed then."""
        return not self.root_here


def _compared(visit: Visit, note: str) -> Compared:
    """What a checkpoint that somebody kept shows against the last one here.

    Raises Refused `bad_note` and `bad_signature`, NotFound `not_sealed_yet`.
    """
    seals, ledger = visit.store.seals, visit.ledger
    last, verifier = seals.latest(ledger), seals.verifier(ledger)
    if last is None:
        raise NotFound("not_sealed_yet", position=1)
    # A form's lines end as the network has them, and what is pasted may have lost its last line break.
    given = note.replace("\r\n", "\n").strip("\n") + "\n"
    kept = checkpoint_of(open_note(given, [verifier]).text)
    ours = checkpoint_of(split_note(last.signed)[0])
    proof = None
    if kept.size <= ours.size:
        proof = seals.consistency_proof(ledger, kept.size, ours.size)
    here = seals.root_at(ledger, kept.size).hex() if 0 < kept.size <= ours.size else ""
    return Compared(compare(kept, ours, proof), kept.size, kept.root.hex(), here)


def compare_page(visit: Visit, note: str) -> Response:
    """What somebody's own kept checkpoint shows."""
    check_origin(visit.request)
    found, trouble, status = None, "", 200
    try:
        found = _compared(visit, note[:_LONGEST])
    except NuanlinError as problem:
        trouble, status = formats.error(problem, visit.lang), status_of(problem)
    return visit.page(
        "auditor_compared.html", status, tab="audit", found=found, kept=note[:_LONGEST], trouble=trouble,
        last=visit.store.seals.latest(visit.ledger), inside=reads_journal(visit),
    )  # fmt: skip


def add_checkpoints(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/checkpoints`, `…/checkpoints/{size}`, and a kept one compared (`POST …/checkpoints`)."""

    @pages.get("/{ledger}/checkpoints")
    def all_of_them(request: Request, ledger: str, before: str = "") -> Response:
        return list_page(Visit(store, request, ledger), before)

    @pages.post("/{ledger}/checkpoints")
    def kept(request: Request, ledger: str, note: _TEXT = "") -> Response:
        return compare_page(Visit(store, request, ledger), note)

    @pages.get("/{ledger}/checkpoints/{size}")
    def one(request: Request, ledger: str, size: str) -> Response:
        return one_page(Visit(store, request, ledger), size)
