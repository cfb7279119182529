"""`nuanlin import`: a community's own sheet, understood aloud, then read row by row into the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, progress_bar, say

if TYPE_CHECKING:
    from api.store import Store


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
