"""Commands that answer from the books: `stats`, `balances`, `statement`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, say
from api.cli.shown import instant, quantity, unit_name

if TYPE_CHECKING:
    from api.store import Store
    from projections.books.queries import AsOf, Statement


def stats(frame: Frame) -> None:
    """The community's totals; zeros for a ledger in which nothing has happened yet."""
    with frame.store() as store:
        import msgspec

        from projections.books import queries

        _warn_of_rebuild(frame, store)
        found = msgspec.to_builtins(queries.stats(store.database, frame.ledger))
    # The shape is a contract: what honour-only minutes there are is asked of `balances`.
    found["minutes"] = {name: found["minutes"][name] for name in ("earned", "spendable", "held", "pool")}
    if frame.as_json:
        print_json(found)
        return
    from api.formats import hours, yuan

    rows: list[tuple[str, str]] = [
        (frame.say(f"heading.{name}"), str(found[name])) for name in ("position", "members", "partners")
    ]
    rows += [(frame.say(f"minutes.{name}"), hours(value, frame.lang)) for name, value in found["minutes"].items()]
    rows += [(frame.say(f"requests.{state}"), str(count)) for state, count in found["requests"].items() if count]
    for slug, fund in found["funds"].items():
        rows += [(frame.say(f"fund.{name}", fund=slug), yuan(fund[name], frame.lang)) for name in _FUND_FIGURES]
        rows += [(f"  {slug}:{item}", yuan(left, frame.lang)) for item, left in fund["restricted"].items()]
    print_table(frame.ledger, [frame.say("heading.what"), frame.say("heading.figure")], rows, figures="<>")


_FUND_FIGURES = ("received_fen", "spent_fen", "balance_fen")


def balances(
    frame: Frame,
    at: Annotated[str | None, typer.Option("--at", help="cli.option.at", metavar="POSITION|TIME")] = None,
    account: Annotated[str | None, typer.Option("--account", help="cli.option.account", metavar="NAME")] = None,
) -> None:
    """What every account holds, now or as of a position or time; `--account` keeps one account and those below it."""
    with frame.store() as store:
        from projections.books import queries

        _warn_of_rebuild(frame, store)
        when = _as_of(frame, store, at)
        found = queries.balances(store.database, frame.ledger, position=when.position)
        zone = _zone(store, frame.ledger)
    if account is not None:
        found = [row for row in found if row.account == account or row.account.startswith(account + ":")]
    as_of = _point(when)
    if frame.as_json:
        rows = [{"account": row.account, "unit": row.unit, "balance": row.balance} for row in found]
        print_json({"as_of": as_of, "balances": rows})
        return
    moment = instant(when.at, frame.lang, zone) if when.position else "-"
    title = frame.say("said.as_of", ledger=frame.ledger, position=when.position, at=moment)
    headings = [frame.say(f"heading.{name}") for name in ("account", "balance", "unit")]
    shown = [(row.account, quantity(row.balance, row.unit), unit_name(frame, row.unit)) for row in found]
    print_table(title, headings, shown, figures="<><")


def statement(
    frame: Frame,
    who: Annotated[str, typer.Argument(help="cli.option.who", metavar="WHO", show_default=False)],
    unit: Annotated[str | None, typer.Option("--unit", help="cli.option.unit", metavar="UNIT")] = None,
    limit: Annotated[int, typer.Option("--limit", help="cli.option.limit", min=1, max=1_000_000, metavar="N")] = 50,
) -> None:
    """The postings of one account, newest first, with the balance after each."""
    with frame.store() as store:
        from api.cli.who import account_named, person
        from ledger.units import MINUTES
        from projections.books import queries

        _warn_of_rebuild(frame, store)
        account = account_named(store, frame.ledger, who)
        unit = unit or (account.units[0] if len(account.units) == 1 else MINUTES)
        page = queries.statement(store.database, frame.ledger, account.name, unit, limit=limit)
        member = person(store, frame.ledger, account.member) if account.member else None
        zone = _zone(store, frame.ledger)
    if frame.as_json:
        _print_statement(page, member)
        return
    owner = f"{member['name']} {member['short']}".strip() if member else account.name
    total = quantity(page.balance, unit)
    title = frame.say("said.statement", owner=owner, balance=total, unit=unit_name(frame, unit), entries=page.entries)
    headings = [frame.say(f"heading.{name}") for name in ("position", "recorded_at", "type", "amount", "balance")]
    rows = [
        (
            one.position,
            instant(one.recorded_at, frame.lang, zone),
            one.type,
            quantity(one.amount, unit),
            quantity(one.balance, unit),
        )
        for one in page.lines
    ]
    print_table(title, headings, rows, figures="><<>>")
    if member and member["held"]:
        say(frame.say("said.held", minutes=member["held"]))


def _print_statement(page: Statement, member: dict[str, Any] | None) -> None:
    from api.cli.when import iso

    lines = [
        {
            "position": one.position,
            "recorded_at": iso(one.recorded_at),
            "type": one.type,
            "amount": one.amount,
            "balance": one.balance,
        }
        for one in page.lines
    ]
    print_json(
        {
            "account": page.account,
            "unit": page.unit,
            "member": member,
            "balance": page.balance,
            "entries": page.entries,
            "lines": lines,
        }
    )


def _as_of(frame: Frame, store: Store, at: str | None) -> AsOf:
    from api.cli.when import read_when
    from projections.books import queries

    if at is None:
        return queries.as_of(store.database, frame.ledger)
    when = read_when(at, _zone(store, frame.ledger))
    return queries.as_of(store.database, frame.ledger, position=when.position, at=when.at)


def _zone(store: Store, ledger: str) -> str:
    """The zone of the community's days; the usual one for a ledger that has not begun."""
    from ledger.clock import DEFAULT_ZONE
    from projections.books.queries import ledger_info

    info = ledger_info(store.database, ledger)
    return str(info["zone"]) if info else DEFAULT_ZONE


def _point(when: AsOf) -> dict[str, Any]:
    from api.cli.when import iso

    return {"position": when.position, "at": iso(when.at) if when.position else None}


def _warn_of_rebuild(frame: Frame, store: Store) -> None:
    from projections.books.queries import rebuilding

    at = rebuilding(store.database, frame.ledger)
    if at is not None:
        note(frame.say("said.being_rebuilt", position=at))
