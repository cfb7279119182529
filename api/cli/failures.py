"""From an exception to one plain sentence for people and an exit code for scripts.

0 done · 1 refused or failed · 2 used wrongly · 130 interrupted · 141 nobody reads the answer any more.
"""

from __future__ import annotations

import re

import typer

from api.texts import known, text

FAILED, USAGE, INTERRUPTED, UNREAD = 1, 2, 130, 141

_NO_SUCH_COMMAND = re.compile(r"No such command '(.*?)'\.", re.DOTALL)
"""The library's own words; the command is told nowhere else."""

_DATABASE_DRIVERS = {"sqlite3", "psycopg", "sqlalchemy"}
_OUT_OF_REACH = {"OperationalError", "DatabaseError"}
"""How the drivers call trouble with the database itself; their other errors are mistakes of ours."""


class Stop(Exception):
    """The command cannot be done, for a reason of the command line itself: the text `cli.errors.<code>`."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class Misused(Exception):
    """The options do not go together: the text `cli.usage.<code>`, exit code 2."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def sentence(error: BaseException, lang: str) -> tuple[str, int]:
    """What to say about an exception, in one sentence, and with which code to end."""
    if isinstance(error, Stop):
        return text(lang, f"cli.errors.{error.code}", **error.details), FAILED
    if isinstance(error, Misused):
        return text(lang, f"cli.usage.{error.code}", **error.details), USAGE
    if isinstance(error, typer.TyperException):
        return _usage(error, lang), USAGE
    return _failure(error, lang), FAILED


def _usage(error: typer.TyperException, lang: str) -> str:
    """The library's usage errors, which it words in English, in ours."""
    commands = getattr(getattr(getattr(error, "ctx", None), "command", None), "commands", None)
    if commands and type(error).__name__ == "UsageError":
        unknown = _NO_SUCH_COMMAND.match(error.format_message())
        if unknown:
            return text(lang, "cli.usage.no_such_command", name=unknown[1], names=", ".join(commands))
        return text(lang, "cli.usage.command", names=", ".join(commands))
    parameter = getattr(error, "param", None)
    name = getattr(error, "option_name", "")
    if parameter is not None:
        name = parameter.get_error_hint().strip("'")
    key = f"cli.usage.{type(error).__name__}"
    if name and known(lang, key):
        return text(lang, key, name=name)
    return text(lang, "cli.usage.other", reason=error.format_message().strip().replace("\n", " "))


def _failure(error: BaseException, lang: str) -> str:
    from api import formats
    from ledger.errors import NuanlinError, Unusable

    if isinstance(error, NuanlinError):
        return formats.error(error, lang)
    if _is_out_of_reach(error):
        return formats.error(Unusable("store_unreachable", reason=type(error).__name__), lang)
    if isinstance(error, OSError) and error.strerror:
        return text(lang, "cli.errors.system", reason=error.strerror, file=error.filename or "")
    return text(lang, "cli.errors.unexpected", kind=type(error).__name__)


def _is_out_of_reach(error: BaseException) -> bool:
    kinds = type(error).__mro__
    if kinds[0].__module__.partition(".")[0] not in _DATABASE_DRIVERS:
        return False
    return kinds[0].__name__ in _OUT_OF_REACH or any(kind.__name__ == "OperationalError" for kind in kinds)
