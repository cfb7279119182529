"""How answers look: one JSON document for scripts, tables for people, progress on a terminal's standard error."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[int, int | None], None]
"""(done, total): how far a long work is; total is None while nobody knows."""

_PAGE_COLUMNS = 160
"""How wide a table may be where nobody's screen limits it: in a pipe or a file."""


def print_json(document: Any) -> None:
    """One JSON document and a line end on standard output, in UTF-8 whatever the terminal speaks."""
    write_bytes(json.dumps(document, ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n")


def write_bytes(data: bytes) -> None:
    """Bytes as they are on standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


@contextmanager
def utf8_output() -> Iterator[TextIO]:
    """Standard output as UTF-8 text without translation, for files in the formats of others."""
    sys.stdout.flush()
    text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


def console() -> Console:
    """Where tables go: standard output, as wide as the terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PAGE_COLUMNS
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def say(text: str) -> None:
    """A line for people on standard output."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line for people beside the answer, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def log_to_standard_error() -> None:
    """Let the program's log go to standard error, whatever that is at the moment: standard output belongs to the answer."""
    import structlog

    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def visible(text: str) -> str:
    """The text without anything that could move a terminal's cursor or turn its writing round."""
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, figures: str = "") -> None:
    """A table; `figures` names by "<" and ">" per column on which side it stands. Chinese counts double, as it shows.

    Figures (">") and ids and days ("=", on the left) stay on one line; text folds where the screen is narrow.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for heading, side in zip(headings, figures.ljust(len(headings), "<"), strict=True):
        table.add_column(
            Text(heading), justify="right" if side == ">" else "left", overflow="fold", no_wrap=side in ">="
        )
    for row in rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    console().print(table)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar on standard error while the block runs; nothing at all where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield show
