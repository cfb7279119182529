"""Commands that answer from the books: `stats`, `balances`, `statement`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, print_table, say, visible
from api.cli.shown import instant, quantity, unit_name

if TYPE_CHECKING:
    from api.cli.who import Account
    from api.store import Store
    from projections.books.queries import AsOf, Statement


def stats(
    frame: Frame,
    at: Annotated[str | None, typer.Option("--at", help="cli.option.at", metavar="POSITION|TIME")] = None,
) -> None:
    """The community's totals, now or as of a position or time; zeros for a ledger in which nothing has happened yet."""
    with frame.store() as store:
        import msgspec

        from api.cli.opening import past_named
        from projections.asof.totals import stats_as_of

        _warn_of_rebuild(frame, store)
        found = msgspec.to_builtins(stats_as_of(past_named(frame, store, at)))
        names = {} if frame.as_json else _fund_names(store, frame.ledger)
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
        rows += [(frame.say(f"fund.{name}", fund=names[slug]), yuan(fund[name], frame.lang)) for name in _FUND_FIGURES]
        rows += [
            (f"  {names[slug]} · {names[f'{slug}:{item}']}", yuan(left, frame.lang))
            for item, left in fund["restricted"].items()
        ]
    print_table(frame.ledger, [frame.say("heading.what"), frame.say("heading.figure")], rows, figures="<>")


def _fund_names(store: Store, ledger: str) -> dict[str, str]:
    """Names of funds by slug, and of their service items by `slug:item`."""
    from projections.books.queries import funds

    names: dict[str, str] = {}
    for one in funds(store.database, ledger):
        slug = one.fund["slug"]
        names[slug] = one.fund["name"]
        names.update({f"{slug}:{item['item']}": item["name"] or item["item"] for item in one.items})
    return names


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
        zone = zone_of(store, frame.ledger)
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
    at: Annotated[str | None, typer.Option("--at", help="cli.option.at", metavar="POSITION|TIME")] = None,
) -> None:
    """The postings of one account, newest first, with the balance after each, now or as of a position or time."""
    with frame.store() as store:
        from api.cli.who import account_named, person
        from projections.books import queries

        _warn_of_rebuild(frame, store)
        account = account_named(store, frame.ledger, who)
        unit = _unit(account, unit)
        when = None if at is None else _as_of(frame, store, at)
        position = None if when is None else when.position
        page = queries.statement(store.database, frame.ledger, account.name, unit, limit=limit, position=position)
        if frame.as_json:
            owner = person(store, frame.ledger, account.member, position=position) if account.member else None
            _print_statement(page, owner, when)
        else:
            _show_statement(frame, store, account, page, when)


def _unit(account: Account, wanted: str | None) -> str:
    """The unit asked for, else the account's own. Raises Stop `no_such_unit` for one that the account does not hold."""
    from ledger.units import MINUTES

    held = account.units or [MINUTES]
    if wanted is not None and wanted not in held:
        raise Stop("no_such_unit", unit=wanted, account=account.name, known=", ".join(held))
    return wanted or (held[0] if len(held) == 1 else MINUTES)


def _show_statement(frame: Frame, store: Store, account: Account, page: Statement, when: AsOf | None) -> None:
    """What there is first, then every line with its day, its words and the balance after it."""
    from api.cli.entries import entries_of
    from api.cli.who import called
    from api.formats import hours
    from projections.books import queries

    unit, member = page.unit, account.member
    if member:
        position = None if when is None else when.position
        minutes = queries.hours_of(store.database, frame.ledger, member["member_id"], position=position)
        lifetime = member["earned_minutes"] if position is None else _lifetime(frame, store, member, position)
        figures = {"usable": minutes.spendable, "held": minutes.held, "lifetime": lifetime}
        told = {name: hours(value, frame.lang) for name, value in figures.items()}
        title = frame.say("said.time", owner=called(store, frame.ledger, member), **told, entries=page.entries)
        owner = member["member_id"]
    else:
        total = quantity(page.balance, unit)
        name = unit_name(frame, unit)
        title = frame.say("said.statement", owner=account.name, balance=total, unit=name, entries=page.entries)
        owner = account.name.split(":")[1]
    entries = entries_of(frame, store, owner, page.lines, zone_of(store, frame.ledger))
    rows = [
        (line.position, entry.day, entry.what, entry.other, quantity(line.amount, unit), quantity(line.balance, unit))
        for line, entry in zip(page.lines, entries, strict=True)
    ]
    names = ("position", "day", "what", "other", "amount", "balance_after")
    # A line of its own: a table folds its title where its own columns end.
    say(visible(title))
    if when is not None:
        moment = instant(when.at, frame.lang, zone_of(store, frame.ledger)) if when.position else "-"
        say(frame.say("said.as_of", ledger=frame.ledger, position=when.position, at=moment))
    print_table("", [frame.say(f"heading.{name}") for name in names], rows, figures=">=<<>>")
    if page.entries > len(page.lines):
        say(frame.say("said.cut", shown=len(page.lines), entries=page.entries))


def _lifetime(frame: Frame, store: Store, member: dict[str, Any], position: int) -> int:
    """Minutes of verified service by then; 0 for somebody who had not joined."""
    from projections.asof.past import Past
    from projections.asof.why import why

    if member["registered"] > position:
        return 0
    past = Past(store.database, store.codec.decode, frame.ledger, position)
    return why(past, f"member:{member['member_id']}:lifetime", limit=1).value


def _print_statement(page: Statement, member: dict[str, Any] | None, when: AsOf | None) -> None:
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
            **({} if when is None else {"as_of": _point(when)}),
        }
    )


def _as_of(frame: Frame, store: Store, at: str | None) -> AsOf:
    from api.cli.when import read_when
    from projections.books import queries

    if at is None:
        return queries.as_of(store.database, frame.ledger)
    when = read_when(at, zone_of(store, frame.ledger))
    return queries.as_of(store.database, frame.ledger, position=when.position, at=when.at)


def zone_of(store: Store, ledger: str) -> str:
    """The zone of the community's days; the usual one for a ledger that has not begun."""
    from projections.books import queries

    return queries.zone_of(store.database, ledger)


def _point(when: AsOf) -> dict[str, Any]:
    from api.cli.when import iso

    return {"position": when.position, "at": iso(when.at) if when.position else None}


def _warn_of_rebuild(frame: Frame, store: Store) -> None:
    from projections.books.queries import rebuilding

    at = rebuilding(store.database, frame.ledger)
    if at is not None:
        note(frame.say("said.being_rebuilt", position=at))
