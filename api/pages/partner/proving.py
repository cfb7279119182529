"""Delivering: photos of the work, kept in the vault and named by their digests in the journal, and the word that it is done."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.board import may_see
from api.pages.common import Visit, redirect
from api.pages.happenings import titles_of
from api.pages.naming import labels
from api.pages.photo_forms import photos_sent
from api.pages.photos import Proof, proof_of
from api.photos import MIB, MOST_PHOTO_BYTES, MOST_PHOTOS, taken_in
from api.problems import status_of
from api.store import Store
from ledger.application import Actor
from ledger.clock import day_of
from ledger.errors import Conflict, NotFound, NuanlinError, Refused
from ledger.ids import PERSON, prefix_of
from ledger.parties.state import acts_for, works_for
from ledger.policy.state import policy_of
from ledger.requests.commands import AddEvidence, FulfilRequest, Remark
from ledger.requests.kinds import kind_of
from ledger.requests.state import Request as Asked
from ledger.rights_table import WORKER
from ledger.vault_photos import Photo
from projections.books import queries as books
from projections.reading import Cells

_MOST_OF_ONE = 30
"""So many photos of one request are enough (choice): more tell nothing, and the vault is no album."""
_SETTLED = ("declined", "closed", "unmet", "withdrawn")
_REMARK = 500


class Delivery(msgspec.Struct, frozen=True):
    """What somebody sent: photos as we keep them, a remark, and whether it is done with that."""

    photos: list[Photo]
    remark: str
    finished: bool
    key: str


def shower_of(visit: Visit, row: Cells) -> str:
    """In whose name who looks may show something of a request; "" for nobody's."""
    actor = visit.caller.actor
    if not visit.caller.signed_in or row["status"] in _SETTLED:
        return ""
    if row["claimant"] and works_for(visit.view, actor, row["claimant"]):
        return str(row["claimant"])
    if row["requester"] and acts_for(visit.view, actor, row["requester"]):
        return str(row["requester"])
    return actor if prefix_of(actor) == PERSON and visit.caller.holds(WORKER, row["request_id"]) else ""


def owners_of(row: Cells, party: str) -> tuple[str, ...]:
    """Whose the photos are: of the neighbour who asked, whose home it is, and as much of whoever took them."""
    asked = row["requester"]
    theirs = asked and prefix_of(asked) == PERSON and not kind_of(row["kind"]).of_the_community
    return tuple(dict.fromkeys([asked, party])) if theirs else (party,)


def _need(visit: Visit, request_id: str) -> tuple[Cells, str]:
    """The request, and in whose name something is shown; raises NotFound `no_such_request` for whom it is not."""
    row = books.request(visit.store.database, visit.ledger, request_id)
    party = "" if row is None or not may_see(visit, row) else shower_of(visit, row)
    if row is None or not party:
        raise NotFound("no_such_request", request=request_id)
    return row, party


def wanted_of(visit: Visit, row: Cells) -> int:
    """How many photos policy still wants before the work counts as done."""
    stage = kind_of(row["kind"]).stage("claimed")
    if stage is None or not stage.evidence_rule:
        return 0
    wanted = policy_of(visit.view).number(stage.evidence_rule, day_of(visit.now_at, visit.zone))
    # Looked up anew: a form that was refused may have brought some.
    shown = visit.store.application.view(visit.ledger).state(Asked, str(row["request_id"])).evidence
    return max(0, wanted - shown)


def proving_page(visit: Visit, row: Cells, party: str, *, problem: NuanlinError | None = None) -> Response:
    """The form, with what was shown before."""
    proof: Proof = proof_of(visit, row)
    held = row["status"] == "claimed" and party == row["claimant"]
    return visit.page(
        "partner_photos.html",
        200 if problem is None else status_of(problem),
        tab="board",
        row=row,
        title=titles_of(visit, [row])[row["request_id"]],
        action=visit.url(f"requests/{row['request_id']}/photos"),
        back=visit.url(f"requests/{row['request_id']}"),
        party=labels(visit, [party], clear=True)[party],
        proof=proof,
        finishing=held,
        until=row["until_at"] if held else 0,
        lease=visit.left(row["until_at"]) if held else "",
        wanted=wanted_of(visit, row) if held else 0,
        most=MOST_PHOTOS,
        megabytes=MOST_PHOTO_BYTES // MIB,
        remark_most=_REMARK,
        sentence=formats.error(problem, visit.lang) if problem else "",
        key=visit.new_key(),
    )


def _delivered(visit: Visit, row: Cells, party: str, sent: Delivery) -> None:
    """Keep the photos, say so in the journal, then that it is done; each once per key."""
    store, ledger, request_id = visit.store, visit.ledger, str(row["request_id"])
    shown = visit.view.state(Asked, request_id).digests
    fresh = [one for one in dict.fromkeys(sent.photos) if one.sha256 not in shown]
    if len(shown) + len(fresh) > _MOST_OF_ONE:
        raise Refused("photo_enough", most=_MOST_OF_ONE)
    if fresh:
        store.photos.keep(ledger, request_id, fresh, owners=owners_of(row, party), at=store.clock())
    words = Remark(remark=sent.remark) if sent.remark else None
    actor, key = Actor(visit.caller.actor), f"web:{visit.caller.actor}:{sent.key[:100]}"
    for photo in fresh:
        command = AddEvidence(request_id=request_id, party=party, sha256=photo.sha256, words=words)
        try:
            store.application.execute(ledger, command, actor=actor, key=f"{key}:{photo.sha256[:16]}")
        except Conflict as problem:
            if problem.code != "evidence_exists":
                raise
    if sent.finished:
        done = FulfilRequest(request_id=request_id, claimant=party, words=words)
        store.application.execute(ledger, done, actor=actor, key=f"{key}:done")


def _answer(visit: Visit, row: Cells, party: str, files: list[bytes], said: Mapping[str, str]) -> Response:
    """What comes of the form: the request's page, or the form again with what was wrong."""
    visit.check_form(said.get("csrf", ""))
    try:
        remark = said.get("remark", "").strip()
        if len(remark) > _REMARK:
            raise Refused("photo_remark_long", most=_REMARK)
        finished = said.get("finished", "") == "yes" and party == row["claimant"]
        if not files and not finished:
            raise Refused("photo_missing")
        sent = Delivery([taken_in(one) for one in files], remark, finished, said.get("key", "") or visit.new_key())
        _delivered(visit, row, party, sent)
    except NuanlinError as problem:
        now = books.request(visit.store.database, visit.ledger, row["request_id"])
        return proving_page(visit, now or row, party, problem=problem)
    done = "fulfilled" if sent.finished else "shown"
    return redirect(visit.url(f"requests/{row['request_id']}", done=done))


def add_proving(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/requests/{request_id}/photos`."""

    def prepared(request: Request, ledger: str, request_id: str) -> tuple[Visit, Cells, str] | Response:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first(visit.url(f"requests/{request_id}/photos"))
        return visit, *_need(visit, request_id)

    @pages.get("/{ledger}/requests/{request_id}/photos")
    def begin(request: Request, ledger: str, request_id: str) -> Response:
        found = prepared(request, ledger, request_id)
        return found if isinstance(found, Response) else proving_page(*found)

    @pages.post("/{ledger}/requests/{request_id}/photos")
    async def send(request: Request, ledger: str, request_id: str) -> Response:
        return await photos_sent(request, lambda: prepared(request, ledger, request_id), _answer, proving_page)
