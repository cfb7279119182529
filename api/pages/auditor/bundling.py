"""The bundle: the whole ledger with its seals in one file, made in the background, to be checked without us."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.audit import jobs
from api.audit.results import BUNDLE, Bundle
from api.pages.auditor.may import need, visited, work_of
from api.pages.common import HEADERS, Visit, redirect
from api.store import Store
from ledger.errors import NotFound, NuanlinError

_TEXT = Annotated[str, Form()]
_KIB = 1024


def _last(visit: Visit) -> Bundle | None:
    folder = jobs.folder_of(visit.store, visit.ledger, "bundle")
    file = jobs.result_of(folder, f"{BUNDLE}.json")
    try:
        made = msgspec.json.decode(file.read_bytes(), type=Bundle) if file else None
    except (OSError, msgspec.MsgspecError):
        return None
    return made if (folder / f"{BUNDLE}.zip").exists() else None


def _key(visit: Visit) -> str:
    try:
        return visit.store.seals.vkey(visit.ledger)
    except NuanlinError:
        return ""


def weight(size: int) -> str:
    """A number of bytes as people read it."""
    if size < _KIB * _KIB:
        return f"{size // _KIB + 1:,} KiB"
    return f"{size // _KIB // _KIB:,}.{size // _KIB % _KIB * 10 // _KIB} MiB"


def bundle_page(visit: Visit) -> Response:
    """The last bundle, making a new one, and how it is checked."""
    state = jobs.state_of(jobs.folder_of(visit.store, visit.ledger, "bundle"))
    made = _last(visit)
    return visit.page(
        "auditor_bundle.html",
        tab="audit",
        made=made,
        size=weight(made.bytes) if made else "",
        name=f"{visit.ledger}-{made.position}.zip" if made else f"{visit.ledger}.zip",
        vkey=_key(visit),
        work=work_of(visit, state),
    )


def add_bundling(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/bundle`, making it (POST), and `…/bundle/file.zip`."""

    @pages.get("/{ledger}/bundle")
    def look(request: Request, ledger: str) -> Response:
        visit = visited(store, request, ledger)
        return bundle_page(visit) if isinstance(visit, Visit) else visit

    @pages.post("/{ledger}/bundle")
    def make(request: Request, ledger: str, csrf: _TEXT = "") -> Response:
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        need(visit)
        jobs.begin(store, ledger, "bundle")
        return redirect(visit.url("bundle"))

    @pages.get("/{ledger}/bundle/file.zip")
    def download(request: Request, ledger: str) -> Response:
        visit = visited(store, request, ledger)
        if not isinstance(visit, Visit):
            return visit
        made = _last(visit)
        if made is None:
            raise NotFound("no_such_page")
        file = jobs.folder_of(store, ledger, "bundle") / f"{BUNDLE}.zip"
        headers = {**HEADERS, "Cache-Control": "no-store"}
        name = f"{ledger}-{made.position}.zip"
        return FileResponse(file, media_type="application/zip", filename=name, headers=headers)
