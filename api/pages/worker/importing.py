"""Importing a sheet: sent, read by a process of its own, looked at, mended where a column was misunderstood, then entered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse, Response

from api import formats
from api.imports import jobs
from api.imports.kinds import kind_named, kind_names
from api.imports.runner import reason
from api.pages.common import HEADERS, Visit, redirect
from api.pages.forms.posted import form_data
from api.pages.worker.desk import OFFICE
from api.problems import status_of
from api.sampling.names import field_name
from api.store import Store
from api.texts import known, text
from ledger.errors import NotFound, NotSignedIn, NuanlinError, Refused

_NOT_READ = "-"
_EVERY_SECONDS = 2


def may_import(visit: Visit) -> bool:
    """Community workers and administrators."""
    return visit.caller.signed_in and visit.caller.holds(OFFICE)


def _need(visit: Visit) -> None:
    """Raises NotSignedIn `sign_in_first`, NotFound `no_such_page`."""
    if not visit.caller.signed_in:
        raise NotSignedIn("sign_in_first")
    if not may_import(visit):
        raise NotFound("no_such_page")


def _field(visit: Visit, name: str) -> str:
    """What a field of a sheet is called."""
    key = f"pages.worker.column.{name}"
    return text(visit.lang, key) if known(visit.lang, key) else field_name(visit.lang, name)


def _fields(visit: Visit, kind: str) -> list[tuple[str, str]]:
    """The fields that a column of such a sheet may be, with what they are called."""
    return [(one, _field(visit, one)) for one in kind_named(kind).fields]


def begin_page(visit: Visit, *, problem: NuanlinError | None = None, kind: str = "") -> Response:
    """Where a sheet is chosen."""
    status = 200 if problem is None else status_of(problem)
    return visit.page(
        "worker_import.html", status, tab="work", kinds=kind_names(), kind=kind,
        trouble=formats.error(problem, visit.lang) if problem else "",
    )  # fmt: skip


def _trouble(visit: Visit, state: jobs.State) -> str:
    """Why a sheet could not be read, in words; what the reader of sheets says has a room of its own."""
    if not state.code:
        return ""
    if known(visit.lang, f"errors.{state.code}"):
        return text(visit.lang, f"errors.{state.code}", **state.details)
    told = reason(state.code, visit.lang)
    try:
        return told.format_map(state.details)
    except (KeyError, ValueError):
        return told


def job_page(visit: Visit, name: str, *, problem: NuanlinError | None = None) -> Response:
    """How far a sheet is: being read, to be looked at, being entered, entered, or why not."""
    task, state = jobs.job(name, visit.ledger, visit.caller.actor)
    names = dict(_fields(visit, task.kind))
    shown: dict[str, Any] = {"columns": [], "first": [], "refused": [], "assumed": [], "brings": {}, **state.shown}
    trouble = formats.error(problem, visit.lang) if problem else _trouble(visit, state)
    template = "worker_import_state.html" if _is_htmx(visit) else "worker_import_job.html"
    return visit.page(
        template, 200 if problem is None else status_of(problem), tab="work",
        task=task, state=state, shown=shown, name=name, fields=_fields(visit, task.kind),
        assumed=[(names.get(field, field), value) for field, value in shown["assumed"]],
        brings=[text(visit.lang, f"cli.newcomer.{kind}", count=count) for kind, count in shown["brings"].items()],
        trouble=trouble, every=_EVERY_SECONDS, report=(Path(task.folder) / jobs.REPORT).exists(),
        here=visit.url(f"import/{name}"), key=visit.new_key(),
    )  # fmt: skip


def _is_htmx(visit: Visit) -> bool:
    return visit.request.headers.get("hx-request") == "true"


def write_map(task: jobs.Task, state: jobs.State, said: dict[str, str]) -> None:
    """Keep what somebody said about the columns as a mapping file. Raises Refused `import_twice`, `import_bad_column`."""
    fields = kind_named(task.kind).fields
    columns: dict[str, str] = {}
    ignored: list[str] = []
    for number, (_letter, heading, _fields, _how) in enumerate(state.shown.get("columns", [])):
        chosen = said.get(f"column-{number}", _NOT_READ)
        if chosen == _NOT_READ:
            ignored.append(heading)
        elif chosen not in fields:
            raise Refused("import_bad_column")
        elif chosen in columns.values():
            raise Refused("import_twice")
        else:
            columns[heading] = chosen

    def quoted(one: str) -> str:
        # TOML reads texts as JSON writes them, but for one sign that it wants escaped.
        return json.dumps(one, ensure_ascii=False).replace("\x7f", "\\u007f")

    ignore = ", ".join(quoted(one) for one in ignored if one and one not in columns)
    row = state.shown.get("heading_row")
    sheet = ["[sheet]", f"heading_row = {int(row)}"] if row else []
    lines = [
        f"ignore = [{ignore}]",
        *sheet,
        "[columns]",
        *(f"{quoted(one)} = {quoted(name)}" for one, name in columns.items()),
    ]
    (Path(task.folder) / "map.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Sent(NamedTuple):
    """A sheet as it was sent: by whom, as what, under which name."""

    visit: Visit
    csrf: str
    kind: str
    title: str
    data: bytes


def _sent(came: Sent) -> Response:
    """Take a sheet that was sent."""
    visit = came.visit
    visit.check_form(came.csrf)
    try:
        if came.kind not in kind_names():
            raise Refused("import_no_kind", field="kind")
        task = jobs.Task(
            ledger=visit.ledger, actor=visit.caller.actor, kind=came.kind, lang=visit.lang, file="", folder="",
            title=came.title,
        )  # fmt: skip
        name = jobs.begin(visit.store.settings, task, came.data)
    except NuanlinError as problem:
        return begin_page(visit, problem=problem, kind=came.kind)
    return redirect(visit.url(f"import/{name}"))


def _go_on(visit: Visit, name: str, said: dict[str, str]) -> Response:
    """What a button of the preview says: read again with other columns, enter, or give it up."""
    task, state = jobs.job(name, visit.ledger, visit.caller.actor)
    if said.get("to") == "drop":
        jobs.discard(task)
        return redirect(visit.url("import"))
    try:
        if state.status == "running":
            return redirect(visit.url(f"import/{name}"))
        if said.get("to") == "again":
            write_map(task, state, said)
            jobs.start(visit.store.settings, task, "preview")
        elif state.status == "ready" or (state.status == "failed" and state.phase == "import"):
            jobs.start(visit.store.settings, task, "import")
    except NuanlinError as problem:
        return job_page(visit, name, problem=problem)
    return redirect(visit.url(f"import/{name}"))


def add_importing(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/import`, one job's page, its report of refused rows."""

    async def upload(request: Request, ledger: str) -> Sent:
        # Who sends it is asked before it is read.
        visit = await run_in_threadpool(Visit, store, request, ledger)
        await run_in_threadpool(_need, visit)
        form = await request.form(max_files=1, max_fields=10)
        try:
            file = form.get("file")
            data = await file.read(jobs.MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
            title = (file.filename or "")[-80:] if isinstance(file, UploadFile) else ""
            return Sent(visit, str(form.get("csrf", "")), str(form.get("kind", "")), title, data)
        finally:
            await form.close()

    def visited(request: Request, ledger: str) -> Visit:
        visit = Visit(store, request, ledger)
        _need(visit)
        return visit

    @pages.get("/{ledger}/import")
    def choose(request: Request, ledger: str) -> Response:
        try:
            visit = visited(request, ledger)
        except NotSignedIn:
            return Visit(store, request, ledger).sign_in_first()
        jobs.sweep()
        return begin_page(visit)

    @pages.post("/{ledger}/import")
    def send(came: Sent = Depends(upload)) -> Response:
        return _sent(came)

    @pages.get("/{ledger}/import/{name}")
    def look(request: Request, ledger: str, name: str) -> Response:
        return job_page(visited(request, ledger), name)

    @pages.post("/{ledger}/import/{name}")
    def go_on(request: Request, ledger: str, name: str, data: FormData = Depends(form_data)) -> Response:
        visit = visited(request, ledger)
        said = {one: str(data[one])[:200] for one in data}
        visit.check_form(said.get("csrf", ""))
        return _go_on(visit, name, said)

    @pages.get("/{ledger}/import/{name}/refused.csv")
    def refused(request: Request, ledger: str, name: str) -> Response:
        visit = visited(request, ledger)
        task, _ = jobs.job(name, ledger, visit.caller.actor)
        report = Path(task.folder) / jobs.REPORT
        if not report.exists():
            raise NotFound("no_such_page")
        title = f"{Path(task.title).stem}.refused.csv"
        headers = {**HEADERS, "Cache-Control": "no-store"}
        return FileResponse(report, media_type="text/csv; charset=utf-8", filename=title, headers=headers)
