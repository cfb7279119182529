"""`nuanlin`: the entry point. Whatever happens, people read one sentence and scripts get an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import typer

from api.cli.failures import INTERRUPTED, UNREAD, USAGE, sentence
from api.cli.frame import Frame, language_from
from api.cli.output import visible

_YES = {"1", "true", "yes", "on"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code (see `failures`). `arguments` are those behind the program's name."""
    from api.cli.commands import command_line

    given = list(sys.argv[1:] if arguments is None else arguments)
    frame = Frame(language_from(os.environ), debug=os.environ.get("NUANLIN_DEBUG", "").lower() in _YES)
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding cannot show is no reason to fail.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        commands = command_line(frame.lang, given)
        code = commands.main(given or ["--help"], prog_name="nuanlin", standalone_mode=False, obj=frame)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except SystemExit as end:
        # The library turns a broken pipe into an exit; a stopped server exits by itself.
        return _unread() if isinstance(end.__context__, BrokenPipeError) else int(end.code or 0)
    except BrokenPipeError:
        return _unread()
    except Exception as error:  # noqa: BLE001 - the last resort: a person must not meet a traceback
        return _report(error, frame)
    if not given:
        return USAGE
    return code if isinstance(code, int) else 0


def _report(error: Exception, frame: Frame) -> int:
    if frame.debug:
        traceback.print_exception(error, file=sys.stderr)
    told, code = sentence(error, frame.lang)
    # What is told may come from others: a name in a file must not move the cursor.
    sys.stderr.write(f"nuanlin: {visible(told)}\n")
    return code


def _unread() -> int:
    """Whoever read our output has gone: what is still in the buffers goes nowhere, without a complaint at the exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD
