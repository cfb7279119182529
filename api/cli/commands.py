"""Every command by its name: what `nuanlin --help` lists, in its order."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

import typer

from api.cli import filling, giving, importing, keeping, listing, ranking, reading, serving, telling
from api.cli.frame import Frame, framed
from api.cli.output import say
from api.texts import text

_COMMANDS: dict[str, Callable[..., None]] = {
    "serve": serving.serve,
    "demo": filling.demo,
    "import": importing.import_file,
    "stats": reading.stats,
    "members": listing.members,
    "balances": reading.balances,
    "statement": reading.statement,
    "rankings": ranking.rankings,
    "transfer": giving.transfer,
    "events": telling.events,
}
_GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "ledger": {"list": giving.list_ledgers, "open": giving.open_ledger},
    "export": {"hledger": keeping.export_hledger},
    "projections": {"rebuild": keeping.projections_rebuild, "status": keeping.projections_status},
    "token": {"create": keeping.token_create, "list": keeping.token_list, "revoke": keeping.token_revoke},
    "db": {"upgrade": keeping.db_upgrade},
}


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        say(f"nuanlin {installed_version('nuanlin')}")
        raise typer.Exit


def _root(
    _frame: Frame,
    version: Annotated[
        bool, typer.Option("--version", help="cli.option.version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """The common options before the command; see `framed`."""


def _group(_frame: Frame) -> None:
    """A group does nothing but take the common options."""


@lru_cache(maxsize=2)
def command_line(lang: str) -> Any:
    """The whole command line, its help in one language: an object with typer's `main(arguments, …)`."""
    app = typer.Typer(name="nuanlin", help=text(lang, "cli.help.nuanlin"), pretty_exceptions_enable=False)
    app.callback()(framed(_root, lang))
    for name, run in _COMMANDS.items():
        app.command(name, help=text(lang, f"cli.help.{name}"))(framed(run, lang))
    for name, commands in _GROUPS.items():
        group = typer.Typer(name=name, help=text(lang, f"cli.help.{name}"), pretty_exceptions_enable=False)
        group.callback()(framed(_group, lang))
        for inner, run in commands.items():
            group.command(inner, help=text(lang, f"cli.help.{name}_{inner}"))(framed(run, lang))
        app.add_typer(group)
    return typer.main.get_command(app)
