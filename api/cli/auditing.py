"""`nuanlin audit bundle`: everything an auditor needs, in one file that is checked without us."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.failures import Stop
from api.cli.frame import MOST, Frame
from api.cli.output import note, print_json, progress_bar, say
from api.texts import text


def audit_bundle(
    frame: Frame,
    out: Annotated[Path, typer.Argument(help="bundle.option.out", metavar="OUT.zip", show_default=False)],
    at: Annotated[
        int | None, typer.Option("--at", help="bundle.option.at", min=1, max=MOST, metavar="POSITION")
    ] = None,
) -> None:
    """Seal up to the head and write the bundle; what could not be done on the way is told as a warning."""
    with frame.store() as store, progress_bar(text(frame.lang, "bundle.said.writing")) as progress:
        from api.audit.bundle import write_bundle

        try:
            made = write_bundle(store, frame.ledger, out, at=at, progress=progress)
        except OSError as error:
            raise Stop("cannot_write", file=str(out), reason=error.strerror or type(error).__name__) from None
    if frame.as_json:
        print_json({"file": str(out), **made._asdict(), "warnings": list(made.warnings)})
        return
    for code in made.warnings:
        note(text(frame.lang, "bundle.said.warning", code=code))
    say(text(frame.lang, "bundle.said.written", file=out, **made._asdict()))
    say(text(frame.lang, "bundle.said.key", vkey=made.vkey))
