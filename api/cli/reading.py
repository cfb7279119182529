"""Commands that answer from the books: `stats`, `balances`, `statement`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, say
from api.cli.shown import quantity, unit_name

if TYPE_CHECKING:
    from api.store import Store
    from projections.books.queries import AsOf

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
    if account is not None:
        found = [row for row in found if row.account == account or row.account.startswith(account + ":")]
    as_of = _point(when)
    if frame.as_json:
        rows = [{"account": row.account, "unit": row.unit, "balance": row.balance} for row in found]
        print_json({"as_of": as_of, "balances": rows})
        return
    title = frame.say("said.as_of", ledger=frame.ledger, position=when.position, at=as_of["at"] or "-")
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
    from api.cli.when import iso

    with frame.store() as store:
        from api.cli.who import account_named, shown_names
        from ledger.units import MINUTES
        from projections.books import queries

        _warn_of_rebuild(frame, store)
        account = account_named(store, frame.ledger, who)
        unit = unit or (account.units[0] if len(account.units) == 1 else MINUTES)
        page = queries.statement(store.database, frame.ledger, account.name, unit, limit=limit)
        member = account.member
        name = shown_names(store, frame.ledger, [member["member_id"]]).get(member["member_id"], "") if member else ""
        kept = queries.hours_of(store.database, frame.ledger, member["member_id"]).held if member else 0
    lines = [
        {"position": line.position, "recorded_at": iso(line.recorded_at), "type": line.type, "amount": line.amount,
         "balance": line.balance}
        for line in page.lines
    ]  # fmt: skip
    if frame.as_json:
        person = member and {
            "id": member["member_id"], "number": member["number"], "short": queries.short_number(member), "name": name,
            "held": kept,
        }  # fmt: skip
        print_json(
            {"account": account.name, "unit": unit, "member": person, "balance": page.balance, "entries": page.entries,
             "lines": lines}
        )  # fmt: skip
        return
    owner = f"{name} {queries.short_number(member)}" if member else account.name
    figures = {"owner": owner, "balance": quantity(page.balance, unit), "unit": unit_name(frame, unit), "entries": page.entries}
    headings = [frame.say(f"heading.{name}") for name in ("position", "recorded_at", "type", "amount", "balance")]
    shown = [
        (line["position"], line["recorded_at"], line["type"], quantity(line["amount"], unit), quantity(line["balance"], unit))
        for line in lines
    ]
    print_table(frame.say("said.statement", **figures), headings, shown, figures="><<>>")
    if kept:
        say(frame.say("said.held", minutes=kept))


def _as_of(frame: Frame, store: Store, at: str | None) -> AsOf:
    from api.cli.when import read_when
    from ledger.clock import DEFAULT_ZONE
    from projections.books import queries

    if at is None:
        return queries.as_of(store.database, frame.ledger)
    info = queries.ledger_info(store.database, frame.ledger)
    when = read_when(at, info["zone"] if info else DEFAULT_ZONE)
    return queries.as_of(store.database, frame.ledger, position=when.position, at=when.at)


def _point(when: AsOf) -> dict[str, Any]:
    from api.cli.when import iso

    return {"position": when.position, "at": iso(when.at) if when.position else None}


def _warn_of_rebuild(frame: Frame, store: Store) -> None:
    from projections.books.queries import rebuilding

    at = rebuilding(store.database, frame.ledger)
    if at is not None:
        note(frame.say("said.being_rebuilt", position=at))
