"""A paper before it is printed: which template, with which values."""

from __future__ import annotations

from typing import Any

import msgspec

from api.papers import press
from api.papers.glyphs import missing, named
from api.texts import room


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """`made_at`: the moment in the file, microseconds UTC · `name`: what the file is called, without its ending."""

    template: str
    values: dict[str, Any]
    lang: str = "zh"
    made_at: int = 0
    name: str = "paper"

    @property
    def missing(self) -> list[str]:
        """The characters that the fonts lack."""
        return missing(self.values)

    @property
    def missing_points(self) -> str:
        """The same as code points, `U+20BB7`, for where they cannot be drawn either."""
        return named(self.missing)

    def pdf(self, *, by_hand: bool = False) -> bytes:
        """As PDF/A-2a; raises Refused `glyphs_missing` unless `by_hand`."""
        return press.pdf(self.template, self.values, lang=self.lang, made_at=self.made_at, by_hand=by_hand)

    def png(self, *, dots_per_inch: int = 144, by_hand: bool = False) -> bytes:
        """The first page as a picture; raises Refused `glyphs_missing` unless `by_hand`."""
        return press.png(
            self.template, self.values, lang=self.lang, dots_per_inch=dots_per_inch, by_hand=by_hand
        )  # fmt: skip


def words_of(template: str, lang: str) -> dict[str, str]:
    """The texts that a template prints as they are, by their short names: `papers.<template>.words.*`."""
    head = f"papers.{template}.words."
    return {key.removeprefix(head): told for key, told in room(lang, "papers").items() if key.startswith(head)}
