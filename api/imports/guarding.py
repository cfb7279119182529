"""Making cells of a CSV inert, so that no spreadsheet takes them for formulas, and making them themselves again."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED: Final = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def inert(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet might run; a plain negative number stays one."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """What `inert` was given."""
    return text[1:] if _GUARDED.match(text) else text
