"""Samples: drawn by a seed that nobody could know beforehand, looked at item by item with its documents, taken away."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api import formats
from api.audit import jobs
from api.audit.results import SAMPLE, SHEETS, Drawn
from api.pages.auditor.documents import Document, documents_of
from api.pages.auditor.may import need, visited, work_of
from api.pages.auditor.replay import moment
from api.pages.common import HEADERS, Visit, redirect
from api.problems import status_of
from api.store import Store
from api.texts import LANGUAGES
from ledger.audit.sampling import FAMILIES, root_in, seed_of
from ledger.errors import NotFound, NuanlinError, Refused

_TEXT = Annotated[str, Form()]
_ROWS, _USUAL, _MOST, _FEW = 30, 25, 400, 10
_NAMES = ("seed", "dice", "size", "unit", "from", "to")
_MEDIA = {"html": "text/html; charset=utf-8", "json": "application/json"}


class Kept(msgspec.Struct, frozen=True):
    """A sample that is kept: its name, how many items, up to which position, when; `running` without the rest."""

    name: str
    items: int
    upto: int
    at: int
    running: bool


def drawn_of(visit: Visit, name: str) -> Drawn | None:
    """A sample in the visitor's language; None where it is not there (yet)."""
    folder = jobs.folder_of(visit.store, visit.ledger, "sample", name)
    file = jobs.result_of(folder, SHEETS.format(lang=visit.lang))
    try:
        return msgspec.json.decode(file.read_bytes(), type=Drawn) if file else None
    except (OSError, msgspec.MsgspecError):
        return None


def _kept(visit: Visit) -> list[Kept]:
    found = []
    for name in jobs.samples(visit.store, visit.ledger)[:_FEW]:
        drawn = drawn_of(visit, name)
        if drawn is not None:
            found.append(Kept(name, len(drawn.sheets), drawn.upto, drawn.at, False))
        else:
            state = jobs.state_of(jobs.folder_of(visit.store, visit.ledger, "sample", name))
            if state is not None and state.status == "running":
                found.append(Kept(name, 0, 0, state.began_at, True))
    return found


def form_page(visit: Visit, said: dict[str, str] | None = None, problem: NuanlinError | None = None) -> Response:
    """Where a sample is asked for; the seed offered is the root of the last checkpoint."""
    last = visit.store.seals.latest(visit.ledger)
    usual = {"seed": last.root.hex() if last else "", "size": str(_USUAL)}
    said = said if said is not None else usual
    return visit.page(
        "auditor_samples.html",
        200 if problem is None else status_of(problem),
        tab="audit",
        said={name: said.get(name, "") for name in _NAMES},
        families=FAMILIES,
        last=last,
        kept=_kept(visit),
        most=_MOST,
        trouble=formats.error(problem, visit.lang) if problem else "",
        blamed=str(problem.details.get("field", "")) if problem else "",
    )


def wanted_of(visit: Visit, said: dict[str, str]) -> jobs.Wanted:
    """The sample that a form asks for: up to the checkpoint of its seed, unless told otherwise.

    Raises Refused `bad_seed`, `bad_sample_size`, `bad_moment`, `moments_reversed`; NotFound `no_such_position`.
    """
    seed, size, unit = said.get("seed", "").strip(), said.get("size", "").strip(), said.get("unit", "")
    try:
        seed_of(seed, said.get("dice", ""))
    except Refused:
        raise Refused("bad_seed", field="seed") from None
    if not (size.isascii() and size.isdecimal() and len(size) < 6 and 1 <= int(size) <= _MOST):
        raise Refused("bad_sample_size", field="size", most=_MOST)
    last = visit.store.seals.latest(visit.ledger)
    upto = visit.as_of.position
    if last is not None and root_in(seed) == last.root:
        upto = last.size
    begin, end = moment(visit, said.get("from", ""), "from"), moment(visit, said.get("to", ""), "to")
    first = begin.position + (1 if "-" in said.get("from", "") else 0) if begin else 1
    upto = min(upto, end.position) if end else upto
    if first > upto:
        raise Refused("moments_reversed", field="from", first=first, last=upto)
    return jobs.Wanted(
        seed=seed, dice=said.get("dice", "").strip()[:80], size=int(size), unit=unit if unit in FAMILIES else None,
        first=max(first, 1), upto=upto,
    )  # fmt: skip


