"""An applicant reports that a stage is reached, with photos; the committee sees them before it accepts."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import HEADERS, Visit, redirect
from api.pages.fund.calls import proposal_by_number
from api.pages.fund.may import MONEY
from api.pages.photo_forms import photos_sent
from api.photos import MIB, MOST_PHOTO_BYTES, MOST_PHOTOS, taken_in
from api.problems import status_of
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.parties.state import works_for
from ledger.proposals.commands import ProposalWords, ReportMilestone
from ledger.vault_photos import SMALL, WHOLE
from projections.books.engines import funds_tables as tables
from projections.reading import Cells, one

_TEXT = 2_000


def sees_photos(visit: Visit, stage: Cells) -> bool:
    """Whether photos of a stage are for who looks: who decides about money, and the applicant's own."""
    if not visit.caller.signed_in:
        return False
    return visit.caller.holds(MONEY) or works_for(visit.view, visit.caller.actor, stage["applicant"])


def kept_photos(visit: Visit, stage: Cells | None) -> list[tuple[str, str]]:
    """The photos of a stage that are kept here, for who may see them: (whole, small) addresses."""
    if stage is None or not stage["evidence"] or not sees_photos(visit, stage):
        return []
    kept = visit.store.photos.kept(visit.ledger, stage["grant_id"])
    found = [
        visit.url(f"stage-photos/{stage['grant_id']}/{one_digest}")
        for one_digest in stage["evidence"].split()
        if one_digest in kept
    ]
    return [(href, f"{href}?size=small") for href in found]


def _need(visit: Visit, number: str, grant_id: str) -> tuple[Cells, Cells]:
    """The proposal and its stage, for who works for the applicant; raises NotFound `no_such_grant` for others."""
    row = proposal_by_number(visit, number)
    stage = one(visit.store.database, tables.milestones, visit.ledger, grant_id=grant_id)
    own = stage is not None and works_for(visit.view, visit.caller.actor, stage["applicant"])
    if stage is None or stage["proposal_id"] != row["proposal_id"] or not own:
        raise NotFound("no_such_grant", grant=grant_id)
    return row, stage


def _form(visit: Visit, row: Cells, stage: Cells, *, problem: NuanlinError | None = None, said: str = "") -> Response:
    return visit.page(
        "fund_report_stage.html", 200 if problem is None else status_of(problem), tab="calls", row=row, stage=stage,
        sentence=formats.error(problem, visit.lang) if problem else "", said=said, key=visit.new_key(), most=MOST_PHOTOS,
        megabytes=MOST_PHOTO_BYTES // MIB, letters=_TEXT,
    )  # fmt: skip


def _report(visit: Visit, row: Cells, stage: Cells, files: list[bytes], said: Mapping[str, str]) -> Response:
    """Keep the photos, then say so in the journal, once per key; or the form again with what was wrong."""
    visit.check_form(said.get("csrf", ""))
    told = said.get("text", "").strip()[:_TEXT]
    actor, store, grant_id = visit.caller.actor, visit.store, str(stage["grant_id"])
    try:
        if not files:
            raise Refused("photo_missing")
        photos = list(dict.fromkeys(taken_in(file) for file in files))
        command = ReportMilestone(
            grant_id=grant_id, evidence=tuple(photo.sha256 for photo in photos),
            words=ProposalWords(text=told) if told else None,
        )  # fmt: skip
        store.photos.keep(visit.ledger, grant_id, photos, owners=(stage["applicant"],), at=store.clock())
        key = f"web:{actor}:{said['key'][:100]}" if said.get("key") else None
        need_proof(command, visit.caller)
        store.application.execute(visit.ledger, command, actor=Actor(actor), key=key)
    except NuanlinError as problem:
        return _form(visit, row, stage, problem=problem, said=told)
    return redirect(visit.url(f"proposals/{row['number']}", done="reported"))


def add_reporting(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/proposals/{number}/photos` and `/{ledger}/stage-photos/{grant_id}/{sha256}`."""

    def prepared(request: Request, ledger: str, number: str) -> tuple[Visit, Cells, Cells] | Response:
        visit = Visit(store, request, ledger)
        if not visit.caller.signed_in:
            return visit.sign_in_first(visit.url(f"proposals/{number}"))
        return visit, *_need(visit, number, request.query_params.get("grant_id", ""))

    @pages.get("/{ledger}/proposals/{number}/photos")
    def begin(request: Request, ledger: str, number: str) -> Response:
        found = prepared(request, ledger, number)
        return found if isinstance(found, Response) else _form(*found)

    @pages.post("/{ledger}/proposals/{number}/photos")
    async def send(request: Request, ledger: str, number: str) -> Response:
        return await photos_sent(request, lambda: prepared(request, ledger, number), _report, _form)

    @pages.get("/{ledger}/stage-photos/{grant_id}/{sha256}")
    def photo(request: Request, ledger: str, grant_id: str, sha256: str, size: str = WHOLE) -> Response:
        visit = Visit(store, request, ledger)
        stage = one(store.database, tables.milestones, ledger, grant_id=grant_id)
        named = stage is not None and sha256 in (stage["evidence"] or "").split()
        if stage is None or not named or not sees_photos(visit, stage):
            raise NotFound("no_such_photo")
        body = store.photos.read(ledger, grant_id, sha256, size=SMALL if size == SMALL else WHOLE)
        if body is None:
            raise NotFound("no_such_photo")
        headers = {
            **HEADERS, "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Content-Disposition": f'inline; filename="{sha256[:8]}.jpg"',
        }  # fmt: skip
        return Response(body, 200, headers, "image/jpeg")
