"""What every command shares: `--db`, `--ledger` and `--json` before or behind it, the language, the open store.

A command is a plain function whose first parameter is the `Frame`; `framed` adds the common options to the others and
fills the help texts in, which are keys of the locale room `cli`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args, get_origin

import typer

from api.cli.failures import Stop
from api.cli.output import log_to_standard_error
from api.texts import DEFAULT_LANGUAGE, LANGUAGES, language_of, text

if TYPE_CHECKING:
    from api.settings import Settings
    from api.store import Store

MOST = 10**15
"""The largest number an option may hold: no position and no count comes near it, and every database can hold it."""

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LANGUAGE_VARIABLES = ("NUANLIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language_from(environment: Mapping[str, str]) -> str:
    """The language the surroundings ask for: the first variable that names one of ours; Chinese without one."""
    for name in _LANGUAGE_VARIABLES:
        wanted = environment.get(name, "")
        if wanted[:2].lower() in LANGUAGES and not wanted[2:3].isalpha():
            return language_of(wanted)
    return DEFAULT_LANGUAGE


class Frame:
    """One run of the command line: what the common options and the environment said."""

    def __init__(self, lang: str, *, debug: bool = False) -> None:
        self.lang, self.debug = lang, debug
        self.as_json = False
        self._db: str | None = None
        self._ledger: str | None = None

    def take(self, db: str | None, ledger: str | None, as_json: bool | None, debug: bool | None) -> None:
        """Note options; those given later, behind the command, win."""
        self._db = self._db if db is None else db
        self._ledger = self._ledger if ledger is None else ledger
        self.as_json = self.as_json or bool(as_json)
        self.debug = self.debug or bool(debug)

    def say(self, key: str, /, **figures: object) -> str:
        """A text of the room `cli` in the language of this run."""
        return text(self.lang, f"cli.{key}", **figures)

    @property
    def settings(self) -> Settings:
        """The environment's settings under the options. Raises Stop where the environment holds nonsense."""
        from pydantic import ValidationError

        from api.settings import Settings

        given = {"database_url": self._db, "ledger": self._ledger}
        try:
            return Settings().model_copy(update={name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            names = ", ".join("NUANLIN_" + str(one["loc"][-1]).upper() for one in error.errors())
            raise Stop("bad_environment", names=names) from None

    @property
    def ledger(self) -> str:
        """The slug of the ledger this run is about. Raises Stop `bad_slug`."""
        slug = self.settings.ledger
        if _SLUG.fullmatch(slug) is None:
            raise Stop("bad_slug", slug=slug)
        return slug

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The open store, made ready if it is new."""
        from api.store import Store

        log_to_standard_error()
        with Store.open(self.settings) as store:
            yield store


def _common(
    context: typer.Context,
    db_: Annotated[str | None, typer.Option("--db", help="cli.option.db", metavar="PATH|URL")] = None,
    ledger_: Annotated[str | None, typer.Option("--ledger", help="cli.option.ledger", metavar="SLUG")] = None,
    json_: Annotated[bool | None, typer.Option("--json", help="cli.option.json", show_default=False)] = None,
    debug_: Annotated[bool | None, typer.Option("--debug", help="cli.option.debug", show_default=False)] = None,
) -> None:
    context.obj.take(db_, ledger_, json_, debug_)


def framed(run: Callable[..., None], lang: str) -> Callable[..., None]:
    """The command `run` for typer: with the common options beside its own, its help texts in `lang`."""
    own = list(inspect.signature(run, eval_str=True).parameters.values())[1:]
    common = list(inspect.signature(_common, eval_str=True).parameters.values())
    panel = text(lang, "cli.panel.common")

    def call(**given: Any) -> None:
        shared = {parameter.name: given.pop(parameter.name) for parameter in common}
        _common(**shared)
        run(shared["context"].obj, **given)

    parameters = [_keyword(parameter, lang) for parameter in own]
    parameters += [_keyword(parameter, lang, panel) for parameter in common]
    cast(Any, call).__signature__ = inspect.Signature(parameters)
    return call


def _keyword(parameter: inspect.Parameter, lang: str, panel: str | None = None) -> inspect.Parameter:
    """The parameter by keyword only, its help text translated and in its panel."""
    annotation = parameter.annotation
    if get_origin(annotation) is Annotated:
        kind, told = get_args(annotation)
        told = copy(told)
        told.help = text(lang, told.help)
        if panel is not None:
            told.rich_help_panel = panel
        annotation = Annotated[kind, told]
    return parameter.replace(annotation=annotation, kind=inspect.Parameter.KEYWORD_ONLY)