def sample_page(visit: Visit, name: str, after: str) -> Response:
    """A sample: how it was drawn, and its items. Raises NotFound `no_such_sample`."""
    drawn = drawn_of(visit, name)
    state = jobs.state_of(jobs.folder_of(visit.store, visit.ledger, "sample", name))
    if drawn is None and state is None:
        raise NotFound("no_such_sample")
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 9 else 0
    sheets = drawn.sheets if drawn else []
    return visit.page(
        "auditor_sample.html",
        tab="audit",
        name=name,
        drawn=drawn,
        sheets=sheets[begin : begin + _ROWS],
        next=begin + _ROWS if begin + _ROWS < len(sheets) else None,
        work=work_of(visit, state),
    )


def item_page(visit: Visit, name: str, number: str) -> Response:
    """One item with its whole story and its documents. Raises NotFound `no_such_sample`."""
    drawn = drawn_of(visit, name)
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    if drawn is None or not 1 <= wanted <= len(drawn.sheets):
        raise NotFound("no_such_sample")
    sheet = drawn.sheets[wanted - 1]
    documents: dict[int, Document] = documents_of(visit, [row.position for row in sheet.story])
    return visit.page(
        "auditor_item.html",
        tab="audit",
        name=name,
        sheet=sheet,
        documents=documents,
        before=wanted - 1,
        behind=wanted + 1 if wanted < len(drawn.sheets) else 0,
    )


def _file(visit: Visit, name: str, ending: str) -> Response:
    """The sheets to print, or the document for programs. Raises NotFound `no_such_sample`."""
    lang = visit.lang if visit.lang in LANGUAGES else LANGUAGES[0]
    folder = jobs.folder_of(visit.store, visit.ledger, "sample", name)
    file = jobs.result_of(folder, SAMPLE.format(lang=lang, ending=ending))
    if file is None or drawn_of(visit, name) is None:
        raise NotFound("no_such_sample")
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return FileResponse(
        file, media_type=_MEDIA[ending], filename=f"sample-{visit.ledger}-{name[:6]}.{ending}", headers=headers
    )


def add_samples(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/samples`, drawing one (POST), `…/samples/{name}`, its items and its files."""

    @pages.get("/{ledger}/samples")
    def ask(request: Request, ledger: str) -> Response:
        visit = visited(store, request, ledger)
        return form_page(visit) if isinstance(visit, Visit) else visit

    @pages.post("/{ledger}/samples")
    def draw(
        request: Request, ledger: str, csrf: _TEXT = "", seed: _TEXT = "", dice: _TEXT = "", size: _TEXT = "",
        unit: _TEXT = "", first: Annotated[str, Form(alias="from")] = "", to: _TEXT = "",
    ) -> Response:  # fmt: skip
        visit = Visit(store, request, ledger)
        visit.check_form(csrf)
        need(visit)
        said = {
            "seed": seed[:200],
            "dice": dice[:80],
            "size": size[:8],
            "unit": unit,
            "from": first[:40],
            "to": to[:40],
        }
        try:
            name = jobs.begin(store, ledger, "sample", lang=visit.lang, wanted=wanted_of(visit, said))
        except NuanlinError as problem:
            return form_page(visit, said, problem)
        return redirect(visit.url(f"samples/{name}"))

    @pages.get("/{ledger}/samples/{name}")
    def look(request: Request, ledger: str, name: str, after: str = "") -> Response:
        visit = visited(store, request, ledger)
        return sample_page(visit, name, after) if isinstance(visit, Visit) else visit

    @pages.get("/{ledger}/samples/{name}/sheets.html")
    def sheets(request: Request, ledger: str, name: str) -> Response:
        visit = visited(store, request, ledger)
        return _file(visit, name, "html") if isinstance(visit, Visit) else visit

    @pages.get("/{ledger}/samples/{name}/sample.json")
    def document(request: Request, ledger: str, name: str) -> Response:
        visit = visited(store, request, ledger)
        return _file(visit, name, "json") if isinstance(visit, Visit) else visit

    @pages.get("/{ledger}/samples/{name}/{number}")
    def item(request: Request, ledger: str, name: str, number: str) -> Response:
        visit = visited(store, request, ledger)
        return item_page(visit, name, number) if isinstance(visit, Visit) else visit
