"""The pages of the queue: the list, one piece of work with its history, and what becomes of a button."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from api.imports import jobs
from api.pages.common import Visit, redirect
from api.pages.forms.posted import form_data
from api.pages.worker.desk import OFFICE, WORKER, Action, Answers, Piece, Source, holds_somewhere
from api.pages.worker.history import history_of
from api.pages.worker.queue import BY_NAME, SOURCES, open_sources, pieces_of, queue_of, task_of, tasks_of, told_of
from api.problems import status_of
from api.signin.grave import need_proof
from api.store import Store
from ledger.application import Actor
from ledger.errors import Conflict, NotFound, NuanlinError, Refused
from projections.reading import Cells

_LONGEST = 200


def need_worker(visit: Visit) -> Response | None:
    """None for who has work here; the way to sign in for who is not signed in. Raises NotFound for everybody else."""
    if not visit.caller.signed_in:
        return visit.sign_in_first()
    if not open_sources(visit):
        raise NotFound("no_such_page")
    return None


def source_named(visit: Visit, name: str) -> Source:
    """A source that is the work of who looks. Raises NotFound `no_such_page`."""
    source = BY_NAME.get(name)
    if source is None or not source.is_for(visit):
        raise NotFound("no_such_page")
    return source


def _piece(visit: Visit, source: Source, key: str) -> Piece:
    """One piece that still waits. Raises Conflict `desk_settled` for what was seen to meanwhile, or never was."""
    row = _row(visit, source, key)
    if row is None:
        raise Conflict("desk_settled")
    return pieces_of(visit, [(source, row)])[0]


def _row(visit: Visit, source: Source, key: str) -> Cells | None:
    """What still waits and is the work of who looks."""
    row = source.row(visit, key)
    return row if row is not None and source.fits(visit, row) else None


def _is_htmx(visit: Visit) -> bool:
    return visit.request.headers.get("hx-request") == "true"


def _elsewhere(visit: Visit) -> list[tuple[str, str, str]]:
    """What else there is to do, by whom it is open to: key, icon and path."""
    office, lists = holds_somewhere(visit, OFFICE), holds_somewhere(visit, WORKER)
    entries = (
        (office, "people", "people", "people"),
        (lists, "paper", "pen", "paper-lists"),
        (visit.caller.holds(OFFICE), "import", "in", "import"),
        (office, "print", "plaque", "print"),
        (office, "tree", "place", "tree"),
    )
    return [(key, icon, path) for is_open, key, icon, path in entries if is_open]


def list_page(visit: Visit, only: str, done: str, *, status: int = 200, failed: str = "") -> Response:
    """The queue; `done` says what was done last (`verify.verify`), `failed` why something was not."""
    queue = queue_of(visit, only)
    tasks = tasks_of(visit, queue.pieces)
    groups = [
        (state, [task for task in tasks if task.state == state])
        for state in ("late", "today", "soon", "later")
        if any(task.state == state for task in tasks)
    ]
    known = {f"{source.name}.{action.name}" for source in SOURCES for action in source.actions}
    return visit.page(
        "worker_queue.html", status, tab="work",
        groups=groups, only=only, counts=queue.counts, late=queue.late, more=queue.more, failed=failed,
        sources=open_sources(visit), key=visit.new_key(),
        done=visit.t(f"worker.done.{done}") if done in known else "", elsewhere=_elsewhere(visit),
    )  # fmt: skip


def piece_page(
    visit: Visit, piece: Piece, *, problem: NuanlinError | None = None, said: dict[str, str] | None = None
) -> Response:
    """One piece of work with its history; within the list, only the piece itself."""
    told = told_of(visit, [piece])
    task = task_of(visit, piece, told, problem=problem, said=said)
    status = 200 if problem is None else status_of(problem)
    if _is_htmx(visit) and problem is not None:
        return visit.page("worker_task.html", status, task=task, key=visit.new_key())
    history = history_of(visit, piece)
    template = "worker_story.html" if _is_htmx(visit) else "worker_piece.html"
    return visit.page(template, status, tab="work", task=task, history=history, key=visit.new_key())


def _answers(action: Action, said: Answers) -> Answers:
    """What was answered, each choice being one that was offered. Raises Refused `desk_choose`, `desk_empty`."""
    for ask in action.asks:
        given = said.get(ask.name, "").strip()
        if ask.kind == "choice" and given not in ask.values:
            raise Refused("desk_choose", field=ask.name)
        if not given:
            raise Refused("desk_empty", field=ask.name)
    return said


def act(visit: Visit, source: Source, key: str, name: str, said: dict[str, str]) -> Response:
    """Do what a button says, once per key; a refusal is told where the button is."""
    action = next((one for one in source.actions if one.name == name), None)
    if action is None:
        raise NotFound("no_such_page")
    who, sent = visit.caller.actor, said.get("key", "")
    own_key = f"web:{who}:{name}:{key}:{sent[:100]}" if sent else None
    piece, row = None, _row(visit, source, key)
    if row is not None:
        piece = pieces_of(visit, [(source, row)])[0]
    try:
        if piece is None:
            raise Conflict("desk_settled")
        command = action.command(visit, piece.row, _answers(action, said))
        need_proof(command, visit.caller)
        outcome = visit.store.application.execute(visit.ledger, command, actor=Actor(who), key=own_key)
    except NuanlinError as problem:
        if piece is not None:
            return piece_page(visit, piece, problem=problem, said={**said, "action": name})
        return _settled(visit, said)
    told = f"{source.name}.{name}"
    if _is_htmx(visit):
        number = visit.t("line.number_of", position=f"{outcome.position:,}")
        return visit.page("worker_done.html", said=visit.t(f"worker.done.{told}"), number=number, good=True)
    return redirect(visit.url("work", source=said.get("only", ""), done=told))


def _settled(visit: Visit, said: Answers) -> Response:
    """Somebody was faster, or the same person pressed twice: nothing is left to do, and that is no fault of theirs."""
    words = visit.t("worker.settled")
    if _is_htmx(visit):
        return visit.page("worker_done.html", said=words, number="", good=False)
    only = said.get("only", "")
    return list_page(visit, only if only in BY_NAME else "", "", status=409, failed=words)


def add_queue(pages: APIRouter, store: Store) -> None:
    """`/{ledger}/work`, `/{ledger}/work/{source}/{key}` and its actions."""

    @pages.get("/{ledger}/work")
    def queue(request: Request, ledger: str, source: str = "", done: str = "") -> Response:
        visit = Visit(store, request, ledger)
        elsewhere = need_worker(visit)
        if elsewhere is not None:
            return elsewhere
        jobs.sweep()  # who works here comes by often enough that sheets nobody looks at any more do not lie about
        only = source_named(visit, source).name if source else ""
        return list_page(visit, only, done)

    @pages.get("/{ledger}/work/{source}/{key}")
    def single(request: Request, ledger: str, source: str, key: str) -> Response:
        visit = Visit(store, request, ledger)
        elsewhere = need_worker(visit)
        if elsewhere is not None:
            return elsewhere
        wanted = source_named(visit, source)
        try:
            return piece_page(visit, _piece(visit, wanted, key))
        except Conflict:
            return _settled(visit, {})

    @pages.post("/{ledger}/work/{source}/{key}/{action}")
    def do(
        request: Request, ledger: str, source: str, key: str, action: str, data: FormData = Depends(form_data)
    ) -> Response:
        visit = Visit(store, request, ledger)
        elsewhere = need_worker(visit)
        if elsewhere is not None:
            return elsewhere
        said = {name: str(data[name])[:_LONGEST] for name in data}
        visit.check_form(said.get("csrf", ""))
        return act(visit, source_named(visit, source), key, action, said)
