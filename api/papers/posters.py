"""Posters with a code: for a shift's check-in, for a place where people ask, for the board of wishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from api.papers import qr
from api.papers.paper import Paper, words_of

PosterKind = Literal["shift", "place", "board"]
Size = Literal["a4", "a3"]


class Poster(msgspec.Struct, frozen=True, kw_only=True):
    """`title`: what it is about · `lines`: when, where, who is in charge · `address`: whole, behind the code."""

    kind: PosterKind
    title: str
    address: str
    lines: Sequence[str] = ()


def poster(given: Poster, *, community: str, lang: str = "zh", size: Size = "a4", made_at: int = 0) -> Paper:
    """One poster. The address stands under the code in letters too, for whoever has no camera at hand."""
    words = words_of("shared", lang) | words_of("poster", lang)
    parts = urlsplit(given.address)
    values = {
        "community": community, "words": words, "title": given.title, "lines": list(given.lines), "size": size,
        "heading": words[f"{given.kind}_heading"], "how": words[f"{given.kind}_how"],
        "letters": f"{parts.netloc}{parts.path}", "code": qr.svg(given.address),
    }  # fmt: skip
    return Paper(template="poster", values=values, lang=lang, made_at=made_at, name=f"poster-{given.kind}")
