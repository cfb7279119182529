"""The words for every reason a file, a map, a row or a cell is refused (`reasons.toml`), in Chinese and English."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def sentences(language: str) -> dict[str, str]:
    """Code and sentence; the sentence may hold names of details in braces."""
    told = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = told[language]
    return found


def explain(code: str, language: str = "zh", **details: object) -> str:
    """One plain sentence for the code, its details filled in; for a code of another room, the code and its details."""
    sentence = sentences(language).get(code)
    if sentence is None:
        figures = ", ".join(f"{name}={value}" for name, value in details.items())
        return f"{code} ({figures})" if figures else code
    return sentence.format_map(_Details(details))


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
