"""Every command by its name: what `nuanlin --help` lists, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import Annotated, Any

import typer

from api.cli.frame import Frame, framed
from api.cli.output import say
from api.texts import text

_COMMANDS: dict[str, str] = {
    "serve": "serving.serve",
    "demo": "filling.demo",
    "simulate": "simulating.simulate",
    "import": "importing.import_file",
    "stats": "reading.stats",
    "members": "listing.members",
    "balances": "reading.balances",
    "statement": "reading.statement",
    "rankings": "ranking.rankings",
    "transfer": "giving.transfer",
    "events": "telling.events",
    "correct-details": "correcting.correct_details",
    "forget": "forgetting.forget",
    "own-data": "forgetting.own_data",
    "event": "opening.event",
    "why": "opening.why",
    "request": "earlier.request",
    "fund": "earlier.fund",
    "diff": "earlier.diff",
    "sign-in-link": "linking.sign_in_link",
    "backup": "backing_up.backup",
    "carry": "carrying.carry",
    "do": "doing.do",
    "show": "doing.show",
}
"""Commands by name: the module of this package and the function in it."""

_GROUPS: dict[str, dict[str, str]] = {
    "ledger": {"list": "giving.list_ledgers", "open": "giving.open_ledger"},
    "export": {
        "hledger": "exporting.export_hledger",
        "beancount": "exporting.export_beancount",
        "csv": "exporting.export_csv",
        "xlsx": "exporting.export_xlsx",
        "parquet": "exporting.export_parquet",
    },
    "audit": {
        "bundle": "auditing.audit_bundle",
        "verify": "verifying.audit_verify",
        "sample": "sampling.audit_sample",
        "findings": "sampling.audit_findings",
    },
    "seal": {
        "now": "sealing.seal_now",
        "status": "sealing.seal_status",
        "key": "sealing.seal_key",
        "checkpoint": "sealing.seal_checkpoint",
        "proof": "sealing.seal_proof",
        "receipt": "sealing.seal_receipt",
        "check": "checking.seal_check",
        "push": "pushing.seal_push",
        "request": "pushing.seal_request",
        "accept": "pushing.seal_accept",
    },
    "witness": {
        "key": "witnessing.key",
        "trust": "witnessing.trust",
        "serve": "witnessing.serve",
        "sign": "witnessing.sign",
        "watch": "witnessing.watch",
        "status": "witnessing.status",
        "latest": "witnessing.latest",
        "evidence": "witnessing.evidence",
        "compare": "witnessing.compare",
    },
    "vault": {
        "status": "vaulting.vault_status",
        "sweep": "vaulting.vault_sweep",
        "rekey": "vaulting.vault_rekey",
    },
    "projections": {"rebuild": "keeping.projections_rebuild", "status": "keeping.projections_status"},
    "token": {"create": "keeping.token_create", "list": "keeping.token_list", "revoke": "keeping.token_revoke"},
    "db": {"upgrade": "keeping.db_upgrade"},
}
_NAMES = frozenset(_COMMANDS) | frozenset(_GROUPS) | frozenset(name for group in _GROUPS.values() for name in group)


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


def command_line(lang: str, arguments: Iterable[str] | None = None) -> Any:
    """The whole command line, its help in one language: an object with typer's `main(arguments, …)`.

    With `arguments` only the commands whose names are among them are whole; of the others there is what lists them. A
    start then costs what one command costs, however many there are.
    """
    return _built(lang, None if arguments is None else _NAMES.intersection(arguments))


@lru_cache(maxsize=256)
def _built(lang: str, wanted: frozenset[str] | None) -> Any:
    app = typer.Typer(name="nuanlin", help=text(lang, "cli.help.nuanlin"), pretty_exceptions_enable=False)
    app.callback()(framed(_root, lang))
    for name, where in _COMMANDS.items():
        app.command(name, help=text(lang, f"cli.help.{name}"))(_run(lang, name, where, wanted))
    for name, commands in _GROUPS.items():
        group = typer.Typer(name=name, help=text(lang, f"cli.help.{name}"), pretty_exceptions_enable=False)
        group.callback()(_run(lang, name, "", wanted))
        for inner, where in commands.items() if wanted is None or name in wanted else ():
            group.command(inner, help=text(lang, f"cli.help.{name}_{inner}"))(_run(lang, inner, where, wanted))
        app.add_typer(group)
    return typer.main.get_command(app)


def _run(lang: str, name: str, where: str, wanted: frozenset[str] | None) -> Callable[..., None]:
    """What a command or a group (`where` is "") does; a stand-in for one that was not asked for."""
    if wanted is not None and name not in wanted:
        return lambda: None
    if not where:
        return framed(_group, lang)
    module, _, function = where.partition(".")
    return framed(getattr(import_module(f"api.cli.{module}"), function), lang)
