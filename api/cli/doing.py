"""Every command and every read of the API by its name: `do`, `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.failures import Misused
from api.cli.frame import Frame
from api.cli.output import print_json, print_table, say, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = typer.Option("--token", envvar="NUANLIN_TOKEN", help="cli.option.as_token", metavar="TOKEN", show_envvar=False)
_FIELDS = typer.Argument(help="cli.option.fields", metavar="FIELD=VALUE…", show_default=False)


def do(
    frame: Frame,
    name: Annotated[
        str | None, typer.Argument(help="cli.option.named_command", metavar="COMMAND", show_default=False)
    ] = None,
    fields: Annotated[list[str] | None, _FIELDS] = None,
    token: Annotated[str | None, _TOKEN] = None,
    key: Annotated[str | None, typer.Option("--key", help="cli.option.command_key", metavar="KEY")] = None,
    about: Annotated[bool, typer.Option("--about", help="cli.option.about", show_default=False)] = False,
) -> None:
    """Give a command of the ledger, as the holder of a token or as whoever runs this machine."""
    from api import asking

    if name is None:
        _list_commands(frame)
        return
    write = asking.write_named(name)
    if about:
        _show_fields(frame, asking.fields_of(write))
        return
    given = asking.typed(write, _pairs(fields))
    from ledger.errors import NuanlinError

    with frame.store() as store:
        try:
            caller = asking.caller_with(store, frame.ledger, token)
            done = asking.do(store, frame.ledger, name, given, caller, key=key)
        except NuanlinError as error:
            if frame.as_json:
                print_json({"code": error.code, "details": {one: str(value) for one, value in error.details.items()}})
            raise
    if frame.as_json:
        import msgspec

        print_json(msgspec.to_builtins(done))
        return
    say(frame.say("said.done_before" if done.repeated else "said.done", position=done.position))
    for one, value in done.ids.items():
        say(f"{one} {value}")


def show(
    frame: Frame,
    name: Annotated[str | None, typer.Argument(help="cli.option.read", metavar="WHAT", show_default=False)] = None,
    fields: Annotated[list[str] | None, _FIELDS] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Show what the API would answer, to the holder of a token or to whoever runs this machine."""
    from api import asking

    if name is None:
        _list_reads(frame)
        return
    from ledger.errors import NuanlinError

    with frame.store() as store:
        try:
            caller = asking.caller_with(store, frame.ledger, token)
            store.catch_up(frame.ledger)
            found = asking.see(store, frame.ledger, name, dict(_pairs(fields)), caller, frame.lang)
        except NuanlinError as error:
            if frame.as_json:
                print_json({"code": error.code, "details": {one: str(value) for one, value in error.details.items()}})
            raise
    if frame.as_json:
        print_json(found)
        return
    _show(frame, found)


def _pairs(fields: list[str] | None) -> list[tuple[str, str]]:
    """`field=value` as typed; raises Misused `not_a_field`."""
    found = []
    for one in fields or ():
        head, sign, value = one.partition("=")
        if not sign or not head:
            raise Misused("not_a_field", given=visible(one[:40]))
        found.append((head, value))
    return found


def _list_commands(frame: Frame) -> None:
    from api.endpoints import WRITES
    from api.texts import text

    rows = [(write.command.NAME, text(frame.lang, f"api.commands.{write.command.NAME}")) for write in WRITES]
    if frame.as_json:
        print_json([{"command": name, "about": told} for name, told in rows])
        return
    print_table("", [frame.say("heading.command"), frame.say("heading.what")], rows, figures="=<")


def _list_reads(frame: Frame) -> None:
    from api.asking import reads_by_name
    from api.routes.writes import parameters
    from api.texts import text

    rows = [
        (name, " ".join(parameters(read.path)), text(frame.lang, f"api.reads.{name}"))
        for name, read in reads_by_name().items()
    ]
    if frame.as_json:
        print_json([{"read": name, "needs": needs, "about": told} for name, needs, told in rows])
        return
    headings = [frame.say(f"heading.{name}") for name in ("command", "needs", "what")]
    print_table("", headings, rows, figures="=<<")


def _show_fields(frame: Frame, fields: Mapping[str, tuple[Any, bool]]) -> None:
    from api.sampling.names import field_name

    rows = [
        (name, frame.say("said.needed") if needed else "", field_name(frame.lang, name), _kind(hint))
        for name, (hint, needed) in fields.items()
    ]
    if frame.as_json:
        print_json([{"field": name, "needed": bool(needed), "kind": kind} for name, needed, _, kind in rows])
        return
    print_table("", [frame.say(f"heading.{one}") for one in ("field", "needs", "what", "kind")], rows, figures="=<<<")


def _kind(hint: Any) -> str:
    """A type as people who type values need it: the words that may be given, or the name of the kind."""
    from typing import Literal, get_args, get_origin

    if get_origin(hint) is Literal:
        return " · ".join(map(str, get_args(hint)))
    inner = [_kind(one) for one in get_args(hint) if one is not type(None) and not hasattr(one, "max_length")]
    if hasattr(hint, "__metadata__"):
        return _kind(hint.__origin__)
    if get_origin(hint) is tuple:
        return f"[{inner[0]}]"
    if inner:
        return " | ".join(dict.fromkeys(inner))
    name = getattr(hint, "__struct_fields__", None)
    return "{" + ", ".join(name) + "}" if name else getattr(hint, "__name__", str(hint))


def _show(frame: Frame, found: Any) -> None:
    """What is said once as a small table, then every list; what lies deeper as it is."""
    from api.sampling.names import field_name

    whole: dict[str, Any] = found if isinstance(found, dict) else {"": found}
    lists = {name: part for name, part in whole.items() if isinstance(part, list)}
    plain = [(name, value) for name, value in whole.items() if name not in lists and value not in (None, "")]
    if plain:
        headings = [frame.say("heading.what"), frame.say("heading.figure")]
        print_table("", headings, [(field_name(frame.lang, name), _cell(value)) for name, value in plain])
    for name, rows in lists.items():
        if len(lists) > 1:
            say(field_name(frame.lang, name))
        if rows and isinstance(rows[0], dict):
            _show_rows(frame, rows[:_MOST_ROWS])
        else:
            say(", ".join(map(str, rows)) or frame.say("said.nothing"))
        if len(rows) > _MOST_ROWS:
            say(frame.say("said.more", shown=_MOST_ROWS, entries=len(rows)))


_MOST_ROWS = 200
"""More are asked for by `--json`, or page by page."""
_MOST_COLUMNS = 8


def _show_rows(frame: Frame, rows: list[dict[str, Any]]) -> None:
    """Rows side by side where they are narrow, else one under the other; what none of them has is left out."""
    from api.sampling.names import field_name

    names = [name for name in rows[0] if any(row[name] not in (None, "", False, [], {}) for row in rows)]
    if len(names) <= _MOST_COLUMNS:
        headings = [field_name(frame.lang, name) for name in names]
        print_table("", headings, [[_cell(row[name]) for name in names] for row in rows])
        return
    for row in rows:
        told = [(field_name(frame.lang, name), _cell(row[name])) for name in names if row[name] not in (None, "", [])]
        print_table("", ["", ""], told)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("number") or value.get("id") or _joined(value))
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    return str(value)


def _joined(value: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {_cell(one)}" for name, one in value.items() if one not in (None, "", []))
