"""Sheets that somebody sent to be imported: a folder each, a process each, and what has become of them so far.

A job belongs to who sent it, in the ledger for which it was sent; nobody else finds it. Its folder is for this user of the
machine alone and lives an hour at most after anybody looked: sheets hold names and numbers of people. At most `_AT_ONCE`
processes read at once.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, Literal

import msgspec

from api import aside
from api.aside import private_folder, write_file
from api.settings import Settings
from ledger.clock import MICROS_PER_SECOND, system_clock
from ledger.errors import NotFound, Refused, TooMany, Unusable

Phase = Literal["preview", "import"]
MOST_BYTES = 16 * 1024 * 1024
REPORT = "refused.csv"
_STATE, _TASK = "state.json", "task.json"
_AT_ONCE = 2
_KEPT_SECONDS = 3600
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_SUFFIXES = (".xlsx", ".csv")
_running = threading.BoundedSemaphore(_AT_ONCE)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told. `settings` open the store; they go by standard input, where no other process reads them."""

    ledger: str
    actor: str
    kind: str
    lang: str
    file: str
    title: str
    folder: str
    phase: Phase = "preview"
    settings: dict[str, Any] = {}


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows: read, imported (or to be), there already, refused."""

    read: int
    imported: int
    unchanged: int
    refused: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is. `ready` after a preview, `done` after an import; `failed` with a code of the room `errors`."""

    phase: Phase
    status: Literal["running", "ready", "done", "failed"]
    done: int = 0
    total: int | None = None
    counts: Counts | None = None
    shown: dict[str, Any] = {}
    code: str = ""
    details: dict[str, str] = {}


def sweep() -> None:
    """Destroy what nobody has looked at for an hour."""
    for folder in private_folder("imports").iterdir():
        with contextlib.suppress(FileNotFoundError):  # somebody else was faster
            if system_clock() // MICROS_PER_SECOND - int(folder.stat().st_mtime) > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def read_task(data: bytes) -> Task:
    """A task from its JSON."""
    return msgspec.json.decode(data, type=Task)


def write_state(folder: Path, state: State) -> None:
    """Say how far it is; whoever reads finds the old or the new, never half of it."""
    write_file(folder / _STATE, msgspec.json.encode(state))


def begin(settings: Settings | None, task: Task, data: bytes) -> str:
    """Keep a sheet and have it previewed; gives the job's name. Raises as `keep` and `start` do."""
    name, kept = keep(task, data)
    try:
        start(settings, kept, "preview")
    except BaseException:
        discard(kept)
        raise
    return name


def keep(task: Task, data: bytes) -> tuple[str, Task]:
    """Keep a sheet in a folder of its own; gives the job's name. Other jobs of the same person are given up.

    Raises Refused (`import_empty`, `import_too_large`, `import_wrong_file`).
    """
    if not data:
        raise Refused("import_empty", field="file")
    if len(data) > MOST_BYTES:
        raise Refused("import_too_large", field="file", most=f"{MOST_BYTES // 1024 // 1024} MiB")
    suffix = Path(task.title).suffix.lower()
    if suffix not in _SUFFIXES:
        raise Refused("import_wrong_file", field="file")
    sweep()
    for folder in private_folder("imports").iterdir():
        if _task(folder, task.ledger, task.actor) is not None:
            shutil.rmtree(folder, ignore_errors=True)
    name = secrets.token_urlsafe(16)
    folder = private_folder("imports") / name
    folder.mkdir(mode=0o700)
    kept = msgspec.structs.replace(task, file=f"sheet{suffix}", folder=str(folder))
    (folder / kept.file).write_bytes(data)
    (folder / _TASK).write_bytes(msgspec.json.encode(kept))
    return name, kept


def _task(folder: Path, ledger: str, actor: str) -> Task | None:
    try:
        task = read_task((folder / _TASK).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    return task if (task.ledger, task.actor) == (ledger, actor) else None


def job(name: str, ledger: str, actor: str) -> tuple[Task, State]:
    """One's own job and how far it is. Raises NotFound `no_such_import` for what is none, or is somebody else's."""
    folder = private_folder("imports") / name
    task = _task(folder, ledger, actor) if _NAME.fullmatch(name) else None
    if task is None:
        raise NotFound("no_such_import")
    os.utime(folder)
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        state = State(phase=task.phase, status="running")
    return task, state


def discard(task: Task) -> None:
    """Destroy a job's folder."""
    shutil.rmtree(task.folder, ignore_errors=True)


def start(settings: Settings | None, task: Task, phase: Phase) -> None:
    """Let a process of its own preview or import it. Raises TooMany `import_busy`, Unusable where no process can open the
    store."""
    if settings is None:
        raise Unusable("store_unreachable", reason="settings")
    if not _running.acquire(blocking=False):
        raise TooMany("import_busy")
    folder = Path(task.folder)
    now = msgspec.structs.replace(task, phase=phase)
    try:
        (folder / _TASK).write_bytes(msgspec.json.encode(now))
        write_state(folder, State(phase=phase, status="running"))
        whole = msgspec.structs.replace(now, settings=settings.model_dump(mode="json"))
        process = aside.process("api.imports.child")
    except BaseException:
        _running.release()
        raise
    threading.Thread(target=_wait, args=(process, folder, phase, msgspec.json.encode(whole)), daemon=True).start()


def _wait(process: subprocess.Popen[bytes], folder: Path, phase: Phase, task: bytes) -> None:
    """Hand over the task and see the process out; one that was ended from outside could not say so itself."""
    try:
        process.communicate(task)
        if process.returncode and folder.exists():
            state = msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
            if state.status == "running":
                write_state(folder, State(phase=phase, status="failed", code="import_too_heavy"))
    finally:
        _running.release()
