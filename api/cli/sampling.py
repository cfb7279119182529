"""Commands for auditors who look at entries: `audit sample` and `audit findings`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from api.cli.failures import Misused, Stop
from api.cli.frame import MOST, Frame
from api.cli.output import note, print_json, print_table, say, visible

if TYPE_CHECKING:
    from api.sampling.documents import KnownRoot
    from api.sampling.sheets import CheckSheet, Sheet, StratumRow
    from api.sampling.telling import Teller
    from api.store import Store
    from ledger.audit.hints import Option
    from ledger.journal.sql import Cursor

_At = Annotated[str | None, typer.Option("--at", help="sampling.option.at", metavar="POSITION|TIME")]
_From = Annotated[str | None, typer.Option("--from", help="sampling.option.from", metavar="POSITION|TIME")]
_To = Annotated[str | None, typer.Option("--to", help="sampling.option.to", metavar="POSITION|TIME")]
_Names = Annotated[bool, typer.Option("--names", help="sampling.option.names", show_default=False)]
_Page = Annotated[Path | None, typer.Option("--out", "-o", help="sampling.option.out_page", metavar="FILE.html")]

_FEW = 12
"""How many positions of a hint a terminal shows; the page and `--json` name more."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Period(NamedTuple):
    """Positions, both included."""

    first: int
    upto: int


def audit_sample(
    frame: Frame,
    seed: Annotated[str, typer.Option("--seed", help="sampling.option.seed", metavar="ROOT", show_default=False)],
    size: Annotated[int, typer.Option("-n", "--size", help="sampling.option.size", min=1, metavar="N")] = 60,
    dice: Annotated[str, typer.Option("--dice", help="sampling.option.dice", metavar="TEXT", show_default=False)] = "",
    unit: Annotated[str | None, typer.Option("--unit", help="sampling.option.unit", metavar="UNIT")] = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="sampling.option.type", metavar="TYPE")] = None,
    from_: _From = None,
    to: _To = None,
    at: _At = None,
    whole_from: Annotated[
        int | None, typer.Option("--whole-from", help="sampling.option.whole_from", min=1, max=MOST, metavar="AMOUNT")
    ] = None,
    names: _Names = False,
    out: _Page = None,
) -> None:
    """A reproducible random sample with the whole story of each item."""
    from api.sampling.documents import sample_document
    from api.sampling.pages import sample_page, warning_of
    from api.sampling.sheets import sheets_of, strata_of
    from api.sampling.telling import Teller
    from ledger.audit.sampling import Plan, draw, population, seed_of
    from ledger.audit.stories import stories_of

    with _reading(frame) as (store, cursor):
        root = _known_root(store, frame.ledger, seed)
        period = _period(frame, store, cursor, from_, to, at, root)
        plan = Plan(
            seed=seed_of(seed, dice), size=size, first=period.first, upto=period.upto, unit=unit,
            types=_types(type_ or []), whole_from=whole_from,
        )  # fmt: skip
        given = (store.database, cursor, store.codec, frame.ledger)
        drawn = draw(population(*given, plan), frame.ledger, plan)
        told = stories_of(*given, [one.position for one in drawn.chosen], upto=plan.upto)
        teller = Teller(store, frame.ledger, frame.lang, told.zone, told.known, named=names)
        teller.look_up_words(line.event for story in told.stories for line in story.lines)
        strata, sheets = strata_of(drawn, teller), sheets_of(drawn, told, teller)
        if out is not None:
            _write(out, sample_page(drawn, _ledger_name(store, frame.ledger), strata, sheets, teller, root))
        if frame.as_json:
            print_json(sample_document(drawn, told, teller, root))
            return
        _head_of_sample(teller, drawn.plan.seed, root, dice)
        counts = {"population": f"{sum(one.count for one in drawn.strata):,}", "taken": f"{len(drawn.chosen):,}"}
        say(teller.say("said.sample", ledger=frame.ledger, upto=f"{plan.upto:,}", **counts))
        _say_range(teller, plan.first, plan.upto, sorted(plan.types))
        warning = warning_of(root, plan.upto, teller)
        if warning:
            note(warning)
        _show_strata(teller, strata)
        if out is not None:
            say(teller.say("said.written", file=out))
            return
        for sheet in sheets:
            _show_sheet(teller, sheet)


