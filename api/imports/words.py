"""The words of cells and headings (`words.toml`), ready for the parsers: folded, longest first, parts of patterns."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def folded(word: str) -> str:
    """A word as it is compared: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


def under(*path: str) -> Any:
    """What stands in the table under these names, as TOML gives it."""
    found: Any = _table()
    for name in path:
        found = found[name]
    return found


def words(*path: str) -> tuple[str, ...]:
    """The list of words under these names, folded, the longest first so that a pattern takes the longest."""
    return tuple(sorted({folded(word) for word in under(*path)}, key=lambda word: (-len(word), word)))


def any_of(*path: str) -> str:
    """A part of a pattern that matches one of the words under these names."""
    return one_of(words(*path))


def one_of(choices: Iterable[str]) -> str:
    """A part of a pattern that matches one of these words."""
    return "(?:" + "|".join(re.escape(word) for word in choices) + ")"


def table(*path: str) -> dict[str, Any]:
    """A table of word and value, its words folded."""
    return {folded(word): value for word, value in under(*path).items()}
