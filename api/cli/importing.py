"""`nuanlin import`: a community's own sheet, understood aloud, then read row by row into the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.failures import Misused, Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, progress_bar, say

if TYPE_CHECKING:
    from api.imports.runner import ImportResult
    from api.store import Store

_REASONS_SHOWN = 20


def import_file(
    frame: Frame,
    kind: Annotated[str, typer.Argument(help="cli.option.kind", metavar="KIND", show_default=False)],
    file: Annotated[Path, typer.Argument(help="cli.option.file", metavar="FILE", show_default=False)],
    mapping: Annotated[Path | None, typer.Option("--map", help="cli.option.map", metavar="FILE.toml")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run", show_default=False)] = False,
    report: Annotated[Path | None, typer.Option("--report", help="cli.option.report", metavar="FILE.csv")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="cli.option.yes", show_default=False)] = False,
) -> None:
    """Read a sheet into the ledger. Bad rows are refused into a report and stop no good one; the exit code is then 0."""
    from api.imports.kinds import kind_names

    if kind not in kind_names():
        raise Misused("no_such_kind", kind=kind, known=", ".join(kind_names()))
    for path in (file, mapping):
        if path is not None and not path.is_file():
            raise Stop("no_such_file", file=str(path))
    asks = sys.stdin.isatty() and not (yes or dry_run or frame.as_json)
    with frame.store() as store:
        job = _Job(frame, store, kind, file, mapping, report)
        if asks:
            show(frame, job.run(dry_run=True), dry_run=True)
            if not typer.confirm(frame.say("said.import_now"), err=True):
                return
        result = job.run(dry_run=dry_run)
    if frame.as_json:
        refused = [{"row": row, "column": column, "reason": reason} for row, column, reason in result.refused]
        counts = {"read": result.read, "imported": result.imported, "unchanged": result.unchanged}
        print_json({**counts, "refused": refused})
    else:
        show(frame, result, dry_run=dry_run, columns=not asks)


class _Job:
    """One file on its way into one ledger."""

    def __init__(
        self, frame: Frame, store: Store, kind: str, file: Path, mapping: Path | None, report: Path | None
    ) -> None:
        self._frame, self._store, self._kind = frame, store, kind
        self._file, self._mapping, self._report = file, mapping, report

    def run(self, *, dry_run: bool) -> ImportResult:
        """Read the file, and write what is new of it unless `dry_run`."""
        from api.imports.runner import run_import
        from ledger.application import OPERATOR, Actor

        with progress_bar(self._frame.say("said.importing", file=self._file.name)) as progress:
            return run_import(
                self._store,
                self._frame.ledger,
                self._kind,
                self._file,
                self._mapping,
                dry_run=dry_run,
                actor=Actor(OPERATOR),
                progress=progress,
                report=self._report,
                language=self._frame.lang,
            )


def show(frame: Frame, result: ImportResult, *, dry_run: bool, columns: bool = True) -> None:
    """What a person reads of an import: how each column was understood, the counts, the first refusals."""
    if columns:
        headings = [frame.say(f"heading.{name}") for name in ("column", "heading", "field", "how")]
        rows = [
            (one.letter, one.heading, ", ".join(one.fields) or "-", frame.say(f"how.{one.how}"))
            for one in result.columns
        ]
        print_table(frame.say("said.columns"), headings, rows)
        if result.assumed:
            say(frame.say("said.assumed", assumed=", ".join(f"{name} = {value}" for name, value in result.assumed)))
    if result.brings:
        newcomers = ", ".join(frame.say(f"newcomer.{kind}", count=count) for kind, count in result.brings.items())
        say(frame.say("said.would_bring" if dry_run else "said.brought", newcomers=newcomers))
    key = "said.would_import" if dry_run else "said.imported"
    refused_rows = len({row for row, _, _ in result.refused})
    say(frame.say(key, read=result.read, imported=result.imported, unchanged=result.unchanged, refused=refused_rows))
    if result.refused:
        from api.imports.runner import reason

        headings = [frame.say(f"heading.{name}") for name in ("row", "column", "reason")]
        first = [(row, column, reason(code, frame.lang)) for row, column, code in result.refused[:_REASONS_SHOWN]]
        print_table("", headings, first, figures=">")
        if len(result.refused) > _REASONS_SHOWN:
            say(frame.say("said.more_refused", more=len(result.refused) - _REASONS_SHOWN))
    if result.report is not None:
        note(frame.say("said.report", file=result.report))