def audit_findings(
    frame: Frame,
    check: Annotated[list[str] | None, typer.Option("--check", help="sampling.option.check", metavar="NAME")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="sampling.option.set", metavar="CHECK.OPTION=N")
    ] = None,
    from_: _From = None,
    to: _To = None,
    names: _Names = False,
    strict: Annotated[bool, typer.Option("--strict", help="sampling.option.strict", show_default=False)] = False,
    list_: Annotated[bool, typer.Option("--list", help="sampling.option.list", show_default=False)] = False,
    out: _Page = None,
) -> None:
    """What is worth a look; hints are no errors, so that only `--strict` ends with an exit code of 1."""
    from api.sampling.documents import findings_document
    from api.sampling.pages import findings_page
    from api.sampling.sheets import checks_of
    from api.sampling.telling import Teller
    from api.sampling.wording import Words, ids_of
    from ledger.audit.findings import chosen, findings_of
    from ledger.audit.stream import introductions, zone_of

    run, options = [one.NAME for one in chosen(check or ())], _settings(set_ or [])
    if list_:
        _list_checks(frame, run)
        return
    with _reading(frame) as (store, cursor):
        given = (store.database, cursor, store.codec, frame.ledger)
        period = _period(frame, store, cursor, from_, to, None, None)
        hints = findings_of(*given, upto=period.upto, first=period.first, names=run, options=options)
        known = introductions(*given, {one for hint in hints for one in ids_of(hint)})
        teller = Teller(store, frame.ledger, frame.lang, zone_of(*given), known, named=names)
        words = Words(teller)
        sheets = checks_of(hints, run, options, words)
        if out is not None:
            name = _ledger_name(store, frame.ledger)
            _write(out, findings_page(frame.ledger, name, period.first, period.upto, sheets, teller))
        if frame.as_json:
            print_json(findings_document(frame.ledger, hints, run, period.first, period.upto, words))
        else:
            figures = {"findings": f"{len(hints):,}", "first": f"{period.first:,}", "last": f"{period.upto:,}"}
            say(teller.say("said.findings", ledger=frame.ledger, **figures))
            _show_hints(teller, sheets)
            if out is not None:
                say(teller.say("said.written", file=out))
    if strict and hints:
        raise typer.Exit(1)


# ---- what both need -------------------------------------------------------------------------------------------------


@contextmanager
def _reading(frame: Frame) -> Iterator[tuple[Store, Cursor]]:
    """The open store with a transaction that reads one consistent state."""
    with frame.store() as store, store.database.reading() as cursor:
        yield store, cursor


def _known_root(store: Store, ledger: str, seed: str) -> KnownRoot | None:
    """The checkpoint of this store whose root the seed is, if there is one."""
    from api.sampling.documents import KnownRoot
    from ledger.audit.sampling import root_in

    root = root_in(seed.strip())
    found = next((one for one in store.seals.listed(ledger) if one.root == root), None) if root else None
    return None if found is None else KnownRoot(found.size, found.at)


def _period(
    frame: Frame,
    store: Store,
    cursor: Cursor,
    from_: str | None,
    to: str | None,
    at: str | None,
    root: KnownRoot | None,
) -> _Period:
    """The positions that are looked at: up to the checkpoint of the seed unless told otherwise, never beyond the head."""
    from ledger.audit.stream import head_of

    upto = head_of(store.database, cursor, frame.ledger)
    if at is not None:
        upto = min(upto, _position(frame, store, cursor, at))
    elif root is not None:
        upto = min(upto, root.size)
    first = 1
    if from_ is not None:
        first = max(1, _position(frame, store, cursor, from_, begins=True))
    if to is not None:
        upto = min(upto, _position(frame, store, cursor, to))
    if first > upto + 1:
        raise Misused("period_reversed")
    return _Period(first, upto)


def _position(frame: Frame, store: Store, cursor: Cursor, text: str, *, begins: bool = False) -> int:
    """The position that a point in time means: the last one up to it, or, where a period begins, the first from it on.

    A day ends a period with its last moment and begins one with its first.
    """
    from api.cli.when import read_when
    from ledger.audit.stream import position_at, zone_of
    from ledger.clock import day_of, start_of_day

    zone = zone_of(store.database, cursor, store.codec, frame.ledger)
    when = read_when(text, zone)
    if when.position is not None:
        return when.position
    assert when.at is not None, "a point in time is a position or an instant"
    if not begins:
        return position_at(store.database, cursor, frame.ledger, when.at)
    start = start_of_day(day_of(when.at, zone), zone) if _DAY.fullmatch(text.strip()) else when.at
    return position_at(store.database, cursor, frame.ledger, start - 1) + 1


def _types(given: list[str]) -> frozenset[str]:
    """Stored type names without their version; raises Misused `no_such_type`."""
    from ledger.registry import FACTS

    known = {name.partition("@")[0] for name in FACTS}
    names = [one.strip().partition("@")[0] for one in given]
    unknown = next((one for one in names if one not in known), None)
    if unknown is not None:
        raise Misused("no_such_type", type=unknown)
    return frozenset(names)


