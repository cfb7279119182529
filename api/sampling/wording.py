"""Hints in words: one sentence each, neutral, with the figures that explain it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api import formats
from api.sampling.telling import Teller
from ledger.audit.hints import Check, Figure, Hint, Option
from ledger.ids import looks_like_id

_THOUSANDTHS = "_thousandths"


class Words:
    """The sentences of hints, in the teller's language."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def what(self, hint: Hint) -> str:
        """What was found, in one sentence."""
        key = f"check.{hint.check}.what" + (f"_{hint.form}" if hint.form else "")
        return self._teller.say(key, **{name: self._figure(name, value, hint) for name, value in hint.figures.items()})

    def about(self, check: str, part: str) -> str:
        """A check's `title`, what it `looks` at, `because` of what, and what it `cannot` tell."""
        return self._teller.say(f"check.{check}.{part}")

    def _figure(self, name: str, value: Figure, hint: Hint) -> str:
        lang = self._teller.lang
        if isinstance(value, date):
            return formats.day(value, lang)
        if isinstance(value, int):
            if name.endswith("_fen"):
                return formats.yuan(value, lang)
            if name.endswith("_minutes"):
                return formats.hours(value, lang)
            if name.endswith(_THOUSANDTHS):
                return f"{value // 1_000:,}.{value % 1_000 // 10:02d}"
            return f"{value:,}"
        if name == "item" and "fund" in hint.figures:
            return self._teller.item(str(hint.figures["fund"]), value)
        if name == "others":
            return self._teller.say("line.list_mark").join(self._teller.who(one) for one in value.split(" "))
        parts = value.split(" / ")
        if len(parts) > 1:
            slug, item, *rest = parts
            return " / ".join((self._teller.who(slug), self._teller.item(slug, item), *rest))
        return self._teller.who(value)


def options_of(check: Check | type[Check]) -> list[tuple[str, str]]:
    """A check's options and their values as text: those of a run, or the defaults of its type."""
    options = check.options if isinstance(check, Check) else check.DEFAULTS
    return [(name, option_text(value)) for name, value in options.items()]


def option_text(value: Option) -> str:
    """A whole number, or several with commas between them, as `--set` takes it."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def ids_of(hint: Hint) -> Iterator[str]:
    """Everything in a hint's figures that has the shape of an id."""
    for value in hint.figures.values():
        if isinstance(value, str):
            yield from (one for part in value.split(" / ") for one in part.split(" ") if looks_like_id(one))
