"""The words of the product: whoever reads in one language reads as much in the other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tests.house.means import ROOT

LANGUAGES = ("zh", "en")


def entries(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Dotted key and text of every entry of a locale file."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from entries(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


@lru_cache(maxsize=2)
def words(language: str) -> dict[str, str]:
    """All texts of a language by their dotted keys."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "api" / "locale" / language).glob("*.toml")):
        found.update(entries(tomllib.loads(file.read_text(encoding="utf-8")), f"{file.stem.partition('_')[0]}."))
    return found


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = words("zh"), words("en")
    assert chinese
    assert sorted(chinese.keys() - english.keys()) == []
    assert sorted(english.keys() - chinese.keys()) == []


def test_every_refusal_has_its_words() -> None:
    raised = re.compile(
        r'(?:Refused|NotFound|Conflict|NotYours|NotSignedIn|TooMany|Unusable|UnknownFact|SheetError|CellError|MapError)\(\s*"([a-z0-9_]+)"'
    )
    codes = {
        code
        for folder in ("ledger", "projections", "api", "migrations")
        for file in (ROOT / folder).rglob("*.py")
        for code in raised.findall(file.read_text(encoding="utf-8"))
    }
    assert codes
    assert sorted(code for code in codes if f"errors.{code}" not in words("zh")) == []


def test_no_key_stands_in_two_parts_of_a_room() -> None:
    for language in LANGUAGES:
        files = sorted((ROOT / "api" / "locale" / language).glob("*.toml"))
        keys = [
            f"{file.stem.partition('_')[0]}.{key}"
            for file in files
            for key, _ in entries(tomllib.loads(file.read_text(encoding="utf-8")))
        ]
        assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_no_text_is_empty() -> None:
    assert [f"{language}: {key}" for language in LANGUAGES for key, text in words(language).items() if not text] == []


def test_a_text_has_the_same_blanks_in_both_languages() -> None:
    chinese, english = words("zh"), words("en")
    different = {
        key: (chinese[key], english[key])
        for key in chinese.keys() & english.keys()
        if blanks(chinese[key]) != blanks(english[key])
    }
    assert different == {}


def blanks(text: str) -> set[str]:
    """The names in braces that the program fills in; `{minutes:d}` and `{minutes}` are the same blank."""
    return set(re.findall(r"\{([a-z_][a-z0-9_.]*)[^{}]*\}", str(text)))
