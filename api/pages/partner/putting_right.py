"""What a unit or team was ordered to put right: until when, and the report that it is done, with a photo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import formats
from api.pages.common import Visit, redirect
from api.pages.naming import labels
from api.pages.photo_forms import photos_sent
from api.people import People
from api.photos import MIB, MOST_PHOTO_BYTES, taken_in
from api.problems import status_of
from api.reading import READ_ALL
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.appraisals.commands import AppraisalNote, ReportRectified
from ledger.errors import NotFound, NuanlinError, Refused
from ledger.parties.state import represents
from projections.books.engines.appraisals_tables import rectifications
from projections.reading import Cells, one

_REMARK = 500


def _need(visit: Visit, rectification_id: str) -> Cells:
    row = one(visit.store.database, rectifications, visit.ledger, rectification_id=rectification_id)
    if row is None:
        raise NotFound("no_such_rectification", rectification=rectification_id)
    return row


def _reports(visit: Visit, row: Cells) -> bool:
    """Whether who looks may report: whoever speaks for the party, on its last day at the latest."""
    in_time = row["status"] == "ordered" and visit.today.isoformat() <= row["due_day"]
    return in_time and visit.caller.signed_in and represents(visit.view, visit.caller.actor, row["party"])


def days_left(visit: Visit, row: Cells) -> str:
    """How long there is to put it right, in words; "" once that is over."""
    if row["status"] != "ordered":
        return ""
    today = visit.today.isoformat()
    if row["due_day"] < today:
        return visit.t("partner.rectify.late")
    return (
        visit.t("partner.rectify.today")
        if row["due_day"] == today
        else visit.t("partner.rectify.days", days=_days(visit, row))
    )


def _days(visit: Visit, row: Cells) -> int:
    return (date.fromisoformat(row["due_day"]) - visit.today).days


def rectification_page(visit: Visit, row: Cells, *, problem: NuanlinError | None = None) -> Response:
    """The order as everybody may read it; remarks and the photo are for those concerned."""
    own = visit.caller.signed_in and represents(visit.view, visit.caller.actor, row["party"])
    inner = own or visit.caller.holds(READ_ALL, row["party"])
    words = People(visit.store, visit.ledger).words([row["words"], row["report_words"]]) if inner else {}
    kept = visit.store.photos.kept(visit.ledger, row["rectification_id"]) if inner else frozenset()
    photo = visit.url(f"photos/{row['rectification_id']}/{row['evidence']}") if row["evidence"] in kept else ""
    return visit.page(
        "partner_rectification.html",
        200 if problem is None else status_of(problem),
        tab="unit",
        row=row,
        party=labels(visit, [row["party"]])[row["party"]],
        remark=str(words.get(row["words"], {}).get("remark", "")),
        report=str(words.get(row["report_words"], {}).get("remark", "")),
        photo=photo,
        left=days_left(visit, row),
        reports=_reports(visit, row),
        megabytes=MOST_PHOTO_BYTES // MIB,
        remark_most=_REMARK,
        done=visit.request.query_params.get("done", "") if problem is None else "",
        sentence=formats.error(problem, visit.lang) if problem else "",
        key=visit.new_key(),
    )


def _answer(visit: Visit, row: Cells, files: list[bytes], said: Mapping[str, str]) -> Response:
    visit.check_form(said.get("csrf", ""))
    store, about = visit.store, str(row["rectification_id"])
    try:
        remark = said.get("remark", "").strip()
        if len(remark) > _REMARK:
            raise Refused("photo_remark_long", most=_REMARK)
        if not files and not remark:
            raise Refused("report_empty")
        if len(files) > 1:
            raise Refused("photo_too_many", most=1)
        photo = taken_in(files[0]) if files else None
        if photo is not None:
            store.photos.keep(visit.ledger, about, [photo], owners=(str(row["party"]),), at=store.clock())
        command = ReportRectified(
            rectification_id=about,
            party=row["party"],
            evidence="" if photo is None else photo.sha256,
            words=AppraisalNote(remark=remark) if remark else None,
        )
        key = f"web:{visit.caller.actor}:{said.get('key', '')[:100] or visit.new_key()}"
        need_proof(command, visit.caller)
        store.application.execute(visit.ledger, command, actor=Actor(visit.caller.actor), key=key)
    except NuanlinError as problem:
        return rectification_page(visit, row, problem=problem)
    return redirect(visit.url(f"rectifications/{about}", done="reported"))


def add_putting_right(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/rectifications/{rectification_id}`, and `…/photos` to report."""

    @pages.get("/{ledger}/rectifications/{rectification_id}")
    def look(request: Request, ledger: str, rectification_id: str) -> Response:
        visit = Visit(store, request, ledger)
        return rectification_page(visit, _need(visit, rectification_id))

    def prepared(request: Request, ledger: str, rectification_id: str) -> tuple[Visit, Cells] | Response:
        visit = Visit(store, request, ledger)
        row = _need(visit, rectification_id)
        if not visit.caller.signed_in:
            return visit.sign_in_first(visit.url(f"rectifications/{rectification_id}"))
        if not represents(visit.view, visit.caller.actor, row["party"]):
            raise NotFound("no_such_page")
        return visit, row

    @pages.post("/{ledger}/rectifications/{rectification_id}/photos")
    async def report(request: Request, ledger: str, rectification_id: str) -> Response:
        return await photos_sent(
            request, lambda: prepared(request, ledger, rectification_id), _answer, rectification_page
        )
