"""The process that reads a sheet which somebody sent: `python -m api.imports.child`, its job as JSON on standard input.

A sheet from outside may be made to eat memory or time. It is read here and not in the server: under limits of the
operating system for memory, for time of the processor and time on the clock. What becomes of it stands in the job's
folder (`state.json`, `refused.csv`), see `api.imports.jobs`. Killed in the middle it leaves whole batches behind, and the
same sheet goes on from there.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from api.imports.columns import understand_columns
from api.imports.folding import as_text, is_blank
from api.imports.headings import find_heading
from api.imports.jobs import REPORT, Counts, State, Task, read_task, write_state
from api.imports.kinds import kind_named
from api.imports.mapping import Mapping, load_map
from api.imports.plan import Plan, plan
from api.imports.reading import Refusal
from api.imports.report import write_report
from api.imports.runner import ImportResult, reason, run_import
from api.imports.sheet import read_sheet
from api.settings import Settings
from api.store import Store
from ledger.application import Actor
from ledger.clock import day_of
from ledger.errors import NuanlinError
from projections.books import queries_people

MEMORY_BYTES = 1536 * 1024 * 1024
CLOCK_SECONDS = {"preview": 120, "import": 1800}
PROCESSOR_SECONDS = {"preview": 90, "import": 1500}
_FIRST_ROWS, _REFUSED_ROWS = 6, 200
_MOST_LETTERS = 80
_GENTLE = 5
"""How much the server comes first."""


def limit(phase: str) -> None:
    """Bind this process: beyond its time the system ends it, beyond its memory it gets no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    seconds = PROCESSOR_SECONDS[phase]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(CLOCK_SECONDS[phase])
    with contextlib.suppress(OSError):
        os.nice(_GENTLE)


def _cells(told: Plan, number: int) -> list[str]:
    row = next((row for row in told.sheet.rows if row.number == number), None)
    cells = [] if row is None else [as_text(cell)[:_MOST_LETTERS] for cell in row.cells]
    return [cells[column.index] if column.index < len(cells) else "" for column in told.columns]


def _headings(task: Task, sheet_path: Path, mapping: Mapping) -> dict[str, Any]:
    """The columns of a sheet that lacks one it needs, so that somebody can say which is which; where no row looks like
    headings, the first that says anything is taken for them. Nothing where it is no sheet at all."""
    try:
        kind = kind_named(task.kind)
        sheet = read_sheet(sheet_path, mapping.sheet)
        try:
            position = find_heading(sheet, kind, mapping)
        except NuanlinError:
            position = next(n for n, row in enumerate(sheet.rows) if not all(is_blank(cell) for cell in row.cells))
        columns = understand_columns(sheet, position, kind, mapping)
    except (NuanlinError, StopIteration):
        return {}
    told = [(one.letter, one.heading, list(one.fields), one.how) for one in columns]
    return {"columns": told, "heading_row": sheet.rows[position].number}


def _shown(told: Plan, result: ImportResult, task: Task) -> dict[str, Any]:
    """What a page shows of a preview: columns as they were understood, the first rows, the refused rows with reasons."""
    first = [row.number for row in told.sheet.rows[told.position + 1 : told.position + 1 + _FIRST_ROWS]]
    why: dict[int, list[tuple[str, str]]] = {}
    for number, column, code in result.refused:
        why.setdefault(number, []).append((column, reason(code, task.lang)))
    refused = [(number, _cells(told, number), reasons) for number, reasons in list(why.items())[:_REFUSED_ROWS]]
    return {
        "columns": [(one.letter, one.heading, list(one.fields), one.how) for one in told.columns],
        "first": [(number, _cells(told, number)) for number in first],
        "refused": refused,
        "assumed": result.assumed,
        "brings": result.brings,
    }


def run(task: Task, store: Store) -> None:
    """Preview or import, with progress as it goes; how it ended is the job's state."""
    folder = Path(task.folder)
    sheet, map_path = folder / task.file, folder / "map.toml"
    mapped = map_path if map_path.exists() else None

    def progress(done: int, total: int | None) -> None:
        write_state(folder, State(phase=task.phase, status="running", done=done, total=total))

    progress(0, None)
    dry = task.phase == "preview"
    report = None if dry else folder / REPORT
    result = run_import(
        store, task.ledger, task.kind, sheet, mapped, dry_run=dry, actor=Actor(task.actor), progress=progress,
        report=report, language=task.lang,
    )  # fmt: skip
    zone = queries_people.zone_of(store.database, task.ledger)
    mapping = load_map(mapped) if mapped is not None else None
    told = plan(sheet, task.kind, mapping, today=day_of(store.clock(), zone), key=b"shown")
    if dry:
        refusals = [Refusal(number, column, code) for number, column, code in result.refused]
        (folder / REPORT).unlink(missing_ok=True)
        if refusals:
            write_report(folder / REPORT, told, lambda code: reason(code, task.lang), refusals, language=task.lang)
    counts = Counts(
        read=result.read, imported=result.imported, unchanged=result.unchanged,
        refused=len({number for number, _, _ in result.refused}),
    )  # fmt: skip
    ended = State(phase=task.phase, status="ready" if dry else "done", counts=counts, shown=_shown(told, result, task))
    write_state(folder, ended)


def main() -> None:
    """One job from standard input."""
    task = read_task(sys.stdin.buffer.read())
    limit(task.phase)
    folder = Path(task.folder)
    try:
        with Store.open(Settings(**task.settings)) as store:
            run(task, store)
    except NuanlinError as problem:
        details = {name: str(value)[:200] for name, value in problem.details.items()}
        mapping = load_map(folder / "map.toml") if (folder / "map.toml").exists() else Mapping()
        shown = _headings(task, folder / task.file, mapping)
        write_state(folder, State(phase=task.phase, status="failed", code=problem.code, details=details, shown=shown))
    except MemoryError:
        write_state(folder, State(phase=task.phase, status="failed", code="import_too_heavy"))


if __name__ == "__main__":
    main()
