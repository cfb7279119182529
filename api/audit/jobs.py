"""Work for auditors and administrators that takes longer than a page may: counted totals, the standing checks, a sample, a
bundle, another value of a rule tried on a quarter's decisions.

Each is done by a process of its own (`api.audit.child`), so that the server goes on answering, and its last result is kept
with the position it is about until a newer one takes its place. There is one of each kind per ledger, of samples many.
Folders are for this user of the machine alone; no result holds a name out of the vault. What nobody has looked at for
`_KEPT_SECONDS` is destroyed, and can be had again at any time: everything here follows from the journal.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from api import aside
from api.aside import private_folder, write_file
from api.settings import Settings
from api.store import Store
from ledger.clock import MICROS_PER_SECOND, system_clock
from ledger.errors import NotFound, TooMany, Unusable
from projections.asof.past import Past, event_at

Kind = Literal["counting", "findings", "sample", "bundle", "trial"]

_STATE = "state.json"
_AT_ONCE = 2
_KEPT_SECONDS = 7 * 24 * 3600
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_SAMPLES_KEPT = 50
_running = threading.BoundedSemaphore(_AT_ONCE)
_begun: dict[str, subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A sample as it was asked for; see `ledger.audit.sampling.Plan`."""

    seed: str
    dice: str
    size: int
    unit: str | None
    first: int
    upto: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Another value of a rule to be tried on the decisions of some days; see `api.routes.preview.PreviewQuery`."""

    name: str
    value: str
    first: date
    last: date
    upto: int
    """The last position of these days: a trial goes on to be the same one as long as no day of them gets longer."""

    @property
    def key(self) -> str:
        """The name its result is kept by."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:22]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told. `settings` open the store; they go by standard input, where no other process reads them."""

    ledger: str
    kind: Kind
    folder: str
    lang: str
    wanted: Wanted | None = None
    trial: Trial | None = None
    settings: dict[str, Any] = {}


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is; `failed` with a code of the room `errors`. `began_at` in microseconds UTC."""

    status: Literal["running", "done", "failed"]
    began_at: int
    done: int = 0
    total: int | None = None
    code: str = ""
    details: dict[str, str] = {}


def _home(store: Store, ledger: str) -> Path:
    """The folder of one ledger of one store. Another ledger in the same place begins with another random salt."""
    where = store.settings.database_url if store.settings else str(id(store))
    if "://" not in where:
        where = str(Path(where).absolute())
    first = event_at(Past(store.database, store.codec.decode, ledger, 1), 1)
    salt = first.envelope.salt.hex() if first else ""
    home = private_folder("audit") / hashlib.sha256(f"{where}\n{ledger}\n{salt}".encode()).hexdigest()[:24]
    home.mkdir(mode=0o700, exist_ok=True)
    return home


def folder_of(store: Store, ledger: str, kind: Kind, name: str = "") -> Path:
    """Where a result is, whether it is there or not. Raises NotFound `no_such_sample` for what can be no sample's name."""
    if kind not in ("sample", "trial"):
        return _home(store, ledger) / kind
    if not _NAME.fullmatch(name):
        raise NotFound("no_such_sample")
    return _home(store, ledger) / f"{kind}.{name}"


def samples(store: Store, ledger: str) -> list[str]:
    """The names of the samples that are kept, the newest first."""
    return _kept(store, ledger, "sample")


def _kept(store: Store, ledger: str, kind: Kind) -> list[str]:
    found = [(one.stat().st_ctime, one) for one in _home(store, ledger).glob(f"{kind}.*")]
    return [one.name.partition(".")[2] for _, one in sorted(found, reverse=True)]


def state_of(folder: Path) -> State | None:
    """How far a piece of work is; None where there is none. One whose process is gone without a word has failed."""
    try:
        state = msgspec.json.decode((folder / _STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None
    if state.status == "running" and not _alive(folder):
        return msgspec.structs.replace(state, status="failed", code="audit_job_ended")
    return state


def result_of(folder: Path, name: str) -> Path | None:
    """A file of the last result, if it is there; whoever looks at it keeps it."""
    file = folder / name
    if not file.exists():
        return None
    os.utime(folder)
    return file


def write_state(folder: Path, state: State) -> None:
    """Say how far it is; whoever reads finds the old or the new, never half of it."""
    write_file(folder / _STATE, msgspec.json.encode(state))


def sweep(store: Store, ledger: str) -> None:
    """Destroy what nobody has looked at for long, and the oldest of too many samples."""
    for folder in private_folder("audit").glob("*/*"):
        with suppress(OSError):
            if system_clock() // MICROS_PER_SECOND - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
    kinds: tuple[Kind, Kind] = ("sample", "trial")
    for kind in kinds:
        for name in _kept(store, ledger, kind)[_SAMPLES_KEPT:]:
            shutil.rmtree(folder_of(store, ledger, kind, name), ignore_errors=True)


def begin(
    store: Store, ledger: str, kind: Kind, *, lang: str = "zh", wanted: Wanted | None = None,
    trial: Trial | None = None,
) -> str:  # fmt: skip
    """Let a process of its own do it, unless it is being done; gives the name, "" for all but samples and trials.

    Raises TooMany `audit_busy`, Unusable `store_unreachable` where no process can open the store.
    """
    if store.settings is None:
        raise Unusable("store_unreachable", reason="settings")
    name = trial.key if trial else secrets.token_urlsafe(16) if kind == "sample" else ""
    folder = folder_of(store, ledger, kind, name)
    with _lock:
        state = state_of(folder)
        if state is not None and state.status == "running":
            return name
        if not _running.acquire(blocking=False):
            raise TooMany("audit_busy")
        try:
            sweep(store, ledger)
            folder.mkdir(mode=0o700, exist_ok=True)
            task = Task(ledger=ledger, kind=kind, folder=str(folder), lang=lang, wanted=wanted, trial=trial)
            _start(store.settings, task, store.clock())
        except BaseException:
            _running.release()
            raise
    return name


def _start(settings: Settings, task: Task, now_at: int) -> None:
    whole = msgspec.structs.replace(task, settings=settings.model_dump(mode="json"))
    folder = Path(task.folder)
    process = aside.process("api.audit.child")
    (folder / "pid").write_text(str(process.pid))
    write_state(folder, State(status="running", began_at=now_at))
    _begun[task.folder] = process
    threading.Thread(target=_wait, args=(process, task.folder, msgspec.json.encode(whole)), daemon=True).start()


def _wait(process: subprocess.Popen[bytes], folder: str, task: bytes) -> None:
    """Hand over the task and see the process out."""
    try:
        process.communicate(task)
    finally:
        _begun.pop(folder, None)
        _running.release()


def _alive(folder: Path) -> bool:
    """Whether the process that does this still runs, be it ours or another server's."""
    ours = _begun.get(str(folder))
    if ours is not None:
        return True
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except (OSError, ValueError):
        return False
    return True