def _settings(given: list[str]) -> dict[str, dict[str, Option]]:
    """`back_dated.days=60` as options; raises Misused `bad_setting`."""
    found: dict[str, dict[str, Option]] = {}
    for one in given:
        name, equals, value = one.partition("=")
        check, dot, option = name.strip().partition(".")
        numbers = [part.strip() for part in value.split(",")]
        if not (equals and dot) or not all(part.isascii() and part.isdigit() and len(part) <= 15 for part in numbers):
            raise Misused("bad_setting", text=one)
        whole = tuple(int(part) for part in numbers)
        found.setdefault(check, {})[option] = whole if len(whole) > 1 else whole[0]
    return found


def _write(out: Path, page: str) -> None:
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        raise Stop("cannot_write", file=str(out), reason=error.strerror) from None
    finally:
        part.unlink(missing_ok=True)


def _ledger_name(store: Store, ledger: str) -> str:
    from projections.books.queries import ledger_info

    info = ledger_info(store.database, ledger)
    return str(info["name"]) if info else ""


# ---- what a terminal shows -----------------------------------------------------------------------------------------


def _head_of_sample(teller: Teller, seed: str, root: KnownRoot | None, dice: str) -> None:
    say(teller.say("said.seed", seed=visible(seed)))
    if root is not None:
        say(teller.say("said.known_seed", size=f"{root.size:,}", at=teller.instant(root.at)))
    if dice.strip():
        say(teller.say("said.dice"))


def _say_range(teller: Teller, first: int, upto: int, types: list[str]) -> None:
    if first > 1:
        say(teller.say("said.period", first=f"{first:,}", last=f"{upto:,}"))
    if types:
        say(teller.say("said.types", types=teller.say("line.list_mark").join(types)))


def _show_strata(teller: Teller, strata: list[StratumRow]) -> None:
    if not strata:
        say(teller.say("said.none"))
        return
    names = ("stratum", "range", "count", "value", "taken", "taken_value")
    print_table(
        teller.say("said.strata"), [teller.say(f"heading.{name}") for name in names], strata, figures="<<>>>>"
    )  # fmt: skip


def _show_sheet(teller: Teller, sheet: Sheet) -> None:
    """One item with its story, as lines that also a pager and a search understand."""
    own = sheet.own
    number = teller.say("page.item", number=sheet.number, of=sheet.of)
    when = teller.say("line.decided", at=own.decided)
    if own.recorded != own.decided:
        when += " · " + teller.say("line.recorded", at=own.recorded)
    lines = [
        "",
        f"── {number} ── {teller.say('heading.position')} {sheet.position:,} · {own.what} · {sheet.amount}",
        f"   {own.who} · {when}",
        f"   {sheet.stratum}",
        f"   {teller.say('page.posted')}  " + " · ".join(f"{account} {amount}" for account, amount in sheet.posted),
    ]
    for row in sheet.story:
        mark = f" [{row.mark}]" if row.mark else ""
        sign = "▶" if row.itself else " "
        lines.append(
            f"  {sign} {teller.say('heading.position')} {row.position:,}  {row.decided}  {row.what}{mark}  {row.who}"
        )
        lines.append("       " + " · ".join(f"{one.label} {one.value}" for one in row.fields))
    for line in lines:
        say(visible(line))


def _show_hints(teller: Teller, sheets: list[CheckSheet]) -> None:
    for sheet in sheets:
        if not sheet.hints:
            continue
        say("")
        say(f"{sheet.title} ({sheet.name}): {len(sheet.hints):,}")
        for hint in sheet.hints:
            say(visible(f"  · {hint.what}"))
            named = hint.positions.split(", ")
            few = ", ".join(named[:_FEW])
            more = teller.say("said.more_positions", count=f"{hint.entries:,}") if hint.entries > _FEW else ""
            say(visible(f"    {teller.say('said.positions', positions=few)} {more}".rstrip()))
    quiet = teller.say("line.list_mark").join(sheet.title for sheet in sheets if not sheet.hints)
    say("")
    if quiet:
        say(teller.say("said.quiet", checks=quiet))
    if any(sheet.hints for sheet in sheets):
        say(teller.say("said.hint"))


def _list_checks(frame: Frame, names: list[str]) -> None:
    """The checks with their options; needs no store."""
    from api.sampling.wording import options_of
    from api.texts import text
    from ledger.audit.findings import CHECKS

    if frame.as_json:
        print_json({name: dict(CHECKS[name].DEFAULTS) for name in names})
        return
    for name in names:
        say(f"{name} · {text(frame.lang, f'sampling.check.{name}.title')}")
        say(f"    {text(frame.lang, f'sampling.check.{name}.looks')}")
        options = "  ".join(f"{option}={value}" for option, value in options_of(CHECKS[name]))
        if options:
            say(f"    {text(frame.lang, 'sampling.page.options')}{text(frame.lang, 'sampling.page.colon')}{options}")
