"""What the street's people and things are called: plain English labels, or the invented cast of `words.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from ledger.parties.commands import PersonWords

_WORDS = Path(__file__).parent / "words.toml"


class Naming:
    """Gives names one after the other, without chance: a seed lives the same story under either set of names."""

    def __init__(self, *, named: bool) -> None:
        self._lists: dict[str, list[str]] = tomllib.loads(_WORDS.read_text("utf-8")) if named else {}
        self._given: Counter[str] = Counter()

    def name(self, kind: str, number: int, otherwise: str) -> str:
        """The name of the n-th thing of a kind, counted from 0; after one round the names carry a number."""
        known = self._lists.get(kind)
        if known is None:
            return otherwise
        rounds, place = divmod(number, len(known))
        return known[place] if not rounds else f"{known[place]} {rounds + 1}"

    def said(self, kind: str, otherwise: str) -> str:
        """What the next one of a kind says: titles, activities."""
        known = self._lists.get(kind)
        if known is None:
            return otherwise
        self._given[kind] += 1
        return known[self._given[kind] % len(known)]

    def person(self) -> PersonWords | None:
        """The words of the next person; None where people have no names."""
        if not self._lists:
            return None
        self._given["person"] += 1
        number = self._given["person"]
        surnames, titles = self._lists["surname"], self._lists["title"]
        name = surnames[number % len(surnames)] + titles[number // len(surnames) % len(titles)]
        return PersonWords(name=name, phone=f"1390000{number % 10_000:04}")
