"""`nuanlin rankings`: who stands where, and which positions made it so. The boards catch up first (design §1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.failures import Stop
from api.cli.frame import MOST, Frame
from api.cli.output import print_json, print_table
from api.cli.shown import instant, quantity, unit_name
from ledger.errors import NotFound

if TYPE_CHECKING:
    from api.store import Store
    from projections.asof.past import Past


def rankings(
    frame: Frame,
    measure: Annotated[str, typer.Option("--measure", help="cli.option.measure", metavar="MEASURE")],
    period: Annotated[str, typer.Option("--period", help="cli.option.period", metavar="PERIOD")] = "all",
    limit: Annotated[
        int | None, typer.Option("--limit", help="cli.option.limit_all", min=1, max=MOST, metavar="N")
    ] = None,
    explain: Annotated[str | None, typer.Option("--explain", help="cli.option.explain", metavar="WHO")] = None,
    at: Annotated[str | None, typer.Option("--at", help="cli.option.at", metavar="POSITION|TIME")] = None,
) -> None:
    """Who stands where by a measure in a period, or what made one subject's value; now or as of a position or time."""
    with frame.store() as store:
        _check(measure)
        store.catch_up(frame.ledger)
        from api.cli.opening import past_named

        past = past_named(frame, store, at)
        if explain is not None:
            _explain(frame, store, past, measure, period, explain)
            return
        from api.cli.when import iso
        from api.cli.who import handles, shown_names
        from ledger.clock import DEFAULT_ZONE
        from projections.asof.rankings import rankings_as_of
        from projections.boards import queries
        from projections.books.queries import ledger_info

        if at is None:
            found = queries.rankings(store.database, frame.ledger, measure, period, limit=limit)
        else:
            found = rankings_as_of(past, measure, period, limit=limit)
        words_for = "" if frame.as_json else frame.lang
        names = shown_names(store, frame.ledger, [row.subject for row in found.rows], lang=words_for)
        numbers = handles(store, frame.ledger, [row.subject for row in found.rows])
        info = ledger_info(store.database, frame.ledger)
    if frame.as_json:
        print_json(
            [
                {
                    "rank": row.rank,
                    "subject": row.subject,
                    "name": names.get(row.subject, ""),
                    "value": row.value,
                    "unit": row.unit,
                    "reached_at": iso(row.reached_at),
                    "positions": row.positions,
                }
                for row in found.rows
            ]
        )
        return
    zone = str(info["zone"]) if info else DEFAULT_ZONE
    rows = [
        (row.rank, names.get(row.subject, ""), quantity(row.value, row.unit), unit_name(frame, row.unit), row.positions,
         instant(row.reached_at, frame.lang, zone), numbers[row.subject])
        for row in found.rows
    ]  # fmt: skip
    columns = ("rank", "name", "value", "unit", "positions", "reached_at", "subject")
    print_table(f"{measure} {period}", [frame.say(f"heading.{name}") for name in columns], rows, figures="><><><=")


def _check(measure: str) -> None:
    """Raises Stop `no_such_measure`, with the measures there are."""
    from projections.boards.measures import MEASURES, UNIT_GOODS, measure_of

    try:
        measure_of(measure)
    except NotFound:
        raise Stop("no_such_measure", measure=measure, known=", ".join([*MEASURES, f"{UNIT_GOODS}:ITEM"])) from None


def _explain(frame: Frame, store: Store, past: Past, measure: str, period: str, who: str) -> None:
    from api.cli.who import shown_names
    from projections.asof.rankings import explain_as_of
    from projections.boards.measures import measure_of
    from projections.books.queries import find_member

    member = find_member(store.database, frame.ledger, who)
    subject = member["member_id"] if member else who
    found = explain_as_of(past, measure, period, subject)
    unit = measure_of(measure).unit
    name = shown_names(store, frame.ledger, [subject], lang=frame.lang).get(subject, "")
    entries = [{"position": one.position, "day": one.day, "amount": one.amount} for one in found.entries]
    if frame.as_json:
        told = {"measure": measure, "period": period, "subject": subject, "name": name, "value": found.value}
        print_json({**told, "unit": unit, "entries": entries})
        return
    title = f"{name or subject}: {quantity(found.value, unit)} {unit_name(frame, unit)}"
    rows = [(one.position, one.day, quantity(one.amount, unit)) for one in found.entries]
    print_table(title, [frame.say(f"heading.{key}") for key in ("position", "day", "amount")], rows, figures="><>")
