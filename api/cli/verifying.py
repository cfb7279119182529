"""`nuanlin audit verify`: the whole ledger checked against itself, its rules, its seals and its books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import FAILED, Misused, Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, progress_bar, say, visible
from api.texts import text

if TYPE_CHECKING:
    from api.store import Store
    from ledger.audit.report import Report
    from ledger.audit.sealed import Trust

_LARGEST_NOTE = 64 * 1024


def audit_verify(
    frame: Frame,
    key: Annotated[list[str] | None, typer.Option("--key", help="verifying.option.key", metavar="VKEY")] = None,
    witness: Annotated[
        list[str] | None, typer.Option("--witness", help="verifying.option.witness", metavar="VKEY")
    ] = None,
    need_witnesses: Annotated[
        int | None,
        typer.Option("--need-witnesses", help="verifying.option.need_witnesses", min=0, max=100, metavar="N"),
    ] = None,
    since: Annotated[list[Path] | None, typer.Option("--since", help="verifying.option.since", metavar="FILE")] = None,
    rules: Annotated[bool, typer.Option("--rules/--no-rules", help="verifying.option.rules")] = True,
    projections: Annotated[
        bool, typer.Option("--projections/--no-projections", help="verifying.option.projections")
    ] = True,
) -> None:
    """Check everything; exit code 1 where something was found, 2 where it could not be checked."""
    with frame.store() as store:
        from ledger.audit.auditing import audit
        from ledger.audit.words import check_words

        trust = _trust(frame, store, key or [], witness or [], need_witnesses, since or [])
        with progress_bar(frame_text(frame, "said.replaying")) as progress:
            report, _ = audit(store.database, store.codec, frame.ledger, trust, rules=rules, progress=progress)
        if not check_words(store.database, store.vault, frame.ledger, report):
            note(frame_text(frame, "said.no_vault"))
        if projections:
            _compare_projections(store, frame.ledger, report)
    if frame.as_json:
        print_json(document(report, frame.lang))
    else:
        if not key:
            note(frame_text(frame, "said.own_key"))
        _show(frame, report)
    if not report.ok:
        raise typer.Exit(FAILED)


def frame_text(frame: Frame, key: str, /, **figures: object) -> str:
    """A text of the room `verifying`."""
    return text(frame.lang, f"verifying.{key}", **figures)


def document(report: Report, lang: str) -> dict[str, Any]:
    """The report as the contract has it; what is not named one by one is told by its number."""
    from ledger.audit.report import CHECKS

    findings = [
        {"position": one.position, "check": one.check, "what": what(one.code, one.figures, lang)}
        for one in report.findings
    ]
    findings += [
        {"position": 0, "check": check, "what": text(lang, "verifying.said.more", count=count)}
        for check, count in report.unnamed.items()
    ]
    return {
        "ok": report.ok,
        "events": report.events,
        "root": report.root.hex(),
        "checks": {name: report.checks[name] for name in CHECKS if name in report.checks},
        "findings": findings,
    }


def what(code: str, figures: Any, lang: str) -> str:
    """A finding as a sentence."""
    return text(lang, f"verifying.finding.{code}", **figures)


def _trust(
    frame: Frame, store: Store, keys: list[str], witnesses: list[str], wanted: int | None, older: list[Path]
) -> Trust:
    from ledger.audit.sealed import Trust
    from ledger.errors import Refused
    from ledger.seal.notes import LOG, WITNESS, Verifier

    need = min(1, len(witnesses)) if wanted is None else wanted
    if need > len(witnesses):
        raise Misused("need_witnesses")
    try:
        logs = [Verifier(one) for one in keys] or [store.seals.verifier(frame.ledger)]
        known = [Verifier(one) for one in witnesses]
    except Refused:
        raise Misused("bad_vkey") from None
    if any(one.kind != LOG for one in logs) or any(one.kind != WITNESS for one in known):
        raise Misused("bad_vkey")
    notes: list[bytes] = []
    for file in older:
        try:
            with file.open("rb") as opened:
                notes.append(opened.read(_LARGEST_NOTE + 1))
        except OSError as error:
            raise Stop("cannot_read", file=str(file), reason=error.strerror) from None
    return Trust(logs, known, need, notes, pinned=bool(keys))


def _compare_projections(store: Store, ledger: str, report: Report) -> None:
    """Every row of books and boards against those that the journal gives; not where the journal cannot be read."""
    from ledger.errors import NuanlinError
    from ledger.journal.sql import driver_errors
    from projections.differences import differences

    if any(one.check in ("schema", "order") for one in report.findings):
        report.find(0, "projections", "not_compared")
        return
    failing: tuple[type[Exception], ...] = (NuanlinError, *driver_errors())
    try:
        store.catch_up(ledger)
        compared = differences(store.database, store.codec.decode, ledger)
    except failing as error:
        reason = error.code if isinstance(error, NuanlinError) else type(error).__name__
        report.find(0, "projections", "cannot_replay", reason=reason)
        return
    report.count("projections", compared.rows)
    for one in compared.differences:
        key = " ".join(str(part) for part in one.key)
        figures = {"table": one.table, "key": key, "column": one.column, "live": one.live, "replayed": one.replayed}
        report.find(one.position, "projections", f"row_{one.kind}", **figures)


def _show(frame: Frame, report: Report) -> None:
    title = frame_text(frame, "said.title", ledger=frame.ledger, events=report.events, root=report.root.hex() or "-")
    say(visible(title))
    whole = document(report, frame.lang)
    rows = [(text(frame.lang, f"verifying.check.{name}"), f"{count:,}") for name, count in whole["checks"].items()]
    print_table("", [frame_text(frame, "heading.check"), frame_text(frame, "heading.times")], rows, figures="<>")
    told = whole["findings"]
    if told:
        headings = [frame_text(frame, f"heading.{name}") for name in ("position", "check", "what")]
        found = [
            (one["position"] or "-", text(frame.lang, f"verifying.check.{one['check']}"), one["what"]) for one in told
        ]
        print_table("", headings, found, figures="><<")
        say(frame_text(frame, "said.findings", count=len(report.findings) + sum(report.unnamed.values())))
    else:
        say(frame_text(frame, "said.clean"))
