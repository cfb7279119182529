"""Commands for whoever keeps the machine: `db upgrade`, `projections …`, `token …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Misused
from api.cli.frame import Frame
from api.cli.output import print_json, print_table, progress_bar, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.store import Store
    from api.tokens import Token


def db_upgrade(frame: Frame) -> None:
    """Bring the tables of the store and its vault to those of this version; every other command does so too."""
    with frame.store() as store:
        database = store.database.url.render_as_string(hide_password=True)
    if frame.as_json:
        print_json({"database": database, "ready": True})
    else:
        say(frame.say("said.ready", database=database))


def projections_rebuild(
    frame: Frame,
    every: Annotated[bool, typer.Option("--all", help="cli.option.all_ledgers", show_default=False)] = False,
    resume: Annotated[bool, typer.Option("--resume", help="cli.option.resume", show_default=False)] = False,
) -> None:
    """Write books and boards of the ledger again from its journal; they come out the same, row for row."""
    with frame.store() as store:
        from projections.rebuild import rebuild

        done: list[dict[str, Any]] = []
        for ledger in store.application.ledgers() if every else [frame.ledger]:
            with progress_bar(frame.say("said.rebuilding", ledger=ledger)) as progress:
                position = rebuild(store.database, store.codec.decode, ledger, progress=progress, resume=resume)
            done.append({"ledger": ledger, "position": position})
    if frame.as_json:
        print_json(done if every else done[0])
        return
    for one in done:
        say(frame.say("said.rebuilt", **one))


def projections_status(frame: Frame) -> None:
    """How far books and boards of every ledger have come."""
    with frame.store() as store:
        from projections.boards.queries import followed_to
        from projections.books.queries import as_of, rebuilding

        rows = []
        for ledger in store.application.ledgers():
            head = as_of(store.database, ledger).position
            under_way = rebuilding(store.database, ledger)
            books = head if under_way is None else under_way
            rows.append(
                {"ledger": ledger, "position": head, "books": books, "boards": followed_to(store.database, ledger)}
            )
    if frame.as_json:
        print_json(rows)
        return
    names = ("ledger", "position", "books", "boards")
    print_table(
        "", [frame.say(f"heading.{name}") for name in names], [list(row.values()) for row in rows], figures="<>>>"
    )


def token_create(
    frame: Frame,
    member: Annotated[str | None, typer.Option("--member", help="cli.option.member", metavar="WHO")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="cli.option.actor", metavar="ID")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="cli.option.role", metavar="ROLE")] = None,
    label: Annotated[str, typer.Option("--label", help="cli.option.label", metavar="TEXT")] = "",
    days: Annotated[int | None, typer.Option("--days", help="cli.option.days", min=1, metavar="N")] = None,
) -> None:
    """A token for the API; its secret is shown this once and stored nowhere."""
    if member is not None and actor is not None:
        raise Misused("member_or_actor")
    roles = _roles(role or [])
    with frame.store() as store:
        from api import tokens
        from api.cli.who import member_named

        if member is not None:
            actor = member_named(store, frame.ledger, member)["member_id"]
        secret, holder = tokens.create(store, frame.ledger, actor=actor, label=label, roles=roles, days=days)
    if frame.as_json:
        number = tokens.digest_of(secret)[: tokens.SHOWN_LETTERS]
        print_json({"token": secret, "number": number, "actor": holder, "roles": roles})
    else:
        say(frame.say("said.token", actor=holder))
        say(secret)


def _roles(given: list[str]) -> list[Any]:
    """The roles, if they all exist; raises Misused `no_such_role` with those there are."""
    from typing import get_args

    from ledger.parties.commands import RoleName

    known = get_args(RoleName)
    for name in given:
        if name not in known:
            raise Misused("no_such_role", role=name, known=", ".join(known))
    return given


def token_list(frame: Frame) -> None:
    """Every token of the ledger; never a secret."""
    with frame.store() as store:
        from api import tokens

        found = tokens.listed(store, frame.ledger)
        if not frame.as_json:
            _show_tokens(frame, store, found)
            return
        rows = [_token(one) for one in found]
    print_json(rows)


def _show_tokens(frame: Frame, store: Store, found: Sequence[Token]) -> None:
    """A table that fits a narrow terminal: days on the community's calendar, and only columns that say something."""
    from api.cli.reading import zone_of
    from api.cli.who import handles
    from ledger.clock import day_of

    zone = zone_of(store, frame.ledger)
    actors = handles(store, frame.ledger, [one.actor for one in found])
    columns: dict[str, list[str]] = {
        "number": [one.number for one in found],
        "actor": [actors[one.actor] for one in found],
        "label": [one.label for one in found],
    }
    for name in ("created_at", "expires_at", "revoked_at"):
        moments = [getattr(one, name) for one in found]
        columns[name] = ["" if at is None else day_of(at, zone).isoformat() for at in moments]
    kept = [name for name, cells in columns.items() if any(cells) or name in ("number", "actor", "created_at")]
    rows = list(zip(*(columns[name] for name in kept), strict=True))
    sides = "".join("<" if name == "label" else "=" for name in kept)
    print_table("", [frame.say(f"heading.{name}") for name in kept], rows, figures=sides)


def token_revoke(
    frame: Frame,
    number: Annotated[str, typer.Argument(help="cli.option.token", metavar="NUMBER", show_default=False)],
) -> None:
    """End a token, by its number in the list or by its secret."""
    with frame.store() as store:
        from api import tokens

        ended = _token(tokens.revoke(store, frame.ledger, number))
    if frame.as_json:
        print_json(ended)
    else:
        say(frame.say("said.revoked", number=ended["number"], actor=ended["actor"]))


def _token(one: Token) -> dict[str, Any]:
    from api.cli.when import iso

    moments = {name: getattr(one, name) for name in ("created_at", "expires_at", "revoked_at")}
    shown = {name: None if at is None else iso(at) for name, at in moments.items()}
    return {"number": one.number, "actor": one.actor, "label": one.label, **shown}
