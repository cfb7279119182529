"""`nuanlin members`: who is registered, under which numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.frame import MOST, Frame
from api.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from api.store import Store


def members(
    frame: Frame,
    limit: Annotated[int, typer.Option("--limit", help="cli.option.limit", min=1, max=1_000_000, metavar="N")] = 50,
    after: Annotated[
        int | None, typer.Option("--after", help="cli.option.after_member", min=0, max=MOST, metavar="N")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="cli.option.clear", show_default=False)] = False,
) -> None:
    """The members in the order of registration, with numbers, name, team or unit, and minutes."""
    with frame.store() as store:
        from projections.books import queries

        behind = None if after is None else str(after)
        page = queries.members(store.database, frame.ledger, after=behind, limit=limit)
        rows = _rows(store, frame.ledger, page.rows, clear=clear)
    following = None if page.next is None else int(page.next)
    if frame.as_json:
        print_json({"members": rows, "next": following})
        return
    from api.formats import hours
    from api.people import erased_name

    names = ("short", "number", "name", "belongs", "usable", "lifetime")
    shown = [
        [
            *(row[name] for name in names[:2]),
            erased_name(frame.lang) if row["erased"] else row["name"],
            row["belongs"],
            hours(row["usable"], frame.lang),
            hours(row["lifetime"], frame.lang),
        ]
        for row in rows
    ]
    print_table("", [frame.say(f"heading.{name}") for name in names], shown, figures="==<<>>")
    if following is not None:
        say(frame.say("said.members_follow", shown=len(rows), after=following))


def _rows(store: Store, ledger: str, found: list[dict[str, Any]], *, clear: bool) -> list[dict[str, Any]]:
    from api.people import People
    from ledger.accounts import usable
    from projections.books import queries
    from projections.books.tables import accounts
    from projections.reading import many

    names = People(store, ledger).names({row["member_id"]: row["words"] for row in found}, clear=clear)
    groups = queries.names_of(store.database, ledger, {row["team"] or row["unit"] or "" for row in found} - {""})
    held = many(store.database, accounts, ledger, "account", [usable(row["member_id"]) for row in found])
    balances = {row["account"]: row["balance"] for row in held}
    return [
        {
            "id": row["member_id"],
            "number": row["number"],
            "short": queries.short_number(row),
            "name": names.get(row["member_id"], ""),
            "team": row["team"],
            "unit": row["unit"],
            "belongs": groups.get(row["team"] or row["unit"] or "", ""),
            "usable": balances.get(usable(row["member_id"]), 0),
            "lifetime": row["earned_minutes"],
            "departed": bool(row["departed"]),
            "erased": bool(row["erased"]),
        }
        for row in found
    ]
