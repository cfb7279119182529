"""`nuanlin export …`: the ledger in the formats of others, each as of now or of any position, each file whole or not there."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, TextIO

import typer

from api.cli.failures import Misused, Stop
from api.cli.frame import Frame
from api.cli.output import Progress, print_json, progress_bar, say, utf8_output

if TYPE_CHECKING:
    from api.exports.about import About
    from api.exports.journal_lines import Written
    from api.exports.tables import Row, Wanted
    from api.store import Store

Out = Annotated[Path | None, typer.Option("--out", "-o", help="cli.option.out", metavar="FILE")]
At = Annotated[str | None, typer.Option("--at", help="cli.option.at", metavar="POSITION|TIME")]
Table = Annotated[str, typer.Option("--what", help="cli.option.what", metavar="WHAT")]
Account = Annotated[str | None, typer.Option("--account", help="cli.option.account", metavar="NAME")]
From = Annotated[str | None, typer.Option("--from", help="cli.option.from_day", metavar="DAY")]
To = Annotated[str | None, typer.Option("--to", help="cli.option.to_day", metavar="DAY")]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

WriteJournal = Callable[["Store", TextIO, Progress, int | None], "Written"]
WriteTable = Callable[[IO[bytes], "About", Iterator[list["Row"]]], dict[str, int]]


def export_hledger(frame: Frame, out: Out = None, at: At = None) -> None:
    """All postings as a journal for hledger, with every balance asserted at its end."""

    def write(store: Store, file: TextIO, progress: Progress, position: int | None) -> Written:
        from api.exports.hledger import write_journal

        return write_journal(store.database, store.codec, frame.ledger, file, progress, position=position)

    _journal(frame, out, at, write)


def export_beancount(frame: Frame, out: Out = None, at: At = None) -> None:
    """All postings as a ledger for beancount, with every balance asserted at its end."""

    def write(store: Store, file: TextIO, progress: Progress, position: int | None) -> Written:
        from api.exports.beancount import write_beancount

        return write_beancount(store.database, store.codec, frame.ledger, file, progress, position=position)

    _journal(frame, out, at, write)


def export_csv(
    frame: Frame,
    out: Out = None,
    at: At = None,
    what: Table = "postings",
    account: Account = None,
    from_day: From = None,
    to_day: To = None,
) -> None:
    """Postings, balances or events as CSV for spreadsheets; no cell of it is a formula."""

    def write(file: IO[bytes], about: About, batches: Iterator[list[Row]]) -> dict[str, int]:
        from api.exports.csv_text import csv_pieces

        count = 0

        def counted() -> Iterator[list[Row]]:
            nonlocal count
            for batch in batches:
                count += len(batch)
                yield batch

        for piece in csv_pieces(about.wanted.columns, counted()):
            file.write(piece.encode())
        return {"rows": count}

    _table(frame, out, at, _wanted(what, account, from_day, to_day), write, is_text=True)


def export_xlsx(
    frame: Frame,
    out: Out = None,
    at: At = None,
    what: Table = "postings",
    account: Account = None,
    from_day: From = None,
    to_day: To = None,
) -> None:
    """Postings, balances or events as a workbook; its first sheet says what it is."""

    def write(file: IO[bytes], about: About, batches: Iterator[list[Row]]) -> dict[str, int]:
        from api.exports.xlsx import write_xlsx

        scratch = Path(file.name).parent
        return write_xlsx(file, about, batches, frame.lang, scratch=scratch)._asdict()

    _table(frame, out, at, _wanted(what, account, from_day, to_day), write)


def export_parquet(
    frame: Frame,
    out: Out = None,
    at: At = None,
    what: Table = "postings",
    account: Account = None,
    from_day: From = None,
    to_day: To = None,
) -> None:
    """Postings, balances or events as Parquet, for programs that count; needs the extra `parquet`."""

    def write(file: IO[bytes], about: About, batches: Iterator[list[Row]]) -> dict[str, int]:
        from api.exports.parquet import write_parquet

        return {"rows": write_parquet(file, about, batches)}

    _table(frame, out, at, _wanted(what, account, from_day, to_day), write)


def _journal(frame: Frame, out: Path | None, at: str | None, write: WriteJournal) -> None:
    """A journal to a file or to standard output, and what to say about it."""
    _check_out(frame, out, is_text=True)
    with frame.store() as store, progress_bar(frame.say("said.exporting")) as progress:
        position = _position(frame, store, at)
        if _is_stdout(out):
            with utf8_output() as stdout:
                write(store, stdout, progress, position)
            return
        with _file(out) as file:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            written = write(store, text, progress, position)
            text.detach()
    if frame.as_json:
        print_json({"file": str(out), **written._asdict()})
    else:
        say(frame.say("said.exported", file=out, **written._asdict()))


def _table(
    frame: Frame, out: Path | None, at: str | None, wanted: Wanted, write: WriteTable, *, is_text: bool = False
) -> None:
    """A table to a file or to standard output, and what to say about it."""
    _check_out(frame, out, is_text=is_text)
    with frame.store() as store, progress_bar(frame.say("said.exporting")) as progress:
        from api.exports.about import about
        from api.exports.journal_lines import extracted
        from api.exports.tables import rows

        position = _position(frame, store, at)
        with extracted(store.database, store.codec, frame.ledger, position=position) as extract:
            told = about(extract, wanted, _root(store, frame.ledger, extract.position))
            batches = rows(extract, wanted, progress)
            if _is_stdout(out):
                with utf8_output() as stdout:
                    write(stdout.buffer, told, batches)
                return
            with _file(out) as file:
                written = write(file, told, batches)
    figures = {"position": told.position, **written}
    if frame.as_json:
        print_json({"file": str(out), "columns": wanted.version, **figures})
    else:
        say(frame.say("said.exported_rows", file=out, what=frame.say(f"what.{wanted.what}"), **figures))


def _wanted(what: str, account: str | None, from_day: str | None, to_day: str | None) -> Wanted:
    """Which rows are asked for. Raises Misused for what does not go together."""
    from api.exports.tables import WHATS, Wanted

    known = {name: name for name in WHATS}
    if what not in known:
        raise Misused("no_such_table", what=what, known=", ".join(known))
    first, last = _day(from_day), _day(to_day)
    if what == "events" and account is not None:
        raise Misused("events_have_no_account")
    if what == "balances" and (first or last):
        raise Misused("balances_have_no_days")
    if first and last and first > last:
        raise Misused("days_backwards", first=first.isoformat(), last=last.isoformat())
    return Wanted(known[what], account.rstrip(":") if account else None, first, last)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise Misused("bad_day", text=text)


def _position(frame: Frame, store: Store, at: str | None) -> int | None:
    """The position that was asked for; None for all there is."""
    from api.cli.reading import zone_of
    from api.cli.when import read_when
    from projections.books import queries

    if at is None:
        return None
    when = read_when(at, zone_of(store, frame.ledger))
    return queries.as_of(store.database, frame.ledger, position=when.position, at=when.at).position


def _root(store: Store, ledger: str, position: int) -> str:
    """The root of the checkpoint of exactly that position, as it stands there; "" where none was signed."""
    found = store.seals.at_size(ledger, position)
    return "" if found is None else b64encode(found.root).decode()


def _is_stdout(out: Path | None) -> bool:
    return out is None or str(out) == "-"


def _check_out(frame: Frame, out: Path | None, *, is_text: bool) -> None:
    """Standard output takes one text: not a file of bytes, and not both an export and a JSON document."""
    if _is_stdout(out) and not is_text:
        raise Misused("needs_out")
    if _is_stdout(out) and frame.as_json:
        raise Misused("json_needs_out")


@contextmanager
def _file(out: Any) -> Iterator[IO[bytes]]:
    """The file, whole or not there. Raises Stop `cannot_write`."""
    from api.exports.files import whole_file

    try:
        with whole_file(out) as file:
            yield file
    except OSError as error:
        raise Stop("cannot_write", file=str(out), reason=error.strerror or str(error)) from None
